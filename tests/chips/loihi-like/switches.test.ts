/** What each switch does where public models disagree, on numbers small enough to follow. Rounding is never up, so that nothing is drawn. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import type { LoihiOptions } from '../../../chips/loihi-like/switches.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import type { RuleOptions } from '../../../core/plasticity/read-rule.ts';
import { rule as ruleOf } from '../../../core/plasticity/read-rule.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { forced, simulate } from '../../support/loihi-forced.ts';
import { neuronRun } from '../../support/loihi-neuron.ts';

type Spikes = readonly (readonly [tick: number, neuron: number])[];

/** One synapse of weight 100, or -100 where weights may be negative; its variable after so many ticks. */
function learned(rule: RuleOptions, pre: Spikes, post: Spikes, ticks: number, options: LoihiOptions, variable = 'w'): number {
  const description = forced({ nPre: 1, nPost: 1, pre, post, weight: 100, rule: { bounds: [0, 255], ...rule } });
  const simulation = simulate(description, { rounding: 'never-up', traceRounding: 'never-up', ...options });
  simulation.run(ticks);
  return simulation.synapseVariable('plastic', variable)[0];
}

const traces = { x1: { on: 'pre', tau: '4 ms', impulse: 40 }, y1: { on: 'post', tau: '4 ms', impulse: 40 } } as const;
const d = Math.exp(-1 / 4);
const decayed = (value: number, times: number): number => {
  let left = value;
  for (let n = 0; n < times; n++) left = Math.floor(left * d);
  return left;
};

test('a trace is read at the tick of the spike, or at the end of the epoch', () => {
  // ticks 5 … 8 are an epoch: the post neuron fires at its first tick, the pre spike comes at its third
  const rule = { traces, dw: 'x0*y1', epochTicks: 4 };
  const weight = (traceTime: 'spike-time' | 'epoch-end'): number => learned(rule, [[7, 0]], [[5, 0]], 8, { traceTime });
  assert.is(weight('spike-time'), 100 + decayed(40, 2));
  assert.is(weight('epoch-end'), 100 + decayed(40, 3));
});

test('a trace decays every tick, or once per epoch', () => {
  const rule = { traces, dw: 'u0*x1', epochTicks: 4 };
  const weight = (traceDecay: 'exact' | 'per-epoch'): number => learned(rule, [[5, 0]], [], 12, { traceDecay });
  // 40 at tick 5; three decays to tick 8 and four more to tick 12
  assert.is(weight('exact'), 100 + decayed(40, 3) + decayed(decayed(40, 3), 4));
  assert.is(weight('per-epoch'), 100 + 40 + Math.floor(40 * Math.exp(-1)));
});

test('a learned weight keeps all bits, or is brought to the stored precision, its change rounded away from zero or not', () => {
  // 7 bits without a sign: weights are even; 5/16 of a step per spike
  const rule = { dw: '5*2^-4*x0' };
  const weight = (learnedPrecision: 'full' | 'stored' | 'stored-away-from-zero', rounding: 'never-up' | 'nearest' = 'never-up'): number =>
    learned(rule, [[2, 0]], [], 2, { learnedPrecision, learnedWeightBits: 7, rounding });
  assert.is(weight('full'), 100);
  assert.is(weight('stored', 'nearest'), 100);
  // 0.3 becomes 1, and 101 is half-way between 100 and 102
  assert.is(weight('stored-away-from-zero'), 100);
  assert.is(weight('stored-away-from-zero', 'nearest'), 102);
});

test('the delay variable has 8 bits, or 6', () => {
  const value = (delayVariable: 'eight-bit' | 'six-bit'): number =>
    learned({ dw: 'x0', dd: '6*2^4*x0' }, [[2, 0]], [], 2, { delayVariable }, 'd');
  assert.equal([value('eight-bit'), value('six-bit')], [96, 63]);
});

test('a current wraps at 24 bits, its input before at 22, or nothing wraps', () => {
  const edge = 2 ** 23;
  const reached = (overflow: 'nengo' | 'none', input: number): number => {
    const neuron = { currents: [{ variable: 'u', decay: '4095', input: 'a' }], decayV: '4095' };
    const run = neuronRun(neuron, overflow, 'v > 8388607', { u: new Int32Array(1), v: new Int32Array(1), a: new Int32Array(1) });
    run.tick([input]);
    return run.arrays.u[0];
  };
  assert.equal(
    [2 ** 21 - 1, 2 ** 21, edge].map((input) => reached('nengo', input)),
    [2 ** 21 - 1, -(2 ** 21), 0],
  );
  assert.equal(
    [edge, 3 * edge, -edge - 1].map((input) => reached('none', input)),
    [edge, 3 * edge, -edge - 1],
  );
});

