/** What a check says: a figure, the bar it has to reach, and whether it does. */
import type { Curve } from './curve.ts';

/** One or both ends; both for figures that must lie near a value. */
export interface Bar {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Verdict {
  /** Name of the rule, or `teacher`. */
  readonly subject: string;
  readonly name: string;
  /** What the figure is a figure of, one sentence. */
  readonly what: string;
  readonly value: number;
  readonly bar: Bar;
  readonly passes: boolean;
  /** Where the claim comes from. */
  readonly source: string;
  /** What it saw on the way there; none for most. */
  readonly curves: readonly Curve[];
}

/** A figure that is not a number passes no bar. */
export function verdict(check: Omit<Verdict, 'passes' | 'curves'> & Partial<Pick<Verdict, 'curves'>>): Verdict {
  const { value, bar, curves = [] } = check;
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = bar;
  return { ...check, passes: value >= atLeast && value <= atMost, curves };
}

/** A value to four digits. */
export const valueInWords = ({ value }: Verdict): string => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'no number');

export function barInWords({ bar: { atLeast, atMost } }: Verdict): string {
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} … ${atMost}`;
  return atLeast === undefined ? `at most ${atMost}` : `at least ${nearOne(atLeast)}`;
}

/** `1 - 1e-12` instead of a row of nines. */
function nearOne(value: number): string {
  const lacks = Number((1 - value).toPrecision(3));
  return lacks > 0 && lacks < 1e-4 ? `1 - ${lacks}` : String(value);
}

/** Slope of log y over log x by least squares: the order with which y goes to zero as x does. */
export function logSlope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [x.map(Math.log), y.map(Math.log)];
  const [meanA, meanB] = [mean(a), mean(b)];
  return mean(a.map((value, n) => (value - meanA) * (b[n] - meanB))) / mean(a.map((value) => (value - meanA) ** 2));
}
