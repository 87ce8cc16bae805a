/**
 * Decides how one loop runs in WebAssembly, or why it cannot: where each name lives, which names are only added to, how many items go at once.
 *
 * Items of a group are computed together, so that no item sees what another one of its group wrote. That is the same as one after the other if
 * every value that several items share (a cell, the row's or the target's value) is only read, or only added to by one statement and read by
 * nothing else: its terms are then computed together and added one by one, in the order of the items. Any other loop goes item by item. A
 * synapse occurs once in a loop (the reverse index is a permutation), so synapse values are never shared.
 */

import type { WasmMemory } from '../typed-arrays-utils.ts';
import { emitLoop } from './emit-js.ts';
import type { Interval } from './intervals.ts';
import { pointInterval } from './intervals.ts';
import type { Apply, Assign, Expr, Program } from './ir.ts';
import type { Binding, KernelSpec, NumericArray } from './kernel.ts';
import { int, storedRange } from './number-format.ts';
import { OPS } from './op-table.ts';
import { simplify, simplifyExpr, substitute, substituteConstants } from './simplify.ts';
import type { Scope } from './symbols.ts';
import type { ElementType, StoreMode } from './wasm-memory.ts';
import { elementType, isShort } from './wasm-memory.ts';
import { isComparable } from './word-thresholds.ts';

/** Which index of a loop selects a value: the item (i, k), the row (r) or the target (j). */
export type IndexName = 'i' | 'k' | 'r' | 'j';

export type Place =
  /** One cell for the whole call. */
  | { readonly level: 'call'; readonly cell: number }
  /** One value per row (`rows`) or target (`columns`). */
  | { readonly level: 'outer' }
  /** One value per item, side by side; with `j` one per target, side by side in the order of the items. */
  | { readonly level: 'run'; readonly index?: 'j' }
  /** A list read at computed indices. */
  | { readonly level: 'lookup' }
  /** One value per item, anywhere. */
  | { readonly level: 'item'; readonly index: IndexName }
  /** One value per item at base · stride + times[at]. */
  | { readonly level: 'history'; readonly base: IndexName; readonly stride: number; readonly times: NumericArray; readonly at: IndexName };

export interface Variable {
  readonly name: string;
  readonly scope: Scope;
  readonly array: NumericArray;
  readonly type: ElementType;
  /** Integers that are read as single precision. */
  readonly single: boolean;
  readonly place: Place;
  /** Read before the program has written it, by more than its own sum. */
  readonly loaded: boolean;
  readonly written: boolean;
  readonly mode: StoreMode;
}

/** `name = name ± term`, the only statement that touches a shared name. */
export interface Sum {
  readonly variable: Variable;
  readonly op: 'add' | 'sub';
  readonly term: Expr;
  /** `integer`: both are whole, so 32-bit addition does it. `count`: literal whole terms, chosen by a condition or not. */
  readonly kind: 'f32' | 'f64' | 'integer' | 'count';
}

export interface LoopPlan {
  readonly program: Program;
  readonly when?: Expr;
  readonly variables: ReadonlyMap<string, Variable>;
  /** By statement number. */
  readonly sums: ReadonlyMap<number, Sum>;
  /** Items must see what the items before them wrote. */
  readonly sequential: boolean;
  /** The sites of its draws. */
  readonly sites: readonly number[];
}

