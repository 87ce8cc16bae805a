import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Raster } from '../../experiments/result.ts';
import { divergingStep } from '../../report/colour-field.ts';
import { spread } from '../../report/panels/learning-curves.ts';
import { sampleSpikes } from '../../report/panels/rasters.ts';

test('labels that would touch move apart about the middle of their block, in order', () => {
  assert.equal(spread([10, 100], 17, 0, 200), [10, 100]);
  assert.equal(spread([52, 50], 10, 0, 200), [56, 46]);
  assert.equal(spread([50, 50, 50], 10, 0, 200), [40, 50, 60]);
  assert.equal(spread([1, 1], 10, 0, 200), [0, 10]);
  assert.equal(spread([199, 199], 10, 0, 200), [190, 200]);
  assert.equal(spread([], 10, 0, 200), []);
});

test('spread labels never stand closer than the gap', () => {
  const placed = spread([30, 31, 12, 33, 90, 91], 17, 0, 400).sort((a, b) => a - b);
  placed.forEach((at, k) => {
    assert.ok(k === 0 || at - placed[k - 1] >= 17 - 1e-9);
  });
});

const train = (n: number): Raster => ({
  title: '',
  population: 'p',
  neurons: 10,
  ticks: n,
  dt: 1e-3,
  t: Array.from({ length: n }, (_, k) => k),
  i: Array.from({ length: n }, (_, k) => k % 10),
});

test('a small raster is drawn whole, without the spikes that are not numbers', () => {
  const raster = { ...train(5), t: [0, 1, Number.NaN, 3, 4] };
  assert.equal(sampleSpikes(raster, 100), { t: [0, 1, 3, 4], i: [0, 1, 3, 4], of: 4 });
});

test('a sample is in order, the same each time, and shows every neuron of a regular train', () => {
  const sample = sampleSpikes(train(10_000), 1000);
  assert.is(sample.t.length, 1000);
  assert.is(sample.of, 10_000);
  assert.equal(sample, sampleSpikes(train(10_000), 1000));
  assert.ok(sample.t.every((t, k) => Math.floor(t / 10) === k));
  for (let neuron = 0; neuron < 10; neuron++) {
    const spikes = sample.i.filter((i) => i === neuron).length;
    assert.ok(spikes > 60 && spikes < 140, `neuron ${neuron} has ${spikes} of 1000`);
  }
});

test('weights fall on the two-sided scale with zero in the middle and the ends clipped', () => {
  assert.equal(
    [-2, -1, -0.5, 0, 0.04, 0.06, 1, 9].map((weight) => divergingStep(weight, 1)),
    [0, 0, 5, 10, 10, 11, 20, 20],
  );
});

test.run();
