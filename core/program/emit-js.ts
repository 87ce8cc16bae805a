/**
 * Program and environment to the JavaScript text of one loop. No user text is spliced: a name becomes a numbered identifier, a literal is
 * printed from its double, everything else comes from the operation table.
 *
 * How values move. Inside an item every name is a local variable: loaded before its first read, stored once after the last statement. In a
 * `rows` loop the values of the source row are loaded before and stored after the inner loop, in a `columns` loop those of the target.
 * Cells (modulators, counters) are loaded before all loops and stored after them. Two names must therefore not share memory if one of them
 * is written.
 *
 * Numbers. Truth values are JavaScript booleans, all else doubles; an `f32` operation is wrapped in Math.fround. Division by a power of two
 * is multiplication by its reciprocal, which is the same number. An operation that repeats an argument gets it as a named constant first.
 * A choice is a `? :` unless a branch needs such names; then it is an if statement, so that only one branch is paid for.
 */
import { InternalError } from '../errors.ts';
import { normalAt, uniformAt } from '../random.ts';
import { exp, isPowerOfTwo, log, poissonQuantile, power, powerOfTwo } from './elementary.ts';
import type { OwnNames } from './guarded-blocks.ts';
import { guardedBlocks, ownNames } from './guarded-blocks.ts';
import type { Apply, Assign, Expr, Literal, Read } from './ir.ts';
import type { Binding, Hold, Kernel, KernelSpec, NumericArray } from './kernel.ts';
import { OPS } from './op-table.ts';
import { simplify, simplifyExpr, substitute, substituteConstants } from './simplify.ts';
import type { Scope } from './symbols.ts';

export interface EmittedLoop {
  /** Text of one function declaration; free names are those of `arrays` and of the fixed functions (exp, log, power, powerOfTwo, uniformAt, normalAt). */
  readonly source: string;
  readonly parameters: readonly { readonly name: string; readonly array: NumericArray }[];
}

/** Where a name lives while the loop runs: from the outermost (once per call) to the innermost (once per item). */
type Level = 'call' | 'outer' | 'item';

interface Variable {
  readonly local: string;
  readonly scope: Scope;
  readonly level: Level;
  readonly array: string;
  readonly index: string;
  /** Read before the program has written it. */
  loaded: boolean;
  written: boolean;
  /** Declared and loaded within a guarded block; stored within one. */
  inBlock: boolean;
  storedInBlock: boolean;
}

interface Emitter {
  readonly spec: KernelSpec;
  readonly variables: Map<string, Variable>;
  readonly locals: Map<string, string>;
  readonly parameters: { name: string; array: NumericArray }[];
  /** Names given to repeated arguments so far. */
  temporaries: number;
}

/** What the emitted text may call beside its arrays. */
const FUNCTIONS = { exp, log, poissonQuantile, power, powerOfTwo, uniformAt, normalAt } as const;

/** Emits and compiles one loop. The arrays are bound once, so a call passes only what changes from tick to tick. */
export function compileKernel(spec: KernelSpec): Kernel {
  const { source, parameters } = emitLoop(spec);
  const names = [...Object.keys(FUNCTIONS), ...parameters.map(({ name }) => name)];
  const build = new Function(...names, `'use strict';\nreturn ${source};`);
  const run = build(...Object.values(FUNCTIONS), ...parameters.map(({ array }) => array)) as Kernel['run'];
  return { name: spec.name, source, run };
}

