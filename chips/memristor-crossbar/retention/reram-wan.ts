/**
 * Filamentary HfOx ReRAM: no drift of the mean; the conductance spreads around its target within a second and slowly on from there. Measured after one
 * second, one day and two days; between them the spread is taken as linear in the logarithm of time, before and after as at the nearest.
 */
import type { RetentionModel } from './retention-model.ts';

/** Coefficients of x^0 … x^4 at each time, microsiemens. */
export const WAN_SPREAD: readonly { readonly seconds: number; readonly coefficients: readonly number[] }[] = [
  { seconds: 1, coefficients: [0.348, 16.03, -43.853, 45.393, -16.815] },
  { seconds: 86_400, coefficients: [0.701, 22.086, -50.773, 47.095, -16.458] },
  { seconds: 172_800, coefficients: [0.782, 20.274, -43.507, 37.062, -11.934] },
];

const polynomial = (coefficients: readonly number[]): string =>
  `(${coefficients.map((value, n) => (n === 0 ? `${value}` : `(${value}) * x ^ ${n}`)).join(' + ')})`;
const [second, day, twoDays] = WAN_SPREAD.map(({ coefficients }) => polynomial(coefficients));
/** 0 at one time, 1 at the next. */
const between = (from: number, to: number): string => `clip(log(t / ${from}) / ${Math.log(to / from)}, 0, 1)`;

export const reramWan: RetentionModel = {
  name: 'reram-wan',
  title: 'filamentary HfOx ReRAM',
  citation: 'Wan et al., "A compute-in-memory chip based on resistive random-access memory", Nature 608:504, 2022; fits of aihwkit 1.1.0',
  valid: 'cells of up to 40 uS, from a second to two days after programming',
  gMax: 40e-6,
  t0: 1,
  tRead: 1e-6,
  programming: second,
  relaxation: {
    shift: '0',
    std: `${second} + (${day} - ${second}) * ${between(1, 86_400)} + (${twoDays} - ${day}) * ${between(86_400, 172_800)}`,
    from: 1,
  },
};
