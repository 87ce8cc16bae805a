/**
 * What a comparison over seeds may claim: means with Student's t intervals, proportions with Wilson's, and paired differences. A handful of
 * seeds is the usual case, so nothing here leans on large samples. One value has no spread: its interval is null, never zero wide.
 */
import { InternalError } from '../core/errors.ts';
import { normalQuantile } from '../core/random.ts';

export type Interval = readonly [lo: number, hi: number];

export interface MeanWithCi {
  readonly mean: number;
  /** Confidence interval of the mean at `level`; null for a single value. */
  readonly ci95: Interval | null;
  readonly n: number;
  /** Sample standard deviation (n - 1); null for a single value. */
  readonly sd: number | null;
}

export interface PairedDifference extends MeanWithCi {
  /** Student's t of the mean difference; null for one pair, or when all differences are equal. */
  readonly t: number | null;
  /** Probability of a |t| at least as large if the true mean difference were 0; null where t is. */
  readonly pValue: number | null;
}

export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new InternalError('no values to take the mean of');
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  if (!Number.isFinite(sum)) throw new InternalError('the values are not all finite');
  return sum / values.length;
}

/** Sample standard deviation (divisor n - 1), in two passes; null for a single value. */
export function sampleSd(values: ArrayLike<number>): number | null {
  const n = values.length;
  const centre = mean(values);
  if (n === 1) return null;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - centre) ** 2;
  return Math.sqrt(squares / (n - 1));
}

/** The field is called ci95 because 0.95 is what is reported; tests and special tables may ask for another `level`. */
export function meanWithCi(values: ArrayLike<number>, level = 0.95): MeanWithCi {
  checkLevel(level);
  const n = values.length;
  const centre = mean(values);
  const sd = sampleSd(values);
  if (sd === null) return { mean: centre, ci95: null, n, sd };
  const half = (tQuantile(0.5 + level / 2, n - 1) * sd) / Math.sqrt(n);
  return { mean: centre, ci95: [centre - half, centre + half], n, sd };
}

/** The differences a[i] - b[i], for two conditions run with the same seeds: what the seeds share cancels. */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>, level = 0.95): PairedDifference {
  if (a.length !== b.length) throw new InternalError(`pairs need equal lengths, not ${a.length} and ${b.length}`);
  const differences = Float64Array.from(a, (value, i) => value - b[i]);
  const summary = meanWithCi(differences, level);
  if (summary.sd === null || summary.sd === 0) return { ...summary, t: null, pValue: null };
  const t = summary.mean / (summary.sd / Math.sqrt(summary.n));
  return { ...summary, t, pValue: Math.min(1, 2 * tUpperTail(Math.abs(t), summary.n - 1)) };
}

/**
 * Wilson's score interval of a proportion (Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212): stays inside 0 … 1 and does not collapse at 0 or
 * n successes, which accuracies near 100 % need.
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): Interval {
  checkLevel(level);
  if (!(Number.isInteger(n) && n > 0 && Number.isInteger(successes) && successes >= 0 && successes <= n)) {
    throw new InternalError(`${successes} successes out of ${n} is no proportion`);
  }
  const z = normalQuantile(0.5 + level / 2);
  const p = successes / n;
  const scale = 1 + (z * z) / n;
  const centre = (p + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  // At the ends the exact bounds are 0 and 1; rounding would leave 1e-17.
  return [successes === 0 ? 0 : centre - half, successes === n ? 1 : centre + half];
}

/**
 * Area under the receiver operating characteristic: the probability that one of the first scores is above one of the others, ties counting half
 * (Mann & Whitney, Ann. Math. Stat. 18 (1947) 50-60); null where there are none of either.
 */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number | null {
  if (positives.length === 0 || negatives.length === 0) return null;
  let above = 0;
  for (const positive of positives) for (const negative of negatives) above += positive > negative ? 1 : positive === negative ? 0.5 : 0;
  return above / (positives.length * negatives.length);
}

/**
 * Holm's step-down correction of several tests made together (Holm, Scand. J. Statist. 6 (1979) 65-70): the chance that any true null
 * hypothesis is rejected stays below the level that the corrected values are compared with. Tests without a p value are no part of it.
 */
export function holmCorrected(pValues: readonly (number | null)[]): (number | null)[] {
  const order = pValues.flatMap((p, test) => (p === null ? [] : [{ p, test }])).sort((a, b) => a.p - b.p);
  const corrected: (number | null)[] = pValues.map(() => null);
  let least = 0;
  for (const [rank, { p, test }] of order.entries()) {
    least = Math.max(least, Math.min(1, p * (order.length - rank)));
    corrected[test] = least;
  }
  return corrected;
}