export function emitLoop(spec: KernelSpec): EmittedLoop {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(spec.name)) throw new InternalError(`"${spec.name}" cannot name a kernel`);
  const constants = new Map(
    [...spec.bindings].flatMap(([name, binding]) => (binding.kind === 'constant' ? [[name, binding.value] as const] : [])),
  );
  const program = simplify(substituteConstants(spec.program, constants));
  const emitter: Emitter = { spec, variables: new Map(), locals: new Map(), parameters: [], temporaries: 0 };

  const when = spec.loop.kind === 'fire' ? simplifyExpr(substitute(spec.loop.when, constants)) : undefined;
  const body: string[] = [];
  const blocks = guardedBlocks(program);
  const own = ownNames(blocks, when);
  for (const [b, { guard, statements }] of blocks.entries()) {
    const lines: string[] = [];
    for (const statement of statements) emitStatement(emitter, statement, lines);
    if (guard === undefined) body.push(...lines);
    else body.push(`if (${emitter.locals.get(guard)}) {`, ...indent(ownLines(emitter, own[b], lines)), '}');
  }
  if (when !== undefined) {
    if (when.type !== 'bool') throw new InternalError(`the condition of ${spec.name} is not a truth value`);
    const condition = emitExpr(emitter, when, body);
    body.push(`if (${condition}) out[fired++] = i;`);
  }
  const source = wrapLoop(emitter, body);
  checkSharing(emitter);
  return { source, parameters: emitter.parameters };
}

function emitStatement(emitter: Emitter, { name, scope, value, guard }: Assign, body: string[]): void {
  const text = emitExpr(emitter, value, body);
  if (scope === 'local') {
    const declared = emitter.locals.get(name);
    if (declared === undefined) emitter.locals.set(name, `l${emitter.locals.size}`);
    body.push(`${declared === undefined ? 'let ' : ''}${emitter.locals.get(name)} = ${text};`);
    return;
  }
  const variable = variableOf(emitter, name, scope);
  checkStored(emitter, name, value);
  // a guarded statement may be left out, and then the old value is stored
  if (guard !== undefined && !variable.written) variable.loaded = true;
  variable.written = true;
  body.push(`${variable.local} = ${text};`);
}

/** Lines of a guarded block with the loads and stores that only it needs; the loop leaves these out. */
function ownLines(emitter: Emitter, own: OwnNames, lines: readonly string[]): string[] {
  const variables = [...emitter.variables].filter(([, { level }]) => level === 'item');
  const loads: string[] = [];
  const stores: string[] = [];
  for (const [name, variable] of variables) {
    if (own.touched.has(name)) {
      variable.inBlock = true;
      loads.push(loadText(variable));
    }
    if (own.written.has(name)) {
      variable.storedInBlock = true;
      stores.push(...storeText(variable));
    }
  }
  return [...loads, ...lines, ...stores];
}

const loadText = (v: Variable): string => (v.loaded || v.level !== 'item' ? `let ${v.local} = ${v.array}[${v.index}];` : `let ${v.local};`);
const storeText = (v: Variable): string[] => (v.written ? [`${v.array}[${v.index}] = ${v.local};`] : []);

