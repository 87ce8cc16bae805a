/** Recordings of nengo-loihi's number formats, weights, synaptic memory, limits and error-driven learning. */
import { errorLearning } from '../../chips/loihi-like/nengo/error-learning.ts';
import {
  biasToMantissa,
  decayInteger,
  discretiseNengoWeight,
  impulseParts,
  learningOverflow,
  scaledError,
  thresholdToMantissa,
  wrapSigned,
} from '../../chips/loihi-like/nengo/number-formats.ts';
import { LOIHI } from '../../chips/loihi-like/profile.ts';
import { axonBits } from '../../chips/loihi-like/weights.ts';
import { Difference, expectSame } from './compare.ts';
import { eachCase, neededFields, onlyFields } from './fields.ts';
import type { Family, Fields, Recording } from './recording.ts';

const FORMATS = ['decay', 'overflow', 'bias', 'vth', 'tracing_mag', 'learn_overflow_bits', 'pes_errors'] as const;

function checkFormats(recording: Recording): void {
  onlyFields(recording, FORMATS, 'the case');
  if (FORMATS.every((name) => recording[name] === undefined)) throw new Difference(`the case holds none of ${FORMATS.join(', ')}`);
  const { decay = [], overflow = [], bias, vth, tracing_mag = [], learn_overflow_bits = [], pes_errors = [] } = recording;
  for (const { decay: field, offset, x, y } of decay as Fields[]) {
    expectSame(
      x.map((value: number) => decayInteger(value, field, offset)),
      y,
      `decay ${field} + ${offset}`,
    );
  }
  for (const { bits, x, y, overflowed } of overflow as Fields[]) {
    const wrapped = x.map((value: number) => wrapSigned(value, bits));
    expectSame(wrapped, y, `wrap at ${bits} bits`);
    const flags = x.map((value: number, i: number) => (value === wrapped[i] ? 0 : 1));
    if (overflowed !== undefined) expectSame(flags, overflowed.map(Number), `overflow at ${bits} bits`);
  }
  for (const [name, table, split] of [
    ['bias', bias, biasToMantissa],
    ['threshold', vth, thresholdToMantissa],
  ] as const) {
    (table?.value ?? []).forEach((value: number, i: number) => {
      expectSame(split(value), { mantissa: table.mantissa[i], exponent: table.exponent[i] }, `${name} ${value}`);
    });
  }
  for (const { mag, int, frac128 } of tracing_mag as Fields[]) {
    expectSame(impulseParts(mag), { whole: int, fraction: frac128 }, `impulse ${mag}`);
  }
  for (const { n_factors, bits } of learn_overflow_bits as Fields[]) expectSame(learningOverflow(n_factors), bits, `${n_factors} factors`);
  for (const { scale, error, out } of pes_errors as Fields[]) {
    expectSame(
      error.map((value: number) => scaledError(value, scale)),
      out,
      `errors, scale ${scale}`,
    );
  }
}

const WEIGHT_FIELDS = [
  ...['weight_exp', 'weight_bits_code', 'real_weight_bits', 'fanout_type', 'shift_bits', 'scale', 'lossy_shift', 'w', 'out'],
] as const;

function checkWeights({ cases }: Recording): void {
  eachCase(cases, WEIGHT_FIELDS, (one, what) => {
    neededFields(one, ['weight_exp', 'shift_bits', 'w', 'out'], what);
    const { weight_exp, shift_bits, lossy_shift, w, out } = one;
    const format = { shiftBits: shift_bits, weightExponent: weight_exp };
    expectSame(
      w.map((weight: number) => discretiseNengoWeight(weight, format, Boolean(lossy_shift))),
      out,
      what,
    );
  });
}

const DENSE = 3;
const MEMORY_FIELDS = [
  ...['compression', 'weight_bits_code', 'real_weight_bits', 'idx_bits_code', 'real_idx_bits', 'delay_bits', 'tag_bits'],
  ...['n_synapses', 'n_weights', 'bits'],
] as const;

