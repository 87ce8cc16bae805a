/**
 * Tokens to syntax tree: statements by recursive descent, expressions by precedence climbing over the operation table. A statement that
 * cannot be read is reported and skipped up to the next line or `;`, so that one slip does not hide the others.
 */
import type { Diagnostic, Span } from './diagnostics.ts';
import { joinSpans } from './diagnostics.ts';
import type { OpName } from './op-table.ts';
import { OP_NAMES, OPS } from './op-table.ts';
import type { Token } from './scan.ts';
import { scan } from './scan.ts';
import type { AssignOperator, StatementSyntax, Syntax } from './syntax.ts';

export interface Parsed<T> {
  readonly tree: T;
  readonly diagnostics: readonly Diagnostic[];
}

const INFIX: ReadonlyMap<string, OpName> = new Map(
  OP_NAMES.filter((name) => OPS[name].notation === 'infix').map((name) => [OPS[name].symbol, name]),
);
const PREFIX: ReadonlyMap<string, OpName> = new Map(
  OP_NAMES.filter((name) => OPS[name].notation === 'prefix').map((name) => [OPS[name].symbol, name]),
);

/** Words that cannot be names of variables. */
export const KEYWORDS: ReadonlySet<string> = new Set(['let', 'and', 'or', 'not']);

/** What people write out of habit from other languages. */
const FOREIGN: Readonly<Record<string, string>> = {
  '&&': 'write "and"',
  '||': 'write "or"',
  '!': 'write "not"',
  '**': 'write "^" for a power',
  '%': 'write x - n * floor(x / n) for a remainder',
  '{': 'choose a value with "condition ? a : b"',
};

/** Thrown inside this file to leave a broken statement; carries its one diagnostic. */
class Unreadable {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    this.diagnostic = diagnostic;
  }
}

interface Cursor {
  readonly tokens: readonly Token[];
  readonly title: string;
  readonly text: string;
  at: number;
  /** Inside brackets a line may end anywhere. */
  depth: number;
}

export function parseProgram(text: string, title: string): Parsed<StatementSyntax[]> {
  const cursor: Cursor = { tokens: scan(text), title, text, at: 0, depth: 0 };
  const tree: StatementSyntax[] = [];
  const diagnostics: Diagnostic[] = [];
  while (peek(cursor).kind !== 'end') {
    if (peek(cursor).kind === 'newline') {
      cursor.at++;
      continue;
    }
    const start = cursor.at;
    try {
      tree.push(readStatement(cursor));
      expectEnd(cursor);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      diagnostics.push(error.diagnostic);
      // a bracket left open runs into the next line; that line is read again on its own
      const startsLine = cursor.depth > 0 && cursor.tokens[cursor.at - 1]?.kind === 'newline' && cursor.at > start + 1;
      cursor.depth = 0;
      if (!startsLine) while (!['newline', 'end'].includes(peek(cursor).kind)) cursor.at++;
    }
  }
  return { tree, diagnostics };
}