export function planLoop(spec: KernelSpec, memory: WasmMemory): LoopPlan | string {
  // what no back end may run is refused in the same words
  emitLoop(spec);
  if (!(memory.buffer instanceof SharedArrayBuffer)) return 'the memory is not shared';
  const constants = new Map(
    [...spec.bindings].flatMap(([name, binding]) => (binding.kind === 'constant' ? [[name, binding.value] as const] : [])),
  );
  const program = simplify(substituteConstants(spec.program, constants));
  const when = spec.loop.kind === 'fire' ? simplifyExpr(substitute(spec.loop.when, constants)) : undefined;
  const uses = usesOf(program, when);
  const refusal = refuseArrays(spec, uses, memory);
  if (refusal !== undefined) return refusal;
  const ranges = new Map<string, Interval>();
  const variables = new Map<string, Variable>();
  for (const use of uses.values()) variables.set(use.name, variableOf(spec, use));
  // a register that lives longer than an item is not cut to the width of its array until the end
  for (const { name, type, place, written } of variables.values())
    if (written && !isFloat(type) && (place.level === 'call' || place.level === 'outer')) ranges.set(name, UNKNOWN);
  const terms = program.statements.map(({ value }) => value);
  const sums = new Map<number, Sum>();
  for (const [n, { name, scope, value }] of program.statements.entries()) {
    const range = rangeOf(value, variables, ranges);
    const variable = scope === 'local' ? undefined : (variables.get(name) as Variable);
    if (variable !== undefined && !isFloat(variable.type)) {
      const mode = storeMode(range);
      if (mode === undefined) return `"${name}" may leave the range that converts to an integer array, or has no known range`;
      variables.set(name, { ...variable, mode });
    }
    const others = program.statements.filter((other, m) => m !== n && !(other.name === name && other.scope !== 'local'));
    const sum = variable && isShared(variable, spec) ? sumOf(variable, value, exprsOf(others, when), variables, ranges) : undefined;
    if (sum !== undefined) sums.set(n, sum);
    ranges.set(name, range);
  }
  dropMixedSums(program, sums);
  for (const { variable } of sums.values()) variables.set(variable.name, { ...variable, loaded: false });
  const sharedWrites = program.statements.some(({ name, scope }, n) => {
    const variable = scope === 'local' ? undefined : variables.get(name);
    return variable !== undefined && isShared(variable, spec) && !sums.has(n);
  });
  const sequential = sharedWrites || (spec.loop.kind === 'columns' && spec.loop.unless !== undefined);
  const { rowShift, items } = spec.random;
  const overSynapses = spec.loop.kind === 'rows' || spec.loop.kind === 'columns';
  const everything = [...terms, ...(when ? [when] : [])];
  const sites = [...new Set(everything.flatMap(sitesOf))];
  if (everything.some((expr) => holds(expr, (apply) => apply.op === 'poisson' && !isComparable(apply)))) {
    return 'a Poisson draw of a mean that is not a small number';
  }
  // items of draws are consecutive here; those of a part of a network are not
  if (sites.length > 0 && (overSynapses ? rowShift : items) !== undefined) return 'its draws are numbered by a list';
  return { program, ...(when && { when }), variables, sums, sequential, sites };
}

interface NameUse {
  readonly name: string;
  readonly scope: Scope;
  loaded: boolean;
  written: boolean;
  /** Types under which the program reads it. */
  readonly readAs: Set<string>;
}

/** Every name of the program that is not local, in order of first use. */
function usesOf(program: Program, when: Expr | undefined): Map<string, NameUse> {
  const uses = new Map<string, NameUse>();
  const useOf = (name: string, scope: Scope): NameUse => {
    const use = uses.get(name) ?? { name, scope, loaded: false, written: false, readAs: new Set() };
    uses.set(name, use);
    return use;
  };
  const visit = (expr: Expr): void => {
    if (expr.kind === 'apply') for (const arg of expr.args) visit(arg);
    if (expr.kind !== 'read' || expr.scope === 'local') return;
    if (expr.at !== undefined) visit(expr.at);
    const use = useOf(expr.name, expr.scope);
    use.readAs.add(expr.type);
    if (!use.written) use.loaded = true;
  };
  for (const { name, scope, value, guard } of program.statements) {
    visit(value);
    if (scope === 'local') continue;
    const use = useOf(name, scope);
    // a guarded statement may be left out, and then the old value is stored
    if (guard !== undefined && !use.written) use.loaded = true;
    use.written = true;
  }
  if (when !== undefined) visit(when);
  return uses;
}

const isFloat = (type: ElementType): boolean => type === 'f64' || type === 'f32';

