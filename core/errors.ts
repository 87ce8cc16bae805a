/**
 * The two roots of everything Hillock throws. A mistake by the user (`UserError`) is reported in words and never with a stack; a bug of
 * ours (`InternalError`) asks to be reported. Problems are collected first and thrown once, so one run shows all of them.
 */

/** Where in the user's input a problem lies. Lines and columns count from 1. */
export interface Place {
  readonly file?: string;
  /** Path of the field inside the document, e.g. `populations[1].tauMem`. */
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
}

/** One thing that is wrong with the user's input: what, where, what would be right. */
export interface Problem {
  /** Stable code, e.g. `E-UNIT`; one code per kind of error. */
  readonly code: string;
  /** Says what was given and what is allowed. */
  readonly message: string;
  readonly where?: Place;
  /** What to do about it. */
  readonly hint?: string;
  readonly got?: string;
  readonly expected?: string;
  /** Source line with a caret under the place, for problems inside a program text. */
  readonly excerpt?: string;
}

/** Exit codes of the command line, also carried by errors so that the code is decided where the error is known. */
export const EXIT = {
  ok: 0,
  runFailed: 1,
  badInput: 2,
  doesNotFit: 3,
  assertionFailed: 4,
  partialSweep: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A mistake in what the user gave us. Carries every problem found, worst first. */
export class UserError extends Error {
  readonly problems: readonly Problem[];
  readonly exitCode: ExitCode;

  constructor(problems: Problem | readonly Problem[], exitCode: ExitCode = EXIT.badInput) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems as Problem];
    super(list.map(formatProblem).join('\n'));
    this.name = 'UserError';
    this.problems = list;
    this.exitCode = exitCode;
  }
}

/** A bug in Hillock: an invariant that we promised does not hold. */
export class InternalError extends Error {
  constructor(message: string) {
    super(`${message} (this is a bug in hillock; please report it)`);
    this.name = 'InternalError';
  }
}

/** What went wrong, in words. What is no fault of the user's is one sentence, without where it arose. */
export function problemsOf(error: unknown): { readonly problems: readonly Problem[]; readonly exitCode: ExitCode } {
  if (error instanceof UserError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const sentence = /bug in hillock/.test(message) ? message : `hillock failed: ${message.split('\n', 1)[0]}`;
  return { problems: [{ code: 'E-INTERNAL', message: sentence, hint: 'run again with --debug to see where' }], exitCode: EXIT.runFailed };
}

/** `exp.json:14  populations[1].tauMem needs a unit - did you mean "20 ms"?`, then the excerpt, then the hint. */
export function formatProblem(problem: Problem): string {
  const { where } = problem;
  const file =
    where?.file === undefined
      ? ''
      : `${where.file}${where.line === undefined ? '' : `:${where.line}`}${where.column === undefined ? '' : `:${where.column}`}`;
  const head = [file, [where?.path, problem.message].filter(Boolean).join(' ')].filter(Boolean).join('  ');
  return [head, problem.excerpt, problem.hint && `  ${problem.hint}`].filter(Boolean).join('\n');
}

/** The candidate nearest to `given` by edit distance, if it is near enough to be a likely slip. */
export function didYouMean(given: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(given.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j] + 1, row[j - 1] + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length];
}
