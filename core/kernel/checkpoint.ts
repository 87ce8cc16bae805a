/**
 * Everything of a running network that a later tick depends on, as plain data in the order of the whole network, so that it can be stored and gone on
 * from with any number of shards. It is taken between two calls of `run`: outboxes are empty then, ports and modulators zero, and lists of what fired
 * used up. What waits is done first, as when somebody looks, so nothing is left of a replay but the tick. What can be worked out again is not kept:
 * whether a population is at rest, how far a replayed source is, the values of traces inside an epoch.
 */
import type { Plan } from '../plan/plan.ts';
import type { NumericArray } from '../program/kernel.ts';
import type { CounterTotal } from './counters.ts';
import { counterTotal } from './counters.ts';
import { listSpiked } from './epoch.ts';
import { populationParts, projectionParts } from './gather.ts';
import type { Piece } from './global-order.ts';
import { dealOut, gather, perNeuron, perRow, perSynapse, perTarget } from './global-order.ts';
import { forgetHeld } from './hold.ts';
import type { SpikeList } from './played-source.ts';
import { takeSpikes, waitingSpikes } from './played-source.ts';
import type { ShardProjection } from './projection-shape.ts';
import { forgetReplay } from './replay.ts';
import type { Shard } from './shard.ts';
import type { ShardPopulation } from './shard-population.ts';
import type { SpikesUnderWay } from './spikes-under-way.ts';
import { spikesUnderWay, underWayAgain } from './spikes-under-way.ts';

type Arrays = Readonly<Record<string, NumericArray>>;

export interface NetworkCheckpoint {
  readonly tick: number;
  /** [KERNEL_EVENTS] */
  readonly events: Float64Array;
  /** By name: state and parameters, [size]; spikes since the counts were cleared; what a played source has still to play. */
  readonly populations: Readonly<
    Record<string, { readonly variables: Arrays; readonly spikeCounts: NumericArray; readonly played?: SpikeList }>
  >;
  /** By name: synapse variables [nSynapses]; traces and notes of an epoch, [nRows] or [nPost]; totals of the counters. */
  readonly projections: Readonly<
    Record<string, { readonly arrays: Arrays; readonly counters: readonly CounterTotal[]; readonly spikes: SpikesUnderWay }>
  >;
}

/** @param plan of the whole network */
export function takeCheckpoint(plan: Plan, shards: readonly Shard[]): NetworkCheckpoint {
  const [{ tick, events }] = shards;
  return {
    tick,
    events: events.map((_, kind) => sum(shards.map((shard) => shard.events[kind]))),
    populations: Object.fromEntries(
      plan.populations.map(({ name }) => {
        const parts = populationParts(shards, name);
        const played = waitingSpikes(parts);
        const variables = gathered(parts.map(neuronArrays));
        return [name, { variables, spikeCounts: gather(parts.map(countPiece)), ...(played === undefined ? {} : { played }) }];
      }),
    ),
    projections: Object.fromEntries(
      plan.projections.map(({ name, lowered }) => {
        const parts = projectionParts(shards, name);
        const counters = lowered.counters.map((_, cell) => counterTotal(parts, cell));
        return [name, { arrays: gathered(parts.map(projectionArrays)), counters, spikes: spikesUnderWay(parts, tick) }];
      }),
    ),
  };
}

/** Puts a network that has just been attached where the checkpoint was taken, of the same plan. */
export function goOnFrom({ tick, events, populations, projections }: NetworkCheckpoint, shards: readonly Shard[]): void {
  for (const shard of shards) shard.clock[0] = tick;
  // totals go to the first shard: only their sums over shards mean anything
  shards[0].events.set(events);
  for (const [name, kept] of Object.entries(populations)) {
    const parts = populationParts(shards, name);
    dealOutAll(parts.map(neuronArrays), kept.variables);
    dealOut(parts.map(countPiece), kept.spikeCounts);
    for (const { played, plan: own, size, hold } of parts) {
      if (played !== undefined && kept.played !== undefined) takeSpikes(played, own.first ?? 0, size, kept.played);
      if (hold !== undefined) forgetHeld(hold);
    }
  }
  for (const [name, kept] of Object.entries(projections)) {
    const parts = shards.map((shard) => shard.projections.find((projection) => projection.plan.name === name) as ShardProjection);
    dealOutAll(parts.map(projectionArrays), kept.arrays);
    parts[0].counters.set(kept.counters.map(({ rest }) => rest));
    parts[0].carried.set(kept.counters.map(({ carried }) => carried));
    underWayAgain(parts, tick, kept.spikes);
    for (const { epoch, replay } of parts) {
      if (epoch !== undefined) listSpiked(epoch);
      if (replay !== undefined) forgetReplay(replay, tick);
    }
  }
}

const countPiece = (part: ShardPopulation): Piece => perNeuron(part, part.spikeCounts);

type NamedPieces = readonly (readonly [name: string, piece: Piece])[];

const neuronArrays = (part: ShardPopulation): NamedPieces => [...part.variables].map(([name, array]) => [name, perNeuron(part, array)]);

/** Every array of a projection that outlives a tick. */
function projectionArrays(part: ShardProjection): NamedPieces {
  const { variables, traces, plan, epoch } = part;
  const perSide = { pre: perRow, post: perTarget };
  const named = plan.lowered.traces.map(({ name }) => name);
  return [
    ...[...variables].map(([name, array]) => [name, perSynapse(part, array)] as const),
    ...traces.map(({ on, values }, n) => [named[n], perSide[on](part, values)] as const),
    ...(epoch === undefined
      ? []
      : [['#preTime', perRow(part, epoch.preTime)] as const, ['#postTime', perTarget(part, epoch.postTime)] as const]),
  ];
}

/** The same arrays of all shards, by name. */
function gathered(parts: readonly NamedPieces[]): Arrays {
  return Object.fromEntries(parts[0].map(([name], n) => [name, gather(parts.map((pieces) => pieces[n][1]))]));
}

function dealOutAll(parts: readonly NamedPieces[], arrays: Arrays): void {
  parts[0].forEach(([name], n) => {
    dealOut(
      parts.map((pieces) => pieces[n][1]),
      arrays[name],
    );
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
