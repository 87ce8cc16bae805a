/**
 * Numbers as a reader wants to see them: shares as per cent, differences in points, joules with an engineering prefix. Every function gives
 * an en dash for a value that is missing or not finite, so the report never prints `NaN`. The minus sign is U+2212, as in print.
 */
import { formatQuantity } from '../core/units.ts';

/** What stands where there is no figure. */
export const NONE = '–';

export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function withMinus(text: string): string {
  return text.replace(/^-|(?<=e)-/g, '−');
}

/** `digits` significant digits, trailing zeros dropped, exponent only below 1e-4 and from 1e6 on. */
export function formatNumber(value: unknown, digits = 3): string {
  if (!isFiniteNumber(value)) return NONE;
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size < 1e-4 || size >= 1e6) return withMinus(rounded.toExponential().replace('e+', 'e'));
  return withMinus(String(rounded));
}

/** Whole numbers in groups of three, parted by a narrow no-break space: `1 840 123`. */
export function formatCount(value: unknown): string {
  if (!isFiniteNumber(value)) return NONE;
  return withMinus(String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f'));
}

/** A share 0…1 as per cent. */
export function formatPercent(share: unknown, decimals = 1): string {
  return isFiniteNumber(share) ? `${fixed(share * 100, decimals)} %` : NONE;
}

/** `89.8 to 92.6 %`, both ends shares 0…1. */
export function formatPercentRange(range: readonly [number, number] | null | undefined, decimals = 1): string {
  if (!range?.every(isFiniteNumber)) return NONE;
  return `${fixed(range[0] * 100, decimals)} to ${fixed(range[1] * 100, decimals)} %`;
}

/** A difference of two shares in percentage points, with its sign: `−3.1`, `+0.4`, `0.0`. */
export function formatPoints(difference: unknown, decimals = 1): string {
  if (!isFiniteNumber(difference)) return NONE;
  const text = fixed(difference * 100, decimals);
  return difference > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** Points without a sign in front of positive numbers, for use inside sentences. */
export function formatPointsPlain(difference: unknown, decimals = 1): string {
  return isFiniteNumber(difference) ? fixed(difference * 100, decimals) : NONE;
}

export function formatEnergy(joules: unknown): string {
  return isFiniteNumber(joules) ? withMinus(formatQuantity(joules, 'energy', 3)).replace(' u', ' µ') : NONE;
}

export function formatPower(watts: unknown): string {
  return isFiniteNumber(watts) ? withMinus(formatQuantity(watts, 'power', 3)).replace(' u', ' µ') : NONE;
}

export function formatEnergyRange(lo: unknown, hi: unknown): string {
  return isFiniteNumber(lo) && isFiniteNumber(hi) ? `${formatEnergy(lo)} to ${formatEnergy(hi)}` : NONE;
}

/** A duration in seconds: `840 ms`, `11.2 s`, `3 min 12 s`, `2 h 5 min`. */
export function formatDuration(seconds: unknown): string {
  if (!isFiniteNumber(seconds)) return NONE;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 99.95) return `${fixed(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** `1 seed`, `5 seeds`. */
/** With a capital letter at its start. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function plural(n: number, word: string): string {
  return `${formatCount(n)} ${word}${n === 1 ? '' : 's'}`;
}

/** toFixed without a negative zero. */
function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : withMinus(text);
}
