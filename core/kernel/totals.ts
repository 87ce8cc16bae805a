/** What all shards have counted together: events for the energy estimate, and what learning has cost. Whole numbers, so their order does not matter. */
import type { EventCounts } from '../energy/event-kinds.ts';
import type { Plan } from '../plan/plan.ts';
import { counterTotal, countOf } from './counters.ts';
import { populationParts, projectionParts } from './gather.ts';
import type { Shard } from './shard.ts';
import { KERNEL_EVENTS } from './shard-events.ts';

/** What learning has cost so far. */
export interface LearningCounts {
  readonly synapticUpdates: number;
  readonly updateAttempts: number;
  readonly saturatedUpdates: number;
}

/** Counters of programs that are not events. */
const NOT_EVENTS: readonly string[] = ['synapticUpdates', 'updateAttempts', 'saturatedUpdates', 'notFinite'];

/** Events since the start by kind. @param clearedPerSpike messages and hops of spikes whose counts have been cleared */
export function eventTotals(plan: Plan, shards: readonly Shard[], clearedPerSpike: Readonly<Record<string, number>>): EventCounts {
  const totals: Record<string, number> = {};
  KERNEL_EVENTS.forEach((kind, cell) => {
    totals[kind] = shards.reduce((sum, { events }) => sum + events[cell], 0);
  });
  for (const [kind, total] of Object.entries(clearedPerSpike)) totals[kind] = (totals[kind] ?? 0) + total;
  addPerSpike(plan, shards, totals);
  eachCounter(shards, (kind, total) => {
    if (!NOT_EVENTS.includes(kind)) totals[kind] = (totals[kind] ?? 0) + total;
  });
  return totals;
}

export function learningTotals(shards: readonly Shard[]): LearningCounts {
  const totals = { synapticUpdates: 0, updateAttempts: 0, saturatedUpdates: 0 };
  eachCounter(shards, (kind, total) => {
    if (kind in totals) totals[kind as keyof LearningCounts] += total;
  });
  return totals;
}

/** Messages and hops of the spikes counted now: neuron by neuron, as the placement routes them. */
export function addPerSpike({ placement }: Plan, shards: readonly Shard[], totals: Record<string, number>): void {
  for (const { population, kind, counts } of placement.perSpike ?? []) {
    let total = 0;
    for (const { spikeCounts, size, plan } of populationParts(shards, population)) {
      const first = plan.first ?? 0;
      for (let i = 0; i < size; i++) total += spikeCounts[i] * counts[first + i];
    }
    if (total > 0) totals[kind] = (totals[kind] ?? 0) + total;
  }
}

function eachCounter(shards: readonly Shard[], visit: (kind: string, total: number) => void): void {
  for (const { plan } of shards[0].projections) {
    const parts = projectionParts(shards, plan.name);
    plan.lowered.counters.forEach(({ kind }, cell) => {
      visit(kind, countOf(counterTotal(parts, cell)));
    });
  }
}
