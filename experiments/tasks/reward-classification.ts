/**
 * Reward-only classification. An image drives the network for some ticks; the pool with most spikes is the answer; the network is told whether
 * it was right. The modulator that reaches the synapses of the chosen pool is reward minus the network's own confidence
 * p = c²/Σc² (counts c): what was better or worse than it expected itself (a reward prediction error, Frémaux & Gerstner 2016). Pools that
 * are used too much or too little have their thresholds moved by the host.
 */
import type { Plan } from '../../core/plan/plan.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import type { Simulation } from '../../workers/simulation.ts';
import { poissonRates } from '../encoders.ts';
import type { RewardClassification } from '../experiment.ts';
import type { TaskRun, TaskSetting } from '../task-run.ts';
import type { ImageData, ImageRunState, ImageTrial } from './image-runs.ts';
import { rasterOf, startImageRun } from './image-runs.ts';

/** The threshold shifts as the host moves them: [neurons], not rounded to what the chip holds. */
type Shifts = Float64Array;

export type RewardState = ImageRunState<Shifts>;

export function startRewardClassification(
  setting: TaskSetting<RewardClassification>,
  data: ImageData,
  from?: RewardState,
): TaskRun<RewardState> {
  return startImageRun(setting, data, (simulation, used, shifts) => createTrial(simulation, used, setting.task, shifts), from);
}

function createTrial(simulation: Simulation, plan: Plan, task: RewardClassification, shifts?: Shifts): ImageTrial<Shifts> {
  const { classes, answer: population } = task;
  const size = plan.network.populations.find(({ name }) => name === population)?.size ?? 0;
  const poolSize = size / classes;
  const inputs = plan.network.populations.find(({ name }) => name === task.input)?.size ?? 0;
  const rates = new Float64Array(inputs);
  const counts = new Float64Array(classes);
  const reward = new Float64Array(size);
  const shift = shifts?.slice() ?? simulation.state(population, 'thresholdShift');
  const { dt } = plan.network;

  function present(images: LabelledImages, n: number, learning: boolean): number {
    simulation.resetState();
    poissonRates(images.pixels, n * inputs, inputs, { normalise: task.spikesPerTick, dt }, rates);
    simulation.setRates(task.input, rates);
    simulation.learning = false;
    simulation.run(task.burnIn);
    simulation.clearSpikeCounts();
    simulation.learning = learning;
    simulation.run(task.ticks - task.burnIn);
    const spikes = simulation.spikeCounts(population);
    counts.fill(0);
    for (let j = 0; j < size; j++) counts[Math.floor(j / poolSize)] += spikes[j];
    return mostActive(counts, simulation, population, poolSize);
  }

  return {
    learn(images, n, epoch) {
      const rewardScale = task.rewardScale * task.rewardDecay ** epoch;
      const chosen = present(images, n, true);
      const right = chosen === images.labels[n];
      let squares = 0;
      for (let k = 0; k < classes; k++) squares += counts[k] * counts[k];
      const confidence = squares === 0 ? 1 / classes : (counts[chosen] * counts[chosen]) / squares;
      reward.fill(0);
      reward.fill(((right ? 1 : 0) - confidence) * rewardScale, chosen * poolSize, (chosen + 1) * poolSize);
      simulation.modulate(task.plastic, { [task.modulator]: reward });
      const { step, target } = task.homeostasis;
      for (let j = 0; j < size; j++) shift[j] += step * (counts[Math.floor(j / poolSize)] - target);
      simulation.setState(population, 'thresholdShift', shift);
      return right;
    },
    answer: (images, n) => present(images, n, false),
    raster: (images, n, title) => rasterOf(simulation, plan, { population, ticks: task.ticks, title }, () => present(images, n, false)),
    memory: () => shift.slice(),
  };
}

/** The pool with most spikes; among equals the one with the higher membrane values. */
function mostActive(counts: Float64Array, simulation: Simulation, population: string, poolSize: number): number {
  let best = 0;
  let tied = false;
  for (let k = 1; k < counts.length; k++) {
    if (counts[k] > counts[best]) {
      best = k;
      tied = false;
    } else if (counts[k] === counts[best]) tied = true;
  }
  if (!tied) return best;
  const v = simulation.state(population, 'v');
  const membrane = (k: number): number => v.subarray(k * poolSize, (k + 1) * poolSize).reduce((sum, value) => sum + value, 0);
  const most = counts[best];
  for (let k = 0; k < counts.length; k++) if (counts[k] === most && membrane(k) > membrane(best)) best = k;
  return best;
}
