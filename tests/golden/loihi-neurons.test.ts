/**
 * The chip's neurons, as text through a compiled kernel, against recordings of Lava, of nengo-loihi and of a Loihi board, bit for bit. The chip
 * has no ternary spikes; those are reproduced by the reference alone (loihi.test.ts).
 */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { IntegerNeuron } from '../../chips/loihi-like/neuron-text.ts';
import { LOIHI } from '../../chips/loihi-like/profile.ts';
import { lavaNeuron, neuronRun } from '../support/loihi-neuron.ts';
import { eachRecording, numbers } from '../support/loihi-recordings.ts';
import { skipWithoutShared } from '../support/skip-without.ts';

eachRecording(
  test,
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
  test,
  'nengo_loihi',
  ({ kind }) => kind === 'nengo_lif',
  ({ parameters, inputs, expected }) => {
    const { decay_u, decay_v, vth, refract_delay, bias, vmin, vmax } = parameters;
    const n = decay_u.length;
    const neuron: IntegerNeuron = {
      currents: [{ variable: 'u', decay: 'decayU', input: 'a' }],
      decayV: 'decayV',
      bias: 'bias',
      refractory: true,
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
        refractoryDelay: Int32Array.from(numbers(refract_delay, n)),
      },
      'v = 0\nrefractoryLeft = refractoryDelay',
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

test.run();
