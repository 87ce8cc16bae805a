/** What a circuit is made for, and pieces that several circuits have in common. */
import type { Experiment } from 'hillock';

/** A way to learn images with one rule: the network that the rule needs, and the task that drives it. */
export interface CircuitOptions {
  readonly pixels: number;
  /** Real images from a folder, rather than generated 8×8 digits. */
  readonly realImages: boolean;
  /** Samples are spikes over so many ticks; absent for pictures. */
  readonly ticks?: number;
  /** Neurons of the hidden layer. */
  readonly hidden?: number;
  readonly train?: number;
  readonly test?: number;
  readonly epochs?: number;
}

export type Circuit = (options: CircuitOptions) => Pick<Experiment, 'network' | 'task' | 'summary'>;

export const CLASSES = 10;

/** Images per epoch and for the test, where nobody says otherwise. */
export const imageCounts = ({ realImages, train, test }: CircuitOptions): { trainImages: number; testImages: number } => ({
  trainImages: train ?? (realImages ? 60_000 : 3000),
  testImages: test ?? (realImages ? 5000 : 1000),
});

export const hiddenSize = ({ realImages, hidden }: CircuitOptions): number => hidden ?? (realImages ? 400 : 100);

/** n starting points spread evenly over 0 … below, neighbours far apart (multiples of the golden ratio). */
export const spreadOver = (n: number, below: number): number[] => Array.from({ length: n }, (_, i) => ((i * 0.618034) % 1) * below);

/** Most spikes of a sample. */
const ROOM = 20_000;

/** What a sample drives: pixels whose spikes it brings along, or neurons that turn brightness into spikes. */
export const inputNeurons = ({ pixels, ticks }: CircuitOptions, ticksPerSpike: number): object =>
  ticks === undefined ? pixelNeurons(pixels, ticksPerSpike) : { name: 'pixels', size: pixels, source: 'played', room: ROOM };

/** One neuron per pixel, whose spikes are as evenly spaced as its brightness allows; white is one spike in every `ticksPerSpike` ticks. */
export const pixelNeurons = (size: number, ticksPerSpike: number): object => ({
  name: 'pixels',
  size,
  model: 'rate-if',
  integrator: 'euler',
  tauMem: '1 ms',
  vThreshold: ticksPerSpike,
  floor: 0,
  ceiling: ticksPerSpike,
  bias: 0,
  tunable: ['bias'],
  phaseInitial: spreadOver(size, ticksPerSpike),
});

/** Sums what arrives and never fires: nothing adds up to the threshold. */
export const compartment = (name: string, size: number, vThreshold = 1000): object => ({
  name,
  size,
  model: 'lif',
  integrator: 'euler',
  tauMem: '1000000 s',
  vThreshold,
});

/** Uniform weights of the size that keeps activities from growing or shrinking from layer to layer (Glorot & Bengio, AISTATS 2010), times `share`. */
export function glorot(nPre: number, nPost: number, share = 1): { uniform: [number, number] } {
  const limit = share * Math.sqrt(6 / (nPre + nPost));
  return { uniform: [-limit, limit] };
}

/** What circuits of layers have in common as a task: pixels in, output neurons that answer. */
export const layeredTask = {
  kind: 'phased-classification',
  input: 'pixels',
  white: 1,
  answer: 'output',
  plastic: 'pixels-hidden',
  classes: CLASSES,
} as const;
