/**
 * Program and environment to one WebAssembly function: the same loop as emit-js.ts emits, on groups of items in 128-bit vectors, with the same
 * bits. All arrays of the loop, its lists included, must lie in one shared memory; their offsets are part of the code. What cannot run this way
 * is named by `whyNotWasm`, and the caller takes JavaScript.
 *
 * The function is called as run(begin or byte offset of the list, end or count, tick, byte offset of `out`).
 *
 * Shape of a loop: groups of `lanes` items as long as they fit, then the rest one by one. Values that many items share are loaded before the
 * items; sums into them are added at the end of each group, item by item in order. Events of counters are counted in integers and added to the
 * counter, a whole number, at the end of the call.
 */
import { InternalError } from '../errors.ts';
import type { WasmMemory } from '../typed-arrays-utils.ts';
import { isCostly, onlyDrawsUniforms } from './emit-wasm-expr.ts';
import type { Kernel, KernelSpec, Loop, NumericArray } from './kernel.ts';
import type { FunctionBuilder } from './wasm-builder.ts';
import { buildFunction, emitSteps } from './wasm-builder.ts';
import type { Local, WasmFunction } from './wasm-encoder.ts';
import { encodeModule, listing } from './wasm-encoder.ts';
import type { WasmModule } from './wasm-engine.ts';
import { compileModule, instantiate } from './wasm-engine.ts';
import { emitHold } from './wasm-hold.ts';
import type { Frame, Group } from './wasm-items.ts';
import { emitFired, emitGroup } from './wasm-items.ts';
import type { Lanes } from './wasm-lanes.ts';
import { loadIndex } from './wasm-memory.ts';
import type { LoopPlan } from './wasm-plan.ts';
import { planLoop } from './wasm-plan.ts';
import { prepareSite } from './wasm-random.ts';
import { enterLevel, leaveLevel } from './wasm-shared.ts';

/** The reason why a loop stays in JavaScript; undefined if it can run in WebAssembly on this memory. */
export function whyNotWasm(spec: KernelSpec, memory: WasmMemory): string | undefined {
  const plan = planLoop(spec, memory);
  return typeof plan === 'string' ? plan : undefined;
}

/** @param code what another thread has compiled of the same spec over the same memory: then nothing is emitted here */
export function compileWasmKernel(spec: KernelSpec, memory: WasmMemory, code?: WasmModule): Kernel | undefined {
  const emit = (): WasmFunction | undefined => {
    const plan = planLoop(spec, memory);
    return typeof plan === 'string' ? undefined : emitFunction(spec, plan);
  };
  let fn = code === undefined ? emit() : undefined;
  const module = code ?? (fn && compileModule(encodeModule(fn)));
  if (module === undefined) return undefined;
  const run = instantiate(module, memory);
  const { buffer } = memory;
  // unlike a typed array, memory has no end that would stop a wrong index
  let known: Int32Array | undefined;
  const place = (list: Int32Array | undefined, length: number): number => {
    // asking for the buffer takes as long as a short call
    if (list === undefined || (list !== known && list.buffer !== buffer))
      throw new InternalError(`a list given to ${spec.name} does not lie in the kernel's memory`);
    known = list;
    if (list.length < length) throw new InternalError(`${spec.name} needs a list of ${length} items and was given ${list.length}`);
    return list.byteOffset;
  };
  const fires = spec.loop.kind === 'fire';
  return {
    name: spec.name,
    code: module,
    // thousands of lines for some; written out when somebody asks
    get source() {
      fn ??= emit();
      return fn === undefined ? '' : listing(fn);
    },
    run: (a, b, tick, out) => (typeof a === 'number' ? run(a, b, tick, fires ? place(out, b - a) : 0) : run(place(a, b), b, tick, 0)),
  };
}

