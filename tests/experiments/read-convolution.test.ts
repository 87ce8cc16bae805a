/** A convolutional task: its maps have to fit one into the other, and every name has to be there. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../core/errors.ts';
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import { readExperiment, readScenario } from '../../experiments/read-experiment.ts';
import { digits } from '../../scenarios/digits.ts';
import { mnist } from '../../scenarios/mnist.ts';

const request = { pixels: 64, realImages: false, counts: {}, rule: { rule: ruleLibrary['r-stdp-conv'] } };

/** `path message` of each problem of a task changed so. */
function said(task: object): string[] {
  try {
    readExperiment(JSON.stringify({ scenario: 'digits', task }), 'exp.json', { digits }, request);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ where, message }) => `${where?.path} ${message}`);
    throw error;
  }
  return [];
}

test('as it ships, for generated digits and for 28 x 28 pixels', () => {
  const { experiment } = readScenario(digits, request);
  assert.is(experiment.task.kind, 'convolutional-reward');
  const real = readScenario(mnist, { ...request, pixels: 784, realImages: true }).experiment.task;
  assert.is(real.kind === 'convolutional-reward' && real.rows, 28);
  assert.equal(said({}), []);
  assert.equal(said({ expectation: 'recent' }), []);
});

test('sizes that do not fit are told with what they would have to be', () => {
  const problems = said({ filters: [3] });
  assert.ok(
    problems.some((one) => /stages number 0 needs a projection from a played source of 3 x 3 x 2 = 18 neurons/.test(one)),
    `${problems}`,
  );
  assert.match(said({ rows: 10, columns: 10 }).join(), /input is "maps" with 960 neurons, but the stages leave 5 x 5 x 60 = 1500 spikes/);
});

test('fields out of range are refused', () => {
  assert.match(said({ filters: [4] }).join(), /filters\[0\] is 4, but widths are odd numbers from 3/);
  assert.match(said({ bins: 255 }).join(), /task.bins is 255, but must be/);
  assert.match(said({ silenced: 1 }).join(), /task.silenced is 1/);
  assert.match(said({ expectation: 'none' }).join(), /confidence, recent/);
  assert.match(said({ modulator: 'win' }).join(), /rule r-stdp-conv has only reward/);
});

test('pixels that make no square have no neighbours', () => {
  assert.throws(
    () => digits.build({ pixels: 60, realImages: false, rule: 'r-stdp-conv' }),
    (error: unknown) => error instanceof UserError && /not a square/.test(error.message),
  );
});

test.run();
