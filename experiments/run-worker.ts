/**
 * Worker entry: runs one seed of one experiment on one plan. What a chip had to say is inside the plan; this file knows no chip.
 */
import type { ExitCode, Problem } from '../core/errors.ts';
import { InternalError, UserError } from '../core/errors.ts';
import type { Plan } from '../core/plan/plan.ts';
import { WatchedSimulation } from '../workers/signs-of-life.ts';
import type { Task } from './experiment.ts';
import type { ProgressCells, RunOutcome } from './outcome.ts';
import type { StartSimulation } from './start-simulation.ts';
import { startPlain } from './start-simulation.ts';
import { runContextualBandit } from './tasks/contextual-bandit.ts';
import { runConvolutionalReward } from './tasks/convolutional-reward.ts';
import type { ImageData } from './tasks/image-runs.ts';
import { runPhasedClassification } from './tasks/phased-classification.ts';
import { runRewardClassification } from './tasks/reward-classification.ts';
import { runStdpWindow } from './tasks/stdp-window.ts';

export interface RunRequest {
  readonly plan: Plan;
  readonly task: Task;
  /** Pixels and labels on shared memory; absent for tasks that make their own input. */
  readonly data?: ImageData;
  readonly progress: ProgressCells;
}

/** What comes back between threads, where an error would lose its class and fields: the outcome, or what is wrong with the user's input. */
export type RunReply = { readonly outcome: RunOutcome } | { readonly problems: readonly Problem[]; readonly exitCode: ExitCode };

export default function replyTo(request: RunRequest): RunReply {
  try {
    return { outcome: runOne(request, (plan) => new WatchedSimulation(plan, request.progress)) };
  } catch (error) {
    if (error instanceof UserError) return { problems: error.problems, exitCode: error.exitCode };
    throw error;
  }
}

export function runOne(request: RunRequest, start: StartSimulation = startPlain): RunOutcome {
  const started = performance.now();
  const outcome = dispatch(request, start);
  return { ...outcome, wallSeconds: (performance.now() - started) / 1000 };
}

function dispatch({ plan, task, data, progress }: RunRequest, start: StartSimulation): RunOutcome {
  switch (task.kind) {
    case 'reward-classification':
      if (data === undefined) throw new InternalError('reward classification needs images');
      return runRewardClassification(plan, task, data, progress, start);
    case 'phased-classification':
      if (data === undefined) throw new InternalError('classification needs images');
      return runPhasedClassification(plan, task, data, progress, start);
    case 'convolutional-reward':
      if (data === undefined) throw new InternalError('classification needs images');
      return runConvolutionalReward(plan, task, data, progress, start);
    case 'contextual-bandit':
      return runContextualBandit(plan, task, progress, start);
    case 'stdp-window':
      return runStdpWindow(plan, task, progress, start);
  }
}
