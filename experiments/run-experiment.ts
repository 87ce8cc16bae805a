/**
 * Runs one experiment on several chips and seeds and gathers everything into one document. Plans are built here, where chips are known; runs are
 * spread over worker threads; each finished run is stored at once. Seeds of a run are seed, seed+1, …: every chip sees the same seeds, the same data
 * and the same order, so differences are paired.
 */
import type { ChipBackend } from '../core/chip-contract.ts';
import type { UserError } from '../core/errors.ts';
import { digitalReference } from './cost-to-learn.ts';
import type { RunRecord } from './execute-runs.ts';
import { executeRuns } from './execute-runs.ts';
import type { RunsKept } from './interrupt.ts';
import { interruption } from './interrupt.ts';
import type { LiveDesk } from './live/live-desk.ts';
import type { RunOutcome } from './outcome.ts';
import type { RunSetting, Work } from './plan-runs.ts';
import { deviceSets, planOf, prepareRun, settingsOf } from './plan-runs.ts';
import type { ResultDocument } from './result.ts';
import { documentHead } from './result-document.ts';
import type { RunProgress } from './run-board.ts';
import { openRunStore } from './run-store.ts';
import { summarise } from './summarise.ts';

export interface ExperimentRun extends Work {
  readonly chips: readonly ChipBackend[];
  readonly seed: number;
  readonly seeds: number;
  /** Sets of devices per seed, for chips that have devices; 1 unless given. */
  readonly devices?: number;
  readonly threads: number;
  /** Folder for finished runs; absent to keep nothing. */
  readonly runsDirectory?: string;
  /** Take finished runs from the folder instead of running them again. */
  readonly resume: boolean;
  /** How often a run is begun whose thread dies or hangs; once unless given. */
  readonly attempts?: number;
  /** The command that repeats this run. */
  readonly command: string;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told how each run came to its outcome. */
  readonly onRun?: (record: RunRecord) => void;
  /** Told what a person should hear. */
  readonly onNote?: (note: string) => void;
  /** Where runs show what is going on, for who wants to watch. */
  readonly live?: LiveDesk;
  /** Runs under way are asked to keep how far they are, and stop. */
  readonly signal?: AbortSignal;
}

export async function runExperiment(run: ExperimentRun): Promise<ResultDocument> {
  const started = performance.now();
  if (!(await prepareRun(run, () => run.signal?.aborted === true)))
    throw interrupted(run, { finished: 0, under: 0, total: run.chips.length * run.seeds });
  // one plan per chip at once: a chip that the experiment does not fit is found before anything runs
  const plans = run.chips.map((chip) => planOf({ ...run, chip, deviceSet: 0 }));
  const settings = run.chips.map((chip) => settingsOf(workOf(run), chip, run));
  const outcomes: RunOutcome[] = [];
  await executeSettings(run, settings.flat(), (n, outcome) => {
    outcomes[n] = outcome;
  });
  const results = run.chips.map((chip, n) => {
    const first = settings.slice(0, n).flat().length;
    const mine = outcomes.slice(first, first + settings[n].length);
    return summarise(run.experiment, chip, plans[n], mine, deviceSets(chip, run.devices), run.seed);
  });
  const digital = digitalReference(run.experiment);
  return {
    ...documentHead(run, run),
    verb: 'run',
    configuration: {
      task: run.experiment.task,
      network: run.experiment.network,
      rule: run.rule,
      chips: Object.fromEntries(run.chips.map(({ profile }) => [profile.name, profile.parameters])),
    },
    results,
    ...(digital && { digital }),
    wallSeconds: (performance.now() - started) / 1000,
  };
}

const workOf = ({ experiment, rule, data, why, diagnosedSamples }: Work): Work => ({
  experiment,
  rule,
  ...(data && { data }),
  ...(why && { why }),
  ...(diagnosedSamples === undefined ? {} : { diagnosedSamples }),
});

/** Runs settings of an experiment with its threads, its folder, and those who look on. */
export async function executeSettings(
  run: ExperimentRun,
  settings: readonly RunSetting[],
  onOutcome: (n: number, outcome: RunOutcome) => void,
): Promise<void> {
  const { threads, resume, attempts, runsDirectory, onProgress, onRun, onNote, live, signal } = run;
  const store = runsDirectory === undefined ? undefined : await openRunStore(runsDirectory);
  await executeRuns(
    settings.map((setting) => ({ setting })),
    {
      threads,
      resume,
      ...(attempts && { attempts }),
      ...(store && { store }),
      ...(onProgress && { onProgress }),
      ...(onRun && { onRun }),
      ...(onNote && { onNote }),
      ...(live && { live }),
      ...(signal && { signal }),
      onOutcome,
      interruption: (kept) => interrupted(run, kept),
    },
  );
}

const interrupted = ({ runsDirectory, command }: ExperimentRun, kept: RunsKept): UserError =>
  interruption(runsDirectory, command.includes('--resume') ? command : `${command} --resume`, kept);
