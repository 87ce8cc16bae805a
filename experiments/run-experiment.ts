/**
 * Runs one experiment on several chips and seeds. Plans are built here, where chips are known; runs are spread over worker threads; each
 * finished run is stored at once; at the end everything is gathered into one document. Seeds of a run are seed, seed+1, …: every chip sees
 * the same seeds, the same data and the same order, so differences are paired.
 */
import type { ChipBackend } from '../core/chip-contract.ts';
import type { Problem } from '../core/errors.ts';
import { EXIT, UserError } from '../core/errors.ts';
import type { Network } from '../core/network/network.ts';
import { readNetwork } from '../core/network/read-network.ts';
import { buildPlan } from '../core/plan/build-plan.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { createPool } from '../workers/pool.ts';
import { PROGRESS_LENGTH } from '../workers/signs-of-life.ts';
import { digitalReference } from './cost-to-learn.ts';
import type { LoadedData } from './data/load-data.ts';
import type { Experiment, Task } from './experiment.ts';
import type { RunOutcome } from './outcome.ts';
import type { ResultDocument } from './result.ts';
import type { RunStore } from './run-store.ts';
import { contentHash, openRunStore } from './run-store.ts';
import type { RunReply, RunRequest } from './run-worker.ts';
import { summarise } from './summarise.ts';
import { VERSION } from './version.ts';

export interface ExperimentRun {
  readonly experiment: Experiment;
  readonly rule: PlasticityRule;
  readonly chips: readonly ChipBackend[];
  readonly seed: number;
  readonly seeds: number;
  /** Sets of devices per seed, for chips that have devices; 1 unless given. */
  readonly devices?: number;
  readonly threads: number;
  readonly data?: LoadedData;
  /** Folder for finished runs; absent to keep nothing. */
  readonly runsDirectory?: string;
  /** Take finished runs from the folder instead of running them again. */
  readonly resume: boolean;
  /** The command that repeats this run. */
  readonly command: string;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
}

export interface RunProgress {
  readonly chip: string;
  readonly seed: number;
  /** Units of the task: images, trials. */
  readonly done: number;
  readonly total: number;
  /** Runs that have ended, of all. */
  readonly runsDone: number;
  readonly runs: number;
}

/** One chip, one seed and one set of devices, ready to run. */
interface PlannedRun {
  readonly chip: ChipBackend;
  readonly deviceSet: number;
  readonly plan: Plan;
  readonly seed: number;
  readonly key: string;
  readonly progress: Int32Array;
}

/** How often workers are asked how far they are, in milliseconds. */
const PROGRESS_PERIOD = 200;

export async function runExperiment(run: ExperimentRun): Promise<ResultDocument> {
  const started = performance.now();
  const runs = planRuns(run);
  const store = run.runsDirectory === undefined ? undefined : await openRunStore(run.runsDirectory);
  const outcomes = await executeRuns(run, runs, store);
  const results = run.chips.map((chip) => {
    const mine = runs.map((planned, n) => ({ planned, outcome: outcomes[n] })).filter(({ planned }) => planned.chip === chip);
    return summarise(
      run.experiment,
      chip,
      mine[0].planned.plan,
      mine.map(({ outcome }) => outcome),
      deviceSets(chip, run),
    );
  });
  const digital = digitalReference(run.experiment);
  return {
    tool: 'hillock',
    version: VERSION,
    schema: 1,
    verb: 'run',
    ok: true,
    scenario: run.experiment.name,
    title: run.experiment.title,
    summary: run.experiment.summary,
    rule: { name: run.rule.name, ...(run.rule.citation === undefined ? {} : { citation: run.rule.citation }), text: ruleText(run.rule) },
    seed: run.seed,
    seeds: run.seeds,
    ...(run.devices === undefined ? {} : { devices: run.devices }),
    inputs: {
      experiment: { sha256: contentHash({ ...run.experiment, rule: run.rule }), what: 'network, task and rule' },
      ...run.data?.inputs,
    },
    command: run.command,
    configuration: {
      task: run.experiment.task,
      network: run.experiment.network,
      rule: run.rule,
      chips: Object.fromEntries(run.chips.map(({ profile }) => [profile.name, profile.parameters])),
    },
    results,
    ...(digital === undefined ? {} : { digital }),
    warnings: [],
    wallSeconds: (performance.now() - started) / 1000,
  };
}

/** The network of an experiment with the rule on its plastic projection; problems name the fields of `path`. */
export function networkOf(experiment: Experiment, rule: PlasticityRule, seed: number): Network {
  const problems: Problem[] = [];
  const network = readNetwork({ ...experiment.network, seed }, 'network', problems);
  if (problems.length > 0) throw new UserError(problems);
  const projections = network.projections.map((projection) => {
    const applied = projection.rule ?? (projection.name === experiment.task.plastic ? rule : undefined);
    return applied === undefined ? projection : { ...projection, rule: fitted(applied, experiment.task, projection.name) };
  });
  return { ...network, projections };
}

