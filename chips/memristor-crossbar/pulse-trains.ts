/**
 * Stochastic pulse trains: every input line and every error line fires at random in each of BL slots, and a cell takes a pulse where both fire.
 * The mean is an outer product with one pulse per coincidence and no computation at the crossing (Gokmen & Vlasov, Frontiers in Neuroscience
 * 10:333, 2016). Length and probabilities follow aihwkit 1.1.0.
 */
import { normalAt, uniformAt } from '../../core/random.ts';

export interface TrainOptions {
  readonly learningRate: number;
  /** Weight change of one pulse. */
  readonly dwMin: number;
  readonly maxTrainLength: number;
  /** Shares the size of the change evenly between the two trains; otherwise both are scaled alike. */
  readonly updateManagement?: boolean;
  /** Shortens the trains to what the largest change needs; otherwise they have their full length. */
  readonly pulseLengthManagement?: boolean;
}

export interface Trains {
  readonly length: number;
  /** Probability per slot of a line with value 1. */
  readonly scaleForInputs: number;
  readonly scaleForErrors: number;
}

/** @param xMax largest |x|; @param dMax largest |d| */
export function planTrains(xMax: number, dMax: number, options: TrainOptions): Trains {
  const { learningRate, dwMin, maxTrainLength, updateManagement = true, pulseLengthManagement = true } = options;
  const pulses = (learningRate * xMax * dMax) / dwMin;
  if (pulses === 0) return { length: 0, scaleForInputs: 0, scaleForErrors: 0 };
  const length = pulseLengthManagement ? Math.min(Math.ceil(pulses), maxTrainLength) : maxTrainLength;
  const base = Math.sqrt(learningRate / (dwMin * length));
  const held = pulses > maxTrainLength ? (dMax * maxTrainLength) / pulses : dMax;
  const share = updateManagement ? Math.sqrt(held / xMax) : 1;
  return { length, scaleForInputs: base * share, scaleForErrors: base / share };
}

/** Probability that a line of the given value fires in a slot. */
export const firingProbability = (value: number, scale: number): number => Math.min(1, Math.abs(value) * scale);

/** Mean and variance of the coincidences of two lines: binomial. */
export function coincidences(length: number, pInput: number, pError: number): { readonly mean: number; readonly variance: number } {
  const p = pInput * pError;
  return { mean: length * p, variance: length * p * (1 - p) };
}

/** Sites of the draws: slots of the trains, then the noise of the pulses. */
const NOISE_SITE = 2 ** 20;

/**
 * Signed pulse counts of one outer product, [errors × inputs]: negative where x·d > 0 (gradient descent). Draws are a function of (seed, stream,
 * line, event), so two lines never share one.
 */
export function drawCoincidences(
  x: ArrayLike<number>,
  d: ArrayLike<number>,
  trains: Trains,
  { seed, stream, event }: { readonly seed: number; readonly stream: number; readonly event: number },
): Int32Array {
  const { length, scaleForInputs, scaleForErrors } = trains;
  const fires = (line: number, p: number): Uint8Array =>
    Uint8Array.from({ length }, (_, slot) => (p >= 1 || (p > 0 && uniformAt(seed, stream, line, event, slot) < p) ? 1 : 0));
  const inputs = Array.from({ length: x.length }, (_, j) => fires(j, firingProbability(x[j], scaleForInputs)));
  const errors = Array.from({ length: d.length }, (_, i) => fires(x.length + i, firingProbability(d[i], scaleForErrors)));
  const counts = new Int32Array(d.length * x.length);
  for (const [i, error] of errors.entries()) {
    for (const [j, input] of inputs.entries()) {
      let both = 0;
      for (let slot = 0; slot < length; slot++) both += error[slot] & input[slot];
      counts[i * x.length + j] = -Math.sign(x[j] * d[i]) * both || 0;
    }
  }
  return counts;
}

/** Change of a constant-step cell by a signed number of pulses, each varying by `cycleToCycle` of the step. */
export function changeByPulses(
  pulses: number,
  dwMin: number,
  cycleToCycle: number,
  { seed, stream, item, event }: { readonly seed: number; readonly stream: number; readonly item: number; readonly event: number },
): number {
  if (pulses === 0) return 0;
  const noise = cycleToCycle === 0 ? 0 : cycleToCycle * Math.sqrt(Math.abs(pulses)) * normalAt(seed, stream, item, event, NOISE_SITE);
  return dwMin * (pulses + noise);
}
