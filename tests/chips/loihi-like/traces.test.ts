import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSettings } from '../../../chips/loihi-like/switches.ts';
import { chipTraces, decayText, fullImpulse, impulseText, lowerChipTrace } from '../../../chips/loihi-like/traces.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { evaluate } from '../../../core/program/evaluate.ts';
import { uniformAt } from '../../../core/random.ts';

const plain = (tau: `${number} ms`, more = {}) => rule({ name: 'r', traces: { x1: { on: 'pre', tau, ...more } }, onPost: 'w += x1' });

const impulse = (tau: `${number} ms`, options = {}, more = {}): number =>
  chipTraces(plain(tau, more), 1e-3, readSettings(options))[0].impulse;

test('a trace of a neuron that fires in every tick just reaches 127', () => {
  assert.is(impulse('33 ms'), 4);
  assert.is(impulse('20 ms'), 6);
  for (const tau of [5, 20, 33]) {
    const decay = Math.exp(-1 / tau);
    let x = 0;
    for (let t = 0; t < 1000; t++) x = x * decay + fullImpulse(decay, 1);
    assert.ok(Math.abs(x - 127) < 1e-6);
  }
});

test('expecting fewer spikes, or saying so, makes impulses larger', () => {
  assert.is(impulse('33 ms', { spikesPerTick: 0.1 }), 30);
  assert.is(impulse('33 ms', { impulses: { x1: 16 } }), 16);
  assert.is(impulse('33 ms', {}, { pairing: 'nearest' }), 127);
});

test('network units are kept in the scale', () => {
  const [trace] = chipTraces(plain('33 ms', { impulse: 0.5 }), 1e-3, readSettings({}));
  assert.is(trace.impulse, 4);
  assert.is(trace.scale, 8);
});

/** Runs one part of a trace many times and gives the mean. */
function mean(
  part: 'decay' | 'impulse',
  start: number,
  options: Parameters<typeof readSettings>[0],
  tau: `${number} ms` = '20 ms',
): number {
  const settings = readSettings(options);
  const [trace] = chipTraces(plain(tau), 1e-3, settings);
  const lowered = lowerChipTrace(trace, settings);
  const n = 20_000;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    evaluate(
      lowered[part],
      () => start,
      (_name, _scope, value) => (sum += value),
      (_distribution, site) => uniformAt(9, 1, k, 0, site),
    );
  }
  return sum / n;
}

test('stochastic decay keeps the expected value, rounding down does not', () => {
  const exact = 100 * Math.exp(-1 / 20);
  const p = exact - Math.floor(exact);
  assert.ok(Math.abs(mean('decay', 100, {}) - exact) < 3.5 * Math.sqrt((p * (1 - p)) / 20_000));
  assert.is(mean('decay', 100, { traceRounding: 'never-up' }), Math.floor(exact));
  // below 10, rounding to nearest never lets go
  assert.is(mean('decay', 9, { traceRounding: 'nearest' }), 9);
});

test('a fraction of an impulse is added as often as it says, or twice as often as Lava does', () => {
  const wanted = (fraction: number): number => 3.5 * Math.sqrt((fraction * (1 - fraction)) / 20_000);
  assert.ok(Math.abs(mean('impulse', 10, { impulses: { x1: 16.25 } }) - 26.25) < wanted(0.25));
  assert.ok(Math.abs(mean('impulse', 10, { impulses: { x1: 16.25 }, impulseFraction: 'lava' }) - 26.5) < wanted(0.5));
  assert.is(mean('impulse', 120, { impulses: { x1: 16.25 } }), 127);
});

test('the decay of the rule can be replaced', () => {
  const factor = (options: Parameters<typeof readSettings>[0], decay: 'exact' | 'euler'): number =>
    chipTraces(plain('20 ms', { decay }), 1e-3, readSettings(options))[0].decay;
  assert.is(factor({}, 'euler'), 1 - 1e-3 / 0.02);
  assert.ok(Math.abs(factor({ traceDecay: 'exact' }, 'euler') - Math.exp(-1 / 20)) < 1e-15);
  assert.is(factor({ traceDecay: 'euler' }, 'exact'), 1 - 1e-3 / 0.02);
});

test('the programs say what they do', () => {
  assert.is(decayText('x1', 1, 'independent'), '');
  assert.is(decayText('x1', 0.5, 'never-up'), 'x1 = floor(x1 * 0.5)');
  assert.is(impulseText('x1', 16, { impulseFraction: 'unbiased', traceRounding: 'independent' }), 'x1 = clip(x1 + 16, 0, 127)');
});

test.run();
