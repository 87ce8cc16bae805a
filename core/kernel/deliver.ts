/** Spikes on their way: into the delay ring when they are fired, out of it and onto the input ports when they arrive. */
import { arrivals, scheduleSpikes } from '../synapses/delay-ring.ts';
import type { ShardProjection } from './projection-shape.ts';
import type { Shard } from './shard.ts';
import { SYNAPTIC_EVENTS } from './shard-events.ts';

export function sendSpikes(shard: Shard, projection: ShardProjection): void {
  const { pre, ring, plan } = projection;
  if (pre.firedCount[0] > 0) scheduleSpikes(ring, plan.table, shard.tick, pre.fired, pre.firedCount[0]);
}

/** Adds the weights of all arriving spikes, in row order. The rows stay in the ring for `onPre`. */
export function deliverSpikes(shard: Shard, projection: ShardProjection): void {
  const { ring, deliver, plan } = projection;
  const count = arrivals(ring, shard.tick);
  if (count === 0) return;
  const rows = ring.slots[shard.tick % ring.slots.length];
  deliver.run(rows, count, shard.tick);
  const { rowStart } = plan.table;
  for (let c = 0; c < count; c++) shard.events[SYNAPTIC_EVENTS] += rowStart[rows[c] + 1] - rowStart[rows[c]];
}
