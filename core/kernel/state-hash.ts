/**
 * One hash over everything that changes during a run, in global order: equal bits mean equal hashes, on any number of shards. Membranes, ports,
 * spike counts, synapse variables, traces and counters are in it; lists and scratch memory are not.
 */
import { hashBytes } from '../typed-arrays-utils.ts';
import { gatherSynapses, populationParts, projectionParts } from './gather.ts';
import type { ShardProjection } from './projection-shape.ts';
import type { Shard } from './shard.ts';

export function stateHash(shards: readonly Shard[]): string {
  let hash: string | undefined;
  const add = (values: ArrayLike<number>): void => {
    hash = hashBytes(Float64Array.from(values), hash);
  };
  const [first] = shards;
  add([first.tick]);
  for (const { plan, variables, ports } of first.populations) {
    const parts = populationParts(shards, plan.name);
    const whole = (pick: (part: (typeof parts)[number]) => ArrayLike<number> | undefined): number[] =>
      parts.flatMap((part) => Array.from(pick(part) ?? []));
    for (const name of variables.keys()) add(whole((part) => part.variables.get(name)));
    for (const name of ports.keys()) add(whole((part) => part.ports.get(name)));
    add(whole((part) => part.spikeCounts));
  }
  for (const { plan, variables } of first.projections) {
    const parts = projectionParts(shards, plan.name);
    for (const name of variables.keys()) {
      add(
        gatherSynapses(parts, (part) => {
          const array = part.variables.get(name);
          return (k) => array?.[k] ?? 0;
        }),
      );
    }
    plan.lowered.traces.forEach(({ on }, n) => {
      add(on === 'post' ? parts.flatMap((part) => Array.from(part.traces[n].values)) : preTrace(parts, n));
    });
    add(plan.lowered.counters.map((_, cell) => parts.reduce((sum, part) => sum + part.counters[cell], 0)));
  }
  return hash ?? '';
}

/** Values of a pre trace by (source, delay); shards that share a row hold the same value. */
function preTrace(parts: readonly ShardProjection[], n: number): number[] {
  const byRow = new Map<number, number>();
  for (const { plan, traces } of parts) {
    const { rowSource, rowDelay, nRows, maxDelay } = plan.table;
    for (let r = 0; r < nRows; r++) byRow.set(rowSource[r] * (maxDelay + 1) + rowDelay[r], traces[n].values[r]);
  }
  return [...byRow].sort((a, b) => a[0] - b[0]).map(([, value]) => value);
}
