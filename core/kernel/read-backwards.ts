/**
 * A projection read the other way, between two ticks: targets are driven with numbers, and every source gets the sum over its synapses of effective
 * weight times number. For equilibrium propagation, feedback through the same devices, and whatever else needs the transpose. An array of
 * resistors is reciprocal, so the effective weights are those of the way forward, wires included.
 */
import { InternalError, UserError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { gatherVariable, projectionParts, readWeights } from './gather.ts';
import type { Shard } from './shard.ts';

/** @param plan of the whole network; @param values [nPost]; @returns [nPre] in network units */
export function readBackwards(plan: Plan, shards: readonly Shard[], name: string, values: ArrayLike<number>): Float64Array {
  const parts = projectionParts(shards, name);
  const whole = plan.projections.find((projection) => projection.name === name);
  if (whole === undefined) throw new InternalError(`a shard has the projection ${name}, its plan has not`);
  const { table, lowered } = whole;
  if (lowered.backwards === undefined) {
    throw new UserError({
      code: 'E-TRANSPOSE',
      message: `projection ${name}: the chip ${plan.chip.name} cannot read it from its targets to its sources`,
      hint: 'a crossbar can with the option bidirectional: true',
    });
  }
  const weights = readWeights(shards, name);
  const sums = new Float64Array(table.nPre);
  const raised = lowered.backwards.map(() => 0);
  const costs = lowered.backwards.map(({ by }) => (typeof by === 'string' ? gatherVariable(parts, by) : undefined));
  for (let r = 0; r < table.nRows; r++) {
    for (let k = table.rowStart[r]; k < table.rowStart[r + 1]; k++) {
      const value = values[table.target[k]];
      // a silent target drives nothing and costs nothing
      if (value === 0) continue;
      sums[table.rowSource[r]] += weights[k] * value;
      for (const [c, { by }] of lowered.backwards.entries()) raised[c] += typeof by === 'number' ? by : (costs[c]?.[k] ?? 0);
    }
  }
  // booked where the first shard counts: totals are sums over shards
  for (const [c, { counter }] of lowered.backwards.entries()) {
    parts[0].counters[lowered.counters.findIndex((one) => one.name === counter)] += raised[c];
  }
  return sums;
}
