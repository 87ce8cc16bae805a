/**
 * What a shard tells the others: the neurons that fired, by tick and population, in global numbers. Two boxes are used in turn, so that one is
 * read while the next is written. A neuron fires at most once per tick, so a box for D ticks never overflows.
 */
import { scheduleSpikes } from '../synapses/delay-ring.ts';
import type { Shard } from './shard.ts';

export interface Outbox {
  /** [D * populations] spikes per tick and population */
  readonly counts: Int32Array;
  /** [D * neurons of the shard] global numbers, one (tick, population) after the other */
  readonly neurons: Int32Array;
}

/** What of a shard decides how its box is laid out. */
export interface BoxedShard {
  readonly populations: readonly { readonly size: number }[];
}

/** Length of one box in 32-bit words, for up to `ticks` ticks. */
export function outboxLength(shard: BoxedShard, ticks: number): number {
  const neurons = shard.populations.reduce((sum, { size }) => sum + size, 0);
  return ticks * (shard.populations.length + neurons);
}

export function openOutbox(shard: BoxedShard, ticks: number, memory: Int32Array): Outbox {
  const nCounts = ticks * shard.populations.length;
  return { counts: memory.subarray(0, nCounts), neurons: memory.subarray(nCounts) };
}

/** Writes the spikes of the tick just run. @param from where the box is filled to; returns the new place */
export function post(shard: Shard, box: Outbox, tickOfBox: number, from: number): number {
  let at = from;
  shard.populations.forEach(({ fired, firedCount, plan }, p) => {
    const first = plan.first ?? 0;
    for (let c = 0; c < firedCount[0]; c++) box.neurons[at++] = first + fired[c];
    box.counts[tickOfBox * shard.populations.length + p] = firedCount[0];
  });
  return at;
}

/**
 * Puts the spikes of all shards into this shard's delay rings: by tick, then projection, then shard, so that rows of one tick come in ascending
 * order whoever fired them.
 * @param firstTick tick that the boxes begin with
 */
export function collect(shard: Shard, boxes: readonly Outbox[], firstTick: number, ticks: number): void {
  const nPopulations = shard.populations.length;
  const cursors = boxes.map(() => 0);
  const starts = boxes.map(() => new Int32Array(nPopulations));
  for (let n = 0; n < ticks; n++) {
    boxes.forEach(({ counts }, q) => {
      for (let p = 0; p < nPopulations; p++) {
        starts[q][p] = cursors[q];
        cursors[q] += counts[n * nPopulations + p];
      }
    });
    for (const { ring, plan } of shard.projections) {
      boxes.forEach(({ counts, neurons }, q) => {
        const count = counts[n * nPopulations + plan.pre];
        const from = starts[q][plan.pre];
        if (count > 0) scheduleSpikes(ring, plan.table, firstTick + n, neurons.subarray(from, from + count), count);
      });
    }
  }
}
