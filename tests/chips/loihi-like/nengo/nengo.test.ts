import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errorLearning } from '../../../../chips/loihi-like/nengo/error-learning.ts';
import { nengoNeurons } from '../../../../chips/loihi-like/nengo/neurons.ts';
import {
  biasToMantissa,
  decayInteger,
  discretiseNengoWeight,
  impulseParts,
  learningOverflow,
  scaledError,
  thresholdToMantissa,
  wrapSigned,
} from '../../../../chips/loihi-like/nengo/number-formats.ts';

test('words wrap at their bits, decays round towards zero', () => {
  assert.equal(
    [127, 128, -128, -129].map((value) => wrapSigned(value, 7)),
    [127, -128, -128, 127],
  );
  assert.equal(
    [4096, -4095].map((value) => decayInteger(value, 0, 1)),
    [4095, -4094],
  );
});

test('bias and threshold as mantissa and exponent', () => {
  assert.equal(biasToMantissa(-4097), { mantissa: -2048, exponent: 1 });
  assert.equal(biasToMantissa(524160), { mantissa: 4095, exponent: 7 });
  assert.throws(() => biasToMantissa(524161 + 4096), /does not fit/);
  assert.equal(thresholdToMantissa(7680), { mantissa: 120, exponent: 6 });
  assert.throws(() => thresholdToMantissa(0), /a threshold of 0 does not fit/);
});

test('impulses, errors and overflow of learning', () => {
  assert.equal(impulseParts(20.251), { whole: 20, fraction: 32 });
  assert.equal(
    [1.482, -0.848].map((error) => scaledError(error, 100)),
    [127, -85],
  );
  assert.equal([1, 2, 3].map(learningOverflow), [-5, 2, 9]);
});

test('a weight that is shifted down twice loses more than one that is shifted once', () => {
  const format = { shiftBits: 1, weightExponent: -7 };
  assert.is(discretiseNengoWeight(179.71, format, true), 64);
  assert.is(discretiseNengoWeight(179.71, format, false), 90);
});

test('a refractory delay of r blocks r - 1 ticks', () => {
  for (const delay of [1, 2, 4]) {
    const neurons = nengoNeurons({ n: 1, decayU: 4095, decayV: 4095, threshold: 0, refractoryDelay: delay, bias: 10, low: 0, high: 1000 });
    const spikes = Array.from({ length: 3 * delay }, () => neurons.tick([0])[0]);
    assert.equal(
      spikes,
      spikes.map((_, t) => (t % delay === 0 ? 1 : 0)),
      `delay ${delay}`,
    );
  }
});

test('an error moves the two halves of the post neurons in opposite directions', () => {
  const learning = errorLearning({
    weights: [[0, 0]],
    traceTau: 1e9,
    impulse: 100,
    trainEpoch: 1,
    learnEpoch: 1,
    rateMantissa: 1,
    rateExponent: 0,
    weightExponent: 0,
    shiftBits: 1,
    errorScale: 100,
  });
  learning.tick([1], [0.2], { trace: () => 0.5, weight: () => 0.5 });
  assert.equal(learning.trace, [100]);
  // 100·20 shifted left by 7 - 2 is 64000 units of 1/128, 500 steps; the format ends at 127 steps of 2
  assert.equal(learning.weights, [[-127 * 128, 127 * 128]]);
});

test.run();
