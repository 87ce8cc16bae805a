/**
 * Why does this synapse have this weight? For the synapses asked about, the largest changes of the weight are kept with what was behind them, and the exact
 * sum of all others, so that start + changes + rest is the weight at the end. After each moment the variables of these synapses are compared with what
 * they were before; where the change is among the largest, the reference evaluator runs the moment's program once more on the old values and notes what
 * it reads and counts. A shard without a log asks one question per moment, and a log of bounded size costs what its synapses are.
 */
import type { EventCounts, EventKind } from '../energy/event-kinds.ts';
import { EVENT_KINDS } from '../energy/event-kinds.ts';
import type { ExactSum } from '../exact-sum.ts';
import { addExactly } from '../exact-sum.ts';
import type { Plan } from '../plan/plan.ts';
import type { Moment } from '../plasticity/rule.ts';
import { evaluate, evaluateExpr } from '../program/evaluate.ts';
import type { Program } from '../program/ir.ts';
import { normalAt, streamOf, uniformAt } from '../random.ts';
import type { SynapsePlace } from './evaluate-synapse.ts';
import { valueAt } from './evaluate-synapse.ts';
import type { NamedSynapse } from './named-synapses.ts';
import { findSynapses } from './named-synapses.ts';
import type { ShardProjection } from './projection-shape.ts';
import type { Shard } from './shard.ts';

/** A moment of the rule; the end of an epoch, on chips that learn in epochs; upkeep of lines that cells share. */
export type LoggedMoment = Moment | 'epoch' | 'upkeep';

export interface WeightChange {
  readonly tick: number;
  /** Which sample it was learning from, where the host counts them: the first is 1. */
  readonly sample?: number;
  readonly moment: LoggedMoment;
  /** Effective weight, network units. */
  readonly before: number;
  readonly after: number;
  /** Traces, modulators and the rule's own variables as the moment read them, and the ticks of spikes in an epoch; in the chip's own numbers. */
  readonly read: Readonly<Record<string, number>>;
  /** Synapse variables that changed: from, to; in the chip's own numbers. */
  readonly changed: Readonly<Record<string, readonly [number, number]>>;
  /** What it cost at this synapse: pulses, read-backs, … */
  readonly events: EventCounts;
}

export interface SynapseHistory extends NamedSynapse {
  /** Ticks. */
  readonly delay: number;
  readonly start: number;
  readonly end: number;
  /** The largest changes, in the order of time. */
  readonly changes: readonly WeightChange[];
  /** All others: how many, and their exact total as doubles that add up to it, smallest first. */
  readonly rest: { readonly changes: number; readonly sum: ExactSum };
}

export interface LogRequest {
  readonly synapses: readonly NamedSynapse[];
  /** Changes kept per synapse; 20 unless given. */
  readonly largest?: number;
  /** Number of the sample at hand, from 1. */
  readonly sample?: () => number;
}

/** What a shard tells. */
export interface ShardLog {
  after(projection: ShardProjection, moment: LoggedMoment, tick: number): void;
}

/** What has been logged, as it is kept in a checkpoint. */
export type KeptLog = readonly SynapseHistory[];

export interface LearningLog {
  histories(): SynapseHistory[];
  /** Upkeep between two ticks may have changed weights. */
  afterUpkeep(tick: number): void;
  /** Something other than learning has set variables. */
  lookAgain(): void;
}

const LARGEST = 20;

/** A synapse that is looked at, with its variables as they were last seen. */
interface Looked {
  readonly name: NamedSynapse;
  readonly part: ShardProjection;
  readonly place: SynapsePlace;
  readonly number: number;
  readonly seen: Map<string, number>;
  weight: number;
  start: number;
  changes: WeightChange[];
  rest: { changes: number; sum: ExactSum };
}

/** @param kept to go on with, where it is of the same synapses */
export function createLearningLog(
  plan: Plan,
  shards: readonly Shard[],
  { synapses, largest = LARGEST, sample }: LogRequest,
  kept: KeptLog = [],
): LearningLog {
  const looked = findSynapses(shards, synapses).map(({ name, part, place, number }): Looked => {
    const { variables } = part;
    const seen = new Map([...variables].map(([variable, values]) => [variable, values[place.synapse]]));
    const one = { name, part, place, number, seen, weight: 0, start: 0, changes: [], rest: { changes: 0, sum: [] } };
    const weight = weightOf(one);
    return { ...one, weight, start: weight };
  });
  if (kept.length === looked.length && looked.every(({ name }, n) => isSame(name, kept[n]))) {
    for (const [n, { start, changes, rest }] of kept.entries()) Object.assign(looked[n], structuredClone({ start, changes, rest }));
  }
  const byPart = new Map<ShardProjection, Looked[]>();
  for (const one of looked) byPart.set(one.part, [...(byPart.get(one.part) ?? []), one]);
  const after = (part: ShardProjection, moment: LoggedMoment, tick: number): void => {
    for (const one of byPart.get(part) ?? []) look(one, moment, tick);
  };
  for (const shard of shards) if (shard.projections.some((part) => byPart.has(part))) shard.log = { after };

  function look(one: Looked, moment: LoggedMoment, tick: number): void {
    const changed = changedVariables(one);
    if (changed === undefined) return;
    const weight = weightOf(one);
    const before = one.weight;
    if (weight !== before) {
      one.weight = weight;
      const size = Math.abs(weight - before);
      const least = smallest(one.changes);
      if (one.changes.length < largest || (least !== undefined && size > sizeOf(least))) {
        if (one.changes.length >= largest && least !== undefined) {
          one.changes.splice(one.changes.indexOf(least), 1);
          addToRest(one, least.before, least.after);
        }
        const behind = moment === 'upkeep' ? { read: {}, events: {} } : evaluated(plan, one, moment, tick);
        one.changes.push({ tick, ...(sample && { sample: sample() }), moment, before, after: weight, changed, ...behind });
      } else addToRest(one, before, weight);
    }
    remember(one);
  }

  return {
    histories: () =>
      looked.map((one) => ({
        ...one.name,
        delay: one.part.plan.table.rowDelay[one.place.row],
        start: one.start,
        end: one.weight,
        changes: [...one.changes],
        rest: { ...one.rest },
      })),
    afterUpkeep: (tick) => {
      for (const part of byPart.keys()) after(part, 'upkeep', tick);
    },
    lookAgain: () => looked.forEach(remember),
  };
}