/**
 * Probability that the two-sided paired t test of `n` pairs finds a true mean difference of `effect` standard deviations of the differences:
 * the noncentral t distribution beyond its critical values, by integrating over the sample standard deviation (Simpson, 1e-6).
 * @param level of the interval, 0.95 for a test at 5 %
 */
export function pairedTestPower(n: number, effect: number, level = 0.95): number {
  checkLevel(level);
  if (!(Number.isInteger(n) && n >= 2)) throw new InternalError(`${n} pairs make no t test`);
  const nu = n - 1;
  const critical = tQuantile(0.5 + level / 2, nu);
  const shift = Math.abs(effect) * Math.sqrt(n);
  // s is the sample deviation over the true one; nu·s² is chi-square distributed with nu degrees of freedom
  const logFront = Math.log(2) + (nu / 2) * Math.log(nu / 2) - logGamma(nu / 2);
  const weight = (s: number): number =>
    s === 0 ? (nu === 1 ? Math.exp(logFront) : 0) : Math.exp(logFront + (nu - 1) * Math.log(s) - (nu * s * s) / 2);
  const found = (s: number): number => normalBelow(shift - critical * s) + normalBelow(-shift - critical * s);
  const [from, to] = [Math.max(0, 1 - 8 / Math.sqrt(2 * nu)), 1 + 8 / Math.sqrt(2 * nu)];
  const steps = 800;
  const width = (to - from) / steps;
  let sum = 0;
  for (let k = 0; k <= steps; k++) {
    const s = from + k * width;
    sum += (k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2) * weight(s) * found(s);
  }
  return (sum * width) / 3;
}

/** Beyond this many pairs nobody is told a number. */
const MOST_PAIRS = 1_000_000;

/**
 * Pairs with which the paired t test finds a true mean difference with probability `power`; null where no number of pairs up to a million does
 * (a difference of 0, or one far below the spread).
 * @param sd standard deviation of the differences
 */
export function pairsNeeded(difference: number, sd: number, { power = 0.8, level = 0.95 } = {}): number | null {
  const effect = Math.abs(difference) / sd;
  if (!(effect > 0)) return null;
  let enough = 2;
  while (pairedTestPower(enough, effect, level) < power) {
    enough *= 2;
    if (enough > MOST_PAIRS) return null;
  }
  let tooFew = enough === 2 ? 1 : enough / 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (pairedTestPower(middle, effect, level) < power) tooFew = middle;
    else enough = middle;
  }
  return enough;
}

/** Quantile of Student's t for 0 < p < 1: the upper tail is halved into until neighbouring floats bracket the answer. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1 && degreesOfFreedom > 0))
    throw new InternalError(`no t quantile for p = ${p}, ${degreesOfFreedom} degrees of freedom`);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  let lo = 0;
  let hi = 1;
  while (tUpperTail(hi, degreesOfFreedom) > tail) {
    lo = hi;
    hi *= 2;
  }
  for (let middle = (lo + hi) / 2; middle > lo && middle < hi; middle = (lo + hi) / 2) {
    if (tUpperTail(middle, degreesOfFreedom) > tail) lo = middle;
    else hi = middle;
  }
  return p < 0.5 ? -hi : hi;
}

/** P(T > t) for t >= 0: half the incomplete beta function at nu / (nu + t^2) (Abramowitz & Stegun 26.7.1). */
function tUpperTail(t: number, nu: number): number {
  return 0.5 * incompleteBeta(nu / (nu + t * t), (t * t) / (nu + t * t), nu / 2, 0.5);
}

/**
 * The regularised incomplete beta function I_x(a, b), with y = 1 - x given apart so that nothing cancels. Its continued fraction
 * (Abramowitz & Stegun 26.5.8) converges fast for x < (a + 1) / (a + b + 2); beyond, the symmetry I_x(a, b) = 1 - I_y(b, a) leads back.
 */
function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x === 0) return 0;
  if (y === 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(y, x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log(y) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  // Evaluated from the front by the modified Lentz method; no denominator vanishes for 0 < x < 1 and positive a, b in this region.
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) return front * fraction;
  }
  throw new InternalError(`the incomplete beta function did not converge at x = ${x}, a = ${a}, b = ${b}`);
}

/** P(Z < x) of the standard normal distribution, by its series of positive terms (Abramowitz & Stegun 26.2.11). */
function normalBelow(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Natural logarithm of the gamma function for x > 0: Stirling's series (Abramowitz & Stegun 6.1.41) from 10 on, recurrence below. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift -= Math.log(z);
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / z;
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
}

function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new InternalError(`a confidence level lies between 0 and 1, not at ${level}`);
}
