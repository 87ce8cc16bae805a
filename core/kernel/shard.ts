/**
 * A shard: the part of a network that one thread advances, as arrays and compiled loops. `attachShard` turns a plan into a shard: it lays all
 * arrays out in one shared buffer, fills them with their initial values and compiles the plan's programs, once. Nothing is allocated later.
 */
import { seenByRules } from '../plan/absorb-ports.ts';
import type { Plan, PlannedPopulation } from '../plan/plan.ts';
import { READ_AHEAD } from '../program/read-ahead.ts';
import type { ArenaField, WasmMemory } from '../typed-arrays-utils.ts';
import { planArena } from '../typed-arrays-utils.ts';
import { arrivalsName, readByAdvance, withPortsWorkedOut } from './arrivals.ts';
import { bitFields, fillCounted } from './counted-rows.ts';
import type { HeldPrograms } from './hold.ts';
import { findHold } from './hold.ts';
import type { ShardLog } from './learning-log.ts';
import type { ShardProjection } from './projection-shape.ts';
import { KERNEL_EVENTS } from './shard-events.ts';
import type { AttachOptions, LoopCode } from './shard-memory.ts';
import { openShardMemory } from './shard-memory.ts';
import type { ShardPopulation } from './shard-population.ts';
import { attachPopulation, populationFields } from './shard-population.ts';
import { attachProjection, projectionFields } from './shard-projection.ts';
import { warmUp } from './warm-up.ts';

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
  /** Those that learn. */
  readonly plastic: readonly ShardProjection[];
  /** [KERNEL_EVENTS] events booked by the kernel itself, in whole numbers */
  readonly events: Float64Array;
  /** The one memory under all arrays, and the loops over it: hand both to `attachShard` in another thread. */
  readonly memory: WasmMemory;
  readonly code: readonly LoopCode[];
  /** Told after every moment; present where some synapses keep a log. */
  log?: ShardLog;
}

/** A population as a shard runs it, and what it holds. */
interface Prepared {
  readonly population: PlannedPopulation;
  readonly held: HeldPrograms | undefined;
}

const prepare = (plan: Plan): Prepared[] =>
  plan.populations.map((_, p) => {
    const population = withPortsWorkedOut(plan, p);
    return { population, held: population.lowered && findHold(population.lowered, seenByRules(p, plan.projections)) };
  });

const fieldsOf = (plan: Plan, prepared: readonly Prepared[]): ArenaField[] => [
  { name: 'clock', type: 'f64', length: 1 },
  { name: 'events', type: 'f64', length: KERNEL_EVENTS.length },
  ...bitFields(plan),
  ...prepared.flatMap(({ population, held }) => populationFields(population, held)),
  ...plan.projections.flatMap(projectionFields),
  // of the last rows more may be asked for than there is
  { name: 'beyond', type: 'i32', length: READ_AHEAD / Int32Array.BYTES_PER_ELEMENT },
];

/** Bytes of all arrays of a plan on one shard. */
export const planBytes = (plan: Plan): number => planArena(fieldsOf(plan, prepare(plan))).bytes;

export function attachShard(plan: Plan, options: AttachOptions = {}): Shard {
  const prepared = prepare(plan);
  const opened = openShardMemory(fieldsOf(plan, prepared), options);
  const { seed } = plan.network;
  const clock = opened.view('clock') as Float64Array;
  const populations = prepared.map(({ population, held }, p) => {
    const arrivals = readByAdvance(plan, p).map(arrivalsName);
    return attachPopulation(population, plan.network.dt, seed, opened, { ports: portsUsed(plan, p), arrivals }, held);
  });
  const projections = plan.projections.map((projection) => attachProjection(projection, plan, populations, clock, opened));
  const shard: Shard = {
    plan,
    get tick() {
      return clock[0];
    },
    clock,
    learning: true,
    populations,
    projections,
    plastic: projections.filter(({ isPlastic }) => isPlastic),
    events: opened.view('events') as Float64Array,
    memory: opened.memory,
    code: opened.code,
  };
  if (options.warmsUp) warmUp(shard);
  if (options.fillsCounted ?? opened.isNew) fillCounted(plan, opened);
  return shard;
}

/** Ports of a population that some projection delivers to. */
function portsUsed(plan: Plan, population: number): ReadonlySet<string> {
  const onto = plan.projections.filter(({ post }) => post === population);
  return new Set(onto.flatMap(({ lowered }) => lowered.deliver.statements.filter(({ scope }) => scope === 'post').map(({ name }) => name)));
}
