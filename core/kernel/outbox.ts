/**
 * What a shard tells the others: the neurons that fired, by tick and population, in global numbers. Two boxes are used in turn, so that one is
 * read while the next is written. A neuron fires at most once per tick, so a box for D ticks never overflows.
 */
import type { Partition } from '../plan/partition.ts';
import type { Plan } from '../plan/plan.ts';
import { scheduleSpikes } from '../synapses/delay-ring.ts';
import { schedulePayloads } from '../synapses/payload-ring.ts';
import type { ShardProjection } from './projection-shape.ts';
import type { Shard } from './shard.ts';
import { carriesPayloads } from './shard-population.ts';

export interface Outbox {
  /** [D * populations] spikes per tick and population */
  readonly counts: Int32Array;
  /** [D * neurons of the shard] global numbers, one (tick, population) after the other */
  readonly neurons: Int32Array;
  /** [2 * D * neurons of the shard] what each of them carries, as the two words of a double; present where any population is graded */
  readonly payloads?: Int32Array;
}

/** What of a shard decides how its box is laid out. */
export interface BoxedShard {
  readonly populations: readonly { readonly size: number; readonly isGraded: boolean }[];
}

/** The same, for shards that are yet to be cut. */
export const boxedShards = ({ populations }: Plan, { shards, ranges }: Partition): BoxedShard[] =>
  Array.from({ length: shards }, (_, q) => ({
    populations: populations.map((population, p) => ({ size: ranges[p][q][1] - ranges[p][q][0], isGraded: carriesPayloads(population) })),
  }));

const WORDS_PER_PAYLOAD = 2;
const anyGraded = ({ populations }: BoxedShard): boolean => populations.some(({ isGraded }) => isGraded);

/** Length of one box in 32-bit words, for up to `ticks` ticks. */
export function outboxLength(shard: BoxedShard, ticks: number): number {
  const neurons = shard.populations.reduce((sum, { size }) => sum + size, 0);
  return ticks * (shard.populations.length + neurons * (anyGraded(shard) ? 1 + WORDS_PER_PAYLOAD : 1));
}

export function openOutbox(shard: BoxedShard, ticks: number, memory: Int32Array): Outbox {
  const nCounts = ticks * shard.populations.length;
  const counts = memory.subarray(0, nCounts);
  if (!anyGraded(shard)) return { counts, neurons: memory.subarray(nCounts) };
  const nNeurons = ticks * shard.populations.reduce((sum, { size }) => sum + size, 0);
  return { counts, neurons: memory.subarray(nCounts, nCounts + nNeurons), payloads: memory.subarray(nCounts + nNeurons) };
}

/** A double as two words of a box, whose memory need not be aligned for doubles. */
function payloadAt(payloads: Int32Array, nth: number): number {
  return new Float64Array(payloads.slice(WORDS_PER_PAYLOAD * nth, WORDS_PER_PAYLOAD * (nth + 1)).buffer)[0];
}

function setPayload(payloads: Int32Array, nth: number, value: number): void {
  payloads.set(new Int32Array(Float64Array.of(value).buffer), WORDS_PER_PAYLOAD * nth);
}

/** Writes the spikes of the tick just run. @param from where the box is filled to; returns the new place */
export function post(shard: Shard, box: Outbox, tickOfBox: number, from: number): number {
  const { populations } = shard;
  let at = from;
  for (let p = 0; p < populations.length; p++) {
    const { fired, firedCount, plan, payloads } = populations[p];
    const [count, first] = [firedCount[0], plan.first ?? 0];
    if (payloads !== undefined && box.payloads !== undefined) {
      for (let c = 0; c < count; c++) setPayload(box.payloads, at + c, payloads[fired[c]]);
    }
    for (let c = 0; c < count; c++) box.neurons[at++] = first + fired[c];
    box.counts[tickOfBox * populations.length + p] = count;
  }
  return at;
}

/** Where in each box the spikes of each tick and population begin: [ticks][boxes][populations]. */
export function findStarts(boxes: readonly Outbox[], nPopulations: number, ticks: number): Int32Array {
  const starts = new Int32Array(ticks * boxes.length * nPopulations);
  for (let q = 0; q < boxes.length; q++) {
    const { counts } = boxes[q];
    let at = 0;
    for (let n = 0; n < ticks; n++) {
      for (let p = 0; p < nPopulations; p++) {
        starts[(n * boxes.length + q) * nPopulations + p] = at;
        at += counts[n * nPopulations + p];
      }
    }
  }
  return starts;
}

/**
 * Puts the spikes of all shards into this shard's delay rings: by tick, then projection, then shard, so that rows of one tick come in ascending
 * order whoever fired them.
 * @param firstTick tick that the boxes begin with
 */
export function collect({ populations, projections }: Shard, boxes: readonly Outbox[], firstTick: number, ticks: number): void {
  const nPopulations = populations.length;
  const starts = findStarts(boxes, nPopulations, ticks);
  for (let n = 0; n < ticks; n++) {
    for (const projection of projections) {
      const { ring, plan } = projection;
      for (let q = 0; q < boxes.length; q++) {
        const count = boxes[q].counts[n * nPopulations + plan.pre];
        const from = starts[(n * boxes.length + q) * nPopulations + plan.pre];
        scheduleSpikes(ring, plan.table, firstTick + n, boxes[q].neurons, count, from);
        if (projection.payloads !== undefined) collectPayloads(projection, boxes[q], firstTick + n, from, count);
      }
    }
  }
}

function collectPayloads(
  { plan, payloads: waiting }: ShardProjection,
  { neurons, payloads }: Outbox,
  tick: number,
  from: number,
  count: number,
): void {
  if (waiting === undefined || payloads === undefined) return;
  schedulePayloads(waiting, plan.table, tick, neurons.subarray(from, from + count), count, (c) => payloadAt(payloads, from + c));
}
