/** The engine's WebAssembly, typed as far as we use it: the types of Node leave it out, and those of browsers are not loaded. */
import type { WasmMemory } from '../typed-arrays-utils.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Compiled code without a memory: plain enough to be sent to another thread. */
export type WasmModule = object;

interface Engine {
  readonly Module: new (bytes: Bytes) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly validate: (bytes: Bytes) => boolean;
}

const engine = (): Engine => (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

export function compileModule(bytes: Bytes): WasmModule {
  const { Module } = engine();
  return new Module(bytes);
}

/** Puts a module over a memory and returns what it exports as `run`. */
export function instantiate(module: WasmModule, memory: WasmMemory): (...args: number[]) => number {
  const { Instance } = engine();
  return new Instance(module, { env: { memory } }).exports.run as (...args: number[]) => number;
}

export const isValidModule = (bytes: Bytes): boolean => engine().validate(bytes);
