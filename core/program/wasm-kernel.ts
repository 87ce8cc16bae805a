/** Loops that are not emitted from a program: written here step by step, as WebAssembly over the memory of a shard. */
import type { WasmMemory } from '../typed-arrays-utils.ts';
import type { Backend, Kernel } from './kernel.ts';
import type { WasmFunction } from './wasm-encoder.ts';
import { encodeModule, listing } from './wasm-encoder.ts';
import type { WasmModule } from './wasm-engine.ts';
import { compileModule, instantiate } from './wasm-engine.ts';

export interface WrittenOptions {
  /** `js` asks for the same loop in JavaScript. */
  readonly backend: Backend;
  readonly memory: WasmMemory;
  /** What another thread has compiled of the same loop over the same memory. */
  readonly code?: WasmModule;
}

/** @param call how a kernel passes its arguments on */
export function writtenKernel(
  name: string,
  emit: () => WasmFunction,
  { memory, code }: WrittenOptions,
  call: (run: (...args: number[]) => number) => Kernel['run'],
): Kernel {
  const module = code ?? compileModule(encodeModule(emit()));
  return {
    name,
    code: module,
    get source() {
      return listing(emit());
    },
    run: call(instantiate(module, memory)),
  };
}
