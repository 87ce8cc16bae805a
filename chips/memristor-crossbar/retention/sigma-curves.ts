/**
 * Spread of a programmed state against its target, as fitted to measured arrays: standard deviations only, no trajectory. Texts of the small language
 * over `s`, the target in the curve's own unit. A target outside the measured range is refused.
 */
import { UserError } from '../../../core/errors.ts';
import { compileExpressionOrThrow } from '../../../core/program/check-types.ts';
import { evaluateExpr } from '../../../core/program/evaluate.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import { symbolTable } from '../../../core/program/symbols.ts';

export interface SigmaCurve {
  readonly title: string;
  readonly citation: string;
  readonly unit: 'uS' | 'nA';
  readonly low: number;
  readonly high: number;
  readonly sigma: string;
}

/** Spread of charge-trap currents after 0 … 5 days: A·(1 - exp(-I/B)), nA. */
const SONOS_DAYS: readonly (readonly [a: number, b: number])[] = [
  [19.88665, 176.3115],
  [25.59102, 186.85544],
  [28.72753, 193.56834],
  [31.04318, 198.90332],
  [33.76214, 204.77023],
  [34.57909, 207.34309],
];

const SONOS = 'Agrawal et al., IEDM 2022, 21.7.1; fits of CrossSim 3.2';
const sonos = (title: string, a: number, b: number): SigmaCurve => ({
  title,
  citation: SONOS,
  unit: 'nA',
  low: 0,
  high: 1600,
  sigma: `max(0, ${a} * (1 - exp(0 - s / ${b})))`,
});

export const SIGMA_CURVES: Readonly<Record<string, SigmaCurve>> = {
  'pcm-joshi': {
    title: 'phase change, programming error',
    citation: 'Joshi et al., Nature Communications 11:2473, 2020, fig. 3b; fit of CrossSim 3.2',
    unit: 'uS',
    low: 0,
    high: 25,
    sigma: 'max(0, 0.28638599 + 0.07585724 * s - 0.00178767 * s ^ 2)',
  },
  'rram-milo': {
    title: 'HfO2 ReRAM, programming error (IGVVA-100)',
    citation: 'Milo et al., IRPS 2021, fig. 4; fit of CrossSim 3.2',
    unit: 'uS',
    low: 0,
    high: 225,
    sigma: 'max(0, 4.782321 - 0.009107 * s)',
  },
  'rram-wan': {
    title: 'HfOx ReRAM, one second after programming',
    citation: 'Wan et al., Nature 608:504, 2022, extended data fig. 3; fit of CrossSim 3.2',
    unit: 'uS',
    low: 0,
    high: 39.26,
    sigma: 'max(0, 1.053 + 0.2374 * s - 0.01167 * s ^ 2 + 0.0001536 * s ^ 3)',
  },
  'sonos-read': sonos('charge trap, noise of a read', 12.58037, 215.36557),
  ...Object.fromEntries(
    SONOS_DAYS.map(([a, b], day) => [
      `sonos-day${day}`,
      sonos(day === 0 ? 'charge trap, programming error' : `charge trap, spread after ${day} d`, a, b),
    ]),
  ),
};

const SYMBOLS = symbolTable([{ name: 's', scope: 'constant', format: FLOAT64, writable: false }]);

/** Standard deviation at a target, both in the curve's unit. */
export function sigmaAt({ title, sigma, low, high, unit }: SigmaCurve, target: number): number {
  if (!(target >= low && target <= high)) {
    throw new UserError({
      code: 'E-DEVICE-RANGE',
      message: `${title}: ${target} ${unit} is outside the measured range ${low} … ${high} ${unit}`,
    });
  }
  return evaluateExpr(
    compileExpressionOrThrow(sigma, SYMBOLS, { title }),
    () => target,
    () => 0,
  );
}
