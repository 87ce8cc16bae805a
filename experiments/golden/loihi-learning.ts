/** Recordings of plastic connections, alone and between two populations, in integers and in floating point. */
import type { LavaConnection } from '../../chips/loihi-like/lava/connection.ts';
import { lavaReference } from '../../chips/loihi-like/lava/reference.ts';
import type { LavaRounding } from '../../chips/loihi-like/lava/rounding.ts';
import { LAVA_TRACES } from '../../chips/loihi-like/lava/rule-set.ts';
import { exp } from '../../core/program/elementary.ts';
import type { Tolerance } from './compare.ts';
import { expectSame, FLOAT } from './compare.ts';
import { lavaPopulation } from './loihi-neurons.ts';
import type { Family, Fields, Recording } from './recording.ts';

/** Recordings without random numbers follow Lava's own streams. */
function roundingOf(rng: Fields, seed: number): LavaRounding {
  if (rng === undefined) return { mode: 'lava-stream', seed };
  if (rng.mode !== 'constant') return { mode: 'tape', tape: rng };
  return { mode: 'constant', decay: rng.decay, impulse: rng.impulse, weight: rng.weight };
}

interface Plastic {
  readonly connection: LavaConnection;
  readonly isFloat: boolean;
  readonly tolerance: Tolerance;
}

function plastic({ arithmetic, parameters, inputs, rng }: Recording): Plastic {
  const { rule, connection } = parameters;
  const isFloat = arithmetic === 'floating_point';
  const isThreeFactor = inputs?.y1 !== undefined || inputs?.reward !== undefined;
  return {
    isFloat,
    tolerance: isFloat ? FLOAT : 'exact',
    connection: lavaReference({
      rule: isThreeFactor ? { ...rule, class_name: 'Loihi3FLearningRule' } : rule,
      mode: 'lava-compat',
      arithmetic: isFloat ? 'floating_point' : 'bit_approximate',
      rounding: roundingOf(rng, rule.rng_seed ?? 0),
      weights: connection.weights,
      ...(connection.tag_1 === undefined ? {} : { tag: connection.tag_1 }),
      ...(connection.tag_2 === undefined ? {} : { delayVariable: connection.tag_2 }),
      sign: (connection.sign_mode ?? 'MIXED').toLowerCase(),
      weightBits: connection.num_weight_bits ?? 8,
      weightExponent: connection.weight_exp ?? 0,
      messageBits: connection.num_message_bits ?? 0,
      gradedSpikes: connection.graded_spike_cfg ?? 0,
    }),
  };
}

const RECORDED = { weights: 'w', tag_1: 't', tag_2: 'd' } as const;

function compareState({ connection, tolerance }: Plastic, expected: Fields, row: number): void {
  for (const [name, variable] of Object.entries(RECORDED)) {
    if (expected[name] !== undefined)
      expectSame(connection.variables[variable], expected[name][row], `${name} at step ${row + 1}`, tolerance);
  }
  for (const name of LAVA_TRACES) {
    if (expected[name] !== undefined) expectSame(connection.traces[name], expected[name][row], `${name} at step ${row + 1}`, tolerance);
  }
}

function checkLearning(recording: Recording): void {
  const { inputs, expected } = recording;
  const run = plastic(recording);
  (inputs.pre as number[][]).forEach((pre, row) => {
    if (expected.a_out !== undefined) expectSame(run.connection.activation, expected.a_out[row], `a_out at step ${row + 1}`, run.tolerance);
    const received = Object.fromEntries(
      ['y1', 'y2', 'y3'].flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name][row]]])),
    );
    run.connection.receive(pre, inputs.post[row], received);
    compareState(run, expected, row);
  });
}

/** Two populations and the plastic connection between them: what was sent at the last step arrives, both sides fire, the connection learns. */
function checkClosedLoop(recording: Recording): void {
  const { parameters, inputs, expected } = recording;
  const run = plastic(recording);
  const { connection, isFloat, tolerance } = run;
  const [nPost, nPre] = [parameters.connection.weights.length, parameters.connection.weights[0].length];
  const pre = lavaPopulation(parameters.pre_lif, nPre, isFloat);
  const post = lavaPopulation(parameters.post_lif, nPost, isFloat);
  const steps = parameters.steps ?? recording.steps ?? expected.pre_spikes.length;
  const silence = new Float64Array(nPre);
  const sent = learningNeuron(parameters.rule, nPost, isFloat);
  const compare = (actual: unknown, name: string, row: number): void => {
    if (expected[name] !== undefined) expectSame(actual, expected[name][row], `${name} at step ${row + 1}`, tolerance);
  };
  for (let row = 0; row < steps; row++) {
    compare(connection.activation, 'a_out', row);
    const preSpikes = pre.tick(silence);
    const postSpikes = post.tick(connection.activation);
    compare(pre.u, 'pre_u', row);
    compare(pre.v, 'pre_v', row);
    compare(post.u, 'post_u', row);
    compare(post.v, 'post_v', row);
    compare(preSpikes, 'pre_spikes', row);
    compare(postSpikes, 'post_spikes', row);
    const y1 = sent(postSpikes);
    const received = inputs?.reward === undefined ? {} : { y1, y2: inputs.reward[row], y3: new Float64Array(nPost) };
    if (inputs?.reward !== undefined) {
      compare(y1, 'neuron_y1', row);
      compare(inputs.reward[row], 'neuron_y2', row);
    }
    connection.receive(preSpikes, postSpikes, received);
    compareState(run, expected, row);
  }
}

/** The recorded learning neuron sends y1: a trace of its own spikes, one step late, rounded down in integers. */
function learningNeuron(rule: Fields, n: number, isFloat: boolean): (spikes: readonly number[]) => number[] {
  const { post_trace_decay_tau: tau = 1, post_trace_kernel_magnitude: impulse = 0 } = rule;
  const decay = exp(-1 / tau);
  let y1 = new Array<number>(n).fill(0);
  let before = new Array<number>(n).fill(0);
  return (spikes) => {
    y1 = y1.map((value, j) => {
      const moved = value * decay + impulse * before[j];
      return isFloat ? moved : Math.floor(moved);
    });
    before = [...spikes];
    return y1;
  };
}

export const learningRecordings: Family = { learning: checkLearning, closed_loop: checkClosedLoop };
