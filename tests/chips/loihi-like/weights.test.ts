import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  axonBits,
  discretise,
  indexBitsFor,
  largestWeight,
  levelRange,
  nearestWeight,
  storedWeightBits,
  truncateWeight,
  weightLevels,
  weightStep,
} from '../../../chips/loihi-like/weights.ts';

test('mixed signs cost one bit, and nine bits are full resolution', () => {
  assert.equal(
    [9, 8, 7, 1].map((bits) => weightStep({ sign: 'mixed', bits })),
    [1, 2, 4, 256],
  );
  assert.equal(
    [9, 8, 7, 1].map((bits) => weightStep({ sign: 'excitatory', bits })),
    [1, 1, 2, 128],
  );
  assert.equal(levelRange({ sign: 'mixed', bits: 8 }), { low: -256, high: 254 });
  assert.equal(levelRange({ sign: 'inhibitory', bits: 7 }), { low: -254, high: 0 });
  assert.is(largestWeight({ sign: 'mixed', bits: 8 }), 254);
});

test('truncation goes towards minus infinity, for inhibitory weights towards zero', () => {
  assert.equal(
    [-5, -4, 5].map((weight) => truncateWeight(weight, { sign: 'mixed', bits: 8 })),
    [-6, -4, 4],
  );
  assert.equal(
    [-5, -4, -1].map((weight) => truncateWeight(weight, { sign: 'inhibitory', bits: 7 })),
    [-4, -4, 0],
  );
});

test('the nearest weight is the nearest of all levels', () => {
  for (const sign of ['mixed', 'excitatory', 'inhibitory'] as const) {
    for (const bits of [1, 4, 8, 9]) {
      const format = { sign, bits };
      const { low, high } = levelRange(format);
      const levels = weightLevels(low, high, weightStep(format), 1);
      for (let weight = -300; weight <= 300; weight += 3.7) {
        const least = Math.min(...levels.map((level) => Math.abs(level - weight)));
        assert.ok(Math.abs(Math.abs(nearestWeight(weight, format) - weight) - least) < 1e-9, `${weight} in ${bits} bits ${sign}`);
      }
    }
  }
});

test('the report counts what is clipped, what vanishes, and the error', () => {
  const { integers, clipped, vanished, largestError, rmsError } = discretise(Float64Array.of(0.5, 0.001, 0, 2), 255, {
    sign: 'excitatory',
    bits: 8,
  });
  assert.equal([...integers], [128, 0, 0, 255]);
  assert.is(clipped, 1);
  assert.is(vanished, 1);
  assert.is(largestError, 1);
  const errors = [128 / 255 - 0.5, 0.001, 0, 1];
  assert.ok(Math.abs(rmsError - Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / 4)) < 1e-12);
});

test('an axon of 64 dense 8-bit synapses takes 576 bits, so a core holds about 116,500', () => {
  const dense = { weightBits: 8, delayBits: 0, tagBits: 0, indexBits: 0 };
  assert.is(axonBits(64, dense), 576);
  assert.is(Math.round(((16384 * 64) / 576) * 64), 116_508);
  assert.equal(
    [0, 1, 64, 65].map((n) => axonBits(n, { ...dense, indexBits: 6 })),
    [0, 64, 960, 1024],
  );
});

test('memory has some widths only', () => {
  assert.equal(
    [1, 6, 7, 8, 9].map((bits) => storedWeightBits({ sign: 'mixed', bits })),
    [1, 6, 8, 8, 9],
  );
  assert.is(storedWeightBits({ sign: 'excitatory', bits: 9 }), 8);
  assert.equal([2, 64, 65, 1024, 4096].map(indexBitsFor), [6, 6, 7, 10, 12]);
});

test.run();
