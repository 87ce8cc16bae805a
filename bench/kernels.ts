/**
 * How long does one item of a loop take, in JavaScript and in WebAssembly? The loops are those a run spends its time in, over the sizes of
 * Brunel's (2000) network: 12,500 neurons, rows of 1,250 synapses, 47 rows per call. Nanoseconds per item, median of 9 rounds after warm-up.
 *
 * Run: `npm run bench -- kernels [part of a name]`
 */
import { compileExpressionOrThrow, compileOrThrow } from '../core/program/check-types.ts';
import { compileKernel } from '../core/program/compile-kernel.ts';
import type { Binding, Kernel, KernelSpec, Loop, NumericArray } from '../core/program/kernel.ts';
import { FLOAT32, FLOAT64 } from '../core/program/number-format.ts';
import type { Scope, SymbolInfo } from '../core/program/symbols.ts';
import { symbolTable } from '../core/program/symbols.ts';
import { uniformAt } from '../core/random.ts';
import type { ElementType, WasmMemory } from '../core/typed-arrays-utils.ts';
import { allocateArena, planArena } from '../core/typed-arrays-utils.ts';

export interface KernelSizes {
  readonly neurons: number;
  readonly perRow: number;
  readonly rowsPerCall: number;
  readonly rounds: number;
}

export const BRUNEL: KernelSizes = { neurons: 12500, perRow: 1250, rowsPerCall: 47, rounds: 9 };

const layoutOf = ({ neurons, perRow }: KernelSizes) =>
  planArena([
    ...(['f32', 'f64'] as const).flatMap((type) =>
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name: `${name}_${type}`, type: type as ElementType, length: neurons })),
    ),
    { name: 'fired', type: 'i32', length: neurons },
    { name: 'list', type: 'i32', length: neurons },
    { name: 'rowStart', type: 'i32', length: neurons + 1 },
    { name: 'target_u16', type: 'u16', length: neurons * perRow },
    { name: 'target_i32', type: 'i32', length: neurons * perRow },
    { name: 'w_f32', type: 'f32', length: neurons * perRow },
    { name: 'columnStart', type: 'i32', length: neurons + 1 },
    { name: 'synapse', type: 'i32', length: neurons * perRow },
    { name: 'row', type: 'i32', length: neurons * perRow },
    { name: 'w_u8', type: 'u8', length: neurons * perRow },
    { name: 'port_i32', type: 'i32', length: neurons },
    { name: 'counters', type: 'f64', length: 4 },
  ]);

interface Case {
  readonly name: string;
  readonly text: string;
  /** name, scope, array; `counters` are cells. */
  readonly names: readonly (readonly [name: string, scope: Scope, array: string])[];
  readonly loop: 'each' | 'list' | 'rows' | 'rows32' | 'columns';
  readonly when?: string;
  /** Runs over the items that fired. */
  readonly reset?: string;
}

/** The neuron of Vogels & Abbott (2005) as core/neurons/cubalif.ts writes it, tau 20, 5 and 10 ms, dt 0.1 ms; the reset goes over a list. */
const lif = (type: 'f32' | 'f64'): Case => ({
  name: `LIF with two currents, refractory, spike list, ${type}`,
  text: `currentExc += excitatory
currentInh += inhibitory
v = refractoryLeft > 0 ? v : -49 + (v - -49) * 0.99501247919268232 + 0.0049381 * currentExc + 0.0049627 * currentInh
refractoryLeft = max(refractoryLeft - 1, 0)
currentExc *= 0.98019867330675525
currentInh *= 0.99004983374916811`,
  names: [
    ['v', 'neuron', `a_${type}`],
    ['currentExc', 'neuron', `b_${type}`],
    ['currentInh', 'neuron', `c_${type}`],
    ['refractoryLeft', 'neuron', `d_${type}`],
    ['excitatory', 'neuron', `e_${type}`],
    ['inhibitory', 'neuron', `f_${type}`],
  ],
  loop: 'each',
  when: 'v > -50',
  reset: 'v = -60\nrefractoryLeft = 50',
});

