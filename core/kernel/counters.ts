/**
 * What the programs of a projection count, events and heat in quanta, is whole numbers in doubles, which are exact up to 2^53 only: the heat of reading
 * a crossbar passes that after 40,000 images of MNIST. So every counter has a second cell for its multiples of 2^50, and totals over shards are exact.
 */
import type { ShardProjection } from './projection-shape.ts';
import type { Shard } from './shard.ts';

const CARRY = 2 ** 50;

/**
 * Between two looks, during which a counter may rise by 2^52. Looking costs nothing; code that is hardly ever run would (the engine leaves it out). A power
 * of two, because division of doubles is a call of a library.
 */
const TICKS_PER_LOOK = 64;

export interface CounterTotal {
  /** Multiples of 2^50. */
  readonly carried: number;
  /** Less than 2^50. */
  readonly rest: number;
}

/** @param tick looked at in the same ticks however many shards there are */
export function carryCounters({ projections }: Shard, tick: number): void {
  if ((tick & (TICKS_PER_LOOK - 1)) !== 0) return;
  for (const { counters, carried } of projections) {
    for (let cell = 0; cell < carried.length; cell++) {
      if (counters[cell] < CARRY) continue;
      carried[cell] += Math.floor(counters[cell] / CARRY);
      counters[cell] %= CARRY;
    }
  }
}

/** One counter over all shards: the same two numbers however the counts are spread over them. */
export function counterTotal(parts: readonly ShardProjection[], cell: number): CounterTotal {
  let [carried, rest] = [0, 0];
  for (const part of parts) {
    rest += part.counters[cell] % CARRY;
    carried += part.carried[cell] + Math.floor(part.counters[cell] / CARRY) + Math.floor(rest / CARRY);
    rest %= CARRY;
  }
  return { carried, rest };
}

/** As one number: exact up to 2^53, and the nearest double beyond. */
export const countOf = ({ carried, rest }: CounterTotal): number => carried * CARRY + rest;
