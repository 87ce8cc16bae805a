/**
 * The three products with a weight matrix that back-propagation needs. A matrix is [nPre × nPost], a row per source, so that all three run along
 * contiguous rows and a source that is silent costs one comparison. It is also the order in which a projection from all to all takes its weights.
 */
import { normalAt, streamOf } from '../../core/random.ts';

/** out_j += Σ_i w_ij x_i */
export function addForward(
  weights: Float64Array,
  x: Float64Array,
  out: Float64Array,
  xFrom = 0,
  outFrom = 0,
  nPre = x.length,
  nPost = out.length,
): void {
  for (let i = 0; i < nPre; i++) {
    const value = x[xFrom + i];
    if (value === 0) continue;
    const row = i * nPost;
    for (let j = 0; j < nPost; j++) out[outFrom + j] += value * weights[row + j];
  }
}

/** Σ_j w_ij d_j for one source i. */
export function rowTimes(weights: Float64Array, i: number, d: Float64Array): number {
  const row = i * d.length;
  let sum = 0;
  for (let j = 0; j < d.length; j++) sum += weights[row + j] * d[j];
  return sum;
}

/** gradient_ij += x_i d_j */
export function addOuter(gradient: Float64Array, x: Float64Array, d: Float64Array, xFrom = 0, nPre = x.length): void {
  const nPost = d.length;
  for (let i = 0; i < nPre; i++) {
    const value = x[xFrom + i];
    if (value === 0) continue;
    const row = i * nPost;
    for (let j = 0; j < nPost; j++) gradient[row + j] += value * d[j];
  }
}

/** [nPre × nPost] of normal numbers with standard deviation gain / √nPre. */
export function drawWeights(nPre: number, nPost: number, seed: number, stream: string, gain = 1): Float64Array {
  const number = streamOf(stream);
  const sd = gain / Math.sqrt(nPre);
  return Float64Array.from({ length: nPre * nPost }, (_, k) => sd * normalAt(seed, number, k, 0));
}

/** Angle between two lists of arrays taken as one vector each, in degrees; NaN when one of them is zero. */
export function angleBetween(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  return (Math.acos(cosine(a, b)) * 180) / Math.PI;
}

/** Cosine of that angle, never beyond 1 by rounding; NaN when one of them is zero. */
export function cosine(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  let [dot, aa, bb] = [0, 0, 0];
  a.forEach((part, n) => {
    for (let k = 0; k < part.length; k++) {
      dot += part[k] * b[n][k];
      aa += part[k] * part[k];
      bb += b[n][k] * b[n][k];
    }
  });
  return Math.min(1, Math.max(-1, dot / Math.sqrt(aa * bb)));
}

/** |a - b| / |b|, lists taken as one vector each. */
export function relativeError(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  let [off, size] = [0, 0];
  a.forEach((part, n) => {
    for (let k = 0; k < part.length; k++) {
      off += (part[k] - b[n][k]) ** 2;
      size += b[n][k] ** 2;
    }
  });
  return Math.sqrt(off / size);
}