const CASES: readonly Case[] = [
  lif('f32'),
  lif('f64'),
  { name: 'trace decay, f32', text: 'x = x * 0.9950124', names: [['x', 'neuron', 'a_f32']], loop: 'each' },
  { name: 'trace decay, f64', text: 'x = x * 0.9950124', names: [['x', 'neuron', 'a_f64']], loop: 'each' },
  { name: 'deliver one constant weight, u16 targets', text: 'port += 0.1', names: [['port', 'post', 'a_f32']], loop: 'rows' },
  {
    name: 'deliver f32 weights, u16 targets',
    text: 'port += w',
    names: [
      ['port', 'post', 'a_f32'],
      ['w', 'synapse', 'w_f32'],
    ],
    loop: 'rows',
  },
  {
    name: 'deliver f32 weights, i32 targets',
    text: 'port += w',
    names: [
      ['port', 'post', 'a_f32'],
      ['w', 'synapse', 'w_f32'],
    ],
    loop: 'rows32',
  },
  {
    name: 'deliver u8 weights as integers, u16 targets',
    text: 'port += w * 64',
    names: [
      ['port', 'post', 'port_i32'],
      ['w', 'synapse', 'w_u8'],
    ],
    loop: 'rows',
  },
  {
    name: 'pair STDP at pre spikes, f32',
    text: 'w = clip(w - 0.001 * y1, 0, 1)',
    names: [
      ['w', 'synapse', 'w_f32'],
      ['y1', 'post', 'a_f32'],
    ],
    loop: 'rows',
  },
  {
    name: 'pair STDP at pre spikes with counters, f32',
    text: `let asked0 = w - 0.001 * y1
let kept0 = if(asked0 - asked0 == 0, clip(asked0, 0, 1), w)
updateAttempts += 1
synapticUpdates += if(kept0 != w, 1, 0)
saturatedUpdates += if(asked0 < 0 or asked0 > 1, 1, 0)
notFinite += if(asked0 - asked0 == 0, 0, 1)
w = kept0`,
    names: [
      ['w', 'synapse', 'w_f32'],
      ['y1', 'post', 'a_f32'],
      ['updateAttempts', 'counter', 'counters'],
      ['synapticUpdates', 'counter', 'counters'],
      ['saturatedUpdates', 'counter', 'counters'],
      ['notFinite', 'counter', 'counters'],
    ],
    loop: 'rows',
  },
  {
    name: 'pair STDP at post spikes, f32',
    text: 'w = clip(w + 0.001 * x1, 0, 1)',
    names: [
      ['w', 'synapse', 'w_f32'],
      ['x1', 'pre', 'a_f32'],
    ],
    loop: 'columns',
  },
  {
    name: 'exp, f64',
    text: 'y = exp(x)',
    names: [
      ['x', 'neuron', 'a_f64'],
      ['y', 'neuron', 'b_f64'],
    ],
    loop: 'each',
  },
  {
    name: 'log, f64',
    text: 'y = log(x)',
    names: [
      ['x', 'neuron', 'a_f64'],
      ['y', 'neuron', 'b_f64'],
    ],
    loop: 'each',
  },
  { name: 'uniform, f64', text: 'x = uniform()', names: [['x', 'neuron', 'a_f64']], loop: 'each' },
  {
    name: 'uniform, four draws, f64',
    text: 'x = uniform() + uniform() + uniform() + uniform()',
    names: [['x', 'neuron', 'a_f64']],
    loop: 'each',
  },
  { name: 'normal, f64', text: 'x = normal()', names: [['x', 'neuron', 'a_f64']], loop: 'each' },
  { name: 'poisson(2), f64', text: 'x = poisson(2)', names: [['x', 'neuron', 'a_f64']], loop: 'each' },
  { name: 'poisson(2), f32', text: 'x = f32(poisson(2))', names: [['x', 'neuron', 'a_f32']], loop: 'each' },
  {
    name: 'spikes with one probability',
    text: '',
    names: [['p', 'neuron', 'c_f64']],
    loop: 'each',
    when: 'uniform() < 0.01',
  },
  { name: 'Poisson source', text: '', names: [['p', 'neuron', 'c_f64']], loop: 'each', when: 'p > 0 and uniform() < p' },
];

/** Prints a line per loop. @param wanted part of the names of the loops to run */
export function measureKernels(wanted: string, sizes: KernelSizes, say: (line: string) => void): void {
  const { memory, views } = allocateArena(layoutOf(sizes));
  const arrays = views as unknown as Record<string, NumericArray>;
  fill(arrays, sizes);
  const width = Math.max(...CASES.map(({ name }) => name.length));
  say(`${'ns per item'.padEnd(width)}  JavaScript  WebAssembly  ratio  M items/s  compile`);
  for (const one of CASES.filter(({ name }) => name.includes(wanted))) {
    const spec = specOf(one, arrays);
    const resetSpec = one.reset === undefined ? undefined : specOf({ ...one, text: one.reset, loop: 'list' }, arrays);
    const [js, wasm] = (['js', 'wasm'] as const).map((backend) => {
      const reset = resetSpec && compileKernel(resetSpec, { backend, memory });
      return measure(one, compileKernel(spec, { backend, memory }), arrays, sizes, reset);
    });
    const columns = [js.toFixed(3).padStart(10), wasm.toFixed(3).padStart(11), (js / wasm).toFixed(2).padStart(5)];
    say(`${one.name.padEnd(width)}  ${columns.join('  ')}  ${(1e3 / wasm).toFixed(0).padStart(9)}  ${compileTime(spec, memory)}`);
  }
}

