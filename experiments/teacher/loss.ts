/** What the output of a network is measured by, and the slope of that by each output. */
import { exp, log } from '../../core/program/elementary.ts';

/** ½ Σ (output - target)², or minus the log of what a soft-max over the outputs gives the right class (targets sum to 1). */
export type LossName = 'squared-error' | 'softmax-cross-entropy';

/** The loss of one sample; `slope` takes d loss / d output. @param output, target, slope [nOut] */
export function lossOf(name: LossName, output: Float64Array, target: ArrayLike<number>, slope: Float64Array): number {
  const n = output.length;
  let loss = 0;
  if (name === 'squared-error') {
    for (let k = 0; k < n; k++) {
      slope[k] = output[k] - target[k];
      loss += 0.5 * slope[k] * slope[k];
    }
    return loss;
  }
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < n; k++) largest = Math.max(largest, output[k]);
  let sum = 0;
  for (let k = 0; k < n; k++) sum += exp(output[k] - largest);
  for (let k = 0; k < n; k++) {
    slope[k] = exp(output[k] - largest) / sum - target[k];
    loss -= target[k] === 0 ? 0 : target[k] * (output[k] - largest - log(sum));
  }
  return loss;
}

/** [classes] 1 at the class and 0 elsewhere. */
export function oneHot(classes: number, label: number): Float64Array {
  const target = new Float64Array(classes);
  target[label] = 1;
  return target;
}

/** Index of the largest value, the first of equals. */
export function largestOf(values: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  return best;
}
