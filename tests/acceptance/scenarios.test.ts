// time limit: 240 s
/** What the shipped scenarios promise, run as a user runs them: the built command line in a process of its own. */
import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';

function hillock(...words: string[]): ResultDocument {
  const { stdout, status, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...words, '--json', '--progress', 'none'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  assert.is(status, 0, stderr);
  return JSON.parse(stdout) as ResultDocument;
}

test('the bandit is solved by 5 of 5 seeds although its reward comes 500 ms late', () => {
  const { results } = hillock('run', 'reward-choice', '--chip', 'ideal', '--seeds', '5');
  const { perSeed } = results[0].accuracy ?? { perSeed: [] };
  assert.is(perSeed.length, 5);
  for (const share of perSeed) assert.ok(share >= 0.95, `${share} of the last 300 trials`);
});

test('exclusive or in time: at least 0.95 for each of five seeds on every chip, from the same spikes in every case', () => {
  const { results } = hillock('run', 'xor-temporal', '--chip', 'ideal,loihi-like,memristor-crossbar', '--seeds', '5');
  for (const { chip, accuracy } of results) {
    assert.is(accuracy?.perSeed.length, 5);
    for (const share of accuracy?.perSeed ?? []) assert.ok(share >= 0.95, `${chip}: ${share} of the last 300 trials`);
  }
});

test('the shipped digits leave room to tell chips apart: ideal ends between 0.90 and 0.98', () => {
  const { results } = hillock('run', 'digits', '--chip', 'ideal', '--seeds', '2');
  const mean = results[0].accuracy?.mean ?? 0;
  assert.ok(mean > 0.9 && mean < 0.98, String(mean));
});

test.run();
