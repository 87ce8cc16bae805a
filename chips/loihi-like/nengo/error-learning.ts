/**
 * Error-driven learning (PES) as nengo-loihi's emulator does it in integers (SynapseState): a trace per pre neuron that is advanced every
 * `trainEpoch` ticks, and weights that change every `learnEpoch` ticks by trace · error, with 7 fraction bits, rounded stochastically by magnitude
 * to the stored precision. The first half of the post neurons gets the negative error.
 */
import { exp } from '../../../core/program/elementary.ts';
import { learningOverflow, scaledError, shifted } from './number-formats.ts';

export interface ErrorLearningOptions {
  /** [pre][post] current units, stored integer · 2^(6 + exponent + shift bits). */
  readonly weights: readonly (readonly number[])[];
  /** Ticks. */
  readonly traceTau: number;
  readonly impulse: number;
  readonly trainEpoch: number;
  readonly learnEpoch: number;
  /** Learning rate mantissa · 2^exponent. */
  readonly rateMantissa: number;
  readonly rateExponent: number;
  readonly weightExponent: number;
  readonly shiftBits: number;
  readonly errorScale: number;
}

/** Uniform draws in [0, 1) of one tick; only needed where a trace or a weight is rounded. */
export interface ErrorLearningDraws {
  trace(pre: number): number;
  weight(pre: number, post: number): number;
}

export interface ErrorLearning {
  readonly trace: number[];
  readonly weights: number[][];
  /** @param error [post / 2] */
  tick(pre: ArrayLike<number>, error: readonly number[], draws: ErrorLearningDraws): void;
}

const FRACTION_BITS = 7;
const TRACE_MAX = 127;

/** Sign and magnitude: the magnitude is rounded up when its fraction is above the draw. */
function roundedMagnitude(value: number, draw: number, most: number): number {
  const size = Math.abs(value);
  const whole = Math.floor(size);
  return Math.sign(value) * Math.min(most, whole + (size - whole > draw ? 1 : 0)) + 0;
}

export function errorLearning(options: ErrorLearningOptions): ErrorLearning {
  const { traceTau, impulse, trainEpoch, learnEpoch, rateMantissa, rateExponent, weightExponent, shiftBits, errorScale } = options;
  const weights = options.weights.map((row) => [...row]);
  const trace = weights.map(() => 0);
  const spiked = weights.map(() => false);
  const decay = exp(-trainEpoch / traceTau);
  const exponent = 6 + weightExponent;
  const rateShift = FRACTION_BITS + rateExponent - learningOverflow(2);
  const most = 2 ** (8 - shiftBits) - 1;
  let now = 0;
  return {
    trace,
    weights,
    tick(pre, error, draws) {
      now++;
      for (let i = 0; i < spiked.length; i++) if (pre[i]) spiked[i] = true;
      if (now % trainEpoch === 0) {
        for (let i = 0; i < trace.length; i++) {
          const moved = decay * trace[i] + (spiked[i] ? impulse : 0);
          trace[i] = roundedMagnitude(moved, draws.trace(i), TRACE_MAX);
          spiked[i] = false;
        }
      }
      if (now % learnEpoch !== 0) return;
      const scaled = error.map((value) => scaledError(value, errorScale));
      const errors = [...scaled.map((value) => -value), ...scaled];
      weights.forEach((row, i) => {
        row.forEach((weight, j) => {
          const product = shifted(trace[i] * errors[j] * rateMantissa, rateShift);
          const learned = shifted(weight, FRACTION_BITS - exponent) + product;
          row[j] = roundedMagnitude(learned * 2 ** (-FRACTION_BITS - shiftBits), draws.weight(i, j), most) * 2 ** (exponent + shiftBits);
        });
      });
    },
  };
}
