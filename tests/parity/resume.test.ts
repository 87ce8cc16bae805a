/**
 * A run that is stopped at any tick, stored and gone on from gives the bits of the run that was never stopped, whatever the number of shards before
 * and after: state, weights, traces, counters, what was recorded, and everything that comes later.
 */
import { availableParallelism } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../chips/memristor-crossbar/memristor-crossbar.ts';
import { network } from '../../core/network/builder.ts';
import type { Network } from '../../core/network/network.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { packCheckpoint, unpackCheckpoint } from '../../workers/checkpoint.ts';
import type { SimulationOptions } from '../../workers/simulation.ts';
import { Simulation } from '../../workers/simulation.ts';
import { FAULTY_CELL } from '../support/faulty-cell.ts';
import { additive, gradedLoop, intricate, noisyArray, noisyLoop, sparse, WIRED } from '../support/networks.ts';

/** What a host does before tick `at`; all of it shows in the bits. */
type Host = (simulation: Simulation, at: number) => void;

interface Case {
  readonly name: string;
  readonly plan: Plan;
  readonly ticks: number;
  /** Ticks after which the run is stopped. */
  readonly stops: readonly number[];
  readonly host?: Host;
}

/** Notes of a learning epoch, a graded trace among them, and traces at the times of spikes. */
function epochs(): Network {
  const net = network({ dt: '1 ms', seed: 3 });
  const n = 300;
  const graded = net.input('graded', 9, {
    times: Array.from({ length: n }, (_, k) => `${1 + ((k * 7) % 95)} ms` as const),
    neurons: Array.from({ length: n }, (_, k) => (k * 4) % 9),
    payloads: Array.from({ length: n }, (_, k) => 1 + ((k * 13) % 40)),
  });
  const noise = net.input('noise', 20, { rates: '80 Hz' });
  const out = net.neurons('out', 11, { model: 'lif', tauMem: '20 ms', vThreshold: 1, noise: 0.05 });
  const traces = {
    x1: { on: 'pre', tau: '10 ms', impulse: 40, graded: 'add' },
    y1: { on: 'post', tau: '15 ms', impulse: 60 },
  } as const;
  const spiking = { x1: { on: 'pre', tau: '12 ms', impulse: 80 }, y1: traces.y1 } as const;
  const dw = '2^-3*x1*y0 - 2^-4*x0*y1';
  const learnt = { epochTicks: 7, bounds: [-255, 255], dw } as const;
  net.connect(graded, out, { name: 'p', weight: 20, delay: '3 ms', rule: rule({ name: 'graded', traces, ...learnt }) });
  net.connect(noise, out, {
    name: 'q',
    weight: { uniform: [0, 80] },
    delay: { uniform: ['1 ms', '4 ms'] },
    rule: rule({ name: 'spiking', traces: spiking, ...learnt }),
  });
  return net.freeze();
}

/** Spikes that the host hands over, a population that competes, and one that comes to rest. */
function played(): Network {
  const net = network({ dt: '1 ms', seed: 9 });
  const source = net.input('source', 24, { room: 400 });
  const silent = net.input('silent', 3, { rates: '0 Hz' });
  const winners = net.neurons('winners', 6, { model: 'lif', tauMem: '20 ms', vThreshold: 1, competition: { inhibition: 0.5 } });
  const resting = net.neurons('resting', 5, { model: 'lif', tauMem: '5 ms', vThreshold: 1 });
  net.connect(source, winners, { weight: { uniform: [0, 0.4] }, delay: { uniform: ['1 ms', '9 ms'] }, rule: 'pair-stdp' });
  net.connect(silent, resting, { weight: 1 });
  net.record(winners, 'spikes');
  return net.freeze();
}

const playing: Host = (simulation, at) => {
  if (at % 40 !== 0) return;
  const spikes = Array.from({ length: 300 }, (_, k) => k);
  simulation.play(
    'source',
    spikes.map((k) => 1 + ((k * 11 + at) % 90)),
    spikes.map((k) => (k * 7 + at) % 24),
  );
};

/** Rates, rewards, frozen stretches, cleared counts and samples, each at some time. */
const busy: Host = (simulation, at) => {
  if (at === 10) simulation.setRates('input', new Float64Array(30).fill(150));
  if (at % 25 === 5) simulation.modulate('b-a', { reward: Float64Array.from({ length: 17 }, (_, j) => (j % 3 === 0 ? 0.5 : 0)) });
  if (at % 30 === 20) simulation.learning = false;
  if (at % 30 === 28) simulation.learning = true;
  if (at === 70) simulation.clearSpikeCounts();
  if (at === 90) simulation.resetState();
};

const chips = { ideal: ideal(), 'loihi-like': loihiLike(), 'memristor-crossbar': memristorCrossbar() };

const cases: readonly Case[] = [
  ...Object.entries(chips).map(([name, chip]) => ({
    name: `${name}, all noise on, third factors, records`,
    plan: buildPlan(noisyLoop(true), chip),
    ticks: 120,
    stops: [0, 1, 29, 63, 80, 119],
    host: busy,
  })),
  ...[additive, intricate].map((learnt) => ({
    name: `what waits of onPost (${learnt.name})`,
    plan: buildPlan(sparse(learnt, 'f32', [60, 200], true), ideal()),
    ticks: 600,
    stops: [3, 150, 301, 302],
  })),
  {
    name: 'rows that have been silent for thousands of ticks',
    plan: buildPlan(sparse(additive, 'f32', [0.5, 0.05], false), ideal()),
    ticks: 4500,
    stops: [1999, 2600, 3000],
  },
  { name: 'the notes of learning epochs', plan: buildPlan(epochs(), loihiLike()), ticks: 120, stops: [4, 38, 60, 63, 64] },
  { name: 'graded spikes on their way', plan: buildPlan(gradedLoop(), ideal()), ticks: 120, stops: [2, 31, 80, 81] },
  { name: 'spikes still to be played', plan: buildPlan(played(), ideal()), ticks: 700, stops: [1, 39, 97, 650], host: playing },
  {
    name: 'cells that drift, with noise at reads and writes',
    plan: buildPlan(noisyArray(), memristorCrossbar({ device: FAULTY_CELL, mapping: 'two-sided' })),
    ticks: 120,
    stops: [37, 80, 81],
  },
  {
    name: 'cells that share lines',
    plan: buildPlan(noisyArray(), memristorCrossbar({ ...WIRED, refreshWrites: 3000 })),
    ticks: 120,
    stops: [37, 60, 64],
  },
];

