/**
 * A spike as a read pulse on its line: what it costs and what it brings into the columns. Silent lines are at ground and cost nothing.
 */
import { readLineHeat } from './energy-table.ts';

export interface ReadPulse {
  readonly volts: number;
  readonly seconds: number;
}

/** Joules in the cells of each line, [inputs]; 0 for silent ones. @param conductance [outputs][inputs] siemens; @param spikes [inputs] pulses */
export function spikeReadHeat(
  conductance: readonly ArrayLike<number>[],
  spikes: ArrayLike<number>,
  { volts, seconds }: ReadPulse,
): Float64Array {
  return Float64Array.from({ length: spikes.length }, (_, i) =>
    spikes[i] === 0
      ? 0
      : spikes[i] *
        readLineHeat(
          volts,
          seconds,
          conductance.map((row) => row[i]),
        ),
  );
}

/** Joules that charge a line of `cells` crossings. */
export const lineChargeJoules = (cells: number, cellPitchMetres: number, wireFaradPerMetre: number, volts: number): number =>
  cells * cellPitchMetres * wireFaradPerMetre * volts * volts;

/** Charge into each column, [outputs] coulombs. */
export function columnCharge(
  conductance: readonly ArrayLike<number>[],
  spikes: ArrayLike<number>,
  { volts, seconds }: ReadPulse,
): Float64Array {
  return Float64Array.from(conductance, (row) => {
    let siemens = 0;
    for (let i = 0; i < spikes.length; i++) siemens += row[i] * spikes[i];
    return siemens * volts * seconds;
  });
}
