/**
 * The memory of one shard and the loops compiled over it. All arrays, tables and lists lie in one WebAssembly memory, so that any loop can run
 * there; several threads may attach to it, and only the first fills it.
 */
import { InternalError } from '../errors.ts';
import { compileKernel } from '../program/compile-kernel.ts';
import type { CountSpec } from '../program/count-arrivals.ts';
import { compileCounter } from '../program/count-arrivals.ts';
import type { Backend, Kernel, KernelSpec, NumericArray } from '../program/kernel.ts';
import type { ArenaField, WasmMemory } from '../typed-arrays-utils.ts';
import { allocateArena, attachArena, planArena } from '../typed-arrays-utils.ts';

export interface ShardMemory {
  readonly memory: WasmMemory;
  view(name: string): NumericArray;
  /** Puts initial values in, unless another thread has already done so. */
  fill(name: string, values: number | ArrayLike<number>): NumericArray;
  compile(spec: KernelSpec): Kernel;
  /** Delivery by counting instead of a program. */
  compileCounter(spec: CountSpec): Kernel;
  /** False where another thread has already put the initial values in. */
  readonly isNew: boolean;
}

/** @param memory that of a shard which already runs in another thread; absent for a new one */
export function openShardMemory(fields: readonly ArenaField[], backend: Backend, memory?: WasmMemory): ShardMemory {
  const layout = planArena(fields);
  const opened = memory === undefined ? allocateArena(layout) : { memory, views: attachArena(layout, memory.buffer) };
  const arrays: Readonly<Record<string, unknown>> = opened.views;
  const view = (name: string): NumericArray => {
    const array = arrays[name] as NumericArray | undefined;
    if (array === undefined) throw new InternalError(`no array ${name} in the layout`);
    return array;
  };
  return {
    memory: opened.memory,
    view,
    fill: (name, values) => {
      const array = view(name);
      if (memory !== undefined) return array;
      if (typeof values === 'number') array.fill(values);
      else array.set(values);
      return array;
    },
    compile: (spec) => compileKernel(spec, { backend, memory: opened.memory }),
    compileCounter: (spec) => compileCounter(spec, { backend, memory: opened.memory }),
    isNew: memory === undefined,
  };
}
