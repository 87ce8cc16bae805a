import { availableParallelism } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { ChipBackend } from '../../core/chip-contract.ts';
import { UserError } from '../../core/errors.ts';
import { runTicks } from '../../core/kernel/run-ticks.ts';
import { attachShard } from '../../core/kernel/shard.ts';
import { stateHash } from '../../core/kernel/state-hash.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { partitionPlan } from '../../core/plan/partition.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { meet, ShardStalled } from '../../workers/barrier.ts';
import { ARRIVED, createControlBlock, heartbeatCell, waitingCell } from '../../workers/control-block.ts';
import type { SimulationOptions } from '../../workers/simulation.ts';
import { Simulation } from '../../workers/simulation.ts';
import { noisyLoop } from '../support/networks.ts';
import { range } from '../support/simulate.ts';

const chips: readonly [string, () => ChipBackend][] = [
  ['ideal', ideal],
  ['loihi-like', loihiLike],
  ['memristor-crossbar', memristorCrossbar],
];

/** Hash of everything after each stretch of ticks, with a reward half-way. */
function hashes(plan: Plan, options: SimulationOptions, stretches: readonly number[]): string[] {
  const simulation = new Simulation(plan, options);
  const all = stretches.map((ticks, n) => {
    simulation.run(ticks);
    if (n === Math.floor(stretches.length / 2)) {
      simulation.modulate('b-a', { reward: Float64Array.from({ length: 17 }, (_, j) => (j % 3 === 0 ? 0.5 : 0)) });
    }
    return simulation.hash();
  });
  simulation.dispose();
  return all;
}

for (const [name, chip] of chips) {
  test(`${name}: every neuron, weight and trace is the same at every tick on 1, 2 and 3 shards`, () => {
    const plan = buildPlan(noisyLoop(false), chip());
    const everyTick = new Array<number>(120).fill(1);
    const one = hashes(plan, {}, everyTick);
    assert.equal(hashes(plan, { shards: 2, threads: 1 }, everyTick), one);
    assert.equal(hashes(plan, { shards: 3, threads: 1 }, everyTick), one);
  });

  test(`${name}: JavaScript and WebAssembly give the same bits`, () => {
    const plan = buildPlan(noisyLoop(false), chip());
    const stretches = new Array<number>(60).fill(2);
    assert.equal(hashes(plan, { backend: 'js' }, stretches), hashes(plan, {}, stretches));
    assert.equal(hashes(plan, { backend: 'js', shards: 2, threads: 1 }, stretches), hashes(plan, {}, stretches));
  });

  test(`${name}: loops taken over from another shard of the same plan give the same bits`, () => {
    const plan = buildPlan(noisyLoop(false), chip());
    const [first, second] = [attachShard(plan), attachShard(plan)];
    const taken = attachShard(plan, { code: first.code });
    for (const shard of [second, taken]) runTicks(shard, 150);
    assert.is(stateHash([taken]), stateHash([second]));
    const renamed = first.code.map((loop) => ({ ...loop, name: 'other' }));
    assert.throws(() => attachShard(plan, { code: renamed }), /the other thread has compiled other in place of/);
  });

  test(`${name}: longer stretches between two exchanges give the same bits`, () => {
    const plan = buildPlan(noisyLoop(false), chip());
    const uneven = [1, 50, 7, 64, 3];
    assert.equal(hashes(plan, { shards: 3, threads: 1 }, uneven), hashes(plan, {}, uneven));
  });
}

if (availableParallelism() >= 2) {
  test('two threads give the bits of one, rewards, recordings and resets included', () => {
    const plan = buildPlan(noisyLoop(false), ideal());
    assert.equal(hashes(plan, { threads: 2, shards: 2 }, [40, 1, 60, 100]), hashes(plan, {}, [40, 1, 60, 100]));
    const recorded = buildPlan(noisyLoop(true), ideal());
    const [one, two] = [{}, { threads: 2, shards: 2 }].map((options) => {
      const simulation = new Simulation(recorded, options);
      simulation.run(60);
      simulation.resetState();
      simulation.run(60);
      const result = {
        spikes: simulation.recordedSpikes('a'),
        v: simulation.recordedState('b', 'v'),
        counts: simulation.eventCounts(),
        w: simulation.weights('input-a'),
      };
      simulation.dispose();
      return result;
    });
    assert.equal(two, one);
    assert.ok(one.spikes.t.length > 20);
  });

  test('an error in a shard thread ends the run with its message, and the next simulation works', () => {
    const net = network({ dt: '1 ms', seed: 1 });
    const input = net.input('input', 4, { rates: '200 Hz' });
    const out = net.neurons('out', 8, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
    // only targets of the second shard have a post trace of zero when the pre spike comes: w / 0
    const bad = rule({ name: 'bad', traces: { y1: { on: 'post', tau: '20 ms' } }, onPre: 'w += 0.01 / y1' });
    net.connect(input, out, { connect: { kind: 'explicit', sources: [0, 1, 2], targets: [7, 7, 7] }, weight: 0.1, rule: bad });
    const plan = buildPlan(net.freeze(), ideal());
    const simulation = new Simulation(plan, { threads: 2, shards: 2 });
    try {
      simulation.run(200);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, UserError);
      assert.match(
        (error as UserError).message,
        /^shard 1 failed: rule bad of projection input-out, onPre: the new weight is not a number at synapse/,
      );
    }
    assert.type(hashes(buildPlan(noisyLoop(false), ideal()), { threads: 2, shards: 2 }, [20])[0], 'string');
  });
}

