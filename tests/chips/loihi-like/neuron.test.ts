import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { decayU, decayV } from '../../../chips/loihi-like/neuron.ts';
import { biasOf, noiseShift } from '../../../chips/loihi-like/neuron-text.ts';
import type { LoihiOptions } from '../../../chips/loihi-like/switches.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import type { ConnectOptions, NeuronOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { neuronRun } from '../../support/loihi-neuron.ts';

interface Driven {
  readonly neurons: NeuronOptions;
  readonly size?: number;
  /** Milliseconds at which the one source fires; its spikes arrive a tick later. */
  readonly spikes: readonly number[];
  readonly weight: ConnectOptions['weight'];
  readonly port?: string;
}

function driven({ neurons, size = 1, spikes, weight, port }: Driven): Network {
  const net = network({ dt: '1 ms', seed: 2 });
  const source = net.input('in', 1, { times: spikes.map((t) => `${t} ms` as const), neurons: spikes.map(() => 0) });
  const target = net.neurons('out', size, neurons);
  net.connect(source, target, { weight, ...(port === undefined ? {} : { port }) });
  return net.freeze();
}

const simulate = (description: Network, chip: ChipBackend | LoihiOptions = {}): Simulation =>
  new Simulation(buildPlan(description, 'profile' in chip ? chip : loihiLike(chip)));

const membrane = (simulation: Simulation, ticks: number, variable = 'v'): number[] =>
  Array.from({ length: ticks }, () => {
    simulation.run(1);
    return simulation.state('out', variable)[0];
  });

const lif = { model: 'lif', tauMem: '20 ms', vThreshold: 1 } as const;

/** Both recordings differ by less than `tolerance` at every tick. */
function assertNear(exact: readonly number[], onChip: readonly number[], tolerance: number, what = ''): void {
  for (const [t, v] of exact.entries()) assert.ok(Math.abs(v - onChip[t]) < tolerance, `${what} tick ${t + 1}: ${v} and ${onChip[t]}`);
}

test('the current wraps at 24 bits with the uneven edge of Lava, or evenly', () => {
  const edge = 2 ** 23;
  const reached = (overflow: 'lava' | 'twos-complement', input: number): number => {
    const neuron = { currents: [{ variable: 'u', decay: '4095', input: 'a' }], decayV: '4095' };
    const run = neuronRun(neuron, overflow, 'v > 8388607', { u: new Int32Array(1), v: new Int32Array(1), a: new Int32Array(1) });
    run.tick([input]);
    return run.arrays.u[0];
  };
  assert.equal(
    [edge - 1, edge, edge + 1, -edge + 1, -edge, -edge - 1].map((input) => reached('lava', input)),
    [edge - 1, edge, -edge + 1, -edge + 1, edge, edge - 1],
  );
  assert.equal(
    [edge - 1, edge, -edge, -edge - 1].map((input) => reached('twos-complement', input)),
    [edge - 1, -edge, -edge, edge - 1],
  );
});

test('decays round towards zero from both sides, and the membrane saturates', () => {
  const neuron = { currents: [{ decay: '4095', input: 'a' }], decayV: '128' };
  const run = neuronRun(neuron, 'lava', 'v > 8388607', { v: Int32Array.of(99, -99), a: new Int32Array(2) });
  run.tick([0, 0]);
  // 99·3968/4096 = 95.9
  assert.equal([...run.arrays.v], [95, -95]);
  for (let n = 0; n < 3; n++) run.tick([2 ** 23 - 1, 1 - 2 ** 23]);
  assert.equal([...run.arrays.v], [2 ** 23 - 1, 1 - 2 ** 23]);
});

test('decay fields are 12 bits, and a current decays by one more than its field', () => {
  assert.is(decayV(Math.exp(-1 / 20)), Math.round(4096 * (1 - Math.exp(-1 / 20))));
  assert.is(decayU(Math.exp(-1 / 20)), Math.round(4096 * (1 - Math.exp(-1 / 20))) - 1);
  assert.equal([decayV(0), decayV(1), decayU(0), decayU(1)], [4095, 0, 4095, 0]);
});

test('a negative bias exponent shifts towards minus infinity', () => {
  assert.equal([biasOf(5, 3), biasOf(5, -1), biasOf(-5, -1)], [40, 2, -3]);
});

test('noise is the nearest power of two of a uniform number of sd 73.6', () => {
  assert.is(noiseShift(73.6 * 128).shift, 7);
  assert.is(noiseShift(73.6 * 128 * 1.4).shift, 7);
  assert.is(noiseShift(73.6 * 128 * 1.5).shift, 8);
  assert.ok(Math.abs(noiseShift(1000).sd - 73.6116 * 16) < 0.1);
});

