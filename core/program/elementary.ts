/**
 * Our own exp, log and power, so that a result does not depend on the JavaScript engine: only IEEE addition, multiplication and division,
 * which every engine rounds the same way. Used by the evaluator and by the emitted loops alike.
 *
 * Numbers: `exp` writes x = k ln2 + r with |r| <= ln2/2 (Cody and Waite 1980: ln2 is split in two so that k ln2 loses nothing), sums the
 * Taylor series of r and scales by 2^k. `log` writes x = 2^k m with m in [sqrt(1/2), sqrt(2)) and sums the series of 2 atanh(f / (2 + f)),
 * f = m - 1. Both stay within 2 units in the last place of the true value; the tests compare with Math.exp and Math.log.
 */

/** ln 2 cut to 32 bits behind the point, so that k * LN2_HIGH is exact for every exponent k; and the rest. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
// a literal, not Math.LOG2E: this file owes nothing to the engine
// biome-ignore lint/suspicious/noApproximativeNumericConstant: see above
const LOG2_E = 1.4426950408889634;

/** [2098] 2^-1074 … 2^1023; a constant table. Entry k + 1074 is 2^k. */
const POWERS_OF_TWO = powersOfTwo();

function powersOfTwo(): Float64Array {
  const table = new Float64Array(2098);
  table[0] = Number.MIN_VALUE;
  for (let i = 1; i < table.length; i++) table[i] = 2 * table[i - 1];
  return table;
}

/** exp(x); 0 below -745.14, Infinity above 709.79. */
export function exp(x: number): number {
  if (x > 709.79) return Infinity;
  if (x < -745.14) return 0;
  if (Number.isNaN(x)) return x;
  const k = Math.floor(x * LOG2_E + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  // 1/n! for n = 13 … 2; the first term left out is below 2^-57 of the sum
  let p = 1.6059043836821613e-10;
  p = p * r + 2.08767569878681e-9;
  p = p * r + 2.505210838544172e-8;
  p = p * r + 2.755731922398589e-7;
  p = p * r + 2.7557319223985893e-6;
  p = p * r + 2.48015873015873e-5;
  p = p * r + 1.984126984126984e-4;
  p = p * r + 1.388888888888889e-3;
  p = p * r + 8.333333333333333e-3;
  p = p * r + 4.1666666666666664e-2;
  p = p * r + 0.16666666666666666;
  p = p * r + 0.5;
  const y = 1 + (high + (r * r * p - low));
  return k > 1023 ? y * 2 * POWERS_OF_TWO[2097] : k < -1074 ? y * 0.5 * Number.MIN_VALUE : y * POWERS_OF_TWO[k + 1074];
}

/** Natural logarithm; NaN below zero, -Infinity at zero. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = exponentOf(x);
  // two steps, because 2^-k alone overflows for the smallest numbers
  let m = k < -1000 ? x * POWERS_OF_TWO[2074] * POWERS_OF_TWO[1074 - (k + 1000)] : x * POWERS_OF_TWO[1074 - k];
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  // 2/(2n+1) for n = 11 … 1
  let p = 0.08695652173913043;
  p = p * z + 0.09523809523809523;
  p = p * z + 0.10526315789473684;
  p = p * z + 0.11764705882352941;
  p = p * z + 0.13333333333333333;
  p = p * z + 0.15384615384615385;
  p = p * z + 0.18181818181818182;
  p = p * z + 0.2222222222222222;
  p = p * z + 0.2857142857142857;
  p = p * z + 0.4;
  p = p * z + 0.6666666666666666;
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + z * p) + k * LN2_LOW) - f);
}

/** The k with 2^k <= x < 2^(k+1), for finite x > 0: a binary search in the table of powers, exact for subnormal numbers too. */
function exponentOf(x: number): number {
  let below = 0;
  let above = 2098;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (POWERS_OF_TWO[middle] <= x) below = middle;
    else above = middle;
  }
  return below - 1074;
}

/** 2^k for a whole k; 0 below -1074, Infinity above 1023. NaN if k is not whole. */
export function powerOfTwo(k: number): number {
  return k > 1023 ? Infinity : k < -1074 ? 0 : k === Math.floor(k) ? POWERS_OF_TWO[k + 1074] : NaN;
}

/** True for ±2^k. */
export function isPowerOfTwo(x: number): boolean {
  const magnitude = Math.abs(x);
  return magnitude > 0 && magnitude < Infinity && powerOfTwo(exponentOf(magnitude)) === magnitude;
}

/** x^y. A whole y of at most 1024 is repeated multiplication (exact for powers of two); any other is exp(y log x). */
export function power(x: number, y: number): number {
  if (y !== Math.floor(y) || y > 1024 || y < -1074) return exp(y * log(x));
  if (y >= 0) return repeatedProduct(x, y);
  const inverse = repeatedProduct(x, -y);
  // 2^1074 overflows although 2^-1074 does not
  return inverse === Infinity || inverse === -Infinity ? repeatedProduct(1 / x, -y) : 1 / inverse;
}

function repeatedProduct(x: number, n: number): number {
  let result = 1;
  let square = x;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    if (rest > 1) square *= square;
  }
  return result;
}

/** Largest count that a Poisson draw returns: for means below 700 it is never reached by a 32-bit uniform. */
export const MOST_EVENTS = 1000;

/**
 * Smallest k with P(K ≤ k) ≥ u for K Poisson with this mean: inversion by summing the terms mean^k·e^-mean/k! from k = 0. Means above 700, where
 * e^-mean leaves the range of doubles, and means that are not numbers give NaN.
 */
export function poissonQuantile(mean: number, u: number): number {
  if (!(mean >= 0 && mean <= 700)) return Number.NaN;
  let term = exp(-mean);
  let sum = term;
  let k = 0;
  while (sum < u && k < MOST_EVENTS) {
    k++;
    term = (term * mean) / k;
    sum += term;
  }
  return k;
}
