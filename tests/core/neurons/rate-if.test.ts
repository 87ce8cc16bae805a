/** Values sent as evenly spaced spikes: exact in what is kept, never off by more than one spike in what was sent. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RateIfOptions } from '../../../core/network/builder.ts';
import { uniformAt } from '../../../core/random.ts';
import { near } from '../../support/near.ts';
import { drivenNeurons, range, start } from '../../support/simulate.ts';

const TICKS = 400;
const plain = { model: 'rate-if', tauMem: '5 ms', vThreshold: 1, floor: -10, ceiling: 10 } as const satisfies RateIfOptions;

test('the value follows a constant input as v = b·(1 - exp(-t/tau)), or by steps of dt/tau with Euler', () => {
  for (const [integrator, kept] of [
    ['exact', Math.exp(-1 / 5)],
    ['euler', 1 - 1 / 5],
  ] as const) {
    const simulation = start(drivenNeurons(1, { ...plain, integrator, bias: 0.7 }, []).net);
    for (const t of range(1, 40)) {
      simulation.run(1);
      near(simulation.state('neurons', 'v')[0], 0.7 * (1 - kept ** t), 1e-12);
    }
  }
});

/** Random steps of input, the same for every neuron. */
const steps = range(1, TICKS).map((t) => 3 * (uniformAt(5, 1, 0, t) - 0.4));

for (const spikes of ['positive', 'signed'] as const) {
  for (const dynamics of ['leaky', 'integrating'] as const) {
    test(`${spikes}, ${dynamics}: what was sent is never off by a spike or more from the sum of the values in range`, () => {
      const options = { ...plain, spikes, dynamics, floor: -0.6, ceiling: 1.5, vThreshold: 0.8, phaseInitial: 0.25 } as const;
      const simulation = start(drivenNeurons(1, options, [{ weights: steps }]).net);
      let [v, sum, sent, before] = [0, 0.25, 0, 0];
      for (const t of range(1, TICKS)) {
        simulation.run(1);
        const input = t === 1 ? 0 : steps[t - 1];
        v = Math.min(1.5, Math.max(-0.6, v + (1 - Math.exp(-1 / 5)) * (dynamics === 'leaky' ? input - v : input)));
        near(simulation.state('neurons', 'v')[0], v, 1e-12);
        sum += Math.min(0.8, Math.max(spikes === 'signed' ? -0.8 : 0, v));
        const count = simulation.spikeCounts('neurons')[0];
        if (spikes === 'positive') sent = count;
        else sent = simulation.state('neurons', 'sent')[0];
        assert.ok(count - before <= 1, 'at most one spike per tick');
        before = count;
        assert.ok(Math.abs(sum / 0.8 - sent) <= 1 + 1e-9, `tick ${t}: ${sum / 0.8} and ${sent}`);
      }
      assert.ok(before > 50);
    });
  }
}

test('a gated input counts only while the value can still move the rate', () => {
  const still = { ...plain, dynamics: 'integrating', integrator: 'euler', tauMem: '1 ms' } as const;
  for (const [vInitial, moves] of [
    [-0.5, false],
    [0, false],
    [0.4, true],
    [1, false],
    [1.3, false],
  ] as const) {
    const simulation = start(drivenNeurons(1, { ...still, vInitial }, [{ port: 'gated', weights: [0, 0.25] }]).net);
    simulation.run(2);
    near(simulation.state('neurons', 'v')[0], moves ? vInitial + 0.25 : vInitial, 1e-12);
  }
});

test.run();
