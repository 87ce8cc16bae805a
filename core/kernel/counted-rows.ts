/**
 * The memory of projections whose spikes are counted (plan/count-arrivals.ts): rows of bits and counts. The rows of all such projections from one
 * population lie in one stretch, those of a source side by side, because a spike asks for all of them in the same tick.
 */
import type { Plan, PlannedProjection } from '../plan/plan.ts';
import type { BitRows, CountSpec } from '../program/count-arrivals.ts';
import { fillBitRows, wholeBlocks } from '../synapses/bit-rows.ts';
import type { ArenaField } from '../typed-arrays-utils.ts';
import { arrivalsName } from './arrivals.ts';
import type { ShardMemory } from './shard-memory.ts';

const bitsName = ({ populations }: Plan, { pre }: PlannedProjection): string => `${populations[pre].name}:#bits`;
const rowAtName = ({ name }: PlannedProjection): string => `${name}:#rowAt`;
const offsetsName = ({ name }: PlannedProjection): string => `${name}:#offsets`;

/** The counted projections, together where they are from one population. */
const bySource = ({ populations, projections }: Plan): PlannedProjection[][] =>
  populations.map((_, p) => projections.filter(({ pre, counted }) => pre === p && counted !== undefined)).filter((from) => from.length > 0);

/** They must not be the last fields of a shard: a little beyond the end of a row is read. */
export const bitFields = (plan: Plan): ArenaField[] =>
  bySource(plan).map((from) => ({ name: bitsName(plan, from[0]), type: 'i32', length: sum(from.map(bitWords)) }));

/** 32-bit words of a projection in the stretch of its source. */
export const bitWords = ({ counted }: PlannedProjection): number => counted?.shape.words ?? 0;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What a counted projection has besides its bits. */
export function countFields(projection: PlannedProjection): ArenaField[] {
  const { nRows, nPost } = projection.table;
  return [
    { name: rowAtName(projection), type: 'i32', length: 2 * nRows },
    { name: offsetsName(projection), type: 'i32', length: nRows },
    { name: arrivalsName(projection), type: 'u16', length: wholeBlocks(nPost) },
  ];
}

function bitRows(plan: Plan, projection: PlannedProjection, memory: ShardMemory): BitRows {
  const ints = (name: string): Int32Array => memory.view(name) as Int32Array;
  const longestList = projection.counted?.shape.longestList ?? 0;
  return { bits: ints(bitsName(plan, projection)), rowAt: ints(rowAtName(projection)), longestList };
}

export const countSpec = (plan: Plan, projection: PlannedProjection, name: string, memory: ShardMemory): CountSpec => ({
  ...bitRows(plan, projection, memory),
  name,
  offsets: memory.view(offsetsName(projection)) as Int32Array,
  arrivals: memory.view(arrivalsName(projection)) as Uint16Array,
});

/** Puts the synapses of all counted projections into memory that is new. */
export function fillCounted(plan: Plan, memory: ShardMemory): void {
  for (const from of bySource(plan)) {
    fillBitRows(from.map((projection) => ({ table: projection.table, rows: bitRows(plan, projection, memory) })));
  }
}
