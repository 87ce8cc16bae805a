/** A task in phases: what it names has to be there, of the right size; every fault has its place. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../core/errors.ts';
import type { PhasedClassification } from '../../experiments/experiment.ts';
import { readExperiment, readScenario } from '../../experiments/read-experiment.ts';
import { digits } from '../../scenarios/digits.ts';
import { mnist } from '../../scenarios/mnist.ts';

const request = { pixels: 64, realImages: false, counts: {} };
const scenarios = { digits, mnist };

function said(content: object): string[] {
  try {
    readExperiment(JSON.stringify(content), 'exp.json', scenarios, request);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ where, message }) => `${where?.path} ${message}`);
    throw error;
  }
  return [];
}

const taskOf = (rule: string): PhasedClassification =>
  readExperiment(JSON.stringify({ scenario: 'digits', rule }), 'exp.json', scenarios, request).experiment.task as PhasedClassification;

test('every circuit is read as it was written, for each rule that has one', () => {
  for (const rule of ['dfa', 'ep', 'pc']) {
    const { experiment } = readExperiment(
      JSON.stringify({ scenario: 'digits', rule, hidden: 30, train: 20 }),
      'exp.json',
      scenarios,
      request,
    );
    const task = experiment.task as PhasedClassification;
    assert.is(task.kind, 'phased-classification');
    assert.is(task.trainImages, 20);
    assert.ok(JSON.stringify(experiment.network).includes('"size":30'));
    // a learning rate for every projection that learns
    const learned = new Set(task.phases.flatMap(({ learn = [] }) => learn.map(({ projection }) => projection)));
    assert.equal(Object.keys(task.rates).toSorted(), [...learned].toSorted());
  }
  assert.is(readScenario(digits, request).experiment.task.kind, 'reward-classification');
});

test('the network that is run has the rate of the task on each projection', async () => {
  const { networkOf } = await import('../../experiments/plan-runs.ts');
  const { experiment, rule } = readExperiment('{"scenario":"digits","rule":"ep"}', 'exp.json', scenarios, request);
  const { projections } = networkOf(experiment, rule, 1);
  const { rates } = experiment.task as PhasedClassification;
  for (const { name, rule: applied } of projections) assert.is(applied?.parameters.rate, rates[name]);
});

test('names, sizes and modulators are held against the network', () => {
  const [first] = taskOf('dfa').phases;
  const steps = first.learn ?? [];
  const withTask = (task: object): string[] => said({ scenario: 'digits', rule: 'dfa', task });
  assert.equal(withTask({ input: 'hidden' }), ['task.input is "hidden", whose bias the task sets from image to image, but cannot']);
  assert.equal(withTask({ rates: { 'pixel-hidden': 1 } }), [
    'task.rates names "pixel-hidden", but the network has no projection of that name',
  ]);
  assert.equal(withTask({ phases: [{ ...first, window: 51 }] }), [
    'task.phases[0].window is 51, but must not be more than ticks, which is 50',
  ]);
  assert.equal(withTask({ phases: [{ ...first, from: 'last' }] }), [
    'task.phases begins from "last", but the first phase of an image begins from rest',
  ]);
  assert.equal(withTask({ phases: [{ ...first, teach: { population: 'errors', right: 1, wrong: 0 } }] }), [
    'task.phases[0].teach.population is "errors", whose bias the task sets from image to image, but cannot',
  ]);
  assert.equal(withTask({ phases: [{ ...first, learn: [{ ...steps[0], modulator: 'reward' }] }] }), [
    'task.phases[0].learn[0].modulator is "reward", but the rule on "pixels-hidden" has only error with a value per post neuron',
  ]);
  assert.equal(withTask({ phases: [{ ...first, learn: [{ ...steps[0], factor: { of: 'output-error', what: 'v' } }] }] }), [
    'task.phases[0].learn[0].factor.of is "output-error" with 10 neurons, but 100 are needed, one for each',
  ]);
  assert.equal(withTask({ phases: [{ ...first, learn: [{ ...steps[0], factor: { of: 'hidden-error', what: 'w' } }] }] }), [
    'task.phases[0].learn[0].factor.what unknown quantity "w" - did you mean "v"? (spikes, v)',
  ]);
});

test.run();
