/**
 * A two-layer perceptron trained on line on arrays of one-cell synapses with a mid-range reference, as the MLP benchmark of NeuroSim does it: binary
 * inputs, sigmoid units, hidden outputs rounded to one bit on their way to the next array, partial sums of 8 bits, batch 1, every weight
 * change turned into whole pulses at once. It serves comparison with that benchmark; rules of the simulator are local, this one is not.
 */
import { accessCurrent } from '../chips/memristor-crossbar/access-device.ts';
import type { Device } from '../chips/memristor-crossbar/device-figures.ts';
import { figureOf } from '../chips/memristor-crossbar/device-figures.ts';
import type { Motion } from '../chips/memristor-crossbar/device-models.ts';
import { LAWS } from '../chips/memristor-crossbar/device-models.ts';
import { drawCell } from '../chips/memristor-crossbar/draw-cells.ts';
import { InternalError } from '../core/errors.ts';
import { exp } from '../core/program/elementary.ts';
import { integerAt, normalAt, streamOf } from '../core/random.ts';

/** Where start weights are put: linear in the read current, in the conductance, or in the conductance with gMin forgotten. */
export const START_MAPPINGS = ['read-current', 'conductance', 'conductance-without-gmin'] as const;
export type StartMapping = (typeof START_MAPPINGS)[number];

export interface AnalogMlp {
  readonly device: Device;
  /** Ohms in series with each cell. */
  readonly accessOhm: number;
  readonly startMapping: StartMapping;
  readonly hidden: number;
  /** Learning rates of the first and second layer. */
  readonly rates: readonly [number, number];
  readonly epochs: number;
  /** Random training images per epoch. */
  readonly imagesPerEpoch: number;
  readonly seed: number;
}

/** Images of ones and zeros, [count × inputs], with their classes. */
export interface BinaryImages {
  readonly inputs: number;
  readonly count: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

const CLASSES = 10;
const SUM_STEPS = 2 ** 8 - 2;

/** @returns share of test images classified right, after each epoch */
export function trainAnalogMlp(options: AnalogMlp, train: BinaryImages, test: BinaryImages): number[] {
  const { hidden, epochs, imagesPerEpoch, seed, rates } = options;
  const first = createLayer(options, train.inputs, hidden, 'first');
  const second = createLayer(options, hidden, CLASSES, 'second');
  const state = { a1: new Float64Array(hidden), bits: new Uint8Array(hidden), a2: new Float64Array(CLASSES) };
  const [s1, s2] = [new Float64Array(hidden), new Float64Array(CLASSES)];
  const stream = streamOf('analog mlp/order');
  const accuracies: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let n = 0; n < imagesPerEpoch; n++) {
      const event = epoch * imagesPerEpoch + n + 1;
      const image = integerAt(seed, stream, 0, event, train.count);
      const x = train.pixels.subarray(image * train.inputs, (image + 1) * train.inputs);
      forward(first, second, x, state);
      for (let k = 0; k < CLASSES; k++) {
        const wanted = train.labels[image] === k ? 1 : 0;
        s2[k] = -2 * state.a2[k] * (1 - state.a2[k]) * (wanted - state.a2[k]);
      }
      for (let j = 0; j < hidden; j++) {
        let back = 0;
        for (let k = 0; k < CLASSES; k++) back += second.weights[j * CLASSES + k] * s2[k];
        s1[j] = state.a1[j] * (1 - state.a1[j]) * back;
      }
      for (let i = 0; i < train.inputs; i++)
        if (x[i] === 1) for (let j = 0; j < hidden; j++) change(first, i * hidden + j, -rates[0] * s1[j], event);
      for (let j = 0; j < hidden; j++)
        for (let k = 0; k < CLASSES; k++) change(second, j * CLASSES + k, -rates[1] * s2[k] * state.a1[j], event);
    }
    accuracies.push(accuracy(first, second, test, state));
  }
  return accuracies;
}

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs × outputs] normalised conductance, and the weight that its read current stands for */
  readonly u: Float64Array;
  readonly weights: Float64Array;
  readonly up: Motion & { readonly kind: 'geometric' };
  readonly down: Motion & { readonly kind: 'geometric' };
  readonly pulsesUp: number;
  readonly pulsesDown: number;
  readonly rangeStd: number;
  readonly weightOf: (u: number) => number;
  readonly seed: number;
  readonly stream: number;
}

