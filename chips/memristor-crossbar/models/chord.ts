/**
 * Cells whose current grows faster than the voltage, as a chord: the conductance I/V at V when it was measured at the read voltage and the
 * current at the write voltage is `ratio` times that at half of it. G(V) = G·(Vr/V)·ratio^((V - Vr)/(Vw/2)).
 * Chen, Peng, Yu, IEEE TCAD 37:3067, 2018 (NeuroSim V3.0, bare cross-points).
 */
import { power } from '../../../core/program/elementary.ts';

export interface ChordFigures {
  /** Siemens at the read voltage. */
  readonly siemens: number;
  readonly readVolts: number;
  readonly writeVolts: number;
  /** I(Vw)/I(Vw/2) of the selector. */
  readonly ratio: number;
}

export const chordConductance = ({ siemens, readVolts, writeVolts, ratio }: ChordFigures, volts: number): number =>
  ((siemens * readVolts) / volts) * power(ratio, (volts - readVolts) / (writeVolts / 2));
