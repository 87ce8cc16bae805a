/** Reads the texts of command-line options as values. All faults of one command line are collected. */
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import { threadCount } from '../workers/thread-count.ts';

interface WholeNumberOptions {
  readonly min: number;
  readonly max?: number;
  /** Words that are allowed beside numbers. */
  readonly or?: string;
}

/** A whole number written in decimal digits; undefined when absent or wrong. */
export function wholeNumber(flag: string, text: string | undefined, options: WholeNumberOptions, problems: Problem[]): number | undefined {
  if (text === undefined) return undefined;
  const { min, max, or } = options;
  const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min && value <= (max ?? Number.MAX_SAFE_INTEGER)) return value;
  const range = max === undefined ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`;
  const allowed = or === undefined ? range : `${range}, or ${or}`;
  problems.push({
    code: 'E-RANGE',
    message: `${flag} is ${text === '' ? 'empty' : text}, but must be ${allowed}`,
    got: text,
    expected: allowed,
  });
  return undefined;
}

/** The option `--threads`. */
export function threadsOf(text: string, problems: Problem[]): number {
  if (text === 'auto') return threadCount('auto');
  const asked = wholeNumber('--threads', text, { min: 1, or: 'auto' }, problems);
  try {
    return asked === undefined ? 1 : threadCount(asked);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
    return 1;
  }
}

/** A port to listen on; 0, for any that is free, unless given. */
export const portOf = (text: string | undefined, problems: Problem[]): number =>
  wholeNumber('--port', text, { min: 1, max: 65_535 }, problems) ?? 0;

/** One of a few words. */
export function oneOf<T extends string>(flag: string, text: string, allowed: readonly T[], problems: Problem[]): T {
  const found = allowed.find((word) => word === text);
  if (found === undefined) {
    const list = allowed.join(', ');
    problems.push({ code: 'E-RANGE', message: `${flag} is "${text}", but must be one of ${list}`, got: text, expected: list });
  }
  return found ?? allowed[0];
}

/** Parts of a list separated by commas; a fault when there are none, when one is empty, or when one is there twice. */
export function commaList(flag: string, text: string, noun: string, problems: Problem[]): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => part === '')) {
    problems.push({ code: 'E-RANGE', message: `${flag} is "${text}", but needs the name of a ${noun} between commas`, got: text });
    return [];
  }
  const twice = parts.find((part, n) => parts.indexOf(part) < n);
  if (twice !== undefined) {
    problems.push({ code: 'E-RANGE', message: `${flag} names ${twice} twice`, hint: `name each ${noun} once`, got: text });
  }
  return parts;
}

/** A command-line word as a shell would need it quoted. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
