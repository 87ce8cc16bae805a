import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { uniformAt } from '../../../core/random.ts';
import { drivenNeurons, range, start } from '../../support/simulate.ts';

test('a soft reset takes off the threshold that was crossed: no part of the input is lost', () => {
  const steps = range(1, 300).map((t) => uniformAt(7, 1, 0, t) - 0.5);
  const quantum = 0.5;
  const options = { model: 'ternary-lif', tauMem: '1e15 s', vThreshold: quantum, vThresholdLow: -quantum, resetTo: 'subtraction' } as const;
  const { net, neurons } = drivenNeurons(1, options, [{ weights: steps }]);
  const sum = net.neurons('sum', 1, { model: 'lif', tauMem: '1e15 s', vThreshold: 1e9 });
  net.connect(neurons, sum, { weight: quantum });
  const simulation = start(net);
  let [received, before] = [0, 0];
  for (const t of range(1, 300)) {
    simulation.run(1);
    // what was sent in the tick before has arrived
    assert.ok(Math.abs(before - simulation.state('sum', 'v')[0]) <= quantum + 1e-9, `tick ${t}`);
    if (t > 1) received += steps[t - 1];
    before = received;
  }
  assert.ok(simulation.spikeCounts('neurons')[0] > 50);
});

test('a reset to a value forgets what was above the threshold', () => {
  const options = { model: 'ternary-lif', tauMem: '1e15 s', vThreshold: 1, vThresholdLow: -1, vReset: 0.2 } as const;
  const simulation = start(drivenNeurons(1, options, [{ weights: [0, 1.7] }]).net);
  simulation.run(2);
  assert.is(simulation.state('neurons', 'v')[0], 0.2);
});

test.run();
