/**
 * Images learned from a reward by a convolutional network with first spikes (Mozafari et al., Pattern Recognition 94:87, 2019). First the feature
 * stages learn by themselves, one after the other; then the last stage, whose kernel covers everything that is left, answers, and is told right or wrong.
 *
 * The synapses of the simulation hold every kernel once, and they do all the learning: what a winner saw is played into them, and a signal to the
 * winner alone runs the rule. The neurons of the last stage add up its spikes, and the highest potential answers. The host looks for the places: it
 * reads the feature kernels back from the synapses, slides them over the image and picks the winners, so the sums of the feature stages are not among
 * the events of the simulation.
 */
import type { Plan } from '../../core/plan/plan.ts';
import { streamOf, uniformAt } from '../../core/random.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import type { Simulation } from '../../workers/simulation.ts';
import { contrastCells } from '../convolution/contrast.ts';
import type { FeatureMap } from '../convolution/features.ts';
import { firstSpikes, winnersOf } from '../convolution/features.ts';
import type { SpikeMap } from '../convolution/spike-map.ts';
import { NEVER, patchAt, pooled } from '../convolution/spike-map.ts';
import type { ConvolutionalReward, FeatureStage } from '../experiment.ts';
import type { TaskRun, TaskSetting } from '../task-run.ts';
import type { ImageData, ImageRunState, ImageTrial } from './image-runs.ts';
import { rasterOf, startImageRun } from './image-runs.ts';

/** Ticks until spikes that are played have been delivered. */
const PRESENTATION = 2;
/** Answers that the recent reward is a mean over. */
const RECENT = 1000;
const SILENCE = streamOf('convolutional-reward/silence');

/** What an answer leaves for the next: whether the feature stages have learned, and how the last stage has been doing. */
interface Memory {
  readonly hasLearned: boolean;
  /** Share of right answers in the last full thousand, and the count since. */
  readonly recent: { readonly share: number; readonly right: number; readonly seen: number };
}

export type ConvolutionalState = ImageRunState<Memory>;

export function startConvolutionalReward(
  setting: TaskSetting<ConvolutionalReward>,
  data: ImageData,
  from?: ConvolutionalState,
): TaskRun<ConvolutionalState> {
  return startImageRun(setting, data, (simulation, used, memory) => createTrial(simulation, used, setting.task, memory), from);
}

function createTrial(simulation: Simulation, plan: Plan, task: ConvolutionalReward, from?: Memory): ImageTrial<Memory> {
  const { classes, input, answer, plastic, temperature, silenced } = task;
  const stages = createStages(simulation, plan, task, from?.hasLearned);
  const size = plan.network.populations.find(({ name }) => name === answer)?.size ?? 0;
  const perClass = size / classes;
  const reward = new Float64Array(size);
  const isSilent = new Uint8Array(size);
  const recent = { ...(from?.recent ?? { share: 1 / classes, right: 0, seen: 0 }) };

  function potentials(images: LabelledImages, n: number, learning: boolean): Float64Array {
    const spikes = stages.spikesOf(images, n);
    simulation.learning = learning;
    simulation.resetState();
    simulation.play(input, new Int32Array(spikes.length).fill(1), spikes);
    simulation.run(PRESENTATION);
    return simulation.state(answer, 'v');
  }

  /** The neuron with the highest potential, and by how much it leads those of other classes. */
  function choose(values: Float64Array): { readonly neuron: number; readonly lead: number } {
    const best = highest(values, () => true);
    const classOf = (j: number): number => Math.floor(j / perClass);
    const rival = highest(values, (j) => classOf(j) !== classOf(best));
    return { neuron: best, lead: values[best] - values[rival] };
  }

  function highest(values: Float64Array, among: (j: number) => boolean): number {
    let best = -1;
    for (let j = 0; j < size; j++) if (isSilent[j] === 0 && among(j) && (best < 0 || values[j] > values[best])) best = j;
    return best;
  }

  function expectation(lead: number): number {
    return task.expectation === 'confidence' ? 1 / (1 + Math.exp(-lead / temperature)) : recent.share;
  }

  function note(right: boolean): void {
    recent.right += right ? 1 : 0;
    if (++recent.seen < RECENT) return;
    Object.assign(recent, { share: recent.right / RECENT, right: 0, seen: 0 });
  }

  return {
    learn(images, n, epoch) {
      stages.learn(images);
      // one neuron of every class listens whatever is drawn
      for (let j = 0; j < size; j++) {
        const drawn = uniformAt(plan.network.seed, SILENCE, j, epoch * images.count + n);
        isSilent[j] = j % perClass !== n % perClass && drawn < silenced ? 1 : 0;
      }
      const { neuron, lead } = choose(potentials(images, n, true));
      const right = Math.floor(neuron / perClass) === images.labels[n];
      reward.fill(0);
      reward[neuron] = ((right ? 1 : 0) - expectation(lead)) * task.rateDecay ** epoch;
      simulation.modulate(plastic, { [task.modulator]: reward });
      note(right);
      return right;
    },
    answer(images, n) {
      isSilent.fill(0);
      return Math.floor(choose(potentials(images, n, false)).neuron / perClass);
    },
    raster: (images, n, title) =>
      rasterOf(simulation, plan, { population: input, ticks: PRESENTATION, title }, () => potentials(images, n, false)),
    memory: () => ({ hasLearned: stages.hasLearned(), recent: { ...recent } }),
  };
}

