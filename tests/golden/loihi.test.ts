/**
 * The lowered integer programs against recordings of Lava and nengo-loihi, bit for bit. Not covered, because the chip does not have it: ternary
 * spikes, graded spikes. Not covered by design: Lava's readings of rules that say something else, and the floating-point models.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChipProduct } from '../../chips/loihi-like/chip-rule.ts';
import { productShift } from '../../chips/loihi-like/coefficients.ts';
import { chipRule, lowerChipRule } from '../../chips/loihi-like/lower-rule.ts';
import type { IntegerNeuron } from '../../chips/loihi-like/neuron-text.ts';
import { biasOf } from '../../chips/loihi-like/neuron-text.ts';
import { accumulateText, roundedText } from '../../chips/loihi-like/product-text.ts';
import { LOIHI } from '../../chips/loihi-like/profile.ts';
import type { LoihiOptions } from '../../chips/loihi-like/switches.ts';
import { readSettings } from '../../chips/loihi-like/switches.ts';
import { decayText, impulseText, lowerChipTrace } from '../../chips/loihi-like/traces.ts';
import type { SignMode, WeightFormat } from '../../chips/loihi-like/weights.ts';
import { axonBits, clipWeight, signOf, truncateWeight } from '../../chips/loihi-like/weights.ts';
import type { Network } from '../../core/network/network.ts';
import type { LavaTarget } from '../../core/plasticity/lava-rule.ts';
import { parseLavaRule } from '../../core/plasticity/lava-rule.ts';
import type { PlasticityRule, TraceSpec } from '../../core/plasticity/rule.ts';
import { compileOrThrow } from '../../core/program/check-types.ts';
import { exp } from '../../core/program/elementary.ts';
import { evaluate } from '../../core/program/evaluate.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { LavaLearning, Tape } from '../support/lava-order.ts';
import { lavaLearning } from '../support/lava-order.ts';
import type { NeuronRun } from '../support/loihi-neuron.ts';
import { neuronRun } from '../support/loihi-neuron.ts';
import { sharedPath, skipWithoutShared } from '../support/skip-without.ts';

const FOLDER = 'golden/loihi';

// biome-ignore lint/suspicious/noExplicitAny: recordings are JSON of many shapes
type Recording = any;

const load = (path: string): Recording => JSON.parse(readFileSync(path, 'utf8'));

function filesIn(folder: string): string[] {
  try {
    return readdirSync(sharedPath(join(FOLDER, folder))).map((file) => join(folder, file));
  } catch {
    return [];
  }
}

/** Registers one test per recording of a folder that `accepts` keeps. */
function eachRecording(folder: string, accepts: (recording: Recording) => boolean, body: (recording: Recording) => void): void {
  const files = filesIn(folder);
  if (files.length === 0) skipWithoutShared(test, `the recordings of ${folder}`, join(FOLDER, folder), () => {});
  for (const file of files) {
    const path = join(FOLDER, file);
    if (accepts(load(sharedPath(path)))) skipWithoutShared(test, `${file} is reproduced`, path, (full) => body(load(full)));
  }
}

const numbers = (value: number | number[], n: number): number[] => (Array.isArray(value) ? value : new Array(n).fill(value));

// --- neurons ---

function lavaNeuron(parameters: Recording): NeuronRun {
  const { n, du, dv, vth, bias_mant, bias_exp, u = 0, v = 0 } = parameters;
  const mantissas = numbers(bias_mant, n);
  const exponents = numbers(bias_exp ?? 0, n);
  const neuron: IntegerNeuron = { currents: [{ variable: 'u', decay: String(du), input: 'a * 64' }], decayV: String(dv), bias: 'bias' };
  return neuronRun(neuron, 'lava', `v > ${vth} * ${LOIHI.weightUnit.value}`, {
    u: Int32Array.from(numbers(u, n)),
    v: Int32Array.from(numbers(v, n)),
    a: new Int32Array(n),
    bias: Int32Array.from(mantissas, (mantissa, i) => biasOf(mantissa, exponents[i])),
  });
}

