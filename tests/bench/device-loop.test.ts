/** The bench network of devices: every chip evaluates the rule for the same synapses, and the devices are really written. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { devicePlan } from '../../bench/device-loop.ts';
import { Simulation } from '../../workers/simulation.ts';

test('same spikes, same evaluations on every chip; changes become pulses', () => {
  const run = (options: Parameters<typeof devicePlan>[0]): Simulation => {
    const simulation = new Simulation(devicePlan(options, 40));
    simulation.run(600);
    return simulation;
  };
  const [ideal, kept, written] = [run(undefined), run({ device: 'soft-bounds' }), run({ device: 'soft-bounds', levels: false })];
  const attempts = ideal.learningCounts().updateAttempts;
  assert.ok(attempts > 50_000, String(attempts));
  for (const one of [kept, written]) assert.is(one.learningCounts().updateAttempts, attempts);
  assert.ok((kept.eventCounts().writePulse ?? 0) > 100, 'what is kept is written in the end');
  assert.ok(written.learningCounts().synapticUpdates > 0.9 * attempts);
});

test('the loop of a noisy soft-bounds cell runs in WebAssembly', () => {
  assert.ok(new Simulation(devicePlan({ device: 'soft-bounds' }, 20), { backend: 'wasm' }));
});

test.run();
