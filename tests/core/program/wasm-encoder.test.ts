/** Bytes against the WebAssembly specification: numbers, a whole module, and what the engine makes of it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildFunction } from '../../../core/program/wasm-builder.ts';
import type { Local } from '../../../core/program/wasm-encoder.ts';
import { encodeModule, listing, signedLeb, unsignedLeb } from '../../../core/program/wasm-encoder.ts';
import { compileModule, instantiate, isValidModule } from '../../../core/program/wasm-engine.ts';
import { IMMEDIATES, OPCODES, RESULTS } from '../../../core/program/wasm-opcodes.ts';
import { newWasmMemory } from '../../../core/typed-arrays-utils.ts';

const memory = newWasmMemory(1);

function run(fn: Parameters<typeof encodeModule>[0], ...args: number[]): number {
  return instantiate(compileModule(encodeModule(fn)), memory)(...args);
}

const two = [
  { name: 'a', type: 'i32' },
  { name: 'b', type: 'i32' },
] as const;

test('unsigned numbers are written seven bits at a time, low bits first', () => {
  assert.equal(unsignedLeb(0), [0x00]);
  assert.equal(unsignedLeb(127), [0x7f]);
  assert.equal(unsignedLeb(128), [0x80, 0x01]);
  assert.equal(unsignedLeb(624485), [0xe5, 0x8e, 0x26]);
  assert.equal(unsignedLeb(2 ** 32 - 1), [0xff, 0xff, 0xff, 0xff, 0x0f]);
});

test('signed numbers end when the rest is their sign', () => {
  assert.equal(signedLeb(63), [0x3f]);
  assert.equal(signedLeb(64), [0xc0, 0x00]);
  assert.equal(signedLeb(-1), [0x7f]);
  assert.equal(signedLeb(-64), [0x40]);
  assert.equal(signedLeb(-123456), [0xc0, 0xbb, 0x78]);
  assert.equal(signedLeb(-(2 ** 31)), [0x80, 0x80, 0x80, 0x80, 0x78]);
  assert.equal(signedLeb(2 ** 32 - 1), [0x7f]);
});

test('a function that adds its arguments is this module, byte by byte', () => {
  const builder = buildFunction('sum', two);
  const fn = builder.finish(builder.pure('i32.add', [0, 1]));
  assert.equal(
    [...encodeModule(fn)],
    [
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      // type: (i32, i32) -> i32
      ...[0x01, 0x07, 0x01, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7f],
      // import: env.memory, shared, 0 … 65536 pages
      ...[0x02, 0x12, 0x01, 0x03, 0x65, 0x6e, 0x76, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x03, 0x00, 0x80, 0x80, 0x04],
      // function 0 has type 0; export it as "run"
      ...[0x03, 0x02, 0x01, 0x00],
      ...[0x07, 0x07, 0x01, 0x03, 0x72, 0x75, 0x6e, 0x00, 0x00],
      // code: one local, since the sum is returned from a variable
      ...[0x0a, 0x0f, 0x01, 0x0d, 0x01, 0x01, 0x7f, 0x20, 0x00, 0x20, 0x01, 0x6a, 0x21, 0x02, 0x20, 0x02, 0x0b],
      // names: function 0 is "sum"
      ...[0x00, 0x0d, 0x04, 0x6e, 0x61, 0x6d, 0x65, 0x01, 0x06, 0x01, 0x00, 0x03, 0x73, 0x75, 0x6d],
    ],
  );
  assert.is(run(fn, 40, 2), 42);
});

test('a step that uses the value of the step before it finds it on the stack', () => {
  const builder = buildFunction('chain', two);
  const sum = builder.pure('i32.add', [0, 1]);
  const product = builder.pure('i32.mul', [sum, 1]);
  const fn = builder.finish(builder.pure('i32.sub', [product, 0]));
  const text = [...encodeModule(fn)].join(' ');
  assert.ok(text.includes([0x20, 0, 0x20, 1, 0x6a, 0x20, 1, 0x6c, 0x20, 0, 0x6b].join(' ')), text);
  assert.is(run(fn, 3, 4), 25);
});

test('the same pure step is emitted once, and again where the first one may not have run', () => {
  const builder = buildFunction('again', two);
  const result = builder.variable('i32', 'result');
  builder.copy(result, builder.i32(0));
  let inside: Local = -1;
  builder.when(0, () => {
    inside = builder.pure('i32.add', [0, 1]);
    builder.copy(result, inside);
  });
  const outside = builder.pure('i32.add', [0, 1]);
  assert.is.not(outside, inside);
  assert.is(builder.pure('i32.add', [0, 1]), outside);
  builder.when(0, () => assert.is(builder.pure('i32.add', [0, 1]), outside));
  const fn = builder.finish(builder.pure('i32.add', [outside, builder.snapshot(result)]));
  assert.is(run(fn, 5, 6), 22);
  assert.is(run(fn, 0, 6), 6);
});

test('a loop repeats while its test holds, and not at all if it never does', () => {
  const builder = buildFunction('triangle', two);
  const [sum, n] = [builder.variable('i32', 'sum'), builder.variable('i32', 'n')];
  builder.copy(n, 0);
  builder.repeat(
    () => builder.pure('i32.lt_s', [n, 1]),
    () => {
      builder.copy(sum, builder.pure('i32.add', [sum, n]));
      builder.copy(n, builder.pure('i32.add', [n, builder.i32(1)]));
    },
  );
  const fn = builder.finish(builder.snapshot(sum));
  assert.is(run(fn, 1, 5), 10);
  assert.is(run(fn, 5, 5), 0);
});

test('the listing has one line per step, with the names of variables', () => {
  const builder = buildFunction('sum', two);
  const sum = builder.variable('i32', 'sum');
  builder.when(0, () => builder.copy(sum, builder.pure('i32.add', [1, builder.i32(7)])));
  builder.effect('i32.store', [0, sum], 16);
  assert.is(
    listing(builder.finish(sum)),
    [
      'wasm sum(%0_a: i32, %1_b: i32)',
      '  %3 = i32.const 7',
      '  if %0_a',
      '    %4 = i32.add %1_b %3',
      '    %2_sum = %4',
      '  end',
      '  i32.store %0_a %2_sum +16',
      '  return %2_sum',
    ].join('\n'),
  );
});

test('every instruction of the table that computes something is valid code under its own name', () => {
  const takes: Readonly<Record<string, number>> = { splat: 1, extract_lane: 1, replace_lane: 2, bitselect: 3 };
  const unary =
    /^(abs|neg|sqrt|ceil|floor|trunc|not|any_true|all_true|bitmask|popcnt|ctz|eqz|wrap_.*|convert_.*|trunc_sat_.*|extend_.*|promote_.*|demote_.*)$/;
  const wrong = (Object.keys(OPCODES) as (keyof typeof OPCODES)[])
    .filter((op) => RESULTS[op] !== undefined && (IMMEDIATES[op] === 'none' || IMMEDIATES[op] === 'lane'))
    .filter((op) => {
      const [shape, operation] = op.split('.');
      const operands = takes[operation] ?? (unary.test(operation) ? 1 : 2);
      const given = /_(i32|i64|f64)(_[su])?$/.exec(operation)?.[1];
      const scalar = (lane: string): string => (lane.startsWith('i64') || lane.startsWith('f') ? lane.slice(0, 3) : 'i32');
      const isVector = shape === 'v128' || (shape.includes('x') && operation !== 'splat');
      const shifts = /^sh[lr]/.test(operation) && isVector;
      const types = Array.from({ length: operands }, (_, n) => {
        if (operation === 'splat' || (operation === 'replace_lane' && n === 1)) return scalar(shape);
        if (shifts && n === 1) return 'i32';
        return isVector ? 'v128' : (given ?? shape);
      });
      const builder = buildFunction(
        'one',
        types.map((type) => ({ name: '', type: type as 'i32' })),
      );
      const args = types.map((_, n) => n);
      builder.pure(op, args, ...(IMMEDIATES[op] === 'lane' ? [0] : []));
      return !isValidModule(encodeModule(builder.finish(builder.i32(0))));
    });
  assert.equal(wrong, []);
});

test.run();
