/** Changes laid over a scenario: what merges, what replaces, what comes first, and where problems are said to be. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Problem } from '../../core/errors.ts';
import { UserError } from '../../core/errors.ts';
import { mergeOver } from '../../experiments/merge-experiment.ts';
import type { ExperimentRequest } from '../../experiments/read-experiment.ts';
import { readExperiment, readScenario } from '../../experiments/read-experiment.ts';
import { digits } from '../../scenarios/digits.ts';
import { rewardChoice } from '../../scenarios/reward-choice.ts';
import { stdpWindow } from '../../scenarios/stdp-window.ts';
import { xorTemporal } from '../../scenarios/xor-temporal.ts';

const scenarios = { digits, 'reward-choice': rewardChoice, 'stdp-window': stdpWindow, 'xor-temporal': xorTemporal };
const request: ExperimentRequest = { pixels: 64, realImages: false, counts: {} };

const read = (content: object | string, given: Partial<ExperimentRequest> = {}) =>
  readExperiment(typeof content === 'string' ? content : JSON.stringify(content), 'exp.json', scenarios, { ...request, ...given });

function problemsOf(content: object | string, given: Partial<ExperimentRequest> = {}): readonly Problem[] {
  try {
    read(content, given);
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

/** `line path message` of each. */
const said = (content: object | string, given: Partial<ExperimentRequest> = {}): string[] =>
  problemsOf(content, given).map(({ where, message }) => `${where?.line ?? '-'} ${where?.path ?? '-'} ${message}`);

function merged(base: unknown, changes: unknown): unknown {
  const problems: Problem[] = [];
  const { value } = mergeOver(base, changes, 'network', problems);
  assert.equal(problems, []);
  return value;
}

test('objects merge by key, lists of named objects by name, anything else replaces', () => {
  assert.equal(merged({ a: 1, b: { c: 2, d: 3 } }, { b: { c: 4 }, e: 5 }), { a: 1, b: { c: 4, d: 3 }, e: 5 });
  assert.equal(merged([{ name: 'p', size: 1, v: 2 }, { name: 'q' }], [{ name: 'r' }, { name: 'p', size: 9 }]), [
    { name: 'p', size: 9, v: 2 },
    { name: 'q' },
    { name: 'r' },
  ]);
  assert.equal(merged({ list: [1, 2, 3], probes: [{ spikes: 'a' }] }, { list: [4], probes: [] }), { list: [4], probes: [] });
  assert.equal(merged({ connect: 'all-to-all' }, { connect: { kind: 'one-to-one' } }), { connect: { kind: 'one-to-one' } });
});

test('things of another kind replace, also a weight that is written in another form', () => {
  assert.equal(merged({ kind: 'a', x: 1 }, { kind: 'b', y: 2 }), { kind: 'b', y: 2 });
  assert.equal(merged([{ name: 'n', model: 'lif', tauMem: 1 }], [{ name: 'n', model: 'izhikevich' }]), [
    { name: 'n', model: 'izhikevich' },
  ]);
  assert.equal(merged({ weight: { normal: { mean: 1, sd: 2 } } }, { weight: { uniform: [0, 1] } }), { weight: { uniform: [0, 1] } });
  assert.equal(merged({ weight: { normal: { mean: 1, sd: 2 } } }, { weight: { normal: { sd: 3 } } }), {
    weight: { normal: { mean: 1, sd: 3 } },
  });
});

test('the base is left as it was', () => {
  const base = Object.freeze({ inner: Object.freeze({ a: 1 }), list: Object.freeze([Object.freeze({ name: 'p', a: 1 })]) });
  assert.equal(merged(base, { inner: { a: 2 }, list: [{ name: 'p', a: 2 }] }), { inner: { a: 2 }, list: [{ name: 'p', a: 2 }] });
  assert.equal(base, { inner: { a: 1 }, list: [{ name: 'p', a: 1 }] });
});

test('a path of the result is traced to the changes or to the base', () => {
  const base = {
    list: [
      { name: 'p', a: 1 },
      { name: 'q', b: [1, 2] },
    ],
  };
  const { originOf } = mergeOver(base, { list: [{ name: 'q', b: [3] }, { name: 'r' }] }, 'network', []);
  assert.equal(originOf('network.list[1].b[0]'), { path: 'network.list[0].b[0]', isOwn: true });
  assert.equal(originOf('network.list[2].size'), { path: 'network.list[1].size', isOwn: true });
  assert.equal(originOf('network.list[0].a'), { path: 'network.list', isOwn: false });
  assert.equal(originOf('network.list[1].missing'), { path: 'network.list[0].missing', isOwn: true });
});