interface Stages {
  /** Spikes that reach the last stage, as its inputs. */
  spikesOf(images: LabelledImages, n: number): Uint16Array;
  /** Lets the stages learn from the first images, once; from then on they stay as they are. */
  learn(images: LabelledImages): void;
  hasLearned(): boolean;
}

function createStages(simulation: Simulation, plan: Plan, task: ConvolutionalReward, haveLearned = false): Stages {
  const { rows, columns, bins, stages } = task;
  const encode = contrastCells(task);
  const populations = new Map(plan.network.populations.map(({ name, size }) => [name, size]));
  const ends = stages.map(({ projection }) => {
    const found = plan.network.projections.find(({ name }) => name === projection);
    return { pre: found?.pre ?? '', post: found?.post ?? '', features: populations.get(found?.post ?? '') ?? 0 };
  });
  /** Kernels as the chip holds them; those of a stage are read anew after it has learned. */
  const kernels = stages.map(({ projection }) => simulation.weights(projection));
  const known = new Map<LabelledImages, Uint16Array[]>();
  let hasLearned = haveLearned;

  const sliding = (s: number, from: SpikeMap): FeatureMap =>
    firstSpikes(from, kernels[s], { ...stages[s], bins, features: ends[s].features });

  /** What stage s sees. */
  function inputOf(s: number, images: LabelledImages, n: number): SpikeMap {
    let map = encode(images.pixels, n * rows * columns);
    for (let below = 0; below < s; below++) map = pooled(sliding(below, map), stages[below].pool);
    return map;
  }

  function learnStage(s: number, images: LabelledImages): void {
    const stage = stages[s];
    const win = new Float64Array(ends[s].features);
    for (let seen = 0; seen < stage.images; seen++) {
      const map = inputOf(s, images, seen % images.count);
      const rate = Math.min(stage.rateLimit, stage.rate * 2 ** Math.floor(seen / stage.doubling));
      for (const winner of winnersOf(sliding(s, map), stage.winners, stage.apart)) {
        simulation.resetState();
        playPatch(stage, s, map, winner);
        win.fill(0);
        win[winner.feature] = rate;
        simulation.modulate(stage.projection, { [stage.modulator]: win });
      }
      kernels[s] = simulation.weights(stage.projection);
    }
  }

  function playPatch(stage: FeatureStage, s: number, map: SpikeMap, winner: ReturnType<typeof winnersOf>[number]): void {
    const inputs = patchAt(map, winner, stage, winner.tick);
    simulation.play(ends[s].pre, new Int32Array(inputs.length).fill(1), inputs);
    simulation.run(PRESENTATION);
  }

  function extracted(images: LabelledImages, n: number): Uint16Array {
    const { ticks } = inputOf(stages.length, images, n);
    const spiking: number[] = [];
    for (let k = 0; k < ticks.length; k++) if (ticks[k] !== NEVER) spiking.push(k);
    return Uint16Array.from(spiking);
  }

  return {
    spikesOf(images, n) {
      if (!hasLearned) return extracted(images, n);
      const list = known.get(images) ?? new Array<Uint16Array>(images.count);
      known.set(images, list);
      list[n] ??= extracted(images, n);
      return list[n];
    },
    learn(images) {
      if (hasLearned) return;
      simulation.learning = true;
      for (let s = 0; s < stages.length; s++) learnStage(s, images);
      hasLearned = true;
    },
    hasLearned: () => hasLearned,
  };
}
