/** A network that is moved to a tick with weights goes on as the one that came there by itself: same input spikes, same noise, same changes. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import type { ChipBackend } from '../../core/chip-contract.ts';
import { UserError } from '../../core/errors.ts';
import { network } from '../../core/network/builder.ts';
import type { Network } from '../../core/network/network.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { Simulation } from '../../workers/simulation.ts';

const LEARNED = 'input-output';

const stdp = rule({
  traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
  onPre: 'w -= 0.01 * y1',
  onPost: 'w += 0.012 * x1',
  bounds: [0, 1],
});

/** @param sparse not all to all, so that post spikes wait until the source spikes next */
function noisy(sparse: boolean): Network {
  const net = network({ dt: '1 ms', seed: 5 });
  const input = net.input('input', 60, { rates: '60 Hz' });
  const output = net.neurons('output', 20, { model: 'lif', tauMem: '10 ms', vThreshold: 1, noise: 0.1 });
  const connect = sparse ? ({ kind: 'fixed-in-degree', degree: 30 } as const) : ('all-to-all' as const);
  net.connect(input, output, { weight: { uniform: [0.05, 0.25] }, delay: '2 ms', rule: stdp, connect });
  return net.freeze();
}

const start = (net: Network, chip: ChipBackend, shards = 1): Simulation => new Simulation(buildPlan(net, chip), { shards });
const RATES = new Float64Array(60).fill(60);

for (const sparse of [false, true]) {
  for (const shards of [1, 3]) {
    test(`${sparse ? 'sparse' : 'all to all'}, ${shards} of the twin's shards: the next sample is the same, bit for bit`, () => {
      const lived = start(noisy(sparse), ideal());
      const twin = start(noisy(sparse), ideal(), shards);
      for (const ticks of [700, 2500]) {
        lived.run(ticks);
        lived.resetState();
        twin.run(40); // it has a past of its own
        twin.moveTo(lived.tick, { [LEARNED]: lived.weights(LEARNED) });
        assert.is(twin.tick, lived.tick);
        assert.equal(twin.weights(LEARNED), lived.weights(LEARNED));
        const before = lived.weights(LEARNED);
        for (const one of [lived, twin]) {
          one.clearSpikeCounts();
          one.setRates('input', RATES);
          one.run(200);
        }
        assert.equal(Array.from(twin.spikeCounts('output')), Array.from(lived.spikeCounts('output')));
        assert.equal(twin.weights(LEARNED), lived.weights(LEARNED));
        assert.equal(twin.state('output', 'v'), lived.state('output', 'v'));
        assert.not.equal(lived.weights(LEARNED), before);
      }
    });
  }
}

test('weights that are no numbers, or too few, are refused before anything is moved', () => {
  const twin = start(noisy(false), ideal());
  const before = twin.weights(LEARNED);
  const wrong = { 'E-RANGE': before.slice(1), 'E-NOT-FINITE': before.map(() => Number.NaN) };
  for (const [code, weights] of Object.entries(wrong)) {
    assert.throws(
      () => twin.moveTo(10, { [LEARNED]: weights }),
      (error: unknown) => error instanceof UserError && error.problems[0].code === code,
    );
  }
  assert.is(twin.tick, 0);
  assert.equal(twin.weights(LEARNED), before);
});

test('a chip that does not keep weights as numbers says so', () => {
  const chip = start(noisy(false), loihiLike());
  assert.throws(
    () => chip.moveTo(10, { [LEARNED]: new Float64Array(1200) }),
    (error: unknown) => error instanceof UserError && error.problems[0].code === 'E-STATE',
  );
});

test.run();