test('an empty file over a scenario is the scenario', () => {
  const plain = readScenario(digits, request);
  assert.equal(read({ scenario: 'digits' }), plain);
  assert.is(plain.rule.name, 'r-stdp');
  assert.is(plain.experiment.name, 'digits');
});

test('chips, seeds, seed, rule and counts are read', () => {
  const { chips, seeds, seed, rule, experiment, asked } = read({
    scenario: 'digits',
    chips: ['ideal', 'memristor-crossbar:ecram'],
    seeds: 4,
    seed: 9,
    rule: 'r-stdp-delayed',
    train: 100,
    epochs: 2,
  });
  assert.equal([chips, seeds, seed, rule.name], [['ideal', 'memristor-crossbar:ecram'], 4, 9, 'r-stdp-delayed']);
  const { task } = experiment;
  assert.equal(task.kind === 'reward-classification' && [task.trainImages, task.testImages, task.epochs], [100, 1000, 2]);
  assert.equal(asked, { train: true, test: false });
});

test('the command line wins over the task, the task over the count beside it', () => {
  const content = { scenario: 'reward-choice', train: 900, task: { trials: 800 } };
  const trialsOf = ({ experiment: { task } }: ReturnType<typeof read>): unknown => 'trials' in task && task.trials;
  assert.is(trialsOf(read(content)), 800);
  assert.is(trialsOf(read({ scenario: 'reward-choice', train: 900 })), 900);
  assert.is(trialsOf(read(content, { counts: { train: 700 } })), 700);
});

test('a whole experiment needs no scenario', () => {
  const { name, title, summary, network, task } = stdpWindow.build({ pixels: 1, realImages: false });
  const whole = read({ name, title, summary, network, task, rule: 'pair-stdp' });
  assert.equal(whole.experiment, readScenario(stdpWindow, request).experiment);
  assert.equal(said({ name, network, task }), ['1 rule is missing; it needs the name of a rule (see: hillock rules), or a rule']);
  assert.equal(said({ name }), [
    '1 network is missing; it needs an object',
    '1 task is missing; it needs an object',
    '1 network.populations is missing; it needs a list',
    '1 network.projections is missing; it needs a list',
    '1 task.kind is missing; it needs one of reward-classification, phased-classification, convolutional-reward, anomaly-detection, contextual-bandit, stdp-window',
  ]);
});

test('a rule on the projection is the rule, unless the command line names one; two in one file are refused', () => {
  const rule = { name: 'own', traces: { x1: { on: 'pre', tau: '9 ms' } }, onPost: 'w += 0.01 * x1' };
  const content = { scenario: 'stdp-window', network: { projections: [{ name: 'pre-post', rule }] } };
  assert.is(read(content).rule.name, 'own');
  const overruled = read(content, { rule: { rule: read({ scenario: 'stdp-window', rule: 'triplet-stdp' }).rule } });
  assert.is(overruled.rule.name, 'triplet-stdp');
  assert.not.match(JSON.stringify(overruled.experiment.network), /"own"/);
  assert.equal(said({ ...content, rule: 'pair-stdp' }), ['1 rule is given, but the plastic projection has a rule of its own']);
});

test("a value of the scenario that no longer fits is said to be the scenario's", () => {
  const content = '{ "scenario": "stdp-window",\n  "network": { "populations": [\n    { "name": "pre", "size": 10 }\n  ] } }';
  assert.equal(said(content), [
    '2 network.projections[0].connect.kind needs populations of one size, not 10 and 2420 (the value is that of scenario stdp-window)',
    '3 network.populations[0].neurons names neuron 10; the source has 0 … 9 (the value is that of scenario stdp-window)',
  ]);
});

