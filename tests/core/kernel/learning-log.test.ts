/** The learning log: its changes and the rest add up to the weight exactly, they are the largest there were, and what is said of each is true. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import { addExactly } from '../../../core/exact-sum.ts';
import type { SynapseHistory, WeightChange } from '../../../core/kernel/learning-log.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { sourcesOf } from '../../../core/synapses/synapse-table.ts';
import type { SimulationOptions } from '../../../workers/simulation.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { near, problemsOf } from '../../support/near.ts';
import { intricate, noisyArray, noisyLoop, sparse, WIRED } from '../../support/networks.ts';

/** Runs with rewards where there are any. @param to tick at the end */
function advance(simulation: Simulation, to: number): Simulation {
  while (simulation.tick < to) {
    simulation.run(1);
    if (simulation.tick % 40 !== 0) continue;
    for (const { name, lowered, post } of simulation.plan.projections) {
      if (lowered.modulators.length === 0) continue;
      const values = Float64Array.from({ length: simulation.plan.populations[post].size }, (_, j) => ((j % 3) - 1) * 0.3);
      simulation.modulate(name, { reward: lowered.modulators[0].per === 'post' ? values : 0.2 });
    }
    if (simulation.tick % 120 === 0) simulation.resetState();
  }
  return simulation;
}

const plans: readonly (readonly [string, Plan, number])[] = [
  ['ideal', buildPlan(noisyLoop(false), ideal()), 240],
  ['loihi-like', buildPlan(noisyLoop(false), loihiLike()), 240],
  ['crossbar', buildPlan(noisyLoop(false), memristorCrossbar()), 240],
  ['cells that drift', buildPlan(noisyLoop(false), memristorCrossbar({ device: 'pcm' })), 240],
  ['cells that share lines', buildPlan(noisyArray(), memristorCrossbar(WIRED)), 200],
  ['what waits of onPost, single precision', buildPlan(sparse(intricate, 'f32', [60, 200], true), ideal()), 600],
];

const KEPT = 6;

/** Some synapses of every projection that learns. */
function someOf(plan: Plan) {
  return plan.projections
    .filter(({ lowered }) => lowered.counters.length > 0)
    .flatMap(({ name, table }) => {
      const sources = sourcesOf(table);
      return [0, 1, 2].map((n) => {
        const k = Math.floor((n * (table.nSynapses - 1)) / 2);
        return { projection: name, pre: sources[k], post: table.target[k] };
      });
    });
}

const sizes = (changes: readonly WeightChange[]): number[] =>
  changes.map(({ before, after }) => Math.abs(after - before)).sort((a, b) => b - a);

/** start + changes + rest - end, exactly. */
const remainder = ({ start, end, changes, rest }: SynapseHistory): readonly number[] =>
  [start, ...changes.flatMap(({ before, after }) => [after, -before]), ...rest.sum, -end].reduce(addExactly, [] as readonly number[]);

for (const [name, plan, ticks] of plans) {
  test(`${name}: start, the largest changes and the rest add up to the weight exactly, on any number of shards and after a stop`, () => {
    const synapses = someOf(plan);
    const plain = advance(new Simulation(plan), ticks);
    const logged = (options: SimulationOptions, largest = KEPT): Simulation =>
      new Simulation(plan, { ...options, why: { synapses, largest } });
    const simulation = advance(logged({}), ticks);
    assert.is(simulation.hash(), plain.hash(), 'a log changes no bit');
    const histories = simulation.learningLog();
    const all = advance(logged({}, Number.POSITIVE_INFINITY), ticks).learningLog();
    let busy = 0;
    for (const [n, history] of histories.entries()) {
      const { projection, pre, post, changes, rest } = history;
      assert.equal(remainder(history), []);
      const { table } = plan.projections.find((one) => one.name === projection) as Plan['projections'][number];
      const k = sourcesOf(table).findIndex((source, at) => source === pre && table.target[at] === post);
      assert.is(history.end, simulation.weights(projection)[k]);
      assert.is(history.start, new Simulation(plan).weights(projection)[k]);
      assert.equal(sizes(changes), sizes(all[n].changes).slice(0, KEPT));
      assert.is(changes.length + rest.changes, all[n].changes.length);
      if (rest.changes > 0) busy++;
    }
    assert.ok(busy > 0, 'some synapse had more changes than are kept');
    assert.equal(advance(logged({ shards: 3 }), ticks).learningLog(), histories);
    const half = advance(logged({}), Math.floor(ticks / 2));
    assert.equal(advance(logged({ shards: 2, from: half.checkpoint() }), ticks).learningLog(), histories);
  });
}

/** Spikes one by one at one synapse of a rule, the post neuron told when to fire by a second input. */
function oneSynapse(learnt: Parameters<typeof rule>[0], pre: readonly number[], post: readonly number[]) {
  const net = network({ dt: '1 ms' });
  const at = (ticks: readonly number[]) => ({ times: ticks.map((tick) => `${tick} ms` as const), neurons: ticks.map(() => 0) });
  const source = net.input('source', 1, at(pre));
  const teacher = net.input('teacher', 1, at(post.map((tick) => tick - 1)));
  const out = net.neurons('out', 1, { model: 'lif', tauMem: '0.1 ms', vThreshold: 100 });
  net.connect(source, out, { name: 'p', weight: 0.5, rule: rule(learnt) });
  net.connect(teacher, out, { weight: 200 });
  return net.freeze();
}

