import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LifOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { sourcesOf } from '../../../core/synapses/synapse-table.ts';
import { allNear, complaintsOf, near, problemsOf } from '../../support/near.ts';
import { changes, pairings } from '../../support/one-synapse.ts';
import { range, spikesAt, start } from '../../support/simulate.ts';

const teacherLif = { model: 'lif', tauMem: '10 us', vThreshold: 1, resistance: 1e-9 } as const satisfies LifOptions;

test('an eligibility with a time constant, decayed only when touched, is its closed form', () => {
  const collect = rule({
    traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '30 ms' } },
    variables: { e: { tau: '70 ms' } },
    modulators: { reward: {} },
    onPre: 'e -= 0.3 * y1',
    onPost: 'e += x1',
    onModulator: 'w += reward * e',
    bounds: [-10, 10],
  });
  const [pre, post] = [
    [10, 40, 41, 130],
    [20, 55, 140],
  ];
  // what every event adds, from the closed forms of the traces it sees
  const events = [
    ...pre.map((t) => ({ t, adds: -0.3 * post.filter((p) => p < t).reduce((sum, p) => sum + Math.exp((p - t) / 30), 0) })),
    ...post.map((t) => ({ t, adds: pre.filter((p) => p <= t).reduce((sum, p) => sum + Math.exp((p - t) / 20), 0) })),
  ];
  const eligibility = (at: number): number =>
    events.filter(({ t }) => t <= at).reduce((sum, { t, adds }) => sum + adds * Math.exp((t - at) / 70), 0);
  const simulation = pairings(collect, [{ pre, post }]);
  let expected = 0.5;
  for (const [at, reward] of [
    [60, 0.5],
    [61, -0.25],
    [300, 1],
    [301, 0],
  ] as const) {
    simulation.run(at - simulation.tick);
    simulation.modulate('plastic', { reward });
    expected += reward * eligibility(at);
    near(simulation.weights('plastic')[0], expected, 1e-13, `after the reward in tick ${at}`);
  }
});

test('R-STDP of the library: eligibility e += aPlus x1 at post, weight rate · reward · e at the reward', () => {
  const simulation = pairings(ruleLibrary['r-stdp'], [
    { pre: [10], post: [15] },
    { pre: [15], post: [10] },
  ]);
  simulation.run(100);
  simulation.modulate('plastic', { reward: Float64Array.of(0.5, 0.5) });
  const { aPlus, rate } = ruleLibrary['r-stdp'].parameters;
  const e = aPlus * Math.exp(-5 / 33);
  assert.ok(rate * e > 1e-4);
  allNear(simulation.weights('plastic'), [0.5 + rate * 0.5 * e, 0.5], 1e-16);
});

test('delayed R-STDP of the library keeps exp(-delay / 500 ms) of the eligibility', () => {
  const simulation = pairings(ruleLibrary['r-stdp-delayed'], [
    { pre: [10], post: [15] },
    { pre: [15], post: [10] },
  ]);
  simulation.run(515);
  simulation.modulate('plastic', { reward: Float64Array.of(1, 1) });
  const [up, down] = [Math.exp(-5 / 20) * Math.exp(-1), -0.3 * Math.exp(-5 / 20) * Math.exp(-1)];
  allNear(simulation.weights('plastic'), [0.5 + 0.01 * up, 0.5 + 0.01 * down], 1e-15);
});

/** 2 sources onto 3 neurons, all-to-all, with a rule that adds what its modulators say. */
function modulated(modulators: Record<string, { per: 'projection' | 'post' }>, onModulator: string) {
  const net = network();
  const pre = net.input('pre', 2);
  const post = net.neurons('post', 3, teacherLif);
  net.connect(pre, post, { name: 'plastic', weight: 0, rule: rule({ modulators, onModulator, bounds: [-10, 10] }) });
  return start(net);
}

test('a modulator per projection reaches every synapse with one value', () => {
  const simulation = modulated({ reward: { per: 'projection' } }, 'w += 1 + reward');
  simulation.modulate('plastic', { reward: 0.5 });
  assert.equal([...simulation.weights('plastic')], Array(6).fill(1.5));
  assert.is(simulation.learningCounts().updateAttempts, 6);
});

test('a modulator per post neuron reaches the synapses of each neuron with its own value, and skips those where it is zero', () => {
  const simulation = modulated({ reward: { per: 'post' } }, 'w += 1 + reward');
  simulation.modulate('plastic', { reward: Float64Array.of(0.5, 0, -2) });
  assert.equal([...simulation.weights('plastic')], [1.5, 0, -1, 1.5, 0, -1]);
  assert.is(simulation.learningCounts().updateAttempts, 4, 'the synapses of the middle neuron were not visited');
});

