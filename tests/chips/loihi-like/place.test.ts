import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { hopsBetween } from '../../../chips/loihi-like/mesh.ts';
import type { LoihiPlacement } from '../../../chips/loihi-like/place.ts';
import type { LoihiOptions } from '../../../chips/loihi-like/switches.ts';
import type { ConnectOptions, NeuronOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { buildPlan, checkDeployment } from '../../../core/plan/build-plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { ms } from '../../support/simulate.ts';

const lif = { model: 'lif', tauMem: '20 ms', vThreshold: 1 } as const;

const check = (description: Network, options: LoihiOptions = {}) => checkDeployment(description, loihiLike(options));
const place = (description: Network, options: LoihiOptions = {}) => check(description, options).placement as LoihiPlacement;

const used = (description: Network, resource: string, options: LoihiOptions = {}): number[] =>
  place(description, options)
    .uses.filter((use) => use.resource === resource)
    .map((use) => use.used);

function layer(nPre: number, nPost: number, neurons: NeuronOptions, learns?: ConnectOptions['rule']): Network {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', nPre, { rates: '10 Hz' });
  const out = net.neurons('out', nPost, neurons);
  net.connect(source, out, { name: 'p', weight: 0.5, ...(learns === undefined ? {} : { rule: learns }) });
  return net.freeze();
}

test('a small layer takes one core, with every resource counted', () => {
  const { uses, summary } = place(layer(100, 10, lif, 'pair-stdp'));
  assert.is(summary, '1 core of 128, 1 tile');
  const where = 'core 0 (out 0-9)';
  // per axon: 10 header bits + 10·8 = 90, two words
  assert.equal(uses, [
    { resource: 'cores', where: 'chip', used: 1, available: 128 },
    { resource: 'tiles', where: 'chip', used: 1, available: 32 },
    { resource: 'compartments', where, used: 10, available: 1024 },
    { resource: 'input axons', where, used: 200, available: 4096 },
    { resource: 'output axons', where, used: 0, available: 4096 },
    { resource: 'synapse bits', where, used: 12_800, available: 1_048_576 },
    { resource: 'compartment profiles', where, used: 1, available: 1024 },
    { resource: 'threshold profiles', where, used: 1, available: 1024 },
    { resource: 'synapse formats', where, used: 1, available: 8 },
    { resource: 'pre-trace profiles', where, used: 1, available: 3 },
  ]);
});

test('synapses that learn take two axon slots, and a tag its bits', () => {
  assert.equal(used(layer(100, 10, lif), 'input axons'), [100]);
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

test('on Loihi 1 populations are cut by their thresholds, eight to a core', () => {
  const own = { ...lif, tunable: ['vThreshold'] };
  assert.equal(used(layer(1, 20, own), 'threshold profiles'), [20]);
  assert.equal(used(layer(1, 20, own), 'threshold profiles', { generation: 'loihi-1' }), [7, 7, 6]);
});

test('on Loihi 1 populations are cut by their time constants, 32 to a core', () => {
  const description = layer(1, 40, lif);
  const populations = description.populations.map((population) =>
    population.name === 'out'
      ? { ...population, parameters: { ...population.parameters, tauMem: Float64Array.from({ length: 40 }, (_, i) => 0.01 + i * 1e-3) } }
      : population,
  );
  assert.equal(used({ ...description, populations }, 'compartment profiles', { generation: 'loihi-1' }), [20, 20]);
});

test('populations whose rules have more than three pre traces between them do not share a core', () => {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 2, { rates: '10 Hz' });
  [5, 10, 20, 40].forEach((tau, n) => {
    const out = net.neurons(`out${n}`, 2, lif);
    net.connect(source, out, { weight: 0.5, rule: rule({ traces: { x1: { on: 'pre', tau: ms(tau) } }, onPost: 'w += 0.01 * x1' }) });
  });
  assert.equal(used(net.freeze(), 'pre-trace profiles'), [3, 1]);
});

test('populations with more than eight synapse formats between them do not share a core', () => {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 2, { rates: '10 Hz' });
  for (let n = 0; n < 9; n++) {
    const out = net.neurons(`out${n}`, 2, lif);
    net.connect(source, out, {
      weight: 0.5,
      rule: rule({ name: `r${n}`, traces: { x1: { on: 'pre', tau: '5 ms' } }, onPost: 'w += 0.01 * x1' }),
    });
  }
  assert.equal(used(net.freeze(), 'synapse formats'), [8, 1]);
});

function fanOut(size: number, targets: number): Network {
  const net = network({ dt: '1 ms' });
  const a = net.neurons('a', size, lif);
  for (let n = 0; n < targets; n++) net.connect(a, net.neurons(`b${n}`, 1024, lif), { weight: 0.5, connect: 'one-to-one' });
  return net.freeze();
}

test('small populations share a core', () => {
  const net = network({ dt: '1 ms' });
  const names = ['a', 'b', 'c'].map((name) => net.neurons(name, 400, lif));
  net.connect(names[0], names[1], { weight: 0.5, connect: 'one-to-one' });
  net.connect(names[0], names[2], { weight: 0.5, connect: 'one-to-one' });
  const description = net.freeze();
  assert.is(place(description).summary, '2 cores of 128, 1 tile');
  // each neuron of a reaches b on its own core and c on the other one
  assert.equal(used(description, 'output axons'), [800, 0]);
});

test('populations are cut by output axons, which take two slots for 32-bit population axons', () => {
  // five targets per neuron: 5120 slots for 1024 neurons
  assert.equal(used(fanOut(1024, 5), 'output axons').slice(0, 2), [2560, 2560]);
  assert.equal(used(fanOut(1024, 4), 'output axons').slice(0, 1), [4096]);
  assert.equal(used(fanOut(1024, 4), 'output axons', { axonFormat: 'population-32' }).slice(0, 2), [4096, 4096]);
});

test('the mesh has four cores to a tile, and rows of eight tiles that run back and forth', () => {
  assert.equal(hopsBetween(0, 3), { eastWest: 0, northSouth: 0 });
  assert.equal(hopsBetween(0, 4), { eastWest: 1, northSouth: 0 });
  assert.equal(hopsBetween(31, 32), { eastWest: 0, northSouth: 1 });
  assert.equal(hopsBetween(0, 127), { eastWest: 0, northSouth: 3 });
  // the second chip stands east of the first
  assert.equal(hopsBetween(0, 128), { eastWest: 8, northSouth: 0 });
});

test('every spike is counted with its copies and its hops', () => {
  const net = network({ dt: '1 ms', seed: 1 });
  const source = net.input('in', 1, { times: [ms(1), ms(2)], neurons: [0, 0] });
  const a = net.neurons('a', 1024, lif);
  const targets = Array.from({ length: 5 }, (_, n) => net.neurons(`b${n}`, 1024, lif));
  net.connect(source, a, { weight: 2 });
  net.connect(a, targets[0], { weight: 0.01, connect: 'one-to-one' });
  net.connect(a, targets[4], { weight: 0.01, connect: 'one-to-one' });
  const plan = buildPlan(net.freeze(), loihiLike());
  const { routes } = plan.placement as LoihiPlacement;
  // a is core 0 on tile 0, b0 core 1 on the same tile, b4 core 5 on the next one
  assert.equal(routes[1], { projection: routes[1].projection, messages: 1, eastWest: 0, northSouth: 0 });
  assert.equal(routes[2], { projection: routes[2].projection, messages: 1, eastWest: 1, northSouth: 0 });
  for (const threads of [1, 2]) {
    const simulation = new Simulation(plan, { shards: threads });
    simulation.run(2);
    simulation.clearSpikeCounts();
    simulation.run(2);
    const { spikeMessage, spikeHopEastWest, spikeHopNorthSouth } = simulation.eventCounts();
    // all 1024 neurons fire twice; one copy beside the first each time, and one hop
    assert.equal([spikeMessage, spikeHopEastWest, spikeHopNorthSouth], [2048, 2048, undefined]);
  }
});

test('more cores than a chip has are reported with the resource that takes them, by how many, and a split that fits', () => {
  const big = layer(2, 200_000, lif);
  const [{ code, message, hint }] = check(big).findings.filter(({ designRule }) => designRule === 'core-resources');
  assert.is(code, 'E-LOIHI-RESOURCES');
  assert.is(
    message,
    'chip: 196 cores needed, 128 there, 68 too many; out alone takes 196 slices of 1021 neurons, each with 1021 of 1024 compartments',
  );
  assert.is(hint, 'set chips to 2, which fits as\nchip 0: out 0-130687\nchip 1: out 130688-199999');
  assert.equal(check(big, { chips: 2 }).findings, []);
});

test('one neuron that asks for more than a core is reported with the neurons that would fit in its place', () => {
  const [{ message, hint }] = check(layer(4100, 1, lif)).findings;
  assert.is(message, 'core 0 (out 0-0): 4100 input axons needed, 4096 there, 4 too many');
  assert.is(
    hint,
    'one neuron of out asks for all of this: put 2 neurons in its place, each with a half of its connections (2050 input axons), and let a further one sum them',
  );
});

test('a core on which only some synapses learn is noted', () => {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 2, { rates: '10 Hz' });
  const out = net.neurons('out', 2, lif);
  net.connect(source, out, { weight: 0.5, rule: 'pair-stdp' });
  net.connect(out, out, { weight: -0.5 });
  const noted = check(net.freeze()).findings.find(({ code }) => code === 'I-LOIHI-MIXED-CORE');
  assert.is(noted?.message, 'core 0 holds synapses that learn beside synapses that do not, which the validator of nengo-loihi refuses');
});

test.run();
