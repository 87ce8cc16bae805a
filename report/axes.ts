/**
 * Axes: where ticks go, what they say, how they are drawn. Ticks stand at 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph
 * labels", Graphics Gems, 1990, without the loose end points). Each tick is computed as a whole multiple of the step, never by adding up.
 */
import { isFiniteNumber, withMinus } from './format.ts';
import type { Scale } from './svg.ts';
import { line, textAt } from './svg.ts';

export interface Ticks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
  readonly step: number;
}

/** About `about` ticks inside [lo, hi]. */
export function niceTicks(lo: number, hi: number, about = 5): Ticks {
  if (!isFiniteNumber(lo) || !isFiniteNumber(hi)) return { values: [], labels: [], step: 0 };
  if (lo > hi) return niceTicks(hi, lo, about);
  if (lo === hi) return { values: [lo], labels: [withMinus(String(Number(lo.toPrecision(6))))], step: 0 };
  const [mantissa, exponent] = niceStep((hi - lo) / Math.max(1, about));
  const step = scaleByTen(mantissa, exponent);
  const slack = 1e-9;
  const first = Math.ceil(lo / step - slack);
  const last = Math.floor(hi / step + slack);
  const values = Array.from({ length: last - first + 1 }, (_, k) => scaleByTen((first + k) * mantissa, exponent) + 0);
  return { values, labels: tickLabels(values, exponent), step };
}

/** The range widened outwards to whole steps. */
export function niceDomain(lo: number, hi: number, about = 5): [number, number] {
  if (lo === hi) return lo === 0 ? [0, 1] : niceDomain(lo - Math.abs(lo) / 2, lo + Math.abs(lo) / 2, about);
  const [mantissa, exponent] = niceStep((hi - lo) / Math.max(1, about));
  const step = scaleByTen(mantissa, exponent);
  return [scaleByTen(Math.floor(lo / step + 1e-9) * mantissa, exponent), scaleByTen(Math.ceil(hi / step - 1e-9) * mantissa, exponent)];
}

/** Powers of ten inside [lo, hi], all of them or every second, third …, so that there are no more than `most`. Both ends are above zero. */
export function decadeTicks(lo: number, hi: number, most = 6): Ticks {
  const slack = 1e-9;
  const first = Math.ceil(Math.log10(lo) - slack);
  const last = Math.floor(Math.log10(hi) + slack);
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  const exponents = Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, k) => first + every * k);
  const isPlain = exponents.every((exponent) => exponent >= -3 && exponent <= 3);
  return {
    values: exponents.map((exponent) => scaleByTen(1, exponent)),
    labels: exponents.map((exponent) => (isPlain || exponent === 0 ? String(scaleByTen(1, exponent)) : withMinus(`1e${exponent}`))),
    step: every,
  };
}

/** The range widened outwards to powers of ten. Both ends are above zero. */
export const decadeDomain = (lo: number, hi: number): [number, number] => {
  const first = Math.floor(Math.log10(lo) + 1e-9);
  return [scaleByTen(1, first), scaleByTen(1, Math.max(first + 1, Math.ceil(Math.log10(hi) - 1e-9)))];
};

/** Smallest and largest finite number; null when there is none. */
export function extent(values: Iterable<number>): [number, number] | null {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!isFiniteNumber(value)) continue;
    if (value < lo) lo = value;
    if (value > hi) hi = value;
  }
  return lo <= hi ? [lo, hi] : null;
}

export interface AxisFrame {
  /** Edges of the plotting area in user units. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Horizontal rules with their labels on the left. */
export function yAxis(frame: AxisFrame, scale: Scale, ticks: Ticks): string {
  return ticks.values
    .map((value, k) => {
      const y = scale(value);
      return (
        line(frame.left, y, frame.right, y, 'grid') +
        textAt(frame.left - 7, y + 3.8, ticks.labels[k], { class: 'tick', 'text-anchor': 'end' })
      );
    })
    .join('');
}

/** Base line, small ticks, labels, and the name of the axis below. */
export function xAxis(frame: AxisFrame, scale: Scale, ticks: Ticks, name: string): string {
  const marks = ticks.values.map((value, k) => {
    const x = scale(value);
    return (
      line(x, frame.bottom, x, frame.bottom + 4, 'axis') +
      textAt(x, frame.bottom + 17, ticks.labels[k], { class: 'tick', 'text-anchor': 'middle' })
    );
  });
  const middle = (frame.left + frame.right) / 2;
  return [
    line(frame.left, frame.bottom, frame.right, frame.bottom, 'axis'),
    ...marks,
    textAt(middle, frame.bottom + 34, name, { class: 'axis-name', 'text-anchor': 'middle' }),
  ].join('');
}

/** [1 | 2 | 5, power of ten] at or above the raw step, judged on a logarithmic scale. */
function niceStep(raw: number): [number, number] {
  const exponent = Math.floor(Math.log10(raw) + 1e-12);
  const fraction = raw / 10 ** exponent;
  if (fraction < 1.5) return [1, exponent];
  if (fraction < 3.5) return [2, exponent];
  if (fraction < 7.5) return [5, exponent];
  return [1, exponent + 1];
}

/** n · 10^exponent, correctly rounded for small exponents: division by a whole power of ten, not multiplication by its inverse. */
function scaleByTen(n: number, exponent: number): number {
  return exponent < 0 ? n / 10 ** -exponent : n * 10 ** exponent;
}

function tickLabels(values: readonly number[], exponent: number): string[] {
  const largest = Math.max(...values.map(Math.abs), 0);
  if (largest >= 1e6 || (largest > 0 && largest < 1e-3)) {
    return values.map((value) => (value === 0 ? '0' : withMinus(Number(value.toPrecision(6)).toExponential().replace('e+', 'e'))));
  }
  const decimals = Math.max(0, -exponent);
  return values.map((value) =>
    withMinus(value.toFixed(decimals).replace(/\B(?=(\d{3})+$)/g, largest >= 1e4 && decimals === 0 ? '\u202f' : '')),
  );
}
