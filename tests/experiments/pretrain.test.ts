/**
 * Circuits that come trained: on the ideal chip the teacher's weights answer as the teacher does, with nothing learned there; they stay within the
 * bounds of the rules, transposes follow, and the same lesson is taught once.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import { UserError } from '../../core/errors.ts';
import type { Network } from '../../core/network/network.ts';
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import { generateGlyphs } from '../../experiments/data/glyphs.ts';
import type { LoadedData } from '../../experiments/data/load-data.ts';
import { loadData } from '../../experiments/data/load-data.ts';
import type { Experiment, PhasedClassification, Pretraining } from '../../experiments/experiment.ts';
import type { PlannedRun } from '../../experiments/plan-runs.ts';
import { networkOf, planRun, prepareRun } from '../../experiments/plan-runs.ts';
import { runOne } from '../../experiments/run-worker.ts';
import type { RateNetwork } from '../../experiments/teacher/rate-network.ts';
import { forward, rateNetwork, rateTape } from '../../experiments/teacher/rate-network.ts';
import { spikeRates, toTheEnd, trainRateNetwork, trainWithinBounds } from '../../experiments/teacher/train.ts';
import { subset } from '../../formats/labelled-images.ts';
import { digits } from '../../scenarios/digits.ts';

const SEED = 4;
const IMAGES = { train: 1500, test: 200 };
const data = loadData({ seed: SEED, ...IMAGES });

function pretrained(rule: string, epochs?: number): Experiment {
  const experiment = digits.build({ pixels: 64, realImages: false, rule, epochs: 1, ...IMAGES });
  const task = experiment.task as PhasedClassification;
  const { pretrain } = task;
  assert.ok(pretrain, rule);
  return epochs === undefined ? experiment : { ...experiment, task: { ...task, pretrain: { ...pretrain, epochs } } };
}

const plan = (rule: string, epochs?: number, chip = ideal(), of: LoadedData = data): PlannedRun =>
  planRun({ experiment: pretrained(rule, epochs), rule: ruleLibrary[rule], data: of, chip, seed: SEED, deviceSet: 0 });

function weightsOf({ projections }: Network, name: string): Float64Array {
  const weight = projections.find((projection) => projection.name === name)?.weight;
  assert.is(weight?.kind, 'values', name);
  return weight?.kind === 'values' ? weight.values : new Float64Array();
}

for (const rule of ['dfa', 'fa', 'sign-symmetric', 'drtp', 'ep', 'pc']) {
  test(`${rule}: placed on the ideal chip the weights answer as the teacher does`, () => {
    const { plan: planned, setting } = plan(rule, 4);
    const task = setting.experiment.task as PhasedClassification;
    // nothing is learned: there are no training images
    const images = { train: { ...data.train, count: 0 }, test: data.test };
    const { pretrained: before, accuracy, learning } = runOne({ plan: planned, task, data: images, progress: new Int32Array(2) });
    assert.ok(before);
    assert.ok(before.teacher >= 0.95, `teacher ${before.teacher}`);
    assert.ok(Math.abs(before.placed - before.teacher) <= 0.03, `teacher ${before.teacher}, placed ${before.placed}`);
    assert.is(learning.synapticUpdates, 0);
    // the same network again, shown the same images by itself
    assert.is(accuracy, before.placed);

    const random = runOne({
      plan: plan(rule).plan,
      task: { ...task, pretrain: undefined } as never,
      data: images,
      progress: new Int32Array(2),
    });
    assert.is(random.pretrained, undefined);
    assert.ok((random.accuracy ?? 1) < 0.4, `without a teacher ${random.accuracy}`);
  });
}

test('dfa: the answering neurons spike at the rates that the teacher gives them', () => {
  const { plan: planned, setting } = plan('dfa', 4);
  const task = setting.experiment.task as PhasedClassification;
  const { network } = planned;
  const [{ ticks, window }] = task.phases;
  const teacher: RateNetwork = {
    sizes: [64, 100, 10],
    hidden: 'clipped-relu',
    output: 'linear',
    weights: ['pixels-hidden', 'hidden-output'].map((name) => weightsOf(network, name)),
    biases: [100, 10].map((size, l) => new Float64Array(size).fill(task.pretrain?.layers[l].bias ?? Number.NaN)),
  };
  const tape = rateTape(teacher);
  let [off, size] = [0, 0];
  for (let n = 0; n < 20; n++) {
    const test = subset(data.test, [n]);
    const { rasters } = runOne({ plan: planned, task, data: { train: { ...data.train, count: 0 }, test }, progress: new Int32Array(2) });
    const spikes = new Float64Array(10);
    rasters[0].i.forEach((neuron, k) => {
      if (rasters[0].t[k] > ticks - window) spikes[neuron]++;
    });
    const asked = forward(teacher, spikeRates(test, 0, task.pretrain?.white ?? 0), tape).map((rate) => Math.min(Math.max(rate, 0), 1));
    asked.forEach((rate, k) => {
      off += Math.abs(spikes[k] / window - rate);
      size += rate;
    });
  }
  console.log(`dfa: rates off by ${(off / size).toFixed(3)} of their sum`);
  assert.ok(off <= 0.15 * size, `${off} of ${size}`);
});

test('weights stay within the bounds of the rule on their projection', () => {
  const { network } = plan('dfa', 4).plan;
  for (const [name, limit] of [
    ['pixels-hidden', 0.5],
    ['hidden-output', 0.7],
  ] as const) {
    assert.ok(weightsOf(network, name).every((w) => Math.abs(w) <= limit));
  }
  const narrow = pretrained('dfa', 4);
  const task = { ...(narrow.task as PhasedClassification), limits: { 'pixels-hidden': 0.1, 'hidden-output': 0.1 } };
  const bounded = networkOf({ ...narrow, task }, ruleLibrary.dfa, SEED, data);
  const weights = weightsOf(bounded, 'hidden-output');
  assert.ok(weights.every((w) => Math.abs(w) <= 0.1));
  assert.ok(weights.some((w) => Math.abs(w) === 0.1));
});

/** A projection from the ten classes has the weights of the one to them the other way round, times or by their signs. */
function requireTransposed(network: Network, name: string, part: (weight: number) => number): void {
  const [back, forward] = [weightsOf(network, name), weightsOf(network, 'hidden-output')];
  assert.is(back.length, forward.length);
  const nHidden = forward.length / 10;
  for (let k = 0; k < 10; k++) for (let j = 0; j < nHidden; j++) assert.is(back[k * nHidden + j], part(forward[j * 10 + k]));
}

