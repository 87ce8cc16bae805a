import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { network } from '../../core/network/builder.ts';
import type { Network } from '../../core/network/network.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { Simulation } from '../../workers/simulation.ts';
import { range } from '../support/simulate.ts';
import type { Reference } from './reference.ts';
import { createReference } from './reference.ts';

/** Draws in every moment, a decaying variable, a sweep, and the state of the post neuron. */
const noisy = rule({
  name: 'noisy',
  parameters: { rate: 0.02 },
  traces: {
    x1: { on: 'pre', tau: '12 ms' },
    y1: { on: 'post', tau: '30 ms', pairing: 'nearest', decay: 'euler' },
    n: { on: 'pre', impulse: 0.25 },
  },
  variables: { e: { tau: '25 ms' }, last: { initial: -1 } },
  onPre: 'let kick = rate * normal()\nw += if(uniform() < 0.5, kick, -y1 * rate)\ne -= y1 * v_post',
  onPost: 'e += x1\nw += rate * (e - uniform())\nlast = n',
  onLearningEpoch: 'w *= 1 - 0.01 * uniform()\nlast = x1 + 2 * y1 + 4 * n',
  epochTicks: 7,
  bounds: [-0.4, 0.6],
});

/** A rule of the library that also copies its traces into the synapse at the end of every tick, where they can be compared. */
function watched(name: string, parameters?: Record<string, number>): PlasticityRule {
  const base = ruleLibrary[name];
  const traces = Object.keys(base.traces);
  return {
    ...base,
    ...(parameters === undefined ? {} : { parameters }),
    variables: { ...base.variables, ...Object.fromEntries(traces.map((trace) => [`saw_${trace}`, { initial: 0 }])) },
    code: { ...base.code, onLearningEpoch: traces.map((trace) => `saw_${trace} = ${trace}`).join('\n') },
  };
}

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
    rule: watched('pair-stdp', { aPlus: 0.05, aMinus: 0.04 }),
  });
  net.connect(replayed, a, { weight: { normal: { mean: 0.4, sd: 0.1 } }, delay: '3 ms', rule: noisy });
  net.connect(a, b, {
    weight: { uniform: [0.1, 0.6] },
    delay: { uniform: ['1 ms', '3 ms'] },
    rule: watched('r-stdp-delayed', { aPlus: 1, aMinus: 0.3, rate: 0.1 }),
  });
  net.connect(b, a, { weight: -0.3, delay: '2 ms' });
  net.connect(a, a, { connect: { kind: 'fixed-in-degree', degree: 3 }, weight: 0.1, delay: { uniform: ['1 ms', '5 ms'] }, rule: noisy });
  net.connect(b, c, { port: 'excitatory', weight: 3 });
  net.connect(a, c, { port: 'inhibitory', weight: { uniform: [-0.5, 0] }, delay: '2 ms', rule: watched('triplet-stdp') });
  return net.freeze();
}

function compare(simulation: Simulation, reference: Reference, when: string): void {
  const { plan } = simulation;
  plan.populations.forEach(({ name, lowered }, p) => {
    for (const variable of lowered?.variables ?? []) {
      const expected = reference.populations[p].variables.get(variable.name) ?? [];
      assert.equal([...simulation.state(name, variable.name)], [...expected], `${name}.${variable.name} ${when}`);
    }
    const spikes = reference.populations[p].history.reduce((counts, fired) => counts.map((n, i) => n + (fired[i] ? 1 : 0)), zeros(plan, p));
    assert.equal([...simulation.spikeCounts(name)], spikes, `spikes of ${name} ${when}`);
  });
  plan.projections.forEach(({ name, lowered }, p) => {
    for (const variable of lowered.variables) {
      const expected = reference.projections[p].variables.get(variable.name) ?? [];
      assert.equal([...simulation.synapseVariable(name, variable.name)], [...expected], `${name}.${variable.name} ${when}`);
    }
  });
  const total = (counter: string): number => reference.projections.reduce((sum, { counters }) => sum + (counters.get(counter) ?? 0), 0);
  const { synapticUpdates, updateAttempts, saturatedUpdates } = simulation.learningCounts();
  assert.equal(
    [updateAttempts, synapticUpdates, saturatedUpdates],
    [total('updateAttempts'), total('synapticUpdates'), total('saturatedUpdates')],
    `learning counts ${when}`,
  );
  const { synapticEvent, neuronUpdate, neuronSpike, traceUpdate } = simulation.eventCounts();
  assert.equal({ synapticEvent, neuronUpdate, neuronSpike, traceUpdate }, reference.events, `events ${when}`);
}

