/**
 * WebAssembly loops against the evaluator and the JavaScript loops, bit by bit: random programs, formats and storage, in groups and in the items
 * left over; then what runs in groups, what goes item by item, and what is declined.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileExpressionOrThrow, compileOrThrow, compileProgram } from '../../../core/program/check-types.ts';
import { exp, log, power, powerOfTwo } from '../../../core/program/elementary.ts';
import { compileWasmKernel, whyNotWasm } from '../../../core/program/emit-wasm.ts';
import type { Binding, KernelSpec, Loop, NumericArray } from '../../../core/program/kernel.ts';
import { compileKernel } from '../../../core/program/kernel.ts';
import type { NumberFormat } from '../../../core/program/number-format.ts';
import { FLOAT32, FLOAT64, int, storedRange } from '../../../core/program/number-format.ts';
import type { SymbolInfo } from '../../../core/program/symbols.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { planLoop } from '../../../core/program/wasm-plan.ts';
import { normalAt, uniformAt } from '../../../core/random.ts';
import { expressionText, NEURON_SCOPES, programText, runSlowly, SYNAPSE_SCOPES, sameBits, symbolsOf } from './programs.ts';

/** 13 items: three groups of four and one left over, or fewer and up to three. */
const ITEMS = 13;

/** One memory for all loops of this file, handed out from the start again for each of them. */
const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
let next = 0;
const startOver = (): void => {
  next = 64;
};
function place<A extends NumericArray>(array: A): A {
  const type = array.constructor as new (buffer: SharedArrayBuffer, offset: number, length: number) => A;
  const view = new type(memory.buffer, next, array.length);
  view.set(array);
  next += Math.ceil(array.byteLength / 8) * 8;
  return view;
}

function arrayFor(format: NumberFormat, values: readonly number[], narrow: boolean): NumericArray {
  if (format.kind === 'float') return format.bits === 32 ? Float32Array.from(values) : Float64Array.from(values);
  if (!narrow) return Float64Array.from(values);
  const { bits, signed } = format;
  if (bits <= 8) return signed ? Int8Array.from(values) : Uint8Array.from(values);
  if (bits <= 16) return signed ? Int16Array.from(values) : Uint16Array.from(values);
  return signed ? Int32Array.from(values) : Uint32Array.from(values);
}

/** Fresh memory for all names, the same for the same seed; integers of odd seeds lie in integer arrays. */
function bind(symbols: readonly SymbolInfo[], seed: number): Map<string, Binding> {
  const cells = new Float64Array(16);
  return new Map(
    symbols.map(({ name, scope, format }, n): [string, Binding] => {
      const value = (i: number): number => {
        const u = uniformAt(seed, n, i, 0);
        if (format.kind === 'float') return format.bits === 32 ? Math.fround(4 * u - 2) : 4 * u - 2;
        const { low, high } = storedRange(format);
        return Math.floor(low + u * (high - low + 1));
      };
      if (scope === 'constant') return [name, { kind: 'constant', value: value(0) }];
      if (scope === 'counter') return [name, { kind: 'cell', array: cells, cell: n }];
      if (scope === 'modulator') return [name, { kind: 'cell', array: arrayFor(format, [value(0), value(1)], seed % 2 === 1), cell: 1 }];
      const values = Array.from({ length: ITEMS + 1 }, (_, i) => value(i));
      return [name, { kind: 'array', array: arrayFor(format, values, seed % 2 === 1) }];
    }),
  );
}

