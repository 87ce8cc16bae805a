/** The engine's WebAssembly, typed as far as we use it: the types of Node leave it out, and those of browsers are not loaded. */
import type { WasmMemory } from '../typed-arrays-utils.ts';

type Bytes = Uint8Array<ArrayBuffer>;

interface Engine {
  readonly Module: new (bytes: Bytes) => object;
  readonly Instance: new (
    module: object,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly validate: (bytes: Bytes) => boolean;
}

const engine = (): Engine => (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

/** Compiles a module over a memory and returns what it exports as `run`. */
export function instantiate(bytes: Bytes, memory: WasmMemory): (...args: number[]) => number {
  const { Module, Instance } = engine();
  return new Instance(new Module(bytes), { env: { memory } }).exports.run as (...args: number[]) => number;
}

export const isValidModule = (bytes: Bytes): boolean => engine().validate(bytes);