const zeros = ({ populations }: Plan, p: number): number[] => new Array<number>(populations[p].size).fill(0);

for (const precision of ['f64', 'f32'] as const) {
  for (const seed of [1, 2]) {
    test(`the kernel equals the evaluator bit by bit in every tick (${precision}, seed ${seed})`, () => {
      const plan = buildPlan(mixture(seed, precision), ideal());
      const simulation = new Simulation(plan);
      const reference = createReference(plan);
      const rewarded = plan.projections.findIndex(({ name }) => name === 'a-b');
      for (const tick of range(1, 300)) {
        // learning off for a while: traces go on
        const learning = tick < 120 || tick > 150;
        simulation.learning = learning;
        reference.learning = learning;
        simulation.run(1);
        reference.step();
        compare(simulation, reference, `in tick ${tick}`);
        if (tick % 25 !== 0) continue;
        const reward = Float64Array.of(1, 0, -0.5, 0, 0.25).map((value) => (tick % 50 === 0 ? value : -value));
        simulation.modulate('a-b', { reward });
        reference.modulate(rewarded, { reward });
        compare(simulation, reference, `after the reward in tick ${tick}`);
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

/** Dense connections of one weight, the inhibitory ones first: onto a port of their own, and onto one that a rule reaches too. */
function counted(precision: 'f64' | 'f32'): Network {
  const net = network({ seed: 3, precision });
  // silent ticks and busy ones: a source alone, none, most of them
  const spikes = range(1, 60).flatMap((n) => (n % 4 === 1 ? range(0, 99) : n % 4 === 2 ? [n] : []).map((neuron) => ({ n, neuron })));
  const few = net.input('few', 140, { rates: '200 Hz' });
  const many = net.input('many', 100, { times: spikes.map(({ n }) => `${n} ms` as const), neurons: spikes.map(({ neuron }) => neuron) });
  const cell = { model: 'lif', tauMem: '10 ms', vThreshold: 1, refractory: '2 ms' } as const;
  const worksOut = net.neurons('worksOut', 150, cell);
  const adds = net.neurons('adds', 130, cell);
  const dense = (degree: number) => ({ kind: 'fixed-in-degree', degree, multapses: true }) as const;
  net.connect(few, worksOut, { connect: dense(30), weight: -0.05, delay: '2 ms' });
  net.connect(many, worksOut, { connect: dense(40), weight: 0.07 });
  net.connect(worksOut, adds, { connect: dense(50), weight: 0.11 });
  net.connect(few, adds, { connect: dense(25), weight: -0.03 });
  net.connect(many, adds, { connect: dense(2), weight: 0.02, rule: watched('pair-stdp', { aPlus: 0.05, aMinus: 0.04 }) });
  return net.freeze();
}

for (const precision of ['f64', 'f32'] as const) {
  test(`what is counted arrives as in the evaluator, in the advance and beside it (${precision})`, () => {
    const plan = buildPlan(counted(precision), ideal());
    assert.equal(
      plan.projections.map((projection) => projection.counted !== undefined),
      [true, true, true, true, false],
    );
    assert.equal(
      plan.populations.map(({ workedOut }) => workedOut),
      [undefined, undefined, ['delta'], undefined],
    );
    const simulation = new Simulation(plan);
    const reference = createReference(plan);
    for (const tick of range(1, 70)) {
      simulation.run(1);
      reference.step();
      compare(simulation, reference, `in tick ${tick}`);
    }
    for (const name of ['worksOut', 'adds']) assert.ok([...simulation.spikeCounts(name)].filter((n) => n > 0).length > 20, `${name} fired`);
  });
}

test.run();
