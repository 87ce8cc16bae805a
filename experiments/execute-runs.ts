/**
 * Executes runs: plans each when its turn comes, so that memory does not grow with their number, takes it from the store where it is there already,
 * spreads the others over the threads of a pool, and stores each as it ends. A run that fails ends the rest, unless the caller takes failures.
 */
import type { ExitCode, Problem } from '../core/errors.ts';
import { problemsOf, UserError } from '../core/errors.ts';
import { createPool } from '../workers/pool.ts';
import { PROGRESS_LENGTH } from '../workers/signs-of-life.ts';
import type { ProgressCells, RunOutcome } from './outcome.ts';
import type { PlannedRun, RunSetting } from './plan-runs.ts';
import { planKnownRun } from './plan-runs.ts';
import type { RunStore } from './run-store.ts';
import type { RunReply, RunRequest } from './run-worker.ts';

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
  /** Take runs from the store that are there already. */
  readonly resume: boolean;
  /** How often a run is begun whose thread dies or hangs; once unless given. */
  readonly attempts?: number;
  readonly onOutcome: (n: number, outcome: RunOutcome) => void;
  /** Takes the failure of one run, and the others go on; without it the first failure ends everything. */
  readonly onFailure?: (n: number, failure: RunFailure) => void;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
  /** What to throw when `signal` ends it. */
  readonly interruption: (finished: number) => UserError;
}

/** How often workers are asked how far they are, in milliseconds. */
const PROGRESS_PERIOD = 200;

/** One more than threads: the next run is planned while the others are under way. */
const lanesFor = (threads: number): number => threads + 1;

export async function executeRuns(runs: readonly DueRun[], execution: Execution): Promise<void> {
  const { store, resume, onOutcome, onFailure, onProgress, signal } = execution;
  const threads = Math.min(execution.threads, runs.length);
  const executor = await openExecutor(threads, execution.attempts);
  const board = openBoard(runs.length);
  const timer = setInterval(() => onProgress?.(board.now()), PROGRESS_PERIOD);
  let finished = 0;
  let over = false;

  async function one(n: number): Promise<RunOutcome | undefined> {
    const { setting, key } = runs[n];
    const early = resume && key !== undefined ? store?.read(key) : undefined;
    if (early !== undefined) return board.skip(setting, early);
    let planned: PlannedRun;
    let outcome: RunOutcome;
    try {
      planned = planKnownRun(setting, key);
      const stored = resume && key === undefined ? store?.read(planned.key) : undefined;
      if (stored !== undefined) return board.skip(setting, stored);
      outcome = await executor.run(planned, board.begin(setting));
    } catch (error) {
      if (onFailure === undefined || over) throw error;
      onFailure(n, problemsOf(error));
      return undefined;
    }
    store?.write(planned.key, outcome);
    return outcome;
  }

  const waiting = runs.keys();
  async function lane(): Promise<void> {
    for (const n of waiting) {
      if (over) return;
      const outcome = await one(n);
      if (outcome !== undefined) onOutcome(n, outcome);
      finished++;
      board.end(runs[n].setting);
    }
  }

  let onAbort = (): void => {};
  const interrupted = new Promise<never>((_, reject) => {
    onAbort = () => reject(execution.interruption(finished));
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const all = Promise.all(Array.from({ length: lanesFor(threads) }, lane));
    all.catch(() => {}); // on an interrupt the race below has its answer before these reject
    await Promise.race([all, interrupted]);
  } finally {
    over = true;
    clearInterval(timer);
    signal?.removeEventListener('abort', onAbort);
    onProgress?.(board.now());
    await executor.destroy();
  }
}

/** Threads that execute planned runs. */
export interface Executor {
  run(planned: PlannedRun, progress: ProgressCells): Promise<RunOutcome>;
  /** Ends all threads at once; runs under way reject. */
  destroy(): Promise<void>;
}

/** @param attempts how often a run is begun whose thread dies or hangs */
export async function openExecutor(threads: number, attempts = 1): Promise<Executor> {
  const pool = await createPool<RunRequest, RunReply>(threads);
  return {
    run: async (planned, progress) => {
      const { chip, seed } = planned.setting;
      const name = `the run of ${chip.profile.name} with seed ${seed}`;
      for (let attempt = 1; ; attempt++) {
        progress.fill(0);
        try {
          const reply = await pool.run(requestOf(planned, progress), name, progress);
          if ('problems' in reply) throw new UserError(reply.problems, reply.exitCode);
          return reply.outcome;
        } catch (error) {
          if (attempt >= attempts || !isTroubleOfThreads(problemsOf(error))) throw error;
        }
      }
    },
    destroy: () => pool.destroy(),
  };
}

export const newProgress = (): ProgressCells => new Int32Array(new SharedArrayBuffer(4 * PROGRESS_LENGTH));

function requestOf({ plan, setting: { experiment, data } }: PlannedRun, progress: ProgressCells): RunRequest {
  return { plan, task: experiment.task, progress, ...(data === undefined ? {} : { data: { train: data.train, test: data.test } }) };
}

/** Whether a run failed by no fault of its own, so that it may go well another time. */
export const isTroubleOfThreads = ({ problems }: RunFailure): boolean =>
  problems.some(({ code }) => code === 'E-RUN-DIED' || code === 'E-RUN-STALLED');

/** How far all runs are, in units of their tasks. */
interface Board {
  begin(setting: RunSetting): ProgressCells;
  /** A run that need not be done counts for one unit. */
  skip(setting: RunSetting, outcome: RunOutcome): RunOutcome;
  end(setting: RunSetting): void;
  now(): RunProgress;
}

function openBoard(runs: number): Board {
  const active = new Map<RunSetting, ProgressCells>();
  /** Units of runs that have ended. */
  const units = { done: 0, total: 0, begun: 0 };
  let [runsDone, chip, seed] = [0, '', 0];
  const show = (setting: RunSetting): void => {
    [chip, seed] = [setting.chip.profile.name, setting.seed];
  };
  return {
    begin: (setting) => {
      const cells = newProgress();
      active.set(setting, cells);
      if (runsDone === 0 && active.size === 1) show(setting);
      return cells;
    },
    skip: (setting, outcome) => {
      active.set(setting, Int32Array.of(1, 1, 0));
      return outcome;
    },
    end: (setting) => {
      const [done = 0, total = 0] = active.get(setting) ?? [];
      active.delete(setting);
      units.done += done;
      units.total += total;
      if (total > 0) units.begun++;
      runsDone++;
      show(setting);
    },
    now: () => {
      const underWay = [...active].filter(([, cells]) => cells[1] > 0);
      const [latest] = underWay.find(([, [done, total]]) => done > 0 && done < total) ?? [];
      if (latest !== undefined) show(latest);
      const sum = (cell: 0 | 1): number => underWay.reduce((all, [, cells]) => all + cells[cell], 0);
      // runs that have not begun do not know their length yet: count them like those that have
      const begun = units.begun + underWay.length;
      const total = begun === 0 ? 0 : Math.round(((units.total + sum(1)) / begun) * runs);
      return { chip, seed, done: units.done + sum(0), total, runsDone, runs };
    },
  };
}
