/** What a person can get wrong on the command line and in files: the exact words, the exit code, and nothing on stdout. */
import { chmodSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import { openBench } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

/** The words of the command line, the exact text on stderr; the exit code is 2. */
async function refused(words: readonly string[], stderr: string): Promise<void> {
  const trial = await bench.hillock(words);
  assert.is(trial.stderr, `${stderr}\n`);
  assert.is(trial.exitCode, 2);
  assert.is(trial.stdout, '');
}

const OPTIONS: readonly (readonly [name: string, words: string, stderr: string])[] = [
  [
    'an unknown scenario',
    'run digitz',
    'unknown scenario "digitz" - did you mean "digits"? (digits, mnist, nmnist, spoken-digits, novelty, reward-choice, stdp-window, xor-temporal, energy-claims, how-many-levels, how-much-noise, which-device)\n  a file ends in .json; - reads standard input',
  ],
  [
    'an unknown chip',
    'run digits --chip ideal,lohi-like',
    'unknown chip "lohi-like" - did you mean "loihi-like"? (ideal, loihi-like, memristor-crossbar)',
  ],
  [
    'an unknown rule',
    'run digits --rule rstdp',
    `unknown rule "rstdp" - did you mean "r-stdp"? (${Object.keys(ruleLibrary).join(', ')})\n  see: hillock rules; a file ends in .json`,
  ],
  [
    'a rule without the modulator of the task',
    'run digits --rule pair-stdp',
    'task.modulator is "reward", but rule pair-stdp has no modulators\n  choose a rule with a modulator "reward" (see: hillock rules), or another task',
  ],
  [
    'a scenario without its images',
    'run mnist',
    'mnist needs the folder of its images: --data <folder>\n  the folder holds idx files, packed or not; or: hillock run digits, which makes its own images',
  ],
  [
    'a hidden layer where there is none',
    'run digits --hidden 20',
    '--hidden means nothing here: digits with rule r-stdp has no hidden layer',
  ],
  [
    'a class held out where all are learned',
    'run digits --held-out 3',
    '--held-out means nothing for a task of kind reward-classification, which learns every class',
  ],
  ['a class that no image has', 'run novelty --held-out 12', 'task.heldOut is 12, but needs a class from 0 to 9, or "by-seed"'],
  [
    'a diagnosis of a task that does not answer',
    'compare novelty --train 20 --test 20 --diagnose',
    '--diagnose shows the same image to the chip and to an ideal twin, but novelty (anomaly-detection) gives no image an answer',
  ],
  ['a hidden layer of no neurons', 'run digits --rule dfa --hidden 0', '--hidden is 0, but must be a whole number from 1 to 100000'],
  ['no epoch of pretraining', 'run digits --rule dfa --pretrain 0', '--pretrain is 0, but must be a whole number from 1 to 1000000'],
  [
    'pretraining of a circuit without layers',
    'run digits --pretrain 3',
    '--pretrain means nothing here: the circuit of digits with rule r-stdp does not say which layers back-propagation would train\n  rules whose circuit does: dfa, fa, sign-symmetric, drtp, ep, c-ep, pc',
  ],
  [
    'pretraining of a task without layers',
    'run reward-choice --pretrain 3',
    '--pretrain means nothing here: the circuit of reward-choice with rule r-stdp-delayed does not say which layers back-propagation would train\n  a task of kind phased-classification says so in its field pretrain (docs/rules.md)',
  ],
  ['no seeds', 'run digits --seeds 0', '--seeds is 0, but must be a whole number from 1 to 1000'],
  ['a negative seed', 'run digits --seed -1', '--seed is -1, but must be a whole number from 0 to 9007199254739991'],
  ['a count that is a word', 'run digits --train abc', '--train is abc, but must be a whole number from 1 to 1000000'],
  ['a fraction of an epoch', 'run digits --epochs 1.5', '--epochs is 1.5, but must be a whole number from 1 to 1000000'],
  ['no threads', 'run digits --threads 0', '--threads is 0, but must be a whole number from 1, or auto'],
  ['a chip named twice', 'run digits --chip ideal,ideal', '--chip names ideal twice\n  name each chip once'],
  ['a progress mode', 'run digits --progress loud', '--progress is "loud", but must be one of auto, bar, ndjson, none'],
  ['a file that is not there', 'run nowhere.json', 'cannot read the experiment file nowhere.json: there is no such file'],
  ['a count that the task does not know', 'run stdp-window --train 5', '--train means nothing for a task of kind stdp-window'],
  ['an unknown option', 'run digits --sede 3', "unknown option '--sede' - did you mean --seed?\n  see: hillock run --help"],
  ['an unknown option without a verb', '--sede 3', "unknown option '--sede' - did you mean --seed?\n  see: hillock compare --help"],
  ['an unknown verb', 'rnu', "unknown command 'rnu' - did you mean run?\n  see: hillock --help"],
  ['a missing argument', 'run', "missing required argument 'experiment'\n  see: hillock run --help"],
  ['an unknown entry', 'chips show ideel', 'unknown chip "ideel" - did you mean "ideal"? (ideal, loihi-like, memristor-crossbar)'],
  ['an unknown action', 'rules shw', '"shw" is neither list nor show\n  try: hillock rules list, or hillock rules show <name>'],
];
for (const [name, words, stderr] of OPTIONS) {
  test(`${name} is refused: hillock ${words}`, () => refused(words.split(' '), stderr));
}

test('an empty list of chips is refused', () =>
  refused(['run', 'digits', '--chip', ''], '--chip is "", but needs the name of a chip between commas'));

test('every fault of one command line is reported at once', async () => {
  const { stderr, exitCode } = await bench.hillock(['run', 'digitz', '--seeds', '0', '--chip', 'x', '--rule', 'y', '--train', 'z']);
  assert.is(exitCode, 2);
  const codes = ['--seeds is 0', '--train is z', 'unknown rule "y"', 'unknown scenario "digitz"', 'unknown chip "x"'];
  for (const text of codes) assert.ok(stderr.includes(text), text);
});

test('faults of an experiment file are all reported, in its order, with line and path', async () => {
  const file = bench.write(
    'exp.json',
    `{
  "scenario": "digits",
  "seedz": 3,
  "network": {
    "populations": [
      {
        "name": "answers",
        "tauMem": 20
      },
      { "name": "more", "size": 3, "model": "liff", "tauMem": "20 ms", "vThreshold": 1 }
    ],
    "projections": [{ "name": "pixels-answers", "delay": "20 mV" }]
  },
  "task": { "homeostasis": { "step": -1 } }
}`,
  );
  await refused(
    ['run', file],
    [
      `${file}:3  unknown key "seedz" - did you mean "seeds"? (scenario, rule, chips, seeds, seed, devices, hidden, train, test, epochs, name, title, summary, network, task)`,
      `${file}:8  network.populations[0].tauMem needs a unit - did you mean "20 ms"?`,
      `${file}:10  network.populations[1].model unknown neuron model "liff" - did you mean "lif"? (lif, cubalif, adaptive-lif, ternary-lif, rate-if, resonate-and-fire, sigma-delta, izhikevich)`,
      `${file}:12  network.projections[0].delay is a time; "mV" is a voltage`,
      `${file}:14  task.homeostasis.step is -1, but must be at least 0`,
    ].join('\n'),
  );
});

test('with --json an error is one document, with the place in the file', async () => {
  const file = bench.write('unit.json', '{ "scenario": "digits",\n  "network": { "dt": 1 } }');
  const { stdout, stderr, exitCode } = await bench.hillock(['run', file, '--json']);
  assert.is(exitCode, 2);
  assert.is(stderr, '');
  const { error, errors, ok, tool, verb, schema } = JSON.parse(stdout);
  assert.equal([ok, tool, verb, schema, errors.length], [false, 'hillock', 'run', 1, 1]);
  assert.equal(error, {
    code: 'E-UNIT',
    message: 'needs a unit - did you mean "1 ms"?',
    where: { file, line: 2, column: 22, path: 'network.dt' },
    hint: null,
    got: '1',
    expected: 'time',
  });
});

test('a usage error is one document too', async () => {
  const { stdout, exitCode } = await bench.hillock(['run', 'digits', '--sede', '1', '--json']);
  assert.is(exitCode, 2);
  assert.is(JSON.parse(stdout).error.code, 'E-USAGE');
});

test('text that is not JSON is shown with a caret', () => {
  const file = bench.write('broken.json', '{ "scenario": "digits",\n  "seeds": three }');
  return refused(
    ['run', file],
    `${file}:2:12  line 2, column 12: expected a value, found "three"\n      "seeds": three }\n               ^`,
  );
});

const rule = (lines: string): string => `{ "name": "mine", "traces": { "x1": { "on": "pre", "tau": "20 ms" } },\n  ${lines} }`;

test('an unknown trace in a rule file has a caret under it', () => {
  const file = bench.write('trace.json', rule('"onPost": "w += 0.1 * x3"'));
  return refused(
    ['run', 'stdp-window', '--rule', file],
    `${file}:2  onPost no trace "x3"; pre traces are x1\n    w += 0.1 * x3\n               ^^\n  did you mean "x1"?`,
  );
});

test('a variable that is not local is refused', () => {
  const file = bench.write('local.json', rule('"onPost": "w += x1 * v_pre"'));
  return refused(
    ['run', 'stdp-window', '--rule', file],
    `${file}:2  onPost "v_pre" is not local: a synapse cannot read the state of its pre-synaptic neuron; keep what it needs in a pre trace\n    w += x1 * v_pre\n              ^^^^^`,
  );
});

test('a division by a literal zero does not compile', () => {
  const file = bench.write('zero.json', rule('"onPost": "w += x1 / 0"'));
  return refused(['run', 'stdp-window', '--rule', file], `${file}:2  onPost division by zero\n    w += x1 / 0\n              ^`);
});

test('a rule inside an experiment file is reported at its place there', () => {
  const file = bench.write('rule-inside.json', `{ "scenario": "stdp-window",\n  "rule": ${rule('"onPost": "w += x9"')} }`);
  return refused(
    ['check', file],
    `${file}:3  rule.onPost no trace "x9"; pre traces are x1\n    w += x9\n         ^^\n  did you mean "x1"?`,
  );
});

test('a unit is missing in a rule file', () => {
  const file = bench.write('tau.json', '{ "traces": { "x1": { "on": "pre",\n "tau": 20 } }, "onPost": "w += x1" }');
  return refused(['run', 'stdp-window', '--rule', file], `${file}:2  traces.x1.tau needs a unit - did you mean "20 ms"?`);
});

/** An idx file of one-pixel-wide images, or of labels. */
function idx(magic: number, sizes: readonly number[], bytes: number): Uint8Array {
  const file = new DataView(new ArrayBuffer(4 + 4 * sizes.length + bytes));
  [magic, ...sizes].forEach((word, n) => {
    file.setUint32(4 * n, word);
  });
  return new Uint8Array(file.buffer);
}
const IMAGES = 0x803;
const LABELS = 0x801;

/** Writes the four files of a data set of 3 training and 2 test images of 2 x 2 pixels, with changes; returns the folder. */
function dataSet(name: string, changes: Readonly<Record<string, Uint8Array>> = {}): string {
  const files = {
    'train-images-idx3-ubyte': idx(IMAGES, [3, 2, 2], 12),
    'train-labels-idx1-ubyte': idx(LABELS, [3], 3),
    't10k-images-idx3-ubyte': idx(IMAGES, [2, 2, 2], 8),
    't10k-labels-idx1-ubyte': idx(LABELS, [2], 2),
    ...changes,
  };
  for (const [file, bytes] of Object.entries(files)) bench.write(`${name}/${file}`, bytes);
  return bench.path(name);
}

test('a truncated file is named with the sizes', () => {
  const folder = dataSet('short', { 'train-images-idx3-ubyte': idx(IMAGES, [3, 2, 2], 11) });
  return refused(
    ['run', 'digits', '--data', folder],
    `${folder}/train-images-idx3-ubyte is cut short: expected 28 bytes, found 27\n  fetch or copy it again`,
  );
});

test('labels under the name of images are refused', async () => {
  const folder = dataSet('swapped', { 'train-images-idx3-ubyte': idx(LABELS, [3], 3) });
  const { stderr, exitCode } = await bench.hillock(['run', 'digits', '--data', folder]);
  assert.is(exitCode, 2);
  assert.is(stderr.split('\n')[0], `${folder}/train-images-idx3-ubyte has magic 2049 (labels) where 2051 (images) is needed`);
});

test('a file that is no idx file is refused', async () => {
  const folder = dataSet('text', { 'train-labels-idx1-ubyte': new TextEncoder().encode('label,pixel\n') });
  const { stderr, exitCode } = await bench.hillock(['run', 'digits', '--data', folder]);
  assert.is(exitCode, 2);
  assert.ok(stderr.startsWith(`${folder}/train-labels-idx1-ubyte is not an idx file (`), stderr);
});

test('images and labels that differ in number are refused', () => {
  const folder = dataSet('differ', { 'train-labels-idx1-ubyte': idx(LABELS, [4], 4) });
  return refused(
    ['run', 'digits', '--data', folder],
    `${folder}/train-images-idx3-ubyte has 3 images but ${folder}/train-labels-idx1-ubyte has 4 labels\n  take both files from the same data set`,
  );
});

test('more training images than there are is refused', () => {
  const folder = dataSet('few');
  return refused(
    ['run', 'digits', '--data', folder, '--train', '4'],
    `train is 4, but there are only 3 training images in ${folder}\n  ask for 3 or fewer, or leave it out to take all`,
  );
});

test('images for a task that reads none are refused', () =>
  refused(['run', 'reward-choice', '--data', dataSet('unused')], 'reward-choice reads no images, so --data has nothing to give it'));

if (process.getuid?.() === 0) {
  test.skip('a folder of images without permission is refused');
  console.log('skipped: a folder of images without permission is refused (root may read everything)');
} else {
  test('a folder of images without permission is refused', async () => {
    const folder = dataSet('closed');
    chmodSync(folder, 0o000);
    try {
      await refused(['run', 'digits', '--data', folder], `${folder} may not be read (permission denied)\n  let this user read the folder`);
    } finally {
      chmodSync(folder, 0o755);
    }
  });
}

test('an output folder that cannot be written is refused before the run', async () => {
  const file = bench.write('a-file', '');
  const trial = await bench.hillock(['run', 'digits', '--out', `${file}/out`]);
  assert.is(trial.exitCode, 2);
  assert.is(trial.said, `cannot write ${file}/out/runs: a part of the path is a file, not a folder\n  choose another folder with --out\n`);
});

test('a report is refused without a document, and for a document of another schema', async () => {
  await refused(
    ['report', bench.path('empty')],
    `cannot read the result document ${bench.path('empty')}/result.json: there is no such file`,
  );
  bench.write('old/result.json', '{ "tool": "hillock", "version": "0.0.9", "schema": 0, "command": "hillock run digits", "results": [] }');
  await refused(
    ['report', bench.path('old')],
    `${bench.path('old')}/result.json has schema 0 (written by hillock 0.0.9), but this version reads schema 1\n  run it again: hillock run digits`,
  );
  bench.write('other/result.json', '{ "tool": "else" }');
  await refused(
    ['report', bench.path('other')],
    `${bench.path('other')}/result.json is not the result document of a run\n  make one with: hillock run`,
  );
});

test.run();
