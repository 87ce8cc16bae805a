import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import type { DiscretisedParameter } from '../../../core/chip-contract.ts';
import type { ConnectOptions, NeuronOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import { checkDeployment } from '../../../core/plan/build-plan.ts';
import { near } from '../../support/near.ts';

function discretised(neurons: NeuronOptions, connect: Partial<ConnectOptions>): Map<string, DiscretisedParameter> {
  const net = network({ dt: '1 ms', seed: 1 });
  const source = net.input('in', 2, { rates: '10 Hz' });
  const out = net.neurons('out', 2, neurons);
  net.connect(source, out, { name: 'p', weight: 0.5, ...connect });
  const chip = loihiLike();
  const { subject } = checkDeployment(net.freeze(), chip);
  return new Map((chip.discretise?.(subject) ?? []).map((row) => [row.parameter, row]));
}

const lif = { model: 'lif', tauMem: '20 ms', vThreshold: 1 } as const;

test('a threshold is a whole number of weight units, and what that is in network units', () => {
  // the largest weight, 0.7, is the integer 255
  const row = discretised(lif, { weight: 0.7 }).get('vThreshold');
  assert.is(row?.integer, Math.round(255 / 0.7));
  near(row?.held ?? 0, (Math.round(255 / 0.7) * 0.7) / 255, 1e-12);
  assert.is(row?.clipped, 0);
});

test('a time constant is a decay in steps of 1/4096', () => {
  const exact = discretised(lif, {}).get('tauMem');
  assert.is(exact?.integer, Math.round(4096 * (1 - Math.exp(-1 / 20))));
  near(exact?.held ?? 0, -1e-3 / Math.log(1 - 200 / 4096), 1e-12);
  const euler = discretised({ ...lif, integrator: 'euler' }, {}).get('tauMem');
  assert.is(euler?.integer, Math.round(4096 / 20));
  near(euler?.held ?? 0, (1e-3 * 4096) / 205, 1e-12);
});

test('a membrane that is slower than the decay can be never forgets, and that is clipping', () => {
  const row = discretised({ ...lif, tauMem: '20 s' }, {}).get('tauMem');
  assert.equal([row?.integer, row?.held, row?.clipped], [0, Number.POSITIVE_INFINITY, 1]);
});

test('weights are stated by the one farthest off, with what was clipped, what became zero, and the step', () => {
  const row = discretised(lif, { weight: [0.1, 0.001, 0.5004, 1.5], rule: 'pair-stdp' }).get('weight');
  assert.equal([row?.asked, row?.integer, row?.held], [1.5, 255, 1]);
  assert.equal([row?.count, row?.clipped, row?.vanished], [4, 1, 1]);
  near(row?.resolution ?? 0, 1 / 255, 1e-12);
  assert.equal(row?.range, [0, 1]);
});

test.run();
