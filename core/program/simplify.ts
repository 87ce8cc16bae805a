/**
 * Smaller programs with the same results, bit for bit: constants bound to their numbers, operations on literals carried out, operations
 * that change nothing removed, locals that nobody reads dropped.
 *
 * What is left alone, because it is not exact: x + 0 (it turns -0 into +0, so it goes where x cannot be -0), 0 * x (NaN, Infinity, -0), a sum or product in another order.
 * A result that is not finite is not folded, so that it can be reported where it stands; `findImpossible` does that.
 */
import { UserError } from '../errors.ts';
import type { Diagnostic } from './diagnostics.ts';
import { toProblem } from './diagnostics.ts';
import { evaluateExpr } from './evaluate.ts';
import type { Apply, Assign, Expr, Literal, Program, Read } from './ir.ts';
import { OPS } from './op-table.ts';

/** Puts numbers in place of constants and simplifies. Throws one `UserError` if a division by zero or an infinite number comes to light. */
export function bindConstants(program: Program, values: ReadonlyMap<string, number>): Program {
  const bound = simplify(substituteConstants(program, values));
  const problems = findImpossible(bound);
  if (problems.length > 0) throw new UserError(problems.map((problem) => toProblem(problem)));
  return bound;
}

/** The same for one expression; `source` is for the messages. */
export function bindConstantsInExpr(
  expr: Expr,
  values: ReadonlyMap<string, number>,
  source: Pick<Program, 'title' | 'text'> = { title: 'expression', text: '' },
): Expr {
  const alone: Program = { ...source, statements: [{ name: '', scope: 'counter', value: expr, span: expr.span }], draws: 0 };
  return bindConstants(alone, values).statements[0].value;
}

/** Only the substitution; names that are not in `values` stay. */
export function substituteConstants(program: Program, values: ReadonlyMap<string, number>): Program {
  return { ...program, statements: program.statements.map((statement) => ({ ...statement, value: substitute(statement.value, values) })) };
}

export const substitute = (expr: Expr, values: ReadonlyMap<string, number>): Expr =>
  mapReads(expr, ({ name, type, span }) => {
    const value = values.get(name);
    return value === undefined ? undefined : { kind: 'literal', value: type === 'f32' ? Math.fround(value) : value, type, span };
  });

/** Puts expressions of the same type in place of what the program reads under their names. */
export function replaceReads(program: Program, exprs: ReadonlyMap<string, Expr>): Program {
  const replaced = (expr: Expr): Expr => mapReads(expr, ({ name }) => exprs.get(name));
  return { ...program, statements: program.statements.map((statement) => ({ ...statement, value: replaced(statement.value) })) };
}

/** @param replace what stands in place of a read of anything but a local; undefined where the read stays */
function mapReads(expr: Expr, replace: (read: Read) => Expr | undefined): Expr {
  if (expr.kind === 'read' && expr.scope !== 'local') return replace(expr) ?? expr;
  return expr.kind === 'apply' ? { ...expr, args: expr.args.map((arg) => mapReads(arg, replace)) } : expr;
}

export function simplify(program: Program): Program {
  const known = new Map<string, Literal>();
  const folded: Assign[] = [];
  for (const statement of program.statements) {
    const value = fold(statement.value, known);
    if (statement.scope === 'local') {
      if (value.kind === 'literal') known.set(statement.name, value);
      else known.delete(statement.name);
    }
    folded.push({ ...statement, value });
  }
  return { ...program, statements: dropUnreadLocals(folded) };
}

export const simplifyExpr = (expr: Expr): Expr => fold(expr, new Map());

/** From the last statement back: a local is needed if something after it reads it before it is assigned again. */
function dropUnreadLocals(statements: readonly Assign[]): Assign[] {
  const needed = new Set<string>();
  const kept: Assign[] = [];
  for (const statement of [...statements].reverse()) {
    if (statement.scope === 'local' && !needed.has(statement.name)) continue;
    if (statement.scope === 'local') needed.delete(statement.name);
    noteLocals(statement.value, needed);
    if (statement.guard !== undefined) needed.add(statement.guard);
    kept.push(statement);
  }
  return kept.reverse();
}

function noteLocals(expr: Expr, names: Set<string>): void {
  if (expr.kind === 'read' && expr.scope === 'local') names.add(expr.name);
  if (expr.kind === 'read' && expr.at !== undefined) noteLocals(expr.at, names);
  if (expr.kind === 'apply') for (const arg of expr.args) noteLocals(arg, names);
}

