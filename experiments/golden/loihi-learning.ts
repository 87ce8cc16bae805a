/** Recordings of plastic connections, alone and between two populations, in integers and in floating point. */
import type { GradedSpikes, LavaConnection } from '../../chips/loihi-like/lava/connection.ts';
import { lavaReference } from '../../chips/loihi-like/lava/reference.ts';
import type { LavaRounding } from '../../chips/loihi-like/lava/rounding.ts';
import { LAVA_TRACES } from '../../chips/loihi-like/lava/rule-set.ts';
import { exp } from '../../core/program/elementary.ts';
import type { Tolerance } from './compare.ts';
import { Difference, expectSame, FLOAT } from './compare.ts';
import { isFloatingPoint, neededFields, oneOf, onlyFields, recordedSeries } from './fields.ts';
import { lavaPopulation } from './loihi-neurons.ts';
import { RULE_FIELDS } from './loihi-units.ts';
import { signMode } from './loihi-weights.ts';
import type { Family, Fields, Recording } from './recording.ts';

const TAPE = ['x_decay', 'x_impulse', 'y_decay', 'y_impulse', 'weight_round', 'post_multi_spike_impulse'] as const;

/** Recordings without random numbers, or without some of them, follow Lava's own streams. */
function roundingOf(rng: Fields, seed: number, steps: number, epoch: number): LavaRounding {
  if (rng === undefined || rng === null) return { mode: 'lava-stream', seed };
  onlyFields(rng, ['mode', 'decay', 'impulse', 'weight', ...TAPE], 'rng');
  if (oneOf(rng.mode, ['lava_pcg64_tape', 'constant'], 'rng.mode') === 'constant') {
    neededFields(rng, ['decay', 'impulse', 'weight'], 'rng');
    return { mode: 'constant', decay: rng.decay, impulse: rng.impulse, weight: rng.weight };
  }
  if (TAPE.some((name) => rng[name] === undefined)) return { mode: 'lava-stream', seed };
  for (const name of TAPE) {
    const needed = name === 'post_multi_spike_impulse' ? steps : Math.floor(steps / epoch);
    if (rng[name].length < needed) throw new Difference(`rng.${name} holds ${rng[name].length} numbers, the run draws ${needed}`);
  }
  return { mode: 'tape', tape: rng };
}

interface Plastic {
  readonly connection: LavaConnection;
  readonly isFloat: boolean;
  readonly tolerance: Tolerance;
}

const CONNECTION_FIELDS = [
  ...['weights', 'tag_1', 'tag_2', 'sign_mode', 'num_weight_bits', 'weight_exp', 'num_message_bits', 'graded_spike_cfg'],
  ...['n_pre', 'n_post'],
] as const;

/** The recorded learning neuron's own, kept beside the rule. */
const NEURON_FIELDS = ['post_trace_decay_tau', 'post_trace_kernel_magnitude'] as const;

function plastic({ arithmetic, parameters, inputs, rng }: Recording, steps: number): Plastic {
  neededFields(parameters, ['rule', 'connection'], 'parameters');
  const { rule, connection } = parameters;
  onlyFields(rule, [...RULE_FIELDS, ...NEURON_FIELDS], 'parameters.rule');
  onlyFields(connection, CONNECTION_FIELDS, 'parameters.connection');
  neededFields(connection, ['weights'], 'parameters.connection');
  const isFloat = isFloatingPoint(arithmetic);
  const isThreeFactor = inputs?.y1 !== undefined || inputs?.y2 !== undefined || inputs?.y3 !== undefined || inputs?.reward !== undefined;
  const gradedSpikes = [0, 1, 2, 3].find((mode) => mode === (connection.graded_spike_cfg ?? 0));
  if (gradedSpikes === undefined) {
    throw new Difference(`graded_spike_cfg is ${JSON.stringify(connection.graded_spike_cfg)}; this check knows 0, 1, 2, 3`);
  }
  return {
    isFloat,
    tolerance: isFloat ? FLOAT : 'exact',
    connection: lavaReference({
      rule: isThreeFactor ? { ...rule, class_name: 'Loihi3FLearningRule' } : rule,
      mode: 'lava-compat',
      arithmetic: isFloat ? 'floating_point' : 'bit_approximate',
      rounding: roundingOf(rng, rule.rng_seed ?? 0, steps, rule.t_epoch ?? 1),
      weights: connection.weights,
      ...(isGiven(connection.tag_1) ? { tag: connection.tag_1 } : {}),
      ...(isGiven(connection.tag_2) ? { delayVariable: connection.tag_2 } : {}),
      sign: signMode(connection.sign_mode ?? 'MIXED', 'parameters.connection'),
      weightBits: connection.num_weight_bits ?? 8,
      weightExponent: connection.weight_exp ?? 0,
      messageBits: connection.num_message_bits ?? 0,
      gradedSpikes: gradedSpikes as GradedSpikes,
    }),
  };
}

const isGiven = (value: Fields): boolean => value !== undefined && value !== null;

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

const LEARNED = ['weights', 'tag_1', 'tag_2', 'x1', 'x2', 'y1', 'y2', 'y3', 'a_out'] as const;

function checkLearning(recording: Recording): void {
  const { inputs, expected } = recording;
  onlyFields(recording.parameters, ['rule', 'connection', 'steps'], 'parameters');
  // dt is the list of spike time differences of a window, which the spikes hold already
  onlyFields(inputs, ['pre', 'post', 'y1', 'y2', 'y3', 'dt'], 'inputs');
  neededFields(inputs, ['pre', 'post'], 'inputs');
  recordedSeries(expected, LEARNED, inputs.pre.length);
  expectSame(inputs.post.length, inputs.pre.length, 'inputs.post, rows');
  const run = plastic(recording, inputs.pre.length);
  (inputs.pre as number[][]).forEach((pre, row) => {
    if (expected.a_out !== undefined) expectSame(run.connection.activation, expected.a_out[row], `a_out at step ${row + 1}`, run.tolerance);
    const received = Object.fromEntries(
      ['y1', 'y2', 'y3'].flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name][row]]])),
    );
    run.connection.receive(pre, inputs.post[row], received);
    compareState(run, expected, row);
  });
}

const LOOP = ['pre_u', 'pre_v', 'post_u', 'post_v', 'pre_spikes', 'post_spikes', 'neuron_y1', 'neuron_y2'] as const;

/** Two populations and the plastic connection between them: what was sent at the last step arrives, both sides fire, the connection learns. */
function checkClosedLoop(recording: Recording): void {
  const { parameters, inputs, expected } = recording;
  onlyFields(parameters, ['rule', 'connection', 'pre_lif', 'post_lif', 'steps'], 'parameters');
  neededFields(parameters, ['pre_lif', 'post_lif'], 'parameters');
  onlyFields(inputs, ['reward'], 'inputs');
  const steps = parameters.steps ?? Object.values(expected as Record<string, unknown[]>)[0]?.length ?? 0;
  recordedSeries(expected, [...LOOP, ...LEARNED], steps);
  const run = plastic(recording, steps);
  const { connection, isFloat, tolerance } = run;
  const [nPost, nPre] = [parameters.connection.weights.length, parameters.connection.weights[0].length];
  const pre = lavaPopulation(parameters.pre_lif, nPre, isFloat, 'parameters.pre_lif');
  const post = lavaPopulation(parameters.post_lif, nPost, isFloat, 'parameters.post_lif');
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
