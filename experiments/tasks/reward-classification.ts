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
import { laterPlan, readSpan } from '../later.ts';
import type { ProgressCells, RunOutcome } from '../outcome.ts';
import type { Raster } from '../result.ts';
import type { StartSimulation } from '../start-simulation.ts';
import { startPlain } from '../start-simulation.ts';

export interface ImageData {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** Training images between two points of the learning curve. */
const CURVE_STEP = 250;

export function runRewardClassification(
  plan: Plan,
  task: RewardClassification,
  data: ImageData,
  progress: ProgressCells,
  start: StartSimulation = startPlain,
): RunOutcome {
  const { train, test } = data;
  const simulation = start(plan);
  const trial = createTrial(simulation, plan, task);
  const weightsBefore = simulation.weights(task.plastic);
  const before = trial.raster(test, 0, 'before learning');
  progress[1] = train.count * task.epochs + test.count * (1 + (task.after?.length ?? 0));
  const curve = { samples: [] as number[], values: [] as number[] };
  let rewarded = 0;
  for (let epoch = 0; epoch < task.epochs; epoch++) {
    const scale = task.rewardScale * task.rewardDecay ** epoch;
    for (let n = 0; n < train.count; n++) {
      const right = trial.learn(train, n, scale);
      rewarded += right ? 1 : 0;
      const seen = epoch * train.count + n + 1;
      if (seen % CURVE_STEP === 0) {
        curve.samples.push(seen);
        curve.values.push(rewarded / CURVE_STEP);
        rewarded = 0;
      }
      progress[0]++;
    }
  }
  const learning = simulation.learningCounts();
  const events = simulation.eventCounts();
  const samples = train.count * task.epochs;
  const simulatedSeconds = simulation.tick * plan.network.dt;
  const weightsAfter = simulation.weights(task.plastic);
  const confusion = Array.from({ length: task.classes }, () => new Array<number>(task.classes).fill(0));
  let right = 0;
  for (let n = 0; n < test.count; n++) {
    const answer = trial.answer(test, n);
    confusion[test.labels[n]][answer]++;
    if (answer === test.labels[n]) right++;
    progress[0]++;
  }
  // the same images and the same input spikes each time: differences are the cells'
  const later = (task.after ?? []).map((after) => {
    const seconds = Number(readSpan(after));
    const paused = laterPlan(plan, simulation, seconds);
    const trial = createTrial(start(paused), paused, task);
    let found = 0;
    for (let n = 0; n < test.count; n++) {
      if (trial.answer(test, n) === test.labels[n]) found++;
      progress[0]++;
    }
    return { after, seconds, accuracy: test.count === 0 ? 0 : found / test.count };
  });
  return {
    ...(task.after === undefined ? {} : { later }),
    accuracy: test.count === 0 ? null : right / test.count,
    curve: { ...curve, label: `share of right answers in the last ${CURVE_STEP} training images` },
    rasters: [before, trial.raster(test, 0, 'after learning')],
    confusion,
    weightsBefore,
    weightsAfter,
    window: null,
    events,
    learning,
    samples,
    simulatedSeconds,
    stateHash: simulation.hash(),
    wallSeconds: 0,
  };
}

interface Trial {
  /** Shows an image and learns from the reward; true when the answer was right. */
  learn(images: LabelledImages, n: number, rewardScale: number): boolean;
  answer(images: LabelledImages, n: number): number;
  raster(images: LabelledImages, n: number, title: string): Raster;
}

function createTrial(simulation: Simulation, plan: Plan, task: RewardClassification): Trial {
  const { classes, answer: population } = task;
  const size = plan.network.populations.find(({ name }) => name === population)?.size ?? 0;
  const poolSize = size / classes;
  const inputs = plan.network.populations.find(({ name }) => name === task.input)?.size ?? 0;
  const rates = new Float64Array(inputs);
  const counts = new Float64Array(classes);
  const reward = new Float64Array(size);
  const shift = simulation.state(population, 'thresholdShift');
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
    learn(images, n, rewardScale) {
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
    raster(images, n, title) {
      simulation.clearRecords();
      const from = simulation.tick;
      present(images, n, false);
      const { t, i } = simulation.recordedSpikes(population);
      return { title, population, neurons: size, ticks: task.ticks, dt, t: Array.from(t, (tick) => tick - from), i: Array.from(i) };
    },
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