test('modulators are gone after they acted', () => {
  const simulation = modulated({ a: { per: 'projection' }, b: { per: 'projection' } }, 'w += a + 10 * b');
  simulation.modulate('plastic', { a: 0.5, b: 0.25 });
  simulation.modulate('plastic', { a: 1 });
  assert.equal([...simulation.weights('plastic')], Array(6).fill(4));
});

test('an unknown modulator, a value that is not finite and a list that does not fit are refused', () => {
  const simulation = modulated({ reward: { per: 'post' } }, 'w += reward');
  const complaint = (values: Record<string, number | Float64Array>): string =>
    complaintsOf(() => simulation.modulate('plastic', values))[0];
  assert.is(complaint({ dopamine: 1 }), 'projection plastic has no modulator "dopamine" (reward)');
  assert.is(complaint({ reward: Number.NaN }), 'modulator reward of projection plastic: value 0 is NaN');
  assert.is(complaint({ reward: Float64Array.of(1, 2) }), 'modulator reward of projection plastic: 2 values for 3');
  assert.equal([...simulation.weights('plastic')], [0, 0, 0, 0, 0, 0]);
});

test('writes are clipped to the bounds, and attempts, changes and clippings are counted one by one', () => {
  const step = rule({ onPre: 'w += 0.3', bounds: [0, 1] });
  // from 0.5: 0.8, then 1.1 cut to 1, then 1.3 cut to 1 which changes nothing
  const simulation = pairings(step, [
    { pre: [5, 6, 7], post: [] },
    { pre: [6], post: [] },
  ]);
  simulation.run(4);
  assert.equal(simulation.learningCounts(), { updateAttempts: 0, synapticUpdates: 0, saturatedUpdates: 0 });
  simulation.run(10);
  assert.equal([...simulation.weights('plastic')], [1, 0.8]);
  assert.equal(simulation.learningCounts(), { updateAttempts: 4, synapticUpdates: 3, saturatedUpdates: 2 });
});

test('a value exactly at a bound is not saturated, and a change of nothing is no update', () => {
  const [up, none] = [rule({ onPre: 'w += 0.5' }), rule({ onPre: 'w += 0' })];
  for (const [which, counts] of [
    [up, { updateAttempts: 1, synapticUpdates: 1, saturatedUpdates: 0 }],
    [none, { updateAttempts: 1, synapticUpdates: 0, saturatedUpdates: 0 }],
  ] as const) {
    const simulation = pairings(which, [{ pre: [5], post: [] }]);
    simulation.run(10);
    assert.equal(simulation.learningCounts(), counts);
  }
});

test('two writes in one moment are two attempts, the second from the result of the first', () => {
  const twice = rule({ onPre: 'w += 0.7\nw -= 0.4', bounds: [0, 1] });
  const simulation = pairings(twice, [{ pre: [5], post: [] }]);
  simulation.run(10);
  near(simulation.weights('plastic')[0], 0.6, 1e-15);
  assert.equal(simulation.learningCounts(), { updateAttempts: 2, synapticUpdates: 2, saturatedUpdates: 1 });
});

test('initial weights outside the bounds stand until the rule writes', () => {
  assert.equal(
    changes(
      rule({ onPre: 'w += 0' }),
      [
        { pre: [5], post: [] },
        { pre: [], post: [] },
      ],
      10,
      { weight: 3 },
    ),
    [-2, 0],
  );
});

test('a spike delivers the weight from before its own update', () => {
  const net = network();
  const pre = net.input('pre', 1, spikesAt([1, 2]));
  const post = net.neurons('post', 1, { model: 'lif', tauMem: '10 us', vThreshold: 10 });
  net.connect(pre, post, { weight: 0.5, rule: rule({ onPre: 'w += 0.25' }) });
  net.record(post, 'v', { every: '1 ms' });
  const simulation = start(net);
  simulation.run(4);
  assert.equal(
    simulation.recordedState('post', 'v').samples.map(([v]) => Math.round(v * 1e9) / 1e9),
    [0, 0.5, 0.75, 0],
  );
});

test('onLearningEpoch sweeps all synapses at the end of each epoch', () => {
  const decay = rule({ onLearningEpoch: 'w *= 0.5', epochTicks: 4, bounds: [-1, 1] });
  const simulation = pairings(decay, [
    { pre: [], post: [] },
    { pre: [], post: [] },
  ]);
  const after = range(1, 9).map(() => {
    simulation.run(1);
    return simulation.weights('plastic')[1];
  });
  assert.equal(after, [0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125]);
  assert.is(simulation.learningCounts().updateAttempts, 4);
});

test('a rule may read the state of its post neuron, before the neuron takes its input', () => {
  const net = network();
  const pre = net.input('pre', 1, spikesAt([1, 5]));
  const post = net.neurons('post', 1, { model: 'lif', tauMem: '20 ms', vThreshold: 10 });
  net.connect(pre, post, { weight: 0.5, rule: rule({ onPre: 'w = v_post' }) });
  const simulation = start(net);
  simulation.run(2);
  assert.is(simulation.weights('pre-post')[0], 0);
  simulation.run(4);
  near(simulation.weights('pre-post')[0], 0.5 * Math.exp(-3 / 20), 1e-15);
});

