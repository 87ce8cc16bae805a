/** What threads rehearse on: a miniature of any plan, which goes through all that a tick does and computes nothing. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WORKLOADS } from '../../bench/workloads/table.ts';
import { ideal } from '../../chips/ideal/ideal.ts';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { Shard } from '../../core/kernel/shard.ts';
import { attachShard } from '../../core/kernel/shard.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { miniature } from '../../core/plan/miniature.ts';
import { partitionPlan, shardPlan } from '../../core/plan/partition.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { planRehearsal, rehearse } from '../../workers/rehearsal.ts';
import { gradedLoop, intricate, noisyLoop, sparse } from '../support/networks.ts';

function competing(): Plan {
  const net = network({ seed: 2 });
  const input = net.input('input', 40, { rates: '80 Hz' });
  const cells = net.neurons('cells', 30, { model: 'lif', tauMem: '20 ms', vThreshold: 1, competition: { inhibition: 0.1 } });
  net.connect(input, cells, { weight: 0.3, rule: 'pair-stdp' });
  return buildPlan(net.freeze(), ideal());
}

const plans: readonly (readonly [string, () => Plan])[] = [
  ['noise and mixed delays, ideal', () => buildPlan(noisyLoop(false), ideal())],
  ['noise and mixed delays, loihi-like', () => buildPlan(noisyLoop(false), loihiLike())],
  ['noise and mixed delays, memristor-crossbar', () => buildPlan(noisyLoop(false), memristorCrossbar())],
  ['graded spikes', () => buildPlan(gradedLoop(), ideal())],
  ['a rule that waits for the next spike', () => buildPlan(sparse(intricate, 'f32', [20, 5], true), ideal())],
  ['competition', competing],
  ['W1', () => buildPlan(WORKLOADS.W1.network({ seed: 1, record: false }), ideal())],
  ['rows that are asked for beforehand', () => buildPlan(WORKLOADS.W3s.network({ seed: 1, record: false }), ideal())],
  ['W4-400', () => buildPlan(WORKLOADS['W4-400'].network({ seed: 1, record: false }), ideal())],
];

for (const [name, build] of plans) {
  test(`${name}: rehearsed on few neurons, with the programs of the plan`, () => {
    const plan = build();
    const rehearsal = planRehearsal(plan);
    for (const [p, { size, lowered }] of rehearsal.plan.populations.entries()) {
      assert.ok(size <= Math.min(plan.populations[p].size, 2000), `${size} of ${plan.populations[p].size}`);
      assert.is(lowered?.advance, plan.populations[p].lowered?.advance);
    }
    for (const [p, { table, lowered }] of rehearsal.plan.projections.entries()) {
      assert.ok(table.nSynapses <= 4 * table.nPre);
      assert.is(lowered.deliver, plan.projections[p].lowered.deliver);
    }
    const [one, other] = rehearse(rehearsal).shards;
    assert.ok(one.tick > 1000 && other.tick > 1000);
    const states = [one, attachShard(rehearsal.plan)].map(({ populations }) =>
      populations.filter(({ lowered }) => lowered.length > 0).map(({ variables }) => [...variables.values()].map((values) => [...values])),
    );
    assert.equal(states[0], states[1], 'no neuron has been advanced');
    const fired = one.populations.flatMap(({ size, spikeCounts, plan: { source } }) =>
      size >= 16 && source?.kind !== 'replay' && source?.kind !== 'played' ? [spikeCounts] : [],
    );
    for (const counts of fired) assert.ok(counts[0] > 0, 'spikes are reported');
  });
}

/** Names of all fields, in their order, of what a tick goes over. */
const shapeOf = ({ populations, projections }: Shard): unknown => [
  populations.map((population) => [population, population.plan, population.hold].map((object) => Object.keys(object ?? {}))),
  projections.map((projection) =>
    [projection, projection.plan, projection.plan.table, projection.replay].map((object) => Object.keys(object ?? {})),
  ),
];

for (const [name, build] of plans) {
  test(`${name}: what is rehearsed on has the shape of what is run`, () => {
    const plan = build();
    const shard = attachShard(shardPlan(plan, partitionPlan(plan, 2), 0));
    assert.equal(shapeOf(attachShard(planRehearsal(plan).plan)), shapeOf(shard));
  });
}

test('a miniature is as small as asked for', () => {
  const { populations, projections, network: described } = miniature(buildPlan(noisyLoop(false), ideal()), 8);
  assert.equal(
    populations.map(({ size }) => size),
    [8, 8, 8],
  );
  assert.equal([...new Set(projections[0].table.rowDelay)], [2, 5]);
  assert.equal(described.projections, []);
});

test.run();
