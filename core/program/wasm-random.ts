/**
 * The draws of core/random.ts in WebAssembly, bit for bit: Philox4x32-10 (Salmon, Moraes, Dror & Shaw, SC'11), and the normal quantile
 * (Wichura, AS 241) in doubles. The address of a draw is laid out as described there: four consecutive items share the four words of a block.
 *
 * Eight consecutive items, beginning with a multiple of four, are the words of two blocks, computed side by side in one vector. Items anywhere
 * have a block each, four to a vector, of which one word is taken.
 *
 * Of the four counter words only the first, the item's, differs inside a loop; the other three are the tick, the site and the stream. So half
 * of the first two rounds is the same for all items and is done once per call (`prepareSite`).
 */
import type { FunctionBuilder } from './wasm-builder.ts';
import type { DoubleArithmetic, Doubles } from './wasm-doubles.ts';
import { doubleArithmetic } from './wasm-doubles.ts';
import type { Local } from './wasm-encoder.ts';
import type { Machine } from './wasm-lanes.ts';
import { constantF64, constantI32, EVEN_WORDS, ODD_WORDS } from './wasm-lanes.ts';

/** Multipliers and key increments: Salmon et al., table 2 and section 3. */
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const KEY_STEP_0 = 0x9e3779b9;
const KEY_STEP_1 = 0xbb67ae85;
const ROUNDS = 10;

/** What the blocks of one site need that is the same for all items; all lanes of a vector are equal. */
export interface PreparedSite {
  readonly keys: readonly (readonly [number, number])[];
  readonly stream: number;
  /** Second counter word after the first round. */
  readonly c1AfterOne: Local;
  /** High and low word of the first product of the second round. */
  readonly high0OfTwo: Local;
  readonly low0OfTwo: Local;
}

const splat = (builder: FunctionBuilder, value: number): Local => constantI32(builder, value, value, value, value);

/** The two words of a product, for four items; with one item only lane 0 counts. */
function multiply(builder: FunctionBuilder, lanes: number, a: Local, multiplier: number): { high: Local; low: Local } {
  const factor = splat(builder, multiplier);
  const low = builder.pure('i32x4.mul', [a, factor]);
  const first = builder.pure('i64x2.extmul_low_i32x4_u', [a, factor]);
  if (lanes === 1) return { high: builder.pure('i64x2.shr_u', [first, builder.i32(32)]), low };
  const second = builder.pure('i64x2.extmul_high_i32x4_u', [a, factor]);
  return { high: builder.pure('i8x16.shuffle', [first, second], ...ODD_WORDS), low };
}

const xor = (builder: FunctionBuilder, ...parts: readonly Local[]): Local => parts.reduce((a, b) => builder.pure('v128.xor', [a, b]));

/** @param tick the event, a double */
export function prepareSite(
  builder: FunctionBuilder,
  { seed, stream }: { readonly seed: number; readonly stream: number },
  tick: Local,
  site: number,
): PreparedSite {
  let k0 = seed | 0;
  let k1 = (seed / 4294967296) | 0;
  const keys = Array.from({ length: ROUNDS }, () => {
    const pair = [k0, k1] as const;
    k0 = (k0 + KEY_STEP_0) | 0;
    k1 = (k1 + KEY_STEP_1) | 0;
    return pair;
  });
  const event = builder.pure('i64.trunc_sat_f64_s', [tick]);
  const eventLow = builder.pure('i32.wrap_i64', [event]);
  const eventHigh = builder.pure('i32.wrap_i64', [builder.pure('i64.shr_s', [event, builder.pure('i64.const', [], 32)])]);
  const c1 = builder.pure('i32x4.splat', [eventLow]);
  const c2Word = builder.pure('i32.or', [builder.pure('i32.shl', [eventHigh, builder.i32(16)]), builder.i32(site)]);
  const c2 = builder.pure('i32x4.splat', [c2Word]);
  const one = multiply(builder, 4, c2, MULTIPLIER_1);
  const c0 = xor(builder, one.high, c1, splat(builder, keys[0][0]));
  const two = multiply(builder, 4, c0, MULTIPLIER_0);
  return { keys, stream, c1AfterOne: one.low, high0OfTwo: two.high, low0OfTwo: two.low };
}

/** Low pairs of words, and high pairs, each backwards, of two vectors. */
const LOW_SWAPPED = [4, 5, 6, 7, 0, 1, 2, 3, 20, 21, 22, 23, 16, 17, 18, 19];
const HIGH_SWAPPED = [12, 13, 14, 15, 8, 9, 10, 11, 28, 29, 30, 31, 24, 25, 26, 27];

/**
 * The words of eight items in two vectors, for each of `firsts`. A vector of the state holds the words (c0, c0, c2, c2) of two blocks, another
 * (c1, c1, c3, c3), so that the products of a round are those of the two halves of the first, and every step between them is one instruction.
 * @param firsts the first item of each block in lanes 0 and 1
 */
