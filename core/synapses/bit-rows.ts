/**
 * The other way to keep a row whose synapses all have one weight: one bit per target. At the densities of cortical networks (one synapse in ten) a
 * bit takes less room than a 16-bit target, and the rows of all spikes of a tick can be added as whole words (core/program/count-arrivals.ts).
 * A synapse that a row already has a bit for (a multapse) stands in a short list behind it.
 */
import type { SynapseTable } from './synapse-table.ts';

/** Targets that one step of the counting takes: a 128-bit vector of them. */
const BLOCK = 128;
const WORDS_PER_LINE = 16;

export interface BitRows {
  /** 32-bit words from one row to the next: whole cache lines, an odd number of them, so that rows do not compete for the same lines. */
  readonly stride: number;
  /** [(nRows + 1) * stride] bit j of row r is set if it has a synapse onto j; the last row is empty and stays so */
  readonly words: Int32Array;
  /** [nRows + 1] further synapses of row r are surplus[surplusStart[r]] … */
  readonly surplusStart: Int32Array;
  readonly surplus: Int32Array;
}

/** Lengths of the arrays over the bit rows of a table; `targets` is nPost in whole blocks. */
export function bitRowsShape({ nRows, nPost }: Pick<SynapseTable, 'nRows' | 'nPost'>): { stride: number; words: number; targets: number } {
  const lines = Math.ceil(nPost / (32 * WORDS_PER_LINE));
  const stride = (lines % 2 === 0 ? lines + 1 : lines) * WORDS_PER_LINE;
  return { stride, words: (nRows + 1) * stride, targets: Math.ceil(nPost / BLOCK) * BLOCK };
}

/** True if bits take no more room than 16-bit targets would, and counts of arrivals fit 15 bits. */
export function suitsBits({ nPre, nPost, nRows, nSynapses }: SynapseTable): boolean {
  return nPost >= BLOCK && nSynapses >= BLOCK && nSynapses * 16 >= nRows * nPost && nSynapses / nPost < 32768 && nPre > 0;
}

/** How many synapses of a table have no bit of their own. */
export function countSurplus({ nRows, rowStart, target }: SynapseTable): number {
  let surplus = 0;
  for (let r = 0; r < nRows; r++) for (let k = rowStart[r] + 1; k < rowStart[r + 1]; k++) if (target[k] === target[k - 1]) surplus++;
  return surplus;
}

/** Fills the arrays, which are zero. */
export function fillBitRows({ nRows, rowStart, target }: SynapseTable, { stride, words, surplusStart, surplus }: BitRows): void {
  let n = 0;
  for (let r = 0; r < nRows; r++) {
    surplusStart[r] = n;
    const first = r * stride;
    for (let k = rowStart[r]; k < rowStart[r + 1]; k++) {
      const j = target[k];
      if (k > rowStart[r] && j === target[k - 1]) surplus[n++] = j;
      else words[first + (j >> 5)] |= 1 << (j & 31);
    }
  }
  surplusStart[nRows] = n;
}
