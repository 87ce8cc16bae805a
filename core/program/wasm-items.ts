/**
 * One group of items of a loop: load what the program reads, run its statements, store what it wrote, add the sums, list the items that fire.
 * What items share is in wasm-shared.ts.
 */
import { InternalError } from '../errors.ts';
import type { Surroundings } from './emit-wasm-expr.ts';
import { emitVectors } from './emit-wasm-expr.ts';
import { guardedBlocks, namesIn, ownNames, readsIn, writtenIn } from './guarded-blocks.ts';
import type { Assign, Expr } from './ir.ts';
import type { KernelSpec, Loop, NumericArray } from './kernel.ts';
import type { FunctionBuilder } from './wasm-builder.ts';
import type { Local } from './wasm-encoder.ts';
import type { Lanes, Machine, Value } from './wasm-lanes.ts';
import { anyItem, constantI32, repeatFor, singleParts, toDouble, toMask32, toSingle } from './wasm-lanes.ts';
import { addToInteger, loadAt, loadIndex, loadNumber, loadRun, storeAt, storeNumber, storeRun, toIntegers } from './wasm-memory.ts';
import type { IndexName, LoopPlan, Sum, Variable } from './wasm-plan.ts';
import type { PreparedSite } from './wasm-random.ts';
import { normalQuantile, uniformOfWords, wordsOfEights, wordsOfItems } from './wasm-random.ts';
import type { Shared } from './wasm-shared.ts';
import { addCount } from './wasm-shared.ts';

export interface Frame {
  readonly spec: KernelSpec;
  readonly plan: LoopPlan;
  readonly builder: FunctionBuilder;
  readonly sites: ReadonlyMap<number, PreparedSite>;
  /** Groups of eight in one round, whose random words are computed together. */
  readonly together: number;
  /** What holds a value that items share, while they run. */
  readonly shared: Map<string, Shared>;
  /** Byte offset of the list of items that fire, and how many there are so far. */
  readonly out: Local;
  readonly fired: Local;
}

/** Item start + ahead and the ones behind it; in synapse loops with what gives their other indices. */
export interface Group {
  readonly start: Local;
  readonly ahead: number;
  /** The items of the group, where they do not follow each other. */
  readonly items?: readonly Local[];
  readonly outer?: Local;
  readonly target?: NumericArray;
  /** Number of the target of item `start`, where those of a row are consecutive. */
  readonly firstTarget?: Local;
  readonly columns?: Extract<Loop, { kind: 'columns' }>;
}

/** @returns the truth values of the items that fire, four to a vector, for `emitFired`; nothing where none can */
export function emitGroup(frame: Frame, lanes: Lanes, group: Group): readonly Local[] {
  const { spec, builder } = frame;
  const { loop } = spec;
  const emit = (): readonly Local[] => emitStatements(frame, { builder, lanes }, group);
  if (loop.kind !== 'columns' || loop.unless === undefined) return emit();
  const row = loadIndex(builder, loop.row, group.start, group.ahead);
  builder.when(builder.pure('i32.eqz', [loadIndex(builder, loop.unless, row)]), emit);
  return [];
}

