// time limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import type { ContextualBandit } from '../../../experiments/experiment.ts';
import type { RunOutcome } from '../../../experiments/outcome.ts';
import { networkOf } from '../../../experiments/run-experiment.ts';
import { runContextualBandit } from '../../../experiments/tasks/contextual-bandit.ts';
import { rewardChoice } from '../../../scenarios/reward-choice.ts';

const TRIALS = 1500;

function run(seed: number, trials = TRIALS, changes: Partial<ContextualBandit> = {}): { outcome: RunOutcome; progress: Int32Array } {
  const experiment = rewardChoice.build({ pixels: 0, realImages: false, train: trials });
  const task = { ...(experiment.task as ContextualBandit), ...changes };
  const progress = new Int32Array(2);
  const plan = buildPlan(networkOf(experiment, ruleLibrary['r-stdp-delayed'], seed), ideal());
  return { outcome: runContextualBandit(plan, task, progress), progress };
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
    assert.is(confusion.flat().reduce((sum, n) => sum + n, 0), 300);
    assert.is(confusion.reduce((sum, row, k) => sum + row[k], 0) / 300, accuracy);
    const tail = curve.values.slice(-6).reduce((sum, share) => sum + share, 0) / 6;
    assert.ok(Math.abs(tail - accuracy) < 1e-12);
    assert.ok(curve.values[0] < 0.6, 'it began near chance');
  });
}

test('without learning the choice stays at chance, and the same seed gives the same run', () => {
  const first = run(3, 150, { scoredTrials: 150, expectationRate: 0 });
  const again = run(3, 150, { scoredTrials: 150, expectationRate: 0 });
  assert.is(first.outcome.stateHash, again.outcome.stateHash);
  assert.equal(first.outcome.weightsAfter, again.outcome.weightsAfter);
  assert.is.not(run(4, 150, { scoredTrials: 150, expectationRate: 0 }).outcome.stateHash, first.outcome.stateHash);
});

test.run();
