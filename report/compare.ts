/**
 * Comparison of chips with the reference chip: accuracy differences paired by seed (the chips see the same samples in the same order, so
 * pairing removes the spread that they share), and whether an interval allows a statement at all. Intervals are 95 % Student intervals and
 * are not adjusted for the number of chips.
 */

import type { ChipResult } from '../experiments/result.ts';
import { pairedDifference } from '../experiments/statistics.ts';
import { isFiniteNumber } from './format.ts';

/** Name of the chip that all others are compared with. */
const REFERENCE_CHIP = 'ideal';

export interface Difference {
  /** Mean of (chip - reference) over seeds, as a share. */
  readonly mean: number;
  readonly ci95: readonly [number, number] | null;
  /** Number of paired seeds. */
  readonly n: number;
}

/** `undecided`: the interval includes zero, or there is none. */
export type Judgement = 'higher' | 'lower' | 'undecided';

export function referenceOf(results: readonly ChipResult[]): ChipResult | null {
  return results.find((result) => result.chip === REFERENCE_CHIP) ?? null;
}

/** Colour slot per chip: 0 for the reference, 1, 2, … for the others in order. */
export function chipSlots(results: readonly ChipResult[]): number[] {
  const reference = referenceOf(results);
  let next = 1;
  return results.map((result) => (result === reference ? 0 : next++));
}

/** Accuracy of `chip` minus accuracy of `other`, seed by seed; null when they have no seeds to pair. */
export function seedDifference(chip: ChipResult, other: ChipResult): Difference | null {
  const a = chip.accuracy?.perSeed ?? [];
  const b = other.accuracy?.perSeed ?? [];
  if (a.length !== b.length) return null;
  const usable = a.map((_, k) => k).filter((k) => isFiniteNumber(a[k]) && isFiniteNumber(b[k]));
  if (usable.length === 0) return null;
  const { mean, ci95, n } = pairedDifference(
    usable.map((k) => a[k]),
    usable.map((k) => b[k]),
  );
  return { mean, ci95, n };
}

export function judge(difference: Difference | null): Judgement {
  if (!difference?.ci95) return 'undecided';
  if (difference.ci95[0] > 0) return 'higher';
  return difference.ci95[1] < 0 ? 'lower' : 'undecided';
}

/** Whether two closed intervals share a point. */
export function overlap(a: { readonly lo: number; readonly hi: number }, b: { readonly lo: number; readonly hi: number }): boolean {
  return a.lo <= b.hi && b.lo <= a.hi;
}
