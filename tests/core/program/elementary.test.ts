import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exp, log, power, powerOfTwo } from '../../../core/program/elementary.ts';
import { uniformAt } from '../../../core/random.ts';

/** Doubles between the two, counted along the number line. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const order = (x: number): bigint => {
    const [bits] = new BigInt64Array(Float64Array.of(x).buffer);
    return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
  };
  const distance = order(a) - order(b);
  return Number(distance < 0n ? -distance : distance);
}

function worst(ours: (x: number) => number, theirs: (x: number) => number, points: readonly number[]): number {
  return Math.max(...points.map((x) => ulps(ours(x), theirs(x))));
}

const spread = (n: number, low: number, high: number, stream: number): number[] =>
  Array.from({ length: n }, (_, i) => low + (high - low) * uniformAt(1, stream, i, 0));

test('exp is within 2 units in the last place of Math.exp over the whole range', () => {
  assert.ok(worst(exp, Math.exp, spread(20000, -708, 709.7, 1)) <= 2);
  assert.ok(worst(exp, Math.exp, spread(20000, -1, 1, 2)) <= 2);
  assert.ok(worst(exp, Math.exp, spread(5000, -1e-8, 1e-8, 3)) <= 2);
});

test('exp of very negative numbers is a subnormal number and then zero', () => {
  assert.ok(worst(exp, Math.exp, spread(5000, -745, -708, 4)) <= 2);
  assert.is(exp(-745.1), Number.MIN_VALUE);
  assert.is(exp(-746), 0);
  assert.is(exp(-Infinity), 0);
});

test('exp overflows to Infinity, keeps NaN, and is exactly 1 at both zeros', () => {
  assert.ok(Number.isFinite(exp(709.78)));
  assert.is(exp(709.79), Infinity);
  assert.is(exp(Infinity), Infinity);
  assert.ok(Number.isNaN(exp(NaN)));
  assert.is(exp(0), 1);
  assert.is(exp(-0), 1);
});

test('log is within 2 units in the last place of Math.log, subnormal numbers included', () => {
  const wide = spread(20000, -1074, 1023.9, 5).map((e) => 2 ** e);
  assert.ok(worst(log, Math.log, wide) <= 2);
  assert.ok(worst(log, Math.log, spread(20000, 0.5, 2, 6)) <= 2);
  assert.ok(worst(log, Math.log, [Number.MIN_VALUE, 3e-310, Number.MAX_VALUE, 2 ** -1022]) <= 2);
});

test('log at the ends: -Infinity at both zeros, NaN below, Infinity at Infinity, 0 at 1', () => {
  assert.is(log(0), -Infinity);
  assert.is(log(-0), -Infinity);
  assert.ok(Number.isNaN(log(-1)));
  assert.ok(Number.isNaN(log(NaN)));
  assert.is(log(Infinity), Infinity);
  assert.ok(Object.is(log(1), 0));
});

test('powers of two are exact down to the smallest number', () => {
  for (let k = -1074; k <= 1023; k++) assert.is(power(2, k), 2 ** k);
  assert.is(powerOfTwo(-1075), 0);
  assert.is(powerOfTwo(1024), Infinity);
  assert.ok(Number.isNaN(powerOfTwo(0.5)));
});

test('a whole exponent multiplies, also for negative bases; any other goes through exp and log', () => {
  assert.is(power(-3, 3), -27);
  assert.is(power(-3, 2), 9);
  assert.is(power(10, -2), 1 / 100);
  assert.is(power(0, 0), 1);
  assert.ok(ulps(power(2, 0.5), Math.SQRT2) <= 4);
  assert.ok(Number.isNaN(power(-1, 0.5)));
});

test.run();
