import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NetworkBuilder } from '../../core/network/builder.ts';
import { network } from '../../core/network/builder.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import type { Simulation } from '../../workers/simulation.ts';
import { allNear, complaintsOf } from '../support/near.ts';
import { range, spikesAt, start } from '../support/simulate.ts';

const stdp = rule({
  traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
  variables: { e: { tau: '50 ms' } },
  modulators: { reward: {} },
  onPre: 'e -= 0.2 * y1',
  onPost: 'e += x1',
  onModulator: 'w += 0.1 * reward * e',
});

/** Poisson input onto noisy neurons through a plastic projection with mixed delays. */
function busy(seed = 1, more?: (net: NetworkBuilder) => void): NetworkBuilder {
  const net = network({ seed });
  const pre = net.input('pre', 10, { rates: '80 Hz' });
  const post = net.neurons('post', 4, {
    model: 'lif',
    tauMem: '20 ms',
    vThreshold: 1,
    noise: 0.1,
    refractory: '2 ms',
    thresholdShift: 0,
    tunable: ['thresholdShift'],
  });
  net.connect(pre, post, { name: 'plastic', weight: { uniform: [0, 0.6] }, delay: { uniform: ['1 ms', '4 ms'] }, rule: stdp });
  net.record(pre, 'spikes');
  net.record(post, 'spikes');
  more?.(net);
  return net;
}

test('equal runs have equal hashes, however they are cut into pieces; another seed has another', () => {
  const hashOf = (seed: number, pieces: readonly number[]): string => {
    const simulation = start(busy(seed));
    for (const ticks of pieces) simulation.run(ticks);
    return simulation.hash();
  };
  const whole = hashOf(1, [200]);
  assert.is(hashOf(1, [200]), whole);
  assert.is(hashOf(1, [1, 99, 0, 60, 40]), whole);
  assert.is.not(hashOf(2, [200]), whole);
  assert.is.not(hashOf(1, [199]), whole);
});

test('the hash sees one membrane value, one weight and one spike count', () => {
  const simulation = start(busy());
  simulation.run(50);
  const before = simulation.hash();
  const v = simulation.state('post', 'v');
  simulation.setState(
    'post',
    'v',
    v.map((value, i) => (i === 2 ? value + 1e-12 : value)),
  );
  assert.is.not(simulation.hash(), before);
  simulation.setState('post', 'v', v);
  assert.is(simulation.hash(), before);
  const other = start(busy());
  other.run(49);
  other.learning = false;
  other.run(1);
  assert.equal(other.state('post', 'v'), v, 'the same membranes');
  assert.is.not(other.hash(), before, 'but other weights');
});

test('two simulations of one plan do not touch each other', () => {
  const { plan } = start(busy());
  const fresh = (): Simulation => new (start(busy()).constructor as new (of: typeof plan) => Simulation)(plan);
  const [a, b] = [fresh(), fresh()];
  a.run(100);
  b.run(40);
  b.run(60);
  assert.is(a.hash(), b.hash());
});

test('resetState puts everything to rest but keeps weights, tunable parameters and time', () => {
  const simulation = start(busy());
  simulation.setState('post', 'thresholdShift', [0.1, 0.2, 0.3, 0.4]);
  simulation.run(60);
  simulation.modulate('plastic', { reward: 1 });
  simulation.run(3);
  const weights = simulation.weights('plastic');
  assert.ok([...simulation.synapseVariable('plastic', 'e')].some((e) => e !== 0));
  simulation.resetState();
  assert.equal([...simulation.state('post', 'v')], [0, 0, 0, 0]);
  assert.equal([...simulation.state('post', 'refractoryLeft')], [0, 0, 0, 0]);
  assert.ok([...simulation.synapseVariable('plastic', 'e')].every((e) => e === 0));
  assert.equal([...simulation.weights('plastic')], [...weights]);
  assert.equal([...simulation.state('post', 'thresholdShift')], [0.1, 0.2, 0.3, 0.4]);
  assert.is(simulation.tick, 63);
});

