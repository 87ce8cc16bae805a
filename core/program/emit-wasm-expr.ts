/**
 * Expressions to vectors of items. The kind of a value (single or double precision) follows from the arrays it comes from and from the
 * rounding the tree asks for, so that every result has the bits the evaluator gives it:
 *
 * - An operation on single-precision values whose result is rounded to single precision is one single-precision operation. For + - * / and
 *   sqrt that is the double-precision result rounded once more (Figueroa, "When is double rounding innocuous?", 1995); operations that only
 *   select, negate, compare or drop digits are exact in either.
 * - Everything else is computed in doubles and rounded where the tree says so.
 *
 * Both branches of a choice are computed and one is selected, except where a branch holds an exponential, a logarithm or a draw: that one is
 * skipped when no item of the group needs it.
 */
import { InternalError } from '../errors.ts';
import { isPowerOfTwo, powerOfTwo as powerOfTwoOf } from './elementary.ts';
import type { Apply, Expr } from './ir.ts';
import type { OpName } from './op-table.ts';
import { OPS } from './op-table.ts';
import type { Scope } from './symbols.ts';
import type { Doubles } from './wasm-doubles.ts';
import { doubleArithmetic } from './wasm-doubles.ts';
import { exp, isWholePower, log, power, powerOfTwo, wholePower } from './wasm-elementary.ts';
import type { Local } from './wasm-encoder.ts';
import type { Machine, Value, Vectors } from './wasm-lanes.ts';
import {
  anyItem,
  constantF32,
  constantF64,
  constantI32,
  doubleParts,
  isSingle,
  mapParts,
  singleParts,
  toDouble,
  toMask32,
  toMask64,
  toSingle,
} from './wasm-lanes.ts';
import type { Opcode } from './wasm-opcodes.ts';
import { firstWordFrom, lastWordUpTo, poissonSums } from './word-thresholds.ts';

export interface Surroundings {
  readonly machine: Machine;
  read(name: string, scope: Scope): Value;
  /** The value of a list at an index for each item. */
  lookup(name: string, at: Value): Value;
  draw(distribution: 'uniform' | 'normal', site: number): Value;
  /** The 32-bit words that the uniform draws of a site are made of, four to a vector. */
  words(site: number): readonly Local[];
}

export function emitVectors(at: Surroundings, expr: Expr): Value {
  switch (expr.kind) {
    case 'literal':
      return { kind: 'literal', value: expr.value };
    case 'read':
      return expr.at === undefined ? at.read(expr.name, expr.scope) : at.lookup(expr.name, emitVectors(at, expr.at));
    case 'draw':
      return at.draw(expr.distribution, expr.site);
    case 'apply':
      return emitApply(at, expr);
  }
}

const COMPARISONS: Readonly<Partial<Record<OpName, string>>> = { lt: 'lt', le: 'le', gt: 'gt', ge: 'ge', eq: 'eq', ne: 'ne' };
/** Rounded once in either precision. */
const ARITHMETIC: Readonly<Partial<Record<OpName, string>>> = { add: 'add', sub: 'sub', mul: 'mul', div: 'div', sqrt: 'sqrt' };
/** No digit is lost in either precision. */
const EXACT: Readonly<Partial<Record<OpName, string>>> = { neg: 'neg', abs: 'abs', floor: 'floor', ceil: 'ceil', trunc: 'trunc' };

function emitApply(at: Surroundings, expr: Apply): Value {
  const { op } = expr;
  if (op === 'if') return emitChoice(at, expr);
  if (op === 'and' || op === 'or' || op === 'not') return emitLogic(at, expr);
  const fromWords = emitFromWords(at, expr);
  if (fromWords !== undefined) return fromWords;
  const args = expr.args.map((arg) => emitVectors(at, arg));
  if (op === 'f64') return args[0];
  if (op === 'f32') return { kind: 'f32', parts: toSingle(at.machine, args[0]) };
  const single = args.every(isSingle) && args.some(({ kind }) => kind === 'f32');
  const square = op === 'pow' && expr.args[1].kind === 'literal' && expr.args[1].value === 2;
  const inSingle = single && (square || ARITHMETIC[op] !== undefined ? expr.type === 'f32' : isExact(op));
  const result = emitIn(at.machine, inSingle ? 'f32' : 'f64', expr, args);
  if (expr.type === 'f32' && result.kind === 'f64') return { kind: 'f32', parts: toSingle(at.machine, result) };
  return result;
}

