/** Spikes on their way: into the delay ring when they are fired, out of it and onto the input ports when they arrive. */
import { scheduleSpikes } from '../synapses/delay-ring.ts';
import type { ShardProjection } from './projection-shape.ts';
import type { Shard } from './shard.ts';
import { SYNAPTIC_EVENTS } from './shard-events.ts';

export function sendSpikes({ pre, ring, plan }: ShardProjection, tick: number): void {
  const count = pre.firedCount[0];
  if (count > 0) scheduleSpikes(ring, plan.table, tick, pre.fired, count);
}

/** Adds the weights of all arriving spikes, in row order. The rows stay in the ring for `onPre`. */
export function deliverSpikes(shard: Shard, { ring, deliver, plan }: ShardProjection, tick: number, count: number): void {
  const rows = ring.slots[tick % ring.slots.length];
  deliver.run(rows, count, tick);
  const { rowStart } = plan.table;
  let reached = 0;
  for (let c = 0; c < count; c++) reached += rowStart[rows[c] + 1] - rowStart[rows[c]];
  shard.events[SYNAPTIC_EVENTS] += reached;
}
