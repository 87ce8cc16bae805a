/** Recordings of weight formats: clipping, truncation, stored weights and the sums they send, the automatic choice of a format. */
import { optimiseWeightBits, staticConnection } from '../../chips/loihi-like/lava/weights.ts';
import type { SignMode } from '../../chips/loihi-like/weights.ts';
import { clipWeight, truncateWeight } from '../../chips/loihi-like/weights.ts';
import { expectRefusal, expectSame } from './compare.ts';
import type { Family, Fields, Recording } from './recording.ts';

const signMode = (text: string): SignMode => text.toLowerCase() as SignMode;
/** `case 3` of a file that holds many. */
const eachCase = ({ cases }: Recording, check: (one: Fields, what: string) => void): void =>
  (cases as Fields[]).forEach((one, n) => {
    check(one, `case ${n + 1}`);
  });

function checkClipTruncate(recording: Recording): void {
  eachCase(recording, ({ sign_mode, num_weight_bits, weights, clipped, truncated }, what) => {
    const format = { sign: signMode(sign_mode), bits: num_weight_bits };
    const kept = weights.map((weight: number) => clipWeight(weight, format.sign) + 0);
    expectSame(kept, clipped, `${what}, clipped`);
    expectSame(
      kept.map((weight: number) => truncateWeight(weight, format)),
      truncated,
      `${what}, truncated`,
    );
  });
}

function checkSums(recording: Recording): void {
  eachCase(recording, ({ sign_mode, num_weight_bits, weight_exp, weights, delays, s_in, effective_weights, a_out }, what) => {
    const connection = staticConnection({
      weights,
      ...(sign_mode === null || sign_mode === undefined ? {} : { sign: signMode(sign_mode) }),
      weightBits: num_weight_bits ?? 8,
      weightExponent: weight_exp ?? 0,
      ...(delays === undefined ? {} : { delays }),
    });
    expectSame(connection.effective, effective_weights, `${what}, stored weights`);
    (s_in as number[][]).forEach((spikes, row) => {
      expectSame(connection.tick(spikes), a_out[row], `${what}, a_out at step ${row + 1}`);
    });
  });
}

function checkOptimised(recording: Recording): void {
  eachCase(recording, ({ sign_mode, loihi2, weights, optimized_weights, num_weight_bits, weight_exp, error }, what) => {
    const optimise = (): ReturnType<typeof optimiseWeightBits> =>
      optimiseWeightBits(weights, signMode(sign_mode), loihi2 === 1 || loihi2 === true);
    if (error !== undefined) return expectRefusal(optimise, what);
    expectSame(optimise(), { weights: optimized_weights, weightBits: num_weight_bits, weightExponent: weight_exp }, what);
  });
}

export const weightRecordings: Family = {
  weights_clip_truncate: checkClipTruncate,
  weights: checkSums,
  weights_optimize: checkOptimised,
};
