/**
 * Teachers trained on images, and their accuracy on images they have not seen. Order and input spikes are functions of the seed, the epoch and the
 * number of the image.
 */
import { philox4x32, shuffledIndices, streamOf, uniformOf } from '../../core/random.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import { WHITE } from '../encoders.ts';
import { backwardInTime } from './bptt.ts';
import { largestOf, oneHot } from './loss.ts';
import { adam } from './optimisers.ts';
import type { RateNetwork } from './rate-network.ts';
import { backward, forward, parametersOf, rateTape, zerosLike } from './rate-network.ts';
import type { SpikingNetwork } from './spiking-network.ts';
import { runForward, spikingParametersOf, spikingTape, spikingZerosLike } from './spiking-network.ts';

export interface TrainOptions {
  readonly seed: number;
  readonly epochs: number;
  /** Samples per step; 20 unless given. */
  readonly batch?: number;
  /** Learning rate of Adam; 0.002 unless given. */
  readonly rate?: number;
  /** Factor on the learning rate from epoch to epoch, or `even`: in equal steps towards none after the last. 1 unless given. */
  readonly rateDecay?: number | 'even';
}

/** What a network that is to go on a chip learns: its weights stay within bounds, its biases as they are. */
export interface BoundedLesson extends TrainOptions {
  /** Spikes per tick of a white pixel. */
  readonly white: number;
  /** Output asked of the class; 0 is asked of all others, and the squared error is the loss. */
  readonly target: number;
  /** [layers] lowest and highest weight. */
  readonly bounds: readonly (readonly [number, number])[];
}

export interface SpikingInput {
  readonly seed: number;
  /** Probability per tick that a white pixel spikes; 0.5 unless given. */
  readonly pMax?: number;
}

/** Soft-max cross entropy on the pixels as rates of 0 … 1; the network changes in place. @returns the mean loss of each epoch */
export function trainRateNetwork(network: RateNetwork, images: LabelledImages, options: TrainOptions): number[] {
  const tape = rateTape(network);
  const gradient = zerosLike(network);
  const learn = (k: number): number => {
    forward(network, pixelRates(images, k), tape);
    return backward(network, tape, 'softmax-cross-entropy', oneHot(images.classes, images.labels[k]), gradient);
  };
  return toTheEnd(inBatches(parametersOf(network), parametersOf(gradient), images.count, options, learn));
}

/** One step for each batch, so that whoever takes them can look after other things in between; the network changes in place. */
export function* trainWithinBounds(
  network: RateNetwork,
  images: LabelledImages,
  { white, target, bounds, ...options }: BoundedLesson,
): Generator<void, number[]> {
  const tape = rateTape(network);
  const gradient = zerosLike(network);
  // there may be more outputs than classes
  const outputs = network.sizes[network.sizes.length - 1];
  const asked = Array.from({ length: images.classes }, (_, label) => oneHot(outputs, label).map((one) => one * target));
  const learn = (k: number): number => {
    forward(network, spikeRates(images, k, white), tape);
    return backward(network, tape, 'squared-error', asked[images.labels[k]], gradient);
  };
  return yield* inBatches(network.weights, gradient.weights, images.count, options, learn, () => {
    network.weights.forEach((weights, l) => {
      clip(weights, ...bounds[l]);
    });
  });
}

function clip(values: Float64Array, low: number, high: number): void {
  for (let k = 0; k < values.length; k++) values[k] = Math.min(Math.max(values[k], low), high);
}

/** As rates, but through time, on Bernoulli spikes. @returns the mean loss of each epoch */
export function trainSpikingNetwork(
  network: SpikingNetwork,
  images: LabelledImages,
  options: TrainOptions & Omit<SpikingInput, 'seed'>,
): number[] {
  const tape = spikingTape(network);
  const gradient = spikingZerosLike(network);
  const learn = (k: number, epoch: number): number => {
    drawSpikes(network, images, k, { ...options, part: `train ${epoch}` }, tape.spikes[0]);
    runForward(network, tape);
    return backwardInTime(network, tape, 'softmax-cross-entropy', oneHot(images.classes, images.labels[k]), gradient);
  };
  return toTheEnd(inBatches(spikingParametersOf(network), spikingParametersOf(gradient), images.count, options, learn));
}

