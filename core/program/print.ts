/**
 * Program to canonical text: one statement per line, as few brackets as the grammar allows, `x += e` where a name adds to itself. The text
 * compiles back to the same program under `storedSymbols` of the same table. Draws are written `uniform()` where they are numbered in the
 * order of the text, and with their number, `uniform(3)`, where they are not or where only a part of a program is printed.
 */
import type { Apply, Assign, Expr, Literal, Program } from './ir.ts';
import { DRAWING_OPS, OPS } from './op-table.ts';

interface Style {
  readonly numberedDraws: boolean;
}

const COMPOUND = { add: '+=', sub: '-=', mul: '*=', div: '/=' } as const;

export function printProgram(program: Program): string {
  const sites = program.statements.flatMap(({ value }) => sitesOf(value));
  const style: Style = { numberedDraws: sites.some((site, i) => site !== i) };
  const declared = new Set<string>();
  return program.statements
    .map((statement) => {
      const declares = statement.scope === 'local' && !declared.has(statement.name);
      declared.add(statement.name);
      return declares ? `let ${statement.name} = ${printAt(statement.value, 0, style)}` : printAssign(statement, style);
    })
    .join('\n');
}

/** One expression on its own; every draw carries its number. */
export const printExpr = (expr: Expr): string => printAt(expr, 0, { numberedDraws: true });

function printAssign({ name, scope, value }: Assign, style: Style): string {
  const op = value.kind === 'apply' ? COMPOUND[value.op as keyof typeof COMPOUND] : undefined;
  if (op !== undefined && value.kind === 'apply') {
    const [first, second] = value.args;
    if (first.kind === 'read' && first.name === name && first.scope === scope)
      return `${name} ${op} ${printOperand(value, second, 0, style)}`;
  }
  // a literal takes the type of the name it is stored in
  if (value.kind === 'literal' && scope !== 'local') return `${name} = ${printNumber(value)}`;
  return `${name} = ${printAt(value, 0, style)}`;
}

/** The text of `expr` where operators that bind less tightly than `floor` need brackets. */
function printAt(expr: Expr, floor: number, style: Style): string {
  switch (expr.kind) {
    case 'literal':
      if (expr.type === 'f32') return `f32(${printNumber(expr)})`;
      // a truth value is written as a comparison that has it
      if (expr.type === 'bool') return bracketed(expr.value !== 0 ? '0 == 0' : '0 != 0', OPS.eq.precedence, floor);
      return bracketed(printNumber(expr), isNegative(expr) ? OPS.neg.precedence : OPS.exp.precedence, floor);
    case 'read':
      return expr.name;
    case 'draw':
      return `${expr.distribution}(${style.numberedDraws ? expr.site : ''})`;
    case 'apply':
      return printApply(expr, floor, style);
  }
}

function printApply(expr: Apply, floor: number, style: Style): string {
  const row = OPS[expr.op];
  const arg = (i: number, argFloor: number) => printOperand(expr, expr.args[i], argFloor, style);
  const { precedence } = row;
  switch (row.notation) {
    case 'infix': {
      // from the left, except the power; its exponent may carry a sign without brackets
      const [left, right] = expr.op === 'pow' ? [precedence + 1, OPS.neg.precedence] : [precedence, precedence + 1];
      const spaced = expr.op === 'pow' ? '^' : ` ${row.symbol} `;
      return bracketed(`${arg(0, left)}${spaced}${arg(1, right)}`, precedence, floor);
    }
    case 'prefix':
      return bracketed(`${row.symbol}${row.symbol === '-' ? '' : ' '}${arg(0, precedence)}`, precedence, floor);
    case 'ternary':
      return bracketed(`${arg(0, precedence + 1)} ? ${arg(1, 0)} : ${arg(2, 0)}`, precedence, floor);
    case 'call': {
      const hidesDraw = DRAWING_OPS.has(expr.op) && expr.args[1].kind === 'draw' && !style.numberedDraws;
      const shown = hidesDraw ? expr.args.slice(0, 1) : expr.args;
      return `${row.symbol}(${shown.map((_, i) => arg(i, 0)).join(', ')})`;
    }
  }
}

/** An argument; a literal stands bare where its neighbours decide its type on reading back. */
function printOperand(parent: Apply, expr: Expr, floor: number, style: Style): string {
  const { types } = OPS[parent.op];
  const deciding = types === 'choose' ? parent.args.slice(1) : types === 'first' ? parent.args.slice(0, 1) : parent.args;
  if (expr.kind === 'literal' && expr.type === 'f32' && deciding.includes(expr)) {
    if (deciding.some((arg) => arg.kind !== 'literal' || arg.type !== 'f32')) {
      return bracketed(printNumber(expr), isNegative(expr) ? OPS.neg.precedence : OPS.exp.precedence, floor);
    }
  }
  // a double literal beside singles only would turn single on reading back; the singles are widened instead, which changes no number
  const known: readonly Expr[] = deciding.filter((arg) => arg.kind !== 'literal');
  const hasDouble = deciding.some((arg) => arg.kind === 'literal' && arg.type === 'f64');
  if (known.includes(expr) && hasDouble && known.every((arg) => arg.type === 'f32')) return `f64(${printAt(expr, 0, style)})`;
  return printAt(expr, floor, style);
}

const bracketed = (text: string, precedence: number, floor: number): string => (precedence < floor ? `(${text})` : text);

const isNegative = ({ value }: Literal): boolean => value < 0 || Object.is(value, -0);

/** Shortest text that reads back as the same number. */
function printNumber({ value }: Literal): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Numbers of the draws in the order of the text. */
function sitesOf(expr: Expr): number[] {
  if (expr.kind === 'draw') return [expr.site];
  return expr.kind === 'apply' ? expr.args.flatMap(sitesOf) : [];
}