test('a leaky neuron follows the floating-point one within its integer steps', () => {
  const description = driven({ neurons: lif, spikes: [1, 2, 3, 5, 9, 14, 15, 16, 17, 30], weight: 0.3 });
  const exact = membrane(simulate(description, ideal()), 50);
  const onChip = membrane(simulate(description), 50);
  // at 0.3 the only weight is 255 of 255; the decay 200/4096 is off by 0.1 %
  assertNear(exact, onChip, 0.005);
  assert.ok(exact.some((v) => v > 0.8));
});

test('the threshold is crossed strictly above its mantissa', () => {
  // two weights of 0.5 are exactly the threshold while nothing leaks away
  const still = { model: 'lif', tauMem: '1000 s', vThreshold: 1 } as const;
  const spikesAt = (weight: number): number => {
    const simulation = simulate(driven({ neurons: still, spikes: [1, 2, 3], weight }), { weightBits: 8 });
    simulation.run(10);
    return simulation.spikeCounts('out')[0];
  };
  assert.is(spikesAt(1), 1);
  assert.is(spikesAt(0.5), 1);
  assert.is(spikesAt(1 / 3), 0);
});

test('both ports of a leaky neuron are one current of one tick', () => {
  const description = (port: string): Network =>
    driven({ neurons: lif, spikes: [1, 4], weight: port === 'current' ? 8 : 8 * (1 - Math.exp(-1 / 20)), port });
  assert.equal(membrane(simulate(description('current')), 10), membrane(simulate(description('delta')), 10));
});

test('voltages keep their network units when rest is not zero', () => {
  const cell = { model: 'lif', tauMem: '20 ms', vRest: '-65 mV', vReset: '-65 mV', vInitial: '-65 mV', vThreshold: '-50 mV' } as const;
  const description = driven({ neurons: cell, spikes: [1, 2, 20, 21], weight: '8 mV' });
  const exact = membrane(simulate(description, ideal()), 30);
  const onChip = membrane(simulate(description), 30);
  assertNear(exact, onChip, 1e-4);
  assert.ok(Math.min(...onChip) > -0.0652);
});

test('a neuron is silent for its refractory ticks', () => {
  const spikesOf = (refractory: `${number} ms`, chip: ChipBackend | LoihiOptions): number => {
    const spikes = Array.from({ length: 40 }, (_, t) => t + 1);
    const simulation = simulate(driven({ neurons: { ...lif, refractory }, spikes, weight: 2 }), chip);
    simulation.run(41);
    return simulation.spikeCounts('out')[0];
  };
  assert.is(spikesOf('4 ms', {}), 8);
  assert.is(spikesOf('4 ms', {}), spikesOf('4 ms', ideal()));
  assert.is(spikesOf('0 ms', {}), 40);
});

test('a refractory neuron is silent whatever its reset leaves on the membrane', () => {
  // 3.5 thresholds in one tick: what is left above the threshold waits for the end of the refractory period
  const neurons = { ...lif, tauMem: '1000 s', resetTo: 'subtraction', refractory: '3 ms' } as const;
  const spikesOf = (chip: ChipBackend | LoihiOptions): number[] => {
    const simulation = simulate(driven({ neurons, spikes: [1], weight: 3.5 }), chip);
    return Array.from({ length: 20 }, () => {
      simulation.run(1);
      return simulation.spikeCounts('out')[0];
    });
  };
  const counts = spikesOf({});
  assert.equal(counts, spikesOf(ideal()));
  // after a spike in tick 2 the next ones are in ticks 6 and 10
  assert.equal(
    [1, 2, 5, 6, 9, 10, 20].map((tick) => counts[tick - 1]),
    [0, 1, 1, 2, 2, 3, 3],
  );
  const escaping = { ...lif, spiking: 'escape', escapeRate: '100000 Hz', escapeWidth: 1, refractory: '4 ms' } as const;
  const random = simulate(driven({ neurons: escaping, spikes: [], weight: 1 }));
  random.run(41);
  assert.is(random.spikeCounts('out')[0], 9);
});

test('a soft reset takes the threshold off', () => {
  const description = driven({ neurons: { ...lif, tauMem: '1000 s', resetTo: 'subtraction' }, spikes: [1], weight: 2.5 });
  const simulation = simulate(description);
  assert.equal(
    membrane(simulation, 4).map((v) => Math.round(v * 100) / 100),
    [0, 1.5, 0.5, 0.5],
  );
  assert.is(simulation.spikeCounts('out')[0], 2);
});