function advance(simulation: Simulation, to: number, host: Host = () => {}): void {
  while (simulation.tick < to) {
    host(simulation, simulation.tick);
    simulation.run(1);
  }
}

/** Everything that can be told of a simulation. */
function told(simulation: Simulation): unknown {
  const { populations, projections, network: description } = simulation.plan;
  return {
    hash: simulation.hash(),
    events: simulation.eventCounts(),
    learning: simulation.learningCounts(),
    counts: populations.map(({ name }) => [...simulation.spikeCounts(name)]),
    weights: projections.map(({ name }) => [...simulation.weights(name)]),
    records: description.probes.map((probe) =>
      probe.kind === 'spikes'
        ? simulation.recordedSpikes(probe.of)
        : probe.kind === 'state' && simulation.recordedState(probe.of, probe.variable),
    ),
  };
}

const throughBytes = async (simulation: Simulation) => unpackCheckpoint(await packCheckpoint(simulation.checkpoint()));

const ways: readonly (readonly [string, SimulationOptions, SimulationOptions])[] = [
  ['1 shard to 1', {}, {}],
  ['1 to 2', {}, { shards: 2 }],
  ['2 to 1', { shards: 2 }, {}],
  ['1 to 3', {}, { shards: 3 }],
  ['3 to 2', { shards: 3 }, { shards: 2 }],
];

for (const { name, plan, ticks, stops, host } of cases) {
  test(`stopped and gone on from: ${name}`, async () => {
    const whole = new Simulation(plan);
    advance(whole, ticks, host);
    const expected = told(whole);
    assert.ok(whole.learningCounts().updateAttempts > 0, 'something is learnt');
    for (const [n, stop] of stops.entries()) {
      // every way in turn, so that a case meets as many as it has stops
      const [way, before, after] = ways[(n + name.length) % ways.length];
      const first = new Simulation(plan, before);
      advance(first, stop, host);
      const resumed = new Simulation(plan, { ...after, from: await throughBytes(first) });
      assert.is(resumed.tick, stop);
      assert.equal(told(resumed), told(first), `${way}, at tick ${stop}`);
      advance(resumed, ticks, host);
      assert.equal(told(resumed), expected, `${way}, stopped after ${stop} ticks`);
    }
  });
}

test('taking a checkpoint changes nothing, and the checkpoint does not depend on shards', () => {
  const plan = buildPlan(sparse(intricate, 'f32', [60, 200], true), ideal());
  const [plain, looked, sharded] = [new Simulation(plan), new Simulation(plan), new Simulation(plan, { shards: 3 })];
  for (let n = 0; n < 40; n++) {
    for (const simulation of [plain, looked, sharded]) simulation.run(5);
    assert.equal(looked.checkpoint(), sharded.checkpoint());
  }
  assert.is(looked.hash(), plain.hash());
});

if (availableParallelism() >= 2) {
  test('from one thread to two and back', async () => {
    const plan = buildPlan(noisyLoop(true), memristorCrossbar());
    const whole = new Simulation(plan);
    whole.run(150);
    const first = new Simulation(plan);
    first.run(50);
    const second = new Simulation(plan, { threads: 2, shards: 2, from: await throughBytes(first) });
    second.run(50);
    const third = new Simulation(plan, { from: await throughBytes(second) });
    second.dispose();
    third.run(50);
    assert.equal(told(third), told(whole));
  });
}

/** The same network, its rules twice as quick. */
const faster = (net: Network): Network => ({
  ...net,
  projections: net.projections.map((projection) => {
    const { rule: learnt } = projection;
    if (learnt === undefined) return projection;
    const parameters = Object.fromEntries(Object.entries(learnt.parameters).map(([name, value]) => [name, 2 * value]));
    return { ...projection, rule: { ...learnt, parameters } };
  }),
});

test('a checkpoint of another network, and bytes that are none, are refused', async () => {
  const [plan, other] = [5, 6].map((seed) => buildPlan({ ...noisyLoop(false), seed }, ideal()));
  const checkpoint = new Simulation(plan).checkpoint();
  const quiet = { ...plan, network: { ...plan.network, dt: 0.0005 } };
  const learnsFaster = buildPlan(faster(noisyLoop(false)), ideal());
  for (const wrong of [other, quiet, learnsFaster, buildPlan(noisyLoop(false), loihiLike())]) {
    assert.throws(
      () => new Simulation(wrong, { from: checkpoint }),
      /^the checkpoint of tick 0 is of another network, rule or chip than this plan/,
    );
  }
  const bytes = await packCheckpoint(checkpoint);
  for (const [damaged, what] of [
    [bytes.slice(0, bytes.length >> 1), /damaged, or no checkpoint/],
    [new TextEncoder().encode('{"a":1}'), /no checkpoint of a simulation/],
  ] as const) {
    const said = await unpackCheckpoint(damaged).then(
      () => 'nothing',
      (error) => error.message,
    );
    assert.match(said, what);
  }
});

test.run();
