/**
 * Comparisons of a uniform draw with a number, as comparisons of the 32-bit word it is made of. With u = (w + 1/2) / 2^32,
 *
 *   u > p  ⇔  w > p·2^32 - 1/2  ⇔  w > floor(p·2^32 - 1/2),      u < p  ⇔  w < ceil(p·2^32 - 1/2).
 *
 * In doubles p·2^32 is exact (of numbers that matter: those above 2^-1022), and so is the difference for p·2^32 >= 1/2, because it is a
 * multiple of the last digit and not larger; below, it stays in [-1/2, 0), where floor and ceil are those of the exact difference.
 */
import { exp } from './elementary.ts';
import type { Apply } from './ir.ts';

/** Largest w with u <= p; -1 or less if there is none. */
export const lastWordUpTo = (p: number): number => Math.floor(p * 4294967296 - 0.5);

/** Smallest w with u >= p; 2^32 or more if there is none. */
export const firstWordFrom = (p: number): number => Math.ceil(p * 4294967296 - 0.5);

/** Partial sums of a Poisson distribution that a uniform draw of 32 bits can exceed, summed as poissonQuantile sums them. */
export function poissonSums(mean: number): number[] {
  const sums: number[] = [];
  let term = exp(-mean);
  for (let sum = term; sum < 1 - 2 ** -33; sum += term) {
    sums.push(sum);
    term = (term * mean) / sums.length;
  }
  return sums;
}

/** Comparisons that a Poisson draw may cost as vectors; beyond, the loop is no slower. */
const MOST_SUMS = 64;

/** Whether a Poisson draw can be comparisons with constants: the mean is a number, and not a large one. */
export function isComparable({ args: [mean, draw] }: Apply): boolean {
  if (mean.kind !== 'literal' || draw.kind !== 'draw') return false;
  return mean.value >= 0 && mean.value <= 20 && poissonSums(mean.value).length <= MOST_SUMS;
}
