/** Program and environment to a callable loop, by the back end asked for. */
import { InternalError } from '../errors.ts';
import type { WasmMemory } from '../typed-arrays-utils.ts';
import { compileKernel as compileJsKernel } from './emit-js.ts';
import { compileWasmKernel, whyNotWasm } from './emit-wasm.ts';
import type { Backend, Kernel, KernelSpec } from './kernel.ts';
import type { WasmModule } from './wasm-engine.ts';

/** @param options `code`: what another thread has compiled of the same spec over the same memory */
export function compileKernel(spec: KernelSpec, options: { backend?: Backend; memory?: WasmMemory; code?: WasmModule } = {}): Kernel {
  const { backend = 'auto', memory, code } = options;
  const kernel = backend === 'js' || memory === undefined ? undefined : compileWasmKernel(spec, memory, code);
  if (kernel === undefined && backend === 'wasm') {
    const reason = memory === undefined ? 'no memory is given' : whyNotWasm(spec, memory);
    throw new InternalError(`${spec.name} cannot run in WebAssembly: ${reason}`);
  }
  return kernel ?? compileJsKernel(spec);
}

/** A loop that is compiled when it is first run or looked at: for what many runs never ask for. */
export function compileLater(name: string, compile: () => Kernel): Kernel {
  let kernel: Kernel | undefined;
  const compiled = (): Kernel => {
    kernel ??= compile();
    return kernel;
  };
  return {
    name,
    get source() {
      return compiled().source;
    },
    run: (a, b, tick, out) => compiled().run(a, b, tick, out),
  };
}