function fold(expr: Expr, known: ReadonlyMap<string, Literal>): Expr {
  if (expr.kind === 'read' && expr.scope === 'local') {
    const value = known.get(expr.name);
    // the local may be of another type than the number put into it
    return value ? { ...value, type: expr.type, span: expr.span } : expr;
  }
  if (expr.kind === 'read' && expr.at !== undefined) return { ...expr, at: fold(expr.at, known) };
  if (expr.kind !== 'apply') return expr;
  const args = expr.args.map((arg) => fold(arg, known));
  const applied: Apply = { ...expr, args };
  if (expr.op === 'if' && args[0].kind === 'literal') return sameType(args[0].value !== 0 ? args[1] : args[2], applied);
  if (args.every((arg) => arg.kind === 'literal')) {
    const value = evaluateExpr(applied, never, never);
    return Number.isFinite(value) ? { kind: 'literal', value, type: expr.type, span: expr.span } : applied;
  }
  return withoutIdentity(applied);
}

/** Operations that give back their argument for every double, NaN and both zeros included. */
function withoutIdentity(expr: Apply): Expr {
  const [a, b] = expr.args;
  const isLiteral = (arg: Expr, value: number) => arg.kind === 'literal' && Object.is(arg.value, value);
  switch (expr.op) {
    case 'mul':
      return isLiteral(b, 1) ? sameType(a, expr) : isLiteral(a, 1) ? sameType(b, expr) : expr;
    case 'div':
    case 'pow':
      return isLiteral(b, 1) ? sameType(a, expr) : expr;
    case 'add':
      if (isLiteral(b, 0) && isNeverNegativeZero(a)) return sameType(a, expr);
      return isLiteral(b, -0) ? sameType(a, expr) : isLiteral(a, -0) ? sameType(b, expr) : expr;
    case 'sub':
      return isLiteral(b, 0) ? sameType(a, expr) : expr;
    case 'neg':
    case 'not':
      return a.kind === 'apply' && a.op === expr.op ? sameType(a.args[0], expr) : expr;
    case 'and':
      return a.kind === 'literal' ? (a.value !== 0 ? b : a) : b.kind === 'literal' ? (b.value !== 0 ? a : b) : expr;
    case 'or':
      return a.kind === 'literal' ? (a.value !== 0 ? a : b) : b.kind === 'literal' ? (b.value !== 0 ? b : a) : expr;
    case 'f32':
      return sameType(a, expr);
    default:
      return expr;
  }
}

/** A sum is -0 only if both of its terms are. */
function isNeverNegativeZero(expr: Expr): boolean {
  if (expr.kind === 'literal') return !Object.is(expr.value, -0);
  return expr.kind === 'apply' && expr.op === 'add' && expr.args.some(isNeverNegativeZero);
}

/** `inner` in place of `whole`, widened if need be; not where a rounding to single precision would get lost. */
function sameType(inner: Expr, whole: Apply): Expr {
  if (inner.type === whole.type) return inner;
  if (inner.kind !== 'literal' && inner.type === 'f32' && whole.type === 'f64')
    return { kind: 'apply', op: 'f64', args: [inner], type: 'f64', span: inner.span };
  return inner.kind === 'literal' && (whole.type === 'f64' || Math.fround(inner.value) === inner.value)
    ? { ...inner, type: whole.type }
    : whole;
}

const never = (): never => {
  throw new Error('a literal expression reads nothing');
};

/** Divisions by a literal zero, and literal expressions that are not finite, in a simplified program. */
export function findImpossible(program: Program): Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (expr: Expr): void => {
    if (expr.kind === 'literal' && !Number.isFinite(expr.value)) {
      found.push({ code: 'E-NOT-FINITE', message: `this is ${expr.value}`, title: program.title, text: program.text, span: expr.span });
    }
    if (expr.kind !== 'apply') return;
    const before = found.length;
    for (const arg of expr.args) visit(arg);
    if (found.length > before) return;
    const { title, text } = program;
    const [, divisor] = expr.args;
    if (expr.op === 'div' && divisor.kind === 'literal' && divisor.value === 0) {
      found.push({ code: 'E-DIVISION-BY-ZERO', message: 'division by zero', title, text, span: divisor.span });
    } else if (expr.args.every((arg) => arg.kind === 'literal')) {
      // finite results have been folded, so this one is not
      const value = evaluateExpr(expr, never, never);
      if (!Number.isFinite(value))
        found.push({ code: 'E-NOT-FINITE', message: `"${OPS[expr.op].symbol}" gives ${value} here`, title, text, span: expr.span });
    }
  };
  for (const { value } of program.statements) visit(value);
  return found;
}
