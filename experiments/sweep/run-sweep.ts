/** Does the runs of a sweep that are missing, or a shard of them, on the threads of this machine. */
import { hostname } from 'node:os';
import process from 'node:process';
import { EXIT, UserError } from '../../core/errors.ts';
import { executeRuns } from '../execute-runs.ts';
import type { RunProgress } from '../run-board.ts';
import { contentHash } from '../run-store.ts';
import type { Shard } from './shard.ts';
import { ofShard } from './shard.ts';
import type { RunState, SweepFolder } from './sweep-folder.ts';
import { isDue, stateOf } from './sweep-folder.ts';
import type { SweepRun } from './sweep-plan.ts';
import { openPlan } from './sweep-plan.ts';

export interface SweepExecution {
  readonly folder: SweepFolder;
  readonly shard?: Shard;
  readonly threads: number;
  /** Where images lie on this machine, if not where they lay when the sweep was planned. */
  readonly data?: string;
  /** The command that goes on with it. */
  readonly command: string;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
}

/** What a process found and did, in runs. */
export interface SweepTally {
  /** Of its share. */
  readonly planned: number;
  readonly alreadyDone: number;
  readonly done: number;
  readonly failed: number;
}

/** A thread may die of a machine's trouble once or twice; a run that kills every thread is given up. */
export const ATTEMPTS = 3;

export async function runSweep(execution: SweepExecution): Promise<SweepTally> {
  const { folder, shard, threads, data, onProgress, signal } = execution;
  const share = distinctRuns(ofShard(folder.plan.runs, shard));
  const alreadyDone = countOf(folder, share, 'done');
  const due = fromOwnPlace(share.filter(({ key }) => isDue(folder, key)));
  const { settingOf } = openPlan(folder.plan, data === undefined ? {} : { folder: data });
  if (due.length > 0) {
    await executeRuns(
      due.map((run) => ({ setting: settingOf(run), key: run.key })),
      {
        threads,
        store: folder.store,
        resume: true,
        attempts: ATTEMPTS,
        onOutcome: () => {},
        onFailure: (n, failure) => folder.writeFailure(due[n].key, failure),
        ...(onProgress && { onProgress: alsoCounting(onProgress, share.length - due.length) }),
        ...(signal && { signal }),
        interruption: ({ finished }) => interruption(execution, share.length - due.length + finished, share.length),
      },
    );
  }
  return tallyOf(folder, share, alreadyDone);
}

/** Two settings that come to the same computation are one run. */
export const distinctRuns = (runs: readonly SweepRun[]): SweepRun[] => [...new Map(runs.map((run) => [run.key, run])).values()];

/** Processes that share a folder without shards begin at different places, so that they seldom do the same run at the same time. */
function fromOwnPlace<T>(runs: readonly T[]): T[] {
  const place = Number.parseInt(contentHash([hostname(), process.pid]).slice(0, 8), 16) % Math.max(1, runs.length);
  return [...runs.slice(place), ...runs.slice(0, place)];
}

export function tallyOf(folder: SweepFolder, share: readonly SweepRun[], alreadyDone: number): SweepTally {
  return { planned: share.length, alreadyDone, done: countOf(folder, share, 'done'), failed: countOf(folder, share, 'failed') };
}

export const countOf = (folder: SweepFolder, share: readonly SweepRun[], state: RunState): number =>
  share.filter(({ key }) => stateOf(folder, key) === state).length;

/** Progress of what was due as progress of the whole share. */
const alsoCounting =
  (show: (progress: RunProgress) => void, before: number) =>
  (progress: RunProgress): void =>
    show({ ...progress, runsDone: before + progress.runsDone, runs: before + progress.runs });

export function interruption({ folder, command }: Pick<SweepExecution, 'folder' | 'command'>, finished: number, all: number): UserError {
  return new UserError(
    { code: 'E-INTERRUPTED', message: `interrupted; ${finished} of ${all} runs are kept in ${folder.path}`, hint: `to go on: ${command}` },
    EXIT.interrupted,
  );
}
