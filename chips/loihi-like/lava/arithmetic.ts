/**
 * The arithmetic of Lava's learning engine, one value at a time, written to be read: decay and impulse of a trace, and the sum of products, in
 * 7-bit integers with all clippings (LearningConnectionModelBitApproximate, LearningRuleApplierBitApprox) and in floating point. The kernel of
 * the chip computes the same from compiled text; this is what it is compared with.
 */
import { exp } from '../../../core/program/elementary.ts';
import { LOIHI } from '../profile.ts';
import type { LavaFactor, LavaProduct } from './compat-parser.ts';

const TRACE_MAX = LOIHI.traceMax.value;
const FRACTION_BITS = LOIHI.accumulatorFraction.value;
const ACCUMULATOR_BITS = LOIHI.accumulatorBits.value - 1;
/** Lava's lower ends are one too low, here and below. */
const ACCUMULATOR = { low: -(2 ** ACCUMULATOR_BITS) - 1, high: 2 ** ACCUMULATOR_BITS - 1 } as const;
const MANTISSA_BITS = 4;

const clip = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** floor(x), and one more if the draw is below the fraction. */
const roundedBy = (value: number, draw: number): number => Math.floor(value) + (draw < value - Math.floor(value) ? 1 : 0);

/** A trace of one step without a time constant is gone. */
export const decayedTrace = (trace: number, tau: number, draw: number): number => (tau === 0 ? 0 : roundedBy(exp(-1 / tau) * trace, draw));

export const decayedFloat = (trace: number, tau: number): number => (tau === 0 ? Number.NaN : exp(-1 / tau) * trace);

/** @param draw whole number, compared with the fraction in 1/256; Lava draws 0 … 127 and so rounds up twice as often as it should */
export function addImpulse(trace: number, impulse: number, draw: number): number {
  const whole = Math.floor(impulse);
  const fraction = halfToEven(256 * (impulse - whole));
  return clip(trace + whole + (draw < fraction ? 1 : 0), 0, TRACE_MAX);
}

/** Nearest whole number, halves to the even one, as numpy and Python round. */
export function halfToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

/** What a product reads: a variable, or a trace at the time of the product's dependency, or 1 for a spike. */
export type ReadFactor = (name: string, dependency: LavaProduct['dependency']) => number;

/** Bits of a factor, sign not counted: spikes 1, variables 9, traces and rewards 7. */
export const factorWidth = (name: string): number => (name === 'x0' || name === 'y0' ? 1 : ['w', 'd', 't'].includes(name) ? 9 : 7);

/** Bits by which a product is shifted right, uncompensated. */
export function lavaShift(factors: readonly LavaFactor[]): number {
  const bits = factors.reduce((sum, { name }) => sum + factorWidth(name), 0);
  return Math.max(0, bits + MANTISSA_BITS - ACCUMULATOR_BITS);
}

/**
 * The accumulator, 7 fraction bits, after all products. A word of 32 bits wraps in between.
 * @param start variable · 2^7
 * @param applies whether the product's dependency is there
 */
export function accumulateProducts(
  start: number,
  products: readonly LavaProduct[],
  applies: (product: LavaProduct) => boolean,
  read: ReadFactor,
): number {
  let accumulator = start;
  for (const product of products) {
    const added = applies(product) ? integerProduct(product, read) : 0;
    accumulator = clip(accumulator + added, ACCUMULATOR.low, ACCUMULATOR.high);
  }
  return accumulator;
}

/** In accumulator units. */
function integerProduct({ dependency, factors, mantissa, exponent }: LavaProduct, read: ReadFactor): number {
  let word = 1;
  for (const { name, constant = 0, sgn } of factors) {
    const bits = factorWidth(name);
    const sum = read(name, dependency) + constant;
    word = Math.imul(word, Math.trunc(clip(sgn ? Math.sign(sum) : sum, -(2 ** bits), 2 ** bits - 1)));
  }
  word = Math.imul(word, mantissa) >> lavaShift(factors);
  return clip(word << (exponent + FRACTION_BITS), ACCUMULATOR.low, ACCUMULATOR.high);
}

/** A whole number from an accumulator. */
export const roundedAccumulator = (accumulator: number, draw: number): number => roundedBy(accumulator / 2 ** FRACTION_BITS, draw);

export function sumOfFloats(
  start: number,
  products: readonly LavaProduct[],
  applies: (product: LavaProduct) => boolean,
  read: ReadFactor,
): number {
  let sum = start;
  for (const product of products) {
    if (!applies(product)) continue;
    let value = product.mantissa * 2 ** product.exponent;
    for (const { name, constant = 0, sgn } of product.factors) {
      const factor = read(name, product.dependency) + constant;
      value *= sgn ? Math.sign(factor) : factor;
    }
    sum += value;
  }
  return sum;
}