test('names in a task are held against the network', () => {
  assert.equal(said({ scenario: 'digits', task: { answer: 'answer' } }), [
    '1 task.answer unknown population of neurons "answer" - did you mean "answers"? (answers)',
  ]);
  assert.equal(said({ scenario: 'digits', task: { plastic: 'x' } }), ['1 task.plastic unknown projection "x" (pixels-answers)']);
  assert.equal(said({ scenario: 'digits', task: { input: 'answers' } }), ['1 task.input unknown Poisson source "answers" (pixels)']);
  assert.equal(said({ scenario: 'xor-temporal', task: { plastic: 'lines-hidden' } }), [
    '1 task.plastic is "lines-hidden", which ends on "hidden", but the task needs one that ends on "answers"',
  ]);
  assert.equal(said({ scenario: 'xor-temporal', task: { patterns: [{ ticks: [1, 71], right: 2 }] } }), [
    '1 task.patterns has 1 patterns, but there are 4 contexts, one for each',
    '1 task.patterns[0].ticks has the tick 71; ticks are whole numbers from 1 to trialTicks, 70',
    '1 task.patterns[0].ticks has 2 ticks, but the input has 20 neurons, and each needs one',
    '1 task.patterns[0].right is 2, but must be less than 2',
  ]);
});

test('what a task cannot work with is refused before it runs', () => {
  const answers = (changes: object): object => ({ scenario: 'digits', network: { populations: [{ name: 'answers', ...changes }] } });
  assert.equal(said(answers({ tunable: [] })), [
    '1 task.answer is "answers", whose thresholdShift cannot be moved, as homeostasis does (the value is that of scenario digits)',
  ]);
  assert.equal(said(answers({ size: 31 })), [
    '1 task.classes is 10, but the 31 neurons of "answers" cannot be parted into 10 equal pools (the value is that of scenario digits)',
  ]);
  assert.equal(said({ scenario: 'digits', network: { probes: [] } }), [
    '1 task.answer is "answers", whose spikes are not recorded, as the rasters need (the value is that of scenario digits)',
  ]);
  assert.equal(said({ scenario: 'digits', task: { burnIn: 50 } }), ['1 task.burnIn is 50, but must be less than ticks, which is 50']);
  assert.equal(said({ scenario: 'reward-choice', task: { trials: 100 } }), [
    '1 task.scoredTrials is 300, but there are only 100 trials (the value is that of scenario reward-choice)',
  ]);
  assert.equal(said({ scenario: 'stdp-window', task: { repeats: 3 } }), [
    '1 task.repeats is 3: 121 time differences need 363 neurons in "pre", which has 2420',
  ]);
  assert.equal(said({ scenario: 'stdp-window', test: 3 }), ['1 test means nothing for a task of kind stdp-window']);
  assert.equal(said({ scenario: 'reward-choice', test: 3 }), [
    '1 test means nothing for a task of kind contextual-bandit, which knows train',
  ]);
});

test('numbers, names and chips are bounded', () => {
  assert.equal(said('{ "scenario": "digits",\n"seeds": 0,\n"seed": -1,\n"train": 2.5,\n"chips": [],\n"name": "../x" }'), [
    '2 seeds is 0, but must be at least 1',
    '3 seed is -1, but must be at least 0',
    '4 train needs a whole number, not 2.5',
    '5 chips has 0 items, but needs at least 1',
    '6 name is "../x", but may have letters, digits, "-", "_" and "." only',
  ]);
  assert.equal(
    said({ scenario: 'digitz' })[0],
    '1 scenario unknown scenario "digitz" - did you mean "digits"? (digits, reward-choice, stdp-window, xor-temporal)',
  );
  assert.equal(said({ scenario: 'digits', chips: ['ideal', 3] }), ['1 chips[1] needs the name of a chip, not 3']);
  assert.equal(said({ scenario: 'digits', network: 'x' }), ['1 network needs an object, not "x"']);
  assert.is(said('[]')[0], '1  needs an object, not a list');
});

test('any value in any field of a file gives words, never an exception of another kind', () => {
  const values: readonly unknown[] = [null, [], {}, '', 'x', -1, 1.5, true, [null], [{}], { name: 1 }];
  const keys = ['scenario', 'rule', 'chips', 'seeds', 'seed', 'train', 'network', 'task', 'name', 'title', 'summary'];
  for (const key of keys) {
    for (const value of values) {
      for (const base of [{ scenario: 'digits' }, {}]) problemsOf({ ...base, [key]: value });
      for (const part of ['network', 'task']) {
        const fields =
          part === 'network' ? ['populations', 'projections', 'probes', 'dt'] : ['kind', 'input', 'homeostasis', 'plastic', 'modulator'];
        for (const field of fields) problemsOf({ scenario: 'digits', [part]: { [field]: value } });
      }
    }
  }
});

test.run();
