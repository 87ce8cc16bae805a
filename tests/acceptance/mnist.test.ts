// time limit: 900 s
/** Handwritten digits from reward alone, one plastic layer: what is promised for real images. First 5000 of MNIST's test images. */
import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { skipWithoutShared } from '../support/skip-without.ts';

skipWithoutShared(test, 'MNIST from reward alone reaches 0.84 in floating point and 0.82 in integers', 'data/mnist', (folder) => {
  const words = ['run', 'digits', '--data', folder, '--chip', 'ideal,loihi-like', '--seeds', '2', '--json', '--progress', 'none'];
  const { stdout, status, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...words], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  assert.is(status, 0, `${stderr}${status === 0 ? '' : stdout.slice(0, 1000)}`);
  const [ideal, loihi] = (JSON.parse(stdout) as ResultDocument).results;
  assert.ok(ideal.learningCost.samples >= 2 * 3 * 10_000);
  assert.ok((ideal.accuracy?.mean ?? 0) >= 0.84, `ideal ${ideal.accuracy?.perSeed}`);
  assert.ok((loihi.accuracy?.mean ?? 0) >= 0.82, `loihi-like ${loihi.accuracy?.perSeed}`);
});

test.run();
