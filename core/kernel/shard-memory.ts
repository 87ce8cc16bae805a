/**
 * The memory of one shard and the loops compiled over it. All arrays, tables and lists lie in one WebAssembly memory, so that any loop can run
 * there; several threads may attach to it, and only the first fills it.
 */
import { InternalError } from '../errors.ts';
import { compileKernel } from '../program/compile-kernel.ts';
import type { CountSpec } from '../program/count-arrivals.ts';
import { compileCounter } from '../program/count-arrivals.ts';
import type { Backend, Kernel, KernelSpec, NumericArray } from '../program/kernel.ts';
import type { WasmModule } from '../program/wasm-engine.ts';
import type { ArenaField, WasmMemory } from '../typed-arrays-utils.ts';
import { allocateArena, attachArena, planArena } from '../typed-arrays-utils.ts';

/** A loop as another thread can take it over; without `module` where it is JavaScript, which each thread makes for itself. */
export interface LoopCode {
  readonly name: string;
  readonly module?: WasmModule;
}

/** What one thread has of a shard and others attach to. */
export interface SharedShard {
  readonly memory: WasmMemory;
  /** The loops over it, in the order in which they are asked for. */
  readonly code: readonly LoopCode[];
}

export interface ShardMemory extends SharedShard {
  view(name: string): NumericArray;
  /** Puts initial values in, unless another thread has already done so. */
  fill(name: string, values: number | ArrayLike<number>): NumericArray;
  compile(spec: KernelSpec): Kernel;
  /** Delivery by counting instead of a program. */
  compileCounter(spec: CountSpec): Kernel;
  /** False where another thread has already put the initial values in. */
  readonly isNew: boolean;
}

/** @param shared of a shard which already runs in another thread; absent for a new one */
export function openShardMemory(fields: readonly ArenaField[], backend: Backend, shared?: SharedShard): ShardMemory {
  const memory = shared?.memory;
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
  const options = (name: string): { backend: Backend; memory: WasmMemory; code?: WasmModule } => {
    const next = shared?.code[code.length];
    if (next !== undefined && next.name !== name) throw new InternalError(`the other thread has compiled ${next.name} in place of ${name}`);
    return { backend, memory: opened.memory, code: next?.module };
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
    isNew: memory === undefined,
  };
}
