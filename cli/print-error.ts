/**
 * An error becomes words on stderr, or with `--json` exactly one document on stdout. What a user did is said without a stack; what we did
 * wrong is one sentence, and the stack with `--debug`.
 */
import type { Problem } from '../core/errors.ts';
import { formatProblem, problemsOf } from '../core/errors.ts';
import type { Answer } from './answer.ts';
import { answer, jsonText } from './answer.ts';

export interface ErrorStyle {
  readonly json: boolean;
  readonly debug: boolean;
}

export function errorAnswer(error: unknown, verb: string, { json, debug }: ErrorStyle): Answer {
  const { problems, exitCode } = problemsOf(error);
  const stack = debug && error instanceof Error ? `${error.stack}\n` : '';
  if (json) {
    const [first] = problems;
    return answer(jsonText(verb, false, { error: inJson(first), errors: problems.map(inJson) }), stack, exitCode);
  }
  return answer('', `${problems.map((problem) => `${inWords(problem)}\n`).join('')}${stack}`, exitCode);
}

/** A field has a path (the whole document has the empty one): with it, the line of the file is place enough. */
function inWords(problem: Problem): string {
  const { where } = problem;
  return formatProblem(where?.path !== undefined ? { ...problem, where: { ...where, column: undefined } } : problem);
}

function inJson({ code, message, where, hint, got, expected, excerpt }: Problem): object {
  return {
    code,
    message,
    where: where ?? null,
    hint: hint ?? null,
    got: got ?? null,
    expected: expected ?? null,
    ...(excerpt && { excerpt }),
  };
}
