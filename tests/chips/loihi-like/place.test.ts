import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import type { NeuronOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { checkDeployment } from '../../../core/plan/build-plan.ts';

const lif = { model: 'lif', tauMem: '20 ms', vThreshold: 1 } as const;

const place = (description: Network) => checkDeployment(description, loihiLike()).placement;

const used = (description: Network, resource: string): number[] =>
  place(description)
    .uses.filter((use) => use.resource === resource)
    .map((use) => use.used);

function layer(nPre: number, nPost: number, neurons: NeuronOptions, rule?: string): Network {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', nPre, { rates: '10 Hz' });
  const out = net.neurons('out', nPost, neurons);
  net.connect(source, out, { weight: 0.5, ...(rule === undefined ? {} : { rule }) });
  return net.freeze();
}

test('a small layer takes one core, with every resource counted', () => {
  const { uses, summary } = place(layer(100, 10, lif));
  assert.is(summary, '1 core of 128');
  // per axon: 10 header bits + 10·8 = 90, two words
  assert.equal(uses, [
    { resource: 'cores', where: 'chip', used: 1, available: 128 },
    { resource: 'compartments', where: 'core 0 (out 0-9)', used: 10, available: 1024 },
    { resource: 'input axons', where: 'core 0 (out 0-9)', used: 100, available: 4096 },
    { resource: 'output axons', where: 'core 0 (out 0-9)', used: 0, available: 4096 },
    { resource: 'synapse bits', where: 'core 0 (out 0-9)', used: 12_800, available: 1_048_576 },
  ]);
});

test('synapses that learn take two axon slots, and a tag its bits', () => {
  assert.equal(used(layer(100, 10, lif, 'pair-stdp'), 'input axons'), [200]);
  // 10 + 10·(9 + 9) = 190, three words
  assert.equal(used(layer(100, 10, lif, 'r-stdp'), 'synapse bits'), [100 * 192]);
});

test('populations are cut by compartments', () => {
  assert.equal(used(layer(1, 2500, lif), 'compartments'), [834, 834, 832]);
  const two = { model: 'cubalif', tauMem: '20 ms', tauExc: '5 ms', tauInh: '8 ms', vThreshold: 1 } as const;
  assert.equal(used(layer(1, 1024, two), 'compartments'), [1024, 1024]);
});

test('populations are cut by synaptic memory', () => {
  // 1000 axons of 1000 8-bit synapses: 15 blocks of 576 bits and one of 40 synapses (384): 9024 bits per axon, 9.0 Mbit
  const bits = used(layer(1000, 1000, lif), 'synapse bits');
  assert.ok(bits.every((n) => n <= 1_048_576));
  assert.is(bits.length, 9);
});

test('small populations share a core', () => {
  const net = network({ dt: '1 ms' });
  const names = ['a', 'b', 'c'].map((name) => net.neurons(name, 400, lif));
  net.connect(names[0], names[1], { weight: 0.5, connect: 'one-to-one' });
  net.connect(names[0], names[2], { weight: 0.5, connect: 'one-to-one' });
  const { summary, uses } = place(net.freeze());
  assert.is(summary, '2 cores of 128');
  assert.equal(
    uses.filter(({ resource }) => resource === 'output axons').map(({ used }) => used),
    // each neuron of a reaches b on its own core and c on the other one
    [800, 0],
  );
});

test.run();