/**
 * What follows from comparing the words of a draw with constants: a Poisson count, and a uniform draw below or above a literal. There are no
 * unsigned comparisons among the quick instructions, so both sides are moved down by 2^31.
 */
function emitFromWords({ machine, words }: Surroundings, { op, args: [a, b] }: Apply): Vectors | undefined {
  const { builder } = machine;
  const all = (value: number): Local => constantI32(builder, value, value, value, value);
  const moved = (site: number): Local[] => words(site).map((part) => builder.pure('v128.xor', [part, all(-(2 ** 31))]));
  if (op === 'poisson' && a.kind === 'literal' && b.kind === 'draw') {
    const limits = poissonSums(a.value).map((sum) => all(lastWordUpTo(sum) - 2 ** 31));
    const counts = moved(b.site).map((part) =>
      // a mask is -1 where it holds
      limits.reduce((count, limit) => builder.pure('i32x4.sub', [count, builder.pure('i32x4.gt_s', [part, limit])]), all(0)),
    );
    return { kind: 'f32', parts: mapParts(builder, 'f32x4.convert_i32x4_s', counts) };
  }
  if (op !== 'lt' && op !== 'gt') return undefined;
  const [draw, limit] = a.kind === 'draw' ? [a, b] : [b, a];
  if (draw.kind !== 'draw' || draw.distribution !== 'uniform' || limit.kind !== 'literal') return undefined;
  const below = (op === 'lt') === (draw === a);
  const word = below ? firstWordFrom(limit.value) : lastWordUpTo(limit.value);
  // a limit outside of (0, 1) is for the doubles, which know how all of it ends
  if (word < 0 || word >= 2 ** 32) return undefined;
  const constant = all(word - 2 ** 31);
  const parts = moved(draw.site).map((part) => builder.pure('i32x4.gt_s', below ? [constant, part] : [part, constant]));
  return { kind: 'mask32', parts };
}

const isExact = (op: OpName): boolean =>
  COMPARISONS[op] !== undefined || EXACT[op] !== undefined || op === 'min' || op === 'max' || op === 'clip' || op === 'sign';

function emitIn(machine: Machine, kind: 'f32' | 'f64', expr: Apply, values: readonly Value[]): Vectors {
  const { builder } = machine;
  const { op } = expr;
  const shape = kind === 'f32' ? 'f32x4' : 'f64x2';
  const parts = kind === 'f32' ? singleParts(machine) : doubleParts(machine);
  const args = values.map((value) => (kind === 'f32' ? toSingle(machine, value) : toDouble(machine, value)));
  const on = (name: string, ...operands: readonly (readonly Local[])[]): Local[] =>
    mapParts(builder, `${shape}.${name}` as Opcode, ...operands);
  const constant = (value: number): Local[] =>
    new Array<Local>(parts).fill(kind === 'f32' ? constantF32(builder, value) : constantF64(builder, value));
  const select = (mask: readonly Local[], yes: readonly Local[], no: readonly Local[]): Local[] =>
    mapParts(builder, 'v128.bitselect', yes, no, mask);
  const [a, b, c] = args;
  const comparison = COMPARISONS[op];
  if (comparison !== undefined) return { kind: kind === 'f32' ? 'mask32' : 'mask64', parts: on(comparison, a, b) };
  const simple = ARITHMETIC[op] ?? EXACT[op];
  const literal = expr.args.map((arg) => (arg.kind === 'literal' ? arg.value : undefined));
  if (op === 'div' && literal[1] !== undefined && isPowerOfTwo(literal[1]) && Number.isFinite(1 / literal[1])) {
    const reciprocal = 1 / literal[1];
    if (kind === 'f64' || Math.fround(reciprocal) === reciprocal) return { kind, parts: on('mul', a, constant(reciprocal)) };
  }
  if (simple !== undefined) return { kind, parts: on(simple, ...args) };
  switch (op) {
    case 'min':
    case 'max':
      return { kind, parts: emitExtremum(op, expr, args, on) };
    case 'clip': {
      // with ordered literal limits the nested choice is two machine instructions; NaN stays in both
      const ordered = literal[1] !== undefined && literal[2] !== undefined && literal[1] <= literal[2];
      if (ordered) return { kind, parts: on('pmax', on('pmin', a, c), b) };
      return { kind, parts: select(on('lt', a, b), b, select(on('gt', a, c), c, a)) };
    }
    case 'sign': {
      const zero = constant(0);
      return { kind, parts: select(on('gt', a, zero), constant(1), select(on('lt', a, zero), constant(-1), a)) };
    }
    case 'pow':
      if (literal[1] === 2) return { kind, parts: on('mul', a, a) };
      break;
  }
  return { kind, parts: emitInDoubles(machine, expr, args) };
}