/** The loop around the body, with loads and stores at their levels. */
function wrapLoop(emitter: Emitter, body: readonly string[]): string {
  const { spec } = emitter;
  const { loop } = spec;
  const at = (level: Level) => [...emitter.variables.values()].filter((variable) => variable.level === level);
  const loads = (level: Level) =>
    at(level)
      .filter(({ inBlock }) => !inBlock)
      .map(loadText);
  const stores = (level: Level) =>
    at(level)
      .filter(({ storedInBlock }) => !storedInBlock)
      .flatMap(storeText);
  const item = [...loads('item'), ...body, ...stores('item')];
  const usesEnd = (name: string) => at('item').some((variable) => variable.index.split(/\W+/).includes(name));

  const lines: string[] = [];
  const fireHead = loop.kind === 'fire' ? ['let fired = 0;'] : [];
  switch (loop.kind) {
    case 'each':
    case 'fire': {
      const hold = loop.kind === 'fire' && loop.hold !== undefined ? holdText(emitter, loop.hold) : [];
      lines.push('for (let i = begin; i < end; i++) {', ...indent(item), '}', ...hold);
      break;
    }
    case 'list':
      lines.push('for (let n = 0; n < count; n++) {', '  const i = list[n];', ...indent(item), '}');
      break;
    case 'rows': {
      const rowStart = parameter(emitter, 'rowStart', loop.rowStart);
      const target = usesEnd('j') ? [`const j = ${parameter(emitter, 'target', loop.target)}[k];`] : [];
      const inner = [
        'const r = list[n];',
        `const stop = ${rowStart}[r + 1];`,
        ...loads('outer'),
        `for (let k = ${rowStart}[r]; k < stop; k++) {`,
      ];
      lines.push('for (let n = 0; n < count; n++) {', ...indent([...inner, ...indent([...target, ...item]), '}', ...stores('outer')]), '}');
      break;
    }
    case 'columns': {
      const columnStart = parameter(emitter, 'columnStart', loop.columnStart);
      const usesSynapse = usesEnd('k') || body.some((line) => /\bk\b/.test(line));
      const synapse = usesSynapse ? [`const k = ${parameter(emitter, 'synapse', loop.synapse)}[c];`] : [];
      const skip = loop.unless === undefined ? [] : [`if (${parameter(emitter, 'unless', loop.unless)}[r] !== 0) continue;`];
      const usesRow = usesEnd('r') || skip.length > 0 || body.some((line) => /\[r\]/.test(line));
      const row = usesRow ? [`const r = ${parameter(emitter, 'row', loop.row)}[c];`, ...skip] : [];
      const inner = [
        'const j = list[n];',
        `const stop = ${columnStart}[j + 1];`,
        ...loads('outer'),
        `for (let c = ${columnStart}[j]; c < stop; c++) {`,
      ];
      lines.push(
        'for (let n = 0; n < count; n++) {',
        ...indent([...inner, ...indent([...row, ...synapse, ...item]), '}', ...stores('outer')]),
        '}',
      );
      break;
    }
  }
  const signature = loop.kind === 'each' ? 'begin, end, tick' : loop.kind === 'fire' ? 'begin, end, tick, out' : 'list, count, tick';
  const result = loop.kind === 'fire' ? 'return fired;' : 'return 0;';
  const inside = [...fireHead, ...loads('call'), ...lines, ...stores('call'), result];
  return [`function ${spec.name}(${signature}) {`, ...indent(inside), '}'].join('\n');
}