function emitStatements(frame: Frame, machine: Machine, group: Group): readonly Local[] {
  const { spec, plan, builder } = frame;
  const indices = indicesOf(machine, spec.loop, group);
  // a draw may stand in a branch; its items must be known outside of it as well
  if (plan.sites.length > 0 && group.columns !== undefined) indices('k');
  /** True for a value that belongs to its item alone and lies in an array. */
  const hasItsPlace = (name: string): boolean => {
    const place = plan.variables.get(name)?.place;
    if (place?.level !== 'item') return place?.level === 'run';
    indices(place.index);
    return true;
  };
  const blocks = guardedBlocks(plan.program);
  // what only a guarded block reads is loaded inside it, what only it writes is stored there
  const itsPlace = (names: ReadonlySet<string>): ReadonlySet<string> => new Set([...names].filter(hasItsPlace));
  const own = ownNames(blocks, plan.when).map(({ touched, written }) => ({ touched: itsPlace(touched), written: itsPlace(written) }));
  const always = new Set(
    blocks.flatMap(({ guard, statements }, b) =>
      guard === undefined ? statements.flatMap(namesIn) : writtenIn(statements).filter((name) => !own[b].touched.has(name)),
    ),
  );
  if (plan.when !== undefined) for (const name of readsIn(plan.when)) always.add(name);
  const values = new Map<string, Value>();
  const load = (into: Map<string, Value>, wanted: (name: string) => boolean): void =>
    loadValues(frame, machine, group, indices, into, wanted);
  load(values, (name) => always.has(name));
  const locals = new Map<string, Value>();
  const words = (site: number): readonly Local[] => emitWords(frame, machine, group, indices, site);
  const seeing = (known: ReadonlyMap<string, Value>, knownLocals: ReadonlyMap<string, Value>): Surroundings => ({
    machine,
    words,
    read: (name, scope) => {
      const value = (scope === 'local' ? knownLocals : known).get(name);
      if (value === undefined) throw new InternalError(`"${name}" has no value in ${plan.program.title}`);
      return value;
    },
    lookup: (name, at) => lookUp(frame, machine, name, at),
    draw: (distribution, site) => {
      const p = uniformOfWords(machine, words(site));
      return { kind: 'f64', parts: distribution === 'uniform' ? p : normalQuantile(builder, p) };
    },
  });
  const at = seeing(values, locals);
  const terms: { sum: Sum; value: Value }[] = [];
  const run = (
    { name, scope, value }: Assign,
    n: number,
    inside: Surroundings,
    into: { values: Map<string, Value>; locals: Map<string, Value> },
    count: (sum: Sum, value: Value) => void,
  ): void => {
    const sum = plan.sums.get(n);
    if (sum !== undefined) count(sum, countedTerm(sum, inside));
    else (scope === 'local' ? into.locals : into.values).set(name, emitVectors(inside, value));
  };
  let n = 0;
  for (const [b, { guard, statements }] of blocks.entries()) {
    if (guard === undefined) {
      for (const statement of statements) run(statement, n++, at, { values, locals }, (sum, value) => terms.push({ sum, value }));
      continue;
    }
    const written = writtenIn(statements).filter((name) => values.has(name));
    const kept = new Map(written.map((name) => [name, openVariables(machine, plan.variables.get(name), values.get(name) as Value)]));
    const first = n;
    builder.when(anyItem(machine, at.read(guard, 'local'), true), () => {
      const inner = { values: new Map(values), locals: new Map(locals) };
      const names = new Set(statements.flatMap(namesIn));
      load(inner.values, (name) => names.has(name) && !inner.values.has(name));
      const inside = seeing(inner.values, inner.locals);
      for (const [m, statement] of statements.entries())
        run(statement, first + m, inside, inner, (sum, value) => addTerms(frame, machine, indices, sum, value));
      storeValues(frame, machine, group, indices, inner.values, (name) => own[b].written.has(name));
      for (const [name, { kind, parts }] of kept) {
        const value = inner.values.get(name) as Value;
        for (const [p, part] of (kind === 'f32' ? toSingle(machine, value) : toDouble(machine, value)).entries())
          builder.copy(parts[p], part);
      }
    });
    n += statements.length;
    for (const [name, { kind, parts }] of kept) values.set(name, { kind, parts: parts.map((part) => builder.snapshot(part)) });
  }
  const fires = plan.when && emitVectors(at, plan.when);
  storeValues(frame, machine, group, indices, values, (name) => !own.some(({ written }) => written.has(name)));
  for (const { sum, value } of terms) addTerms(frame, machine, indices, sum, value);
  return fires === undefined ? [] : toMask32(machine, fires);
}

/** Variables that hold a value across a branch. */
function openVariables({ builder, lanes }: Machine, variable: Variable | undefined, value: Value): { kind: 'f32' | 'f64'; parts: Local[] } {
  const kind = variable?.type === 'f32' ? 'f32' : 'f64';
  const before = kind === 'f32' ? toSingle({ builder, lanes }, value) : toDouble({ builder, lanes }, value);
  const parts = before.map((part) => {
    const held = builder.variable('v128', variable?.name ?? 'held');
    builder.copy(held, part);
    return held;
  });
  return { kind, parts };
}

/** Elements of a list at the indices in `at`, whole numbers. */
function lookUp(frame: Frame, machine: Machine, name: string, at: Value): Value {
  const { builder, lanes } = machine;
  const variable = frame.plan.variables.get(name);
  if (variable?.place.level !== 'lookup') throw new InternalError(`"${name}" is not bound to a list`);
  const whole = toSingle(machine, at).map((part) => builder.pure('i32x4.trunc_sat_f32x4_s', [part]));
  const indices = Array.from({ length: lanes }, (_, n) => builder.pure('i32x4.extract_lane', [whole[n >> 2]], n & 3));
  return loadAt(machine, variable.array, indices);
}

