/**
 * A layer-wise probe: how much of the answer can be read out of a layer by weights alone (Alain & Bengio, arXiv:1610.01644, 2016). The read-out is fitted to the
 * labels by ridge regression, in closed form, on the rates of the layer and a constant.
 */
import { GLYPH_CLASSES, generateGlyphs } from '../data/glyphs.ts';
import { largestOf } from '../teacher/loss.ts';
import { pixelRates } from '../teacher/train.ts';
import { axis, curve, linesByLayerOverSeeds } from './curve.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

/** Generated digits that a read-out is fitted to, and those it is tried on. */
export interface ProbeSize {
  readonly fitted: number;
  readonly tried: number;
}

export interface ProbedSamples {
  /** [samples] of [neurons] */
  readonly rates: readonly Float64Array[];
  /** [samples] */
  readonly labels: ArrayLike<number>;
}

/** Weight of the squared weights beside the summed squared error; the constant is not held back. */
const RIDGE = 1;

/** Accuracy of a read-out from each layer. @param layersOf rates of every layer that an image leads to; they may be views */
export function probeLayers(
  seed: number,
  { fitted, tried }: ProbeSize,
  layersOf: (pixels: Float64Array) => readonly Float64Array[],
): number[] {
  const seen = (part: 'train' | 'test', count: number): ProbedSamples[] => {
    const images = generateGlyphs({ seed, count, part });
    const rates = Array.from({ length: count }, (_, k) => layersOf(pixelRates(images, k)).map((layer) => layer.slice()));
    return rates[0].map((_, l) => ({ rates: rates.map((layers) => layers[l]), labels: images.labels }));
  };
  const heldOut = seen('test', tried);
  return seen('train', fitted).map((layer, l) => probeAccuracy(GLYPH_CLASSES, layer, heldOut[l]));
}

/** Probes of one seed: [before, after] training, [layer]. */
export type ProbedTraining = readonly (readonly number[])[];

/** Every hidden layer says as much of the class after training as before, or more. @param probes by seed */
export function probeCheck(subject: string, probes: ReadonlyMap<number, ProbedTraining>, size: ProbeSize, trained: number): Verdict {
  const runs = [...probes.values()];
  const pixels = [...probes.keys()].reduce((sum, seed) => sum + probeLayers(seed, size, (image) => [image])[0] / probes.size, 0);
  const layers = runs[0][0].map((_, l) => `layer ${l + 1}`);
  const mean = (point: number, l: number): number => runs.reduce((sum, run) => sum + run[point][l] / runs.length, 0);
  return verdict({
    subject,
    name: 'probe',
    what: `accuracy that a linear read-out of a hidden layer gains by training, least over layers of the mean of ${runs.length} seeds; fitted to ${size.fitted} generated digits, tried on ${size.tried} others: ${layers.map((name, l) => `${name} ${mean(0, l).toFixed(3)} to ${mean(1, l).toFixed(3)}`).join(', ')}`,
    value: Math.min(...layers.map((_, l) => mean(1, l) - mean(0, l))),
    bar: { atLeast: 0 },
    source: 'Alain & Bengio (2016), arXiv:1610.01644',
    curves: [
      curve({
        kind: 'probe',
        title: 'linear read-out of each hidden layer',
        x: axis('training images'),
        y: axis('accuracy on held-out digits'),
        lines: linesByLayerOverSeeds([0, trained], runs, layers),
        reference: { y: pixels, label: 'read out of the pixels' },
      }),
    ],
  });
}

/** Share of held-out samples whose class has the largest read-out; NaN where the rates allow no read-out, as those of weights that have run away. */
export function probeAccuracy(classes: number, fitted: ProbedSamples, heldOut: ProbedSamples): number {
  const readOut = fit(classes, fitted);
  if (!readOut.every((weights) => weights.every(Number.isFinite))) return Number.NaN;
  const neurons = heldOut.rates[0].length;
  let right = 0;
  heldOut.rates.forEach((rates, k) => {
    const values = readOut.map((weights) => {
      let sum = weights[neurons];
      for (let j = 0; j < neurons; j++) sum += weights[j] * rates[j];
      return sum;
    });
    if (largestOf(values) === heldOut.labels[k]) right++;
  });
  return right / heldOut.rates.length;
}

/** [classes] of [neurons + 1]: the last weight is that of the constant. */
function fit(classes: number, { rates, labels }: ProbedSamples): Float64Array[] {
  const n = rates[0].length + 1;
  const gram = new Float64Array(n * n);
  const right = Array.from({ length: classes }, () => new Float64Array(n));
  const row = new Float64Array(n).fill(1);
  rates.forEach((values, k) => {
    row.set(values);
    const target = right[labels[k]];
    for (let i = 0; i < n; i++) {
      const value = row[i];
      target[i] += value;
      for (let j = 0; j <= i; j++) gram[i * n + j] += value * row[j];
    }
  });
  for (let i = 0; i < n - 1; i++) gram[i * n + i] += RIDGE;
  factor(gram, n);
  for (const values of right) solve(gram, values);
  return right;
}

/** The lower triangle L of L·Lᵀ, in place of that of a symmetric positive matrix (Cholesky). */
function factor(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j];
    }
  }
}

/** L·Lᵀ·x = b, in place of b. */
function solve(lower: Float64Array, b: Float64Array): void {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i] -= lower[i * n + k] * b[k];
    b[i] /= lower[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i] -= lower[k * n + i] * b[k];
    b[i] /= lower[i * n + i];
  }
}