test('projections that begin as a transpose follow', () => {
  requireTransposed(plan('ep', 1).plan.network, 'output-hidden', (w) => w);
  requireTransposed(plan('pc', 1).plan.network, 'feedback', (w) => -(0.2 * 0.1) * w);
  requireTransposed(plan('sign-symmetric', 1).plan.network, 'feedback', (w) => (1 / Math.sqrt(10)) * Math.sign(w));
});

test('the key of a run knows what the network was taught', () => {
  const others = loadData({ seed: SEED + 1, ...IMAGES });
  const keys = [plan('dfa'), plan('dfa', 1), plan('dfa', 2), plan('dfa', 1, ideal(), others)].map(({ key }) => key);
  assert.is(new Set(keys).size, keys.length);
  assert.is(plan('dfa', 1).key, keys[1]);
});

test('chips share one teacher, which is taught in turns or at once to the same bits', async () => {
  const taught = weightsOf(plan('drtp', 2).plan.network, 'pixels-hidden');
  assert.ok(weightsOf(plan('drtp', 2, loihiLike()).plan.network, 'pixels-hidden') === taught);

  const again = loadData({ seed: SEED + 2, ...IMAGES });
  const work = { experiment: pretrained('drtp', 2), rule: ruleLibrary.drtp, data: again, seed: SEED };
  let turns = 0;
  const both = [1, 2].map(() => prepareRun(work, () => ++turns < 0));
  assert.equal(await Promise.all(both), [true, true]);
  const inTurns = weightsOf(plan('drtp', 2, ideal(), again).plan.network, 'pixels-hidden');
  assert.ok(weightsOf(plan('drtp', 2, loihiLike(), again).plan.network, 'pixels-hidden') === inTurns);
  // the same images under another hash are another lesson, so this one is taught at once
  const inputs = { ...again.inputs, train: { sha256: 'another', what: '' } };
  const atOnce = weightsOf(plan('drtp', 2, ideal(), { ...again, inputs }).plan.network, 'pixels-hidden');
  assert.ok(atOnce !== inTurns);
  assert.equal(atOnce, inTurns);
});

