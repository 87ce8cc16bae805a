/** Populations at rest are not advanced, and nobody can tell: a run looked at from outside is the run of every tick. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import { isAtRest } from '../../../core/kernel/rest.ts';
import { runTicks } from '../../../core/kernel/run-ticks.ts';
import { attachShard } from '../../../core/kernel/shard.ts';
import type { NeuronOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import { Simulation } from '../../../workers/simulation.ts';

const lif = { model: 'lif', tauMem: '5 ms', vThreshold: 1, refractory: '2 ms' } as const;
const cubalif = { model: 'cubalif', tauMem: '4 ms', tauExc: '2 ms', tauInh: '3 ms', vThreshold: 1 } as const;

/** A burst, a silence that is long enough to come to rest, and another burst. */
function plan(options: NeuronOptions, chip: ChipBackend, precision: 'f32' | 'f64' = 'f64'): Plan {
  const net = network({ dt: '1 ms', seed: 2, precision });
  const bursts = [5, 6, 7, 4000, 4001, 4002, 4003];
  const input = net.input('input', 3, { times: bursts.map((tick) => `${tick} ms` as const), neurons: bursts.map((_, n) => n % 3) });
  const cells = net.neurons('cells', 6, options);
  net.connect(input, cells, { weight: 0.7, ...(options.model === 'cubalif' ? { port: 'excitatory' } : {}) });
  return buildPlan(net.freeze(), chip);
}

function hashesOf(simulation: Simulation, ticks: number, wakeEachTick: boolean): string[] {
  const hashes: string[] = [];
  for (let tick = 1; tick <= ticks; tick++) {
    // writing the state it has wakes a population
    if (wakeEachTick) simulation.setState('cells', 'v', simulation.state('cells', 'v'));
    simulation.run(1);
    if (tick % 250 === 0 || (tick > 3990 && tick < 4020)) hashes.push(simulation.hash());
  }
  return hashes;
}

for (const [name, options] of Object.entries({ lif, cubalif })) {
  for (const [title, chip] of [
    ['ideal', ideal()],
    ['loihi-like', loihiLike()],
  ] as const) {
    test(`${name} on ${title} comes to rest, wakes at a spike, and has the bits of one that never rests`, () => {
      const made = plan(options, chip);
      assert.equal(hashesOf(new Simulation(made), 4500, false), hashesOf(new Simulation(made), 4500, true));
    });
  }
}

test('advances of a population at rest are left out, and still counted as updates of its neurons', () => {
  const made = plan(lif, ideal(), 'f32');
  const simulation = new Simulation(made);
  simulation.run(3900);
  const before = simulation.state('cells', 'v');
  assert.is(simulation.eventCounts().neuronUpdate, 6 * 3900);
  simulation.run(50);
  assert.equal(simulation.state('cells', 'v'), before);
  assert.is(simulation.eventCounts().neuronUpdate, 6 * 3950);
  simulation.run(200);
  assert.ok(Math.max(...simulation.spikeCounts('cells')) >= 2, 'it fires again');
  const shard = attachShard(made);
  const { rest } = shard.populations[1];
  runTicks(shard, 3900);
  assert.ok(rest !== undefined && isAtRest(rest));
  runTicks(shard, 150);
  assert.not(isAtRest(rest));
});

test('a state that the host sets wakes a population', () => {
  const simulation = new Simulation(plan(lif, ideal()));
  simulation.run(3900);
  simulation.setState('cells', 'v', new Float64Array(6).fill(0.9));
  simulation.run(5);
  const [v] = simulation.state('cells', 'v');
  assert.ok(Math.abs(v - 0.9 * Math.exp(-1)) < 1e-12, `v is ${v}`);
});

test.run();
