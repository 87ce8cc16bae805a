/**
 * Sums of doubles without rounding: a sum is a list of doubles that do not overlap, smallest first, and stands for their exact total (Shewchuk,
 * Adaptive precision floating-point arithmetic, Discrete & Computational Geometry 18, 1997, section 2.3).
 */

export type ExactSum = readonly number[];

export function addExactly(sum: ExactSum, value: number): ExactSum {
  const parts: number[] = [];
  let carried = value;
  for (const part of sum) {
    // the sum of two doubles is a double and what it lacks, which is a double, too
    const total = carried + part;
    const virtual = total - carried;
    const lacking = carried - (total - virtual) + (part - virtual);
    if (lacking !== 0) parts.push(lacking);
    carried = total;
  }
  if (carried !== 0) parts.push(carried);
  return parts;
}

/** The double next to a sum, to one unit in the last place. */
export const roundedSum = (sum: ExactSum): number => sum.reduce((total, part) => total + part, 0);
