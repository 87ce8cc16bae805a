/**
 * What time does to a programmed conductance, as formulas of the small language over
 *
 *   x   conductance as programmed, over the largest of the model (kept at 1e-7 or more where a logarithm needs it)
 *   g   the same in microsiemens
 *   t   seconds since programming
 *
 * Power-law drift g·((t + t0)/t0)^-nu with an exponent per cell; a relaxation that shifts and spreads the conductance with the logarithm of time; and
 * noise accumulated since programming. Values are told per cell and time: nothing here is re-drawn at a read, so reading never changes the answer.
 */
import { compileExpressionOrThrow } from '../../../core/program/check-types.ts';
import { log, power } from '../../../core/program/elementary.ts';
import { evaluateExpr } from '../../../core/program/evaluate.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import { symbolTable } from '../../../core/program/symbols.ts';

export interface RetentionModel {
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  readonly valid: string;
  /** Siemens at x = 1, and the least the model allows (0 unless given). */
  readonly gMax: number;
  readonly gMin?: number;
  /** Seconds from programming to the reading that drift is counted from. */
  readonly t0: number;
  /** Shortest time of the noise, seconds. */
  readonly tRead: number;
  /** Standard deviation of what programming leaves, microsiemens. */
  readonly programming: string;
  /** Drift exponent: mean and standard deviation over cells; its absolute value counts. */
  readonly drift?: { readonly mean: string; readonly std: string };
  /** Noise accumulated since programming, relative to the conductance: this times sqrt(ln((t + t0 + tRead)/(2·tRead))). */
  readonly noise?: string;
  /** Shift of the mean, and spread around it, microsiemens; from `from` seconds on. */
  readonly relaxation?: { readonly shift: string; readonly std: string; readonly from: number };
  /** Noise accumulated since programming, microsiemens, from the shifted conductance g: this times sqrt(ln((t + tRead)/(2·tRead))). */
  readonly noiseStd?: string;
}

/** A model's formulas as functions of siemens and seconds. */
export interface Retention {
  readonly model: RetentionModel;
  programmingStd(siemens: number): number;
  driftMean(siemens: number): number;
  driftStd(siemens: number): number;
  /** Factor of relative noise, before its growth with time. */
  noiseFactor(siemens: number): number;
  /** Relative standard deviation of the noise after a time. */
  noise(siemens: number, seconds: number): number;
  /** g(t)/g of the cell with this exponent. */
  driftFactor(exponent: number, seconds: number): number;
  /** Siemens. */
  shift(siemens: number, seconds: number): number;
  relaxationStd(siemens: number, seconds: number): number;
  /** Siemens, at the conductance as it has become. */
  noiseStd(siemens: number, seconds: number): number;
}

/** Below this share of gMax a logarithm sees this share. */
const LEAST_SHARE = 1e-7;
const MICRO = 1e-6;

/** @param changed e.g. another gMax, to which programming noise and relaxation scale */
export function retentionOf(
  given: RetentionModel,
  changed: Partial<Pick<RetentionModel, 'gMax' | 't0' | 'tRead' | 'programming'>> = {},
): Retention {
  const model = { ...given, ...changed };
  const scale = model.gMax / given.gMax;
  const symbols = symbolTable(['x', 'g', 't'].map((name) => ({ name, scope: 'constant', format: FLOAT64, writable: false })));
  /** A polynomial in x is meant at x = 0 as well; a logarithm is not. */
  const formula = (text: string | undefined, leastShare: number): ((siemens: number, seconds?: number) => number) => {
    if (text === undefined) return () => 0;
    const compiled = compileExpressionOrThrow(text, symbols, { title: `retention model ${model.name}` });
    return (siemens, seconds = 0) => {
      const values: Record<string, number> = { x: Math.max(siemens / model.gMax, leastShare), g: siemens / MICRO, t: seconds };
      return evaluateExpr(
        compiled,
        (name) => values[name],
        () => 0,
      );
    };
  };
  const programming = formula(model.programming, 0);
  const [driftMean, driftStd, factor] = [model.drift?.mean, model.drift?.std, model.noise].map((text) => formula(text, LEAST_SHARE));
  const [shift, spread, noiseStd] = [model.relaxation?.shift, model.relaxation?.std, model.noiseStd].map((text) => formula(text, 0));
  const begun = (seconds: number): number => Math.max(seconds, model.relaxation?.from ?? 0);
  return {
    model,
    programmingStd: (siemens) => MICRO * scale * programming(siemens),
    driftMean,
    driftStd,
    noiseFactor: factor,
    noise: (siemens, seconds) => factor(siemens) * growth(seconds + model.t0, model.tRead),
    driftFactor: (exponent, seconds) => (seconds === 0 ? 1 : power((seconds + model.t0) / model.t0, -exponent)),
    shift: (siemens, seconds) => (model.relaxation === undefined ? 0 : MICRO * scale * shift(siemens, begun(seconds))),
    relaxationStd: (siemens, seconds) => (model.relaxation === undefined ? 0 : MICRO * scale * spread(siemens, begun(seconds))),
    noiseStd: (siemens, seconds) =>
      model.noiseStd === undefined ? 0 : MICRO * scale * noiseStd(siemens) * growth(begun(seconds), model.tRead),
  };
}

/** sqrt(ln((T + tRead)/(2·tRead))): growth of 1/f noise from tRead to T. */
const growth = (seconds: number, tRead: number): number => Math.sqrt(Math.max(0, log((seconds + tRead) / (2 * tRead))));
