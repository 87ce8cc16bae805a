import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import type { RuleOptions } from '../../../core/plasticity/read-rule.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { forced, simulate } from '../../support/loihi-forced.ts';

/** Integer weight of one silent synapse after each of the ticks. */
function weights(dw: string, epochTicks: number, ticks: number): number[] {
  const net = network({ dt: '1 ms', seed: 1 });
  const source = net.input('in', 1, { rates: '0 Hz' });
  const out = net.neurons('out', 1, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(source, out, { name: 'p', weight: 0, rule: rule({ name: 'r', dw, epochTicks, bounds: [0, 255] }) });
  const simulation = new Simulation(buildPlan(net.freeze(), loihiLike()));
  return Array.from({ length: ticks }, () => {
    simulation.run(1);
    return simulation.weights('p')[0];
  });
}

test('u_k applies at the end of every 2^k-th epoch, counted from the start', () => {
  const seen = weights('u2*1', 3, 48);
  assert.equal(
    seen,
    seen.map((_, t) => Math.floor((t + 1) / 12)),
  );
});

test('an epoch of one tick with a rare u_k fits the counter of epochs', () => {
  // 2^7 ticks are more than an epoch may have, but these are 128 epochs of one tick
  const seen = weights('u7*1', 1, 256);
  assert.equal([seen[126], seen[127], seen[254], seen[255]], [0, 1, 1, 2]);
});

test('an epoch of several ticks takes traces at the times of the spikes', () => {
  const native: RuleOptions = {
    name: 'native',
    traces: { x1: { on: 'pre', tau: '10 ms', impulse: 100 } },
    epochTicks: 5,
    dw: '2^0*x1*y0',
    bounds: [-255, 255],
  };
  const simulation = simulate(forced({ nPre: 1, nPost: 1, pre: [[7, 0]], post: [[9, 0]], rule: native, weight: 0 }), {
    traceRounding: 'never-up',
  });
  simulation.run(9);
  assert.is(simulation.weights('plastic')[0], 0);
  simulation.run(1);
  // two ticks after its impulse: floor(floor(100·0.9048)·0.9048)
  assert.is(simulation.weights('plastic')[0], 81);
});

test.run();