export function wordsOfEights(builder: FunctionBuilder, prepared: PreparedSite, firsts: readonly Local[]): [Local, Local][] {
  const { keys, stream, c1AfterOne, high0OfTwo, low0OfTwo } = prepared;
  const [factor0, factor1] = [splat(builder, MULTIPLIER_0), splat(builder, MULTIPLIER_1)];
  const shuffle = (a: Local, b: Local, pattern: readonly number[]): Local => builder.pure('i8x16.shuffle', [a, b], ...pattern);
  const halves = (n: number): Local => constantI32(builder, keys[n][0], keys[n][0], keys[n][1], keys[n][1]);
  const start = xor(builder, shuffle(c1AfterOne, high0OfTwo, EVEN_WORDS), halves(1));
  const states = firsts.map((items) => {
    const one = builder.pure('i64x2.extmul_low_i32x4_u', [builder.pure('i32x4.shr_u', [items, builder.i32(2)]), factor0]);
    const c2 = xor(builder, shuffle(one, one, ODD_WORDS), splat(builder, stream ^ keys[0][1]));
    const two = builder.pure('i64x2.extmul_low_i32x4_u', [c2, factor1]);
    const even = xor(builder, shuffle(two, one, [...ODD_WORDS.slice(0, 8), ...EVEN_WORDS.slice(8)]), start);
    return { even, odd: shuffle(two, low0OfTwo, EVEN_WORDS) };
  });
  const multiplyBoth = (even: Local): [Local, Local] => [
    builder.pure('i64x2.extmul_low_i32x4_u', [even, factor0]),
    builder.pure('i64x2.extmul_high_i32x4_u', [even, factor1]),
  ];
  for (let round = 2; round < ROUNDS - 1; round++) {
    // all take a round together, so that their products overlap
    for (const [n, { even, odd }] of states.entries()) {
      const [zero, one] = multiplyBoth(even);
      states[n] = { even: xor(builder, odd, halves(round), shuffle(one, zero, ODD_WORDS)), odd: shuffle(one, zero, EVEN_WORDS) };
    }
  }
  return states.map(({ even, odd }) => {
    const [zero, one] = multiplyBoth(even);
    const rest = xor(builder, odd, halves(ROUNDS - 1));
    // words 0 and 2 of a block are a high word of a product and one of these; words 1 and 3 are low words
    const ofFirst = builder.pure('v128.and', [rest, constantI32(builder, -1, 0, -1, 0)]);
    const ofSecond = builder.pure('i64x2.shr_u', [rest, builder.i32(32)]);
    return [xor(builder, shuffle(one, zero, LOW_SWAPPED), ofFirst), xor(builder, shuffle(one, zero, HIGH_SWAPPED), ofSecond)];
  });
}

/** The word of each item; `items` holds four 32-bit item numbers per vector. */
export function wordsOfItems({ builder, lanes }: Machine, prepared: PreparedSite, items: readonly Local[]): Local[] {
  const { keys, stream } = prepared;
  const shift = (op: 'i32x4.shl' | 'i32x4.shr_s' | 'i32x4.shr_u', a: Local, by: number): Local => builder.pure(op, [a, builder.i32(by)]);
  const states = items.map((item) => {
    const one = multiply(builder, lanes, shift('i32x4.shr_u', item, 2), MULTIPLIER_0);
    const c2 = xor(builder, one.high, splat(builder, stream ^ keys[0][1]));
    const two = multiply(builder, lanes, c2, MULTIPLIER_1);
    return {
      c0: xor(builder, two.high, prepared.c1AfterOne, splat(builder, keys[1][0])),
      c1: two.low,
      c2: xor(builder, prepared.high0OfTwo, one.low, splat(builder, keys[1][1])),
      c3: prepared.low0OfTwo,
    };
  });
  for (let round = 2; round < ROUNDS; round++) {
    const [k0, k1] = keys[round].map((key) => splat(builder, key));
    // all vectors of a group take a round together, so that their products overlap
    for (const [n, { c0, c1, c2, c3 }] of states.entries()) {
      const zero = multiply(builder, lanes, c0, MULTIPLIER_0);
      const one = multiply(builder, lanes, c2, MULTIPLIER_1);
      states[n] = { c0: xor(builder, one.high, c1, k0), c1: one.low, c2: xor(builder, zero.high, c3, k1), c3: zero.low };
    }
  }
  const select = (mask: Local, yes: Local, no: Local): Local => builder.pure('v128.bitselect', [yes, no, mask]);
  return states.map(({ c0, c1, c2, c3 }, n) => {
    const bit = (place: number): Local => shift('i32x4.shr_s', shift('i32x4.shl', items[n], 31 - place), 31);
    return select(bit(1), select(bit(0), c3, c2), select(bit(0), c1, c0));
  });
}

/** Words 0 and 1 of two vectors in turn, and words 2 and 3. */
const LOW_IN_TURN = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const HIGH_IN_TURN = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31];

/**
 * (word + 1/2) / 2^32 in doubles: the word as the low half of a double with the exponent of 2^20 is 2^20 + word / 2^32, and the difference to
 * 2^20 - 2^-33 is exact.
 */
