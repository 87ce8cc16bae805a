/**
 * The memory of one shard and the loops compiled over it. All arrays, tables and lists lie in one WebAssembly memory, so that any loop can run
 * there; several threads may attach to it, and only the first fills it.
 */
import { InternalError } from '../errors.ts';
import { compileKernel } from '../program/compile-kernel.ts';
import type { CountSpec } from '../program/count-arrivals.ts';
import { compileCounter } from '../program/count-arrivals.ts';
import type { Backend, Kernel, KernelSpec, NumericArray } from '../program/kernel.ts';
import type { ReadAheadSpec } from '../program/read-ahead.ts';
import { compileReadAhead } from '../program/read-ahead.ts';
import type { UnfoldSpec } from '../program/unfold-trace.ts';
import { compileUnfold } from '../program/unfold-trace.ts';
import type { WasmModule } from '../program/wasm-engine.ts';
import type { WrittenOptions } from '../program/wasm-kernel.ts';
import type { ArenaField, WasmMemory } from '../typed-arrays-utils.ts';
import { allocateArena, attachArena, planArena } from '../typed-arrays-utils.ts';

/** A loop as another thread can take it over; without `module` where it is JavaScript, which each thread makes for itself. */
export interface LoopCode {
  readonly name: string;
  readonly module?: WasmModule;
}

/** How a shard is attached: what there is of it in another thread, and how its loops are to run. */
export interface AttachOptions {
  /** That of the shard in the other thread; absent for a new one. */
  readonly memory?: WasmMemory;
  /** Its loops. */
  readonly code?: readonly LoopCode[];
  /** What is to run in place of every loop, where nothing is to be computed. */
  readonly idle?: WasmModule;
  /** WebAssembly where it can and JavaScript elsewhere (auto), or one of them by name; the bits are the same. */
  readonly backend?: Backend;
  /** Puts in the synapses that are counted; without a word, whoever makes the memory does. */
  readonly fillsCounted?: boolean;
  /** Has the loops optimised while the memory is still being filled (warm-up.ts). */
  readonly warmsUp?: boolean;
}

export interface ShardMemory {
  readonly memory: WasmMemory;
  /** The loops over it, in the order in which they are asked for. */
  readonly code: readonly LoopCode[];
  view(name: string): NumericArray;
  /** Puts initial values in, unless another thread has already done so. */
  fill(name: string, values: number | ArrayLike<number>): NumericArray;
  compile(spec: KernelSpec): Kernel;
  /** Delivery by counting instead of a program. */
  compileCounter(spec: CountSpec): Kernel;
  compileReadAhead(spec: ReadAheadSpec): Kernel;
  /** Traces tick by tick. */
  compileUnfold(spec: UnfoldSpec): Kernel;
  /** False where another thread has already put the initial values in. */
  readonly isNew: boolean;
}

export function openShardMemory(
  fields: readonly ArenaField[],
  { memory, code: given, idle, backend = 'auto' }: AttachOptions,
): ShardMemory {
  const layout = planArena(fields);
  const opened = memory === undefined ? allocateArena(layout) : { memory, views: attachArena(layout, memory.buffer) };
  const arrays: Readonly<Record<string, unknown>> = opened.views;
  const view = (name: string): NumericArray => {
    const array = arrays[name] as NumericArray | undefined;
    if (array === undefined) throw new InternalError(`no array ${name} in the layout`);
    return array;
  };
  const code: LoopCode[] = [];
  const keep = (kernel: Kernel): Kernel => {
    code.push({ name: kernel.name, module: kernel.code });
    return kernel;
  };
  /** The next loop, if the other thread has compiled it: those compiled later are not among its own. */
  const options = (name: string): WrittenOptions => {
    const next = given?.[code.length];
    if (next !== undefined && next.name !== name) throw new InternalError(`the other thread has compiled ${next.name} in place of ${name}`);
    return { backend, memory: opened.memory, code: idle ?? next?.module };
  };
  return {
    memory: opened.memory,
    code,
    view,
    fill: (name, values) => {
      const array = view(name);
      if (memory !== undefined) return array;
      if (typeof values === 'number') array.fill(values);
      else array.set(values);
      return array;
    },
    compile: (spec) => keep(compileKernel(spec, options(spec.name))),
    compileCounter: (spec) => keep(compileCounter(spec, options(spec.name))),
    compileReadAhead: (spec) => keep(compileReadAhead(spec, options(spec.name))),
    compileUnfold: (spec) => keep(compileUnfold(spec, options(spec.name))),
    isNew: memory === undefined,
  };
}
