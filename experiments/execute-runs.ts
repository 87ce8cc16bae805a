/**
 * Executes runs: plans each when its turn comes, so that memory does not grow with their number, takes it from the store where it is there already,
 * spreads the others over the threads of a pool, and stores each as it ends. A run that fails ends the rest, unless the caller takes failures. On an
 * interrupt runs under way are asked to keep how far they are.
 */
import type { ExitCode, Problem } from '../core/errors.ts';
import { problemsOf, UserError } from '../core/errors.ts';
import { createPool } from '../workers/pool.ts';
import type { RunsKept } from './interrupt.ts';
import { interruptOf } from './interrupt.ts';
import type { KeptRun } from './kept-run.ts';
import type { LiveDesk } from './live/live-desk.ts';
import type { ProgressCells, RunOutcome } from './outcome.ts';
import type { PlannedRun, RunSetting } from './plan-runs.ts';
import { planKnownRun, prepareRun } from './plan-runs.ts';
import type { RunProgress } from './run-board.ts';
import { openBoard } from './run-board.ts';
import type { RunStore } from './run-store.ts';
import { removeLeftovers } from './run-store.ts';
import type { RunReply, RunRequest } from './run-worker.ts';

/** How one run came to its outcome: run, taken from the folder, or gone on with from a step. */
export interface RunRecord {
  readonly chip: string;
  readonly seed: number;
  readonly deviceSet: number;
  readonly key: string;
  readonly how: 'run' | 'stored' | { readonly resumedAt: number };
}

/** A run to be done. Where its key is known it is looked up in the store without being planned. */
export interface DueRun {
  readonly setting: RunSetting;
  readonly key?: string;
}

/** What is wrong with a run that could not be done. */
export interface RunFailure {
  readonly problems: readonly Problem[];
  readonly exitCode: ExitCode;
}

export interface Execution {
  readonly threads: number;
  /** Where finished runs go; absent to keep nothing. */
  readonly store?: RunStore;
  /** Take runs from the store that are there already, and go on with those that were stopped. */
  readonly resume: boolean;
  /** How often a run is begun whose thread dies or hangs; once unless given. */
  readonly attempts?: number;
  readonly onOutcome: (n: number, outcome: RunOutcome) => void;
  /** Takes the failure of one run, and the others go on; without it the first failure ends everything. */
  readonly onFailure?: (n: number, failure: RunFailure) => void;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told how each run came to its outcome. */
  readonly onRun?: (record: RunRecord) => void;
  /** Told what a person should hear. */
  readonly onNote?: (note: string) => void;
  /** Where runs show what is going on. */
  readonly live?: LiveDesk;
  readonly signal?: AbortSignal;
  /** What to throw when `signal` ends it. */
  readonly interruption: (kept: RunsKept) => UserError;
}

/** A thread may die of a machine's trouble once or twice; a run that kills every thread is given up. */
export const ATTEMPTS = 3;

/** How often workers are asked how far they are, in milliseconds. */
const PROGRESS_PERIOD = 200;

/** One more than threads: the next run is planned while the others are under way. */
const lanesFor = (threads: number): number => threads + 1;