test('learning = false freezes the weights while the traces go on', () => {
  const pair = { ...ruleLibrary['pair-stdp'], parameters: { aPlus: 0.1, aMinus: 0.1 } };
  const simulation = pairings(pair, [{ pre: [10], post: [20, 40] }]);
  simulation.learning = false;
  simulation.run(30);
  assert.is(simulation.weights('plastic')[0], 0.5);
  assert.is(simulation.learningCounts().updateAttempts, 0);
  simulation.learning = true;
  simulation.run(20);
  near(simulation.weights('plastic')[0], 0.5 + 0.1 * Math.exp(-30 / 20), 1e-15);
});

test('in single precision the weight is a float32 at every step', () => {
  const simulation = pairings(rule({ onPre: 'w += 0.1' }), [{ pre: [5, 6, 7], post: [] }], { precision: 'f32' });
  simulation.run(10);
  let w = 0.5;
  for (let n = 0; n < 3; n++) w = Math.fround(w + Math.fround(0.1));
  assert.is(simulation.weights('plastic')[0], w);
});

test('a division by a trace that is zero stops the run and names rule, moment, synapse, tick and values', () => {
  const net = network();
  const pre = net.input('pre', 3, { times: ['4 ms', '6 ms', '6 ms'], neurons: [1, 1, 2] });
  const post = net.neurons('post', 2, teacherLif);
  const divide = rule({ name: 'divide', traces: { x1: { on: 'pre', tau: '20 ms' } }, onPre: 'w += 0.1 / x1', bounds: [-10, 10] });
  net.connect(pre, post, {
    name: 'plastic',
    connect: { kind: 'explicit', sources: [1, 2], targets: [0, 1] },
    weight: 0.5,
    port: 'current',
    rule: divide,
  });
  const simulation = start(net);
  simulation.run(4);
  assert.equal(
    complaintsOf(() => simulation.run(10)),
    [
      'rule divide of projection plastic, onPre: the new weight is not a number at synapse 1 -> 0, tick 5; there w = 0.5, x1 = 0\n' +
        '    w += 0.1 / x1\n' +
        '  a division by a trace or variable that is zero is the usual cause: add a constant to the divisor, or guard it with if(...)',
    ],
  );
  assert.equal([...simulation.weights('plastic')], [0.5, 0.5], 'the weight is as it was');
});

for (const [moment, modulators] of [
  ['onPost', {}],
  ['onModulator', { reward: { per: 'projection' } }],
  ['onModulator', { reward: { per: 'post' } }],
  ['onLearningEpoch', {}],
] as const) {
  const per = moment === 'onModulator' ? ` (${Object.values(modulators)[0].per})` : '';
  test(`a write that is not a number is found in ${moment}${per}, at the right synapse`, () => {
    const net = network();
    const pre = net.input('pre', 2);
    const teacher = net.input('teacher', 1, spikesAt([3]));
    const post = net.neurons('post', 4, teacherLif);
    const broken = rule({
      name: 'broken',
      parameters: { bad: 0.625 },
      modulators: modulators as Record<string, { per: 'projection' | 'post' }>,
      // only the synapse whose weight is `bad` divides by zero
      ...{ onPost: 'w += 0', [moment]: 'w += 1 / (w - bad)' },
      bounds: [-1e9, 1e9],
    });
    const weight = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.625];
    net.connect(pre, post, { name: 'plastic', weight, port: 'current', rule: broken });
    net.connect(teacher, post, { weight: 2 });
    const simulation = start(net);
    const [problem] = problemsOf(() => {
      simulation.run(moment === 'onModulator' ? 2 : 6);
      simulation.modulate('plastic', { reward: Object.values(modulators)[0]?.per === 'post' ? Float64Array.of(1, 1, 1, 1) : 1 });
    });
    assert.is(problem.code, 'E-NOT-FINITE');
    assert.match(problem.message, `rule broken of projection plastic, ${moment}: the new weight is not a number at synapse 1 -> 3`);
  });
}

test('weights are those of the plan’s table, in its order', () => {
  const net = network();
  const pre = net.input('pre', 2);
  const post = net.neurons('post', 2, teacherLif);
  net.connect(pre, post, { connect: { kind: 'explicit', sources: [1, 0, 1], targets: [1, 0, 0] }, weight: [0.1, 0.2, 0.3] });
  const simulation = start(net);
  assert.equal([...simulation.weights('pre-post')], [0.2, 0.3, 0.1]);
  const { table } = simulation.plan.projections[0];
  assert.equal(
    [[...sourcesOf(table)], [...table.target]],
    [
      [0, 1, 1],
      [0, 0, 1],
    ],
  );
});

test.run();
