/** What the kernel counts by itself, batch by batch, without any program. */
import type { EventKind } from '../energy/event-kinds.ts';
import type { PlannedProjection } from '../plan/plan.ts';

/** Events that need no program to be counted, and their cells in `Shard.events`. */
export const KERNEL_EVENTS = ['synapticEvent', 'neuronUpdate', 'neuronSpike', 'traceUpdate'] as const satisfies readonly EventKind[];
export const SYNAPTIC_EVENTS = 0;
export const NEURON_UPDATES = 1;
export const NEURON_SPIKES = 2;
export const TRACE_UPDATES = 3;

/** How many of the rows this shard counts: of a row that several shards have a part of, the first does. */
export function ownedRows({ rowOwned }: PlannedProjection, rows: Int32Array, count: number): number {
  if (rowOwned === undefined) return count;
  let owned = 0;
  for (let c = 0; c < count; c++) owned += rowOwned[rows[c]];
  return owned;
}
