/**
 * exp, log, 2^k and x^y of elementary.ts in WebAssembly, for several items at once and with the same bits: the same sums and products in the
 * same order. Only what is exact either way is done differently: powers of two come from the exponent field of a double and not from a table,
 * and the special cases are chosen by masks.
 */
import type { DoubleArithmetic, Doubles } from './wasm-doubles.ts';

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
// biome-ignore lint/suspicious/noApproximativeNumericConstant: the literal of elementary.ts
const LOG2_E = 1.4426950408889634;

/** 1/n! for n = 13 … 2 */
const EXP_SERIES = [
  1.6059043836821613e-10, 2.08767569878681e-9, 2.505210838544172e-8, 2.755731922398589e-7, 2.7557319223985893e-6, 2.48015873015873e-5,
  1.984126984126984e-4, 1.388888888888889e-3, 8.333333333333333e-3, 4.1666666666666664e-2, 0.16666666666666666, 0.5,
];

/** 2/(2n+1) for n = 11 … 1 */
const LOG_SERIES = [
  0.08695652173913043, 0.09523809523809523, 0.10526315789473684, 0.11764705882352941, 0.13333333333333333, 0.15384615384615385,
  0.18181818181818182, 0.2222222222222222, 0.2857142857142857, 0.4, 0.6666666666666666,
];

/** 2^52 + 2^51: added to a whole number k of few bits, it puts k into the low bits of the double. */
const WHOLE_BITS = 6755399441055744;

/** k whole and small as 64-bit integers; the upper bits are those of the constant and fall off when shifted into the exponent. */
const wholeBits = (d: DoubleArithmetic, k: Doubles): Doubles => d.on('add', k, d.constant(WHOLE_BITS));

/** 2^k for whole -1022 <= k <= 1023. */
function scale(d: DoubleArithmetic, k: Doubles): Doubles {
  return d.shift('i64x2.shl', wholeBits(d, d.on('add', k, d.constant(1023))), 52);
}

/**
 * Beyond ±1000 the result is 0 or Infinity, as it is from 709.79 and -745.14 on. 2^k is applied as two halves: the first product is exact,
 * so the second rounds once, as y·2^k does, also where the result is subnormal or 2^k is not a double.
 */
export function exp(d: DoubleArithmetic, given: Doubles): Doubles {
  const x = d.on('pmax', d.on('pmin', given, d.constant(1000)), d.constant(-1000));
  const k = d.on('floor', d.on('add', d.on('mul', x, d.constant(LOG2_E)), d.constant(0.5)));
  const high = d.on('sub', x, d.on('mul', k, d.constant(LN2_HIGH)));
  const low = d.on('mul', k, d.constant(LN2_LOW));
  const r = d.on('sub', high, low);
  const p = d.polynomial(r, EXP_SERIES);
  const y = d.on('add', d.constant(1), d.on('add', high, d.on('sub', d.on('mul', d.on('mul', r, r), p), low)));
  const half = d.on('floor', d.on('mul', k, d.constant(0.5)));
  return d.on('mul', d.on('mul', y, scale(d, half)), scale(d, d.on('sub', k, half)));
}

export function log(d: DoubleArithmetic, x: Doubles): Doubles {
  const subnormal = d.on('lt', x, d.constant(2 ** -1022));
  const normal = d.select(subnormal, d.on('mul', x, d.constant(2 ** 54)), x);
  // the biased exponent as a double: put below the bits of 2^52
  const biased = d.on('sub', d.raw('v128.or', d.shift('i64x2.shr_u', normal, 52), d.bits(0x43300000, 0)), d.constant(2 ** 52));
  const exponent = d.on('sub', biased, d.select(subnormal, d.constant(1077), d.constant(1023)));
  const mantissa = d.raw('v128.or', d.raw('v128.and', normal, d.bits(0x000fffff, -1)), d.bits(0x3ff00000, 0));
  const large = d.on('gt', mantissa, d.constant(Math.SQRT2));
  const m = d.select(large, d.on('mul', mantissa, d.constant(0.5)), mantissa);
  const k = d.select(large, d.on('add', exponent, d.constant(1)), exponent);
  const f = d.on('sub', m, d.constant(1));
  const s = d.on('div', f, d.on('add', d.constant(2), f));
  const z = d.on('mul', s, s);
  const p = d.polynomial(z, LOG_SERIES);
  const half = d.on('mul', d.on('mul', d.constant(0.5), f), f);
  const inner = d.on('add', d.on('mul', s, d.on('add', half, d.on('mul', z, p))), d.on('mul', k, d.constant(LN2_LOW)));
  const result = d.on('sub', d.on('mul', k, d.constant(LN2_HIGH)), d.on('sub', d.on('sub', half, inner), f));
  const infinity = d.constant(Number.POSITIVE_INFINITY);
  const zero = d.constant(0);
  const finite = d.select(d.on('eq', x, infinity), infinity, result);
  const notAbove = d.select(d.on('eq', x, zero), d.constant(Number.NEGATIVE_INFINITY), d.constant(Number.NaN));
  return d.select(d.on('gt', x, zero), finite, notAbove);
}

