import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AdaptiveLifOptions } from '../../../core/network/builder.ts';
import { near } from '../../support/near.ts';
import { drivenNeurons, follow, range, start } from '../../support/simulate.ts';

const options = {
  model: 'adaptive-lif',
  tauMem: '20 ms',
  tauAdaptation: '50 ms',
  adaptationStep: 0.4,
  vThreshold: 1,
} as const satisfies AdaptiveLifOptions;

for (const integrator of ['exact', 'euler'] as const) {
  for (const resetTo of ['value', 'subtraction'] as const) {
    test(`${integrator}, reset by ${resetTo}: membrane, threshold and spikes follow the recurrence`, () => {
      const drive = [{ weights: [0, ...Array(300).fill(0.21)] }];
      const simulation = start(drivenNeurons(1, { ...options, integrator, resetTo }, drive).net);
      const factor = (tau: number): number => (integrator === 'euler' ? 1 - 1 / tau : Math.exp(-1 / tau));
      let [v, adaptation, spikes] = [0, 0, 0];
      for (const tick of range(1, 300)) {
        adaptation *= factor(50);
        v = v * factor(20) + (tick > 1 ? 0.21 : 0);
        if (v > 1 + adaptation) {
          v = resetTo === 'value' ? 0 : v - (1 + adaptation);
          adaptation += 0.4;
          spikes++;
        }
        simulation.run(1);
        near(simulation.state('neurons', 'v')[0], v, 1e-12, `v in tick ${tick}`);
        near(simulation.state('neurons', 'adaptation')[0], adaptation, 1e-12, `adaptation in tick ${tick}`);
        assert.is(simulation.spikeCounts('neurons')[0], spikes);
      }
      assert.ok(spikes > 10);
    });
  }
}

test('intervals between spikes grow under a constant input', () => {
  const { net } = drivenNeurons(1, options, [{ weights: [0, ...Array(300).fill(0.21)] }]);
  const { spikes } = follow(start(net), 'neurons', 'v', 301);
  const intervals = spikes.slice(1).map((tick, n) => tick - spikes[n]);
  assert.ok(intervals[0] < intervals[3], `${intervals}`);
});

test('a refractory period blocks ticks here too, also above threshold', () => {
  const { net } = drivenNeurons(1, { ...options, adaptationStep: 0, refractory: '2 ms', resetTo: 'subtraction' }, [{ weights: [0, 4] }]);
  assert.equal(follow(start(net), 'neurons', 'v', 12).spikes, [2, 5, 8]);
});

test.run();