/** Math.min and Math.max, which know NaN and order -0 before +0. With a literal the cheap forms pmin and pmax do the same for most. */
function emitExtremum(
  op: 'min' | 'max',
  expr: Apply,
  args: readonly (readonly Local[])[],
  on: (name: string, ...operands: readonly (readonly Local[])[]) => Local[],
): Local[] {
  const at = expr.args.findIndex((arg) => arg.kind === 'literal');
  if (at < 0) return on(op, args[0], args[1]);
  const limit = (expr.args[at] as { value: number }).value;
  const other = expr.args[1 - at];
  const decisive = limit !== 0 || (op === 'min' ? Object.is(limit, 0) : Object.is(limit, -0)) || (op === 'max' && isNeverMinusZero(other));
  // pmin(a, b) is b < a ? b : a: what is not compared as smaller, NaN too, stays
  return decisive ? on(`p${op}`, args[1 - at], args[at]) : on(op, args[0], args[1]);
}

/** A sum is -0 only if both terms are. */
function isNeverMinusZero(expr: Expr): boolean {
  if (expr.kind !== 'apply') return false;
  const [a, b] = expr.args;
  const isLiteralOtherThan = (arg: Expr, zero: number): boolean => arg.kind === 'literal' && !Object.is(arg.value, zero);
  if (expr.op === 'add') return isLiteralOtherThan(a, -0) || isLiteralOtherThan(b, -0);
  if (expr.op === 'sub') return isLiteralOtherThan(b, 0);
  return expr.op === 'abs';
}

function emitInDoubles(machine: Machine, expr: Apply, args: readonly Doubles[]): Doubles {
  const { op, args: exprs } = expr;
  const d = doubleArithmetic(machine.builder, doubleParts(machine));
  const [a, b] = args;
  const second = exprs[1];
  const count = second?.kind === 'literal' ? second.value : undefined;
  /** 2^(sign·(b + offset)). */
  const scale = (sign: 1 | -1, offset = 0): Doubles => {
    if (count !== undefined) return d.constant(powerOfTwoOf(sign * (count + offset)));
    const shifted = offset === 0 ? b : d.on('add', b, d.constant(offset));
    return powerOfTwo(d, sign === 1 ? shifted : d.on('neg', shifted));
  };
  const floor = (x: Doubles): Doubles => d.on('floor', x);
  switch (op) {
    case 'exp':
      return exp(d, a);
    case 'log':
      return log(d, a);
    case 'pow':
      if (count === undefined) return power(d, a, b);
      return isWholePower(count) ? wholePower(d, a, count) : exp(d, d.on('mul', b, log(d, a)));
    case 'round':
      return floor(d.on('add', a, d.constant(0.5)));
    case 'shr':
      return floor(d.on('mul', a, scale(-1)));
    case 'wrap':
      return d.on('sub', a, d.on('mul', scale(1), floor(d.on('mul', d.on('add', a, scale(1, -1)), scale(-1)))));
    case 'wrapUnsigned':
      return d.on('sub', a, d.on('mul', scale(1), floor(d.on('mul', a, scale(-1)))));
    case 'stochastic': {
      const whole = floor(a);
      return d.on('add', whole, d.raw('v128.and', d.on('lt', b, d.on('sub', a, whole)), d.constant(1)));
    }
    default:
      throw new InternalError(`the operation ${op} has no WebAssembly form`);
  }
}