function emitFunction(spec: KernelSpec, plan: LoopPlan): WasmFunction {
  const { loop } = spec;
  const overItems = loop.kind === 'each' || loop.kind === 'fire';
  const builder = buildFunction(spec.name, [
    { name: overItems ? 'begin' : 'list', type: 'i32' },
    { name: overItems ? 'end' : 'count', type: 'i32' },
    { name: 'tick', type: 'f64' },
    { name: 'out', type: 'i32' },
  ]);
  const [a, b, tick, out] = [0, 1, 2, 3];
  const fired = builder.variable('i32', 'fired');
  const frame: Frame = {
    spec,
    plan,
    builder,
    sites: new Map(plan.sites.map((site) => [site, prepareSite(builder, spec.random, tick, site)])),
    together: groupSize(spec, plan).unrolled,
    shared: new Map(),
    out,
    fired,
  };
  enterLevel(frame, 'call', builder.i32(0));
  switch (loop.kind) {
    case 'each':
      emitRun(frame, a, b, (start, ahead) => ({ start, ahead }));
      break;
    case 'fire':
      emitRun(frame, a, b, (start, ahead) => ({ start, ahead }));
      if (loop.hold !== undefined) emitHold(builder, loop.hold, out, fired);
      break;
    case 'list':
      emitItems(frame, a, b);
      break;
    case 'rows':
      emitList(builder, a, b, (row) => emitOuter(frame, row, loop.rowStart, targetsOf(builder, loop, row)));
      break;
    case 'columns':
      emitList(builder, a, b, (target) =>
        emitOuter(frame, target, loop.columnStart, (start, ahead) => ({ start, ahead, outer: target, columns: loop })),
      );
      break;
  }
  leaveLevel(frame, 'call', builder.i32(0));
  return builder.finish(builder.snapshot(fired));
}

type GroupAt = (start: Local, ahead: number) => Group;

/** The synapses of a row; where their targets are consecutive, all are known from the first. */
function targetsOf(builder: FunctionBuilder, { rowStart, target, consecutive }: Extract<Loop, { kind: 'rows' }>, row: Local): GroupAt {
  if (!consecutive) return (start, ahead) => ({ start, ahead, outer: row, target });
  const first = loadIndex(builder, rowStart, row);
  const shift = builder.pure('i32.sub', [loadIndex(builder, target, first), first]);
  return (start, ahead) => ({ start, ahead, outer: row, target, firstTarget: builder.pure('i32.add', [start, shift]) });
}

function emitOuter(frame: Frame, outer: Local, starts: NumericArray, groupAt: GroupAt): void {
  const { builder } = frame;
  enterLevel(frame, 'outer', outer);
  emitRun(frame, loadIndex(builder, starts, outer), loadIndex(builder, starts, outer, 1), groupAt);
  leaveLevel(frame, 'outer', outer);
}

/** Groups from `begin` to before `end`, then single items. */
function emitRun(frame: Frame, begin: Local, end: Local, groupAt: GroupAt): void {
  const { builder, plan } = frame;
  const { lanes, unrolled } = groupSize(frame.spec, plan);
  const index = builder.variable('i32', 'item');
  builder.copy(index, begin);
  const rounds = (size: Lanes, times: number): void => {
    const last = builder.pure('i32.sub', [end, builder.i32(size * times - 1)]);
    emitCounted(builder, index, last, size * times, (start) => {
      const fires: Local[] = [];
      for (let n = 0; n < times; n++) fires.push(...emitGroup(frame, size, groupAt(start, n * size)));
      emitFired(frame, size, start, fires);
    });
  };
  const overNeurons = frame.spec.loop.kind === 'each' || frame.spec.loop.kind === 'fire';
  if (lanes > 1 && overNeurons && plan.sites.length > 0) {
    emitAligned(frame, index, end, rounds, unrolled);
    return;
  }
  if (lanes * unrolled > 1) rounds(lanes, unrolled);
  if (lanes > 1 && unrolled > 1) rounds(lanes, 1);
  rounds(1, 1);
}

