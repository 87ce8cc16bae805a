/** The nearest rule that fits runs, and its weights stay within the stated difference of the original on the ideal chip. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { fitPolynomial } from '../../../chips/loihi-like/fit-polynomial.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import type { ChipBackend, NearestRule } from '../../../core/chip-contract.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan, checkDeployment } from '../../../core/plan/build-plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import type { PlasticityRule } from '../../../core/plasticity/rule.ts';
import { integerAt } from '../../../core/random.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { near } from '../../support/near.ts';
import { ms } from '../../support/simulate.ts';
import { LITERATURE } from './literature-rules.ts';

test('a line through the exponential has the least squares of the text book', () => {
  const line = fitPolynomial((x) => Math.exp(x), [0, 1], 1);
  // ∫(e^x - a - bx)² over 0…1 is least at a = 4e - 10, b = 18 - 6e; 201 points instead of all of them move it by 1e-3
  near(line?.coefficients[0] ?? 0, 4 * Math.E - 10, 2e-3);
  near(line?.coefficients[1] ?? 0, 18 - 6 * Math.E, 3e-3);
});

test('a parabola is fitted exactly, on any interval', () => {
  const { coefficients, maxDifference } = fitPolynomial((x) => 3 - 2 * x + 0.5 * x * x, [-4, 10], 2) ?? {
    coefficients: [],
    maxDifference: 1,
  };
  coefficients.forEach((c, power) => {
    near(c, [3, -2, 0.5][power], 1e-12);
  });
  near(maxDifference, 0, 1e-12);
});

test('a function that is not finite somewhere has no fit', () => {
  assert.is(
    fitPolynomial((x) => 1 / x, [0, 1], 2),
    undefined,
  );
});

const SYNAPSES = 120;
const ROUNDS = 12;

/** Synapses of even number see the pre spike 6 ms before the post spike, odd ones after it; rounds are 60 to 79 ms apart. */
function pairs(plastic: PlasticityRule, seed: number) {
  const net = network({ dt: '1 ms', seed });
  const side = (isPost: boolean) => {
    const spikes = Array.from({ length: SYNAPSES }, (_, i) => {
      let start = 10;
      return Array.from({ length: ROUNDS }, (_, n) => {
        start += 60 + integerAt(5, i, n, 0, 20);
        const late = isPost === (i % 2 === 0) ? 6 : 0;
        return { tick: start + late - 1, neuron: i };
      });
    }).flat();
    return { times: spikes.map(({ tick }) => ms(tick)), neurons: spikes.map(({ neuron }) => neuron) };
  };
  const pre = net.input('pre', SYNAPSES, side(false));
  const teacher = net.input('teacher', SYNAPSES, side(true));
  const post = net.neurons('post', SYNAPSES, { model: 'lif', tauMem: '0.1 ms', vThreshold: 20 });
  net.connect(pre, post, { name: 'p', connect: 'one-to-one', weight: 0.5, rule: plastic });
  net.connect(teacher, post, { name: 'teaching', connect: 'one-to-one', weight: 40 });
  return net.freeze();
}

const chip = loihiLike();

function nearestOf(plastic: PlasticityRule): NearestRule | undefined {
  return chip.nearestRules?.(checkDeployment(pairs(plastic, 1), chip).subject).get('p');
}

