/**
 * Syntax tree to typed program: looks every name up, gives every expression a type, numbers the draws, and turns a write to a fixed-point
 * name into the rounding and limiting that its storage does. All mistakes are collected.
 *
 * Numbers: a name stored as float32 is `f32`, everything else `f64`. A literal takes the type of the other side; f32 with f64 gives f64; an
 * f64 value written to a float32 name is rounded. In the finished program a fixed-point name stands for its stored whole number: reading it
 * multiplies by 2^-fraction, writing it multiplies by 2^fraction, rounds, and saturates or wraps. `storedSymbols` gives the table under
 * which the printed program reads back unchanged.
 */

import type { Place } from '../errors.ts';
import { didYouMean, UserError } from '../errors.ts';
import type { Diagnostic, Span } from './diagnostics.ts';
import { joinSpans, toProblem } from './diagnostics.ts';
import { power } from './elementary.ts';
import type { Apply, Assign, Expr, Literal, Program, ValueType } from './ir.ts';
import { FLOAT64 } from './number-format.ts';
import type { OpName } from './op-table.ts';
import { CALLABLE, DISTRIBUTIONS, DRAWING_OPS, OPS } from './op-table.ts';
import { parseExpression, parseProgram } from './parse.ts';
import { fromStored, toStored } from './quantise.ts';
import { findImpossible, simplify, simplifyExpr } from './simplify.ts';
import type { SymbolInfo, SymbolTable } from './symbols.ts';
import type { StatementSyntax, Syntax } from './syntax.ts';

export interface CompileOptions {
  /** Whose text this is, e.g. `rule r-stdp, onPost`. */
  readonly title: string;
  /** Words for an unknown name, e.g. `no trace "x3"; pre traces are x1, x2`; the default is `unknown name "x3"`. */
  readonly describeUnknown?: (name: string) => string | undefined;
}

interface Checker {
  readonly symbols: SymbolTable;
  readonly options: CompileOptions;
  readonly text: string;
  readonly diagnostics: Diagnostic[];
  readonly locals: Map<string, ValueType>;
  draws: number;
}

/** Text to program; undefined if anything is wrong with it. */
export function compileProgram(
  text: string,
  symbols: SymbolTable,
  options: CompileOptions,
): { program: Program | undefined; diagnostics: Diagnostic[] } {
  const { tree, diagnostics } = parseProgram(text, options.title);
  const checker = newChecker(text, symbols, options, diagnostics, freeSite(tree.map(({ value }) => value)));
  const statements = tree.map((statement) => checkStatement(checker, statement)).filter((statement) => statement !== undefined);
  const program: Program = { title: options.title, text, statements, draws: checker.draws };
  if (checker.diagnostics.length === 0) checker.diagnostics.push(...findImpossible(simplify(program)));
  return { program: checker.diagnostics.length === 0 ? program : undefined, diagnostics: inTextOrder(checker.diagnostics) };
}

/** Text to one expression, e.g. a threshold condition. */
export function compileExpression(
  text: string,
  symbols: SymbolTable,
  options: CompileOptions,
): { expr: Expr | undefined; diagnostics: Diagnostic[] } {
  const { tree, diagnostics } = parseExpression(text, options.title);
  const checker = newChecker(text, symbols, options, diagnostics, freeSite(tree ? [tree] : []));
  const expr = tree && checkExpr(checker, tree);
  if (expr && checker.diagnostics.length === 0) {
    const value: Assign = { name: '', scope: 'local', value: simplifyExpr(expr), span: expr.span };
    checker.diagnostics.push(...findImpossible({ title: options.title, text, statements: [value], draws: checker.draws }));
  }
  return { expr: checker.diagnostics.length === 0 ? expr : undefined, diagnostics: inTextOrder(checker.diagnostics) };
}

/** The same; throws one `UserError` with all problems. */
export function compileOrThrow(text: string, symbols: SymbolTable, options: CompileOptions & { readonly where?: Place }): Program {
  const { program, diagnostics } = compileProgram(text, symbols, options);
  if (!program) throw new UserError(diagnostics.map((diagnostic) => toProblem(diagnostic, options.where)));
  return program;
}

export function compileExpressionOrThrow(text: string, symbols: SymbolTable, options: CompileOptions & { readonly where?: Place }): Expr {
  const { expr, diagnostics } = compileExpression(text, symbols, options);
  if (!expr) throw new UserError(diagnostics.map((diagnostic) => toProblem(diagnostic, options.where)));
  return expr;
}

/** The table for the text of a finished program, where a fixed-point name is already its stored whole number. */
export function storedSymbols(symbols: SymbolTable): SymbolTable {
  return new Map([...symbols].map(([name, info]) => [name, info.format.kind === 'fixed' ? { ...info, format: FLOAT64 } : info]));
}

