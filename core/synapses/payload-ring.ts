/**
 * What graded spikes on their way carry, beside the delay ring: one number per row and slot, because a row receives one spike per tick at most. When
 * spikes arrive, the numbers of their rows are brought to one place, where programs read them as `payload`.
 */
import type { DelayRing } from './delay-ring.ts';
import type { SynapseTable } from './synapse-table.ts';

export interface PayloadRing {
  /** [(maxDelay + 1) * nRows] by slot, then row */
  readonly waiting: Float64Array;
  /** [nRows] of the spikes that arrive in this tick, for the rows they arrive on */
  readonly arrived: Float64Array;
}

/** Length of `waiting`. */
export const payloadLength = ({ maxDelay, nRows }: SynapseTable): number => (maxDelay + 1) * nRows;

/** Puts what the sources that fired at `tick` send into the slots of its arrival. @param payloadOf payload of the nth of `fired` */
export function schedulePayloads(
  { waiting }: PayloadRing,
  table: SynapseTable,
  tick: number,
  fired: Int32Array,
  count: number,
  payloadOf: (nth: number) => number,
): void {
  const { sourceRows, rowDelay, nRows, maxDelay } = table;
  for (let c = 0; c < count; c++) {
    const source = fired[c];
    const payload = payloadOf(c);
    for (let row = sourceRows[source]; row < sourceRows[source + 1]; row++) {
      waiting[((tick + rowDelay[row]) % (maxDelay + 1)) * nRows + row] = payload;
    }
  }
}

/** Brings the payloads of the rows that receive a spike in the tick of a slot to where programs read them. */
export function takePayloads({ waiting, arrived }: PayloadRing, { slots }: DelayRing, slot: number, count: number): void {
  const rows = slots[slot];
  const first = slot * arrived.length;
  for (let c = 0; c < count; c++) arrived[rows[c]] = waiting[first + rows[c]];
}
