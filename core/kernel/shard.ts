/**
 * A shard: the part of a network that one thread advances, as arrays and compiled loops. `attachShard` turns a plan into a shard: it lays all
 * arrays out in one shared buffer, fills them with their initial values and compiles the plan's programs, once. Nothing is allocated later.
 */
import { InternalError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { NumericArray } from '../program/kernel.ts';
import type { ArenaField } from '../typed-arrays-utils.ts';
import { attachArena, planArena } from '../typed-arrays-utils.ts';
import { KERNEL_EVENTS } from './shard-events.ts';
import type { ShardPopulation } from './shard-population.ts';
import { attachPopulation, populationFields } from './shard-population.ts';
import type { ShardProjection } from './shard-projection.ts';
import { attachProjection, projectionFields } from './shard-projection.ts';

export interface Shard {
  readonly plan: Plan;
  /** Last tick that was run; 0 before the first. */
  readonly tick: number;
  /** [1] the same, where programs and other threads can read it. */
  readonly clock: Float64Array;
  /** False freezes the rules (traces go on): burn-in and testing. */
  learning: boolean;
  readonly populations: readonly ShardPopulation[];
  readonly projections: readonly ShardProjection[];
  /** [KERNEL_EVENTS] events booked by the kernel itself, in whole numbers */
  readonly events: Float64Array;
  /** Everything that changes during a run, as named in the layout: for hashes and checkpoints. */
  readonly arrays: Readonly<Record<string, NumericArray>>;
  /** The one buffer under all arrays: hand it to `attachShard` in another thread. */
  readonly memory: SharedArrayBuffer;
}

/** @param memory the buffer of a shard that already runs in another thread; absent for a new one */
export function attachShard(plan: Plan, memory?: SharedArrayBuffer): Shard {
  const fields: ArenaField[] = [
    { name: 'clock', type: 'f64', length: 1 },
    { name: 'events', type: 'f64', length: KERNEL_EVENTS.length },
    ...plan.populations.flatMap(populationFields),
    ...plan.projections.flatMap((projection) => projectionFields(projection)),
  ];
  const { buffer, ...views } = attachArena(planArena(fields), memory);
  const arrays: Readonly<Record<string, NumericArray>> = views;
  const view = (name: string): NumericArray => {
    const array = arrays[name];
    if (array === undefined) throw new InternalError(`no array ${name} in the layout`);
    return array;
  };
  const { seed } = plan.network;
  const clock = view('clock') as Float64Array;
  const populations = plan.populations.map((population) => attachPopulation(population, plan.network.dt, seed, view));
  return {
    plan,
    get tick() {
      return clock[0];
    },
    clock,
    learning: true,
    populations,
    projections: plan.projections.map((projection) => attachProjection(projection, plan, populations, clock, view)),
    events: view('events') as Float64Array,
    arrays,
    memory: buffer,
  };
}