type Indices = (name: IndexName) => Local[];

/** Index of each item of the group, loaded when first asked for. */
function indicesOf({ builder, lanes }: Machine, loop: Loop, { start, ahead, items, outer, target, columns }: Group): Indices {
  const found = new Map<IndexName, Local[]>();
  const load = (array: NumericArray): Local[] => Array.from({ length: lanes }, (_, n) => loadIndex(builder, array, start, ahead + n));
  const find = (name: IndexName): Local[] => {
    if (name === 'i') return items === undefined ? [start] : [...items];
    if (columns !== undefined && name !== 'j') return load(name === 'k' ? columns.synapse : columns.row);
    if (target !== undefined && name === 'j') return load(target);
    if (outer === undefined) throw new InternalError(`the ${loop.kind} loop has no index ${name}`);
    return new Array<Local>(lanes).fill(outer);
  };
  return (name) => {
    const indices = found.get(name) ?? find(name);
    found.set(name, indices);
    return indices;
  };
}

function loadValues(
  frame: Frame,
  machine: Machine,
  { start, ahead, firstTarget }: Group,
  indices: Indices,
  values: Map<string, Value>,
  wanted: (name: string) => boolean,
): void {
  const { builder, lanes } = machine;
  for (const { name, array, single, place, loaded } of frame.plan.variables.values()) {
    if (!loaded || !wanted(name)) continue;
    const held = frame.shared.get(name);
    if (held?.kind === 'value') values.set(name, repeatFor(machine, held.value));
    else if (held?.kind === 'register') values.set(name, { kind: held.type, parts: [builder.snapshot(held.variable)] });
    else if (place.level === 'run') values.set(name, loadRun(machine, array, runStart(place.index, start, firstTarget), ahead, single));
    else if (place.level === 'item') values.set(name, loadAt(machine, array, indices(place.index), single));
    else if (place.level === 'history') {
      const [base, at] = [indices(place.base), indices(place.at)];
      const positions = Array.from({ length: lanes }, (_, n) => {
        const first = builder.pure('i32.mul', [base[n], builder.i32(place.stride)]);
        return builder.pure('i32.add', [first, loadIndex(builder, place.times, at[n])]);
      });
      values.set(name, loadAt(machine, array, positions));
    }
  }
}

/** Where a run of values begins: at the item, or at its target. */
function runStart(index: 'j' | undefined, start: Local, firstTarget: Local | undefined): Local {
  if (index === undefined) return start;
  if (firstTarget === undefined) throw new InternalError('the targets of this loop are not consecutive');
  return firstTarget;
}

function storeValues(
  frame: Frame,
  machine: Machine,
  { start, ahead, firstTarget }: Group,
  indices: Indices,
  values: ReadonlyMap<string, Value>,
  wanted: (name: string) => boolean,
): void {
  const { plan, shared, builder } = frame;
  const summed = new Set([...plan.sums.values()].map(({ variable }) => variable.name));
  for (const { name, array, place, written, mode } of plan.variables.values()) {
    if (!written || summed.has(name) || !wanted(name)) continue;
    const value = values.get(name) as Value;
    const held = shared.get(name);
    if (held?.kind === 'register') {
      const [part] = held.type === 'f32' ? toSingle(machine, value) : toDouble(machine, value);
      builder.copy(held.variable, part);
    } else if (place.level === 'run') storeRun(machine, array, runStart(place.index, start, firstTarget), ahead, value, mode);
    else if (place.level === 'item') storeAt(machine, array, indices(place.index), value, mode);
  }
}

/** The term of a sum; of a count the condition, or the literal itself. */
function countedTerm(sum: Sum, at: Surroundings): Value {
  const counts = sum.kind === 'count' && sum.term.kind === 'apply';
  return emitVectors(at, counts ? (sum.term as Extract<Expr, { kind: 'apply' }>).args[0] : sum.term);
}