/** Share of images whose class has the largest output. @param rates what the network is shown of image k */
export function rateAccuracy(
  network: RateNetwork,
  images: LabelledImages,
  rates: (images: LabelledImages, k: number) => Float64Array = pixelRates,
): number {
  const tape = rateTape(network);
  return shareOf(images, (k) => largestOf(forward(network, rates(images, k), tape)));
}

/** The same of a spiking network; input spikes come from another stream than those of training. */
export function spikingAccuracy(network: SpikingNetwork, images: LabelledImages, input: SpikingInput): number {
  const tape = spikingTape(network);
  return shareOf(images, (k) => {
    drawSpikes(network, images, k, { ...input, part: 'test' }, tape.spikes[0]);
    return largestOf(runForward(network, tape));
  });
}

/** [pixels] 0 … 1 */
export function pixelRates({ pixels, rows, columns }: LabelledImages, k: number): Float64Array {
  const size = rows * columns;
  return Float64Array.from(pixels.subarray(k * size, (k + 1) * size), (grey) => grey / WHITE);
}

/** [pixels] spikes per tick: 0 … white of a picture, or those of a sample that is a stream of events. */
export function spikeRates(images: LabelledImages, k: number, white: number): Float64Array {
  const { spikes, rows, columns } = images;
  if (spikes === undefined) return pixelRates(images, k).map((rate) => white * rate);
  const rates = new Float64Array(rows * columns);
  for (let s = spikes.start[k]; s < spikes.start[k + 1]; s++) rates[spikes.pixel[s]] += 1 / spikes.ticks;
  return rates;
}

/** Writes the input spikes of image k, [ticks × pixels], one draw per pixel and tick. */
export function drawSpikes(
  { ticks }: SpikingNetwork,
  images: LabelledImages,
  k: number,
  { seed, pMax = 0.5, part }: SpikingInput & { readonly part: string },
  spikes: Float64Array,
): void {
  const stream = streamOf(`teacher/input ${part}`);
  const rates = pixelRates(images, k);
  const n = rates.length;
  const words = new Uint32Array(4);
  for (let t = 0; t < ticks; t++) {
    // uniformAt(seed, stream, i, k·ticks + t), four pixels to a block
    for (let i = 0; i < n; i++) {
      if ((i & 3) === 0) philox4x32(i >>> 2, k * ticks + t, 0, stream, seed | 0, Math.floor(seed / 2 ** 32), words);
      spikes[t * n + i] = uniformOf(words[i & 3]) < pMax * rates[i] ? 1 : 0;
    }
  }
}

/** @param settle called after each step of the optimiser @returns the mean loss of each epoch */
function* inBatches(
  parameters: readonly Float64Array[],
  gradients: readonly Float64Array[],
  count: number,
  { seed, epochs, batch = 20, rate = 0.002, rateDecay = 1 }: TrainOptions,
  learn: (k: number, epoch: number) => number,
  settle: () => void = () => {},
): Generator<void, number[]> {
  const optimiser = adam();
  const losses: number[] = [];
  let stepSize = rate;
  for (let epoch = 0; epoch < epochs; epoch++) {
    let loss = 0;
    const order = shuffledIndices(seed, streamOf(`teacher/order ${epoch}`), count);
    for (let first = 0; first < count; first += batch) {
      const samples = order.subarray(first, first + batch);
      for (const values of gradients) values.fill(0);
      for (const k of samples) loss += learn(k, epoch);
      optimiser.step(parameters, gradients, stepSize, 1 / samples.length);
      settle();
      yield;
    }
    stepSize = rateDecay === 'even' ? rate * (1 - (epoch + 1) / epochs) : stepSize * rateDecay;
    losses.push(loss / count);
  }
  return losses;
}

/** Takes all steps at once. */
export function toTheEnd<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

function shareOf({ count, labels }: LabelledImages, answer: (k: number) => number): number {
  let right = 0;
  for (let k = 0; k < count; k++) if (answer(k) === labels[k]) right++;
  return right / count;
}
