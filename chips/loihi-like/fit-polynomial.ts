/**
 * The straight line or parabola nearest to a function on an interval: least squares over equally spaced points, in a basis that is orthogonal on
 * them (1, u, u² - mean of u², with u from -1 to 1), so each coefficient is a plain average.
 */

export interface Polynomial {
  /** value = c[0] + c[1]·x + c[2]·x² … */
  readonly coefficients: readonly number[];
  /** Largest distance on the points. */
  readonly maxDifference: number;
}

const POINTS = 201;

/** Undefined if the function is not finite everywhere on the interval. */
export function fitPolynomial(f: (x: number) => number, [low, high]: readonly [number, number], degree: 0 | 1 | 2): Polynomial | undefined {
  const middle = (low + high) / 2;
  const half = (high - low) / 2;
  const us = Array.from({ length: POINTS }, (_, n) => (2 * n) / (POINTS - 1) - 1);
  const values = us.map((u) => f(middle + half * u));
  if (!values.every(Number.isFinite)) return undefined;
  const meanSquare = us.reduce((sum, u) => sum + u * u, 0) / POINTS;
  const basis = [(): number => 1, (u: number): number => u, (u: number): number => u * u - meanSquare].slice(0, degree + 1);
  const weights = basis.map((b) => {
    const norm = us.reduce((sum, u) => sum + b(u) * b(u), 0);
    return us.reduce((sum, u, n) => sum + b(u) * values[n], 0) / norm;
  });
  const maxDifference = us.reduce(
    (most, u, n) => Math.max(most, Math.abs(basis.reduce((sum, b, k) => sum + weights[k] * b(u), 0) - values[n])),
    0,
  );
  // back from u = (x - middle) / half
  const [a = 0, b = 0, c = 0] = weights;
  const square = c / (half * half);
  const coefficients = [a - c * meanSquare - (b * middle) / half + square * middle * middle, b / half - 2 * square * middle, square];
  // what is left of sums that cancel is no coefficient
  const reach = Math.max(Math.abs(low), Math.abs(high), half);
  const top = Math.max(...coefficients.map((value, power) => Math.abs(value) * reach ** power));
  const kept = coefficients.map((value, power) => (Math.abs(value) * reach ** power < 1e-12 * top ? 0 : value));
  return { coefficients: kept.slice(0, degree + 1), maxDifference };
}
