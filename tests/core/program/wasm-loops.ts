/** Loops in WebAssembly for tests: one memory to put arrays in, a loop run three ways, and small loops to run. */
import { compileOrThrow } from '../../../core/program/check-types.ts';
import { compileKernel } from '../../../core/program/compile-kernel.ts';
import { whyNotWasm } from '../../../core/program/emit-wasm.ts';
import type { Binding, KernelSpec, Loop, NumericArray } from '../../../core/program/kernel.ts';
import type { NumberFormat } from '../../../core/program/number-format.ts';
import { FLOAT32, FLOAT64 } from '../../../core/program/number-format.ts';
import type { SymbolInfo } from '../../../core/program/symbols.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { newWasmMemory } from '../../../core/typed-arrays-utils.ts';
import { runSlowly, sameBits } from './programs.ts';

/** 13 items: three groups of four and one left over, or fewer and up to three. */
export const ITEMS = 13;

/** One memory for all loops of this file, handed out from the start again for each of them. */
export const memory = newWasmMemory(16);
let next = 0;
export const startOver = (): void => {
  next = 64;
};
export function place<A extends NumericArray>(array: A): A {
  const type = array.constructor as new (buffer: SharedArrayBuffer, offset: number, length: number) => A;
  const view = new type(memory.buffer, next, array.length);
  view.set(array);
  next += Math.ceil(array.byteLength / 8) * 8;
  return view;
}

/** The same arrays (and the same sharing of arrays) in the memory. */
export function inMemory(bindings: ReadonlyMap<string, Binding>): Map<string, Binding> {
  const placed = new Map<NumericArray, NumericArray>();
  const move = (array: NumericArray): NumericArray => {
    const found = placed.get(array) ?? place(array);
    placed.set(array, found);
    return found;
  };
  return new Map(
    [...bindings].map(([name, binding]): [string, Binding] => [
      name,
      binding.kind === 'constant'
        ? binding
        : binding.kind === 'history'
          ? { ...binding, array: move(binding.array), times: move(binding.times) }
          : { ...binding, array: move(binding.array) },
    ]),
  );
}

export function loopInMemory(loop: Loop): Loop {
  if (loop.kind === 'rows') return { ...loop, rowStart: place(loop.rowStart), target: place(loop.target) };
  if (loop.kind !== 'columns') return loop;
  const { columnStart, synapse, row, unless } = loop;
  return { ...loop, columnStart: place(columnStart), synapse: place(synapse), row: place(row), ...(unless && { unless: place(unless) }) };
}

export const arrays = (bindings: ReadonlyMap<string, Binding>): NumericArray[] =>
  [...bindings.values()].flatMap((binding) => (binding.kind === 'constant' ? [] : [binding.array]));

export type Outcome = 'same' | 'declined' | string;

/**
 * Runs a loop three ways over two ticks: by the evaluator, in JavaScript, in WebAssembly. A NaN does not survive in an integer array, but does
 * in a register until it is stored; so with integer arrays (`narrow`) only the two kinds of loop, which use registers alike, are compared.
 */
export function compare(make: () => KernelSpec, a: number | Int32Array, b: number, narrow = false): Outcome {
  startOver();
  const [slow, js] = [make(), make()];
  const given = make();
  const wasm: KernelSpec = { ...given, bindings: inMemory(given.bindings), loop: loopInMemory(given.loop) };
  const reason = whyNotWasm(wasm, memory);
  if (reason !== undefined) return 'declined';
  const kernels = [compileKernel(js), compileKernel(wasm, { backend: 'wasm', memory })];
  const list = typeof a === 'number' ? a : place(a);
  for (const tick of [1, 2 ** 40 + 2]) {
    const [expected, fromJs, fromWasm] = [new Int32Array(2 * ITEMS), new Int32Array(2 * ITEMS), place(new Int32Array(2 * ITEMS))];
    const counts = [runSlowly(slow, a, b, tick, expected), kernels[0].run(a, b, tick, fromJs), kernels[1].run(list, b, tick, fromWasm)];
    if (counts[1] !== counts[2] || !sameBits(fromJs, fromWasm)) return `items ${[...fromWasm]} instead of ${[...fromJs]}`;
    if (!narrow && (counts[0] !== counts[1] || !sameBits(expected, fromJs))) return 'JavaScript lists other items than the evaluator';
  }
  const [slowArrays, jsArrays, wasmArrays] = [slow, js, wasm].map(({ bindings }) => arrays(bindings));
  if (!narrow && !jsArrays.every((array, n) => sameBits(array, slowArrays[n]))) return 'JavaScript differs from the evaluator';
  const wrong = wasmArrays.findIndex((array, n) => !sameBits(array, jsArrays[n]));
  return wrong < 0 ? 'same' : `array ${wrong} is ${[...wasmArrays[wrong]]}, not ${[...jsArrays[wrong]]}\n${kernels[1].source}`;
}

/** Rows of 7, 0, 5 and 1 synapses; targets repeat within rows. */
export const rows: Loop = {
  kind: 'rows',
  rowStart: Int32Array.of(0, 7, 7, 12, 13),
  target: Uint16Array.of(0, 1, 1, 2, 4, 4, 4, 0, 1, 2, 3, 4, 3),
};
/** Columns of 5, 0, 6 and 2 synapses over the same synapses in another order. */
export const columns: Loop = {
  kind: 'columns',
  columnStart: Int32Array.of(0, 5, 5, 11, 13),
  synapse: Int32Array.of(0, 3, 4, 7, 12, 1, 2, 5, 6, 8, 9, 10, 11),
  row: Int32Array.of(0, 0, 1, 2, 3, 0, 0, 1, 1, 2, 2, 3, 3),
};

export const neuron = (name: string, format: NumberFormat = FLOAT64): SymbolInfo => ({ name, scope: 'neuron', format, writable: true });

export function neuronSpec(text: string, names: Readonly<Record<string, NumericArray>>, changes: Partial<KernelSpec> = {}): KernelSpec {
  const symbols = symbolTable(
    Object.entries(names).map(([name, array]) => neuron(name, array instanceof Float32Array ? FLOAT32 : FLOAT64)),
  );
  return {
    name: 'test',
    program: compileOrThrow(text, symbols, { title: 'test' }),
    loop: { kind: 'each' },
    bindings: new Map(Object.entries(names).map(([name, array]) => [name, { kind: 'array', array }])),
    random: { seed: 2 ** 40 + 5, stream: 0xfedcba98, itemBase: 2 ** 32 - 7 },
    ...changes,
  };
}
