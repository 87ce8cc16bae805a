/** Comparison of what we compute with what was recorded: whole numbers exactly, others to a relative tolerance. Says where the first difference is. */
import { UserError } from '../../core/errors.ts';

/** Thrown by `expectSame`; its message is what the runner prints. */
export class Difference extends Error {}

export type Tolerance = 'exact' | { readonly relative: number };

export const FLOAT: Tolerance = { relative: 1e-9 };

/** @param what names the value in the message, e.g. `weights at step 12` */
export function expectSame(actual: unknown, expected: unknown, what: string, tolerance: Tolerance = 'exact'): void {
  const found = firstDifference(actual, expected, '', tolerance);
  if (found === undefined) return;
  throw new Difference(`${what}${found.path}: ${format(found.actual)}, recorded ${format(found.expected)}`);
}

interface Found {
  readonly path: string;
  readonly actual: unknown;
  readonly expected: unknown;
}

function firstDifference(actual: unknown, expected: unknown, path: string, tolerance: Tolerance): Found | undefined {
  if (typeof expected === 'number' && typeof actual === 'number') {
    return isNear(actual, expected, tolerance) ? undefined : { path, actual, expected };
  }
  if (Array.isArray(expected) && isList(actual)) {
    if (actual.length !== expected.length) return { path: `${path}.length`, actual: actual.length, expected: expected.length };
    for (let i = 0; i < expected.length; i++) {
      const found = firstDifference(actual[i], expected[i], `${path}[${i}]`, tolerance);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isRecord(expected) && isRecord(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const found = firstDifference(actual[key], expected[key], `${path}.${key}`, tolerance);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  // JSON has no NaN: it is recorded as null
  if (expected === null && typeof actual === 'number' && Number.isNaN(actual)) return undefined;
  return Object.is(actual, expected) ? undefined : { path, actual, expected };
}

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !isList(value);

function isNear(actual: number, expected: number, tolerance: Tolerance): boolean {
  if (actual === expected || (Number.isNaN(actual) && Number.isNaN(expected))) return true;
  // 1e-12 lets zero be near zero
  return tolerance !== 'exact' && Math.abs(actual - expected) <= Math.max(tolerance.relative * Math.abs(expected), 1e-12);
}

const format = (value: unknown): string => (typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing'));

/** Throws unless `action` refuses its input in words, as the recording says it must; a crash is no refusal. */
export function expectRefusal(action: () => unknown, what: string): void {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    if (error instanceof UserError) return;
    throw error;
  }
  throw new Difference(`${what}: ${format(result)}, recorded an error`);
}
