/** Emitted loops against the evaluator, bit by bit, for random programs, formats and connectivity; then what the text itself promises. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileExpressionOrThrow, compileOrThrow, compileProgram } from '../../../core/program/check-types.ts';
import { compileKernel, emitLoop } from '../../../core/program/emit-js.ts';
import type { Binding, KernelSpec, Loop, NumericArray } from '../../../core/program/kernel.ts';
import { FLOAT32, FLOAT64, int, storedRange } from '../../../core/program/number-format.ts';
import type { SymbolInfo } from '../../../core/program/symbols.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { uniformAt } from '../../../core/random.ts';
import { expressionText, NEURON_SCOPES, programText, runSlowly, SYNAPSE_SCOPES, sameBits, symbolsOf } from './programs.ts';

const ROWS = 4;
const TARGETS = 3;
/** Rows of 3, 0, 2 and 1 synapses; two synapses of row 0 share target 1. */
const rowStart = Int32Array.of(0, 3, 3, 5, 6);
const target = Int32Array.of(1, 1, 0, 2, 1, 0);
const columnStart = Int32Array.of(0, 2, 5, 6);
const synapse = Int32Array.of(2, 5, 0, 1, 4, 3);
const row = Int32Array.of(0, 3, 0, 0, 2, 2);

const rows: Loop = { kind: 'rows', rowStart, target };
const columns: Loop = { kind: 'columns', columnStart, synapse, row };

/** Fresh memory for all names, the same for the same seed. */
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
      const single = format.kind === 'float' && format.bits === 32;
      if (scope === 'modulator')
        return [name, { kind: 'cell', array: single ? Float32Array.of(value(0)) : Float64Array.of(value(0)), cell: 0 }];
      const values = Array.from({ length: 8 }, (_, i) => value(i));
      return [name, { kind: 'array', array: single ? Float32Array.from(values) : Float64Array.from(values) }];
    }),
  );
}

const memory = (bindings: ReadonlyMap<string, Binding>): [string, NumericArray][] =>
  [...bindings].flatMap(([name, binding]) => (binding.kind === 'constant' ? [] : [[name, binding.array] as [string, NumericArray]]));

/** Runs both ways twice (two ticks) and compares every array. */
function agrees(symbols: readonly SymbolInfo[], text: string, loop: Loop, a: number | Int32Array, b: number, seed: number): boolean {
  const { program } = compileProgram(text, symbolTable(symbols), { title: 'generated' });
  // a literal division by zero or infinite number is refused, and tested elsewhere
  if (!program) return true;
  const random = { seed, stream: 5, itemBase: 100 };
  const fast: KernelSpec = { name: 'fast', program, loop, bindings: bind(symbols, seed), random };
  const slow: KernelSpec = { ...fast, bindings: bind(symbols, seed) };
  const kernel = compileKernel(fast);
  for (const tick of [1, 2]) {
    const [out, expected] = [new Int32Array(8), new Int32Array(8)];
    const counts = [kernel.run(a, b, tick, out), runSlowly(slow, a, b, tick, expected)];
    if (counts[0] !== counts[1] || !sameBits(out, expected)) return false;
  }
  const slowMemory = new Map(memory(slow.bindings));
  return memory(fast.bindings).every(([name, array]) => sameBits(array, slowMemory.get(name) as NumericArray));
}

const generated = (scopes: typeof SYNAPSE_SCOPES) =>
  symbolsOf(scopes).chain((symbols) => fc.record({ symbols: fc.constant(symbols), text: programText(symbols), seed: fc.nat(1000) }));

test('rows loops compute what the evaluator computes, to the last bit', () => {
  const property = fc.property(generated(SYNAPSE_SCOPES), ({ symbols, text, seed }) =>
    agrees(symbols, text, rows, Int32Array.of(2, 0, 1, 3), ROWS, seed),
  );
  fc.assert(property, { numRuns: 400, seed: 11 });
});