function addTerms(frame: Frame, machine: Machine, indices: Indices, { variable, op, kind, term }: Sum, value: Value): void {
  const { builder, lanes } = machine;
  const held = frame.shared.get(variable.name);
  if (kind === 'count') {
    if (held?.kind === 'count') addCount(machine, held, term, value);
    return;
  }
  const { array, place } = variable;
  const parts = kind === 'f32' ? toSingle(machine, value) : kind === 'f64' ? toDouble(machine, value) : toIntegers(machine, value, 'whole');
  const [shape, width] = kind === 'f32' ? (['f32x4', 4] as const) : kind === 'f64' ? (['f64x2', 2] as const) : (['i32x4', 4] as const);
  for (let n = 0; n < lanes; n++) {
    const one = builder.pure(`${shape}.extract_lane`, [parts[Math.floor(n / width)]], n % width);
    if (kind === 'integer') {
      if (place.level === 'item') addToInteger(builder, array, indices(place.index)[n], op, one);
    } else if (held?.kind === 'total') builder.copy(held.variable, builder.pure(`${kind}.${op}`, [held.variable, one]));
    else if (place.level === 'item') {
      const index = indices(place.index)[n];
      storeNumber(builder, array, index, builder.pure(`${kind}.${op}`, [loadNumber(builder, array, index), one]));
    }
  }
}

/** The random words of the items for one site. A group of neurons begins with an item number that is a multiple of four (`emitAligned`). */
function emitWords(frame: Frame, machine: Machine, group: Group, indices: Indices, site: number): readonly Local[] {
  const prepared = frame.sites.get(site);
  if (prepared === undefined) throw new InternalError(`site ${site} of ${frame.spec.name} was not prepared`);
  const { builder, lanes } = machine;
  const consecutive = lanes > 1 && group.outer === undefined && group.items === undefined;
  if (!consecutive) return wordsOfItems(machine, prepared, itemNumbers(frame, machine, group, indices));
  // the groups of a round ask for the words of all of them, which the builder emits once
  const base = frame.spec.random.itemBase % 2 ** 32;
  const start = builder.pure('i32x4.splat', [group.start]);
  const firsts = Array.from({ length: lanes === 8 ? frame.together : 1 }, (_, n) =>
    builder.pure('i32x4.add', [start, constantI32(builder, base + 8 * n, base + 8 * n + 4, 0, 0)]),
  );
  return wordsOfEights(builder, prepared, firsts)[group.ahead / 8].slice(0, singleParts(machine));
}

/** itemBase + item, modulo 2^32, four to a vector. */
function itemNumbers({ spec }: Frame, machine: Machine, { start, ahead, items, columns }: Group, indices: Indices): Local[] {
  const { builder, lanes } = machine;
  const first = spec.random.itemBase % 2 ** 32;
  const from = (n: number): Local => constantI32(builder, first + n, first + n + 1, first + n + 2, first + n + 3);
  return Array.from({ length: singleParts(machine) }, (_, part) => {
    const apart = columns === undefined ? items : indices('k');
    if (apart === undefined) return builder.pure('i32x4.add', [builder.pure('i32x4.splat', [start]), from(ahead + 4 * part)]);
    const [one, ...rest] = apart.slice(4 * part, 4 * part + Math.min(4, lanes));
    const gathered = rest.reduce(
      (vector, k, n) => builder.pure('i32x4.replace_lane', [vector, k], n + 1),
      builder.pure('i32x4.splat', [one]),
    );
    return builder.pure('i32x4.add', [gathered, constantI32(builder, first, first, first, first)]);
  });
}

/** Appends the items from `start` on whose condition holds, lowest first; a round in which none does costs one test. */
export function emitFired({ builder, fired, out }: Frame, lanes: Lanes, start: Local, fires: readonly Local[]): void {
  if (fires.length === 0) return;
  const append = (item: Local): void => {
    const at = builder.pure('i32.add', [out, builder.pure('i32.shl', [fired, builder.i32(2)])]);
    builder.effect('i32.store', [at, item], 0);
    builder.copy(fired, builder.pure('i32.add', [fired, builder.i32(1)]));
  };
  const bitsOf = (mask: Local): Local => builder.pure('i32x4.bitmask', [mask]);
  if (lanes === 1) {
    builder.when(builder.pure('i32.and', [bitsOf(fires[0]), builder.i32(1)]), () => append(start));
    return;
  }
  builder.when(bitsOf(fires.reduce((some, mask) => builder.pure('v128.or', [some, mask]))), () => {
    const rest = builder.variable('i32', 'bits');
    const whole = fires
      .map((mask, n) => builder.pure('i32.shl', [bitsOf(mask), builder.i32(4 * n)]))
      .reduce((low, part) => builder.pure('i32.or', [low, part]));
    builder.copy(rest, whole);
    builder.repeat(
      () => rest,
      () => {
        append(builder.pure('i32.add', [start, builder.pure('i32.ctz', [rest])]));
        const below = builder.pure('i32.sub', [rest, builder.i32(1)]);
        builder.copy(rest, builder.pure('i32.and', [rest, below]));
      },
    );
  });
}
