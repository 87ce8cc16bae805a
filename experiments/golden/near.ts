/** Comparison with an allowance that the recording states: relative, absolute, or relative to the largest of a list. */
import { Difference } from './compare.ts';

export interface Allowance {
  readonly relative?: number;
  readonly absolute?: number;
}

/** Throws unless every number of `actual` is near the recorded one; lists may be nested. */
export function expectNear(actual: unknown, expected: unknown, allowance: Allowance, what: string): void {
  if (typeof expected === 'number') {
    const { relative = 0, absolute = 0 } = allowance;
    if (typeof actual === 'number' && Math.abs(actual - expected) <= Math.max(relative * Math.abs(expected), absolute)) return;
    throw new Difference(`${what}: ${String(actual)}, recorded ${expected}`);
  }
  if (Array.isArray(expected)) {
    const list = actual as ArrayLike<unknown>;
    if (list?.length !== expected.length) throw new Difference(`${what}: ${list?.length ?? 'no'} values, recorded ${expected.length}`);
    for (const [n, one] of expected.entries()) expectNear(list[n], one, allowance, `${what}[${n}]`);
    return;
  }
  if (typeof expected === 'object' && expected !== null) {
    for (const [name, one] of Object.entries(expected)) {
      expectNear((actual as Readonly<Record<string, unknown>> | undefined)?.[name], one, allowance, `${what}.${name}`);
    }
    return;
  }
  if (actual !== expected) throw new Difference(`${what}: ${String(actual)}, recorded ${String(expected)}`);
}

/** A field that the check cannot do without. */
export function needed<T>(value: T | null | undefined, field: string): T {
  if (value === undefined || value === null) throw new Difference(`the recording has no ${field}`);
  return value;
}

/** Throws when the recording expects something that the check does not compute. */
export function expectKnown(expected: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(expected).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Difference(`no check for the expected ${unknown.join(', ')} (${known.join(', ')})`);
}

export const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