test('columns loops compute what the evaluator computes, to the last bit', () => {
  const property = fc.property(generated(SYNAPSE_SCOPES), ({ symbols, text, seed }) =>
    agrees(symbols, text, columns, Int32Array.of(1, 2, 0), TARGETS, seed),
  );
  fc.assert(property, { numRuns: 400, seed: 12 });
});

test('each and list loops compute what the evaluator computes, to the last bit', () => {
  const property = fc.property(
    generated(NEURON_SCOPES),
    ({ symbols, text, seed }) =>
      agrees(symbols, text, { kind: 'each' }, 1, 7, seed) && agrees(symbols, text, { kind: 'list' }, Int32Array.of(5, 0, 3), 3, seed),
  );
  fc.assert(property, { numRuns: 300, seed: 13 });
});

test('fire loops list the neurons that the evaluator lists', () => {
  const cases = symbolsOf(NEURON_SCOPES).chain((symbols) => {
    const names = symbols.filter(({ scope }) => scope !== 'counter').map(({ name }) => name);
    return fc.record({
      symbols: fc.constant(symbols),
      text: programText(symbols),
      condition: expressionText(names).condition,
      seed: fc.nat(1000),
    });
  });
  const property = fc.property(cases, ({ symbols, text, condition, seed }) => {
    let when: ReturnType<typeof compileExpressionOrThrow>;
    try {
      when = compileExpressionOrThrow(condition, symbolTable(symbols), { title: 'when' });
    } catch {
      return true;
    }
    return agrees(symbols, text, { kind: 'fire', when }, 0, 8, seed);
  });
  fc.assert(property, { numRuns: 300, seed: 14 });
});

const stdpSymbols = symbolTable([
  { name: 'w', scope: 'synapse', format: FLOAT64, writable: true },
  { name: 'x1', scope: 'pre', format: FLOAT64, writable: false },
  { name: 'y1', scope: 'post', format: FLOAT64, writable: true },
  { name: 'aPlus', scope: 'constant', format: FLOAT64, writable: false },
]);

function stdpSpec(text: string, loop: Loop, overrides: Partial<Record<string, Binding>> = {}): KernelSpec {
  const bindings = new Map<string, Binding>([
    ['w', { kind: 'array', array: new Float64Array(6) }],
    ['x1', { kind: 'array', array: new Float64Array(4) }],
    ['y1', { kind: 'array', array: new Float64Array(3) }],
    ['aPlus', { kind: 'constant', value: 0.25 }],
    ...(Object.entries(overrides) as [string, Binding][]),
  ]);
  return {
    name: 'stdp',
    program: compileOrThrow(text, stdpSymbols, { title: 'rule stdp' }),
    loop,
    bindings,
    random: { seed: 1, stream: 2, itemBase: 0 },
  };
}

test('a rows loop reads the trace of the row once, and each weight once', () => {
  const { source } = emitLoop(stdpSpec('w = clip(w + aPlus * x1, 0, 1)', rows));
  assert.is(
    source,
    [
      'function stdp(list, count, tick) {',
      '  for (let n = 0; n < count; n++) {',
      '    const r = list[n];',
      '    const stop = a2_rowStart[r + 1];',
      '    let v1_x1 = a1_x1[r];',
      '    for (let k = a2_rowStart[r]; k < stop; k++) {',
      '      let v0_w = a0_w[k];',
      '      const t0 = (v0_w + (0.25 * v1_x1));',
      '      v0_w = (t0 < 0 ? 0 : t0 > 1 ? 1 : t0);',
      '      a0_w[k] = v0_w;',
      '    }',
      '  }',
      '  return 0;',
      '}',
    ].join('\n'),
  );
});

test('a columns loop keeps what it adds to the target in a register', () => {
  const { source } = emitLoop(stdpSpec('y1 += w', columns));
  const inner = source.slice(source.indexOf('for (let c'));
  assert.ok(inner.indexOf('a0_y1[j] =') > inner.indexOf('}'), source);
});

