/**
 * The other way to keep a row whose synapses all have one weight: one bit per target. At the densities of cortical networks (one synapse in ten) a
 * bit takes less room than a 16-bit target, and the rows of all spikes of a tick can be added as whole words (core/program/count-arrivals.ts).
 * A synapse that a row already has a bit for (a multapse) stands in a short list behind the bits of its row. Rows follow each other closely, because a
 * table that the last cache cannot hold costs twice.
 */
import type { BitRows } from '../program/count-arrivals.ts';
import { BLOCK, bitOf, MOST_ARRIVALS } from '../program/count-arrivals.ts';
import type { SynapseTable } from './synapse-table.ts';

const WORDS_PER_BLOCK = BLOCK / 32;
/** Targets that the 16-bit numbers of a list can name. */
const NAMES = 65536;

export interface BitRowsShape {
  /** 32-bit words of all rows. */
  readonly words: number;
  /** Synapses that have no bit of their own. If there are any, every row has a list: 16-bit numbers, how many, the targets. */
  readonly listed: number;
  readonly longestList: number;
  /** A bound of the spikes that arrive at one target in one tick: the most synapses of a row onto one target, summed over all rows. */
  readonly mostArrivals: number;
}

/** Targets in whole blocks. */
export const wholeBlocks = (nPost: number): number => Math.ceil(nPost / BLOCK) * BLOCK;

const listWords = (length: number): number => Math.ceil((1 + length) / (2 * WORDS_PER_BLOCK)) * WORDS_PER_BLOCK;

export function shapeBitRows(table: SynapseTable): BitRowsShape {
  let [listed, longestList, inLists, mostArrivals] = [0, 0, 0, 0];
  for (let r = 0; r < table.nRows; r++) {
    const { length, most } = countMultapses(table, r);
    listed += length;
    inLists += listWords(length);
    mostArrivals += most;
    if (length > longestList) longestList = length;
  }
  const words = (table.nRows * wholeBlocks(table.nPost)) / 32 + (listed > 0 ? inLists : 0);
  return { words, listed, longestList, mostArrivals };
}

/** How many synapses of a row have no bit of their own, and the most onto one target. */
function countMultapses({ rowStart, target }: SynapseTable, r: number): { readonly length: number; readonly most: number } {
  const end = rowStart[r + 1];
  let [length, most, same, last] = [0, 1, 1, -1];
  for (let k = rowStart[r]; k < end; k++) {
    const j = target[k];
    if (j === last) {
      length++;
      if (++same > most) most = same;
    } else same = 1;
    last = j;
  }
  return { length, most };
}

/**
 * @returns undefined where bits and lists would take more room than 16-bit targets, or counts could come to more than they hold; most tables are too
 *   sparse for bits, and not gone over
 */
export function suitableBitRows(table: SynapseTable): BitRowsShape | undefined {
  const { nPre, nPost, nRows, nSynapses } = table;
  const hasRoom = (listed: number): boolean => (nSynapses - listed) * 16 >= nRows * nPost;
  if (nPre === 0 || nPost < BLOCK || nPost > NAMES || nSynapses < BLOCK || !hasRoom(0)) return undefined;
  const shape = shapeBitRows(table);
  return shape.longestList < NAMES && shape.mostArrivals <= MOST_ARRIVALS && hasRoom(shape.listed) ? shape : undefined;
}

/** A table, and where its rows of bits are to be. */
export interface BitTable {
  readonly table: SynapseTable;
  readonly rows: BitRows;
}

/** Fills one stretch of bits, which are zero, from tables with the same sources: all rows of a source lie together. */
export function fillBitRows(tables: readonly BitTable[]): void {
  const fill = tables.map(rowFiller);
  const nPre = Math.max(0, ...tables.map(({ table }) => table.nPre));
  let first = 0;
  for (let source = 0; source < nPre; source++) {
    for (const [t, { table }] of tables.entries())
      for (let row = table.sourceRows[source]; row < table.sourceRows[source + 1]; row++) first += fill[t](row, first);
  }
}

/** @returns fills a row from a word on, and says how many words it takes */
function rowFiller({ table, rows }: BitTable): (row: number, first: number) => number {
  const { nPost, rowStart, target } = table;
  const { bits, rowAt, longestList } = rows;
  const halves = new Uint16Array(bits.buffer, bits.byteOffset, 2 * bits.length);
  const bitWords = wholeBlocks(nPost) / 32;
  // looked up, a bit is found three times as fast: number of its word, and of the bit in it
  const bitNumbers = Int32Array.from({ length: nPost }, (_, j) => 32 * bitOf(j).word + bitOf(j).bit);
  return (row, first) => {
    rowAt[2 * row] = 4 * first;
    rowAt[2 * row + 1] = rowStart[row + 1] - rowStart[row];
    const list = 2 * (first + bitWords);
    const end = rowStart[row + 1];
    let [length, last] = [0, -1];
    for (let k = rowStart[row]; k < end; k++) {
      const j = target[k];
      if (j === last) halves[list + ++length] = j;
      else {
        const bit = bitNumbers[j];
        bits[first + (bit >> 5)] |= 1 << bit;
      }
      last = j;
    }
    if (longestList === 0) return bitWords;
    halves[list] = length;
    return bitWords + listWords(length);
  };
}