test('more threads than cores are refused, and one thread is used where more could not pay', () => {
  const plan = buildPlan(noisyLoop(false), ideal());
  assert.throws(
    () => new Simulation(plan, { threads: 4096 }),
    /^threads is 4096, but this machine has \d+ cores: more threads would only take turns/,
  );
  if (availableParallelism() < 2) return;
  const small = new Simulation(plan, { threads: 2 });
  assert.match(small.oneThreadBecause ?? '', /^threads would meet every 2 ticks, which costs 40 us and saves 0\.0\d+ us$/);
  assert.is(new Simulation(plan, { threads: 2, shards: 2 }).oneThreadBecause, undefined);
});

test('a shard that never arrives is named within a second or so', () => {
  const control = createControlBlock(3);
  // shard 1 has arrived and waits; shard 2 had begun and is gone
  Atomics.store(control.cells, waitingCell(1), 1);
  Atomics.store(control.cells, ARRIVED, 1);
  Atomics.store(control.cells, heartbeatCell(2), 5);
  try {
    meet(control, 0);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ShardStalled);
    assert.equal((error as ShardStalled).shards, [2]);
    assert.is((error as ShardStalled).message, 'shard 2 has stopped or hangs: no tick for 0.7 s');
  }
});

test('a partition shares out the synapses, and a population that competes stays whole', () => {
  const net = network({ dt: '1 ms', seed: 1 });
  const input = net.input('input', 100);
  const out = net.neurons('out', 90, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  const winners = net.neurons('winners', 10, { model: 'lif', tauMem: '20 ms', vThreshold: 1, competition: { inhibition: 1 } });
  net.connect(input, out, { weight: 0.1 });
  net.connect(out, winners, { weight: 0.1 });
  const { ranges } = partitionPlan(buildPlan(net.freeze(), ideal()), 3);
  assert.equal(ranges[1], [
    [0, 30],
    [30, 60],
    [60, 90],
  ]);
  assert.equal(
    ranges[2].map(([first, end]) => end - first).sort((a, b) => a - b),
    [0, 0, 10],
  );
});

test('a partition of many synapses, of which it counts some, shares them out to a hundredth, however regular their rows are', () => {
  for (const size of [1000, 1024]) {
    const net = network({ dt: '1 ms', seed: 1 });
    const [even, uneven] = ['even', 'uneven'].map((name) => net.neurons(name, size, { model: 'lif', tauMem: '20 ms', vThreshold: 1 }));
    const input = net.input('input', 3000);
    net.connect(input, even, { weight: 0.1 });
    // the first half of the targets has three times as many synapses as the other
    const targets = range(0, 2 * size - 1).map((k) => (k < 1.5 * size ? k % (size / 2) : size / 2 + (k % (size / 2))));
    const sources = range(0, 999);
    net.connect(net.input('listed', 1000), uneven, {
      connect: { kind: 'explicit', sources: sources.flatMap((i) => targets.map(() => i)), targets: sources.flatMap(() => targets) },
      weight: 0.1,
    });
    const plan = buildPlan(net.freeze(), ideal());
    const { ranges } = partitionPlan(plan, 2);
    const cutOf = (name: string): number => ranges[plan.populations.findIndex((population) => population.name === name)][0][1];
    assert.ok(Math.abs(cutOf('even') - size / 2) < size / 100, `${cutOf('even')} of ${size}`);
    assert.ok(Math.abs(cutOf('uneven') - size / 3) < size / 100, `${cutOf('uneven')} of ${size}`);
  }
});

test('a run that goes on is cut by the spikes it has counted, and gives the same bits', () => {
  const net = network({ dt: '1 ms', seed: 1 });
  const sizes = { busy: '150 Hz', quiet: '3 Hz' } as const;
  const out = net.neurons('out', 40, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  for (const [n, [name, rates]] of Object.entries(sizes).entries()) {
    const source = net.input(name, 100, { rates });
    const pairs = range(0, 1999).map((k) => [k % 100, 20 * n + (k % 20)] as const);
    net.connect(source, out, {
      connect: { kind: 'explicit', sources: pairs.map(([i]) => i), targets: pairs.map(([, j]) => j) },
      weight: 0.01,
    });
  }
  const plan = buildPlan(net.freeze(), ideal());
  const begun = new Simulation(plan);
  begun.run(200);
  const from = begun.checkpoint();
  const cutAt = (measured: boolean): number => {
    const spikesOf = (name: string) => (measured ? from.network.populations[name].spikeCounts : undefined);
    return partitionPlan(plan, 2, spikesOf).ranges[0][0][1];
  };
  assert.is(cutAt(false), 20);
  assert.ok(cutAt(true) >= 10 && cutAt(true) < 15, `half of the work is done by the first ${cutAt(true)} neurons`);
  const nothing = () => new Int32Array(100);
  assert.is(partitionPlan(plan, 2, nothing).ranges[0][0][1], 20, 'no spike says nothing');
  const onTwo = new Simulation(plan, { from, shards: 2, threads: 1 });
  for (const simulation of [begun, onTwo]) simulation.run(100);
  assert.is(onTwo.hash(), begun.hash());
});

test.run();
