/** What the kernel counts by itself, batch by batch, without any program. */
import type { EventKind } from '../energy/event-kinds.ts';

/** Events that need no program to be counted, and their cells in `Shard.events`. */
export const KERNEL_EVENTS = ['synapticEvent', 'neuronUpdate', 'neuronSpike', 'traceUpdate'] as const satisfies readonly EventKind[];
export const SYNAPTIC_EVENTS = 0;
export const NEURON_UPDATES = 1;
export const NEURON_SPIKES = 2;
export const TRACE_UPDATES = 3;
