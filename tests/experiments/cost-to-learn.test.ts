/** Samples and joules until the goal, and the digital reference of each kind of task, counted by hand. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { costToGoal, digitalReference, samplesTo } from '../../experiments/cost-to-learn.ts';
import { digits } from '../../scenarios/digits.ts';
import { mnist } from '../../scenarios/mnist.ts';
import { rewardChoice } from '../../scenarios/reward-choice.ts';
import { near } from '../support/near.ts';

const curve = {
  samples: [250, 500, 750],
  perSeed: [
    [0.5, 0.95, 0.97],
    [0.6, 0.8, 0.9],
  ],
};

test('samples to a goal: the first point at which the mean over the seeds stands there', () => {
  assert.is(samplesTo(0.9, curve), 750);
  assert.is(samplesTo(0.87, curve), 500);
  assert.is(samplesTo(0.98, curve), undefined);
});

test('joules to the goal are samples times joules per sample, with both ends; nothing where it is not reached or has no price', () => {
  const perSample = { value: 2e-6, lo: 1e-6, hi: 4e-6, unit: 'J' } as const;
  const { goal, samples, energy } = costToGoal({ ...curve, label: '' }, { perSample });
  assert.equal([goal, samples], [0.9, 750]);
  for (const end of ['value', 'lo', 'hi'] as const) near(energy?.[end] ?? 0, 750 * perSample[end], 1e-18);
  assert.is(costToGoal({ ...curve, label: '' }, { perSample: null }).energy, null);
  assert.equal(costToGoal({ samples: [250], perSeed: [[0.1]], label: '' }, { perSample }), { goal: 0.9, samples: null, energy: null });
});

const perWeight = 606e-12;

test('layers of the same sizes by back-propagation: six operations and three words per weight', () => {
  const of = (rule: string): number => digitalReference(mnist.build({ pixels: 784, realImages: true, rule }))?.perSample ?? 0;
  for (const rule of ['dfa', 'ep', 'pc']) near(of(rule) / (784 * 400 + 400 * 10) / perWeight, 1, 1e-12);
  near(of('r-stdp') / 7840 / perWeight, 1, 1e-12);
});

test('a kernel is stored once and used at every place', () => {
  const of = (weights: number, places: number): number => weights * (6 * places + 600) * 1e-12;
  const expected = of(150 * 30, 784) + of(270 * 128, 196) + of(2048 * 10, 1);
  const built = mnist.build({ pixels: 784, realImages: true, rule: 'r-stdp-conv' });
  near((digitalReference(built)?.perSample ?? 0) / expected, 1, 1e-12);
});

test('a task without images has no such reference', () => {
  assert.is(digitalReference(rewardChoice.build({ pixels: 0, realImages: false })), undefined);
  assert.ok(digitalReference(digits.build({ pixels: 64, realImages: false })) !== undefined);
});

test.run();
