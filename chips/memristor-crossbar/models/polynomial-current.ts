/**
 * Read current of filamentary HfO2 cells, bent by the voltage: I = G·V + a2·V² + a3·V³, where a2 and a3 are polynomials of log10 G. Milo et al.,
 * IRPS 2021; fits of CrossSim 3.2 (BSD-3), for cells of 50 to 225 uS read at up to 0.5 V of either sign.
 */
import { log } from '../../../core/program/elementary.ts';

/** Coefficients, highest power of log10 G first. */
export interface CurrentPolynomials {
  readonly square: readonly number[];
  readonly cube: readonly number[];
}

export const MILO_CURRENT: CurrentPolynomials = {
  square: [0.0001388, 0.001541, 0.005711, 0.007063],
  cube: [8.871e-5, 0.00067919, 0.0012968],
};

/** Amperes at a voltage. */
export function polynomialCurrent({ square, cube }: CurrentPolynomials, siemens: number, volts: number): number {
  const decade = log(siemens) / log(10);
  const at = (coefficients: readonly number[]): number => coefficients.reduce((sum, value) => sum * decade + value, 0);
  return siemens * volts + at(square) * volts ** 2 + at(cube) * volts ** 3;
}