eachRecording(
  'lif',
  ({ arithmetic, neuron }) => arithmetic === 'bit_accurate' && neuron !== 'TernaryLIF',
  ({ parameters, inputs, expected }) => {
    const run = lavaNeuron(parameters);
    inputs.a_in.forEach((input: number[], row: number) => {
      // the periodic reset of LIFReset is the host's business: it clears u and v before the step
      const { reset_interval: interval, reset_offset: offset } = parameters;
      if (interval !== undefined && (row + 1) % interval === offset % interval) {
        run.arrays.u.fill(0);
        run.arrays.v.fill(0);
      }
      const spikes = run.tick(input);
      assert.equal([...run.arrays.u], expected.u[row], `u at step ${row + 1}`);
      assert.equal([...run.arrays.v], expected.v[row], `v at step ${row + 1}`);
      assert.equal([...spikes], expected.s[row], `spikes at step ${row + 1}`);
    });
  },
);

eachRecording(
  'nengo_loihi',
  ({ kind }) => kind === 'nengo_lif',
  ({ parameters, inputs, expected }) => {
    const { decay_u, decay_v, vth, refract_delay, bias, vmin, vmax } = parameters;
    const n = decay_u.length;
    const neuron: IntegerNeuron = {
      currents: [{ variable: 'u', decay: 'decayU', input: 'a' }],
      decayV: 'decayV',
      bias: 'bias',
      refractory: 'refractoryTicks',
      limits: { low: vmin, high: vmax },
    };
    const run = neuronRun(
      neuron,
      'twos-complement',
      `v > ${vth}`,
      {
        u: new Int32Array(n),
        v: new Int32Array(n),
        a: new Int32Array(n),
        refractoryLeft: new Int32Array(n),
        decayU: Int32Array.from(numbers(decay_u, n)),
        decayV: Int32Array.from(numbers(decay_v, n)),
        bias: Int32Array.from(numbers(bias, n)),
        // nengo-loihi counts down in the tick of the spike
        refractoryTicks: Int32Array.from(numbers(refract_delay, n), (delay) => delay - 1),
      },
      'v = 0\nrefractoryLeft = refractoryTicks',
    );
    inputs.q.forEach((input: number[], row: number) => {
      const spikes = run.tick(input);
      assert.equal([...run.arrays.u], expected.u[row], `u at step ${row + 1}`);
      assert.equal([...run.arrays.v], expected.v[row], `v at step ${row + 1}`);
      assert.equal([...spikes], expected.s[row].map(Number), `spikes at step ${row + 1}`);
    });
  },
);

skipWithoutShared(
  test,
  'a Loihi board is reproduced in 996 of 1000 membrane values and all spikes',
  'golden/nir/third_party/lif_traces/lif_lava_loihi_fixed.csv',
  (path) => {
    const rows = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(',').map(Number));
    const neuron: IntegerNeuron = { currents: [{ decay: String(LOIHI.decayOne.value - 1), input: 'a * 64' }], decayV: '163' };
    const run = neuronRun(neuron, 'lava', 'v > 25 * 64', { v: new Int32Array(1), a: new Int32Array(1) });
    let equal = 0;
    const spikes: number[] = [];
    const wanted: number[] = [];
    rows.forEach(([, v, spike], t) => {
      if (run.tick([t > 0 && rows[t - 1][0] > 0 ? 10 : 0])[0] > 0) spikes.push(t);
      if (spike > 0) wanted.push(t);
      if (run.arrays.v[0] === v) equal++;
      // at a spike the probe of the board shows a state word
      else assert.ok(spike > 0 && v === 128, `step ${t}`);
    });
    assert.equal(spikes, wanted);
    assert.equal(spikes, [461, 511, 711, 761]);
    assert.is(equal, 996);
  },
);

// --- weights ---

const signMode = (text: string): SignMode => text.toLowerCase() as SignMode;

skipWithoutShared(test, 'weights are clipped and truncated as by Lava', `${FOLDER}/weights/clip_truncate_a.json`, (path) => {
  for (const { sign_mode, num_weight_bits, weights, clipped, truncated } of load(path).cases) {
    const format: WeightFormat = { sign: signMode(sign_mode), bits: num_weight_bits };
    const kept = weights.map((weight: number) => clipWeight(weight, format.sign));
    assert.equal(kept, clipped);
    assert.equal(
      kept.map((weight: number) => truncateWeight(weight, format)),
      truncated,
    );
  }
});

