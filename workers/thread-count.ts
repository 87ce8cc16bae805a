/** How many threads: no more than there are cores, and no more than the network gives work for. */
import { availableParallelism } from 'node:os';
import { UserError } from '../core/errors.ts';
import { smallestDelay } from '../core/plan/partition.ts';
import type { Plan, PlannedProjection } from '../core/plan/plan.ts';

/** As many threads as asked for; more than the machine has cores would only make each slower. */
export function threadCount(asked: number | 'auto', cores = availableParallelism()): number {
  if (asked === 'auto') return cores;
  if (!Number.isInteger(asked) || asked < 1) {
    throw new UserError({ code: 'E-RANGE', message: `threads is ${asked}, but must be a whole number from 1, or auto` });
  }
  if (asked > cores) {
    throw new UserError({
      code: 'E-THREADS',
      message: `threads is ${asked}, but this machine has ${cores} cores: more threads would only take turns`,
      hint: `use ${cores} threads or less; results do not depend on it`,
    });
  }
  return asked;
}

/** Nanoseconds: advancing a neuron by a tick; one spike over one synapse; one meeting of all threads, sleeps included (bench/README.md). */
const NEURON = 0.5;
const EVENT = { counted: 0.3, fixed: 1.2, plastic: 3 } as const;
const MEETING = 40_000;
/** Firing rate to reckon with before anything has run, in Hz. */
const EXPECTED_RATE = 10;

const eventCost = ({ counted, lowered }: PlannedProjection): number =>
  counted !== undefined
    ? EVENT.counted
    : Object.keys(lowered.moments).length > 0 || lowered.epoch !== undefined
      ? EVENT.plastic
      : EVENT.fixed;

/**
 * Whether several threads can pay: threads meet once per smallest delay, so the work between two meetings must outweigh the meeting.
 * @returns undefined if they can, else the reason in words
 */
export function whyOneThread(plan: Plan, threads: number): string | undefined {
  const stretch = smallestDelay(plan);
  const neurons = plan.populations.reduce((sum, { size }) => sum + size, 0);
  const events = plan.projections.reduce((sum, projection) => sum + projection.table.nSynapses * eventCost(projection), 0);
  const perTick = neurons * NEURON + events * EXPECTED_RATE * plan.network.dt;
  const saved = stretch * perTick * (1 - 1 / threads);
  if (saved > MEETING) return undefined;
  const microseconds = (ns: number): string => `${(ns / 1000).toPrecision(2)} us`;
  return `threads would meet every ${stretch} ticks, which costs ${microseconds(MEETING)} and saves ${microseconds(saved)}`;
}
