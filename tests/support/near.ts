/** Comparisons that many tests share: numbers within a tolerance, and the problems of a `UserError`. */
import * as assert from 'uvu/assert';
import type { Problem } from '../../core/errors.ts';
import { formatProblem, UserError } from '../../core/errors.ts';

/** |actual - expected| ≤ tolerance; NaN is never near anything. */
export function near(actual: number, expected: number, tolerance: number, what = ''): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what} ${actual} is not ${expected} within ${tolerance}`);
}

/** Every pair within the tolerance, and equally many. */
export function allNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what = ''): void {
  assert.is(actual.length, expected.length, `${what} has another length`);
  for (let i = 0; i < expected.length; i++) near(actual[i], expected[i], tolerance, `${what}[${i}]`);
}

/** A sum or mean of draws lies within `limit` standard errors of what is expected. Draws are seeded, so this never flickers. */
export function withinErrors(actual: number, expected: number, standardError: number, what = '', limit = 4): void {
  const z = (actual - expected) / standardError;
  assert.ok(Math.abs(z) <= limit, `${what} ${actual} is ${z.toFixed(1)} standard errors from ${expected}`);
}

/** What a call that must fail with a `UserError` found wrong. */
export function problemsOf(call: () => unknown): readonly Problem[] {
  try {
    call();
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  throw new Error('nothing was found wrong');
}

/** The same, each as the user reads it. */
export const complaintsOf = (call: () => unknown): string[] => problemsOf(call).map(formatProblem);
