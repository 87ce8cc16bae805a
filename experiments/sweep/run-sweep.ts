/** Does the runs of a sweep that are missing, or a shard of them, on the threads of this machine. */
import { hostname } from 'node:os';
import process from 'node:process';
import { ATTEMPTS, executeRuns } from '../execute-runs.ts';
import { interruption } from '../interrupt.ts';
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

export async function runSweep(execution: SweepExecution): Promise<SweepTally> {
  const { folder, shard, threads, data, command, onProgress, signal } = execution;
  const share = distinctRuns(ofShard(folder.plan.runs, shard));
  const alreadyDone = countOf(folder, share, 'done');
  const due = fromOwnPlace(share.filter(({ key }) => isDue(folder, key)));
  const { settingOf } = openPlan(folder.plan, data === undefined ? {} : { folder: data });
  const before = share.length - due.length;
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
        ...(onProgress && { onProgress: alsoCounting(onProgress, before) }),
        ...(signal && { signal }),
        interruption: ({ finished, under }) =>
          interruption(folder.path, command, { finished: before + finished, under, total: share.length }),
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