/** Why an array cannot be reached, or would be read as something it is not. */
function refuseArrays(spec: KernelSpec, uses: ReadonlyMap<string, NameUse>, memory: WasmMemory): string | undefined {
  const { loop } = spec;
  const outside = (what: string, array: NumericArray): string | undefined =>
    array.buffer === memory.buffer ? undefined : `${what} does not lie in the memory`;
  const index = (what: string, array: NumericArray): string | undefined =>
    outside(what, array) ?? (isFloat(elementType(array)) ? `${what} is an array of floats` : undefined);
  const indices: [string, NumericArray | undefined][] =
    loop.kind === 'rows'
      ? [
          ['rowStart', loop.rowStart],
          ['target', loop.target],
        ]
      : loop.kind === 'columns'
        ? [
            ['columnStart', loop.columnStart],
            ['synapse', loop.synapse],
            ['row', loop.row],
            ['unless', loop.unless],
          ]
        : [];
  for (const [what, array] of indices) {
    const reason = array && index(what, array);
    if (reason !== undefined) return reason;
  }
  for (const { name, readAs } of uses.values()) {
    const binding = spec.bindings.get(name) as Exclude<Binding, { kind: 'constant' }>;
    const reason =
      outside(`"${name}"`, binding.array) ?? (binding.kind === 'history' ? index(`the times of "${name}"`, binding.times) : undefined);
    if (reason !== undefined) return reason;
    if (readAs.has('f32') && elementType(binding.array) !== 'f32' && !isShort(elementType(binding.array)))
      return `"${name}" is single precision but does not lie in a Float32Array`;
  }
  return undefined;
}

function variableOf(spec: KernelSpec, { name, scope, loaded, written, readAs }: NameUse): Variable {
  const binding = spec.bindings.get(name) as Exclude<Binding, { kind: 'constant' }>;
  const { array } = binding;
  const type = elementType(array);
  return {
    name,
    scope,
    array,
    type,
    single: readAs.has('f32') && isShort(type),
    place: placeOf(spec, scope, binding),
    loaded,
    written,
    mode: 'whole',
  };
}

/** The places of `placeOf` in emit-js.ts. */
function placeOf({ loop }: KernelSpec, scope: Scope, binding: Exclude<Binding, { kind: 'constant' }>): Place {
  if (binding.kind === 'cell') return { level: 'call', cell: binding.cell };
  if (binding.kind === 'lookup') return { level: 'lookup' };
  if (loop.kind === 'each' || loop.kind === 'fire') return { level: 'run' };
  if (loop.kind === 'list') return { level: 'item', index: 'i' };
  if (binding.kind === 'history' && scope !== 'synapse') {
    const { stride, times } = binding;
    return scope === 'pre'
      ? { level: 'history', base: 'r', stride, times, at: 'j' }
      : { level: 'history', base: 'j', stride, times, at: 'r' };
  }
  if (scope === 'synapse') return loop.kind === 'rows' ? { level: 'run' } : { level: 'item', index: 'k' };
  if (scope === 'pre') return loop.kind === 'rows' ? { level: 'outer' } : { level: 'item', index: 'r' };
  if (loop.kind === 'columns') return { level: 'outer' };
  return loop.consecutive ? { level: 'run', index: 'j' } : { level: 'item', index: 'j' };
}

/** True if two items of the loop may have the same element. */
function isShared({ place }: Variable, { loop }: KernelSpec): boolean {
  if (place.level === 'run') return false;
  if (place.level !== 'item') return true;
  return !(loop.kind === 'columns' && place.index === 'k') && !(loop.kind === 'list' && loop.distinct === true);
}

const exprsOf = (statements: readonly Assign[], when: Expr | undefined): Expr[] => [
  ...statements.map(({ value }) => value),
  ...(when ? [when] : []),
];

/** Several statements may add to one name only if all of them count: whole numbers have no order. */
function dropMixedSums({ statements }: Program, sums: Map<number, Sum>): void {
  const writers = new Map<string, number[]>();
  for (const [n, { name, scope }] of statements.entries()) if (scope !== 'local') writers.set(name, [...(writers.get(name) ?? []), n]);
  for (const numbers of writers.values()) {
    const counts = numbers.every((n) => sums.get(n)?.kind === 'count');
    if (numbers.length > 1 && !counts) for (const n of numbers) sums.delete(n);
  }
}

