// time limit: 600 s
/** The rules that learn images, on all chips: what is promised for generated digits. Test images are never trained on. */
import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';

/** Least accuracy by chip, means over two seeds. */
const PROMISED = {
  'r-stdp': { ideal: 0.9, 'loihi-like': 0.88 },
  'r-stdp-conv': { ideal: 0.97, 'loihi-like': 0.96 },
  dfa: { ideal: 0.97, 'loihi-like': 0.96, 'memristor-crossbar': 0.85, 'memristor-crossbar:epiram': 0.95 },
  fa: { ideal: 0.97 },
  'sign-symmetric': { ideal: 0.97, 'loihi-like': 0.96 },
  drtp: { ideal: 0.97, 'loihi-like': 0.93 },
  ep: { ideal: 0.97, 'loihi-like': 0.97, 'memristor-crossbar:epiram': 0.95 },
  'c-ep': { ideal: 0.97, 'loihi-like': 0.96 },
  pc: { ideal: 0.97, 'loihi-like': 0.95, 'memristor-crossbar:epiram': 0.95 },
} as const;

for (const [rule, least] of Object.entries(PROMISED)) {
  test(`digits by ${rule}: ${JSON.stringify(least)}`, () => {
    const words = ['run', 'digits', '--rule', rule, '--chip', Object.keys(least).join(','), '--seeds', '2', '--json', '--progress', 'none'];
    const { stdout, status, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...words], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    assert.is(status, 0, `${stderr}${status === 0 ? '' : stdout.slice(0, 1000)}`);
    const { results } = JSON.parse(stdout) as ResultDocument;
    const bars = Object.values(least);
    for (const [n, { chip, accuracy, learningCost }] of results.entries()) {
      console.log(`digits by ${rule} on ${chip}: ${accuracy?.perSeed.join(', ')}`);
      assert.is(accuracy?.n, 2);
      assert.ok((accuracy?.mean ?? 0) >= bars[n], `${chip}: ${accuracy?.perSeed}`);
      assert.ok(learningCost.synapticUpdates > 10_000, 'it learned by changing synapses');
    }
  });
}

test.run();
