/**
 * A weight on several pairs of cells. Slice s counts base^-s: the first slice holds the leading digit, each further one what the digits before it
 * leave, so that pairs of `levels` levels a side hold a weight to (levels-1)^-1·base^-(slices-1)/2. With an analog last slice nothing is left over.
 */

export interface Slicing {
  /** Pairs per weight. */
  readonly slices: number;
  /** Significance of a slice over the next. */
  readonly base: number;
  /** Conductances that a cell can be told apart by, or 0 when the last slice is analog. */
  readonly levels: number;
}

/** Significances, normalised so that all slices full stand for 1. [slices] */
export function significances({ slices, base }: Slicing): Float64Array {
  const raw = Float64Array.from({ length: slices }, (_, s) => base ** -s);
  const sum = raw.reduce((all, one) => all + one, 0);
  return raw.map((one) => one / sum);
}

/** Shares of the slices, each -1 … 1, whose sum by significance is the weight. @param weight -1 … 1; @returns [slices] */
export function sliceWeight(weight: number, slicing: Slicing): Float64Array {
  const significance = significances(slicing);
  const { levels, slices } = slicing;
  const digits = new Float64Array(slices);
  let rest = Math.min(1, Math.max(-1, weight));
  for (let s = 0; s < slices; s++) {
    // what the slices behind can still make up, either way
    const behind = significance.subarray(s + 1).reduce((sum, one) => sum + one, 0);
    const wanted = Math.min(1, Math.max(-1, rest / significance[s]));
    const analog = s === slices - 1 && levels === 0;
    const steps = levels === 0 ? Math.max(1, Math.round(1 / Math.max(behind / significance[s], 1e-9))) : levels - 1;
    digits[s] = analog ? wanted : Math.round(wanted * steps) / steps;
    rest -= digits[s] * significance[s];
  }
  return digits;
}

/** The weight that slices hold. */
export function joinSlices(digits: ArrayLike<number>, slicing: Slicing): number {
  return significances(slicing).reduce((sum, one, s) => sum + one * digits[s], 0);
}