const newChecker = (
  text: string,
  symbols: SymbolTable,
  options: CompileOptions,
  diagnostics: readonly Diagnostic[],
  draws: number,
): Checker => ({
  symbols,
  options,
  text,
  diagnostics: [...diagnostics],
  locals: new Map(),
  draws,
});

/** The first draw that no `uniform(n)` of the text names; the unnamed draws are numbered from here. */
function freeSite(trees: readonly Syntax[]): number {
  let free = 0;
  const visit = (syntax: Syntax): void => {
    if (syntax.kind === 'group') visit(syntax.inner);
    if (syntax.kind !== 'call' && syntax.kind !== 'operator') return;
    const [site] = syntax.args;
    const isDraw = syntax.kind === 'call' && (DISTRIBUTIONS as readonly string[]).includes(syntax.name);
    if (isDraw && site?.kind === 'number') free = Math.max(free, site.value + 1);
    for (const arg of syntax.args) visit(arg);
  };
  for (const tree of trees) visit(tree);
  return Number.isInteger(free) ? free : 0;
}

const inTextOrder = (diagnostics: readonly Diagnostic[]): Diagnostic[] => [...diagnostics].sort((a, b) => a.span.start - b.span.start);

/** Notes the mistake; the caller goes on with undefined in place of the expression. */
function report(checker: Checker, code: string, span: Span, message: string, hint?: string): undefined {
  checker.diagnostics.push({ code, message, title: checker.options.title, text: checker.text, span, ...(hint && { hint }) });
  return undefined;
}

function checkStatement(checker: Checker, statement: StatementSyntax): Assign | undefined {
  const { target, targetSpan, operator } = statement;
  const value = checkExpr(checker, statement.value);
  if (statement.indexed || target.includes('.')) return reportNonLocal(checker, target, targetSpan);
  if (statement.declares) return declareLocal(checker, statement, value);
  const localType = checker.locals.get(target);
  const symbol = checker.symbols.get(target);
  if (localType === undefined && symbol === undefined) {
    reportUnknown(checker, target, targetSpan, `a new variable is declared with "let ${target} = …"`);
    return undefined;
  }
  if (symbol && !localType && !symbol.writable) {
    return report(
      checker,
      'E-NOT-WRITABLE',
      targetSpan,
      `"${target}" cannot be written: it is ${describeSymbol(symbol)}`,
      writableHint(checker),
    );
  }
  if (symbol?.scope === 'counter' && !localType) return checkCounter(checker, statement, symbol, value);
  if (!value) return undefined;
  const op = COMPOUND[operator];
  const whole =
    op === undefined ? value : checkedApply(checker, op, [readName(checker, target, targetSpan), value], joinSpans(targetSpan, value.span));
  if (!whole) return undefined;
  if (localType !== undefined) {
    const stored = convert(checker, whole, localType);
    return stored && { name: target, scope: 'local', value: stored, span: targetSpan };
  }
  const info = symbol as SymbolInfo;
  const single = info.format.kind === 'float' && info.format.bits === 32;
  const converted = convert(checker, whole, single ? 'f32' : 'f64');
  return converted && { name: target, scope: info.scope, value: toStored(converted, info.format, () => checker.draws++), span: targetSpan };
}

const COMPOUND: Readonly<Record<string, OpName | undefined>> = { '+=': 'add', '-=': 'sub', '*=': 'mul', '/=': 'div' };

function declareLocal(checker: Checker, { target, targetSpan }: StatementSyntax, value: Expr | undefined): Assign | undefined {
  const taken = checker.symbols.get(target);
  if (taken || checker.locals.has(target) || CALLABLE.has(target)) {
    const what = taken ? describeSymbol(taken) : checker.locals.has(target) ? 'declared above' : 'an operation';
    return report(checker, 'E-NAME-TAKEN', targetSpan, `"${target}" cannot be declared: it is ${what}`, 'choose another name');
  }
  // declared even if its value is wrong, so that later lines are not blamed for it
  checker.locals.set(target, value?.type ?? 'f64');
  return value && { name: target, scope: 'local', value, span: targetSpan };
}

/** A counter is a sum over all items, in any order: the program may add to it and do nothing else. */
function checkCounter(
  checker: Checker,
  { target, targetSpan, operator }: StatementSyntax,
  symbol: SymbolInfo,
  value: Expr | undefined,
): Assign | undefined {
  if (operator !== '+=' || (value?.kind === 'literal' && value.value < 0)) {
    return report(
      checker,
      'E-COUNTER',
      targetSpan,
      `counter "${target}" may only be increased`,
      `write "${target} += …" with a number that is not negative`,
    );
  }
  if (!value) return undefined;
  const read: Expr = { kind: 'read', name: target, scope: symbol.scope, type: 'f64', span: targetSpan };
  const sum = checkedApply(checker, 'add', [read, value], joinSpans(targetSpan, value.span));
  return sum && { name: target, scope: symbol.scope, value: sum, span: targetSpan };
}