const isSame = (a: NamedSynapse, b: NamedSynapse): boolean => a.projection === b.projection && a.pre === b.pre && a.post === b.post;

const sizeOf = ({ before, after }: WeightChange): number => Math.abs(after - before);

const smallest = (changes: readonly WeightChange[]): WeightChange | undefined =>
  changes.reduce<WeightChange | undefined>(
    (least, change) => (least === undefined || sizeOf(change) < sizeOf(least) ? change : least),
    undefined,
  );

function addToRest(one: Looked, before: number, after: number): void {
  one.rest = { changes: one.rest.changes + 1, sum: addExactly(addExactly(one.rest.sum, after), -before) };
}

function remember({ part, place, seen }: Looked): void {
  for (const [name, values] of part.variables) seen.set(name, values[place.synapse]);
}

/** Undefined where none has. */
function changedVariables({ part, place, seen }: Looked): Record<string, [number, number]> | undefined {
  let changed: Record<string, [number, number]> | undefined;
  for (const [name, values] of part.variables) {
    const [before, after] = [seen.get(name) ?? 0, values[place.synapse]];
    if (before === after) continue;
    changed ??= {};
    changed[name] = [before, after];
  }
  return changed;
}

/** Effective weight in network units. */
function weightOf({ part, place }: Pick<Looked, 'part' | 'place'>): number {
  return evaluateExpr(
    part.plan.lowered.weight,
    (name) => part.variables.get(name)?.[place.synapse] ?? Number.NaN,
    () => Number.NaN,
  );
}

/** What the program of a moment reads and counts at a synapse as it was before. */
function evaluated(plan: Plan, { part, place, number, seen }: Looked, moment: Exclude<LoggedMoment, 'upkeep'>, tick: number) {
  const { lowered, name: projection } = part.plan;
  const [title, program] = programOf(part, place, moment);
  const synapse = new Map(seen);
  const told = new Set(
    [...lowered.traces, ...lowered.modulators].map(({ name }) => name).concat(lowered.transient, ['preTime', 'postTime']),
  );
  const kinds = new Map(lowered.counters.map(({ name, kind }) => [name, kind]));
  const read: Record<string, number> = {};
  const events: Partial<Record<EventKind, number>> = {};
  const stream = streamOf(`${projection}/${title}`);
  if (program !== undefined) {
    evaluate(
      program,
      (name, scope, at) => {
        const value = (scope === 'synapse' ? synapse.get(name) : undefined) ?? valueAt(part, name, scope, place, at);
        if (told.has(name.replace(/_at(?:Pre|Post|End)$/, '')) && !(name in read)) read[name] = value;
        return value;
      },
      (name, scope, value) => {
        if (scope === 'synapse') synapse.set(name, value);
        const kind = kinds.get(name);
        // counters are read as 0, so what is written is what is added
        if (scope === 'counter' && isEvent(kind) && value !== 0) events[kind] = (events[kind] ?? 0) + value;
      },
      (distribution, site) => (distribution === 'uniform' ? uniformAt : normalAt)(plan.network.seed, stream, number, tick, site),
    );
  }
  return { read, events };
}

const isEvent = (kind: string | undefined): kind is EventKind => kind !== undefined && Object.hasOwn(EVENT_KINDS, kind);

/** The program of a moment, and the name that its draws go by. */
function programOf(
  { plan, epoch }: ShardProjection,
  { row }: SynapsePlace,
  moment: Exclude<LoggedMoment, 'upkeep'>,
): [string, Program | undefined] {
  if (moment !== 'epoch') return [moment, plan.lowered.moments[moment]];
  const byRow = epoch?.overRows !== undefined && (epoch.plan.visits === 'all' || epoch.preTime[row] !== 0);
  return [byRow ? 'epoch_rows' : 'epoch_columns', plan.lowered.epoch?.program];
}