/** 2^k for any k: 0 below -1074, Infinity above 1023, NaN for a k between that is not whole. As two halves, each of them a normal double. */
export function powerOfTwo(d: DoubleArithmetic, given: Doubles): Doubles {
  const above = d.on('gt', given, d.constant(1023));
  const k = d.on('pmax', d.select(above, d.constant(1100), given), d.constant(-1100));
  const whole = d.on('floor', k);
  const half = d.on('floor', d.on('mul', whole, d.constant(0.5)));
  const value = d.on('mul', scale(d, half), scale(d, d.on('sub', whole, half)));
  const defined = d.raw('v128.or', d.on('eq', k, whole), d.on('lt', k, d.constant(-1074)));
  return d.select(defined, value, d.constant(Number.NaN));
}

/** x^n by repeated squaring, in the order of `repeatedProduct` in elementary.ts. */
export function wholePower(d: DoubleArithmetic, x: Doubles, n: number): Doubles {
  if (n < 0) {
    const inverse = wholePower(d, x, -n);
    const overflowed = d.on('eq', d.on('abs', inverse), d.constant(Number.POSITIVE_INFINITY));
    return d.select(overflowed, wholePower(d, d.on('div', d.constant(1), x), -n), d.on('div', d.constant(1), inverse));
  }
  let result = d.constant(1);
  let square = x;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = d.on('mul', result, square);
    if (rest > 1) square = d.on('mul', square, square);
  }
  return result;
}

/** True if x^y with this literal y is repeated multiplication. */
export const isWholePower = (y: number): boolean => y === Math.floor(y) && y <= 1024 && y >= -1074;

/** x^y where y differs from item to item: both ways, then a choice. */
export function power(d: DoubleArithmetic, x: Doubles, y: Doubles): Doubles {
  const magnitude = d.on('abs', y);
  const product = variableProduct(d, x, magnitude);
  const overflowed = d.on('eq', d.on('abs', product), d.constant(Number.POSITIVE_INFINITY));
  const inverseFirst = variableProduct(d, d.on('div', d.constant(1), x), magnitude);
  const inverse = d.select(overflowed, inverseFirst, d.on('div', d.constant(1), product));
  const whole = d.select(d.on('ge', y, d.constant(0)), product, inverse);
  const inRange = d.raw('v128.and', d.on('le', y, d.constant(1024)), d.on('ge', y, d.constant(-1074)));
  const isWhole = d.raw('v128.and', d.on('eq', y, d.on('floor', y)), inRange);
  return d.select(isWhole, whole, exp(d, d.on('mul', y, log(d, x))));
}

/** x^n for whole 0 <= n < 2048, bit by bit from the lowest; where n is not such a number the result has no meaning. */
function variableProduct(d: DoubleArithmetic, x: Doubles, n: Doubles): Doubles {
  const bits = wholeBits(d, n);
  let result = d.constant(1);
  let square = x;
  for (let bit = 0; bit < 11; bit++) {
    const set = d.raw('i64x2.ne', d.raw('v128.and', bits, d.bits(0, 2 ** bit)), d.bits(0, 0));
    result = d.select(set, d.on('mul', result, square), result);
    square = d.on('mul', square, square);
  }
  return result;
}
