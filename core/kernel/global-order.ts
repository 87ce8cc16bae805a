/**
 * From the items of one shard to those of the whole network and back. An array of a shard holds neurons, synapses or rows that stand in stretches of
 * the whole; with one shard there is one stretch. Everything that is gathered from shards or dealt out to them goes through here.
 */
import type { NumericArray } from '../program/kernel.ts';
import type { ShardProjection } from './projection-shape.ts';
import type { ShardPopulation } from './shard-population.ts';

/** Items from … to-1 of a shard are from+shift … to-1+shift of the whole. */
export type Visit = (from: number, to: number, shift: number) => void;

/** An array of one shard, and where its items stand in the whole. */
export interface Piece {
  readonly array: NumericArray;
  readonly stretches: (visit: Visit) => void;
}

export const perNeuron = ({ size, plan }: ShardPopulation, array: NumericArray): Piece => ({
  array,
  stretches: (visit) => visit(0, size, plan.first ?? 0),
});

export const perTarget = ({ post }: ShardProjection, array: NumericArray): Piece => perNeuron(post, array);

/** Shards that have a part of the same row hold the same values for it. */
export const perRow = ({ plan: { table, rowNumber } }: ShardProjection, array: NumericArray): Piece => ({
  array,
  stretches: (visit) => {
    if (rowNumber === undefined) visit(0, table.nRows, 0);
    else for (let r = 0; r < table.nRows; r++) visit(r, r + 1, rowNumber[r] - r);
  },
});

export const perSynapse = ({ plan: { table, rowShift } }: ShardProjection, array: NumericArray): Piece => ({
  array,
  stretches: (visit) => {
    if (rowShift === undefined) visit(0, table.nSynapses, 0);
    else for (let r = 0; r < table.nRows; r++) visit(table.rowStart[r], table.rowStart[r + 1], rowShift[r]);
  },
});

/** The pieces of all shards as one array, of their own type unless another is given. */
export function gather<A extends NumericArray = NumericArray>(
  pieces: readonly Piece[],
  Type = pieces[0].array.constructor as new (
    length: number,
  ) => A,
): A {
  let length = 0;
  for (const { stretches } of pieces) {
    stretches((_, to, shift) => {
      length = Math.max(length, to + shift);
    });
  }
  const whole = new Type(length);
  for (const { array, stretches } of pieces) stretches((from, to, shift) => whole.set(array.subarray(from, to), from + shift));
  return whole;
}

/** The way back: every shard takes its own. */
export function dealOut(pieces: readonly Piece[], whole: NumericArray): void {
  for (const { array, stretches } of pieces) stretches((from, to, shift) => array.set(whole.subarray(from + shift, to + shift), from));
}
