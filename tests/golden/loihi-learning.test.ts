/**
 * The chip's learning programs, in Lava's order (tests/support/lava-order.ts), against recordings of Lava, bit for bit. Graded pre spikes and
 * floating point are not the chip's: the reference alone reproduces them (loihi.test.ts).
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SignMode, WeightFormat } from '../../chips/loihi-like/weights.ts';
import { truncateWeight } from '../../chips/loihi-like/weights.ts';
import { exp } from '../../core/program/elementary.ts';
import type { LavaLearning, Tape } from '../support/lava-order.ts';
import { lavaLearning } from '../support/lava-order.ts';
import { lavaNeuron } from '../support/loihi-neuron.ts';
import type { Recording } from '../support/loihi-recordings.ts';
import { eachRecording, loweredRule } from '../support/loihi-recordings.ts';

const signMode = (text: string): SignMode => text.toLowerCase() as SignMode;

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
  test,
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
  test,
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

test.run();
