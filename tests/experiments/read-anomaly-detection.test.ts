/** A task of anomaly detection: what it names has to be there, of the right kind and size; every fault has its place, and all are told. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../core/errors.ts';
import type { AnomalyDetection } from '../../experiments/experiment.ts';
import { networkOf } from '../../experiments/plan-runs.ts';
import type { ExperimentRequest } from '../../experiments/read-experiment.ts';
import { readExperiment, readScenario } from '../../experiments/read-experiment.ts';
import { digits } from '../../scenarios/digits.ts';
import { novelty } from '../../scenarios/novelty.ts';

const request: ExperimentRequest = { pixels: 64, realImages: false, counts: {} };
const scenarios = { digits, novelty };

const read = (content: object, more: Partial<ExperimentRequest> = {}) =>
  readExperiment(JSON.stringify(content), 'exp.json', scenarios, { ...request, ...more });

const taskOf = (content: object, more: Partial<ExperimentRequest> = {}): AnomalyDetection =>
  read({ scenario: 'novelty', ...content }, more).experiment.task as AnomalyDetection;

function said(content: object, more: Partial<ExperimentRequest> = {}): string[] {
  try {
    read(content, more);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ where, message }) => `${where?.path ?? ''} ${message}`);
    throw error;
  }
  return [];
}

const withTask = (task: object): string[] => said({ scenario: 'novelty', task });

test('the scenario is read as it was written; counts, sizes and the class held out come from whoever says them', () => {
  assert.equal(readScenario(novelty, request).experiment.task, novelty.build({ pixels: 64, realImages: false }).task);
  const { trainImages, testImages, epochs, heldOut } = taskOf({ train: 40, test: 30, epochs: 3, task: { heldOut: 7 } });
  assert.equal([trainImages, testImages, epochs, heldOut], [40, 30, 3, 7]);
  assert.is(taskOf({ task: { heldOut: 7 } }, { heldOut: 4 }).heldOut, 4);
  assert.is(taskOf({}).heldOut, 'by-seed');
  assert.ok(JSON.stringify(read({ scenario: 'novelty', hidden: 9 }).experiment.network).includes('"size":9'));
});

test('rates and limits of the task are those of the rules that run', () => {
  const { experiment, rule } = read({ scenario: 'novelty' });
  const { rates, limits } = experiment.task as AnomalyDetection;
  const learned = networkOf(experiment, rule, 1).projections.filter((projection) => projection.rule !== undefined);
  assert.equal(
    learned.map(({ name }) => name),
    ['predictions', 'feedback'],
  );
  for (const { name, rule: applied } of learned) {
    assert.is(applied?.parameters.rate, rates[name]);
    assert.equal(applied?.bounds, [-(limits?.[name] ?? 0), limits?.[name]]);
  }
});

test('populations and projections are held against the network', () => {
  assert.equal(withTask({ latent: 'error' }), [
    'task.plastic is "predictions", which goes from "latent" to "error", but predictions go from "error" to "error" (the value is that of scenario novelty)',
    'task.latent is "error", whose bias the task sets from image to image, but cannot',
  ]);
  assert.equal(withTask({ error: 'latent' }), [
    'task.plastic is "predictions", which goes from "latent" to "error", but predictions go from "latent" to "latent" (the value is that of scenario novelty)',
    'task.learn has no step whose factor is what "latent" has sent, so nothing is learned from errors (the value is that of scenario novelty)',
    'task.error is "latent" with 24 neurons, but 64 are needed, one for each',
    'task.error is "latent", whose spikes have no sign, but errors are of both signs',
    'task.error is "latent", whose spikes are not recorded, as the rasters need',
  ]);
  assert.equal(withTask({ plastic: 'pixels-error' }).slice(0, 1), [
    'task.plastic is "pixels-error", which goes from "pixels" to "error", but predictions go from "latent" to "error"',
  ]);
  assert.equal(withTask({ input: 'pixel' }), ['task.input unknown population "pixel" - did you mean "pixels"? (pixels, latent, error)']);
});

test('figures are held within their ranges, and all faults are told at once', () => {
  assert.equal(withTask({ window: 81, heldOut: 10, quantum: 0, rates: { prediction: 1 } }), [
    'task.window is 81, but must not be more than ticks, which is 80',
    'task.heldOut is 10, but needs a class from 0 to 9, or "by-seed"',
    'task.quantum is 0, but must be more than 0',
    'task.rates names "prediction", but the network has no projection of that name',
  ]);
  assert.equal(withTask({ heldOut: 'three' }), ['task.heldOut is "three", but needs a class from 0 to 9, or "by-seed"']);
  assert.equal(withTask({ classes: 1, heldOut: 3 }), ['task.classes is 1, but must be at least 2']);
});

test('a class can be held out of no other task', () => {
  assert.equal(said({ scenario: 'digits' }, { heldOut: 3 }), [
    ' --held-out means nothing for a task of kind reward-classification, which learns every class',
  ]);
});

test.run();