test('a teacher whose weights run away is refused', () => {
  const { task, ...rest } = pretrained('dfa', 1);
  const { pretrain, ...others } = task as PhasedClassification;
  const layers = (pretrain as Pretraining).layers.map((layer) => ({ ...layer, bias: 1e300 }));
  const wild = { ...others, pretrain: { ...(pretrain as Pretraining), layers, activation: 'relu' as const } };
  try {
    networkOf({ ...rest, task: wild }, ruleLibrary.dfa, SEED, data);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, UserError);
    assert.match((error as UserError).problems[0].message, /^back-propagation .* leaves weights of "pixels-hidden" that are no numbers$/);
  }
});

test('teaching that is stopped is dropped, and says so', async () => {
  const work = { experiment: pretrained('dfa', 1000), rule: ruleLibrary.dfa, data, seed: SEED };
  assert.is(await prepareRun(work, () => true), false);
});

test('within bounds that are wide, with biases of zero that stay, no step is cut', () => {
  const images = generateGlyphs({ seed: 1, count: 200, part: 'train' });
  const begin = (): ReturnType<typeof rateNetwork> => rateNetwork({ sizes: [64, 20, 10], hidden: 'clipped-relu', seed: 1 });
  const lesson = { seed: 1, epochs: 3, white: 0.5, target: 1, rate: 0.01 };
  const learn = (limit: number) => {
    const network = begin();
    network.biases[0].fill(0.01);
    const losses = toTheEnd(trainWithinBounds(network, images, { ...lesson, bounds: [1, 1].map(() => [-limit, limit] as const) }));
    assert.ok(losses[2] < losses[0]);
    assert.ok(network.biases[0].every((bias) => bias === 0.01) && network.biases[1].every((bias) => bias === 0));
    return network.weights.map((values) => Math.max(...values.map(Math.abs)));
  };
  const [first, second] = learn(1e6);
  assert.ok(first > 0.1 && second > 0.1);
  assert.equal(learn(0.1), [0.1, 0.1]);
});

test('outputs that no class has are asked for nothing', () => {
  const images = generateGlyphs({ seed: 1, count: 100, part: 'train' });
  const network = rateNetwork({ sizes: [64, 12], seed: 1 });
  const bounds = [[-1, 1] as const];
  const losses = toTheEnd(trainWithinBounds(network, images, { seed: 1, epochs: 4, white: 1, target: 1, rate: 0.01, bounds }));
  assert.ok(losses[3] < losses[0]);
});

test('a learning rate that falls evenly ends lower than one that stays', () => {
  const images = generateGlyphs({ seed: 1, count: 40, part: 'train' });
  const moved = (rateDecay: number | 'even', epochs: number): number => {
    const network = rateNetwork({ sizes: [64, 10], seed: 1 });
    const before = network.weights[0].slice();
    trainRateNetwork(network, images, { seed: 1, epochs, rateDecay });
    return Math.hypot(...network.weights[0].map((w, k) => w - before[k]));
  };
  // the rates are 1 and a half, against 1 and 1, or one epoch at 1
  assert.ok(moved('even', 2) < moved(1, 2));
  assert.is(moved('even', 1), moved(1, 1));
  assert.is(moved('even', 2), moved(0.5, 2));
});

test('a stream of events has the rates of its spikes, and a picture those of its pixels', () => {
  const { pixels, labels } = generateGlyphs({ seed: 1, count: 2, part: 'train' });
  const images = { ...data.train, count: 2, pixels, labels };
  assert.equal(
    spikeRates(images, 1, 0.5),
    Float64Array.from(pixels.subarray(64, 128), (grey) => 0.5 * (grey / 255)),
  );
  const spikes = { ticks: 4, start: Int32Array.of(0, 1, 4), tick: Uint16Array.of(1, 1, 2, 4), pixel: Uint16Array.of(5, 3, 3, 63) };
  const rates = spikeRates({ ...images, spikes }, 1, 0.5);
  assert.equal([rates[3], rates[63], rates[5]], [0.5, 0.25, 0]);
});

test.run();
