/**
 * The other way to keep a row whose synapses all have one weight: one bit per target. At the densities of cortical networks (one synapse in ten) a
 * bit takes less room than a 16-bit target, and the rows of all spikes of a tick can be added as whole words (core/program/count-arrivals.ts).
 * A synapse that a row already has a bit for (a multapse) stands in a short list behind the bits of its row: one stretch of memory per spike.
 *
 * Target 128 b + 16 g + l is bit g of byte l of block b. The counts of a block then come out of their transposition in the order of the targets.
 */
import type { SynapseTable } from './synapse-table.ts';

/** Targets that one step of the counting takes: a 128-bit vector of them. */
const BLOCK = 128;
const WORDS_PER_BLOCK = BLOCK / 32;
const WORDS_PER_LINE = 16;
/** Targets a 16-bit number of a list can name. */
const MOST_TARGETS = 65536;

export interface BitRowsShape {
  /** Targets in whole blocks. */
  readonly targets: number;
  /** 32-bit words of bits in a row; its list follows, if there are any: 16-bit numbers, first how many. */
  readonly bitWords: number;
  /** 32-bit words of a row that are used. */
  readonly rowWords: number;
  /** 32-bit words from one row to the next: whole cache lines, an odd number of them, so that rows do not compete for the same lines. */
  readonly stride: number;
  readonly hasLists: boolean;
}

/** @param longestList of all rows (`longestList`) */
export function bitRowsShape({ nPost }: Pick<SynapseTable, 'nPost'>, longestList: number): BitRowsShape {
  const blocks = Math.ceil(nPost / BLOCK);
  const bitWords = blocks * WORDS_PER_BLOCK;
  const hasLists = longestList > 0;
  const rowWords = bitWords + (hasLists ? Math.ceil((1 + longestList) / 2) : 0);
  const lines = Math.ceil(rowWords / WORDS_PER_LINE);
  return { targets: blocks * BLOCK, bitWords, rowWords, stride: (lines % 2 === 0 ? lines + 1 : lines) * WORDS_PER_LINE, hasLists };
}

/** Length of the words of all rows; the last row is empty and stays so. */
export const bitRowsLength = (nRows: number, { stride }: BitRowsShape): number => (nRows + 1) * stride;

/** True if bits take no more room than 16-bit targets would, lists no more than the bits, and counts of arrivals fit 15 bits. */
export function suitsBits(table: SynapseTable): boolean {
  const { nPre, nPost, nRows, nSynapses } = table;
  return (
    nPost >= BLOCK &&
    nPost <= MOST_TARGETS &&
    nSynapses >= BLOCK &&
    nSynapses * 16 >= nRows * nPost &&
    nSynapses / nPost < 32768 &&
    nPre > 0 &&
    longestList(table) * 16 <= nPost
  );
}

/** The most synapses of one row that have no bit of their own. */
export function longestList({ nRows, rowStart, target }: SynapseTable): number {
  let longest = 0;
  for (let r = 0; r < nRows; r++) {
    let length = 0;
    for (let k = rowStart[r] + 1; k < rowStart[r + 1]; k++) if (target[k] === target[k - 1]) length++;
    if (length > longest) longest = length;
  }
  return longest;
}

/** Fills the words of all rows, which are zero. */
export function fillBitRows(
  { nRows, rowStart, target }: SynapseTable,
  words: Int32Array,
  { stride, bitWords, hasLists }: BitRowsShape,
): void {
  const halves = new Uint16Array(words.buffer, words.byteOffset, 2 * words.length);
  for (let r = 0; r < nRows; r++) {
    const first = r * stride;
    const list = 2 * (first + bitWords);
    let length = 0;
    for (let k = rowStart[r]; k < rowStart[r + 1]; k++) {
      const j = target[k];
      if (k > rowStart[r] && j === target[k - 1]) halves[list + ++length] = j;
      else words[first + wordOf(j)] |= 1 << bitOf(j);
    }
    if (hasLists) halves[list] = length;
  }
}

/** Word of a row that has the bit of target j. */
const wordOf = (j: number): number => (j >> 7) * WORDS_PER_BLOCK + ((j >> 2) & 3);
const bitOf = (j: number): number => ((j & 3) << 3) | ((j >> 4) & 7);

/** The target whose bit is so far within a row: the other way round. */
export function targetOf(word: number, bit: number): number {
  return (word >> 2) * BLOCK + (bit & 7) * 16 + (word & 3) * 4 + (bit >> 3);
}