/** The rule with the learning rate and the bounds that a task gives it on one projection. */
function fitted(rule: PlasticityRule, task: Task, projection: string): PlasticityRule {
  if (task.kind !== 'phased-classification') return rule;
  const [rate, limit] = [task.rates[projection], task.limits?.[projection]];
  return {
    ...rule,
    ...(rate === undefined ? {} : { parameters: { ...rule.parameters, rate } }),
    ...(limit === undefined ? {} : { bounds: [-limit, limit] as const }),
  };
}

function planRuns(run: ExperimentRun): PlannedRun[] {
  return run.chips.flatMap((chip) =>
    // seed by seed, and for each seed all sets of devices
    Array.from({ length: run.seeds * deviceSets(chip, run) }, (_, n): PlannedRun => {
      const sets = deviceSets(chip, run);
      const [seed, deviceSet] = [run.seed + Math.floor(n / sets), n % sets];
      const built = deviceSet === 0 ? chip : (chip.withDeviceSet?.(deviceSet) ?? chip);
      const plan = buildPlan(networkOf(run.experiment, run.rule, seed), built);
      const { chip: profile, ...rest } = plan;
      const key = contentHash({
        version: VERSION,
        task: run.experiment.task,
        plan: { ...rest, chip: profile.name },
        data: run.data?.inputs,
      });
      return { chip, plan, seed, deviceSet, key, progress: new Int32Array(new SharedArrayBuffer(4 * PROGRESS_LENGTH)) };
    }),
  );
}

/** A chip without devices has nothing to draw again. */
const deviceSets = (chip: ChipBackend, { devices = 1 }: ExperimentRun): number => (chip.withDeviceSet === undefined ? 1 : devices);

async function executeRuns(run: ExperimentRun, runs: readonly PlannedRun[], store: RunStore | undefined): Promise<RunOutcome[]> {
  const pool = await createPool<RunRequest, RunReply>(Math.min(run.threads, runs.length));
  let finished = 0;
  let latest = runs[0];
  const report = (): void => {
    const active = runs.find(({ progress }) => progress[0] > 0 && progress[0] < progress[1]) ?? latest;
    const sum = (cell: 0 | 1): number => runs.reduce((total, { progress }) => total + progress[cell], 0);
    // Runs that have not begun do not know their length yet: count them like those that have.
    const begun = runs.filter(({ progress }) => progress[1] > 0).length;
    run.onProgress?.({
      chip: active.chip.profile.name,
      seed: active.seed,
      done: sum(0),
      total: begun === 0 ? 0 : Math.round((sum(1) / begun) * runs.length),
      runsDone: finished,
      runs: runs.length,
    });
  };
  const timer = setInterval(report, PROGRESS_PERIOD);
  let onAbort = (): void => {};
  const interrupted = new Promise<never>((_, reject) => {
    onAbort = () => reject(interruption(run, finished, runs.length));
    run.signal?.addEventListener('abort', onAbort, { once: true });
  });
  const one = async (planned: PlannedRun): Promise<RunOutcome> => {
    const stored = run.resume ? store?.read(planned.key) : undefined;
    if (stored !== undefined) {
      planned.progress.fill(1);
      finished++;
      return stored;
    }
    const { plan, progress } = planned;
    const data = run.data === undefined ? undefined : { train: run.data.train, test: run.data.test };
    const request = { plan, task: run.experiment.task, progress, ...(data === undefined ? {} : { data }) };
    const reply = await pool.run(request, `the run of ${planned.chip.profile.name} with seed ${planned.seed}`, progress);
    if ('problems' in reply) throw new UserError(reply.problems, reply.exitCode);
    const { outcome } = reply;
    store?.write(planned.key, outcome);
    finished++;
    latest = planned;
    return outcome;
  };
  try {
    const outcomes = Promise.all(runs.map(one));
    outcomes.catch(() => {}); // on an interrupt the race below has its answer before these reject
    return await Promise.race([outcomes, interrupted]);
  } finally {
    clearInterval(timer);
    run.signal?.removeEventListener('abort', onAbort);
    report();
    await pool.destroy();
  }
}

function interruption(run: ExperimentRun, finished: number, total: number): UserError {
  const kept = run.runsDirectory === undefined ? 'nothing was stored' : `${finished} of ${total} runs are kept in ${run.runsDirectory}`;
  const command = run.command.includes('--resume') ? run.command : `${run.command} --resume`;
  return new UserError({ code: 'E-INTERRUPTED', message: `interrupted; ${kept}`, hint: `to go on: ${command}` }, EXIT.interrupted);
}

/** The rule as text for the report: its moments, or its sum of products. */
export function ruleText(rule: PlasticityRule): string {
  const { dw, dt, dd } = rule.sumOfProducts ?? {};
  const parts = rule.sumOfProducts === undefined ? Object.entries(rule.code) : Object.entries({ dw, dt, dd });
  return parts.flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${text}`])).join('\n');
}
