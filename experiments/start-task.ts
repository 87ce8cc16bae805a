/** The kinds of tasks there are, and how a run of each is started or gone on from. */
import { InternalError } from '../core/errors.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Task } from './experiment.ts';
import type { StartSimulation, TaskRun } from './task-run.ts';
import type { AnomalyState } from './tasks/anomaly-detection.ts';
import { startAnomalyDetection } from './tasks/anomaly-detection.ts';
import type { BanditState } from './tasks/contextual-bandit.ts';
import { startContextualBandit } from './tasks/contextual-bandit.ts';
import type { ConvolutionalState } from './tasks/convolutional-reward.ts';
import { startConvolutionalReward } from './tasks/convolutional-reward.ts';
import type { ImageData, WatchTrial } from './tasks/image-runs.ts';
import type { PhasedState } from './tasks/phased-classification.ts';
import { startPhasedClassification } from './tasks/phased-classification.ts';
import type { RewardState } from './tasks/reward-classification.ts';
import { startRewardClassification } from './tasks/reward-classification.ts';
import type { WindowState } from './tasks/stdp-window.ts';
import { startStdpWindow } from './tasks/stdp-window.ts';

export interface TaskRequest {
  readonly plan: Plan;
  readonly task: Task;
  /** Pixels and labels on shared memory; absent for tasks that make their own input. */
  readonly data?: ImageData;
  /** Who looks on, at tasks that classify images. */
  readonly watch?: WatchTrial;
}

/** @param from what `state()` of a run with the same request once gave: nothing else is handed in, so its kind is that of the task */
export function startTask({ plan, task, data, watch }: TaskRequest, start: StartSimulation, from?: unknown): TaskRun {
  const seen = { plan, start, ...(watch && { watch }) };
  switch (task.kind) {
    case 'reward-classification':
      return startRewardClassification({ ...seen, task }, images(data), from as RewardState | undefined);
    case 'phased-classification':
      return startPhasedClassification({ ...seen, task }, images(data), from as PhasedState | undefined);
    case 'convolutional-reward':
      return startConvolutionalReward({ ...seen, task }, images(data), from as ConvolutionalState | undefined);
    case 'anomaly-detection':
      return startAnomalyDetection({ plan, task, start }, images(data), from as AnomalyState | undefined);
    case 'contextual-bandit':
      return startContextualBandit({ plan, task, start }, from as BanditState | undefined);
    case 'stdp-window':
      return startStdpWindow({ plan, task, start }, from as WindowState | undefined);
  }
}

function images(data: ImageData | undefined): ImageData {
  if (data === undefined) throw new InternalError('the task needs images');
  return data;
}
