/** The run's side of a live page: counts every training sample, and draws one where a picture is wanted. Drawing takes no more than a hundredth of the run. */

import type { Plan } from '../../core/plan/plan.ts';
import type { Simulation } from '../../workers/simulation.ts';
import type { ClassificationTask } from '../experiment.ts';
import { histogramOf } from '../histogram.ts';
import type { WatchTrial } from '../tasks/image-runs.ts';
import type { LiveWindow, Picture } from './live-window.ts';
import { beginTraining, isWanted, noteSample, showPicture } from './live-window.ts';

/** Share of the time of a run that drawing may take. */
const BUDGET = 0.01;

export function watchLive(window: LiveWindow, plan: Plan, task: ClassificationTask): WatchTrial {
  return (trial, simulation, images) => {
    const startedAt = performance.now();
    let drawing = 0;
    beginTraining(window, images.count * task.epochs);
    return {
      ...trial,
      learn: (all, n, epoch) => {
        const nth = epoch * images.count + n;
        const begins = performance.now();
        const draws = isWanted(window) && drawing <= BUDGET * (begins - startedAt);
        // records gather for the picture of this sample alone; those of the report are cleared before they begin
        if (draws) simulation.clearRecords();
        const from = simulation.tick;
        const right = trial.learn(all, n, epoch);
        noteSample(window, nth, right);
        if (draws) {
          const drawsAt = performance.now();
          showPicture(window, pictureOf(plan, task, simulation, from));
          drawing += performance.now() - drawsAt;
        }
        return right;
      },
    };
  };
}

/** The weights as they are, and the spikes of the answering neurons since a tick. */
function pictureOf({ network }: Plan, task: ClassificationTask, simulation: Simulation, from: number): Picture {
  const [low, high] = network.projections.find(({ name }) => name === task.plastic)?.rule?.bounds ?? [0, 1];
  const isProbed = network.probes.some((probe) => probe.kind === 'spikes' && probe.of === task.answer);
  const { t, i } = isProbed ? simulation.recordedSpikes(task.answer) : { t: [], i: [] };
  return {
    histogram: { low, high, counts: histogramOf(simulation.weights(task.plastic), low, high) },
    raster: {
      ticks: simulation.tick - from,
      neurons: network.populations.find(({ name }) => name === task.answer)?.size ?? 0,
      t: Array.from(t, (tick) => tick - from),
      i: Array.from(i),
    },
  };
}
