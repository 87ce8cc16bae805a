/**
 * Where the synapses of a projection are more than a cache holds, the rows that spikes arrive on are asked for together, before the first of them is
 * gone through (program/read-ahead.ts).
 */
import type { PlannedProjection } from '../plan/plan.ts';
import { analyse } from '../program/analyse.ts';
import type { Kernel, Loop, NumericArray } from '../program/kernel.ts';
import { LINE, LINES } from '../program/read-ahead.ts';
import type { ArenaField } from '../typed-arrays-utils.ts';
import type { ShardMemory } from './shard-memory.ts';

/** Bytes of all rows from which on most of them are not in the cache of a core: what that of today's cores holds. */
const CACHED = 2 ** 20;

/** Last field of a shard: of the last rows more may be asked for than there is. */
export const BEYOND_ROWS: ArenaField = { name: 'beyond', type: 'i32', length: (LINE * LINES) / Int32Array.BYTES_PER_ELEMENT };

/** @param variables of the synapses, by name */
export function attachReadAhead(
  projection: PlannedProjection,
  name: string,
  { rowStart, target }: Extract<Loop, { kind: 'rows' }>,
  variables: ReadonlyMap<string, NumericArray>,
  memory: ShardMemory,
): Kernel | undefined {
  const read = readOnArrival(projection);
  const streams = [target, ...[...variables].filter(([variable]) => read.has(variable)).map(([, values]) => values)];
  const bytes = streams.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return bytes > CACHED ? memory.compileReadAhead({ name, rowStart, streams }) : undefined;
}

/** Synapse variables that are read when a spike arrives. */
function readOnArrival({ lowered: { deliver, moments }, replaysPost }: PlannedProjection): ReadonlySet<string> {
  const programs = [deliver, moments.onPre, replaysPost === true ? moments.onPost : undefined];
  const reads = programs.flatMap((program) => (program === undefined ? [] : analyse(program).reads));
  return new Set(reads.filter(({ scope }) => scope === 'synapse').map(({ name }) => name));
}
