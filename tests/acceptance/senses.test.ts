// time limit: 600 s
/** Spoken digits and an event camera: real recordings through the same circuits. Test recordings are never trained on. */
import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { skipWithoutShared } from '../support/skip-without.ts';

function accuracies(...words: string[]): number[] {
  const { stdout, status, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...words, '--json', '--progress', 'none'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  assert.is(status, 0, stderr);
  const found = (JSON.parse(stdout) as ResultDocument).results.map(({ accuracy }) => accuracy?.mean ?? 0);
  console.log(`${words.slice(0, 4).join(' ')}: ${found.join(', ')}`);
  return found;
}

skipWithoutShared(test, 'spoken digits by dfa: at least 0.93 on ideal and loihi-like', 'data/free-spoken-digits', (folder) => {
  const found = accuracies(
    'run',
    'spoken-digits',
    '--rule',
    'dfa',
    '--data',
    folder,
    '--chip',
    'ideal,loihi-like',
    '--hidden',
    '200',
    '--epochs',
    '3',
  );
  for (const accuracy of found) assert.ok(accuracy >= 0.93, `${accuracy} of 300`);
});

skipWithoutShared(test, 'events of a camera by dfa: 503 recordings teach more than half of 52 others', 'data/nmnist-small', (folder) => {
  const found = accuracies('run', 'nmnist', '--rule', 'dfa', '--data', folder, '--chip', 'ideal,loihi-like', '--hidden', '200');
  for (const accuracy of found) assert.ok(accuracy > 0.5, `${accuracy} of 52, where chance is 0.1`);
});

test.run();
