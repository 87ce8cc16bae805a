/** Rows are asked for where they are many, and it makes no difference to what is computed. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { attachShard } from '../../../core/kernel/shard.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import type { SimulationOptions } from '../../../workers/simulation.ts';
import { Simulation } from '../../../workers/simulation.ts';

/** Three ways of delivery: alone, with `onPre`, and with both sides of a rule in one pass. */
function layered(size: number): Plan {
  const net = network({ seed: 3, precision: 'f32' });
  const input = net.input('input', size, { rates: '40 Hz' });
  const cells = net.neurons('cells', size, { model: 'lif', tauMem: '20 ms', vThreshold: 1, refractory: '2 ms' });
  const weight = { uniform: [0, 4 / size] } as const;
  net.connect(input, cells, { weight, delay: '2 ms' });
  net.connect(input, cells, { name: 'rewarded', weight, delay: '2 ms', rule: 'r-stdp' });
  net.connect(input, cells, { name: 'paired', weight, delay: '3 ms', rule: 'pair-stdp' });
  return buildPlan(net.freeze(), ideal());
}

const asksAhead = (plan: Plan): boolean[] => attachShard(plan).projections.map(({ readAhead }) => readAhead !== undefined);

test('many rows are asked for, few are not', () => {
  assert.equal(asksAhead(layered(40)), [false, false, false]);
  assert.equal(asksAhead(layered(600)), [true, true, true]);
});

test('spikes, weights and traces are those of JavaScript, which asks for nothing, in one shard and in two', () => {
  const plan = layered(600);
  const ways: readonly SimulationOptions[] = [{}, { backend: 'js' }, { shards: 2, threads: 1 }];
  const hashes = ways.map((options) => {
    const simulation = new Simulation(plan, options);
    simulation.run(60);
    assert.ok(simulation.spikeCounts('cells').some((count) => count > 0));
    return simulation.hash();
  });
  assert.is(hashes[1], hashes[0]);
  assert.is(hashes[2], hashes[0]);
});

test.run();
