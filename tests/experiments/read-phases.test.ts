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

test('a layered rate network is a chain from the input to the classes', () => {
  const { pretrain } = taskOf('dfa');
  assert.equal(
    pretrain?.layers.map(({ projection }) => projection),
    ['pixels-hidden', 'hidden-output'],
  );
  const withPretrain = (changes: object): string[] =>
    said({ scenario: 'digits', rule: 'dfa', task: { pretrain: { epochs: 2, ...changes } } });
  const layer = (projection: string, bias?: number): object => ({ projection, ...(bias === undefined ? {} : { bias }) });
  assert.equal(withPretrain({}), []);
  assert.equal(
    withPretrain({ layers: [layer('pixels-hidden', 0.1), layer('hidden-output')], white: 0.2, activation: 'tanh', target: 1 }),
    [],
  );
  assert.equal(withPretrain({ epochs: 0, white: 0, target: 2, activation: 'step' }), [
    'task.pretrain.epochs is 0, but must be at least 1',
    'task.pretrain.white is 0, but must be more than 0',
    'task.pretrain.target is 2, but must be at most 1',
    'task.pretrain.activation unknown activation "step" (linear, clipped-relu, relu, tanh, sigmoid)',
  ]);
  // a circuit that was changed still runs with its own weights
  const network = { projections: [{ name: 'hidden-output', connect: { kind: 'fixed-probability', probability: 0.5 } }] };
  assert.equal(said({ scenario: 'digits', rule: 'dfa', network }), []);
  assert.equal(said({ scenario: 'digits', rule: 'dfa', network, task: { pretrain: { epochs: 2 } } }), [
    'task.pretrain.layers[1].projection is "hidden-output", but needs a projection from all to all (pixels-hidden, feedback) (the value is that of scenario digits)',
  ]);
  assert.equal(withPretrain({ layers: [] }), ['task.pretrain.layers has 0 items, but needs at least 1']);
  assert.equal(withPretrain({ layers: [layer('hidden-output')] }), [
    'task.pretrain.layers goes on with "hidden-output", which begins at 100 neurons, but the input "pixels" has 64',
  ]);
  assert.equal(withPretrain({ layers: [layer('pixels-hidden')] }), [
    'task.pretrain.layers ends with "pixels-hidden" of 100 neurons, but there are 10 classes',
  ]);
  assert.equal(withPretrain({ layers: [layer('pixels-hidden'), layer('pixels-hidden'), layer('hidden-output')] }), [
    'task.pretrain.layers goes on with "pixels-hidden", which begins at 64 neurons, but "pixels-hidden" has 100',
    'task.pretrain.layers names "pixels-hidden" twice',
  ]);
  assert.equal(withPretrain({ layers: [layer('output-errors')] }), [
    'task.pretrain.layers[0].projection is "output-errors", but needs a projection from all to all (pixels-hidden, hidden-output, feedback)',
  ]);
});

test.run();
