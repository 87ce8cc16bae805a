/** The teachers' gradients against finite differences of their own losses, and two ways to one gradient against each other. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { normalAt, streamOf, uniformAt } from '../../../core/random.ts';
import type { ActivationName } from '../../../experiments/teacher/activations.ts';
import { ACTIVATIONS } from '../../../experiments/teacher/activations.ts';
import type { BackwardOptions } from '../../../experiments/teacher/bptt.ts';
import { backwardInTime } from '../../../experiments/teacher/bptt.ts';
import { eProp } from '../../../experiments/teacher/e-prop.ts';
import { finiteDifferences } from '../../../experiments/teacher/gradient-check.ts';
import type { LossName } from '../../../experiments/teacher/loss.ts';
import { lossOf } from '../../../experiments/teacher/loss.ts';
import { angleBetween, relativeError } from '../../../experiments/teacher/matrix.ts';
import { adam, sgd } from '../../../experiments/teacher/optimisers.ts';
import { backward, forward, parametersOf, rateNetwork, rateTape, zerosLike } from '../../../experiments/teacher/rate-network.ts';
import type { SpikingNetwork, SpikingNetworkOptions, SpikingTape } from '../../../experiments/teacher/spiking-network.ts';
import {
  runForward,
  spikingNetwork,
  spikingParametersOf,
  spikingTape,
  spikingZerosLike,
} from '../../../experiments/teacher/spiking-network.ts';
import { near, problemsOf } from '../../support/near.ts';

const STREAM = streamOf('tests/teacher');
const normals = (n: number, event: number) => Float64Array.from({ length: n }, (_, k) => normalAt(7, STREAM, k, event));
const TARGETS: Readonly<Record<LossName, readonly number[]>> = {
  'squared-error': [0.3, -0.8, 0.4],
  'softmax-cross-entropy': [0.1, 0.7, 0.2],
};

test('the slope of every activation is that of its values', () => {
  for (const [name, { value, slope }] of Object.entries(ACTIVATIONS)) {
    for (const u of [-3.1, -0.4, 0.2, 2.7]) near(slope(u), (value(u + 1e-5) - value(u - 1e-5)) / 2e-5, 1e-9, `${name} at ${u}`);
  }
});

for (const hidden of ['clipped-relu', 'relu', 'tanh', 'sigmoid'] as const) {
  for (const loss of ['squared-error', 'softmax-cross-entropy'] as const) {
    for (const sizes of [
      [5, 3],
      [5, 7, 6, 4, 3],
    ]) {
      test(`back-propagation is the slope of the ${loss}: ${hidden}, layers ${sizes}`, () => {
        assert.ok(rateError(hidden, loss, sizes) < 1e-6);
      });
    }
  }
}

function rateError(hidden: ActivationName, loss: LossName, sizes: readonly number[]): number {
  const network = rateNetwork({ sizes, hidden, output: loss === 'squared-error' ? 'sigmoid' : 'linear', seed: 3 });
  network.biases.forEach((values, l) => {
    values.set(normals(values.length, 10 + l));
  });
  const tape = rateTape(network);
  const input = normals(sizes[0], 1);
  const gradient = zerosLike(network);
  forward(network, input, tape);
  backward(network, tape, loss, TARGETS[loss], gradient);
  const measured = finiteDifferences(parametersOf(network), () => {
    const output = forward(network, input, tape);
    return lossOf(loss, output, TARGETS[loss], new Float64Array(output.length));
  });
  return relativeError(parametersOf(gradient), measured);
}

const CASES: readonly (Omit<SpikingNetworkOptions, 'sizes' | 'seed'> & { readonly sizes: readonly number[] })[] = [
  { sizes: [4, 6, 3], reset: 'soft' },
  { sizes: [4, 6, 3], reset: 'hard' },
  { sizes: [4, 6, 3], reset: 'hard', recurrent: true },
  { sizes: [4, 6, 5, 3], reset: 'soft', recurrent: true, alpha: 0.8, kappa: 0.7 },
];

for (const options of CASES) {
  test(`back-propagation through time is the slope of the loss of smooth neurons: ${JSON.stringify(options)}`, () => {
    for (const loss of ['squared-error', 'softmax-cross-entropy'] as const) {
      const { network, tape } = sample({ ...options, spike: 'sigmoid' });
      const gradient = gradientOf(network, tape, loss, { throughReset: true });
      const measured = finiteDifferences(spikingParametersOf(network), () =>
        lossOf(loss, runForward(network, tape), TARGETS[loss], new Float64Array(3)),
      );
      const error = relativeError(gradient, measured);
      assert.ok(error < 1e-6, `${loss}: relative error ${error}`);
      // and the check can tell: leaving out the path through the reset is another gradient
      assert.ok(relativeError(gradientOf(network, tape, loss), measured) > 1e-3);
    }
  });
}

for (const options of CASES.filter(({ sizes }) => sizes.length === 3)) {
  for (const spike of ['step', 'sigmoid'] as const) {
    test(`e-prop is back-propagation through time with the recurrent path cut: ${spike}, ${JSON.stringify(options)}`, () => {
      for (const loss of ['squared-error', 'softmax-cross-entropy'] as const) {
        const { network, tape } = sample({ ...options, spike });
        const cut = gradientOf(network, tape, loss, { throughRecurrence: false });
        const forwardInTime = spikingZerosLike(network);
        eProp(network, tape, loss, TARGETS[loss], forwardInTime);
        const error = relativeError(spikingParametersOf(forwardInTime), cut);
        assert.ok(error < 1e-12, `${loss}: relative error ${error}`);
        const full = gradientOf(network, tape, loss);
        if (network.recurrent.length === 0) assert.equal(full, cut);
        else assert.ok(angleBetween(cut, full) > 1, 'the recurrent path carries gradient');
      }
    });
  }
}

/** A random network with random input spikes, run. */
function sample(options: (typeof CASES)[number] & { readonly spike: 'step' | 'sigmoid' }): { network: SpikingNetwork; tape: SpikingTape } {
  const network = spikingNetwork({ ...options, seed: 5, ticks: 20, gain: 2 });
  network.biases.forEach((values, l) => {
    values.set(normals(values.length, 20 + l).map((z) => 0.1 * z));
  });
  const tape = spikingTape(network);
  tape.spikes[0].forEach((_, k, spikes) => {
    spikes[k] = uniformAt(5, STREAM, k, 99) < 0.3 ? 1 : 0;
  });
  runForward(network, tape);
  assert.ok(tape.spikes[1].some((s) => s > 0.5) && tape.spikes[1].some((s) => s < 0.5), 'some neurons spike and some do not');
  return { network, tape };
}

