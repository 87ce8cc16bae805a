/** Bins of every histogram of weights. */
export const HISTOGRAM_BINS = 60;

/** Counts per bin of equal width; what lies outside (a chip's own bounds may be wider) is counted in the outermost bins. */
export function histogramOf(values: ArrayLike<number>, low: number, high: number, bins = HISTOGRAM_BINS): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let k = 0; k < values.length; k++) {
    const bin = Math.floor(((values[k] - low) / (high - low)) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))]++;
  }
  return counts;
}