/** Effective weights, and the sums that a static connection sends one step after the spikes. */
function checkDense({ sign_mode, num_weight_bits, weight_exp, weights, delays, s_in, effective_weights, a_out }: Recording): void {
  const flat: number[] = weights.flat();
  const sign = sign_mode === null ? signOf(Math.min(...flat), Math.max(...flat)) : signMode(sign_mode);
  const format: WeightFormat = { sign, bits: num_weight_bits };
  const effective: number[][] = weights.map((row: number[]) => row.map((weight) => truncateWeight(clipWeight(weight, sign), format)));
  assert.equal(effective, effective_weights);
  const sent: number[][] = a_out.map((row: number[]) => row.map(() => 0));
  s_in.forEach((spikes: number[], t: number) => {
    effective.forEach((row, post) => {
      const byDelay = new Map<number, number>();
      row.forEach((weight, pre) => {
        const delay = delays?.[post][pre] ?? 0;
        byDelay.set(delay, (byDelay.get(delay) ?? 0) + weight * spikes[pre]);
      });
      for (const [delay, sum] of byDelay) if (t + 1 + delay < sent.length) sent[t + 1 + delay][post] += Math.floor(sum * 2 ** weight_exp);
    });
  });
  assert.equal(sent, a_out);
}

for (const file of ['dense_weight_formats_a', 'dense_implicit_sign_graded_a', 'delay_dense_a']) {
  skipWithoutShared(test, `${file}: stored weights and sums`, `${FOLDER}/weights/${file}.json`, (path) =>
    load(path).cases.forEach(checkDense),
  );
}

skipWithoutShared(
  test,
  'the synaptic memory of an axon is that of nengo-loihi',
  `${FOLDER}/nengo_loihi/synapse_memory_bits_a.json`,
  (path) => {
    for (const { compression, real_weight_bits, real_idx_bits, delay_bits, tag_bits, n_synapses, n_weights, bits } of load(path).cases) {
      const fields = {
        weightBits: real_weight_bits,
        delayBits: delay_bits,
        tagBits: tag_bits,
        indexBits: compression === 3 ? 0 : real_idx_bits,
      };
      assert.equal(
        n_weights.map((n: number) => axonBits(n, fields, n_synapses + 1)),
        bits,
      );
    }
  },
);

skipWithoutShared(test, 'limits per core are those of the validator of nengo-loihi', `${FOLDER}/nengo_loihi/core_limits_a.json`, (path) => {
  const limits = load(path);
  assert.is(LOIHI.compartmentsPerCore.value, limits.max_compartments);
  assert.is(LOIHI.inputAxonsPerCore.value, limits.max_in_axons);
  assert.is(LOIHI.outputAxonsPerCore.value, limits.max_out_axons);
  assert.is(LOIHI.synapseBitsPerCore.value, limits.max_synapse_bits);
  assert.is(LOIHI.refractoryMax.value, limits.refract_delay_max);
  assert.is(LOIHI.thresholdMantissaMax.value, limits.vth_mantissa_max);
  assert.is(LOIHI.weightUnit.value, 2 ** limits.vth_exp);
  assert.is(LOIHI.accumulatorBits.value - 1, limits.learn_bits);
  assert.is(LOIHI.accumulatorFraction.value, limits.learn_frac);
});

// --- traces, products, rounding ---

const oneName = symbolTable([{ name: 'x', scope: 'neuron', format: FLOAT64, writable: true }]);

function runOn(text: string, value: number, draw: number): number {
  let held = value;
  evaluate(
    compileOrThrow(text, oneName, { title: 'trace' }),
    () => held,
    (_name, _scope, next) => (held = next),
    () => draw,
  );
  return held;
}

skipWithoutShared(test, 'traces decay and take impulses as in Lava', `${FOLDER}/unit/trace_ops_a.json`, (path) => {
  const { decay, impulse } = load(path);
  for (const { tau, u, out } of decay) {
    const text = decayText('x', exp(-1 / tau), 'independent');
    assert.equal(
      out.map((_: number, x: number) => runOn(text, x, u)),
      out,
      `tau ${tau}`,
    );
  }
  for (const { impulse: size, random, trace_in, trace_out } of impulse) {
    const text = impulseText('x', size, { impulseFraction: 'lava', traceRounding: 'independent' });
    assert.equal(
      trace_in.map((x: number) => runOn(text, x, (random + 0.5) / 128)),
      trace_out,
      `impulse ${size}`,
    );
  }
});

