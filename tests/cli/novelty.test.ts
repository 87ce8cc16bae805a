// time limit: 240 s
/** `hillock run novelty` and what else takes it, on small amounts of generated digits. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { openBench, withoutTimes } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

const SMALL = ['novelty', '--train', '40', '--test', '20', '--epochs', '1'];
const CHIPS = ['--chip', 'ideal,loihi-like,memristor-crossbar:epiram'];

async function document(words: readonly string[]): Promise<ResultDocument> {
  const { stdout, stderr, exitCode } = await bench.hillock([...words, '--json']);
  assert.is(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

if (availableParallelism() < 2) {
  test.skip('one thread and two give the same document');
  console.log('skipped: one thread and two give the same document (this machine has one core)');
} else {
  test('one thread and two give the same document, on every chip', async () => {
    const words = ['run', ...SMALL, ...CHIPS, '--seeds', '2'];
    const one = await document([...words, '--threads', '1']);
    const two = await document([...words, '--threads', '2']);
    assert.equal(withoutTimes(two), withoutTimes(one));
    assert.equal(
      one.results.map(({ novelty }) => novelty?.heldOut),
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
    );
    for (const { accuracy, novelty, toGoal, confusion } of one.results) {
      assert.equal(accuracy?.perSeed, novelty?.after.area?.perSeed);
      assert.equal([toGoal, confusion], [undefined, null]);
    }
    // the command of the document repeats it
    assert.equal(withoutTimes(await document(one.command.split(' ').slice(1))), withoutTimes(one));
  });
}

test('the table names the score, the class that was held out and the errors before and after', async () => {
  const out = bench.path('table');
  const { stdout, stderr, exitCode } = await bench.hillock(['run', ...SMALL, '--held-out', '7', '--out', out]);
  assert.is(exitCode, 0, stderr);
  const [header, ideal] = stdout.trimEnd().split('\n');
  assert.match(
    header,
    /^chip +area under the curve \(95 % CI\) +held out +error spikes per image: known, held out +squared error +updates$/,
  );
  assert.match(ideal, /^ideal +[01]\.\d{3} +7 +\d+ to \d+, \d+ to \d+ +0\.\d{4} to 0\.\d{4} +\S+ k$/);
  assert.match(JSON.parse(readFileSync(`${out}/result.json`, 'utf8')).command, / --held-out 7 /);
  const report = readFileSync(`${out}/report.html`, 'utf8');
  for (const text of ['What the network does not expect', 'each latent value alone', 'Area under the curve']) {
    assert.ok(report.includes(text), text);
  }
});

test('chips are compared by the area, seed by seed, and taken apart', async () => {
  const found = await document(['compare', ...SMALL, '--chip', 'ideal,loihi-like', '--seeds', '2', '--ablate']);
  const [ideal, other] = found.results;
  const [a, b] = [ideal.accuracy?.perSeed ?? [], other.accuracy?.perSeed ?? []];
  assert.ok(Math.abs((other.difference?.mean ?? Number.NaN) - (b[0] - a[0] + b[1] - a[1]) / 2) < 1e-12);
  const total = (other.ablation?.effects ?? []).reduce((sum, { delta }) => sum + delta.mean, 0);
  assert.ok(Math.abs(total - (other.ablation?.total.mean ?? Number.NaN)) < 1e-12);
  const { stdout } = await bench.hillock([
    'compare',
    ...SMALL,
    '--chip',
    'ideal,loihi-like',
    '--seeds',
    '2',
    '--out',
    bench.path('compared'),
  ]);
  assert.match(stdout, /^chip +area under the curve \(95 % CI\) +difference, points/);
});

test('a sweep takes it, and the test is repeated after pauses', async () => {
  const folder = bench.path('sweep');
  const plan = ['plan', ...SMALL, '--held-out', '7', '--vary', 'hidden=4,12', '--seeds', '1', '--out', folder];
  for (const words of [plan, ['run', folder]]) assert.is((await bench.hillock(['sweep', ...words])).exitCode, 0, words[0]);
  const swept = await document(['sweep', 'merge', folder]);
  assert.is(swept.sweep?.settings.length, 2);
  for (const { accuracy } of swept.sweep?.settings ?? []) assert.is(accuracy?.n, 1);
  const later = await document(['run', ...SMALL, '--chip', 'memristor-crossbar:pcm', '--after', '1 h,1 day']);
  assert.equal(
    later.results[0].later?.map(({ after, accuracy }) => [after, typeof accuracy?.mean]),
    [
      ['1 h', 'number'],
      ['1 day', 'number'],
    ],
  );
});

test('it is listed, shown and checked', async () => {
  assert.match((await bench.hillock(['scenarios'])).stdout, /^novelty .*error spikes.* pc$/m);
  assert.match((await bench.hillock(['scenarios', 'show', 'novelty'])).stdout, /anomaly-detection/);
  const { stdout, exitCode } = await bench.hillock(['check', 'novelty', ...CHIPS]);
  assert.is(exitCode, 0);
  assert.match(stdout, /W-LOIHI-GRADED-SIGNS +projection feedback/);
});

test.run();
