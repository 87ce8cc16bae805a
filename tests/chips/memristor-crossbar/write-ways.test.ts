/** Ways of writing a change: coincidence trains, write-verify, two arrays; in the running kernel. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { bench, OFF } from './bench.ts';

/** A linear cell of 200 levels: one pulse of a pair is 0.01. */
const LINEAR: CrossbarOptions = { ...OFF, device: 'idealized', levels: 200 };
const STEP = 0.01;

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
const spread = (values: Float64Array): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

test('trains: pulses are binomial, right on average, and never more than the slots', () => {
  const [n, slots] = [4000, 8];
  const array = bench({ chip: { ...LINEAR, writePolicy: 'trains', trainLength: slots }, n });
  array.change(2.5 * STEP);
  const pulses = array.weights().map((w) => Math.round(w / STEP));
  const p = 2.5 / slots;
  assert.ok(Math.abs(mean(pulses) - 2.5) < 4 * Math.sqrt((slots * p * (1 - p)) / n), String(mean(pulses)));
  assert.ok(Math.abs(spread(pulses) / Math.sqrt(slots * p * (1 - p)) - 1) < 0.05, String(spread(pulses)));
  const full = bench({ chip: { ...LINEAR, writePolicy: 'trains', trainLength: slots }, n: 50 });
  full.change(-20 * STEP);
  for (const w of full.weights()) assert.ok(Math.abs(w + slots * STEP) < 1e-12);
});

test('write-verify ends within half a pulse where a single burst of a noisy cell does not, and pays for it in pulses and reads', () => {
  const chip: CrossbarOptions = { ...LINEAR, cycleToCycle: true, device: { base: 'idealized', stepStd: 0.6 } };
  const n = 400;
  const off = (options: CrossbarOptions): { worst: number; pulses: number; reads: number } => {
    const array = bench({ chip: { ...chip, ...options }, n });
    array.change(0.2);
    const { writePulse = 0, verifyRead = 0 } = array.simulation.eventCounts();
    return { worst: Math.max(...array.weights().map((w) => Math.abs(w - 0.2))), pulses: writePulse, reads: verifyRead };
  };
  const [once, verified] = [off({ writePolicy: 'deterministic' }), off({ writePolicy: 'verify', verifyTries: 8 })];
  assert.ok(once.worst > 2 * STEP, String(once.worst));
  assert.ok(verified.worst <= STEP / 2 + 1e-12, String(verified.worst));
  assert.ok(verified.pulses > once.pulses && verified.reads > n, `${verified.pulses} pulses, ${verified.reads} reads`);
  assert.is(once.reads, 0);
});

test('write-verify is bounded: a stuck pair takes the allowed bursts and no more', () => {
  const tries = 4;
  const array = bench({
    chip: { ...LINEAR, writePolicy: 'verify', verifyTries: tries, stuckCells: true, device: { base: 'idealized', stuckOn: 1 } },
  });
  array.change(0.1);
  assert.is(array.weights()[0], 0);
  assert.is(array.simulation.eventCounts().verifyRead, tries - 1);
  assert.is(array.simulation.eventCounts().writePulse, tries * 2 * 10);
});

test('write-verify without noise sends one burst and looks once', () => {
  const array = bench({ chip: { ...LINEAR, writePolicy: 'verify' } });
  array.change(0.07);
  assert.ok(Math.abs(array.weights()[0] - 0.07) < 1e-12);
  assert.is(array.simulation.eventCounts().verifyRead, 1);
  assert.is(array.simulation.eventCounts().writePulse, 14);
});

test('two arrays: nothing reaches the weight until the transfer, which carries rate times the fast difference', () => {
  const array = bench({ chip: { ...LINEAR, writePolicy: 'deterministic', update: 'two-array', transferEvery: 4, transferRate: 0.5 } });
  for (let n = 1; n <= 3; n++) {
    array.change(0.05);
    assert.is(array.weights()[0], 0);
  }
  array.change(0.05);
  // four changes of 5 pulses stand in the fast pair: 0.2, half of it goes over
  const [first] = array.weights();
  assert.ok(Math.abs(first - 0.1) < 1e-12, String(first));
  assert.ok(
    Math.abs(array.simulation.synapseVariable('array', 'fPlus')[0] - 0.6) < 1e-12,
    String(array.simulation.synapseVariable('array', 'fPlus')[0]),
  );
  assert.is(array.simulation.eventCounts().verifyRead, 1);
  // the buffer keeps what is less than a pulse
  array.change(-0.03);
  // a change of less than half a pulse counts as a visit; one of exactly 0 is none
  for (let n = 0; n < 3; n++) array.change(1e-9);
  assert.ok(Math.abs(array.weights()[0] - 0.18) < 1e-12, String(array.weights()[0]));
  assert.ok(Math.abs(array.simulation.synapseVariable('array', 'buffer')[0] - 0.005) < 1e-12);
});

test('an asymmetric cell drifts to its own balance under noisy changes; with two arrays the weight holds the optimum far better', () => {
  // down steps are half as large as up steps, so a single cell is pushed up by changes that should cancel
  const device = { base: 'soft-bounds', upDown: 0.5, step: 0.02, wMax: 1, wMin: -1 } as const;
  const n = 200;
  const target = -0.4;
  const settle = (options: CrossbarOptions): number => {
    const array = bench({ chip: { ...OFF, device, mapping: 'reference', writePolicy: 'stochastic', ...options }, n, weights: target });
    let last = 0;
    for (let step = 0; step < 400; step++) {
      // gradient of a quadratic loss with noise that dwarfs it
      const weights = array.weights();
      array.change(weights.map((w, k) => 0.02 * (target - w) + 0.04 * Math.sin(12.9 * step + 78.2 * k)));
      if (step >= 300) last += mean(array.weights().map((w) => Math.abs(w - target))) / 100;
    }
    return last;
  };
  const [direct, two] = [settle({}), settle({ update: 'two-array', transferEvery: 2, transferRate: 0.05 })];
  assert.ok(direct > 1.5 * two, `direct ${direct}, two arrays ${two}`);
});

test('with one write after the other each way gives the ideal weight when its noise is off', () => {
  for (const writePolicy of ['accumulate', 'deterministic', 'verify'] as const) {
    const array = bench({ chip: { ...OFF, device: 'ideal-device', writePolicy } });
    let asked = 0;
    for (let step = 0; step < 200; step++) {
      const change = 0.013 * Math.sin(step);
      asked += change;
      array.change(change);
    }
    assert.ok(Math.abs(array.weights()[0] - asked) < 1e-9, writePolicy);
  }
});

test.run();
