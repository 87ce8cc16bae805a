/**
 * The plan of a sweep: everything that its runs are made from, as plain data, so that any machine with the same version can execute any part of it.
 * Only images of a folder are not inside; they are known by their hashes. A setting is one experiment on one chip; a run is a setting with a seed and
 * a set of devices, known by the hash of what it computes, so two settings that come to the same are one run.
 */
import type { ChipBackend } from '../../core/chip-contract.ts';
import type { ExitCode, Problem } from '../../core/errors.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import type { DeviceFiles } from '../chips.ts';
import { chipNamed, deviceFileOf, readDeviceFile } from '../chips.ts';
import { loadData } from '../data/load-data.ts';
import type { Experiment } from '../experiment.ts';
import { readsImages } from '../experiment.ts';
import type { RunSetting, Work } from '../plan-runs.ts';
import { planRun, settingsOf } from '../plan-runs.ts';
import type { RunProgress } from '../run-board.ts';
import { VERSION } from '../version.ts';
import type { Axis, Values } from './axes.ts';

/** Images of an experiment: generated from a seed, or the first of a folder. */
export interface SweepImages {
  readonly seed: number;
  readonly train: number;
  readonly test: number;
  readonly folder?: string;
  /** Hashes of the images that are used. */
  readonly sha256: { readonly train: string; readonly test: string };
}

export interface SweepExperiment {
  readonly experiment: Experiment;
  readonly rule: PlasticityRule;
  readonly images?: SweepImages;
}

export interface SweepSetting {
  /** Index into the experiments. */
  readonly experiment: number;
  readonly chip: string;
  /** What varies, by axis. */
  readonly values: Values;
}

export interface SweepRun {
  readonly key: string;
  /** Index into the settings. */
  readonly setting: number;
  readonly seed: number;
  readonly deviceSet: number;
}

/** A run that cannot be made: its chip does not take it. */
export interface RefusedRun extends Omit<SweepRun, 'key'> {
  readonly problems: readonly Problem[];
  readonly exitCode: ExitCode;
}

export interface SweepPlan {
  readonly tool: 'hillock';
  readonly document: 'sweep plan';
  readonly schema: 1;
  readonly version: string;
  /** The command that made it. */
  readonly command: string;
  readonly axes: readonly Axis[];
  readonly seed: number;
  readonly seeds: number;
  readonly devices: number;
  readonly experiments: readonly SweepExperiment[];
  /** Figures of devices that chips take from files, by path. */
  readonly deviceFiles: Readonly<Record<string, ReturnType<DeviceFiles>>>;
  readonly settings: readonly SweepSetting[];
  readonly runs: readonly SweepRun[];
  readonly refused: readonly RefusedRun[];
}

/** Most runs of one sweep: their list has to be held and written. */
const MOST_RUNS = 1_000_000;

export interface SweepRequest {
  readonly command: string;
  readonly axes: readonly Axis[];
  readonly seed: number;
  readonly seeds: number;
  readonly devices: number;
  readonly experiments: readonly (Work & { readonly folder?: string })[];
  readonly settings: readonly SweepSetting[];
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
}

/** Plans every run once, so that what cannot run is known before a cluster is booked. */
export async function planSweep(request: SweepRequest): Promise<SweepPlan> {
  const { command, axes, seed, seeds, devices, experiments, settings, onProgress, signal } = request;
  const most = settings.length * seeds * devices;
  if (most > MOST_RUNS) {
    throw new UserError({ code: 'E-RANGE', message: `the sweep has ${most} runs; at most ${MOST_RUNS} are allowed`, got: String(most) });
  }
  const files = [...new Set(settings.flatMap(({ chip }) => deviceFileOf(chip) ?? []))];
  const plan = {
    tool: 'hillock',
    document: 'sweep plan',
    schema: 1,
    version: VERSION,
    command,
    axes,
    seed,
    seeds,
    devices,
    experiments: experiments.map((work) => described(work, seed)),
    deviceFiles: Object.fromEntries(files.map((path) => [path, readDeviceFile(path)])),
    settings,
  } as const;
  const runs: SweepRun[] = [];
  const refused: RefusedRun[] = [];
  for (const [index, { experiment, chip: name }] of settings.entries()) {
    // lets an interrupt through
    await nextTurn();
    if (signal?.aborted) throw new UserError({ code: 'E-INTERRUPTED', message: 'interrupted; nothing was written' }, EXIT.interrupted);
    for (const setting of settingsOf(experiments[experiment], chipOf(plan, name), { seed, seeds, devices })) {
      const run = { setting: index, seed: setting.seed, deviceSet: setting.deviceSet };
      try {
        runs.push({ key: planRun(setting).key, ...run });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        refused.push({ ...run, problems: error.problems, exitCode: error.exitCode });
      }
    }
    const done = runs.length + refused.length;
    onProgress?.({ chip: name, seed, done: index + 1, total: settings.length, runsDone: done, runs: most });
  }
  return { ...plan, runs, refused };
}

/** A chip of the plan, with the device files of the plan. */
export const chipOf = ({ deviceFiles }: Pick<SweepPlan, 'deviceFiles'>, name: string): ChipBackend =>
  chipNamed(name, (path) => deviceFiles[path]);

function described({ experiment, rule, data, folder }: SweepRequest['experiments'][number], seed: number): SweepExperiment {
  const { task } = experiment;
  if (data === undefined || !readsImages(task)) return { experiment, rule };
  const { train, test } = data.inputs;
  const images = { seed, train: task.trainImages, test: task.testImages, sha256: { train: train.sha256, test: test.sha256 } };
  return { experiment, rule, images: { ...images, ...(folder === undefined ? {} : { folder }) } };
}

/** What a machine needs of images: none, to look at results; or those of the plan, wherever their folder lies here. */
export type ImagesHere = 'none' | { readonly folder?: string };

/** Makes the runs of a plan ready to be executed or looked at here. Chips and images are made once. */
export function openPlan(plan: SweepPlan, images: ImagesHere): { settingOf(run: Omit<SweepRun, 'key'>): RunSetting } {
  const chips = new Map<string, ChipBackend>();
  const works = new Map<number, Work>();
  return {
    settingOf: ({ setting, seed, deviceSet }) => {
      const { experiment, chip: name } = plan.settings[setting];
      const work = works.get(experiment) ?? workOf(plan.experiments[experiment], images);
      const chip = chips.get(name) ?? chipOf(plan, name);
      works.set(experiment, work);
      chips.set(name, chip);
      return { ...work, chip, seed, deviceSet };
    },
  };
}

export function workOf({ experiment, rule, images }: SweepExperiment, here: ImagesHere): Work {
  if (images === undefined || here === 'none') return { experiment, rule };
  const { seed, train, test, sha256 } = images;
  const folder = images.folder === undefined ? undefined : (here.folder ?? images.folder);
  const data = loadData({ seed, train, test, ...(folder === undefined ? {} : { data: folder }) });
  if (data.inputs.train.sha256 === sha256.train && data.inputs.test.sha256 === sha256.test) return { experiment, rule, data };
  throw new UserError({
    code: 'E-DATA',
    message: `the images of ${folder ?? experiment.name} are not those that the sweep was planned with`,
    hint: 'name their folder on this machine with --data <folder>',
  });
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
