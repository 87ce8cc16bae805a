/** Fields and tolerances of the crossbar recordings: what a check does not know is a difference, never a silence. */
import { Difference } from './compare.ts';
import type { Fields, Recording } from './recording.ts';

/** Refuses fields of `part` that the check does not know. */
export function onlyFields(part: 'parameters' | 'inputs' | 'expected', recording: Recording, known: readonly string[]): void {
  const given: unknown = recording[part];
  if (typeof given !== 'object' || given === null) throw new Difference(`the recording has no ${part}`);
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Difference(`${part}: no check for ${unknown.map((key) => `"${key}"`).join(', ')}`);
}

/** The number `key` of `part`; a difference where it is missing. */
export function numberIn(part: 'parameters' | 'inputs', recording: Recording, key: string): number {
  const value: unknown = recording[part]?.[key];
  if (typeof value !== 'number') throw new Difference(`${part}.${key} is ${JSON.stringify(value)}, but must be a number`);
  return value;
}

/** The list `key` of `part`. */
export function listIn(part: 'parameters' | 'inputs' | 'expected', recording: Recording, key: string): Fields[] {
  const value: unknown = recording[part]?.[key];
  if (!Array.isArray(value)) throw new Difference(`${part}.${key} is ${JSON.stringify(value)}, but must be a list`);
  return value;
}

/** Compares within the recording's own tolerance: `relative`, `absolute` or both (either may hold). */
export function near(recording: Recording, actual: number, expected: unknown, what: string): void {
  const { relative = 0, absolute = 0 } = (recording.tolerance ?? {}) as { relative?: number; absolute?: number };
  within(actual, expected, Math.max(absolute, relative * Math.abs(Number(expected))), what);
}

export function within(actual: number, expected: unknown, allowed: number, what: string): void {
  if (typeof expected !== 'number') throw new Difference(`${what}: recorded ${JSON.stringify(expected)}, which is no number`);
  // the last bits of a sum differ with its order
  if (Math.abs(actual - expected) <= allowed + 1e-15 * Math.abs(expected)) return;
  throw new Difference(`${what}: ${actual}, recorded ${expected}, tolerance ${allowed.toPrecision(3)}`);
}

/** Element by element, lengths included. */
export function nearList(recording: Recording, actual: ArrayLike<number>, expected: unknown, what: string): void {
  if (!Array.isArray(expected)) throw new Difference(`${what}: recorded ${JSON.stringify(expected)}, which is no list`);
  if (actual.length !== expected.length) throw new Difference(`${what}: ${actual.length} values, recorded ${expected.length}`);
  for (let k = 0; k < expected.length; k++) near(recording, actual[k], expected[k], `${what}[${k}]`);
}
