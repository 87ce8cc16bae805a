import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { checkRuleOrThrow } from '../../core/plasticity/check-rule.ts';
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import type { StdpWindow } from '../../experiments/experiment.ts';
import { networkOf } from '../../experiments/plan-runs.ts';
import { runOne } from '../../experiments/run-worker.ts';
import { expectedWindow } from '../../experiments/tasks/stdp-window.ts';
import { stdpWindow } from '../../scenarios/stdp-window.ts';
import { near } from '../support/near.ts';
import { changes } from '../support/one-synapse.ts';

const pair: PlasticityRule = { ...ruleLibrary['pair-stdp'], parameters: { aPlus: 1, aMinus: 1.05 }, bounds: [-10, 10] };

/** Δt in ms and the weight change of one pair, A+ = 1, A- = 1.05, both time constants 20 ms. */
const table: readonly (readonly [number, number])[] = [
  [-50, -0.086189],
  [-20, -0.386273],
  [-10, -0.636857],
  [-1, -0.998791],
  [1, 0.951229],
  [10, 0.606531],
  [20, 0.367879],
  [50, 0.082085],
];

/** The scenario on the ideal chip: its window and the time differences in ms. */
function measured(rule: PlasticityRule): { deltas: readonly number[]; mean: readonly number[]; sd: readonly number[] } {
  const experiment = stdpWindow.build({ pixels: 0, realImages: false });
  const task = experiment.task as StdpWindow;
  const { window } = runOne({ plan: buildPlan(networkOf(experiment, rule, 1), ideal()), task, progress: new Int32Array(2) });
  assert.ok(window !== null);
  return { deltas: task.deltaTicks, ...window };
}

test('pair STDP gives the published changes to their six digits', () => {
  const pairs = table.map(([delta]) => ({ pre: [100], post: [100 + delta] }));
  changes(pair, pairs, 200).forEach((change, n) => {
    near(change, table[n][1], 5e-7, `Δt = ${table[n][0]} ms:`);
  });
});

test('the window of the scenario is the closed form to one part in a million, with no spread', () => {
  const { deltas, mean, sd } = measured(pair);
  let largest = 0;
  deltas.forEach((delta, n) => {
    const expected = delta >= 0 ? Math.exp(-delta / 20) : -1.05 * Math.exp(delta / 20);
    largest = Math.max(largest, Math.abs(mean[n] / expected - 1));
    near(sd[n], 0, 1e-12, `sd at ${delta} ms:`);
  });
  console.log(`pair-stdp: largest relative error of the window ${largest.toExponential(2)}`);
  assert.ok(largest <= 1e-6, `${largest}`);
  assert.is(deltas.length, 121);
  for (const [delta, expected] of table) near(mean[deltas.indexOf(delta)], expected, 5e-7, `Δt = ${delta} ms:`);
});

for (const name of ['pair-stdp', 'pair-stdp-multiplicative', 'pair-stdp-nearest', 'triplet-stdp']) {
  test(`the window that the report expects of ${name} is the one that is measured`, () => {
    const rule: PlasticityRule = { ...ruleLibrary[name], bounds: [-10, 10] };
    const { deltas, mean } = measured(rule);
    const expected = expectedWindow(
      checkRuleOrThrow(rule),
      0.001,
      0.5,
      deltas.map((delta) => delta / 1000),
    );
    deltas.forEach((delta, n) => {
      near(mean[n], expected[n], 1e-12, `Δt = ${delta} ms:`);
    });
    assert.ok(Math.min(...expected) < -1e-3);
  });
}

test('expectedWindow is the closed form of pair STDP, and stays within the bounds of the rule', () => {
  const of = (rule: PlasticityRule, weight: number, deltas: readonly number[]) =>
    expectedWindow(checkRuleOrThrow(rule), 0.001, weight, deltas);
  const [before, after] = of(pair, 0.5, [-0.0123, 0.0345]);
  near(before, -1.05 * Math.exp(-12.3 / 20), 1e-15);
  near(after, Math.exp(-34.5 / 20), 1e-15);
  assert.equal(
    of({ ...pair, bounds: [0, 1] }, 0.9, [-0.001, 0.001]).map((x) => Math.round(x * 1e12) / 1e12),
    [-0.9, 0.1],
  );
  const [soft] = of(ruleLibrary['pair-stdp-multiplicative'], 0.25, [0.02]);
  near(soft, 0.01 * 0.75 * Math.exp(-1), 1e-15);
});

test('at Δt = 0 the pre spike comes first: the pair potentiates by the full amplitude, a post spike one tick later counts as later', () => {
  const [together, later] = changes(
    pair,
    [
      { pre: [50], post: [50] },
      { pre: [50], post: [51] },
    ],
    100,
  );
  near(together, 1, 1e-15);
  near(later, Math.exp(-1 / 20), 1e-15);
});

test('post before pre sees the post trace of the last tick, never the impulse of its own', () => {
  // with both spikes in the same tick, and one post spike a tick earlier: depression by exp(-1/20) alone, then potentiation by 1
  const [change] = changes(pair, [{ pre: [50], post: [49, 50] }], 100);
  near(change, 1 - 1.05 * Math.exp(-1 / 20), 1e-15);
});

test.run();