skipWithoutShared(test, 'accumulators are rounded as in Lava', `${FOLDER}/unit/accumulator_rounding_a.json`, (path) => {
  for (const { u, accumulator, rounded } of load(path).cases) {
    const text = `x = ${roundedText('x', 1, 'independent')}`;
    assert.equal(
      accumulator.map((value: number) => runOn(text, value, u) * 128),
      rounded,
    );
  }
});

/** A rule in Loihi's notation with weights, tags and bounds as Lava has them. */
function lavaRule(rule: Recording): PlasticityRule {
  const trace = (name: string): [string, TraceSpec][] => {
    const tau: number = rule[`${name}_tau`];
    const used = ['dw', 'dt', 'dd'].some((target) => rule[target]?.includes(name));
    if (!used) return [];
    return [[name, { on: name[0] === 'x' ? 'pre' : 'post', tau, impulse: rule[`${name}_impulse`], pairing: 'all-to-all', decay: 'exact' }]];
  };
  const texts = { dw: rule.dw, dt: rule.dt, dd: rule.dd };
  return {
    name: 'recorded',
    parameters: {},
    traces: Object.fromEntries(['x1', 'x2', 'y1', 'y2', 'y3'].flatMap(trace)),
    variables: {},
    modulators: {},
    code: {},
    sumOfProducts: Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null && text !== undefined)),
    epochTicks: rule.t_epoch ?? 1,
    bounds: [-256, 255],
  };
}

const LAVA: LoihiOptions = { impulseFraction: 'lava' };