function gradientOf(network: SpikingNetwork, tape: SpikingTape, loss: LossName, options?: BackwardOptions): readonly Float64Array[] {
  const gradient = spikingZerosLike(network);
  runForward(network, tape);
  backwardInTime(network, tape, loss, TARGETS[loss], gradient, options);
  return spikingParametersOf(gradient);
}

test('a neuron under constant input fires first in the tick of its closed form', () => {
  const network = spikingNetwork({ sizes: [1, 1, 1], seed: 1, ticks: 12 });
  network.weights[0].fill(0.15);
  const tape = spikingTape(network);
  tape.spikes[0].fill(1);
  runForward(network, tape);
  // ceil(ln(1 - θ(1-α)/I) / ln α) = 11, counted from 1
  assert.is(tape.spikes[1].indexOf(1), 10);
});

test('soft-max cross entropy of equal outputs is the log of their number, also where exp would overflow', () => {
  for (const level of [0, 5000]) {
    const slope = new Float64Array(4);
    near(lossOf('softmax-cross-entropy', new Float64Array(4).fill(level), [0, 1, 0, 0], slope), Math.log(4), 1e-14);
    assert.equal(Array.from(slope), [0.25, -0.75, 0.25, 0.25]);
  }
});

test('one step of each optimiser is the published one', () => {
  const parameters = [Float64Array.of(1, 1)];
  sgd().step(parameters, [Float64Array.of(4, -2)], 0.1, 0.5);
  assert.equal(Array.from(parameters[0]), [0.8, 1.1]);
  // the first step of Adam is the rate against the sign, whatever the size
  const other = [Float64Array.of(1, 1)];
  const optimiser = adam();
  optimiser.step(other, [Float64Array.of(1e-3, -50)], 0.01);
  near(other[0][0], 0.99, 1e-7);
  near(other[0][1], 1.01, 1e-7);
  optimiser.step(other, [Float64Array.of(1e-3, 50)], 0.01);
  near(other[0][0], 0.98, 1e-6);
  // moments (0.9·0.1·-50 + 0.1·50, …), corrected by 1 - 0.9² and 1 - 0.999²
  near(other[0][1], 1.01 - 0.01 * (0.5 / 0.19 / 50), 1e-9);
});

test('sizes that make no network are refused with what would do', () => {
  for (const sizes of [[], [4], [4, 0], [4, 2.5, 1]]) assert.match(problemsOf(() => rateNetwork({ sizes, seed: 1 }))[0].message, /sizes/);
  assert.match(problemsOf(() => spikingNetwork({ sizes: [4, 3], seed: 1 }))[0].message, /hidden layer/);
  const { network, tape } = sample({ ...CASES[3], spike: 'step' });
  assert.match(
    problemsOf(() => eProp(network, tape, 'squared-error', [0, 0, 0], spikingZerosLike(network)))[0].message,
    /one hidden layer/,
  );
});

test.run();