export function uniformOfWords({ builder, lanes }: Machine, words: readonly Local[]): Doubles {
  const highHalf = splat(builder, 0x41300000);
  const offset = constantF64(builder, 2 ** 20 - 2 ** -33);
  return words.flatMap((part) =>
    (lanes === 1 ? [LOW_IN_TURN] : [LOW_IN_TURN, HIGH_IN_TURN]).map((pattern) =>
      builder.pure('f64x2.sub', [builder.pure('i8x16.shuffle', [part, highHalf], ...pattern), offset]),
    ),
  );
}

const CENTRE_ABOVE = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513, 133.14166789178438,
  3.3871328727963665,
];
const CENTRE_BELOW = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579, 42.31333070160091, 1,
];
const TAIL_ABOVE = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691,
  4.630337846156546, 1.4234371107496835,
];
const TAIL_BELOW = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038,
  2.053191626637759, 1,
];

/**
 * The normal quantile of uniforms made of 32-bit words. The far tail of AS 241 begins at p = 1.4e-11, below 2^-33, and is never reached. One
 * item in seven lies outside the centre and needs the tail, with its logarithm. They are rarely in the same vector, so each round computes one
 * vector of tails, in each lane that of the first vector that still waits for it there.
 */
export function normalQuantile(builder: FunctionBuilder, p: Doubles): Doubles {
  const d = doubleArithmetic(builder, p.length);
  const q = d.on('sub', p, d.constant(0.5));
  const r = d.on('sub', d.constant(0.180625), d.on('mul', q, q));
  const centre = d.on('div', d.on('mul', q, d.polynomial(r, CENTRE_ABOVE)), d.polynomial(r, CENTRE_BELOW));
  const outside = d.on('gt', d.on('abs', q), d.constant(0.425));
  const results = centre.map(() => builder.variable('v128', 'normal'));
  const waiting = outside.map(() => builder.variable('v128', 'outside'));
  for (const n of p.keys()) {
    builder.copy(results[n], centre[n]);
    builder.copy(waiting[n], outside[n]);
  }
  const any = (): Local => builder.pure('v128.any_true', [waiting.reduce((a, b) => builder.pure('v128.or', [a, b]))]);
  builder.repeat(any, () => {
    const masks = waiting.map((mask) => builder.snapshot(mask));
    const last = p.length - 1;
    const chosen = p.slice(0, last).reduceRight((next, part, n) => builder.pure('v128.bitselect', [part, next, masks[n]]), p[last]);
    const [tail] = tailQuantile(doubleArithmetic(builder, 1), [chosen]);
    let taken: Local | undefined;
    for (const [n, mask] of masks.entries()) {
      const now = taken === undefined ? mask : builder.pure('v128.andnot', [mask, taken]);
      builder.copy(results[n], builder.pure('v128.bitselect', [tail, builder.snapshot(results[n]), now]));
      builder.copy(waiting[n], builder.pure('v128.xor', [mask, now]));
      taken = taken === undefined ? mask : builder.pure('v128.or', [taken, mask]);
    }
  });
  return results.map((result) => builder.snapshot(result));
}

function tailQuantile(d: DoubleArithmetic, p: Doubles): Doubles {
  const below = d.on('lt', p, d.constant(0.5));
  const tail = d.on('sqrt', d.on('neg', logOfProbability(d, d.select(below, p, d.on('sub', d.constant(1), p)))));
  const r = d.on('sub', tail, d.constant(1.6));
  const z = d.on('div', d.polynomial(r, TAIL_ABOVE), d.polynomial(r, TAIL_BELOW));
  return d.select(below, d.on('neg', z), z);
}

/** 1/21 … 1/3 */
const LOG_SERIES = [1 / 21, 1 / 19, 1 / 17, 1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3];

/** The logarithm of core/random.ts for normal 0 < x < 1: x = m·2^e, m in [0.7, 1.4). */
function logOfProbability(d: DoubleArithmetic, x: Doubles): Doubles {
  // exponent field of a number in [1/2, 1) is 1022
  const biased = d.on('sub', d.raw('v128.or', d.shift('i64x2.shr_u', x, 52), d.bits(0x43300000, 0)), d.constant(2 ** 52));
  const exponent = d.on('sub', biased, d.constant(1022));
  const mantissa = d.raw('v128.or', d.raw('v128.and', x, d.bits(0x000fffff, -1)), d.bits(0x3fe00000, 0));
  const small = d.on('lt', mantissa, d.constant(0.7));
  const m = d.select(small, d.on('mul', mantissa, d.constant(2)), mantissa);
  const e = d.select(small, d.on('sub', exponent, d.constant(1)), exponent);
  const s = d.on('div', d.on('sub', m, d.constant(1)), d.on('add', m, d.constant(1)));
  const t = d.on('mul', s, s);
  const first = d.on('div', t, d.constant(23));
  const sum = LOG_SERIES.reduce<Doubles>((series, coefficient) => d.on('mul', d.on('add', series, d.constant(coefficient)), t), first);
  const twice = d.on('mul', d.constant(2), s);
  const low = d.on('add', d.on('mul', e, d.constant(1.9082149292705877e-10)), d.on('add', twice, d.on('mul', twice, sum)));
  return d.on('add', d.on('mul', e, d.constant(0.6931471803691238)), low);
}
