/** Graded spikes through the kernel: what a spike carries multiplies the weights it meets and feeds the traces that ask for it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { near } from '../../support/near.ts';
import { gradedLoop } from '../../support/networks.ts';

const still = { model: 'lif', tauMem: '1e15 s', vThreshold: 1e9 } as const;

test('a payload multiplies each weight at the delay of its synapse', () => {
  for (const precision of ['f64', 'f32'] as const) {
    const net = network({ dt: '1 ms', precision });
    const source = net.input('in', 2, { times: ['1 ms', '2 ms', '2 ms'], neurons: [0, 0, 1], payloads: [3, -0.5, 8] });
    const out = net.neurons('out', 2, still);
    net.connect(source, out, { weight: [2, 0.25, 1, 4], delay: ['1 ms', '2 ms', '1 ms', '1 ms'] });
    const simulation = new Simulation(buildPlan(net.freeze(), ideal()));
    const seen = [1, 2, 3, 4].map(() => {
      simulation.run(1);
      return [...simulation.state('out', 'v')];
    });
    // 3·2 arrives in tick 2, -0.5·2 + 8·1 in tick 3 with 3·0.25 + 8·4 at the other neuron, -0.5·0.25 in tick 4
    assert.equal(seen, [
      [0, 0],
      [6, 0],
      [13, 32.75],
      [13, 32.625],
    ]);
  }
});

test('one weight for all synapses is multiplied too', () => {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 3, { times: ['1 ms', '1 ms'], neurons: [0, 2], payloads: [3, 4] });
  net.connect(source, net.neurons('out', 70, still), { weight: 0.5 });
  const simulation = new Simulation(buildPlan(net.freeze(), ideal()));
  simulation.run(2);
  assert.ok([...simulation.state('out', 'v')].every((v) => v === 3.5));
});

test('a payload sets or feeds a pre trace by half', () => {
  for (const [graded, expected] of [
    ['set', 5],
    ['add', 3 * Math.exp(-2 / 10) + 5],
  ] as const) {
    const net = network({ dt: '1 ms' });
    const source = net.input('in', 1, { times: ['1 ms', '3 ms'], neurons: [0, 0], payloads: [6, 10] });
    const teacher = net.input('teacher', 1, { times: ['4 ms'], neurons: [0] });
    const out = net.neurons('out', 1, { model: 'lif', tauMem: '20 ms', vThreshold: 1000 });
    const plastic = rule({ traces: { x1: { on: 'pre', tau: '10 ms', graded } }, bounds: [0, 100], onPost: 'w += x1' });
    net.connect(source, out, { name: 'p', weight: 1, rule: plastic });
    net.connect(teacher, out, { weight: 2000 });
    const simulation = new Simulation(buildPlan(net.freeze(), ideal()));
    simulation.run(5);
    // payload 10 arrives in tick 4; the post spike of tick 5 sees it one tick later
    near(simulation.weights('p')[0], 1 + expected * Math.exp(-1 / 10), 1e-12);
  }
});

test('a ternary neuron sends +1 and -1, and is reset either way', () => {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 1, { times: ['1 ms', '3 ms', '5 ms'], neurons: [0, 0, 0], payloads: [1, -1, 0.5] });
  const ternary = net.neurons('ternary', 1, { model: 'ternary-lif', tauMem: '1e15 s', vThreshold: 1, vThresholdLow: -1 });
  const out = net.neurons('out', 1, still);
  net.connect(source, ternary, { weight: 1.5 });
  net.connect(ternary, out, { weight: 10 });
  const simulation = new Simulation(buildPlan(net.freeze(), ideal()));
  const seen = Array.from({ length: 7 }, () => {
    simulation.run(1);
    return [simulation.state('ternary', 'v')[0], simulation.state('out', 'v')[0]];
  });
  assert.equal(seen, [
    [0, 0],
    [0, 0],
    [0, 10],
    [0, 10],
    [0, 0],
    [0.75, 0],
    [0.75, 0],
  ]);
  assert.is(simulation.spikeCounts('ternary')[0], 2);
});

test('a trace that wants payloads, and a chip without them, say so', () => {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 1, { rates: '10 Hz' });
  const plastic = rule({ traces: { x1: { on: 'pre', tau: '10 ms', graded: 'set' } }, onPost: 'w += x1' });
  net.connect(source, net.neurons('out', 1, still), { name: 'p', weight: 1, rule: plastic });
  assert.throws(() => buildPlan(net.freeze(), ideal()), /trace x1 wants the payloads of graded spikes, but spikes of in carry nothing/);
  const graded = network({ dt: '1 ms' });
  const spikes = graded.input('in', 1, { times: ['1 ms'], neurons: [0], payloads: [2] });
  graded.connect(spikes, graded.neurons('out', 1, { model: 'lif', tauMem: '10 ms', vThreshold: 1 }), { weight: 1 });
  assert.throws(
    () => buildPlan(graded.freeze(), memristorCrossbar()),
    /spikes of in carry a number, and a read pulse of this chip has only a sign/,
  );
});

test('payloads are as many as spikes, and numbers', () => {
  const net = network({ dt: '1 ms' });
  net.input('in', 1, { times: ['1 ms', '2 ms'], neurons: [0, 0], payloads: [1] });
  assert.throws(() => net.freeze(), /has 1 payloads for 2 spikes/);
});

test('graded spikes give the same bits on 1, 2 and 3 shards, in JavaScript and WebAssembly, in long and short stretches', () => {
  const plan = buildPlan(gradedLoop(), ideal());
  const hashes = (options: ConstructorParameters<typeof Simulation>[1], stretches: readonly number[]): string[] => {
    const simulation = new Simulation(plan, options);
    const all = stretches.map((ticks) => {
      simulation.run(ticks);
      return simulation.hash();
    });
    simulation.dispose();
    return all;
  };
  const everyTick = new Array<number>(120).fill(1);
  const one = hashes({}, everyTick);
  assert.ok(new Set(one).size > 100);
  assert.equal(hashes({ backend: 'js' }, everyTick), one);
  for (const shards of [2, 3]) {
    assert.equal(hashes({ shards, threads: 1 }, everyTick), one);
    assert.equal(hashes({ shards, threads: 1, backend: 'js' }, everyTick), one);
  }
  const uneven = [1, 50, 7, 59, 3];
  assert.equal(hashes({ shards: 3, threads: 1 }, uneven), hashes({}, uneven));
  assert.equal(hashes({ shards: 2, threads: 2 }, uneven), hashes({}, uneven));
});

test('on a crossbar +1 and -1 are read pulses of that sign, with every way to read them', () => {
  for (const periphery of ['integrate-and-fire', 'adc'] as const) {
    const sums = [1, -1].map((payload) => {
      const net = network({ dt: '1 ms', seed: 3 });
      const source = net.input('in', 2, { times: ['1 ms', '1 ms'], neurons: [0, 1], payloads: [payload, payload] });
      net.connect(source, net.neurons('out', 5, still), { weight: { uniform: [-1, 1] } });
      const simulation = new Simulation(buildPlan(net.freeze(), memristorCrossbar({ periphery, readNoise: false })));
      simulation.run(2);
      const { readPulse = 0 } = simulation.eventCounts() as { readPulse?: number };
      assert.is(readPulse, 2 * 5 * 2, 'both cells of every pair');
      return [...simulation.state('out', 'v')];
    });
    assert.ok(sums[0].some((v) => Math.abs(v) > 0.05));
    assert.equal(
      sums[1],
      sums[0].map((v) => -v),
    );
  }
});

test.run();
