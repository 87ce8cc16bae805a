/** Recordings of weight formats: clipping, truncation, stored weights and the sums they send, the automatic choice of a format. */
import { optimiseWeightBits, staticConnection } from '../../chips/loihi-like/lava/weights.ts';
import type { SignMode } from '../../chips/loihi-like/weights.ts';
import { clipWeight, signOf, truncateWeight } from '../../chips/loihi-like/weights.ts';
import { Difference, expectRefusal, expectSame } from './compare.ts';
import { eachCase, isFloatingPoint, neededFields, oneOf } from './fields.ts';
import type { Family, Fields, Recording } from './recording.ts';

/** Lava's names: MIXED, EXCITATORY, INHIBITORY. */
export const signMode = (value: Fields, what: string): SignMode =>
  oneOf(String(value).toLowerCase(), ['mixed', 'excitatory', 'inhibitory'], `${what}, sign_mode`);

function checkClipTruncate({ cases }: Recording): void {
  eachCase(cases, ['sign_mode', 'num_weight_bits', 'weights', 'clipped', 'truncated'], (one, what) => {
    neededFields(one, ['sign_mode', 'weights', 'truncated'], what);
    const { sign_mode, num_weight_bits = 8, weights, clipped, truncated } = one;
    const format = { sign: signMode(sign_mode, what), bits: num_weight_bits };
    const kept = weights.map((weight: number) => clipWeight(weight, format.sign) + 0);
    if (clipped !== undefined) expectSame(kept, clipped, `${what}, clipped`);
    expectSame(
      kept.map((weight: number) => truncateWeight(weight, format)),
      truncated,
      `${what}, truncated`,
    );
  });
}

const SUM_FIELDS = [
  ...['sign_mode', 'derived_sign_mode', 'num_weight_bits', 'weight_exp', 'num_message_bits', 'weights', 'delays', 's_in'],
  ...['effective_weights', 'a_out', 'ok', 'error', 'message'],
] as const;

function checkSums({ cases, arithmetic }: Recording): void {
  if (isFloatingPoint(arithmetic ?? 'bit_accurate')) throw new Difference('stored weights in floating point have no format to check');
  eachCase(cases, SUM_FIELDS, (one, what) => {
    const { sign_mode, num_weight_bits, weight_exp, num_message_bits, weights, delays, s_in, effective_weights, a_out } = one;
    const make = (): ReturnType<typeof staticConnection> =>
      staticConnection({
        weights,
        ...(sign_mode === null || sign_mode === undefined ? {} : { sign: signMode(sign_mode, what) }),
        weightBits: num_weight_bits ?? 8,
        weightExponent: weight_exp ?? 0,
        messageBits: num_message_bits ?? 0,
        ...(delays === undefined || delays === null ? {} : { delays }),
      });
    if (one.error !== undefined) return expectRefusal(make, what);
    neededFields(one, ['weights', 's_in', 'a_out'], what);
    const flat = weights.flat();
    if (one.derived_sign_mode !== undefined && (sign_mode === null || sign_mode === undefined))
      expectSame(signOf(Math.min(...flat), Math.max(...flat)), signMode(one.derived_sign_mode, what), `${what}, sign mode`);
    const connection = make();
    if (effective_weights !== undefined) expectSame(connection.effective, effective_weights, `${what}, stored weights`);
    expectSame(s_in.length, a_out.length, `${what}, steps`);
    (s_in as number[][]).forEach((spikes, row) => {
      expectSame(connection.tick(spikes), a_out[row], `${what}, a_out at step ${row + 1}`);
    });
  });
}

const OPTIMISED_FIELDS = [
  'sign_mode',
  'loihi2',
  'weights',
  'optimized_weights',
  'num_weight_bits',
  'weight_exp',
  'error',
  'message',
] as const;

function checkOptimised({ cases }: Recording): void {
  eachCase(cases, OPTIMISED_FIELDS, (one, what) => {
    neededFields(one, ['sign_mode', 'weights'], what);
    const { sign_mode, loihi2, weights, optimized_weights, num_weight_bits, weight_exp, error } = one;
    const sign = signMode(sign_mode, what);
    const optimise = (): ReturnType<typeof optimiseWeightBits> => optimiseWeightBits(weights, sign, loihi2 === 1 || loihi2 === true);
    if (error !== undefined) return expectRefusal(optimise, what);
    expectSame(optimise(), { weights: optimized_weights, weightBits: num_weight_bits, weightExponent: weight_exp }, what);
  });
}

export const weightRecordings: Family = {
  weights_clip_truncate: checkClipTruncate,
  weights: checkSums,
  weights_optimize: checkOptimised,
};