function createLayer({ device, accessOhm, startMapping, seed }: AnalogMlp, inputs: number, outputs: number, name: string): Layer {
  const of = (figure: Parameters<typeof figureOf>[1]): number => figureOf(device, figure);
  const { up, down } = LAWS[device.law].motion(
    drawCell(device, of, () => 0),
    of,
  );
  if (up.kind !== 'geometric' || down.kind !== 'geometric') throw new InternalError(`${device.name} has no closed form for a burst`);
  const [gMin, span] = [of('gMin'), of('gMax') - of('gMin')];
  const current = accessCurrent({ gMin, gMax: of('gMax'), accessOhm });
  const weightOf = (u: number): number => current.weight(gMin + span * u);
  const stream = streamOf(`analog mlp/${name}`);
  const u = Float64Array.from({ length: inputs * outputs }, (_, k) => {
    // multiples of 1/3 between -1 and 1
    const weight = integerAt(seed, stream, k, 0, 7) / 3 - 1;
    const linear = (1 + weight) / 2;
    if (startMapping === 'read-current') return (current.conductance(weight) - gMin) / span;
    return startMapping === 'conductance' ? linear : linear - gMin / span;
  });
  return {
    inputs,
    outputs,
    u,
    weights: u.map(weightOf),
    up,
    down,
    pulsesUp: of('pulsesUp'),
    pulsesDown: of('pulsesDown'),
    rangeStd: of('rangeStd'),
    weightOf,
    seed,
    stream,
  };
}

/** Turns a change of weight into whole pulses, rounded half up, and sends them. */
function change(layer: Layer, k: number, dw: number, event: number): void {
  const motion = dw > 0 ? layer.up : layer.down;
  const pulses = Math.floor((Math.abs(dw) / 2) * (dw > 0 ? layer.pulsesUp : layer.pulsesDown) + 0.5);
  if (pulses === 0) return;
  const { u, weights, rangeStd, seed, stream } = layer;
  const moved = motion.target + (u[k] - motion.target) * exp(pulses * motion.rate);
  const noise = rangeStd === 0 ? 0 : rangeStd * Math.sqrt(pulses) * normalAt(seed, stream, k, event);
  u[k] = Math.min(1, Math.max(0, moved + noise));
  weights[k] = layer.weightOf(u[k]);
}

interface State {
  /** Outputs of the hidden units and of the answer, and the hidden ones as one bit. */
  readonly a1: Float64Array;
  readonly bits: Uint8Array;
  readonly a2: Float64Array;
}

function forward(first: Layer, second: Layer, x: ArrayLike<number>, { a1, bits, a2 }: State): void {
  weightedSums(first, x, a1);
  for (let j = 0; j < a1.length; j++) {
    a1[j] = 1 / (1 + exp(-a1[j]));
    bits[j] = a1[j] >= 0.5 ? 1 : 0;
  }
  weightedSums(second, bits, a2);
  for (let k = 0; k < a2.length; k++) a2[k] = 1 / (1 + exp(-a2[k]));
}

/** Column currents less the reference, converted over what all inputs at full weight would give. */
function weightedSums({ inputs, outputs, weights }: Layer, x: ArrayLike<number>, sums: Float64Array): void {
  sums.fill(0);
  for (let i = 0; i < inputs; i++) {
    if (x[i] === 0) continue;
    for (let j = 0, k = i * outputs; j < outputs; j++, k++) sums[j] += weights[k];
  }
  const step = (2 * inputs) / SUM_STEPS;
  for (let j = 0; j < outputs; j++) sums[j] = Math.round(sums[j] / step) * step;
}

function accuracy(first: Layer, second: Layer, { inputs, count, pixels, labels }: BinaryImages, state: State): number {
  let right = 0;
  for (let n = 0; n < count; n++) {
    forward(first, second, pixels.subarray(n * inputs, (n + 1) * inputs), state);
    let best = 0;
    for (let k = 1; k < CLASSES; k++) if (state.a2[k] > state.a2[best]) best = k;
    if (best === labels[n]) right++;
  }
  return right / count;
}
