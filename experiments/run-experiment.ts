/**
 * Runs one experiment on several chips and seeds. Plans are built here, where chips are known; runs are spread over worker threads; each
 * finished run is stored at once; at the end everything is gathered into one document. Seeds of a run are seed, seed+1, …: every chip sees
 * the same seeds, the same data and the same order, so differences are paired.
 */
import type { ChipBackend } from '../core/chip-contract.ts';
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import type { NamedSynapse } from '../core/kernel/named-synapses.ts';
import { checkSynapses } from '../core/kernel/named-synapses.ts';
import type { Network } from '../core/network/network.ts';
import { readNetwork } from '../core/network/read-network.ts';
import { buildPlan } from '../core/plan/build-plan.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { createPool } from '../workers/pool.ts';
import { PROGRESS_LENGTH } from '../workers/signs-of-life.ts';
import type { LoadedData } from './data/load-data.ts';
import type { Experiment, Task } from './experiment.ts';
import { interruption, interruptOf } from './interrupt.ts';
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
  /** Synapses that say at the end why they have their weight. */
  readonly why?: readonly NamedSynapse[];
  readonly data?: LoadedData;
  /** Folder for finished runs; absent to keep nothing. */
  readonly runsDirectory?: string;
  /** Take finished runs from the folder instead of running them again. */
  readonly resume: boolean;
  /** The command that repeats this run. */
  readonly command: string;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told how each run came to its outcome. */
  readonly onRun?: (record: RunRecord) => void;
  /** Told what a person should hear. */
  readonly onNote?: (note: string) => void;
  /** Runs under way are asked to keep how far they are, and stop. */
  readonly signal?: AbortSignal;
}

/** How one run came to its outcome: run, taken from the folder, or gone on with from a step. */
export interface RunRecord {
  readonly chip: string;
  readonly seed: number;
  readonly deviceSet: number;
  readonly key: string;
  readonly how: 'run' | 'stored' | { readonly resumedAt: number };
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
      run.seed,
    );
  });
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
      if (run.why !== undefined) checkSynapses(plan, run.why);
      const { chip: profile, ...rest } = plan;
      const key = contentHash({
        version: VERSION,
        task: run.experiment.task,
        plan: { ...rest, chip: profile.name },
        data: run.data?.inputs,
        ...(run.why && { why: run.why }),
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
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const interrupt = interruptOf(run.signal, stop);
  const noteRun = ({ chip, seed, deviceSet, key }: PlannedRun, how: RunRecord['how']): void => {
    finished++;
    run.onRun?.({ chip: chip.profile.name, seed, deviceSet, key, how });
  };
  /** Nothing where the run was stopped. */
  const one = async (planned: PlannedRun): Promise<RunOutcome | undefined> => {
    const { plan, progress, key } = planned;
    const stored = run.resume ? store?.read(key) : undefined;
    if (stored !== undefined) {
      progress.fill(1);
      noteRun(planned, 'stored');
      return stored;
    }
    const data = run.data === undefined ? undefined : { train: run.data.train, test: run.data.test };
    const request = {
      plan,
      task: run.experiment.task,
      progress,
      stop,
      ...(run.why && { why: run.why }),
      ...(data === undefined ? {} : { data }),
      ...(run.runsDirectory === undefined ? {} : { keep: { directory: run.runsDirectory, key, resume: run.resume } }),
    };
    const reply = await pool.run(request, `the run of ${planned.chip.profile.name} with seed ${planned.seed}`, progress);
    if ('problems' in reply) throw new UserError(reply.problems, reply.exitCode);
    for (const note of reply.notes) run.onNote?.(note);
    const { outcome, resumedAt } = reply;
    if (outcome === undefined) return undefined;
    store?.write(key, outcome);
    noteRun(planned, resumedAt === undefined ? 'run' : { resumedAt });
    latest = planned;
    return outcome;
  };
  try {
    const all = Promise.all(runs.map(one));
    all.catch(() => {}); // on an interrupt the race below may have its answer before these reject
    const outcomes = await Promise.race([all, interrupt.graceIsOver]);
    if (outcomes?.every((outcome) => outcome !== undefined)) return outcomes;
    const under = runs.filter(({ key }) => store?.hasCheckpoint(key)).length;
    throw interruption(run, { finished, under, total: runs.length });
  } finally {
    clearInterval(timer);
    interrupt.forget();
    report();
    await pool.destroy();
  }
}

/** The rule as text for the report: its moments, or its sum of products. */
export function ruleText(rule: PlasticityRule): string {
  const { dw, dt, dd } = rule.sumOfProducts ?? {};
  const parts = rule.sumOfProducts === undefined ? Object.entries(rule.code) : Object.entries({ dw, dt, dd });
  return parts.flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${text}`])).join('\n');
}