test('after resetState no spike is on its way and no trace is left', () => {
  const net = network();
  const pre = net.input('pre', 1, spikesAt([5]));
  const teacher = net.input('teacher', 1, spikesAt([11]));
  const post = net.neurons('post', 1, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(pre, post, { name: 'late', weight: 2, delay: '4 ms' });
  net.connect(pre, post, { name: 'plastic', weight: 0, rule: stdp });
  net.connect(teacher, post, { name: 'teaching', weight: 2 });
  const simulation = start(net);
  simulation.run(6);
  simulation.resetState();
  simulation.run(10);
  assert.equal([...simulation.spikeCounts('post')], [1], 'only the teacher made it fire');
  assert.is(simulation.synapseVariable('plastic', 'e')[0], 0, 'the pre trace of before was gone');
});

test('spike probes list every spike once, by tick and neuron; the counts agree', () => {
  const simulation = start(busy(1, (net) => net.record({ kind: 'population', name: 'post' }, 'spikes')));
  simulation.run(150);
  const { t, i } = simulation.recordedSpikes('post');
  assert.ok(t.length > 20);
  assert.equal(
    range(0, 3).map((neuron) => i.filter((n) => n === neuron).length),
    [...simulation.spikeCounts('post')],
  );
  for (let n = 1; n < t.length; n++) assert.ok(t[n] > t[n - 1] || (t[n] === t[n - 1] && i[n] > i[n - 1]));
  assert.ok(t[0] >= 1 && t[t.length - 1] <= 150);
  simulation.clearSpikeCounts();
  assert.equal([...simulation.spikeCounts('post')], [0, 0, 0, 0]);
});

test('state and weight probes sample at their intervals what the host would have read', () => {
  const simulation = start(
    busy(1, (net) => {
      net.record({ kind: 'population', name: 'post' }, 'v', { every: '5 ms' });
      net.record({ kind: 'projection', name: 'plastic' }, 'w', { every: '20 ms' });
    }),
  );
  const read: Float64Array[] = [];
  for (const tick of range(1, 60)) {
    simulation.run(1);
    if (tick === 30) simulation.modulate('plastic', { reward: 1 });
    if (tick % 5 === 0) read.push(simulation.state('post', 'v'));
  }
  const state = simulation.recordedState('post', 'v');
  assert.equal(
    [...state.t],
    range(1, 12).map((n) => 5 * n),
  );
  assert.equal(
    state.samples.map((sample) => [...sample]),
    read.map((sample) => [...sample]),
  );
  const weights = simulation.recordedWeights('plastic');
  assert.equal([...weights.t], [20, 40, 60]);
  assert.not.equal([...weights.samples[0]], [...weights.samples[1]]);
  assert.equal([...weights.samples[2]], [...simulation.weights('plastic')]);
});

test('what was read stays when the records are cleared', () => {
  const simulation = start(busy(1, (net) => net.record({ kind: 'population', name: 'post' }, 'v', { every: '5 ms' })));
  simulation.run(50);
  const [spikes, state] = [simulation.recordedSpikes('pre'), simulation.recordedState('post', 'v')];
  const n = spikes.t.length;
  simulation.clearRecords();
  assert.is(simulation.recordedSpikes('pre').t.length, 0);
  assert.is(simulation.recordedState('post', 'v').samples.length, 0);
  assert.is(spikes.t.length, n);
  assert.is(state.samples.length, 10);
});

test('probes change nothing', () => {
  const run = (net: NetworkBuilder): Simulation => {
    const simulation = start(net);
    simulation.run(100);
    return simulation;
  };
  const probed = busy(1, (net) => {
    net.record({ kind: 'population', name: 'post' }, 'v', { every: '1 ms' });
    net.record({ kind: 'projection', name: 'plastic' }, 'w', { every: '1 ms' });
  });
  assert.is(run(probed).hash(), run(busy()).hash());
});

test('a state the host sets is where the neuron goes on from', () => {
  const simulation = start(busy());
  simulation.setState('post', 'v', [0.5, -0.5, 0.25, 3]);
  assert.equal([...simulation.state('post', 'v')], [0.5, -0.5, 0.25, 3]);
  simulation.run(1);
  assert.equal([...simulation.spikeCounts('post')], [0, 0, 0, 1]);
});

test('mistakes of the host are told in words, with what there is', () => {
  const simulation = start(busy());
  const complaint = (call: () => unknown): string => complaintsOf(call)[0];
  assert.is(
    complaint(() => simulation.setState('post', 'tauMem', [1, 1, 1, 1])),
    'population post keeps no "tauMem" per neuron (v, refractoryLeft, thresholdShift)\n' +
      '  list a parameter under `tunable` to change it during a run',
  );
  assert.match(
    complaint(() => simulation.state('post', 'u')),
    'population post keeps no "u" per neuron',
  );
  assert.is(
    complaint(() => simulation.setState('post', 'v', [1, 2])),
    'v of post: 2 values for 4',
  );
  assert.is(
    complaint(() => simulation.setState('post', 'v', [1, 2, Number.NaN, 3])),
    'v of post: value 2 is NaN',
  );
  assert.is(
    complaint(() => simulation.state('pots', 'v')),
    'there is no population "pots" (pre, post)',
  );
  assert.is(
    complaint(() => simulation.weights('pre-post')),
    'there is no projection "pre-post" (plastic)',
  );
  assert.is(
    complaint(() => simulation.recordedState('post', 'v')),
    'nothing records v of post\n  add a probe to the network before the run',
  );
  assert.is(
    complaint(() => simulation.synapseVariable('plastic', 'tag')),
    'projection plastic keeps no "tag" per synapse (w, e, e_at)',
  );
  assert.is(
    complaint(() => simulation.setRates('post', new Float64Array(4))),
    'population post is not a Poisson source; it has no rates to set',
  );
});

test('events are those a person would count', () => {
  const net = network();
  const pre = net.input('pre', 2, { times: ['1 ms', '2 ms', '2 ms'], neurons: [0, 0, 1] });
  const post = net.neurons('post', 3, { model: 'lif', tauMem: '10 us', vThreshold: 1 });
  // neuron 0 reaches all three, neuron 1 the last two
  const ends = { kind: 'explicit', sources: [0, 0, 0, 1, 1], targets: [0, 1, 2, 1, 2] } as const;
  net.connect(pre, post, { name: 'plastic', connect: ends, weight: [1.5, 0, 0, 0, 1.5], rule: stdp });
  const simulation = start(net);
  simulation.run(10);
  const { synapticEvent, neuronUpdate, neuronSpike, traceUpdate } = simulation.eventCounts();
  assert.equal(
    { synapticEvent, neuronUpdate, neuronSpike, traceUpdate },
    // 3 input spikes and 3 of neurons 0 (twice) and 2; one pre trace per arriving row, one post trace per spike
    { synapticEvent: 3 + 3 + 2, neuronUpdate: 30, neuronSpike: 3 + 3, traceUpdate: 3 + 3 },
  );
});

test('weights the host reads are copies', () => {
  const simulation = start(busy());
  const before = simulation.weights('plastic');
  simulation.weights('plastic').fill(9);
  allNear(simulation.weights('plastic'), before, 0);
});

test.run();
