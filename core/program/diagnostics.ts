/**
 * What is wrong with a program text, and where: a message with a span, shown as the offending line with carets under it. Diagnostics are
 * collected, never thrown one by one; at the end they become the problems of one `UserError`.
 */
import type { Place, Problem } from '../errors.ts';

/** Half-open range of offsets in the program text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Diagnostic {
  /** Stable code, e.g. `E-SYNTAX`. */
  readonly code: string;
  readonly message: string;
  /** Whose text it is, e.g. `rule r-stdp, onPost`. */
  readonly title: string;
  readonly text: string;
  readonly span: Span;
  readonly hint?: string;
  readonly notes?: readonly string[];
}

/** Title and message, the line with carets, then hint and notes. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { title, message, hint, notes = [] } = diagnostic;
  return [`${title}: ${message}`, excerpt(diagnostic), ...[hint, ...notes].filter(Boolean).map((line) => `  ${line}`)].join('\n');
}

/** The same as a problem of a `UserError`. */
export function toProblem(diagnostic: Diagnostic, where?: Place): Problem {
  const { code, title, message, hint, notes = [] } = diagnostic;
  const advice = [hint, ...notes].filter(Boolean).join('\n  ');
  return { code, message: `${title}: ${message}`, excerpt: excerpt(diagnostic), ...(where && { where }), ...(advice && { hint: advice }) };
}

/** The line that holds the start of the span, and a caret under each of its characters (at least one). */
function excerpt({ text, span }: Diagnostic): string {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const newline = text.indexOf('\n', lineStart);
  const lineEnd = newline === -1 ? text.length : newline;
  const width = Math.max(1, Math.min(span.end, lineEnd) - span.start);
  // tabs are kept in front of the carets, so that these stand under their text whatever the width of a tab
  const indent = text.slice(lineStart, span.start).replace(/[^\t]/g, ' ');
  return `    ${text.slice(lineStart, lineEnd)}\n    ${indent}${'^'.repeat(width)}`;
}

export const joinSpans = (a: Span, b: Span): Span => ({ start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) });