test('division by a power of two becomes a multiplication', () => {
  assert.match(emitLoop(stdpSpec('w = w / 8', rows)).source, 'v0_w * 0.125');
  assert.match(emitLoop(stdpSpec('w = w / 10', rows)).source, 'v0_w / 10');
});

test('only the branch that is taken is computed when a branch needs more than an expression', () => {
  const { source } = emitLoop(stdpSpec('w = x1 > 0 ? clip(exp(x1) + w, 0, 1) : w', rows));
  assert.ok(source.indexOf('if (') < source.indexOf('exp('), source);
});

test('a literal that is not finite, and memory shared with a written name, are refused as bugs', () => {
  assert.throws(
    () => emitLoop(stdpSpec('w = w + aPlus', rows, { aPlus: { kind: 'constant', value: Infinity } })),
    /literal Infinity cannot be emitted/,
  );
  const shared = new Float64Array(6);
  const spec = stdpSpec('w = w + y1', rows, { w: { kind: 'array', array: shared }, y1: { kind: 'array', array: shared.subarray(2, 5) } });
  assert.throws(() => emitLoop(spec), /"w" and "y1" of rule stdp share memory/);
  assert.throws(
    () => emitLoop(stdpSpec('w = w + 0.1', rows, { w: { kind: 'array', array: new Float32Array(6) } })),
    /lives in a Float32Array/,
  );
});

test('names of the user never reach the text unchecked', () => {
  const hostile = symbolTable([{ name: 'w"];process.exit(1);//', scope: 'synapse', format: FLOAT32, writable: true }]);
  const program = {
    title: 't',
    text: '',
    draws: 0,
    statements: [
      {
        name: 'w"];process.exit(1);//',
        scope: 'synapse' as const,
        span: { start: 0, end: 0 },
        value: { kind: 'literal' as const, value: 1, type: 'f32' as const, span: { start: 0, end: 0 } },
      },
    ],
  };
  const bindings = new Map<string, Binding>([[[...hostile.keys()][0], { kind: 'array', array: new Float32Array(1) }]]);
  const { source } = emitLoop({ name: 'k', program, loop: { kind: 'each' }, bindings, random: { seed: 0, stream: 0, itemBase: 0 } });
  assert.not.match(source, 'process.exit');
  assert.throws(
    () => emitLoop({ name: 'k(){}', program, loop: { kind: 'each' }, bindings, random: { seed: 0, stream: 0, itemBase: 0 } }),
    /cannot name a kernel/,
  );
});

test('integer storage and integer arrays hold the same numbers as the evaluator', () => {
  const symbols = symbolTable([
    { name: 'w', scope: 'synapse', format: int(9, { signed: true, rounding: 'stochastic' }), writable: true },
    { name: 'x1', scope: 'pre', format: int(7), writable: false },
  ]);
  const program = compileOrThrow('w -= x1 / 3; w = -w', symbols, { title: 'integer rule' });
  const make = (): KernelSpec => ({
    name: 'integers',
    program,
    loop: rows,
    bindings: new Map<string, Binding>([
      ['w', { kind: 'array', array: Int16Array.of(-256, 255, 0, 3, -7, 100) }],
      ['x1', { kind: 'array', array: Uint8Array.of(127, 1, 50, 0) }],
    ]),
    random: { seed: 3, stream: 1, itemBase: 0 },
  });
  const [fast, slow] = [make(), make()];
  const list = Int32Array.of(0, 1, 2, 3);
  compileKernel(fast).run(list, 4, 9);
  runSlowly(slow, list, 4, 9);
  assert.equal([...memory(fast.bindings)[0][1]], [...memory(slow.bindings)[0][1]]);
  assert.not.equal([...memory(fast.bindings)[0][1]], [-256, 255, 0, 3, -7, 100]);
});

test.run();
