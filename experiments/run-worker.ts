/**
 * Worker entry: runs one seed of one experiment on one plan. What a chip had to say is inside the plan; this file knows no chip.
 */
import type { ExitCode, Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import { WatchedSimulation } from '../workers/signs-of-life.ts';
import type { ProgressCells, RunOutcome } from './outcome.ts';
import type { TaskRequest } from './start-task.ts';
import { startTask } from './start-task.ts';
import type { StartSimulation } from './task-run.ts';
import { startPlain, takeSteps } from './task-run.ts';

export interface RunRequest extends TaskRequest {
  readonly progress: ProgressCells;
}

/** What comes back between threads, where an error would lose its class and fields: the outcome, or what is wrong with the user's input. */
export type RunReply = { readonly outcome: RunOutcome } | { readonly problems: readonly Problem[]; readonly exitCode: ExitCode };

export default function replyTo(request: RunRequest): RunReply {
  try {
    return { outcome: runOne(request, (plan, from) => new WatchedSimulation(plan, request.progress, from)) };
  } catch (error) {
    if (error instanceof UserError) return { problems: error.problems, exitCode: error.exitCode };
    throw error;
  }
}

export function runOne(request: RunRequest, start: StartSimulation = startPlain): RunOutcome {
  const started = performance.now();
  const run = startTask(request, start);
  takeSteps(run, request.progress);
  return { ...run.outcome(), wallSeconds: (performance.now() - started) / 1000 };
}
