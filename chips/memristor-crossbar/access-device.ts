/**
 * A cell behind the series resistance of its access device (1T1R). What the array reads is the current through both, so a target placed
 * linearly in the conductance of the cell reads back bent, and a network started that way starts with biased weights. Targets are therefore
 * placed so that the read current is linear in the weight.
 */
import { seriesConductance } from '../../core/wires/shortcuts.ts';

export interface AccessedCell {
  /** Siemens of the cell alone. */
  readonly gMin: number;
  readonly gMax: number;
  /** Ohms in series; 0 for none. */
  readonly accessOhm: number;
}

/** Conductance of the cell for which the current through cell and access device is linear in the weight. @param weight -1 … 1 */
export function conductanceForWeight(weight: number, { gMin, gMax, accessOhm }: AccessedCell): number {
  const low = seriesConductance(gMin, accessOhm);
  const high = seriesConductance(gMax, accessOhm);
  const read = low + ((high - low) * (1 + weight)) / 2;
  return read / (1 - read * accessOhm);
}

/** Weight that the read current of a cell stands for, -1 … 1. */
export function weightReadBack(siemens: number, { gMin, gMax, accessOhm }: AccessedCell): number {
  const low = seriesConductance(gMin, accessOhm);
  const high = seriesConductance(gMax, accessOhm);
  return (2 * (seriesConductance(siemens, accessOhm) - low)) / (high - low) - 1;
}

/** Conductance of the cell alone that is linear in the weight: the placement that ignores the access device. */
export const conductanceIgnoringAccess = (weight: number, { gMin, gMax }: AccessedCell): number =>
  gMin + ((gMax - gMin) * (1 + weight)) / 2;
