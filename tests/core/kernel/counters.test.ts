/** Totals stay exact beyond 2^53, whatever they are spread over. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { carryCounters, counterTotal, countOf } from '../../../core/kernel/counters.ts';
import type { ShardProjection } from '../../../core/kernel/projection-shape.ts';
import type { Shard } from '../../../core/kernel/shard.ts';

const LOOK = 4096;

const part = (...counts: number[]): ShardProjection =>
  ({ counters: Float64Array.from(counts), carried: new Float64Array(counts.length) }) as unknown as ShardProjection;

const total = (parts: readonly ShardProjection[], cell: number): bigint => {
  const { carried, rest } = counterTotal(parts, cell);
  return BigInt(carried) * 2n ** 50n + BigInt(rest);
};

test('a counter that has risen past 2^53 many times over is still exact', () => {
  const one = part(0, 0);
  const shard = { projections: [one] } as unknown as Shard;
  const rises = [2 ** 52 - 1, 12_345, 2 ** 51 + 7];
  let expected = 0n;
  for (let n = 0; n < 300; n++) {
    one.counters[1] += rises[n % 3];
    expected += BigInt(rises[n % 3]);
    carryCounters(shard, n * LOOK);
  }
  assert.ok(expected > 2n ** 58n);
  assert.is(total([one], 1), expected);
  assert.is(total([one], 0), 0n);
  assert.is(countOf(counterTotal([one], 1)), Number(expected));
});

test('a total is the same two numbers for any number of shards, looked at or not', () => {
  const counts = [2 ** 52 + 1, 2 ** 50 - 1, 3, 2 ** 51 + 2 ** 50 - 5, 0, 2 ** 52 - 1];
  const sum = counts.reduce((all, count) => all + BigInt(count), 0n);
  const apart = counts.map((count) => part(count));
  const expected = { carried: Number(sum / 2n ** 50n), rest: Number(sum % 2n ** 50n) };
  assert.equal(counterTotal(apart, 0), expected);
  assert.equal(counterTotal(apart.toReversed(), 0), expected);
  for (const one of apart.slice(2)) carryCounters({ projections: [one] } as unknown as Shard, LOOK);
  assert.equal(counterTotal(apart, 0), expected);
});

test('between two looks nothing is moved', () => {
  const one = part(2 ** 51);
  carryCounters({ projections: [one] } as unknown as Shard, LOOK + 1);
  assert.is(one.counters[0], 2 ** 51);
});

test.run();