function loweredRule(rule: Recording, sign: SignMode): Parameters<typeof lavaLearning>[0] {
  const settings = readSettings(LAVA);
  const plain = lavaRule(rule);
  const low = sign === 'excitatory' ? 0 : sign === 'inhibitory' ? -255 : -256;
  const checked = { rule: { ...plain, bounds: [low, sign === 'inhibitory' ? 0 : 255] as const }, symbols: new Map(), moments: {} };
  const lowered = chipRule(checked, { projection: 'recorded', dt: 1, scale: { format: { sign, bits: 9 }, scale: 1, rise: 0 } }, settings);
  assert.equal(
    lowered.findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  const { epoch } = lowerChipRule(lowered, { checked, network: { dt: 1 } as Network }, settings);
  return { ...(epoch === undefined ? {} : { epoch }), traces: lowered.traces.map((trace) => lowerChipTrace(trace, settings)) };
}

skipWithoutShared(test, 'sums of products are those of Lava, in accumulator units', `${FOLDER}/unit/sum_of_products_a.json`, (path) => {
  for (const one of load(path).cases) {
    const { target, rule, x0, y0, u, traces, init_accumulator, result_accumulator } = one;
    const settings = readSettings({});
    const plain = lavaRule({
      [target]: rule,
      ...Object.fromEntries(
        ['x1', 'x2', 'y1', 'y2', 'y3'].flatMap((name) => [
          [`${name}_tau`, 10],
          [`${name}_impulse`, 16],
        ]),
      ),
    });
    const checked = { rule: plain, symbols: new Map(), moments: {} };
    const lowered = chipRule(
      checked,
      { projection: 'p', dt: 1, scale: { format: { sign: 'mixed', bits: 9 }, scale: 1, rise: 0 } },
      settings,
    );
    const variable = ({ dw: 'w', dt: 't', dd: 'd' } as const)[target as LavaTarget];
    // the recording switches u on and off by itself; here a tick that is no multiple of 2^k does
    const products = lowered.products.map(
      (product): ChipProduct => (product.dependency.kind === 'u' ? { ...product, dependency: { kind: 'u', exponent: 1 } } : product),
    );
    const { lines, result } = accumulateText(variable, products, 1, settings.saturation);
    const names = [
      'w',
      't',
      'd',
      'preTime',
      'postTime',
      'tick',
      ...['x1', 'x2', 'y1', 'y2', 'y3'].flatMap((name) => ['_atPre', '_atPost', '_atEnd'].map((time) => name + time)),
    ];
    const symbols = symbolTable([
      ...names.map((name) => ({ name, scope: 'synapse', format: FLOAT64, writable: false }) as const),
      { name: 'out', scope: 'synapse', format: FLOAT64, writable: true },
    ]);
    const program = compileOrThrow([...lines, `out = ${result}`].join('\n'), symbols, { title: rule });
    const computed = init_accumulator.map((row: number[], post: number) =>
      row.map((start, pre) => {
        let out = Number.NaN;
        const read = (name: string): number => {
          if (name === variable) return start / 128;
          if (name === 'preTime') return x0[pre];
          if (name === 'postTime') return y0[post];
          if (name === 'tick') return u === 1 ? 2 : 1;
          const [, trace, time] = /^(..)_at(Pre|Post|End)$/.exec(name) ?? [];
          if (trace === undefined) return one[name][post][pre];
          return traces[`${trace}_${{ Pre: 'x0', Post: 'y0', End: 'u' }[time as 'Pre']}`][post][pre];
        };
        evaluate(
          program,
          read,
          (_name, _scope, value) => (out = value),
          () => Number.NaN,
        );
        return out;
      }),
    );
    assert.equal(computed, result_accumulator, `${target} = ${rule}`);
  }
});

skipWithoutShared(test, 'integer formats are those of nengo-loihi', `${FOLDER}/nengo_loihi/number_formats_a.json`, (path) => {
  const { decay, overflow, learn_overflow_bits } = load(path);
  for (const { decay: field, offset, x, y } of decay) {
    const text = `x = trunc(x * (${LOIHI.decayOne.value} - ${field} - ${offset}) / ${LOIHI.decayOne.value})`;
    assert.equal(
      x.map((value: number) => runOn(text, value, Number.NaN) + 0),
      y,
      `decay ${field} + ${offset}`,
    );
  }
  for (const { bits, x, y } of overflow) {
    assert.equal(
      x.map((value: number) => runOn(`x = wrap(x, ${bits + 1})`, value, Number.NaN)),
      y,
      `${bits} bits`,
    );
  }
  const trace = { kind: 'pre-trace', name: 'x1', offset: 0, sgn: false } as const;
  for (const { n_factors, bits } of learn_overflow_bits) {
    assert.is(productShift(new Array(n_factors).fill(trace), 'nengo'), Math.max(0, bits));
  }
});

// --- learning ---

function tapeOf({ mode, ...rng }: Recording): Tape {
  if (mode === 'constant') {
    return {
      decay: () => rng.decay,
      impulse: () => rng.impulse,
      earlierImpulse: (side) => (side === 'pre' ? 0 : rng.impulse),
      round: () => rng.weight,
    };
  }
  return {
    decay: (side, epoch) => (side === 'pre' ? rng.x_decay : rng.y_decay)[epoch],
    impulse: (side, epoch) => (side === 'pre' ? rng.x_impulse : rng.y_impulse)[epoch],
    earlierImpulse: (side, tick) => (side === 'pre' ? 0 : rng.post_multi_spike_impulse[tick - 1]),
    round: (epoch) => rng.weight_round[epoch],
  };
}

/** [pre][post] from Lava's [post][pre]. */
const transposed = (matrix: number[][]): Float64Array => Float64Array.from(matrix[0].flatMap((_, pre) => matrix.map((row) => row[pre])));

function startLearning(parameters: Recording, rng: Recording): { learning: LavaLearning; nPre: number; nPost: number } {
  const { rule, connection } = parameters;
  const { n_pre: nPre, n_post: nPost } = connection;
  const sign = signMode(connection.sign_mode ?? 'MIXED');
  const format: WeightFormat = { sign, bits: connection.num_weight_bits ?? 8 };
  const zero = new Float64Array(nPre * nPost);
  const matrix = (value: number[][] | undefined): Float64Array => (value === undefined ? zero : transposed(value));
  const initial = {
    w: transposed(connection.weights).map((weight) => truncateWeight(weight, format)),
    t: matrix(connection.tag_1),
    d: matrix(connection.tag_2),
  };
  return { learning: lavaLearning(loweredRule(rule, sign), initial, nPre, nPost, tapeOf(rng)), nPre, nPost };
}

const RECORDED = { weights: 'w', tag_1: 't', tag_2: 'd' } as const;

function checkLearning(learning: LavaLearning, expected: Recording, row: number): void {
  for (const [recorded, variable] of Object.entries(RECORDED)) {
    if (expected[recorded] !== undefined)
      assert.equal([...learning.synapses[variable]], [...transposed(expected[recorded][row])], `${recorded} at step ${row + 1}`);
  }
  for (const [name, values] of Object.entries(learning.traces)) {
    if (expected[name] !== undefined) assert.equal([...values], expected[name][row], `${name} at step ${row + 1}`);
  }
}

eachRecording(
  'learning',
  ({ arithmetic, parameters }) => arithmetic === 'bit_approximate' && (parameters.connection.graded_spike_cfg ?? 0) === 0,
  ({ parameters, inputs, expected, rng }) => {
    const { learning, nPre, nPost } = startLearning(parameters, rng);
    const shift = 2 ** (parameters.connection.weight_exp ?? 0);
    let sent = new Array(nPost).fill(0);
    for (const [row, pre] of (inputs.pre as number[][]).entries()) {
      // what is sent now are the weights of the step before, as they were before they learned
      if (expected.a_out !== undefined) assert.equal(sent, expected.a_out[row], `a_out at step ${row + 1}`);
      const { w } = learning.synapses;
      sent = Array.from({ length: nPost }, (_, j) => Math.floor(pre.reduce((sum, spike, i) => sum + spike * w[i * nPost + j], 0) * shift));
      assert.is(pre.length, nPre);
      const received: Record<string, number[]> =
        inputs.y1 === undefined ? {} : { y1: inputs.y1[row], y2: inputs.y2[row], y3: inputs.y3[row] };
      learning.tick(pre, inputs.post[row], received);
      checkLearning(learning, expected, row);
    }
  },
);

/** Two populations and the plastic connection between them, in Lava's order: learning at the tick of a spike, its current one tick later. */
eachRecording(
  'closed_loop',
  ({ arithmetic }) => arithmetic.startsWith('bit_accurate'),
  ({ parameters, inputs, expected, rng, steps = parameters.steps }) => {
    const { pre_lif, post_lif, rule } = parameters;
    const { learning, nPre, nPost } = startLearning(parameters, rng);
    const pre = lavaNeuron({ ...pre_lif, n: nPre });
    const post = lavaNeuron({ ...post_lif, n: nPost });
    const threeFactor = inputs.reward !== undefined;
    let arriving = new Float64Array(nPost);
    let y1 = new Float64Array(nPost);
    let firedBefore: Uint8Array = new Uint8Array(nPost);
    for (let row = 0; row < steps; row++) {
      const preSpikes = pre.tick(new Float64Array(nPre));
      if (expected.a_out !== undefined) assert.equal([...arriving], expected.a_out[row], `input at step ${row + 1}`);
      const postSpikes = post.tick(arriving);
      assert.equal([...preSpikes], expected.pre_spikes[row], `pre spikes at step ${row + 1}`);
      assert.equal([...postSpikes], expected.post_spikes[row], `post spikes at step ${row + 1}`);
      assert.equal([...post.arrays.v], expected.post_v[row], `v at step ${row + 1}`);
      arriving = new Float64Array(nPost).map((_, j) =>
        preSpikes.reduce((sum, spike, i) => sum + spike * learning.synapses.w[i * nPost + j], 0),
      );
      // the recorded learning neuron: a trace of its own spikes, one step late, rounded down, and the reward as it came
      y1 = y1.map((value, j) => Math.floor(value * exp(-1 / rule.x1_tau) + 16 * firedBefore[j]));
      if (threeFactor) assert.equal([...y1], expected.neuron_y1[row], `y1 at step ${row + 1}`);
      firedBefore = postSpikes;
      learning.tick(preSpikes, postSpikes, threeFactor ? { y1, y2: inputs.reward[row], y3: new Float64Array(nPost) } : {});
      checkLearning(learning, expected, row);
    }
  },
);

skipWithoutShared(
  test,
  'rule strings are read as by Lava, except where Lava reads them as something else',
  `${FOLDER}/unit/rule_parser_a.json`,
  (path) => {
    const traps = ['u10*w', 'x0*(w-2^-1)'];
    for (const { rule, target, ok, products } of load(path).cases) {
      const parsed = parseLavaRule(target, rule);
      assert.is(!Array.isArray(parsed), ok === 1 && !traps.includes(rule), rule);
      if (Array.isArray(parsed) || !('terms' in parsed)) continue;
      assert.equal(
        parsed.terms.map(({ dependency, mantissa, exponent }) => [dependency.kind, mantissa, exponent]),
        products.map((product: Recording) => [product.dependency, product.mantissa, product.exponent]),
        rule,
      );
    }
  },
);

test.run();
