/**
 * One hash over everything that changes during a run, in global order: equal bits mean equal hashes, on any number of shards. Membranes, ports,
 * spike counts, synapse variables, traces and counters are in it; lists and scratch memory are not.
 */
import { hashBytes } from '../typed-arrays-utils.ts';
import { counterTotal } from './counters.ts';
import { gatherVariable, populationParts, projectionParts } from './gather.ts';
import { gather, perRow, perTarget } from './global-order.ts';
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
    for (const name of variables.keys()) add(gatherVariable(parts, name));
    plan.lowered.traces.forEach(({ on }, n) => {
      const per = on === 'pre' ? perRow : perTarget;
      add(gather(parts.map((part) => per(part, part.traces[n].values))));
    });
    const totals = plan.lowered.counters.map((_, cell) => counterTotal(parts, cell));
    add(totals.map(({ rest }) => rest));
    add(totals.map(({ carried }) => carried));
  }
  return hash ?? '';
}