/** Draws: groups begin with an item number that is a multiple of four, so up to three single items come before them and up to three behind. */
function emitAligned(frame: Frame, index: Local, end: Local, rounds: (size: Lanes, times: number) => void, unrolled: number): void {
  const { spec, builder } = frame;
  const base = builder.i32(spec.random.itemBase % 4);
  emitWhile(builder, index, end, () => {
    const fourth = builder.pure('i32.and', [builder.pure('i32.add', [index, base]), builder.i32(3)]);
    builder.when(builder.pure('i32.eqz', [fourth]), () => {
      rounds(8, unrolled);
      rounds(4, 1);
    });
    builder.when(builder.pure('i32.lt_s', [index, end]), () => {
      const start = builder.snapshot(index);
      emitFired(frame, 1, start, emitGroup(frame, 1, { start, ahead: 0 }));
      builder.copy(index, builder.pure('i32.add', [start, builder.i32(1)]));
    });
  });
}

function emitWhile(builder: FunctionBuilder, index: Local, end: Local, body: () => void): void {
  builder.repeat(() => builder.pure('i32.lt_s', [index, end]), body);
}

function emitCounted(builder: FunctionBuilder, index: Local, end: Local, step: number, body: (start: Local) => void): void {
  emitWhile(builder, index, end, () => {
    const start = builder.snapshot(index);
    body(start);
    builder.copy(index, builder.pure('i32.add', [start, builder.i32(step)]));
  });
}

/** Items of a list: in groups where that pays, then one by one. */
function emitItems(frame: Frame, list: Local, count: Local): void {
  const { builder } = frame;
  const { lanes } = groupSize(frame.spec, frame.plan);
  const inGroups = lanes === 1 ? builder.i32(0) : builder.pure('i32.and', [count, builder.i32(-lanes)]);
  const after = (items: Local): Local => builder.pure('i32.add', [list, builder.pure('i32.shl', [items, builder.i32(2)])]);
  if (lanes > 1) {
    emitSteps(builder, list, after(inGroups), 4 * lanes, (at) => {
      const items = Array.from({ length: lanes }, (_, n) => builder.load('i32.load', [at], 4 * n));
      emitGroup(frame, lanes, { start: items[0], ahead: 0, items });
    });
  }
  const left = builder.pure('i32.sub', [count, inGroups]);
  emitList(builder, after(inGroups), left, (item) => emitGroup(frame, 1, { start: item, ahead: 0 }));
}

/** Each entry of a list of i32 at byte offset `list`. */
function emitList(builder: FunctionBuilder, list: Local, count: Local, body: (entry: Local) => void): void {
  const end = builder.pure('i32.add', [list, builder.pure('i32.shl', [count, builder.i32(2)])]);
  emitSteps(builder, list, end, 4, (at) => body(builder.load('i32.load', [at], 0)));
}

/**
 * Where an item is a load, an addition and a store, vectors only add shuffling: such loops go item by item, four per round. Long chains of
 * dependent operations (exp, log, draws) are taken eight items at a time, so that several chains overlap; a single uniform draw is one chain for
 * eight items, so two groups go together. Of neurons without such chains four groups do, which then ask once whether any of them fires: a neuron
 * that fires costs a mispredicted branch, which is most of what it costs. Measured by bench/kernels.ts.
 */
function groupSize({ loop }: KernelSpec, { sequential, sums, program, when, sites }: LoopPlan): { lanes: Lanes; unrolled: number } {
  if (sequential) return { lanes: 1, unrolled: 1 };
  if (loop.kind === 'each' || loop.kind === 'fire') {
    const values = [...program.statements.map(({ value }) => value), ...(when ? [when] : [])];
    const together = sites.length === 1 && values.every(onlyDrawsUniforms);
    const costly = values.some(isCostly);
    return { lanes: costly ? 8 : 4, unrolled: together ? 2 : costly ? 1 : 4 };
  }
  // what stands apart has to be brought together, which only long chains are worth
  if (loop.kind === 'list') return { lanes: program.statements.some(({ value }) => isCostly(value)) ? 4 : 1, unrolled: 1 };
  const onlySums = sums.size === program.statements.length;
  const plain = onlySums && [...sums.values()].every(({ term }) => term.kind === 'literal' || term.kind === 'read');
  if (plain) return { lanes: 1, unrolled: 4 };
  // without shuffling, counting the items is a fifth of what is left to do
  const sideBySide = loop.kind === 'rows' && loop.consecutive === true && sites.length === 0;
  return { lanes: 4, unrolled: sideBySide ? 2 : 1 };
}
