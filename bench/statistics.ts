/** Few numbers, taken by turns on a shared machine: medians and the whole spread, no means. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1], n: sorted.length };
}

/** Ratio a / b of measurements taken by turns: of the medians, and from the smallest to the largest of the single turns. */
export function ratioOf(a: readonly number[], b: readonly number[]): Spread {
  const turns = a.slice(0, b.length).map((value, k) => value / b[k]);
  return { ...spreadOf(turns), median: spreadOf(a).median / spreadOf(b).median };
}

/**
 * Mean over the first `neurons` neurons with more than four spikes of sd / mean of their intervals (divisor n); null when there is none.
 */
export function intervalCv({ t, i }: { readonly t: ArrayLike<number>; readonly i: ArrayLike<number> }, neurons: number): number | null {
  const times: number[][] = Array.from({ length: neurons }, () => []);
  for (let s = 0; s < t.length; s++) if (i[s] < neurons) times[i[s]].push(t[s]);
  const values = times
    .filter((list) => list.length > 4)
    .map((list) => {
      const gaps = list.slice(1).map((time, k) => time - list[k]);
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      return Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length) / mean;
    });
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Least squares: the coefficients c with rows·c nearest to values, by Gaussian elimination of the normal equations. @param rows [m][n] */
export function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  const n = rows[0].length;
  const a = Array.from({ length: n }, (_, r) => [
    ...Array.from({ length: n }, (_, c) => rows.reduce((sum, row) => sum + row[r] * row[c], 0)),
    rows.reduce((sum, row, k) => sum + row[r] * values[k], 0),
  ]);
  for (let p = 0; p < n; p++) {
    let best = p;
    for (let r = p + 1; r < n; r++) if (Math.abs(a[r][p]) > Math.abs(a[best][p])) best = r;
    [a[p], a[best]] = [a[best], a[p]];
    for (let r = 0; r < n; r++) {
      if (r === p || a[p][p] === 0) continue;
      const factor = a[r][p] / a[p][p];
      for (let c = p; c <= n; c++) a[r][c] -= factor * a[p][c];
    }
  }
  return a.map((row, r) => row[n] / row[r]);
}
