/**
 * Where the synapses of a projection are more than a cache holds, the rows that spikes arrive on are asked for together, before the first of them is
 * gone through (core/program/read-ahead.ts). Decided for the whole plan, so that all parts of it do the same.
 */
import type { LoweredVariable } from '../chip-contract.ts';
import { analyse } from '../program/analyse.ts';
import { BYTES } from './memory-need.ts';
import type { PlannedProjection } from './plan.ts';

/** Bytes of all rows from which on most of them are not in the cache of a core: what that of today's cores holds. */
const CACHED = 2 ** 20;

/** @returns the variables of a synapse that a spike asks for, beside its target; undefined where all of them are few */
export function readAheadOf({ table, lowered, replaysPost }: PlannedProjection): readonly string[] | undefined {
  const { target, nSynapses } = table;
  const { deliver, moments, variables } = lowered;
  const areMany = (asked: readonly LoweredVariable[]): boolean =>
    nSynapses * asked.reduce((sum, { storage }) => sum + BYTES[storage], target.BYTES_PER_ELEMENT) > CACHED;
  if (!areMany(variables)) return undefined;
  const programs = [deliver, moments.onPre, replaysPost === true ? moments.onPost : undefined];
  const reads = programs.flatMap((program) => (program === undefined ? [] : analyse(program).reads));
  const asked = variables.filter(({ name }) => reads.some((read) => read.scope === 'synapse' && read.name === name));
  return areMany(asked) ? asked.map(({ name }) => name) : undefined;
}