test('a negative exponent shifts the sum, each weight, or each down to a multiple of 64', () => {
  // a threshold of 100000 weight units is above 17 bits only where weights are fine: 255 for 1, so 2^-8 is asked for 4000
  const membrane = (weightExponent: 'of-sum' | 'per-weight' | 'per-weight-floor'): number => {
    const net = network({ dt: '1 ms' });
    const source = net.input('in', 3, { times: ['1 ms', '1 ms', '1 ms'], neurons: [0, 1, 2] });
    const out = net.neurons('out', 1, { model: 'lif', tauMem: '1e15 s', vThreshold: 4000 });
    net.connect(source, out, { name: 'p', weight: [1, 0.5, 0.25] });
    const plan = buildPlan(net.freeze(), loihiLike({ weightExponent }));
    const simulation = new Simulation(plan);
    simulation.run(2);
    return simulation.state('out', 'v')[0] * (plan.populations[1].lowered?.variables.find(({ name }) => name === 'v')?.scale ?? 0);
  };
  // weights 255, 128 and 64 (0.25 is 63.75), exponent -3
  assert.is(Math.round(membrane('of-sum')), Math.floor((255 + 128 + 64) / 8) * 64);
  assert.is(Math.round(membrane('per-weight')), ((255 + 128 + 64) * 64) / 8);
  assert.is(
    Math.round(membrane('per-weight-floor')),
    [255, 128, 64].reduce((sum, w) => sum + Math.floor((w * 64) / 8 / 64) * 64, 0),
  );
});

test('each projection may have bits of its own', () => {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 4, { rates: '1 Hz' });
  const out = net.neurons('out', 1, { model: 'lif', tauMem: '20 ms', vThreshold: 10 });
  const weights = [0.1, 0.35, 0.6, 1];
  net.connect(source, out, { name: 'fine', weight: weights });
  net.connect(source, out, { name: 'coarse', weight: weights });
  net.connect(source, out, { name: 'learned', weight: weights, rule: 'pair-stdp' });
  const options = { projectionBits: { coarse: 2, learned: 3 }, learnedPrecision: 'stored' } as const;
  const plan = buildPlan(net.freeze(), loihiLike(options));
  const steps = plan.projections.map(({ lowered }) => (lowered.weightLevels?.length ?? 0) - 1);
  // excitatory: 8, 2 and 3 bits
  assert.equal(steps, [255, 3, 7]);
  const bits = plan.placement.uses.find(({ resource }) => resource === 'synapse bits')?.used ?? 0;
  const full = buildPlan(plan.network, loihiLike()).placement.uses.find(({ resource }) => resource === 'synapse bits')?.used ?? 0;
  assert.ok(bits <= full);
});

test('every synapse has a delay of its own from 1 to 63 ticks, and learns with the spikes that arrive', () => {
  // source k spikes at tick 10 and arrives 1 + k ticks later; the post neuron fires at tick 80
  const n = 63;
  const net = network({ dt: '1 ms' });
  const source = net.input('in', n, { times: new Array(n).fill('10 ms'), neurons: Array.from({ length: n }, (_, k) => k) });
  const teacher = net.input('teacher', 1, { times: ['79 ms'], neurons: [0] });
  const out = net.neurons('out', 1, { model: 'lif', tauMem: '0.1 ms', vThreshold: 20_000 });
  const rule = { traces: { x1: { on: 'pre', tau: '30 ms', impulse: 120 } }, dw: 'y0*x1', bounds: [0, 255] } as const;
  const delay = Array.from({ length: n }, (_, k) => `${1 + k} ms` as const);
  net.connect(source, out, { name: 'p', weight: 50, delay, rule: ruleOf(rule) });
  net.connect(teacher, out, { weight: 30_000 });
  for (const shape of [{}, { backend: 'js' }] as const) {
    const plan = buildPlan(net.freeze(), loihiLike({ rounding: 'never-up', traceRounding: 'never-up' }));
    const simulation = new Simulation(plan, shape);
    simulation.run(81);
    assert.is(simulation.spikeCounts('out')[0], 1);
    const weights = [...simulation.synapseVariable('p', 'w')];
    const d = Math.exp(-1 / 30);
    weights.forEach((weight, k) => {
      let trace = 120;
      for (let tick = 12 + k; tick <= 80; tick++) trace = Math.floor(trace * d);
      assert.is(weight, 50 + trace, `delay ${k + 1}`);
    });
  }
});

test.run();