/** The same arrays (and the same sharing of arrays) in the memory. */
function inMemory(bindings: ReadonlyMap<string, Binding>): Map<string, Binding> {
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

function loopInMemory(loop: Loop): Loop {
  if (loop.kind === 'rows') return { ...loop, rowStart: place(loop.rowStart), target: place(loop.target) };
  if (loop.kind !== 'columns') return loop;
  const { columnStart, synapse, row, unless } = loop;
  return { ...loop, columnStart: place(columnStart), synapse: place(synapse), row: place(row), ...(unless && { unless: place(unless) }) };
}

const arrays = (bindings: ReadonlyMap<string, Binding>): NumericArray[] =>
  [...bindings.values()].flatMap((binding) => (binding.kind === 'constant' ? [] : [binding.array]));

type Outcome = 'same' | 'declined' | string;

/**
 * Runs a loop three ways over two ticks: by the evaluator, in JavaScript, in WebAssembly. A NaN does not survive in an integer array, but does
 * in a register until it is stored; so with integer arrays (`narrow`) only the two kinds of loop, which use registers alike, are compared.
 */
function compare(make: () => KernelSpec, a: number | Int32Array, b: number, narrow = false): Outcome {
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

interface Generated {
  symbols: SymbolInfo[];
  text: string;
  seed: number;
}

const generated = (scopes: typeof SYNAPSE_SCOPES): fc.Arbitrary<Generated> =>
  symbolsOf(scopes).chain((symbols) => fc.record({ symbols: fc.constant(symbols), text: programText(symbols), seed: fc.nat(1000) }));

function runGenerated({ symbols, text, seed }: Generated, loop: Loop, a: number | Int32Array, b: number): Outcome {
  const { program } = compileProgram(text, symbolTable(symbols), { title: 'generated' });
  // a literal division by zero or infinite number is refused, and tested elsewhere
  if (!program) return 'same';
  const random = { seed: seed * 2 ** 33 + seed, stream: 5, itemBase: 2 ** 32 - 3 };
  return compare(() => ({ name: 'generated', program, loop, bindings: bind(symbols, seed), random }), a, b, seed % 2 === 1);
}

/** Fails on the first difference, and if too few of the programs could run at all. */
function holds(cases: fc.Arbitrary<Generated>, run: (one: Generated) => Outcome, seed: number, numRuns = 2000): void {
  let ran = 0;
  const property = fc.property(cases, (one) => {
    const outcome = run(one);
    if (outcome === 'same') ran++;
    if (outcome !== 'same' && outcome !== 'declined') { console.log('XX', one.text, JSON.stringify(one.symbols.map((s)=>[s.name,s.format.kind==='float'?s.format.bits:s.format])), one.seed, outcome); throw new Error(outcome); }
  });
  fc.assert(property, { numRuns, seed });
  assert.ok(ran > 0.8 * numRuns, `${ran} of ${numRuns} programs ran in WebAssembly`);
}

/** Rows of 7, 0, 5 and 1 synapses; targets repeat within rows. */
const rows: Loop = {
  kind: 'rows',
  rowStart: Int32Array.of(0, 7, 7, 12, 13),
  target: Uint16Array.of(0, 1, 1, 2, 4, 4, 4, 0, 1, 2, 3, 4, 3),
};
/** Columns of 5, 0, 6 and 2 synapses over the same synapses in another order. */
const columns: Loop = {
  kind: 'columns',
  columnStart: Int32Array.of(0, 5, 5, 11, 13),
  synapse: Int32Array.of(0, 3, 4, 7, 12, 1, 2, 5, 6, 8, 9, 10, 11),
  row: Int32Array.of(0, 0, 1, 2, 3, 0, 0, 1, 1, 2, 2, 3, 3),
};

test('rows loops give the bits of the evaluator and of the JavaScript loops', () => {
  holds(generated(SYNAPSE_SCOPES), (one) => runGenerated(one, rows, Int32Array.of(2, 0, 1, 3), 4), 21);
});

test('columns loops give the bits of the evaluator and of the JavaScript loops', () => {
  holds(generated(SYNAPSE_SCOPES), (one) => runGenerated(one, columns, Int32Array.of(2, 1, 0, 3), 4), 22);
});

test('each loops do, from an item that is no multiple of the group', () => {
  holds(generated(NEURON_SCOPES), (one) => runGenerated(one, { kind: 'each' }, 1, ITEMS), 23);
});

test('list loops do', () => {
  holds(generated(NEURON_SCOPES), (one) => runGenerated(one, { kind: 'list' }, Int32Array.of(5, 0, 12, 5), 4), 24);
});

test('fire loops do, and list the same items in the same order', () => {
  const cases = symbolsOf(NEURON_SCOPES).chain((symbols) => {
    const names = symbols.filter(({ scope }) => scope !== 'counter').map(({ name }) => name);
    const { condition } = expressionText(names);
    return fc.record({ symbols: fc.constant(symbols), text: programText(symbols), seed: fc.nat(1000), condition });
  });
  const run = (one: Generated): Outcome => {
    try {
      const { condition } = one as Generated & { condition: string };
      const when = compileExpressionOrThrow(condition, symbolTable(one.symbols), { title: 'when' });
      return runGenerated(one, { kind: 'fire', when }, 0, ITEMS);
    } catch (error) {
      if ((error as Error).name === 'UserError') return 'same';
      throw error;
    }
  };
  holds(cases, run, 25);
});

test.run();
