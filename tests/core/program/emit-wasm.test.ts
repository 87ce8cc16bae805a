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
import { FLOAT32, FLOAT64, storedRange } from '../../../core/program/number-format.ts';
import type { Scope, SymbolInfo } from '../../../core/program/symbols.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { planLoop } from '../../../core/program/wasm-plan.ts';
import { normalAt, uniformAt } from '../../../core/random.ts';
import { newWasmMemory } from '../../../core/typed-arrays-utils.ts';
import { expressionText, NEURON_SCOPES, programText, runSlowly, SYNAPSE_SCOPES, sameBits, symbolsOf } from './programs.ts';

/** 13 items: three groups of four and one left over, or fewer and up to three. */
const ITEMS = 13;

/** One memory for all loops of this file, handed out from the start again for each of them. */
const memory = newWasmMemory(16);
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
function holds(cases: fc.Arbitrary<Generated>, run: (one: Generated) => Outcome, seed: number, numRuns = 300): void {
  let ran = 0;
  const property = fc.property(cases, (one) => {
    const outcome = run(one);
    if (outcome === 'same') ran++;
    if (outcome !== 'same' && outcome !== 'declined') throw new Error(outcome);
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

/** Numbers around every limit of the elementary functions, and a spread of ordinary ones. */
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  10,
  1 / 3,
  -2.75,
  0.7,
  Math.SQRT2,
  1.5,
  1000,
  -1000,
  1e-300,
  -1e-300,
  5e-324,
  2.2e-308,
  2 ** -1022,
  1e300,
  Number.MAX_VALUE,
  Infinity,
  -Infinity,
  NaN,
  709.78,
  709.79,
  709.8,
  710,
  1023,
  1023.5,
  1024,
  1025,
  -708.4,
  -744.4,
  -745.1,
  -745.13,
  -745.14,
  -745.15,
  -746,
  -1022,
  -1023,
  -1074,
  -1074.5,
  -1075,
  -1100,
  2 ** 31,
  2 ** 53,
  ...Array.from({ length: 60 }, (_, i) => 1500 * uniformAt(4, 1, i, 0) - 750),
];

test('exp, log, x^y and shifts by a variable have the bits of elementary.ts, at every special value', () => {
  const pairs = SPECIAL.flatMap((x) => SPECIAL.map((y) => [x, y] as const));
  const n = pairs.length;
  startOver();
  const [x, y, e, l, p, s] = Array.from({ length: 6 }, () => place(new Float64Array(n)));
  for (const [i, [a, b]] of pairs.entries()) {
    x[i] = a;
    y[i] = b;
  }
  const format = FLOAT64;
  const symbols = symbolTable(['x', 'y', 'e', 'l', 'p', 's'].map((name) => ({ name, scope: 'neuron' as const, format, writable: true })));
  const bindings = new Map<string, Binding>(Object.entries({ x, y, e, l, p, s }).map(([name, array]) => [name, { kind: 'array', array }]));
  const program = compileOrThrow('e = exp(x)\nl = log(x)\np = x^y\ns = shr(x, y)', symbols, { title: 'elementary' });
  const random = { seed: 0, stream: 0, itemBase: 0 };
  compileKernel({ name: 'elementary', program, loop: { kind: 'each' }, bindings, random }, { backend: 'wasm', memory }).run(0, n, 1);
  for (const [i, [a, b]] of pairs.entries()) {
    assert.ok(Object.is(e[i], exp(a)), `exp(${a}) is ${exp(a)}, not ${e[i]}`);
    assert.ok(Object.is(l[i], log(a)), `log(${a}) is ${log(a)}, not ${l[i]}`);
    assert.ok(Object.is(p[i], power(a, b)), `${a}^${b} is ${power(a, b)}, not ${p[i]}`);
    const shifted = Math.floor(a * powerOfTwo(-b));
    assert.ok(Object.is(s[i], shifted), `shr(${a}, ${b}) is ${shifted}, not ${s[i]}`);
  }
});

const neuron = (name: string, format: NumberFormat = FLOAT64): SymbolInfo => ({ name, scope: 'neuron', format, writable: true });

function neuronSpec(text: string, names: Readonly<Record<string, NumericArray>>, changes: Partial<KernelSpec> = {}): KernelSpec {
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

test('draws are those of core/random.ts: any of the four words, late ticks, seeds and items beyond 32 bits', () => {
  startOver();
  const n = 5000;
  const [u, v, z] = [place(new Float64Array(n)), place(new Float64Array(n)), place(new Float64Array(n))];
  const spec = neuronSpec('u = uniform(2)\nv = uniform(7)\nz = normal(4)', { u, v, z });
  const { seed, stream, itemBase } = spec.random;
  const kernel = compileKernel(spec, { backend: 'wasm', memory });
  for (const tick of [0, 1, 2 ** 32 - 1, 2 ** 40 + 3]) {
    kernel.run(3, n, tick);
    for (let i = 3; i < n; i++) {
      assert.is(u[i], uniformAt(seed, stream, itemBase + i, tick, 2));
      assert.is(v[i], uniformAt(seed, stream, itemBase + i, tick, 7));
      assert.is(z[i], normalAt(seed, stream, itemBase + i, tick, 4));
    }
  }
});

test('single precision is rounded as the evaluator rounds it where vectors of four could differ: halves, tiny and huge numbers', () => {
  const values = [0.49999997, 0.5, -0.5, -0.49999997, 8388609, -8388609.5, 1e-45, 3.4e38, -0, 2.5, NaN, Infinity, 1e-38, 16777216];
  const text =
    'a = round(x)\nb = x^3\nc = shr(x, 2)\nd = x / 8192\ne = x * x - x / 3\nf = max(x - 1, 0) + min(x, 0) + max(0, x)\ng = sqrt(x) + sign(x)';
  const names = ['x', 'a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const make = (): KernelSpec =>
    neuronSpec(
      text,
      Object.fromEntries(names.map((name) => [name, name === 'x' ? Float32Array.from(values) : new Float32Array(values.length)])),
    );
  assert.is(compare(make, 0, values.length), 'same');
});

test('integers of every width are read and stored, wrapped where the program wraps them', () => {
  const values = [0, 1, 2 ** 31, 2 ** 32 - 1, -1, -(2 ** 31), 3 * 2 ** 40 + 17, -5 * 2 ** 33 - 3, 255, 256, -129, 65535, 1.75];
  const text =
    'a = wrap(x, 32)\nb = wrapUnsigned(x, 32)\nc = wrap(x, 16)\nd = wrapUnsigned(x, 16)\ne = clip(x, -128, 127)\nf = wrapUnsigned(x, 8)';
  const n = values.length;
  const make = (): KernelSpec =>
    neuronSpec(text, {
      x: Float64Array.from(values),
      a: new Int32Array(n),
      b: new Uint32Array(n),
      c: new Int16Array(n),
      d: new Uint16Array(n),
      e: new Int8Array(n),
      f: new Uint8Array(n),
    });
  assert.is(compare(make, 0, n), 'same');
});

/** A rule over the synapses of `rows` and `columns` above, in the formats of the arrays given. */
function synapseSpec(text: string, loop: Loop, names: Readonly<Record<string, readonly [Scope, NumericArray]>>): KernelSpec {
  const symbols = symbolTable(
    Object.entries(names).map(([name, [scope, array]]) => ({
      name,
      scope,
      format: array instanceof Float32Array ? FLOAT32 : FLOAT64,
      writable: true,
    })),
  );
  return {
    name: 'rule',
    program: compileOrThrow(text, symbols, { title: 'rule' }),
    loop,
    bindings: new Map(
      Object.entries(names).map(([name, [scope, array]]): [string, Binding] => [
        name,
        scope === 'counter' || scope === 'modulator' ? { kind: 'cell', array, cell: 1 } : { kind: 'array', array },
      ]),
    ),
    random: { seed: 1, stream: 2, itemBase: 0 },
  };
}

const ramp = <A extends NumericArray>(array: A): A => {
  for (let i = 0; i < array.length; i++) array[i] = (i * 37) % 101;
  return array;
};
const everyRow = Int32Array.of(0, 1, 2, 3);

test('weights add up on their targets in integers and in floats, repeated targets in order', () => {
  for (const port of [Int32Array, Int16Array, Float32Array, Float64Array]) {
    for (const loop of [rows, columns]) {
      const scope = loop.kind === 'rows' ? 'post' : 'pre';
      const make = (): KernelSpec =>
        synapseSpec('port += w * 64', loop, {
          port: [scope, ramp(new port(5))],
          w: ['synapse', ramp(new (port === Float32Array ? port : Uint8Array)(13))],
        });
      assert.is(compare(make, everyRow, 4), 'same', `${port.name} ${loop.kind}`);
    }
  }
});

test('a rule with counters and a total per row runs in groups of four', () => {
  const names = (): Readonly<Record<string, readonly [Scope, NumericArray]>> => ({
    w: ['synapse', ramp(new Float32Array(13))],
    y1: ['post', ramp(new Float32Array(5))],
    total: ['pre', ramp(new Float32Array(4))],
    attempts: ['counter', ramp(new Float64Array(2))],
    clipped: ['counter', ramp(new Float64Array(2))],
    kept: ['counter', ramp(new Float64Array(2))],
  });
  const text = `let asked = w - 0.7 * y1
attempts += 1
clipped += if(asked < 0 or asked > 40, 1, 0)
kept += if(asked < 0, 0, 1)
total += asked * 0.1
w = clip(asked, 0, 40)`;
  const make = (): KernelSpec => synapseSpec(text, rows, names());
  assert.is(compare(make, everyRow, 4), 'same');
  startOver();
  const spec = make();
  const plan = planLoop({ ...spec, bindings: inMemory(spec.bindings), loop: loopInMemory(rows) }, memory);
  assert.ok(typeof plan !== 'string' && !plan.sequential);
});

test('a loop in which synapses see what the ones before them wrote goes one by one', () => {
  const make = (): KernelSpec =>
    synapseSpec('w = w + y1\ny1 = y1 * 0.5', rows, { w: ['synapse', ramp(new Float64Array(13))], y1: ['post', ramp(new Float64Array(5))] });
  assert.is(compare(make, everyRow, 4), 'same');
  startOver();
  const spec = make();
  const plan = planLoop({ ...spec, bindings: inMemory(spec.bindings), loop: loopInMemory(rows) }, memory);
  assert.ok(typeof plan !== 'string' && plan.sequential);
});

test('columns leave out the rows they are told to, and read histories at the time of the other side', () => {
  const times = Uint8Array.of(2, 0, 1, 2, 0);
  const make = (): KernelSpec => {
    const loop: Loop = { ...(columns as Extract<Loop, { kind: 'columns' }>), unless: Uint8Array.of(0, 1, 0, 0) };
    const spec = synapseSpec('w = w + x1 + 2 * y1', loop, {
      w: ['synapse', ramp(new Float64Array(13))],
      x1: ['pre', ramp(new Float64Array(12))],
      y1: ['post', ramp(new Float64Array(5))],
    });
    const x1: Binding = { kind: 'history', array: ramp(new Float64Array(12)), stride: 3, times: times.slice() };
    return { ...spec, bindings: new Map([...spec.bindings, ['x1', x1]]) };
  };
  startOver();
  const [js, given] = [make(), make()];
  const wasm = { ...given, bindings: inMemory(given.bindings), loop: loopInMemory(given.loop) };
  compileKernel(js).run(everyRow, 4, 1);
  compileKernel(wasm, { backend: 'wasm', memory }).run(place(everyRow), 4, 1);
  assert.equal([...arrays(wasm.bindings)[0]], [...arrays(js.bindings)[0]]);
  assert.not.equal([...arrays(js.bindings)[0]], [...ramp(new Float64Array(13))]);
});

test('histories are read in rows as well, in groups', () => {
  const make = (): KernelSpec => {
    const spec = synapseSpec('w = w + y1', rows, { w: ['synapse', ramp(new Float64Array(13))], y1: ['post', ramp(new Float64Array(15))] });
    const y1: Binding = { kind: 'history', array: ramp(new Float64Array(15)), stride: 3, times: Uint8Array.of(2, 0, 1, 1) };
    return { ...spec, bindings: new Map([...spec.bindings, ['y1', y1]]) };
  };
  startOver();
  const [js, given] = [make(), make()];
  const wasm = { ...given, bindings: inMemory(given.bindings), loop: loopInMemory(given.loop) };
  compileKernel(js).run(everyRow, 4, 1);
  compileKernel(wasm, { backend: 'wasm', memory }).run(place(everyRow), 4, 1);
  assert.equal([...arrays(wasm.bindings)[0]], [...arrays(js.bindings)[0]]);
});

const reasonOf = (spec: KernelSpec): string => whyNotWasm(spec, memory) ?? 'none';

test('what cannot run is declined with the reason, and goes to JavaScript unless WebAssembly was asked for by name', () => {
  startOver();
  const outside = neuronSpec('v = v * 0.5', { v: Float64Array.of(1, 2) });
  assert.is(reasonOf(outside), '"v" does not lie in the memory');
  assert.is(compileWasmKernel(outside, memory), undefined);
  compileKernel(outside, { memory }).run(0, 2, 1);
  assert.equal([...(outside.bindings.get('v') as { array: NumericArray }).array], [0.5, 1]);
  assert.throws(
    () => compileKernel(outside, { backend: 'wasm', memory }),
    /test cannot run in WebAssembly: "v" does not lie in the memory/,
  );
  assert.throws(() => compileKernel(outside, { backend: 'wasm' }), /no memory is given/);

  const [u, v] = [place(new Int16Array(4)), place(new Float64Array(4))];
  assert.match(reasonOf(neuronSpec('u = v', { u, v })), /"u" may leave the range/);
  assert.is(reasonOf(neuronSpec('u = clip(v, -5, 5)', { u, v })), 'none');
  const reads = {
    ...neuronSpec('v = v', { v }),
    program: compileOrThrow('v = f64(u)', symbolTable([neuron('v'), neuron('u', FLOAT32)]), { title: 't' }),
  };
  const twoArrays = new Map<string, Binding>([...reads.bindings, ['u', { kind: 'array', array: u }]]);
  assert.match(reasonOf({ ...reads, bindings: twoArrays }), /"u" is single precision but does not lie in a Float32Array/);
  const floats: Loop = { kind: 'rows', rowStart: place(new Int32Array(2)), target: v };
  assert.match(reasonOf(synapseSpec('w = w', floats, { w: ['synapse', v] })), /target is an array of floats/);
});

test('the back end is chosen by name, and auto takes WebAssembly where a memory is given', () => {
  startOver();
  const spec = neuronSpec('v = v * 0.5', { v: place(new Float64Array(4)) });
  assert.match(compileKernel(spec).source, /^function test/);
  assert.match(compileKernel(spec, { backend: 'js', memory }).source, /^function test/);
  assert.match(compileKernel(spec, { memory }).source, /^wasm test\(%0_begin: i32/);
});

test('a list outside of the memory is refused as a bug, not read from wherever its offset points', () => {
  startOver();
  const spec = neuronSpec('v = v * 0.5', { v: place(new Float64Array(4)) }, { loop: { kind: 'list' } });
  const kernel = compileKernel(spec, { memory });
  assert.throws(() => kernel.run(Int32Array.of(1), 1, 1), /a list given to test does not lie in the kernel's memory/);
});

test('a branch with an exponential is skipped when no item of the group takes it', () => {
  startOver();
  const spec = neuronSpec('v = v > 0 ? exp(v) : v', { v: place(Float64Array.of(-1, -2, -3, -4, 1, -1, -1, -1, 2)) });
  const { source, run } = compileKernel(spec, { memory });
  assert.ok(source.indexOf('v128.any_true') >= 0 && source.indexOf('v128.any_true') < source.indexOf('f64x2.floor'), source);
  run(0, 9, 1);
  const [{ array }] = [...spec.bindings.values()] as { array: NumericArray }[];
  assert.equal([...array], [-1, -2, -3, -4, exp(1), -1, -1, -1, exp(2)]);
});

test.run();
