/**
 * Worker entry: runs one seed of one experiment on one plan. What a chip had to say is inside the plan; this file knows no chip.
 */
import type { ExitCode, Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import type { Plan } from '../core/plan/plan.ts';
import { WatchedSimulation } from '../workers/signs-of-life.ts';
import { isDiagnosed, watchUpdates } from './diagnosis/watch-updates.ts';
import { classifies } from './experiment.ts';
import type { KeptRequest, KeptRun } from './kept-run.ts';
import { runKept } from './kept-run.ts';
import type { LiveWindow } from './live/live-window.ts';
import { watchLive } from './live/watch-live.ts';
import type { ProgressCells, RunOutcome } from './outcome.ts';
import { openRunStore } from './run-store.ts';
import type { TaskRequest } from './start-task.ts';
import { startTask } from './start-task.ts';
import type { StartSimulation } from './task-run.ts';
import { startPlain, takeSteps } from './task-run.ts';
import { watchedBy } from './tasks/image-runs.ts';

export interface RunRequest extends KeptRequest {
  /** Folder and key of the run, where it is to be kept. */
  readonly keep?: { readonly directory: string; readonly key: string; readonly resume: boolean };
  /**
   * Weight changes of some training samples are compared with those of the ideal chip, for tasks that classify images. What was found is not part of a
   * checkpoint, so such a run is not kept before its end.
   */
  readonly diagnose?: { readonly reference: Plan; readonly samples: number };
  /** Shows what is going on (experiments/live), for tasks that classify images. */
  readonly live?: LiveWindow;
}

/** What comes back between threads, where an error would lose its class and fields: the outcome, or what is wrong with the user's input. */
export type RunReply = KeptRun | { readonly problems: readonly Problem[]; readonly exitCode: ExitCode };

export default async function replyTo({ keep, diagnose, live, ...request }: RunRequest): Promise<RunReply> {
  try {
    // it may have waited for a thread while everything was told to stop
    if (request.stop !== undefined && Atomics.load(request.stop, 0) !== 0) return { notes: [] };
    const { plan, task, progress } = request;
    const updates =
      diagnose !== undefined && isDiagnosed(task) ? watchUpdates(plan, diagnose.reference, task, diagnose.samples) : undefined;
    const lives = live !== undefined && classifies(task) ? [watchLive(live, plan, task)] : [];
    const watch = watchedBy([...(updates ? [updates.watch] : []), ...lives]);
    const keeping = keep === undefined || updates !== undefined ? undefined : { ...keep, store: await openRunStore(keep.directory) };
    const start: StartSimulation = (of, from, why) => new WatchedSimulation(of, progress, { ...(from && { from }), ...(why && { why }) });
    const run = runKept({ ...request, watch }, start, keeping);
    if (updates === undefined || run.outcome === undefined) return run;
    return { ...run, outcome: { ...run.outcome, updates: updates.figures() } };
  } catch (error) {
    if (error instanceof UserError) return { problems: error.problems, exitCode: error.exitCode };
    throw error;
  }
}

/** A run from beginning to end, in this thread. */
export function runOne(request: TaskRequest & { readonly progress: ProgressCells }, start: StartSimulation = startPlain): RunOutcome {
  const started = performance.now();
  const run = startTask(request, start);
  takeSteps(run, request.progress);
  return { ...run.outcome(), wallSeconds: (performance.now() - started) / 1000 };
}
