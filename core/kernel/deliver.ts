/** Spikes on their way: into the delay ring when they are fired, out of it and onto the input ports when they arrive. */
import { scheduleSpikes } from '../synapses/delay-ring.ts';
import { schedulePayloads, takePayloads } from '../synapses/payload-ring.ts';
import type { ShardProjection } from './projection-shape.ts';
import { arriveReplayed } from './replay.ts';
import { wake } from './rest.ts';
import type { Shard } from './shard.ts';
import { SYNAPTIC_EVENTS } from './shard-events.ts';

export function sendSpikes({ pre, ring, plan, payloads }: ShardProjection, tick: number): void {
  const count = pre.firedCount[0];
  if (count === 0) return;
  scheduleSpikes(ring, plan.table, tick, pre.fired, count);
  if (payloads !== undefined) schedulePayloads(payloads, plan.table, tick, pre.fired, count, (c) => pre.payloads?.[pre.fired[c]] ?? 1);
}

/** No spike arrives in this tick. */
export function deliverNothing({ arrivals }: ShardProjection): void {
  if (arrivals === undefined || arrivals.areZero) return;
  arrivals.counts.fill(0);
  arrivals.areZero = true;
}

/**
 * Adds the weights of all arriving spikes, in row order. The rows stay in the ring for `onPre`, which runs in the same pass where it can: a synapse
 * then delivers before it learns, as it would in two passes.
 */
export function deliverSpikes(shard: Shard, projection: ShardProjection, tick: number, slot: number, count: number): void {
  const { ring, plan, replay, payloads } = projection;
  const rows = ring.slots[slot];
  if (projection.post.rest !== undefined) wake(projection.post.rest);
  if (payloads !== undefined) takePayloads(payloads, ring, slot, count);
  projection.readAhead?.run(rows, count, tick);
  if (replay !== undefined) arriveReplayed(shard, projection, replay, tick, rows, count);
  else if (projection.arrive !== undefined && shard.learning) projection.arrive.run(rows, count, tick);
  else if (plan.counted === undefined) projection.deliver.run(rows, count, tick);
  else {
    shard.events[SYNAPTIC_EVENTS] += projection.deliver.run(rows, count, tick);
    if (projection.arrivals !== undefined) projection.arrivals.areZero = false;
    return;
  }
  const { rowStart } = plan.table;
  let reached = 0;
  for (let c = 0; c < count; c++) reached += rowStart[rows[c] + 1] - rowStart[rows[c]];
  shard.events[SYNAPTIC_EVENTS] += reached;
}