test('synaptic currents decay as in floating point, together or apart', () => {
  for (const tauInh of ['5 ms', '8 ms'] as const) {
    const net = network({ dt: '1 ms' });
    const a = net.input('a', 1, { times: ['1 ms', '5 ms', '6 ms'], neurons: [0, 0, 0] });
    const b = net.input('b', 1, { times: ['9 ms'], neurons: [0] });
    const out = net.neurons('out', 1, { model: 'cubalif', tauMem: '20 ms', tauExc: '5 ms', tauInh, vThreshold: 10 });
    net.connect(a, out, { weight: 1, port: 'excitatory' });
    net.connect(b, out, { weight: -2, port: 'inhibitory' });
    const description = net.freeze();
    const exact = membrane(simulate(description, ideal()), 60);
    const onChip = membrane(simulate(description), 60);
    assertNear(exact, onChip, 0.01, `tauInh ${tauInh},`);
    const currents = [ideal(), {}].map((chip) => membrane(simulate(description, chip), 8, 'currentExc'));
    assertNear(currents[0], currents[1], 0.02, 'current,');
  }
});

test('the winner takes all in the order of its distance to the threshold', () => {
  const neurons = { ...lif, competition: { inhibition: 0.5 }, floor: -1 } as const;
  const simulation = simulate(driven({ neurons, size: 3, spikes: [1], weight: [1.2, 1.6, 1.4] }));
  simulation.run(2);
  assert.equal([...simulation.spikeCounts('out')], [0, 1, 0]);
  const v = simulation.state('out', 'v');
  assert.ok(Math.abs(v[0] - 0.7) < 0.01 && v[1] === 0 && Math.abs(v[2] - 0.9) < 0.01, [...v].join(' '));
});

test('the host can raise thresholds, in network units', () => {
  for (const name of ['vThreshold', 'thresholdShift'] as const) {
    const neurons = { ...lif, thresholdShift: 0, tunable: [name] } as const;
    const simulation = simulate(driven({ neurons, size: 2, spikes: [1], weight: 1.5 }));
    simulation.setState('out', name, name === 'vThreshold' ? [1, 1.8] : [0, 0.8]);
    simulation.run(3);
    assert.equal([...simulation.spikeCounts('out')], [1, 0], name);
  }
});

test('noise and escape firing have the statistics of the rule', () => {
  const noisy = simulate(driven({ neurons: { ...lif, tauMem: '0.1 ms', vThreshold: 100, noise: 0.5 }, size: 2000, spikes: [], weight: 1 }));
  noisy.run(1);
  const v = noisy.state('out', 'v');
  const sd = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0) / v.length);
  // between half an octave below and above
  assert.ok(sd > 0.5 / 1.5 && sd < 0.5 * 1.5, `${sd}`);
  assert.ok(Math.abs(v.reduce((sum, x) => sum + x, 0) / v.length) < (4 * sd) / Math.sqrt(v.length));

  const escaping = { ...lif, spiking: 'escape', escapeRate: '100 Hz', escapeWidth: 0.2, escapeMax: 0.5 } as const;
  const random = simulate(driven({ neurons: { ...escaping, tauMem: '1000 s' }, size: 4000, spikes: [1], weight: 0.9 }));
  random.run(2);
  const p = 0.1 * Math.exp(-0.1 / 0.2);
  const share = random.spikeCounts('out').reduce((sum, count) => sum + count, 0) / 4000;
  assert.ok(Math.abs(share - p) < 4 * Math.sqrt((p * (1 - p)) / 4000), `${share} and ${p}`);
});

test('a threshold far above the weights shifts the summed input', () => {
  // 17 bits of threshold against 8 of weight: the input is shifted right, together or weight by weight
  const neurons = { ...lif, tauMem: '1000 s', vThreshold: 4000 } as const;
  for (const weightExponent of ['of-sum', 'per-weight'] as const) {
    const net = network({ dt: '1 ms' });
    const source = net.input('in', 3, { times: ['1 ms', '1 ms', '1 ms'], neurons: [0, 1, 2] });
    const out = net.neurons('out', 1, neurons);
    net.connect(source, out, { weight: [1, 0.5, 0.25] });
    const simulation = simulate(net.freeze(), { weightExponent });
    simulation.run(2);
    assert.ok(Math.abs(simulation.state('out', 'v')[0] - 1.75) < 0.05, `${weightExponent}: ${simulation.state('out', 'v')[0]}`);
  }
});

test('projections onto one population share its scale by powers of two', () => {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 1, { times: ['1 ms'], neurons: [0] });
  const out = net.neurons('out', 1, { ...lif, vThreshold: 100, tauMem: '1000 s' });
  net.connect(source, out, { name: 'small', weight: 0.7, rule: 'pair-stdp' });
  net.connect(source, out, { name: 'large', weight: -5 });
  const plan = buildPlan(net.freeze(), loihiLike());
  const scales = plan.projections.map(({ lowered }) => lowered.variables[0].scale);
  // the one that learns fills its format with its bound 1; the other is shifted left by 3 bits so that 5 fits
  assert.is(scales[0], 255);
  assert.is(scales[1], 255 / 2 ** 3);
  const simulation = new Simulation(plan);
  simulation.run(2);
  assert.ok(Math.abs(simulation.state('out', 'v')[0] - (0.7 - 5)) < 0.1);
});

test.run();
