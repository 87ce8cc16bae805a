/** Learning on the chip through the kernel: what the lowered programs do to weights, counts and energy. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LoihiOptions } from '../../../chips/loihi-like/switches.ts';
import { truncateWeight } from '../../../chips/loihi-like/weights.ts';
import { estimate } from '../../../core/energy/estimate.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { pairStdp } from '../../../core/plasticity/library/pair-stdp.ts';
import type { RuleOptions } from '../../../core/plasticity/read-rule.ts';
import { uniformAt } from '../../../core/random.ts';
import type { Tape } from '../../support/lava-order.ts';
import { lavaLearning } from '../../support/lava-order.ts';
import { forced, simulate } from '../../support/loihi-forced.ts';
import { skipWithoutShared } from '../../support/skip-without.ts';

skipWithoutShared(
  test,
  'the kernel reproduces a recording of Lava without rounding up',
  'golden/loihi/learning/constant_rng_never_up_bitapprox_a.json',
  (path) => {
    const { parameters, inputs, expected } = JSON.parse(readFileSync(path, 'utf8'));
    const { rule: recorded, connection } = parameters;
    const { n_pre: nPre, n_post: nPost, weights } = connection;
    const epochTicks: number = recorded.t_epoch ?? 1;
    // shifted by a whole epoch, because nothing can arrive at tick 1
    const spikes = (rows: number[][]) =>
      rows.flatMap((row, t) => row.flatMap((spike, i) => (spike > 0 ? [[t + 1 + epochTicks, i] as const] : [])));
    const trace = (name: string, on: 'pre' | 'post') => ({
      on,
      tau: `${recorded[`${name}_tau`]} ms` as const,
      impulse: recorded[`${name}_impulse`],
    });
    const simulation = simulate(
      forced({
        nPre,
        nPost,
        pre: spikes(inputs.pre),
        post: spikes(inputs.post),
        rule: {
          name: 'recorded',
          dw: recorded.dw,
          traces: { x1: trace('x1', 'pre'), y1: trace('y1', 'post') },
          epochTicks,
          bounds: [-255, 255],
        },
        // Lava truncates to even numbers at the first step
        weight: Array.from({ length: nPre * nPost }, (_, k) =>
          truncateWeight(weights[k % nPost][Math.floor(k / nPost)], { sign: 'mixed', bits: 8 }),
        ),
      }),
      { rounding: 'never-up', traceRounding: 'never-up' },
    );
    simulation.run(epochTicks);
    expected.weights.forEach((matrix: number[][], row: number) => {
      simulation.run(1);
      const held = [...simulation.synapseVariable('plastic', 'w')];
      assert.equal(
        held,
        Array.from({ length: nPre * nPost }, (_, k) => matrix[k % nPost][Math.floor(k / nPost)]),
        `step ${row + 1}`,
      );
    });
  },
);

test('the kernel agrees with the order of Lava over epochs of several ticks, with repeated and coincident spikes', () => {
  const [nPre, nPost, epochTicks, ticks] = [5, 4, 4, 120];
  const spikes = (stream: number, n: number, probability: number) =>
    Array.from({ length: ticks }, (_, t) =>
      Array.from({ length: n }, (_, i) => (t >= epochTicks && uniformAt(6, stream, i, t) < probability ? 1 : 0)),
    );
  const [pre, post] = [spikes(1, nPre, 0.3), spikes(2, nPost, 0.3)];
  const listed = (rows: number[][]) => rows.flatMap((row, t) => row.flatMap((spike, i) => (spike > 0 ? [[t + 1, i] as const] : [])));
  const options: RuleOptions = {
    name: 'native',
    traces: {
      x1: { on: 'pre', tau: '9 ms', impulse: 40 },
      x2: { on: 'pre', tau: '30 ms', impulse: 9 },
      y1: { on: 'post', tau: '6 ms', impulse: 33 },
      y2: { on: 'post', tau: '15 ms', impulse: 12 },
    },
    dw: '2^-2*x1*y0 - 2^-2*x0*y1 + 2^-3*u2*t + 2^-1*x0*x2*(y2-10)',
    dt: '2^-1*y0*x2 - 3*2^-3*x0*y2 - 2^-2*u2*t',
    epochTicks,
    bounds: [-255, 255],
  };
  const description = forced({ nPre, nPost, pre: listed(pre), post: listed(post), rule: options, weight: 20 });
  const never: LoihiOptions = { rounding: 'never-up', traceRounding: 'never-up' };
  const simulation = simulate(description, never);
  const { lowered } = simulation.plan.projections[0];
  const initial = { w: new Float64Array(nPre * nPost).fill(20), t: new Float64Array(nPre * nPost) };
  const neverUp = 1;
  const tape: Tape = { decay: () => neverUp, impulse: () => 127, earlierImpulse: () => 127, round: () => neverUp };
  const reference = lavaLearning(lowered, initial, nPre, nPost, tape);
  for (let t = 0; t < ticks; t++) {
    simulation.run(1);
    reference.tick(pre[t], post[t]);
    for (const name of ['w', 't']) {
      assert.equal([...simulation.synapseVariable('plastic', name)], [...reference.synapses[name]], `${name} after tick ${t + 1}`);
    }
  }
  assert.ok(reference.synapses.w.some((weight) => weight !== 20));
  assert.ok(reference.synapses.t.some((tag) => tag !== 0));
});

/** Mean change of the weight, in network units, of many synapses that see one pair of spikes. */
function windowOnChip(lag: number, options: LoihiOptions): { mean: number; error: number } {
  const n = 400;
  const at = 40;
  // the trace that is read rounds at random, so there are many of it
  const [nPre, nPost] = lag > 0 ? [n, 1] : [1, n];
  const all = (tick: number, count: number) => Array.from({ length: count }, (_, i) => [tick, i] as const);
  const description = forced({
    nPre,
    nPost,
    pre: all(at, nPre),
    post: all(at + lag, nPost),
    rule: { ...stdp, bounds: [0, 1] },
    weight: 0.5,
  });
  const simulation = simulate(description, options);
  simulation.run(at - 36);
  const before = simulation.weights('plastic');
  simulation.run(80);
  const changes = simulation.weights('plastic').map((weight, k) => weight - before[k]);
  const mean = changes.reduce((sum, change) => sum + change, 0) / n;
  const variance = changes.reduce((sum, change) => sum + (change - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

const stdp: RuleOptions = {
  name: 'pair',
  traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
  parameters: { aPlus: 0.05, aMinus: 0.05 },
  onPre: 'w -= aMinus * y1',
  onPost: 'w += aPlus * x1',
};

test('the window of pair STDP on the chip is that of the rule, to the rounding of its coefficient and traces', () => {
  // impulse 64; 0.05·255/64 = 0.199, held as 3·2^-4 = 0.1875: 5.9 % too small
  const options: LoihiOptions = { impulses: { x1: 64, y1: 64 } };
  const ratio = (3 * 2 ** -4 * 64) / 255 / 0.05;
  for (const lag of [-30, -20, -10, -5, -1, 1, 5, 10, 20, 30]) {
    const { mean, error } = windowOnChip(lag, options);
    const wanted = Math.sign(lag) * 0.05 * ratio * Math.exp(-Math.abs(lag) / 20);
    assert.ok(Math.abs(mean - wanted) < 4 * error + 1e-9, `lag ${lag}: ${mean} ± ${error}, wanted ${wanted}`);
    assert.ok(Math.abs(mean - wanted / ratio) < 0.25 * Math.abs(wanted) + 4 * error);
  }
});

test('spikes of both sides in one tick apply both products', () => {
  const options: LoihiOptions = { impulses: { x1: 64, y1: 64 } };
  const plain: RuleOptions = { ...stdp, parameters: { aPlus: 0.05, aMinus: 0.025 } };
  const simulation = simulate(
    forced({ nPre: 1, nPost: 1, pre: [[10, 0]], post: [[10, 0]], rule: { ...plain, bounds: [0, 1] }, weight: 100 / 255 }),
    { ...options, rounding: 'never-up' },
  );
  simulation.run(10);
  // 64·3·2^-4 = 12 up; 64·3·2^-5 = 6 down
  assert.is(simulation.synapseVariable('plastic', 'w')[0], 100 + 12 - 6);
});

test('stochastic rounding keeps the expected value over many synapses', () => {
  // one pre spike and one post spike a tick later: every synapse gets x1·m·2^e with the same fraction
  const [nPre, nPost] = [1000, 20];
  const n = nPre * nPost;
  const pre = Array.from({ length: nPre }, (_, i) => [3, i] as const);
  const post = Array.from({ length: nPost }, (_, j) => [4, j] as const);
  const native: RuleOptions = { name: 'native', traces: { x1: { on: 'pre', impulse: 45 } }, dw: '3*2^-7*x1*y0', bounds: [-255, 255] };
  const simulation = simulate(forced({ nPre, nPost, pre, post, rule: native, weight: 10, seed: 5 }));
  simulation.run(4);
  const w = simulation.synapseVariable('plastic', 'w');
  const expected = 10 + (45 * 3) / 128;
  const p = expected - Math.floor(expected);
  let sum = 0;
  for (const weight of w) {
    assert.ok(weight === Math.floor(expected) || weight === Math.ceil(expected));
    sum += weight;
  }
  const z = (sum / n - expected) / Math.sqrt((p * (1 - p)) / n);
  assert.ok(Math.abs(z) < 3.5, `z = ${z}`);
  // neighbouring synapses do not round together
  let together = 0;
  for (let k = 1; k < n; k++) together += (w[k] - sum / n) * (w[k - 1] - sum / n);
  assert.ok(Math.abs(together / n / (p * (1 - p))) < 3.5 / Math.sqrt(n));
});

test('rounding to nearest loses small changes, rounding stochastically does not', () => {
  // 40 times a quarter of a step
  const native: RuleOptions = { name: 'native', traces: {}, dw: '2^-2*y0', bounds: [-255, 255] };
  const n = 500;
  const post = Array.from({ length: 40 }, (_, k) => [k + 2, 0] as const);
  const meanWeight = (options: LoihiOptions): number => {
    const simulation = simulate(forced({ nPre: n, nPost: 1, pre: [], post, rule: native, weight: 10 }), options);
    simulation.run(60);
    return simulation.weights('plastic').reduce((sum, weight) => sum + weight, 0) / n;
  };
  assert.is(meanWeight({ rounding: 'nearest' }), 10);
  assert.is(meanWeight({ rounding: 'never-up' }), 10);
  // sd of one synapse: sqrt(40·3/16) = 2.7
  assert.ok(Math.abs(meanWeight({}) - 20) < (3.5 * 2.74) / Math.sqrt(n));
});

test('learned weights with fewer bits move in whole steps', () => {
  const native: RuleOptions = { name: 'native', traces: {}, dw: '2^0*y0', bounds: [-255, 255] };
  const simulation = simulate(
    forced({ nPre: 50, nPost: 1, pre: [], post: Array.from({ length: 30 }, (_, k) => [k + 2, 0] as const), rule: native, weight: 0 }),
    {
      learnedWeightBits: 6,
      learnedPrecision: 'stored',
    },
  );
  simulation.run(40);
  const w = [...simulation.synapseVariable('plastic', 'w')];
  assert.ok(w.every((weight) => weight % 8 === 0));
  assert.ok(w.some((weight) => weight !== 0));
  const levels = simulation.plan.projections[0].lowered.weightLevels as Float64Array;
  assert.is(levels.length, 63);
  for (const weight of simulation.weights('plastic')) assert.ok(levels.some((level) => Math.abs(level - weight) < 1e-9));
});

test('bounds clip the weight, and clipped updates are counted', () => {
  const native: RuleOptions = { name: 'native', traces: {}, dw: '5*2^0*y0', bounds: [0, 1] };
  const post = Array.from({ length: 10 }, (_, k) => [k + 2, 0] as const);
  const simulation = simulate(forced({ nPre: 3, nPost: 1, pre: [], post, rule: native, weight: 230 / 255 }));
  simulation.run(20);
  assert.equal([...simulation.weights('plastic')], [1, 1, 1]);
  // 230 → 255 takes five updates; the other five ask for more
  assert.equal(simulation.learningCounts(), { synapticUpdates: 15, updateAttempts: 30, saturatedUpdates: 15 });
});

test('each synapse with an active dependency costs one evaluation of 120 pJ', () => {
  const simulation = simulate(
    forced({
      nPre: 4,
      nPost: 3,
      pre: [
        [5, 0],
        [6, 1],
        [6, 2],
      ],
      post: [[6, 0]],
      rule: { ...pairOptions(), bounds: [0, 1] },
      weight: 0.5,
    }),
  );
  simulation.run(10);
  // tick 5: one row of 3; tick 6: two rows of 3, and the two rows that did not spike in one column
  const evaluations = 3 + 6 + 2;
  const counts = simulation.eventCounts();
  assert.is(counts.synapticUpdate, evaluations);
  const { perUpdate, breakdown } = estimate({ synapticUpdate: counts.synapticUpdate }, simulation.plan.chip.energy, {
    seconds: 0.01,
    updates: evaluations,
  });
  assert.ok(Math.abs((perUpdate?.value ?? 0) / 120e-12 - 1) < 1e-12);
  assert.is(breakdown[0].confidence, 'simulated');
});

const pairOptions = (): RuleOptions => ({
  name: 'pair',
  parameters: pairStdp.parameters,
  traces: stdp.traces,
  onPre: pairStdp.code.onPre,
  onPost: pairStdp.code.onPost,
});

test('a reward moves the tag into the weight, for the neurons it is meant for, and the tag goes at the end of the trial', () => {
  const eligibility: RuleOptions = {
    name: 'r-stdp',
    traces: { x1: { on: 'pre', tau: '33 ms' } },
    variables: { e: {} },
    modulators: { reward: { per: 'post' } },
    onPost: 'e += 0.03 * x1',
    onModulator: 'w += 0.5 * reward * e',
    bounds: [-1, 1],
  };
  const simulation = simulate(
    forced({
      nPre: 2,
      nPost: 2,
      pre: [[5, 0]],
      post: [
        [6, 0],
        [6, 1],
      ],
      rule: eligibility,
      weight: 0,
    }),
    { impulses: { x1: 64 }, traceRounding: 'never-up', rounding: 'never-up' },
  );
  simulation.run(10);
  // trace 64, one tick later floor(64·0.970) = 62; tag: 62·2^-3 = 7.75
  assert.equal([...simulation.synapseVariable('plastic', 't')], [7, 7, 0, 0]);
  simulation.modulate('plastic', { reward: Float64Array.of(1, 0) });
  const [up, untouched, ...silent] = simulation.weights('plastic');
  // the tag's unit: 64 trace steps are 1, so 0.03 are 8 steps; 0.5·7/(8/0.03) = 0.0131
  assert.ok(Math.abs(up - (0.5 * 7 * 0.03) / 8) < 2 / 255, `${up}`);
  assert.ok(up > 0);
  assert.equal([untouched, ...silent], [0, 0, 0]);
  simulation.modulate('plastic', { reward: Float64Array.of(-1, 0) });
  assert.ok(Math.abs(simulation.weights('plastic')[0]) <= 1 / 255 + 1e-12);
  simulation.resetState();
  assert.equal([...simulation.synapseVariable('plastic', 't')], [0, 0, 0, 0]);
});

test('an eligibility decays with its time constant', () => {
  const decaying: RuleOptions = {
    name: 'r',
    traces: { x1: { on: 'pre', tau: '20 ms' } },
    variables: { e: { tau: '50 ms' } },
    modulators: { m: {} },
    onPost: 'e += x1',
    onModulator: 'w += 0.01 * m * e',
  };
  const n = 300;
  const pre = Array.from({ length: n }, (_, i) => [3, i] as const);
  const simulation = simulate(forced({ nPre: n, nPost: 1, pre, post: [[3, 0]], rule: decaying, weight: 0.5 }), { impulses: { x1: 120 } });
  simulation.run(4);
  const mean = (): number => Float64Array.from(simulation.synapseVariable('plastic', 't')).reduce((sum, tag) => sum + tag, 0) / n;
  const start = mean();
  simulation.run(50);
  // 1 - exp(-1/50) = 0.0198, held as 5·2^-8 = 0.0195
  assert.ok(Math.abs(mean() / start - (1 - 5 * 2 ** -8) ** 50) < 0.06, `${mean() / start}`);
});

test('the same seed gives the same bits, another seed other rounding', () => {
  const description = (seed: number): Network => {
    const net = network({ dt: '1 ms', seed });
    const from = net.input('in', 20, { rates: '80 Hz' });
    const to = net.neurons('out', 4, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
    net.connect(from, to, { weight: { uniform: [0, 0.4] }, rule: 'pair-stdp' });
    return net.freeze();
  };
  const hash = (seed: number): string => {
    const simulation = simulate(description(seed));
    simulation.run(300);
    return simulation.hash();
  };
  assert.is(hash(3), hash(3));
  assert.is.not(hash(3), hash(4));
});

test.run();
