import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from '../../../core/network/builder.ts';
import { uniformAt } from '../../../core/random.ts';
import { range, start } from '../../support/simulate.ts';

const TICKS = 200;

/** Steps of a random walk that pauses now and then. */
const steps = range(1, TICKS).map((t) => (t % 50 > 35 ? 0 : 0.4 * (uniformAt(3, 1, 0, t) - 0.5)));

function chain(activation: 'relu' | 'none', vThreshold: number) {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 1, {
    times: range(1, TICKS).map((t) => `${t} ms` as const),
    neurons: steps.map(() => 0),
    payloads: steps,
  });
  const sender = net.neurons('sender', 1, { model: 'sigma-delta', vThreshold, activation });
  const receiver = net.neurons('receiver', 1, { model: 'sigma-delta', vThreshold: 1e9, activation: 'none' });
  net.connect(source, sender, { weight: 1 });
  net.connect(sender, receiver, { weight: 3 });
  return start(net);
}

for (const activation of ['relu', 'none'] as const) {
  test(`activation ${activation}: a receiver that sums is off by less than the threshold, one tick later`, () => {
    const simulation = chain(activation, 0.15);
    let sum = 0;
    let before = 0;
    for (const t of range(1, TICKS)) {
      simulation.run(1);
      assert.ok(Math.abs(simulation.state('receiver', 'sigma')[0] / 3 - before) < 0.15 + 1e-12, `tick ${t}`);
      // what was sent at t-1 arrives at t
      if (t > 1) sum += steps[t - 2];
      before = activation === 'relu' ? Math.max(sum, 0) : sum;
    }
    const spikes = simulation.spikeCounts('sender')[0];
    assert.ok(spikes > 5 && spikes < TICKS / 2, `${spikes} spikes`);
  });
}

test('a value that stands still costs nothing', () => {
  const simulation = chain('none', 0.15);
  const counts = range(1, TICKS).map(() => {
    simulation.run(1);
    return simulation.spikeCounts('sender')[0];
  });
  // no step between 37 and 49
  assert.is(counts[48] - counts[38], 0);
});

test.run();