const pairRule = {
  name: 'pair',
  traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
  modulators: { reward: {} },
  variables: { e: { tau: '50 ms' } },
  onPre: 'w -= 0.02 * y1',
  onPost: 'w += 0.05 * x1\ne += x1',
  onModulator: 'w += 0.1 * reward * e',
  bounds: [0, 1],
} as const;

test('a change says its tick, sample, moment, and the traces and third factors that made it', () => {
  let sample = 1;
  const why = { synapses: [{ projection: 'p', pre: 0, post: 0 }], sample: () => sample };
  const simulation = new Simulation(buildPlan(oneSynapse(pairRule, [3, 12], [7]), ideal()), { why });
  simulation.run(20);
  sample = 2;
  simulation.modulate('p', { reward: 0.5 });
  const [{ changes, delay }] = simulation.learningLog();
  assert.equal(
    changes.map(({ tick, moment, sample: of }) => [tick, moment, of]),
    [
      [7, 'onPost', 1],
      [13, 'onPre', 1],
      [20, 'onModulator', 2],
    ],
  );
  assert.is(delay, 1);
  const [post, pre, third] = changes;
  // the pre spike arrived in tick 4; the post spike was in tick 7
  near(post.read.x1, Math.exp(-3 / 20), 1e-12);
  near(post.after - post.before, 0.05 * post.read.x1, 1e-15);
  near(pre.read.y1, Math.exp(-6 / 20), 1e-12);
  near(pre.after - pre.before, -0.02 * pre.read.y1, 1e-15);
  assert.is(third.read.reward, 0.5);
  near(third.read.e, Math.exp(-3 / 20), 1e-12);
  assert.equal(third.changed.w, [third.before, third.after]);
});

test('on a crossbar the pulses behind each change are told, and their sum is what the chip counted', () => {
  const ticks = Array.from({ length: 60 }, (_, n) => 5 + 9 * n);
  const plan = buildPlan(
    oneSynapse(
      pairRule,
      ticks,
      ticks.map((tick) => tick + 4),
    ),
    memristorCrossbar(),
  );
  const why = { synapses: [{ projection: 'p', pre: 0, post: 0 }], largest: 1e6 };
  const simulation = new Simulation(plan, { why });
  simulation.run(600);
  const [{ changes }] = simulation.learningLog();
  const pulses = changes.reduce((sum, { events }) => sum + (events.writePulse ?? 0), 0);
  assert.ok(pulses > 50, `${pulses}`);
  assert.is(pulses, simulation.eventCounts().writePulse);
  for (const { changed, events } of changes) {
    const [from, to] = changed.gPlus ?? [0, 0];
    assert.is(from !== to, (events.writePulse ?? 0) > 0);
  }
});

test('in a learning epoch the times of its spikes are told', () => {
  const native = {
    name: 'native',
    traces: { x1: { on: 'pre', tau: '10 ms', impulse: 100 } },
    epochTicks: 5,
    dw: '2^0*x1*y0',
    bounds: [-255, 255],
  } as const;
  const plan = buildPlan(oneSynapse(native, [6], [9]), loihiLike({ traceRounding: 'never-up' }));
  const simulation = new Simulation(plan, { why: { synapses: [{ projection: 'p', pre: 0, post: 0 }] } });
  simulation.run(20);
  const [{ changes }] = simulation.learningLog();
  assert.equal(
    changes.map(({ tick, moment, read }) => [tick, moment, read.postTime, read.x1_atPost]),
    [[10, 'epoch', 4, 81]],
  );
  assert.is(changes[0].changed.w[1] - changes[0].changed.w[0], 81);
});

test('a synapse that is not there is refused with those that are', () => {
  const plan = buildPlan(noisyLoop(false), ideal());
  const asked = (projection: string, pre: number, post: number): string =>
    problemsOf(() => new Simulation(plan, { why: { synapses: [{ projection, pre, post }] } }))
      .map(({ message, hint }) => `${message} (${hint})`)
      .join();
  assert.match(asked('b-c', 0, 0), /^b-c:0:0: there is no projection "b-c" \(did you mean b-a:0:0\?\)/);
  assert.match(asked('b-a', 9, 0), /^b-a:9:0: there is no source 9 of 0 … 8/);
  assert.match(asked('b-a', 0, 17), /^b-a:0:17: there is no target 17 of 0 … 16/);
  const { table } = plan.projections.find(({ name }) => name === 'a-b') as Plan['projections'][number];
  const reached = [...table.target.slice(table.rowStart[0], table.rowStart[1])];
  const missing = [0, 1, 2, 3, 4, 5, 6, 7, 8].find((j) => !reached.includes(j)) as number;
  assert.match(asked('a-b', 0, missing), new RegExp(`there is no synapse from 0 to ${missing} \\(source 0 reaches ${reached[0]}`));
});

test.run();
