/**
 * The spikes on their way to one projection, whatever the shards: for every tick ahead the rows they will arrive on, ascending, and what they carry.
 * Between two calls of `run` all of them are in the delay rings.
 */
import { slotAt } from '../synapses/delay-ring.ts';
import type { ShardProjection } from './projection-shape.ts';

export interface SpikesUnderWay {
  /** [maxDelay] rows reached in the next tick, the one after, … */
  readonly counts: Int32Array;
  /** Global numbers of the rows, one tick after the other. */
  readonly rows: Int32Array;
  /** What the spikes carry, beside `rows`; present where they are graded. */
  readonly payloads?: Float64Array;
}

export function spikesUnderWay(parts: readonly ShardProjection[], tick: number): SpikesUnderWay {
  const [{ ring, payloads }] = parts;
  const n = ring.slots.length;
  const counts = new Int32Array(n - 1);
  const rows: number[] = [];
  const carried: number[] = [];
  for (let ahead = 1; ahead < n; ahead++) {
    const slot = slotAt(tick + ahead, n);
    // shards that have a part of the same row all hold the spike
    const arriving = new Map<number, number>();
    for (const part of parts) {
      const numbers = part.plan.rowNumber;
      const { nRows } = part.plan.table;
      for (const row of part.ring.slots[slot].subarray(0, part.ring.counts[slot])) {
        arriving.set(numbers?.[row] ?? row, part.payloads?.waiting[slot * nRows + row] ?? 1);
      }
    }
    const sorted = [...arriving].sort(([a], [b]) => a - b);
    counts[ahead - 1] = sorted.length;
    for (const [row, payload] of sorted) {
      rows.push(row);
      carried.push(payload);
    }
  }
  return { counts, rows: Int32Array.from(rows), ...(payloads === undefined ? {} : { payloads: Float64Array.from(carried) }) };
}

/** Puts them into the rings of the shards, which are empty. */
export function underWayAgain(parts: readonly ShardProjection[], tick: number, { counts, rows, payloads }: SpikesUnderWay): void {
  for (const part of parts) {
    const { ring, plan } = part;
    const n = ring.slots.length;
    const own = ownRows(part);
    let at = 0;
    counts.forEach((count, nth) => {
      const slot = slotAt(tick + nth + 1, n);
      for (const end = at + count; at < end; at++) {
        const row = own(rows[at]);
        if (row === undefined) continue;
        ring.slots[slot][ring.counts[slot]++] = row;
        if (part.payloads !== undefined && payloads !== undefined) part.payloads.waiting[slot * plan.table.nRows + row] = payloads[at];
      }
    });
  }
}

/** From the global number of a row to its number in a shard; undefined where the shard has no part of it. */
function ownRows({ plan: { rowNumber } }: ShardProjection): (row: number) => number | undefined {
  if (rowNumber === undefined) return (row) => row;
  const own = new Map(Array.from(rowNumber, (row, r) => [row, r]));
  return (row) => own.get(row);
}
