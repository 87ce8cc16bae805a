/** `compare` from the command line, on small amounts of generated digits. */
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { openBench, withoutTimes } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

const SMALL = ['compare', 'digits', '--train', '40', '--test', '40', '--epochs', '1'];

async function document(words: readonly string[]): Promise<ResultDocument> {
  const { stdout, stderr, exitCode } = await bench.hillock([...words, '--json']);
  assert.is(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test('--json gives one document, with the difference, the ablation and the diagnosis of every chip that has limits', async () => {
  const words = [...SMALL, '--chip', 'ideal,loihi-like,memristor-crossbar', '--seeds', '2', '--ablate', '--diagnose'];
  const found = await document(words);
  assert.is(found.verb, 'compare');
  assert.is(found.ok, true);
  assert.equal(
    found.results.map(({ chip }) => chip),
    ['ideal', 'loihi-like', 'memristor-crossbar'],
  );
  const [ideal, ...others] = found.results;
  assert.equal([ideal.difference, ideal.ablation], [undefined, undefined]);
  for (const { chip, accuracy, difference, ablation } of others) {
    if (!accuracy || !difference || !ablation) throw new Error(`${chip} has no comparison`);
    assert.is(accuracy.n, 2);
    assert.is(difference.n, 2);
    assert.is(difference.ci95?.length, 2);
    assert.ok((difference.p ?? 0) <= (difference.pHolm ?? 1));
    assert.ok(Math.abs(accuracy.mean - (ideal.accuracy?.mean ?? 0) - difference.mean) < 1e-12);
    assert.is(ablation.effects[0].name, 'rest');
    for (const { name, delta, n } of ablation.effects) {
      assert.is(n, 2, name);
      assert.is(delta.ci95?.length, 2, name);
    }
    assert.ok(Math.abs(sum(ablation.effects.map(({ delta }) => delta.mean)) - ablation.total.mean) < 1e-12);
  }
  for (const { chip, diagnosis } of found.results) {
    const [layer] = diagnosis?.layers ?? [];
    assert.is(layer?.projection, 'pixels-answers', chip);
    for (const figure of [layer.angleDegrees, layer.lostShare, layer.saturatedShare, layer.activity.post.hertz]) {
      assert.is(figure?.ci95?.length, 2, chip);
    }
    assert.ok((diagnosis?.verdict.length ?? 0) > 0);
  }
  assert.is(
    found.command,
    `hillock ${words.slice(0, 2).join(' ')} --chip ideal,loihi-like,memristor-crossbar --seeds 2 --seed 1 --train 40 --test 40 --epochs 1 --ablate --diagnose`,
  );
  assert.equal(withoutTimes(await document(found.command.split(' ').slice(1))), withoutTimes(found));
});

test('without --json a table, sentences and a waterfall of bars; the report is drawn; with --resume nothing is run again', async () => {
  const out = bench.path('text');
  const words = [...SMALL, '--chip', 'ideal,memristor-crossbar', '--seeds', '2', '--ablate', 'both', '--diagnose', '--out', out];
  const { stdout, exitCode, stderr } = await bench.hillock(words);
  assert.is(exitCode, 0, stderr);
  assert.match(stdout, /^chip +accuracy \(95 % CI\) +difference, points \(95 % CI\) +p \(Holm\) +energy\/update\nideal +0\.\d{3} /);
  assert.match(
    stdout,
    /\nmemristor-crossbar against ideal: 2 seeds [^\n]+\n\nfrom ideal to memristor-crossbar, one effect after another\n/,
  );
  assert.match(stdout, /\neffect +points \(95 % CI\) +alone +last on\nrest +/);
  assert.match(stdout, /\ncycle-to-cycle +[+-]?\d+\.\d \[[+-]?\d+\.\d, [+-]?\d+\.\d\] /);
  assert.match(stdout, /\ntotal +[+-]?\d+\.\d \[/);
  assert.match(stdout, / [#+]{30}\n/);
  assert.match(stdout, /\nweight changes on memristor-crossbar, 40 samples of each run\nlayer +angle to the ideal change +/);
  assert.match(stdout, /\npixels-answers +\d+° .* %\n- /);
  assert.match(readFileSync(`${out}/report.html`, 'utf8'), /<h2[^>]*>Why it got worse<\/h2>/);
  const runs = readdirSync(`${out}/runs`).length;
  const again = await bench.hillock([...words, '--resume']);
  assert.is(again.stdout, stdout);
  assert.is(readdirSync(`${out}/runs`).length, runs);
});

test('a comparison without --ablate runs the chips alone, three seeds of all chips unless told otherwise', async () => {
  const found = await document(SMALL);
  assert.is(found.seeds, 3);
  assert.equal(
    found.results.map(({ chip, ablation }) => [chip, ablation]),
    [
      ['ideal', undefined],
      ['loihi-like', undefined],
      ['memristor-crossbar', undefined],
    ],
  );
});

test('one seed has differences and no intervals, and says so', async () => {
  const { stdout } = await bench.hillock([...SMALL, '--chip', 'ideal,loihi-like', '--seeds', '1', '--out', bench.path('one')]);
  assert.match(stdout, /loihi-like against ideal: 1 seed says nothing about \S+ points: give --seeds 2 or more\n/);
});

test('what makes no sense is refused, with everything else that is wrong', async () => {
  const refused = async (words: readonly string[], said: string): Promise<void> => {
    const { stdout, stderr, exitCode } = await bench.hillock(words);
    assert.equal([stdout, stderr, exitCode], ['', said, 2]);
  };
  await refused(
    ['compare', 'digits', '--ablate', 'all', '--seeds', '0'],
    '--ablate is "all", but must be one of both, shapley\n--seeds is 0, but must be a whole number from 1 to 1000\n',
  );
  await refused(
    ['compare', 'stdp-window', '--ablate', '--out', bench.path('window')],
    'stdp-window has no score, so there is no loss to divide among effects\n',
  );
});

test.run();
