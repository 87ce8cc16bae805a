/**
 * Number formats of nengo-loihi's emulator, which was tuned against a Loihi board: decays, overflows, mantissas and exponents of bias and
 * threshold, impulses, learning errors, and weights on their way to the chip (builder/discretize of nengo-loihi 1.1, restated).
 */
import { UserError } from '../../../core/errors.ts';
import { halfToEven } from '../lava/arithmetic.ts';
import { LOIHI } from '../profile.ts';

const ONE = LOIHI.decayOne.value;
const MANTISSA_BITS = 3;
const TRACE_BITS = 7;
const BIAS_MANTISSA_MAX = 4095;
const BIAS_EXPONENT_MAX = 7;

/** sign(x)·floor(|x|·(4096 - offset - decay) / 4096) */
export const decayInteger = (value: number, decay: number, offset = 0): number => Math.trunc((value * (ONE - offset - decay)) / ONE) + 0;

/** Two's complement of `bits` bits and a sign. */
export function wrapSigned(value: number, bits: number): number {
  const span = 2 ** (bits + 1);
  const low = value - Math.floor(value / span) * span;
  return low >= span / 2 ? low - span : low;
}

export interface MantissaExponent {
  readonly mantissa: number;
  readonly exponent: number;
}

export function biasToMantissa(bias: number): MantissaExponent {
  const ratio = Math.max(Math.abs(bias) / BIAS_MANTISSA_MAX, 1);
  let exponent = 0;
  while (2 ** exponent < ratio) exponent++;
  if (exponent > BIAS_EXPONENT_MAX) {
    const message = `a bias of ${bias} does not fit: the largest is ${BIAS_MANTISSA_MAX * 2 ** BIAS_EXPONENT_MAX}`;
    throw new UserError([{ code: 'E-NENGO-BIAS', message, hint: 'scale weights, threshold and bias down together' }]);
  }
  return { mantissa: halfToEven(bias / 2 ** exponent) + 0, exponent };
}

export function thresholdToMantissa(threshold: number): MantissaExponent {
  const mantissa = halfToEven(threshold / LOIHI.weightUnit.value);
  const most = LOIHI.thresholdMantissaMax.value;
  if (mantissa <= 0 || mantissa > most) {
    const message = `a threshold of ${threshold} does not fit: it is 64 to ${most * LOIHI.weightUnit.value}`;
    throw new UserError([{ code: 'E-NENGO-THRESHOLD', message, hint: 'scale weights, threshold and bias together' }]);
  }
  return { mantissa, exponent: Math.log2(LOIHI.weightUnit.value) };
}

/** Whole part and fraction in 1/128. */
export function impulseParts(impulse: number): { readonly whole: number; readonly fraction: number } {
  const whole = Math.trunc(impulse);
  return { whole, fraction: Math.trunc(128 * (impulse - whole)) };
}

/** Bits by which a product of so many 7-bit factors overflows the accumulator; negative if there is room. */
export const learningOverflow = (factors: number): number => TRACE_BITS * factors + MANTISSA_BITS - (LOIHI.accumulatorBits.value - 1);

/** Learning errors as the chip takes them, -127 … 127. */
export const scaledError = (error: number, scale: number): number => Math.min(127, Math.max(-127, halfToEven(scale * error))) + 0;

/** Left for positive, right (towards minus infinity) for negative. */
export const shifted = (value: number, by: number): number => Math.floor(value * 2 ** by) + 0;

export interface NengoWeightFormat {
  /** Low bits that are not stored: 8 - weight bits, and one more for mixed signs. */
  readonly shiftBits: number;
  readonly weightExponent: number;
}

/**
 * Weights in -255 … 255 to whole current units: stored integer · 2^(6 + exponent).
 * @param lossy shift in two parts as the chip does, which loses bits where shift bits and exponent are negative together
 */
export function discretiseNengoWeight(weight: number, { shiftBits, weightExponent }: NengoWeightFormat, lossy = true): number {
  const most = 2 ** (8 - shiftBits) - 1;
  const within = (value: number): number => Math.trunc(Math.min(most, Math.max(-most, value)));
  let stored = within(halfToEven(weight / 2 ** shiftBits));
  const by = shiftBits + weightExponent;
  if (!lossy) return shifted(stored, 6 + by);
  if (by < 0) stored = within(halfToEven(stored * 2 ** by) / 2 ** by);
  return shifted(stored, by) * 64;
}