export async function executeRuns(runs: readonly DueRun[], execution: Execution): Promise<void> {
  const { store, resume, onOutcome, onFailure, onProgress, onRun, onNote, live, signal } = execution;
  if (store !== undefined) removeLeftovers(store.directory);
  const threads = Math.min(execution.threads, runs.length);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const executor = await openExecutor(threads, {
    stop,
    ...(execution.attempts && { attempts: execution.attempts }),
    ...(onNote && { onNote }),
  });
  const interrupt = interruptOf(signal, stop);
  const board = openBoard(runs.length);
  const timer = setInterval(() => onProgress?.(board.now()), PROGRESS_PERIOD);
  /** Keys of runs that have begun and not ended. */
  const underWay = new Set<string>();
  let finished = 0;
  let over = false;

  function take(n: number, key: string, outcome: RunOutcome, how: RunRecord['how']): void {
    const { chip, seed, deviceSet } = runs[n].setting;
    if (how === 'stored') board.skip(runs[n].setting, key);
    onOutcome(n, outcome);
    onRun?.({ chip: chip.profile.name, seed, deviceSet, key, how });
  }

  /** False where the run was stopped. */
  async function one(n: number): Promise<boolean> {
    const { setting, key: known } = runs[n];
    const early = resume && known !== undefined ? store?.read(known) : undefined;
    if (early !== undefined && known !== undefined) {
      take(n, known, early, 'stored');
      return true;
    }
    let planned: PlannedRun;
    let run: KeptRun;
    try {
      if (!(await prepareRun(setting, () => stop[0] !== 0 || over))) return false;
      planned = planKnownRun(setting, known);
      const stored = resume && known === undefined ? store?.read(planned.key) : undefined;
      if (stored !== undefined) {
        take(n, planned.key, stored, 'stored');
        return true;
      }
      underWay.add(planned.key);
      const progress = board.begin(setting, planned.key);
      run = await executor.run(planned, progress, {
        ...(store && { keep: { directory: store.directory, key: planned.key, resume } }),
        ...(live && { live: live.open({ chip: setting.chip.profile.name, seed: setting.seed, progress }) }),
      });
    } catch (error) {
      if (onFailure === undefined || over) throw error;
      onFailure(n, problemsOf(error));
      return true;
    }
    for (const note of run.notes) onNote?.(note);
    if (run.outcome === undefined) return false;
    store?.write(planned.key, run.outcome);
    underWay.delete(planned.key);
    take(n, planned.key, run.outcome, run.resumedAt === undefined ? 'run' : { resumedAt: run.resumedAt });
    return true;
  }

  const waiting = runs.keys();
  async function lane(): Promise<void> {
    for (const n of waiting) {
      if (over || !(await one(n))) return;
      finished++;
      board.end(runs[n].setting);
    }
  }

  try {
    const all = Promise.all(Array.from({ length: lanesFor(threads) }, lane));
    all.catch(() => {}); // on an interrupt the race below may have its answer before these reject
    await Promise.race([all, interrupt.graceIsOver]);
    if (finished === runs.length) return;
    const unfinished = [...underWay].filter((key) => store?.hasCheckpoint(key)).length;
    throw execution.interruption({ finished, under: unfinished, total: runs.length });
  } finally {
    over = true;
    clearInterval(timer);
    interrupt.forget();
    onProgress?.(board.now());
    await executor.destroy();
  }
}

/** Threads that execute planned runs. */
export interface Executor {
  /** Without `keep` a run that is stopped is lost. */
  run(planned: PlannedRun, progress: ProgressCells, extras?: Pick<RunRequest, 'keep' | 'live'>): Promise<KeptRun>;
  /** Ends all threads at once; runs under way reject. */
  destroy(): Promise<void>;
}

export interface ExecutorOptions {
  /** [1] not 0 when runs are to stop. */
  readonly stop?: Int32Array;
  /** How often a run is begun whose thread dies or hangs; once unless given. */
  readonly attempts?: number;
  /** Told of each thread that died or hung before its run is begun again. */
  readonly onNote?: (note: string) => void;
}

export async function openExecutor(threads: number, { stop, attempts = 1, onNote }: ExecutorOptions = {}): Promise<Executor> {
  const pool = await createPool<RunRequest, RunReply>(threads);
  return {
    run: async (planned, progress, extras) => {
      const { plan, diagnose, setting } = planned;
      const { experiment, data, why, chip, seed } = setting;
      let request: RunRequest = {
        plan,
        task: experiment.task,
        progress,
        ...(stop && { stop }),
        ...(why && { why }),
        ...(data && { data: { train: data.train, test: data.test } }),
        ...(diagnose && { diagnose }),
        ...extras,
      };
      for (let attempt = 1; ; attempt++) {
        progress.fill(0);
        try {
          const reply = await pool.run(request, `the run of ${chip.profile.name} with seed ${seed}`, progress);
          if ('problems' in reply) throw new UserError(reply.problems, reply.exitCode);
          return reply;
        } catch (error) {
          const failure = problemsOf(error);
          if (attempt >= attempts || !isTroubleOfThreads(failure)) throw error;
          onNote?.(`${failure.problems[0].message}; it is begun again`);
          if (request.keep !== undefined) request = { ...request, keep: { ...request.keep, resume: true } };
        }
      }
    },
    destroy: () => pool.destroy(),
  };
}

/** Whether a run failed by no fault of its own, so that it may go well another time. */
export const isTroubleOfThreads = ({ problems }: RunFailure): boolean =>
  problems.some(({ code }) => code === 'E-RUN-DIED' || code === 'E-RUN-STALLED');