export function parseExpression(text: string, title: string): Parsed<Syntax | undefined> {
  const cursor: Cursor = { tokens: scan(text), title, text, at: 0, depth: 1 };
  try {
    const tree = readExpression(cursor, 0);
    if (peek(cursor).kind !== 'end') expectEnd(cursor);
    return { tree, diagnostics: [] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { tree: undefined, diagnostics: [error.diagnostic] };
  }
}

function peek(cursor: Cursor): Token {
  if (cursor.depth > 0) while (cursor.tokens[cursor.at].kind === 'newline') cursor.at++;
  return cursor.tokens[cursor.at];
}

function take(cursor: Cursor): Token {
  const token = peek(cursor);
  if (token.kind !== 'end') cursor.at++;
  return token;
}

/** After an operator the expression may go on in the next line. */
function skipNewlines(cursor: Cursor): void {
  while (cursor.tokens[cursor.at].kind === 'newline') cursor.at++;
}

function fail(cursor: Cursor, span: Span, message: string, hint?: string): never {
  throw new Unreadable({ code: 'E-SYNTAX', message, title: cursor.title, text: cursor.text, span, ...(hint && { hint }) });
}

const describe = (token: Token): string =>
  token.kind === 'end'
    ? 'the end of the text'
    : token.kind === 'newline'
      ? token.text === ';'
        ? '";"'
        : 'the end of the line'
      : `"${token.text}"`;

function expectSymbol(cursor: Cursor, symbol: string, after: string): Token {
  const token = peek(cursor);
  if (token.text !== symbol) fail(cursor, token.span, `expected "${symbol}" ${after}, found ${describe(token)}`);
  return take(cursor);
}

function expectEnd(cursor: Cursor): void {
  const token = peek(cursor);
  if (token.kind === 'newline' || token.kind === 'end') return;
  const before = cursor.tokens[cursor.at - 1];
  const juxtaposed =
    (token.kind === 'name' || token.kind === 'number' || token.text === '(') &&
    (before.kind === 'number' || before.kind === 'name' || before.text === ')');
  const hint = FOREIGN[token.text] ?? (juxtaposed ? `write "${before.text} * ${token.text}" for a product` : undefined);
  if (token.text === ')') fail(cursor, token.span, '")" without "("');
  fail(cursor, token.span, `unexpected ${describe(token)}`, hint);
}

function readStatement(cursor: Cursor): StatementSyntax {
  const first = take(cursor);
  const declares = first.text === 'let';
  const target = declares ? take(cursor) : first;
  if (target.kind !== 'name' || KEYWORDS.has(target.text)) {
    fail(cursor, target.span, `expected the name of a variable, found ${describe(target)}`, 'a statement has the form "name = expression"');
  }
  let { text: name, span: targetSpan } = target;
  let indexed = false;
  if (peek(cursor).text === '[') {
    ({ name, span: targetSpan } = readIndex(cursor, target));
    indexed = true;
  }
  const operator = peek(cursor);
  if (!['=', '+=', '-=', '*=', '/='].includes(operator.text)) {
    fail(
      cursor,
      operator.span,
      `expected "=" after "${name}", found ${describe(operator)}`,
      'a statement has the form "name = expression"',
    );
  }
  if (declares && operator.text !== '=') fail(cursor, operator.span, `expected "=" after "let ${name}", found ${describe(operator)}`);
  take(cursor);
  return { declares, target: name, indexed, targetSpan, operator: operator.text as AssignOperator, value: readExpression(cursor, 0) };
}

function readIndex(cursor: Cursor, name: Token): { name: string; span: Span } {
  take(cursor);
  cursor.depth++;
  readExpression(cursor, 0);
  const close = expectSymbol(cursor, ']', `after the index of "${name.text}"`);
  cursor.depth--;
  const span = joinSpans(name.span, close.span);
  return { name: cursor.text.slice(span.start, span.end), span };
}

/** Reads operators that bind at least as tightly as `floor`. */
function readExpression(cursor: Cursor, floor: number): Syntax {
  let left = readPrefix(cursor);
  for (;;) {
    const token = peek(cursor);
    if (token.text === '?' && floor <= OPS.if.precedence) {
      left = readChoice(cursor, left);
      continue;
    }
    const op = token.kind === 'symbol' || token.kind === 'name' ? INFIX.get(token.text) : undefined;
    if (op === undefined || OPS[op].precedence < floor) return left;
    take(cursor);
    skipNewlines(cursor);
    // the power is the only one that groups from the right; its exponent may carry a sign: 2^-6
    const right = op === 'pow' ? readExpression(cursor, OPS.neg.precedence) : readExpression(cursor, OPS[op].precedence + 1);
    left = { kind: 'operator', op, opSpan: token.span, args: [left, right], span: joinSpans(left.span, right.span) };
  }
}

function readChoice(cursor: Cursor, condition: Syntax): Syntax {
  const { span: opSpan } = take(cursor);
  skipNewlines(cursor);
  const yes = readExpression(cursor, 0);
  skipNewlines(cursor);
  expectSymbol(cursor, ':', 'between the two values of "?"');
  skipNewlines(cursor);
  const no = readExpression(cursor, 0);
  return { kind: 'operator', op: 'if', opSpan, args: [condition, yes, no], span: joinSpans(condition.span, no.span) };
}

function readPrefix(cursor: Cursor): Syntax {
  const token = peek(cursor);
  const op = token.kind === 'symbol' || token.kind === 'name' ? PREFIX.get(token.text) : undefined;
  if (op === undefined) return readOperand(cursor);
  take(cursor);
  const operand = readExpression(cursor, OPS[op].precedence);
  return { kind: 'operator', op, opSpan: token.span, args: [operand], span: joinSpans(token.span, operand.span) };
}

function readOperand(cursor: Cursor): Syntax {
  const token = take(cursor);
  if (token.kind === 'number') return { kind: 'number', value: Number(token.text), span: token.span };
  if (token.text === '(') {
    cursor.depth++;
    const inner = readExpression(cursor, 0);
    const close = expectSymbol(cursor, ')', 'to close the bracket');
    cursor.depth--;
    return { kind: 'group', inner, span: joinSpans(token.span, close.span) };
  }
  if (token.kind === 'name' && !KEYWORDS.has(token.text)) {
    if (peek(cursor).text === '[') return { kind: 'index', ...readIndex(cursor, token) };
    if (peek(cursor).text === '(') return readCall(cursor, token);
    return { kind: 'name', name: token.text, span: token.span };
  }
  const { span } = token;
  return fail(cursor, span, `expected a number, a name or "(", found ${describe(token)}`, FOREIGN[token.text]);
}

function readCall(cursor: Cursor, name: Token): Syntax {
  take(cursor);
  cursor.depth++;
  const args: Syntax[] = [];
  if (peek(cursor).text !== ')') {
    args.push(readExpression(cursor, 0));
    while (peek(cursor).text === ',') {
      take(cursor);
      args.push(readExpression(cursor, 0));
    }
  }
  const close = expectSymbol(cursor, ')', `after the arguments of ${name.text}`);
  cursor.depth--;
  return { kind: 'call', name: name.text, nameSpan: name.span, args, span: joinSpans(name.span, close.span) };
}