function weightsOf(plastic: PlasticityRule, on: ChipBackend): { even: number[]; odd: number[] } {
  const simulation = new Simulation(buildPlan(pairs(plastic, 3), on));
  simulation.run(1100);
  assert.is(simulation.spikeCounts('post')[0], ROUNDS);
  const all = Array.from(simulation.weights('p'));
  return { even: all.filter((_, i) => i % 2 === 0), odd: all.filter((_, i) => i % 2 === 1) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const sd = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

const LSB = 1 / 255;

for (const [title, plastic] of Object.entries(LITERATURE)) {
  if (plastic.name === 'clopath' || plastic.name === 'r-stdp') continue;
  test(`the nearest rule of ${title} runs, and its weights stay within the stated difference`, () => {
    const nearest = nearestOf(plastic);
    assert.ok(nearest !== undefined);
    const asked = weightsOf(plastic, ideal());
    const made = weightsOf((nearest as NearestRule).rule, chip);
    const events = 2 * ROUNDS;
    // traces of earlier rounds add up to 1/(1 - exp(-60/114)) = 2.4 for the slowest, 1.05 for the others
    const sums = plastic.name === 'triplet' ? 2.4 : 1.05;
    const isGathered = (nearest as NearestRule).rule.sumOfProducts?.dt !== undefined;
    const stated = events * (nearest as NearestRule).maxDifference * sums + (isGathered ? 2 * LSB : 0);
    for (const group of ['even', 'odd'] as const) {
      const error = sd(made[group]) / Math.sqrt(made[group].length);
      // half a step: the initial weight is rounded, which lasts
      near(mean(made[group]), mean(asked[group]), stated + LSB / 2 + 4 * error, `${plastic.name}, ${group}`);
    }
    // the rule did something that a dead one would not: more than the tolerance
    if (['exponential', 'additive', 'multiplicative'].includes(plastic.name)) {
      assert.ok(Math.abs(mean(made.even) - 0.5) > 2 * stated, `${plastic.name} moved by ${mean(made.even) - 0.5}`);
    }
  });
}

test('a rule that reads the membrane of the post neuron has no nearest rule', () => {
  assert.is(nearestOf(LITERATURE['voltage-based STDP (Clopath et al. 2010)']), undefined);
});

test('what is not a function of one variable has no nearest rule', () => {
  const traces = { x1: { on: 'pre', tau: '20 ms' } } as const;
  assert.is(nearestOf(rule({ traces, onPost: 'w += 0.1 * exp(-w * x1)' })), undefined);
  assert.is(nearestOf(rule({ traces, onPost: 'w += 0.1 * x1 * uniform()' })), undefined);
  assert.is(nearestOf(rule({ traces, onPost: 'w += 0.01 * x1 / w' })), undefined);
});

test('changes say what became what, and how far it is off', () => {
  const [first, ...rest] = nearestOf(LITERATURE['exponential weight dependence (Querlioz et al. 2013)'])?.changes ?? [];
  assert.is(first.from, 'exp(-w)');
  assert.is(first.to, '0.995 - 0.931*w + 0.309*w*w');
  assert.is(first.over, 'for w in [0, 1]');
  near(first.maxDifference, 0.0054, 1e-4);
  // a coefficient of two terms, with the shift of its product
  assert.is(rest.find(({ from }) => from.includes('*w*x1'))?.to, '-6*2^-5 - 2^-7, shifted right by 5');
});

test('gathering small changes in the tag leaves less noise in the weights than rounding each of them', () => {
  const slow = LITERATURE['slow additive STDP (changes below one step)'];
  const nearest = nearestOf(slow);
  assert.is(
    nearest?.rule.sumOfProducts?.dt,
    '-3*2^-2*x0*y1 + 5*2^-7*x0*y1 + 5*2^-3*y0*x1 + 7*2^-7*y0*x1 - 2^3*u1*sgn(t-16) - 2^3*u1*sgn(t+16)',
  );
  const direct = weightsOf(slow, chip);
  const gathered = weightsOf(nearest?.rule ?? slow, chip);
  for (const group of ['even', 'odd'] as const) {
    assert.ok(sd(gathered[group]) < 0.7 * sd(direct[group]), `${sd(gathered[group])} against ${sd(direct[group])}`);
  }
});

test('a function of the reward alone is a line too', () => {
  const nearest = nearestOf(
    rule({
      traces: { x1: { on: 'pre', tau: '20 ms' } },
      variables: { e: {} },
      modulators: { reward: { range: 1 } },
      onPost: 'e += x1',
      onModulator: 'w += 0.1 * max(reward, -1) * e',
    }),
  );
  assert.is(nearest?.changes[0].to, '1*reward');
  assert.is(nearest?.rule.sumOfProducts?.dw, '4*2^1*u0*t*r1 + 5*2^-3*u0*t*r1');
});

test.run();