function checkExpr(checker: Checker, syntax: Syntax): Expr | undefined {
  switch (syntax.kind) {
    case 'number':
      if (!Number.isFinite(syntax.value))
        return report(checker, 'E-NOT-FINITE', syntax.span, 'this number is larger than a double can hold');
      return literal(syntax.value, syntax.span);
    case 'group':
      return checkExpr(checker, syntax.inner);
    case 'index':
      return reportNonLocal(checker, syntax.name, syntax.span);
    case 'name':
      return checkName(checker, syntax.name, syntax.span);
    case 'call':
      return checkCall(checker, syntax);
    case 'operator': {
      const args = syntax.args.map((arg) => checkExpr(checker, arg));
      return args.every((arg) => arg !== undefined) ? checkedApply(checker, syntax.op, args, syntax.span) : undefined;
    }
  }
}

function checkName(checker: Checker, name: string, span: Span): Expr | undefined {
  if (checker.locals.has(name) || checker.symbols.has(name)) {
    if (!checker.locals.has(name) && checker.symbols.get(name)?.scope === 'counter') {
      return report(
        checker,
        'E-COUNTER',
        span,
        `counter "${name}" cannot be read`,
        'a counter is the sum over all items and is known only after the run',
      );
    }
    return readName(checker, name, span);
  }
  if (name.includes('.')) return reportNonLocal(checker, name, span);
  if (CALLABLE.has(name) || (DISTRIBUTIONS as readonly string[]).includes(name)) {
    return report(checker, 'E-SYNTAX', span, `"${name}" is an operation and needs its arguments in brackets`);
  }
  return reportUnknown(checker, name, span);
}

function readName(checker: Checker, name: string, span: Span): Expr {
  const type = checker.locals.get(name);
  if (type !== undefined) return { kind: 'read', name, scope: 'local', type, span };
  const { scope, format } = checker.symbols.get(name) as SymbolInfo;
  return fromStored({ kind: 'read', name, scope, type: format.kind === 'float' && format.bits === 32 ? 'f32' : 'f64', span }, format);
}

function checkCall(checker: Checker, syntax: Syntax & { kind: 'call' }): Expr | undefined {
  const { name, nameSpan, span } = syntax;
  const distribution = DISTRIBUTIONS.find((known) => known === name);
  if (distribution) {
    const site = drawSite(checker, syntax);
    return site === undefined ? undefined : { kind: 'draw', distribution, site, type: 'f64', span };
  }
  const op = CALLABLE.get(name);
  if (op === undefined) {
    const near = didYouMean(name, [...CALLABLE.keys(), ...DISTRIBUTIONS]);
    return report(checker, 'E-UNKNOWN-NAME', nameSpan, `unknown operation "${name}"`, near && `did you mean "${near}"?`);
  }
  const args = syntax.args.map((arg) => checkExpr(checker, arg));
  const { arity } = OPS[op];
  // the draw of stochastic(x) and poisson(mean) is written out only where the printer has to name its site
  const given = args.length + (DRAWING_OPS.has(op) && args.length === 1 ? 1 : 0);
  if (given !== arity) {
    const wanted = DRAWING_OPS.has(op) ? 1 : arity;
    return report(checker, 'E-ARITY', span, `${name} takes ${wanted} argument${wanted === 1 ? '' : 's'}, not ${args.length}`);
  }
  if (!args.every((arg) => arg !== undefined)) return undefined;
  if (given > args.length) args.push({ kind: 'draw', distribution: 'uniform', site: checker.draws++, type: 'f64', span });
  return checkedApply(checker, op, args as Expr[], span);
}

/** `uniform()` draws afresh; `uniform(3)` is draw number 3 of the program, so that two places can share one draw. */
function drawSite(checker: Checker, { name, args, span }: Syntax & { kind: 'call' }): number | undefined {
  if (args.length === 0) return checker.draws++;
  const [site] = args;
  if (args.length > 1 || site.kind !== 'number' || !Number.isInteger(site.value)) {
    return report(checker, 'E-ARITY', span, `${name} takes no argument, or the whole number of the draw it repeats`);
  }
  return site.value;
}

const literal = (value: number, span: Span, type: ValueType = 'f64'): Literal => ({ kind: 'literal', value, type, span });

/** Literals as single precision; anything else rounded by an operation. */
function toSingle(expr: Expr): Expr {
  if (expr.type === 'f32') return expr;
  if (expr.kind === 'literal') return literal(Math.fround(expr.value), expr.span, 'f32');
  return { kind: 'apply', op: 'f32', args: [expr], type: 'f32', span: expr.span };
}

