/** The table of results, the bar, and the words of errors, from small values. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Terminal } from '../../cli/answer.ts';
import { commaList, shellWord, wholeNumber } from '../../cli/option-values.ts';
import { errorAnswer } from '../../cli/print-error.ts';
import { barText, createProgress } from '../../cli/progress.ts';
import { resultTable, textTable } from '../../cli/table.ts';
import type { Problem } from '../../core/errors.ts';
import { InternalError, UserError } from '../../core/errors.ts';
import type { ChipResult, ResultDocument } from '../../experiments/result.ts';

const none = { value: 0, lo: 0, hi: 0 };
const noEnergy: ChipResult['energy'] = {
  perUpdate: null,
  perSynapticEvent: null,
  perSample: null,
  parts: { running: none, learning: none, static: none },
  total: none,
  breakdown: [],
  missing: [],
};

function documentOf(results: readonly Partial<ChipResult>[]): ResultDocument {
  const whole = results.map((result) => ({ accuracy: null, window: null, energy: noEnergy, ...result }));
  return { results: whole } as unknown as ResultDocument;
}

const cost = (synapticUpdates: number): ChipResult['learningCost'] => ({ synapticUpdates }) as ChipResult['learningCost'];
const accuracy = (mean: number, ci95: [number, number] | null): ChipResult['accuracy'] => ({ mean, ci95, n: 3, perSeed: [] });

test('the table of results has accuracy, updates, energy with its range, and the difference to ideal', () => {
  const priced: ChipResult['energy'] = {
    ...noEnergy,
    perUpdate: { value: 1.2e-10, lo: 9e-11, hi: 1.6e-10, unit: 'J' },
    total: { value: 3e-6, lo: 1e-6, hi: 9e-6 },
    breakdown: [{} as ChipResult['energy']['breakdown'][number]],
    missing: [],
  };
  const text = resultTable(
    documentOf([
      { chip: 'ideal', accuracy: accuracy(0.91, [0.89, 0.93]), learningCost: cost(1_840_000) },
      { chip: 'loihi-like', accuracy: accuracy(0.88, null), learningCost: cost(950), energy: priced },
      { chip: 'bound', accuracy: accuracy(0.92, null), learningCost: cost(0), energy: { ...priced, missing: ['neuronSpike'] } },
    ]),
  );
  assert.is(
    text,
    [
      'chip        accuracy (95 % CI)    updates  energy/update              total   vs ideal',
      'ideal       0.910 [0.890, 0.930]  1.84 M   -                          -       -',
      'loihi-like  0.880                 950      120 pJ  [90 pJ, 160 pJ]    3 uJ    -0.030',
      'bound       0.920                 0        > 120 pJ  [90 pJ, 160 pJ]  > 3 uJ  +0.010',
      '',
    ].join('\n'),
  );
});

test('columns without a figure are left out; a window is held against its closed form', () => {
  const window = { deltaT: [0, 1], deltaW: [0.4, -0.21], sd: [0, 0], n: 1, expected: [0.5, -0.2] };
  assert.is(
    resultTable(documentOf([{ chip: 'ideal', learningCost: cost(2), window }])),
    'chip   off closed form  updates\nideal  20 %             2\n',
  );
});

test('a header is dimmed only where there are colours', () => {
  assert.is(textTable(['a', 'b'], [['1', '22']]), 'a  b\n1  22\n');
  assert.is(textTable(['a', 'b'], [['1', '22']], true), '\u001b[2ma  b\u001b[22m\n1  22\n');
});

const progress = { chip: 'ideal', seed: 2, done: 30, total: 60, runsDone: 1, runs: 3, each: [] };

test('the bar says chip, seed, share, runs and the time left', () => {
  assert.is(barText(progress, 12), 'ideal seed 2  ██████████──────────  50 %  1 of 3 runs  12 s left');
  assert.is(barText({ ...progress, done: 0, total: 0 }, 12), 'ideal seed 2  ────────────────────   0 %  1 of 3 runs');
  assert.match(barText({ ...progress, done: 6 }, 30), / {2}4 min 30 s left$/);
});

test('nothing is drawn in the first second; then one line is redrawn and cleared at the end', () => {
  const pieces: string[] = [];
  const terminal = { write: (text: string) => void pieces.push(text), isInteractive: true, columns: 40 } as unknown as Terminal;
  let time = 0;
  const bar = createProgress('auto', terminal, () => time);
  time = 999;
  bar.show(progress);
  assert.equal(pieces, []);
  time = 2000;
  bar.show(progress);
  bar.clear();
  bar.clear();
  assert.is(pieces.length, 2);
  assert.is(pieces[0].length, '\r\u001b[K'.length + 39);
  assert.is(pieces[1], '\r\u001b[K');
});

test('auto draws nothing where stderr is no terminal; lines do not repeat themselves', () => {
  const pieces: string[] = [];
  const terminal = { write: (text: string) => void pieces.push(text), isInteractive: false, columns: 80 } as unknown as Terminal;
  createProgress('auto', terminal, () => 1e6).show(progress);
  createProgress('none', terminal, () => 1e6).show(progress);
  assert.equal(pieces, []);
  const lines = createProgress('ndjson', terminal);
  lines.show(progress);
  lines.show(progress);
  assert.equal(pieces, ['{"event":"progress","chip":"ideal","seed":2,"done":30,"total":60,"runsDone":1,"runs":3}\n']);
});

test('an error of ours is one sentence, with its stack only on request', () => {
  const quiet = errorAnswer(new TypeError('x is not\na function'), 'run', { json: false, debug: false });
  assert.equal(quiet, { stdout: '', stderr: 'hillock failed: x is not\n  run again with --debug to see where\n', exitCode: 1 });
  const ours = errorAnswer(new InternalError('no shard'), 'run', { json: false, debug: false });
  assert.match(ours.stderr, /^no shard \(this is a bug in hillock; please report it\)\n/);
  assert.match(errorAnswer(new Error('x'), 'run', { json: false, debug: true }).stderr, /\n {4}at /);
});

test('the exit code is the one the error carries', () => {
  const problem = { code: 'E-X', message: 'x' };
  assert.is(errorAnswer(new UserError(problem, 130), 'run', { json: true, debug: false }).exitCode, 130);
  assert.is(errorAnswer(new UserError(problem), 'run', { json: false, debug: false }).exitCode, 2);
});

test('whole numbers are written in decimal digits, within their bounds', () => {
  const problems: Problem[] = [];
  const read = (text: string): number | undefined => wholeNumber('--n', text, { min: 1, max: 10 }, problems);
  assert.equal(['1', '10', ' 7 ', '+3'].map(read), [1, 10, 7, 3]);
  assert.equal(problems, []);
  assert.equal(['0', '11', '1e1', '0x5', '', 'NaN', '5.0', '99999999999999999999'].map(read), new Array(8).fill(undefined));
  assert.is(problems.length, 8);
});

test('a list between commas has no empty and no repeated parts', () => {
  const problems: Problem[] = [];
  assert.equal(commaList('--chip', 'a, b:c', 'chip', problems), ['a', 'b:c']);
  assert.is(problems.length, 0);
  for (const text of ['', 'a,', ',a', 'a,,b', 'a,b,a']) commaList('--chip', text, 'chip', problems);
  assert.is(problems.length, 5);
});

test('a word is quoted when a shell would take it apart', () => {
  assert.equal(['out/a-b.json', 'a b', "it's", ''].map(shellWord), ['out/a-b.json', "'a b'", "'it'\\''s'", "''"]);
});

test.run();
