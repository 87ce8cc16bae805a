import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { learnOnModulator } from '../../core/kernel/learn.ts';
import { runTicks } from '../../core/kernel/run-ticks.ts';
import type { Shard } from '../../core/kernel/shard.ts';
import { attachShard } from '../../core/kernel/shard.ts';
import { network } from '../../core/network/builder.ts';
import type { Network } from '../../core/network/network.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { range } from '../support/simulate.ts';
import type { Reference } from './reference.ts';
import { createReference } from './reference.ts';

/** Draws in every moment, a decaying variable, a sweep, and the state of the post neuron. */
const noisy = rule({
  name: 'noisy',
  parameters: { rate: 0.02 },
  traces: { x1: { on: 'pre', tau: '12 ms' }, y1: { on: 'post', tau: '30 ms', pairing: 'nearest', decay: 'euler' }, n: { on: 'pre', impulse: 0.25 } },
  variables: { e: { tau: '25 ms' }, last: { initial: -1 } },
  onPre: 'let kick = rate * normal()\nw += if(uniform() < 0.5, kick, -y1 * rate)\ne -= y1 * v_post',
  onPost: 'e += x1\nw += rate * (e - uniform())\nlast = n',
  onLearningEpoch: 'w *= 1 - 0.01 * uniform()',
  epochTicks: 7,
  bounds: [-0.4, 0.6],
});

/** Everything at once: two sources, three populations, mixed delays, three plastic rules, noise, competition, recurrence. */
function mixture(seed: number, precision: 'f64' | 'f32'): Network {
  const net = network({ seed, precision });
  const poisson = net.input('poisson', 12, { rates: '60 Hz' });
  const replayed = net.input('replayed', 3, {
    times: range(1, 60).map((n) => `${5 * n} ms` as const),
    neurons: range(1, 60).map((n) => n % 3),
  });
  const a = net.neurons('a', 8, {
    model: 'lif',
    tauMem: '15 ms',
    vThreshold: 1,
    resetTo: 'subtraction',
    refractory: '2 ms',
    noise: 0.15,
    floor: -0.5,
    spiking: 'escape',
    escapeRate: '150 Hz',
    escapeWidth: 0.3,
    escapeMax: 0.8,
  });
  const b = net.neurons('b', 5, {
    model: 'adaptive-lif',
    tauMem: '10 ms',
    tauAdaptation: '60 ms',
    adaptationStep: 0.1,
    vThreshold: 0.6,
    competition: { inhibition: 0.2 },
  });
  const c = net.neurons('c', 4, { model: 'cubalif', tauMem: '20 ms', tauExc: '5 ms', tauInh: '8 ms', vThreshold: 0.5 });
  net.connect(poisson, a, {
    connect: { kind: 'fixed-probability', probability: 0.6 },
    weight: { uniform: [0, 0.5] },
    delay: { uniform: ['1 ms', '4 ms'] },
    rule: { ...ruleLibrary['pair-stdp'], parameters: { aPlus: 0.05, aMinus: 0.04 } },
  });
  net.connect(replayed, a, { weight: { normal: { mean: 0.4, sd: 0.1 } }, delay: '3 ms', rule: noisy });
  net.connect(a, b, {
    weight: { uniform: [0.1, 0.6] },
    delay: { uniform: ['1 ms', '3 ms'] },
    rule: { ...ruleLibrary['r-stdp-delayed'], parameters: { aPlus: 1, aMinus: 0.3, rate: 0.1 } },
  });
  net.connect(b, a, { weight: -0.3, delay: '2 ms' });
  net.connect(a, a, { connect: { kind: 'fixed-in-degree', degree: 3 }, weight: 0.1, delay: { uniform: ['1 ms', '5 ms'] }, rule: noisy });
  net.connect(b, c, { port: 'excitatory', weight: 3 });
  net.connect(a, c, { port: 'inhibitory', weight: { uniform: [-0.5, 0] }, delay: '2 ms', rule: 'triplet-stdp' });
  return net.freeze();
}

function compare(shard: Shard, reference: Reference, when: string): void {
  shard.populations.forEach((population, p) => {
    for (const [name, values] of [...population.variables, ...population.ports]) {
      if (name !== 'probability') assert.equal([...values], [...(reference.populations[p].variables.get(name) ?? [])], `${population.plan.name}.${name} ${when}`);
    }
    const fired = reference.populations[p].history[reference.tick].flatMap((is, i) => (is ? [i] : []));
    assert.equal([...population.fired.subarray(0, population.firedCount)], fired, `spikes of ${population.plan.name} ${when}`);
  });
  shard.projections.forEach((projection, p) => {
    const { variables, traces, counters } = reference.projections[p];
    const { name, lowered } = projection.plan;
    for (const [variable, values] of projection.variables) assert.equal([...values], [...(variables.get(variable) ?? [])], `${name}.${variable} ${when}`);
    lowered.traces.forEach((trace, t) => {
      assert.equal([...projection.traces[t].values], [...(traces.get(trace.name) ?? [])], `${name}.${trace.name} ${when}`);
    });
    assert.equal([...projection.counters.subarray(0, lowered.counters.length)], [...counters.values()], `counters of ${name} ${when}`);
  });
  assert.equal(shard.events, reference.events, `events ${when}`);
}

for (const precision of ['f64', 'f32'] as const) {
  for (const seed of [1, 2]) {
    test(`the kernel equals the evaluator bit by bit in every tick (${precision}, seed ${seed})`, () => {
      const plan = buildPlan(mixture(seed, precision), ideal());
      const shard = attachShard(plan);
      const reference = createReference(plan);
      const rewarded = plan.projections.findIndex(({ name }) => name === 'a-b');
      for (const tick of range(1, 300)) {
        // learning off for a while: traces go on
        shard.learning = reference.learning = tick < 120 || tick > 150;
        runTicks(shard, 1);
        reference.step();
        compare(shard, reference, `in tick ${tick}`);
        if (tick % 25 !== 0) continue;
        const reward = Float64Array.of(1, 0, -0.5, 0, 0.25).map((value) => (tick % 50 === 0 ? value : -value));
        shard.projections[rewarded].modulators.get('reward')?.set(reward);
        learnOnModulator(shard, shard.projections[rewarded]);
        reference.modulate(rewarded, { reward });
        compare(shard, reference, `after the reward in tick ${tick}`);
      }
      // the comparison is worth something: everything spiked, learned, and was clipped somewhere
      reference.populations.forEach(({ history }, p) => {
        const spikes = history.flat().filter(Boolean).length;
        assert.ok(spikes > 20, `${plan.populations[p].name} fired ${spikes} times`);
      });
      reference.projections.forEach(({ plan: { name }, counters }) => {
        if (counters.size > 0) assert.ok((counters.get('synapticUpdates') ?? 0) > 10, `${name} learned`);
      });
      assert.ok(reference.projections.some(({ counters }) => (counters.get('saturatedUpdates') ?? 0) > 0));
    });
  }
}

test.run();
