/**
 * Spikes on their way: for every tick ahead, the rows on which a spike will arrive. It holds rows, not sums of current, so a plastic weight
 * is read when the spike arrives. A source fires at most once per tick, so a slot never holds more rows than the table has.
 */
import type { SynapseTable } from './synapse-table.ts';

export interface DelayRing {
  /** [maxDelay + 1] lists of rows, each with room for all rows */
  readonly slots: readonly Int32Array[];
  /** [maxDelay + 1] rows in each list */
  readonly counts: Int32Array;
  /** Rows of one slot come from several ticks when delays differ, and are sorted before they are delivered. */
  readonly mixedDelays: boolean;
  /** Every source has one row, of its own number, and all delays are equal: a spike is put down without looking anything up. */
  readonly oneRowEach: boolean;
}

/** Length of the memory a ring lives in, in 32-bit words: the counts, then the slots. */
export function ringLength({ maxDelay, nRows }: SynapseTable): number {
  return (maxDelay + 1) * (nRows + 1);
}

/** @param memory [ringLength] zeroed */
export function createDelayRing(table: SynapseTable, memory: Int32Array = new Int32Array(ringLength(table))): DelayRing {
  const { maxDelay, minDelay, nRows, nPre } = table;
  const n = maxDelay + 1;
  const slots = Array.from({ length: n }, (_, slot) => memory.subarray(n + slot * nRows, n + (slot + 1) * nRows));
  const mixedDelays = minDelay !== maxDelay;
  // with one delay a source has one row or none
  return { slots, counts: memory.subarray(0, n), mixedDelays, oneRowEach: !mixedDelays && nRows === nPre };
}

/** Slot of a tick: division of whole numbers while they are 32 bits wide, because that of doubles is a call of a library. */
export function slotAt(tick: number, slots: number): number {
  const low = tick | 0;
  return low === tick ? low % slots : tick % slots;
}

/** Puts every row of the sources that fired at `tick` into the slot of its arrival. @param fired of which `count` from `from` on are those */
export function scheduleSpikes(ring: DelayRing, table: SynapseTable, tick: number, fired: Int32Array, count: number, from = 0): void {
  const { slots, counts } = ring;
  const { sourceRows, rowDelay } = table;
  const n = slots.length;
  const end = from + count;
  if (ring.oneRowEach) {
    const slot = slotAt(tick + table.maxDelay, n);
    const rows = slots[slot];
    let at = counts[slot];
    for (let c = from; c < end; c++) rows[at++] = fired[c];
    counts[slot] = at;
    return;
  }
  for (let c = from; c < end; c++) {
    const source = fired[c];
    for (let row = sourceRows[source]; row < sourceRows[source + 1]; row++) {
      const slot = slotAt(tick + rowDelay[row], n);
      slots[slot][counts[slot]++] = row;
    }
  }
}

/** How many rows receive a spike in the tick of a slot; they are ascending then. Who has used them puts the count of the slot to zero. */
export function arrivals(ring: DelayRing, slot: number): number {
  const count = ring.counts[slot];
  if (ring.mixedDelays && count > 1) ring.slots[slot].subarray(0, count).sort();
  return count;
}

export function clearRing(ring: DelayRing): void {
  ring.counts.fill(0);
}
