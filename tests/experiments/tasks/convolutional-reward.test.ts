// time limit: 120 s
/** The convolutional task in small: who learns, what stays as it is, and that the kernels on the synapses are those that the rule makes. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import { generateGlyphs } from '../../../experiments/data/glyphs.ts';
import type { ConvolutionalReward } from '../../../experiments/experiment.ts';
import type { RunOutcome } from '../../../experiments/outcome.ts';
import { networkOf } from '../../../experiments/plan-runs.ts';
import { runOne } from '../../../experiments/run-worker.ts';
import { digits } from '../../../scenarios/digits.ts';
import { Simulation } from '../../../workers/simulation.ts';

const RULE = ruleLibrary['r-stdp-conv'];

/** @param stageImages images from which each stage learns */
function run(
  train: number,
  stageImages: number,
  changed: Partial<ConvolutionalReward> = {},
): { outcome: RunOutcome; simulation: Simulation } {
  const experiment = digits.build({ pixels: 64, realImages: false, rule: RULE.name, train, test: 100, epochs: 1 });
  const given = experiment.task as ConvolutionalReward;
  const task = { ...given, stages: given.stages.map((stage) => ({ ...stage, images: stageImages, rate: 0.15 })), ...changed };
  const plan = buildPlan(networkOf({ ...experiment, task }, RULE, 1), ideal());
  const data = {
    train: generateGlyphs({ seed: 1, count: train, part: 'train' }),
    test: generateGlyphs({ seed: 1, count: 100, part: 'test' }),
  };
  const simulation = new Simulation(plan);
  return { outcome: runOne({ plan, task, data, progress: new Int32Array(2) }, () => simulation), simulation };
}

test('features learn to be one thing or the other, and stay between their bounds', () => {
  const { simulation } = run(20, 500);
  for (const kernel of ['kernels-1', 'kernels-2']) {
    const weights = simulation.weights(kernel);
    assert.ok(weights.every((w) => w >= 0 && w <= 1));
    const undecided = weights.reduce((sum, w) => sum + w * (1 - w), 0) / weights.length;
    console.log(`${kernel}: mean w(1 - w) ${undecided}`);
    // 0.16 at the start
    assert.ok(undecided < 0.12, `${kernel}: ${undecided}`);
  }
});

test('one image rewards or blames one neuron alone', () => {
  const { outcome, simulation } = run(1, 200);
  const after = simulation.weights('maps-answers');
  const moved = new Set<number>();
  for (const [k, weight] of after.entries()) if (weight !== outcome.weightsBefore[k]) moved.add(k % 100);
  assert.is(moved.size, 1);
  // by one amount where it saw a spike, by half of it elsewhere
  const [neuron] = moved;
  const changes = new Set<number>();
  for (let i = 0; i < 960; i++) changes.add(Number((after[i * 100 + neuron] - outcome.weightsBefore[i * 100 + neuron]).toFixed(5)));
  assert.is(changes.size, 2);
  const [larger, smaller] = [...changes].sort((a, b) => Math.abs(b) - Math.abs(a));
  assert.ok(Math.abs(larger / smaller + 2) < 0.01, `${larger}, ${smaller}`);
});

test('the same seed gives the same bits; the expectation is part of what is learned', () => {
  const [once, again] = [run(60, 60), run(60, 60)];
  assert.is(once.outcome.stateHash, again.outcome.stateHash);
  assert.is.not(run(60, 60, { expectation: 'recent' }).outcome.stateHash, once.outcome.stateHash);
});

test.run();
