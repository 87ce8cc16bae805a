/**
 * Exact ranges of numbers of the form n / 2^fraction, n whole: what an integer machine can hold. `low` and `high` are the whole numbers n
 * at the ends. The rules below are the usual interval arithmetic; a result that leaves the exact range of a double (2^53) is found by the
 * caller from the ends.
 */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Bits behind the binary point. */
  readonly fraction: number;
}

const interval = (ends: readonly number[], fraction: number): Interval => ({ low: Math.min(...ends), high: Math.max(...ends), fraction });

/** Both with the finer of the two binary points. */
function aligned(a: Interval, b: Interval): [Interval, Interval] {
  const fraction = Math.max(a.fraction, b.fraction);
  const shift = (x: Interval) => ({ low: x.low * 2 ** (fraction - x.fraction), high: x.high * 2 ** (fraction - x.fraction), fraction });
  return [shift(a), shift(b)];
}

export function addIntervals(a: Interval, b: Interval): Interval {
  const [x, y] = aligned(a, b);
  return { low: x.low + y.low, high: x.high + y.high, fraction: x.fraction };
}

export const negateInterval = (a: Interval): Interval => ({ low: -a.high, high: -a.low, fraction: a.fraction });

export function multiplyIntervals(a: Interval, b: Interval): Interval {
  return interval([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high], a.fraction + b.fraction);
}

export function minIntervals(a: Interval, b: Interval): Interval {
  const [x, y] = aligned(a, b);
  return { low: Math.min(x.low, y.low), high: Math.min(x.high, y.high), fraction: x.fraction };
}

export const maxIntervals = (a: Interval, b: Interval): Interval => negateInterval(minIntervals(negateInterval(a), negateInterval(b)));

/** Either of the two. */
export function joinIntervals(a: Interval, b: Interval): Interval {
  const [x, y] = aligned(a, b);
  return { low: Math.min(x.low, y.low), high: Math.max(x.high, y.high), fraction: x.fraction };
}

export const absInterval = (a: Interval): Interval => maxIntervals(joinIntervals(a, negateInterval(a)), { low: 0, high: 0, fraction: 0 });

/** After rounding to whole numbers: the lowest by one rule, the highest by another (or the same). */
export const mapEnds = (a: Interval, low: (x: number) => number, high: (x: number) => number): Interval => ({
  low: low(a.low / 2 ** a.fraction),
  high: high(a.high / 2 ** a.fraction),
  fraction: 0,
});

/** The one value of an interval that holds only one. */
export const singleValue = (a: Interval): number | undefined => (a.low === a.high ? a.low / 2 ** a.fraction : undefined);

/** A number as an interval, if it has at most 60 bits behind the point. */
export function pointInterval(value: number): Interval | undefined {
  if (!Number.isFinite(value)) return undefined;
  for (let fraction = 0, n = value; fraction <= 60; fraction++, n *= 2)
    if (Number.isInteger(n)) return { low: n + 0, high: n + 0, fraction };
  return undefined;
}