function emitLogic(at: Surroundings, expr: Apply): Value {
  const { machine } = at;
  const { builder } = machine;
  const [first, second] = expr.args;
  if (expr.op === 'and' && first.kind === 'apply' && first.op === 'not' && !isCostly(second)) {
    // b without a is one instruction
    const [without, from] = [first.args[0], second].map((arg) => emitVectors(at, arg));
    if (without.kind === 'mask64' && from.kind === 'mask64') {
      return { kind: 'mask64', parts: mapParts(builder, 'v128.andnot', from.parts, without.parts) };
    }
    return { kind: 'mask32', parts: mapParts(builder, 'v128.andnot', toMask32(machine, from), toMask32(machine, without)) };
  }
  const a = emitVectors(at, first);
  if (expr.op === 'not') {
    const mask = a.kind === 'mask64' ? a : ({ kind: 'mask32', parts: toMask32(machine, a) } as const);
    return { kind: mask.kind, parts: mapParts(builder, 'v128.not', mask.parts) };
  }
  const op = expr.op === 'and' ? 'v128.and' : 'v128.or';
  if (isCostly(second)) {
    const needed = anyItem(machine, a, expr.op === 'and');
    const b = onlyWhen(at, needed, () => toMask32(machine, emitVectors(at, second)), singleParts(machine));
    return { kind: 'mask32', parts: mapParts(builder, op, toMask32(machine, a), b) };
  }
  const b = emitVectors(at, second);
  if (a.kind === 'mask64' && b.kind === 'mask64') return { kind: 'mask64', parts: mapParts(builder, op, a.parts, b.parts) };
  return { kind: 'mask32', parts: mapParts(builder, op, toMask32(machine, a), toMask32(machine, b)) };
}

function emitChoice(at: Surroundings, expr: Apply): Value {
  const { machine } = at;
  const { builder } = machine;
  const condition = emitVectors(at, expr.args[0]);
  const [costlyYes, costlyNo] = [isCostly(expr.args[1]), isCostly(expr.args[2])];
  const wanted = expr.type === 'f32' ? 'f32' : 'f64';
  const convert = (value: Value): readonly Local[] => (wanted === 'f32' ? toSingle(machine, value) : toDouble(machine, value));
  const parts = wanted === 'f32' ? singleParts(machine) : doubleParts(machine);
  const branch = (costly: boolean, side: 1 | 2): Value => {
    if (!costly) return emitVectors(at, expr.args[side]);
    const needed = anyItem(machine, condition, side === 1);
    return { kind: wanted, parts: onlyWhen(at, needed, () => convert(emitVectors(at, expr.args[side])), parts) };
  };
  const [yes, no] = [branch(costlyYes, 1), branch(costlyNo, 2)];
  const single = isSingle(yes) && isSingle(no) && (wanted === 'f32' || yes.kind === 'f32' || no.kind === 'f32');
  const [a, b] = single ? [toSingle(machine, yes), toSingle(machine, no)] : [convert(yes), convert(no)];
  const kind = single ? 'f32' : wanted;
  const mask = kind === 'f32' ? toMask32(machine, condition) : toMask64(machine, condition);
  return { kind, parts: mapParts(builder, 'v128.bitselect', a, b, mask) };
}

/** Vectors computed only where `needed` is not zero; elsewhere they hold something that nobody selects. */
function onlyWhen({ machine }: Surroundings, needed: Local, compute: () => readonly Local[], parts: number): Local[] {
  const { builder } = machine;
  const variables = Array.from({ length: parts }, () => builder.variable('v128', 'branch'));
  builder.when(needed, () => {
    for (const [n, part] of compute().entries()) builder.copy(variables[n], part);
  });
  return variables.map((variable) => builder.snapshot(variable));
}

/** True if skipping the expression is worth a jump. */
export const isCostly = (expr: Expr): boolean =>
  expr.kind === 'draw' || (expr.kind === 'apply' && (isCostlyAlone(expr) || expr.args.some(isCostly)));

/** The same without what its arguments cost. */
function isCostlyAlone({ op, args }: Apply): boolean {
  const whole = op === 'pow' && args[1].kind === 'literal' && isWholePower(args[1].value);
  return OPS[op].cost === 'exp' && !whole;
}

/** True if uniform draws outside of all branches are the only costly part. */
export function onlyDrawsUniforms(expr: Expr): boolean {
  if (expr.kind === 'draw') return expr.distribution === 'uniform';
  if (expr.kind !== 'apply') return true;
  const { op, args } = expr;
  if ((op === 'if' || op === 'and' || op === 'or') && args.slice(1).some(isCostly)) return false;
  return (op === 'poisson' || !isCostlyAlone(expr)) && args.every(onlyDrawsUniforms);
}