function fill(arrays: Record<string, NumericArray>, { neurons, perRow }: KernelSizes): void {
  const synapses = neurons * perRow;
  const apart = Math.floor(neurons / perRow);
  const { rowStart, columnStart, target_u16, target_i32, synapse, row, list, w_u8 } = arrays;
  for (let r = 0; r <= neurons; r++) rowStart[r] = r * perRow;
  // targets about equally far apart, ascending; the same column lengths for all
  for (let r = 0; r < neurons; r++) {
    for (let k = 0; k < perRow; k++) target_u16[r * perRow + k] = k * apart + Math.floor(apart * uniformAt(1, 1, r * perRow + k, 0));
  }
  target_i32.set(target_u16);
  for (let k = 0; k < synapses; k++) columnStart[target_u16[k] + 1]++;
  for (let j = 0; j < neurons; j++) columnStart[j + 1] += columnStart[j];
  const next = Int32Array.from(columnStart);
  for (let k = 0; k < synapses; k++) {
    const c = next[target_u16[k]]++;
    synapse[c] = k;
    row[c] = Math.floor(k / perRow);
  }
  for (let n = 0; n < neurons; n++) list[n] = Math.floor(neurons * uniformAt(1, 2, n, 0));
  for (let k = 0; k < synapses; k++) w_u8[k] = k & 63;
}

function specOf({ text, names, loop, when }: Case, arrays: Record<string, NumericArray>): KernelSpec {
  const symbols: SymbolInfo[] = names.map(([name, scope, array]) => ({
    name,
    scope,
    format: array.endsWith('f32') ? FLOAT32 : FLOAT64,
    writable: true,
  }));
  const table = symbolTable(symbols);
  const bindings = new Map<string, Binding>(
    names.map(([name, scope, array], n) => [
      name,
      scope === 'counter' ? { kind: 'cell', array: arrays[array], cell: n % 4 } : { kind: 'array', array: arrays[array] },
    ]),
  );
  const { rowStart, target_u16, target_i32, columnStart, synapse, row } = arrays;
  const loops: Record<Case['loop'], Loop> = {
    each: when === undefined ? { kind: 'each' } : { kind: 'fire', when: compileExpressionOrThrow(when, table, { title: 'when' }) },
    list: { kind: 'list' },
    rows: { kind: 'rows', rowStart, target: target_u16 },
    rows32: { kind: 'rows', rowStart, target: target_i32 },
    columns: { kind: 'columns', columnStart, synapse, row },
  };
  return {
    name: 'kernel',
    program: compileOrThrow(text, table, { title: 'bench' }),
    loop: loops[loop],
    bindings,
    random: { seed: 1, stream: 2, itemBase: 0 },
  };
}

/** Nanoseconds per item. */
function measure({ loop, names }: Case, kernel: Kernel, arrays: Record<string, NumericArray>, sizes: KernelSizes, reset?: Kernel): number {
  const { neurons, perRow, rowsPerCall, rounds } = sizes;
  const overNeurons = loop === 'each';
  for (const [, , array] of names) {
    const values = arrays[array];
    if (array === 'counters' || array === 'w_u8') values.fill(array === 'counters' ? 0 : 3);
    else for (let i = 0; i < values.length; i++) values[i] = uniformAt(2, 3, i % neurons, 0) * (/^[cef]_/.test(array) ? 0.01 : 1);
  }
  const list = arrays.list as Int32Array;
  const out = arrays.fired as Int32Array;
  const calls = overNeurons ? 200 : 40;
  const slices = Math.floor(neurons / rowsPerCall) - 1;
  let tick = 0;
  const round = (): number => {
    const start = performance.now();
    for (let n = 0; n < calls; n++) {
      tick++;
      if (overNeurons) {
        const fired = kernel.run(0, neurons, tick, out);
        if (reset !== undefined) reset.run(out, fired, tick);
      } else kernel.run(list.subarray((tick % slices) * rowsPerCall), rowsPerCall, tick);
    }
    return performance.now() - start;
  };
  for (let n = 0; n < 8; n++) round();
  const times = Array.from({ length: rounds }, round).sort((a, b) => a - b);
  const items = overNeurons ? neurons : rowsPerCall * perRow;
  return (times[Math.floor(rounds / 2)] * 1e6) / (calls * items);
}

function compileTime(spec: KernelSpec, memory: WasmMemory): string {
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    compileKernel(spec, { backend: 'wasm', memory });
    return performance.now() - start;
  });
  return `${times.sort((a, b) => a - b)[4].toFixed(2)} ms`;
}
