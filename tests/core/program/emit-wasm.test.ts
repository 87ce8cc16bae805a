/**
 * WebAssembly loops against the evaluator and the JavaScript loops, bit by bit: random programs, formats and storage, in groups and in the items
 * left over; then what runs in groups, what goes item by item, and what is declined.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileExpressionOrThrow, compileOrThrow, compileProgram } from '../../../core/program/check-types.ts';
import { compileKernel } from '../../../core/program/compile-kernel.ts';
import { exp } from '../../../core/program/elementary.ts';
import { compileWasmKernel, whyNotWasm } from '../../../core/program/emit-wasm.ts';
import { guardIdle } from '../../../core/program/guard-idle.ts';
import type { Expr } from '../../../core/program/ir.ts';
import type { Binding, KernelSpec, Loop, NumericArray } from '../../../core/program/kernel.ts';
import type { NumberFormat } from '../../../core/program/number-format.ts';
import { FLOAT32, FLOAT64, storedRange } from '../../../core/program/number-format.ts';
import type { Scope, SymbolInfo } from '../../../core/program/symbols.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { planLoop } from '../../../core/program/wasm-plan.ts';
import { uniformAt } from '../../../core/random.ts';
import { expressionText, idleText, NEURON_SCOPES, programText, SYNAPSE_SCOPES, symbolsOf } from './programs.ts';
import type { Outcome } from './wasm-loops.ts';
import {
  arrays,
  columns,
  compare,
  ITEMS,
  inMemory,
  loopInMemory,
  memory,
  neuron,
  neuronSpec,
  place,
  rows,
  startOver,
} from './wasm-loops.ts';

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

test('lists of distinct items do, of which long chains are taken in groups', () => {
  const items = Int32Array.of(5, 0, 12, 3, 4, 11, 7, 1, 2, 9);
  holds(generated(NEURON_SCOPES), (one) => runGenerated(one, { kind: 'list', distinct: true }, items, items.length), 26);
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

test('statements behind a guard leave the bits of the evaluator, which knows no guards', () => {
  const cases = symbolsOf(SYNAPSE_SCOPES).chain((symbols) =>
    fc.record({ symbols: fc.constant(symbols), text: idleText(symbols), seed: fc.nat(1000) }),
  );
  let guarded = 0;
  const run = ({ symbols, text, seed }: Generated, loop: Loop, list: Int32Array): Outcome => {
    const { program } = compileProgram(text, symbolTable(symbols), { title: 'generated' });
    if (!program) return 'same';
    const idle = guardIdle(program);
    if (idle.statements.some(({ guard }) => guard !== undefined)) guarded++;
    const random = { seed: seed * 2 ** 33 + seed, stream: 5, itemBase: 2 ** 32 - 3 };
    const make = (): KernelSpec => ({ name: 'generated', program: idle, loop, bindings: bind(symbols, seed), random });
    return compare(make, list, 4, seed % 2 === 1);
  };
  holds(cases, (one) => run(one, rows, Int32Array.of(2, 0, 1, 3)), 26);
  holds(cases, (one) => run(one, columns, Int32Array.of(2, 1, 0, 3)), 27);
  assert.ok(guarded > 300, `${guarded} of 600 programs have a guard`);
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
  const withArray = (array: NumericArray): KernelSpec => ({
    ...reads,
    bindings: new Map([...reads.bindings, ['u', { kind: 'array', array }]]),
  });
  assert.is(reasonOf(withArray(u)), 'none', 'single precision holds every 16-bit integer');
  assert.match(reasonOf(withArray(place(new Int32Array(4)))), /"u" is single precision but does not lie in a Float32Array/);
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

const condition = (text: string): Expr => compileExpressionOrThrow(text, symbolTable([neuron('v')]), { title: 'when' });

test('a list outside of the memory is refused as a bug, not read from wherever its offset points', () => {
  startOver();
  const spec = neuronSpec('v = v * 0.5', { v: place(new Float64Array(4)) }, { loop: { kind: 'list' } });
  const kernel = compileKernel(spec, { memory });
  assert.throws(() => kernel.run(Int32Array.of(1), 1, 1), /a list given to test does not lie in the kernel's memory/);
  assert.throws(() => kernel.run(place(Int32Array.of(1)), 2, 1), /test needs a list of 2 items and was given 1/);
  const fire = compileKernel({ ...spec, loop: { kind: 'fire', when: condition('v >= 0') } }, { memory });
  assert.throws(() => fire.run(0, 4, 1), /a list given to test does not lie/);
  assert.throws(() => fire.run(0, 4, 1, place(new Int32Array(3))), /needs a list of 4 items/);
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