/** Behind a loop whose held items stand in a list. */
function holdText(emitter: Emitter, hold: Hold): string[] {
  const [left, held, bounds, list, saved] = (['left', 'held', 'bounds', 'list', 'saved'] as const).map((name) =>
    parameter(emitter, name, hold[name]),
  );
  return [
    `for (let c = ${bounds}[0]; c < ${bounds}[1]; c++) ${held}[${list}[c]] = ${saved}[c];`,
    'let free = 0;',
    `for (let c = 0; c < fired; c++) if (!(${left}[out[c]] > 0)) out[free++] = out[c];`,
    'fired = free;',
  ];
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function parameter(emitter: Emitter, hint: string, array: NumericArray): string {
  const known = emitter.parameters.find((existing) => existing.array === array);
  if (known) return known.name;
  const name = `a${emitter.parameters.length}_${hint}`;
  emitter.parameters.push({ name, array });
  return name;
}

function variableOf(emitter: Emitter, name: string, scope: Scope): Variable {
  const known = emitter.variables.get(name);
  if (known) return known;
  const { spec } = emitter;
  const binding = spec.bindings.get(name);
  if (!binding || binding.kind === 'constant') throw new InternalError(`"${name}" of ${spec.program.title} has no array to live in`);
  const { index, level } = placeOf(emitter, name, scope, binding);
  // letters and digits of the name are kept for the reader; the number makes it unique and never a keyword
  const readable = name.replace(/[^A-Za-z0-9_]/g, '');
  const array = parameter(emitter, readable, binding.array);
  const variable: Variable = {
    local: `v${emitter.variables.size}_${readable}`,
    scope,
    level,
    array,
    index,
    loaded: false,
    written: false,
    inBlock: false,
    storedInBlock: false,
  };
  emitter.variables.set(name, variable);
  return variable;
}

function placeOf(emitter: Emitter, name: string, scope: Scope, binding: Binding): { index: string; level: Level } {
  const { spec } = emitter;
  if (binding.kind === 'cell') {
    if (!Number.isInteger(binding.cell)) throw new InternalError(`cell ${binding.cell} of "${name}" is not an index`);
    return { index: String(binding.cell), level: 'call' };
  }
  const { kind } = spec.loop;
  if (kind !== 'rows' && kind !== 'columns') return { index: 'i', level: 'item' };
  if (binding.kind === 'history') {
    const times = parameter(emitter, 'times', binding.times);
    if (scope === 'pre') return { index: `r * ${binding.stride} + ${times}[j]`, level: 'item' };
    if (scope === 'post') return { index: `j * ${binding.stride} + ${times}[r]`, level: 'item' };
  }
  if (scope === 'synapse') return { index: 'k', level: 'item' };
  if (scope === 'pre') return { index: 'r', level: kind === 'rows' ? 'outer' : 'item' };
  if (scope === 'post') return { index: 'j', level: kind === 'columns' ? 'outer' : 'item' };
  throw new InternalError(`"${name}" of scope ${scope} has no index in the ${kind} loop ${spec.name}`);
}

/** Emits the lines an expression needs before it into `lines` and returns its text: a name, a literal, a call or a bracket. */
function emitExpr(emitter: Emitter, expr: Expr, lines: string[]): string {
  switch (expr.kind) {
    case 'literal':
      return emitLiteral(expr);
    case 'read': {
      if (expr.scope === 'local') {
        const local = emitter.locals.get(expr.name);
        if (local === undefined)
          throw new InternalError(`local "${expr.name}" is read before it is declared in ${emitter.spec.program.title}`);
        return local;
      }
      if (expr.at !== undefined) return emitLookup(emitter, expr, lines);
      const variable = variableOf(emitter, expr.name, expr.scope);
      if (!variable.written) variable.loaded = true;
      return variable.local;
    }
    case 'draw':
      return emitDraw(emitter, expr.distribution, expr.site);
    case 'apply':
      return expr.op === 'if' ? emitChoice(emitter, expr, lines) : emitApply(emitter, expr, lines);
  }
}

function emitLookup(emitter: Emitter, { name, at }: Read, lines: string[]): string {
  const binding = emitter.spec.bindings.get(name);
  if (binding?.kind !== 'lookup' || at === undefined) throw new InternalError(`"${name}" is not bound to a list`);
  return `${parameter(emitter, name.replace(/[^A-Za-z0-9_]/g, ''), binding.array)}[${emitExpr(emitter, at, lines)}]`;
}

function emitLiteral({ value, type }: Literal): string {
  if (type === 'bool') return value !== 0 ? 'true' : 'false';
  if (!Number.isFinite(value)) throw new InternalError(`the literal ${value} cannot be emitted`);
  return Object.is(value, -0) ? '(-0)' : value < 0 ? `(${value})` : String(value);
}

function emitDraw(emitter: Emitter, distribution: 'uniform' | 'normal', site: number): string {
  const { spec } = emitter;
  const { seed, stream, itemBase, rowShift, items } = spec.random;
  if (![seed, stream, itemBase, site].every(Number.isSafeInteger))
    throw new InternalError(`the random stream of ${spec.name} is not made of whole numbers`);
  const overSynapses = spec.loop.kind === 'rows' || spec.loop.kind === 'columns';
  const shift = overSynapses && rowShift !== undefined ? ` + ${parameter(emitter, 'rowShift', rowShift)}[r]` : '';
  const item = overSynapses ? `k${shift}` : items === undefined ? 'i' : `${parameter(emitter, 'items', items)}[i]`;
  return `${distribution === 'uniform' ? 'uniformAt' : 'normalAt'}(${seed}, ${stream}, ${itemBase} + ${item}, tick, ${site})`;
}

function emitApply(emitter: Emitter, expr: Apply, lines: string[]): string {
  const row = OPS[expr.op];
  const texts = expr.args.map((arg) => emitExpr(emitter, arg, lines));
  const [, b] = expr.args;
  let text: string;
  if (expr.op === 'div' && b.kind === 'literal' && isPowerOfTwo(b.value) && Number.isFinite(1 / b.value)) {
    text = OPS.mul.emit(texts[0], emitLiteral({ ...b, value: 1 / b.value }));
  } else if (expr.op === 'pow' && b.kind === 'literal' && (b.value === 2 || b.value === 3)) {
    const base = toAtom(emitter, expr.args[0], texts[0], lines);
    text = b.value === 2 ? `${base} * ${base}` : `${base} * (${base} * ${base})`;
  } else {
    text = row.emit(...(row.atoms ? texts.map((each, i) => toAtom(emitter, expr.args[i], each, lines)) : texts));
  }
  return expr.type === 'f32' && expr.op !== 'f32' ? `Math.fround(${text})` : `(${text})`;
}

function toAtom(emitter: Emitter, expr: Expr, text: string, lines: string[]): string {
  if (expr.kind === 'literal' || expr.kind === 'read') return text;
  const name = `t${emitter.temporaries++}`;
  lines.push(`const ${name} = ${text};`);
  return name;
}

function emitChoice(emitter: Emitter, expr: Apply, lines: string[]): string {
  const condition = emitExpr(emitter, expr.args[0], lines);
  const yesLines: string[] = [];
  const noLines: string[] = [];
  const yes = emitExpr(emitter, expr.args[1], yesLines);
  const no = emitExpr(emitter, expr.args[2], noLines);
  // a literal or a bare read of the other type is already a number of the wider type; only f32 branches of f64 literals need rounding
  const round = (text: string, branch: Expr) => (expr.type === 'f32' && branch.type !== 'f32' ? `Math.fround(${text})` : text);
  if (yesLines.length + noLines.length === 0) return `(${OPS.if.emit(condition, round(yes, expr.args[1]), round(no, expr.args[2]))})`;
  const name = `t${emitter.temporaries++}`;
  const assignYes = indent([...yesLines, `${name} = ${round(yes, expr.args[1])};`]);
  const assignNo = indent([...noLines, `${name} = ${round(no, expr.args[2])};`]);
  lines.push(`let ${name};`, `if (${condition}) {`, ...assignYes, '} else {', ...assignNo, '}');
  return name;
}

/** A register keeps what the program computed; the array must not round it to something else. */
function checkStored({ spec }: Emitter, name: string, value: Expr): void {
  const binding = spec.bindings.get(name);
  if (binding?.kind !== 'array' && binding?.kind !== 'cell') return;
  const exact = value.type === 'f32' || (value.kind === 'literal' && Math.fround(value.value) === value.value);
  if (binding.array instanceof Float32Array && !exact) {
    throw new InternalError(`"${name}" of ${spec.program.title} is computed in double precision but lives in a Float32Array`);
  }
}

/** Two names over the same memory would not see each other's writes. */
function checkSharing({ spec, variables }: Emitter): void {
  const placed = [...variables].map(([name, variable]) => ({
    name,
    variable,
    binding: spec.bindings.get(name) as Exclude<Binding, { kind: 'constant' }>,
  }));
  const bytes = ({ array, ...binding }: Exclude<Binding, { kind: 'constant' }>) => {
    const from = array.byteOffset + (binding.kind === 'cell' ? binding.cell * array.BYTES_PER_ELEMENT : 0);
    return { from, to: binding.kind === 'cell' ? from + array.BYTES_PER_ELEMENT : from + array.byteLength };
  };
  for (const [i, one] of placed.entries()) {
    for (const other of placed.slice(i + 1)) {
      if (one.binding.array.buffer !== other.binding.array.buffer || !(one.variable.written || other.variable.written)) continue;
      const [a, b] = [bytes(one.binding), bytes(other.binding)];
      if (a.from < b.to && b.from < a.to)
        throw new InternalError(`"${one.name}" and "${other.name}" of ${spec.program.title} share memory and one of them is written`);
    }
  }
}