function checkMemory({ cases }: Recording): void {
  eachCase(cases, MEMORY_FIELDS, (one, what) => {
    neededFields(one, ['real_weight_bits', 'n_synapses', 'n_weights', 'bits'], what);
    const { compression, real_weight_bits, real_idx_bits = 0, delay_bits = 0, tag_bits = 0, n_synapses, n_weights, bits } = one;
    const indexBits = compression === DENSE ? 0 : real_idx_bits;
    const fields = { weightBits: real_weight_bits, delayBits: delay_bits, tagBits: tag_bits, indexBits };
    expectSame(
      n_weights.map((count: number) => axonBits(count, fields, n_synapses + 1)),
      bits,
      what,
    );
  });
}

/** Our number for each of nengo-loihi's limits. */
const LIMITS: Readonly<Record<string, number | readonly number[]>> = {
  max_compartments: LOIHI.compartmentsPerCore.value,
  max_in_axons: LOIHI.inputAxonsPerCore.value,
  max_out_axons: LOIHI.outputAxonsPerCore.value,
  max_synapse_bits: LOIHI.synapseBitsPerCore.value,
  index_bits_map: [0, 6, 7, 8, 9, 10, 11, 12],
  weight_bits_map: [0, 1, 2, 3, 4, 5, 6, 8],
  decay_max: LOIHI.decayOne.value - 1,
  refract_delay_max: LOIHI.refractoryMax.value,
  vth_mantissa_max: LOIHI.thresholdMantissaMax.value,
  vth_exp: Math.log2(LOIHI.weightUnit.value),
  bias_mantissa_max: 4095,
  bias_exp_max: 7,
  q_bits: 21,
  u_bits: 23,
  learn_bits: LOIHI.accumulatorBits.value - 1,
  learn_frac: LOIHI.accumulatorFraction.value,
};

function checkLimits({
  id: _id,
  kind: _kind,
  description: _description,
  source: _source,
  arithmetic: _arithmetic,
  ...limits
}: Recording): void {
  for (const [name, value] of Object.entries(limits)) {
    if (LIMITS[name] === undefined) throw new Difference(`${name}: no such limit is known here`);
    expectSame(LIMITS[name], value, name);
  }
}

const PES_FIELDS = [
  ...['n_pre', 'n_post', 'steps', 'tracing_tau', 'tracing_mag', 'train_epoch', 'learn_epoch', 'lr_int', 'lr_exp', 'weight_exp'],
  ...['pes_error_scale', 'shift_bits', 'initial_weights'],
] as const;

function checkErrorLearning({ parameters, inputs, rng, expected }: Recording): void {
  onlyFields(parameters, PES_FIELDS, 'parameters');
  neededFields(parameters, ['initial_weights', 'tracing_tau', 'tracing_mag'], 'parameters');
  onlyFields(inputs, ['pre', 'error'], 'inputs');
  neededFields(inputs, ['pre', 'error'], 'inputs');
  onlyFields(expected, ['trace', 'weights'], 'expected');
  neededFields(expected, ['trace', 'weights'], 'expected');
  for (const [name, rows] of Object.entries({ 'inputs.error': inputs.error, ...expected, rng }) as [string, Fields][]) {
    expectSame(rows?.length, inputs.pre.length, `${name}, rows`);
  }
  const p = parameters;
  const learning = errorLearning({
    weights: p.initial_weights,
    traceTau: p.tracing_tau,
    impulse: p.tracing_mag,
    trainEpoch: p.train_epoch ?? 2,
    learnEpoch: p.learn_epoch ?? 4,
    rateMantissa: p.lr_int,
    rateExponent: p.lr_exp,
    weightExponent: p.weight_exp,
    shiftBits: p.shift_bits,
    errorScale: p.pes_error_scale,
  });
  (inputs.pre as number[][]).forEach((pre, row) => {
    const { trace, weights } = rng[row];
    learning.tick(pre, inputs.error[row], { trace: (i) => trace[i], weight: (i, j) => weights[i][j] });
    expectSame(learning.trace, expected.trace[row], `trace at step ${row + 1}`);
    expectSame(learning.weights, expected.weights[row], `weights at step ${row + 1}`);
  });
}

export const nengoRecordings: Family = {
  nengo_number_formats: checkFormats,
  nengo_weights: checkWeights,
  nengo_synapse_memory: checkMemory,
  nengo_limits: checkLimits,
  nengo_pes: checkErrorLearning,
};
