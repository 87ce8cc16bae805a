/** Synapses by the name that a person gives them: a projection and the two neurons. */
import type { Problem } from '../errors.ts';
import { didYouMean, UserError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { SynapsePlace } from './evaluate-synapse.ts';
import type { ShardProjection } from './projection-shape.ts';
import type { Shard } from './shard.ts';

export interface NamedSynapse {
  readonly projection: string;
  /** Neurons, from 0. */
  readonly pre: number;
  readonly post: number;
}

/** Refuses names that no synapse has, all at once. @param plan of the whole network */
export function checkSynapses(plan: Plan, names: readonly NamedSynapse[]): void {
  const problems = names.flatMap((name) => problemOf(plan, name) ?? []);
  if (problems.length > 0) throw new UserError(problems);
}

function problemOf({ projections }: Plan, { projection, pre, post }: NamedSynapse): Problem | undefined {
  const asked = `${projection}:${pre}:${post}`;
  const found = projections.find(({ name }) => name === projection);
  if (found === undefined) {
    const known = projections.map(({ name }) => name);
    const near = didYouMean(projection, known);
    const hint = near === undefined ? `the projections are ${known.join(', ') || 'none'}` : `did you mean ${near}:${pre}:${post}?`;
    return { code: 'E-NAME', message: `${asked}: there is no projection "${projection}"`, hint, got: projection };
  }
  const { nPre, nPost, sourceRows, rowStart, target } = found.table;
  const range = pre >= nPre ? `source ${pre} of 0 … ${nPre - 1}` : post >= nPost ? `target ${post} of 0 … ${nPost - 1}` : undefined;
  if (range !== undefined) return { code: 'E-RANGE', message: `${asked}: there is no ${range}` };
  const targets = target.subarray(rowStart[sourceRows[pre]], rowStart[sourceRows[pre + 1]]);
  if (targets.includes(post)) return undefined;
  const some = [...new Set(targets)].sort((a, b) => a - b);
  const few = `${some.slice(0, 8).join(', ')}${some.length > 8 ? ', …' : ''}`;
  const hint = some.length === 0 ? `source ${pre} has no synapses there` : `source ${pre} reaches ${few}`;
  return { code: 'E-NAME', message: `${asked}: there is no synapse from ${pre} to ${post}`, hint };
}

export interface FoundSynapse {
  readonly name: NamedSynapse;
  readonly part: ShardProjection;
  readonly place: SynapsePlace;
  /** In the order of the whole table. */
  readonly number: number;
}

/** Where the synapses are; a pair of neurons may have several. */
export function findSynapses(shards: readonly Shard[], names: readonly NamedSynapse[]): FoundSynapse[] {
  return names.flatMap((name) =>
    shards.flatMap(({ projections }) => {
      const part = projections.find(({ plan }) => plan.name === name.projection);
      return part === undefined ? [] : placesOf(part, name).map((place) => foundAt(part, name, place));
    }),
  );
}

function foundAt(part: ShardProjection, name: NamedSynapse, place: SynapsePlace): FoundSynapse {
  return { name, part, place, number: place.synapse + (part.plan.rowShift?.[place.row] ?? 0) };
}

function placesOf({ plan, post: population }: ShardProjection, { pre, post }: NamedSynapse): SynapsePlace[] {
  const { sourceRows, rowStart, target: targets } = plan.table;
  const target = post - (population.plan.first ?? 0);
  const places: SynapsePlace[] = [];
  for (let row = sourceRows[pre]; row < sourceRows[pre + 1]; row++) {
    for (let synapse = rowStart[row]; synapse < rowStart[row + 1]; synapse++) {
      if (targets[synapse] === target) places.push({ synapse, row, target });
    }
  }
  return places;
}