/** @param others everything else that the loop computes */
function sumOf(
  variable: Variable,
  value: Expr,
  others: readonly Expr[],
  variables: ReadonlyMap<string, Variable>,
  ranges: ReadonlyMap<string, Interval>,
): Sum | undefined {
  const { name, type, place } = variable;
  if (value.kind !== 'apply' || (value.op !== 'add' && value.op !== 'sub')) return undefined;
  const isOwn = (expr: Expr): boolean => expr.kind === 'read' && expr.name === name && expr.scope !== 'local';
  const at = value.args.findIndex(isOwn);
  if (at < 0 || (value.op === 'sub' && at === 1)) return undefined;
  const term = value.args[1 - at];
  if ([...others, term].some((expr) => mentions(expr, name))) return undefined;
  const kind = kindOfSum(variable, value, term, rangeOf(term, variables, ranges));
  if (kind === undefined || (kind === 'integer' && place.level !== 'item')) return undefined;
  return { variable: { ...variable, type }, op: value.op, term, kind };
}

function kindOfSum({ type, scope }: Variable, value: Apply, term: Expr, range: Interval): Sum['kind'] | undefined {
  if (scope === 'counter' && type === 'f64' && value.op === 'add' && isCount(term)) return 'count';
  if (type === 'f64') return 'f64';
  if (type === 'f32') return value.type === 'f32' ? 'f32' : undefined;
  return range.fraction === 0 && range.low >= -(2 ** 31) && range.high < 2 ** 31 ? 'integer' : undefined;
}

/** Small whole literals, so that thousands of millions of them fit 32 bits times a few. */
function isCount(term: Expr): boolean {
  if (term.kind === 'literal') return Number.isInteger(term.value) && Math.abs(term.value) <= 1;
  return term.kind === 'apply' && term.op === 'if' && term.args.slice(1).every((arg) => arg.kind === 'literal' && isCount(arg));
}

const mentions = (expr: Expr, name: string): boolean =>
  expr.kind === 'apply'
    ? expr.args.some((arg) => mentions(arg, name))
    : expr.kind === 'read' && ((expr.scope !== 'local' && expr.name === name) || (expr.at !== undefined && mentions(expr.at, name)));

const holds = (expr: Expr, test: (apply: Apply) => boolean): boolean =>
  expr.kind === 'apply' && (test(expr) || expr.args.some((arg) => holds(arg, test)));

function sitesOf(expr: Expr): number[] {
  if (expr.kind === 'draw') return [expr.site];
  return expr.kind === 'apply' ? expr.args.flatMap(sitesOf) : [];
}

/** Of a float: anything, with any number of binary digits behind the point. */
const UNKNOWN: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, fraction: 60 };

const INTEGER_RANGES: Readonly<Partial<Record<ElementType, Interval>>> = Object.fromEntries(
  (['i32', 'u32', 'i16', 'u16', 'i8', 'u8'] as const).map((type) => [
    type,
    { ...storedRange(int(Number(type.slice(1)), { signed: type.startsWith('i') })), fraction: 0 },
  ]),
);

/** Range of an expression: that of its integer arrays, carried through the operation table. */
function rangeOf(expr: Expr, variables: ReadonlyMap<string, Variable>, ranges: ReadonlyMap<string, Interval>): Interval {
  if (expr.kind === 'literal') return pointInterval(expr.value) ?? UNKNOWN;
  if (expr.kind === 'draw') return { low: 0, high: 2 ** 60, fraction: 60 };
  if (expr.kind === 'read') {
    const variable = expr.scope === 'local' ? undefined : variables.get(expr.name);
    return ranges.get(expr.name) ?? (variable && INTEGER_RANGES[variable.type]) ?? UNKNOWN;
  }
  const range = OPS[expr.op].range?.(...expr.args.map((arg) => rangeOf(arg, variables, ranges)));
  if (range === undefined || Number.isNaN(range.low) || Number.isNaN(range.high)) return UNKNOWN;
  // above 2^24 single precision rounds whole numbers too
  const rounds = expr.type === 'f32' && Math.max(-range.low, range.high) > 2 ** 24;
  return rounds ? UNKNOWN : range;
}

function storeMode({ low, high, fraction }: Interval): StoreMode | undefined {
  const [least, most] = [low / 2 ** fraction, high / 2 ** fraction];
  if (least >= -(2 ** 31) && most < 2 ** 31) return 'whole';
  return least >= -(2 ** 51) && most <= 2 ** 51 ? 'modular' : undefined;
}