function toDouble(expr: Expr, span: Span): Expr {
  if (expr.kind === 'literal') return literal(expr.value, span);
  return expr.type === 'f64' ? expr : { kind: 'apply', op: 'f64', args: [expr], type: 'f64', span };
}

function convert(checker: Checker, expr: Expr, type: ValueType): Expr | undefined {
  if ((expr.type === 'bool') !== (type === 'bool')) {
    return expr.type === 'bool'
      ? report(checker, 'E-TYPE', expr.span, 'a truth value cannot be stored as a number', 'use if(condition, 1, 0)')
      : report(checker, 'E-TYPE', expr.span, 'a number cannot be stored as a truth value', 'compare it with something, e.g. x != 0');
  }
  if (type === 'f32') return toSingle(expr);
  return expr.kind === 'literal' && expr.type === 'f32' ? literal(expr.value, expr.span) : expr;
}

/** Gives an operation its type, after checking those of its arguments. */
function checkedApply(checker: Checker, op: OpName, args: readonly Expr[], span: Span): Expr | undefined {
  const row = OPS[op];
  const shown = row.notation === 'infix' || row.notation === 'prefix' ? `"${row.symbol}"` : op;
  for (const [i, arg] of args.entries()) {
    const wantsBool = row.types === 'logic' || (row.types === 'choose' && i === 0);
    if (wantsBool === (arg.type === 'bool')) continue;
    if (wantsBool)
      return report(
        checker,
        'E-TYPE',
        arg.span,
        `${shown} needs a truth value here, not a number`,
        'compare it with something, e.g. x != 0',
      );
    return report(checker, 'E-TYPE', arg.span, `${shown} needs a number here, not a truth value`, 'use if(condition, 1, 0)');
  }
  if (row.types === 'logic') return { kind: 'apply', op, args, type: 'bool', span };
  if (row.types === 'single') return toSingle(args[0]);
  if (row.types === 'double') return toDouble(args[0], span);
  if (op === 'neg' && args[0].kind === 'literal') return { ...args[0], value: -args[0].value, span };
  const deciding = row.types === 'choose' ? args.slice(1) : row.types === 'first' ? args.slice(0, 1) : args;
  const known = deciding.filter((arg) => arg.kind !== 'literal');
  const isSingle = known.length > 0 ? known.every((arg) => arg.type === 'f32') : deciding.every((arg) => arg.type === 'f32');
  const typed = args.map((arg) => (deciding.includes(arg) && arg.kind === 'literal' ? adoptType(arg, isSingle) : arg));
  const type: ValueType = row.types === 'compare' ? 'bool' : isSingle ? 'f32' : 'f64';
  if (op === 'pow' && typed[0].kind === 'literal' && typed[1].kind === 'literal') {
    const value = power(typed[0].value, typed[1].value);
    if (Number.isFinite(value)) return literal(isSingle ? Math.fround(value) : value, span, type);
  }
  return { kind: 'apply', op, args: typed, type, span } satisfies Apply;
}

const adoptType = (expr: Literal, isSingle: boolean): Literal => (isSingle ? (toSingle(expr) as Literal) : { ...expr, type: 'f64' });

function reportUnknown(checker: Checker, name: string, span: Span, hint?: string): undefined {
  const nearest = didYouMean(name, [...checker.symbols.keys(), ...checker.locals.keys()]);
  // any two names of one or two letters are near each other; only x3 for x1 is a likely slip
  const near = nearest !== undefined && (name.length > 2 || nearest[0] === name[0]) ? nearest : undefined;
  const message = checker.options.describeUnknown?.(name) ?? `unknown name "${name}"`;
  return report(checker, 'E-UNKNOWN-NAME', span, message, near ? `did you mean "${near}"?` : hint);
}

function reportNonLocal(checker: Checker, name: string, span: Span): undefined {
  const message = `"${name}" is not local: a program sees only the values at its own synapse or neuron`;
  return report(checker, 'E-NON-LOCAL', span, message, 'bring the value here as a trace of the pre or post neuron, or as a modulator');
}

const SCOPE_WORDS: Readonly<Record<string, string>> = {
  neuron: 'a value of the neuron',
  synapse: 'a value of the synapse',
  pre: 'a value of the pre neuron',
  post: 'a value of the post neuron',
  modulator: 'a modulator',
  constant: 'a constant',
  counter: 'a counter',
};

const describeSymbol = (symbol: SymbolInfo): string => symbol.meaning ?? SCOPE_WORDS[symbol.scope];

function writableHint(checker: Checker): string | undefined {
  const names = [...checker.symbols.values()]
    .filter((symbol) => symbol.writable && symbol.scope !== 'counter')
    .map((symbol) => symbol.name);
  return names.length > 0 ? `what can be written here: ${names.join(', ')}` : undefined;
}
