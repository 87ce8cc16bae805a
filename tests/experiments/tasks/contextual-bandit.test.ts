// time limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import type { ContextualBandit } from '../../../experiments/experiment.ts';
import type { RunOutcome } from '../../../experiments/outcome.ts';
import { networkOf } from '../../../experiments/plan-runs.ts';
import { runOne } from '../../../experiments/run-worker.ts';
import { rewardChoice } from '../../../scenarios/reward-choice.ts';

const TRIALS = 1500;

function run(seed: number, trials = TRIALS, rule = ruleLibrary['r-stdp-delayed']): { outcome: RunOutcome; progress: Int32Array } {
  const experiment = rewardChoice.build({ pixels: 0, realImages: false, train: trials });
  const task = experiment.task as ContextualBandit;
  const progress = new Int32Array(2);
  const plan = buildPlan(networkOf(experiment, rule, seed), ideal());
  return { outcome: runOne({ plan, task, progress }), progress };
}

for (const seed of [1, 2]) {
  test(`four contexts, four actions, reward half a second late: at least 0.95 right at the end (seed ${seed})`, () => {
    const { outcome, progress } = run(seed);
    const { accuracy, confusion, curve, samples } = outcome;
    console.log(`contextual bandit, seed ${seed}: ${accuracy} right over the last 300 trials`);
    assert.ok(accuracy !== null && confusion !== null && curve !== null);
    assert.ok(accuracy >= 0.95, `${accuracy}`);
    assert.is(samples, TRIALS);
    assert.equal([...progress], [TRIALS, TRIALS]);
    // the score is the diagonal of the confusion of the scored trials, and the last six points of the curve
    assert.is(
      confusion.flat().reduce((sum, n) => sum + n, 0),
      300,
    );
    assert.is(confusion.reduce((sum, row, k) => sum + row[k], 0) / 300, accuracy);
    const tail = curve.values.slice(-6).reduce((sum, share) => sum + share, 0) / 6;
    assert.ok(Math.abs(tail - accuracy) < 1e-12);
    assert.ok(curve.values[0] < 0.6, 'it began near chance');
  });
}

test('an eligibility that is gone before the reward comes teaches nothing', () => {
  const forgetful = { ...ruleLibrary['r-stdp-delayed'], variables: { e: { initial: 0, tau: 0.05 } } };
  const { accuracy } = run(1, 400, forgetful).outcome;
  console.log(`contextual bandit, eligibility of 50 ms: ${accuracy}`);
  assert.ok(accuracy !== null && accuracy < 0.4, `${accuracy}`);
});

test('the same seed gives the same run, another seed another', () => {
  const first = run(3, 40).outcome;
  const again = run(3, 40).outcome;
  assert.is(first.stateHash, again.stateHash);
  assert.equal(first.weightsAfter, again.weightsAfter);
  assert.is.not(run(4, 40).outcome.stateHash, first.stateHash);
});

test.run();
