import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from '../support/workshop.ts';
import { openWorkshop } from '../support/workshop.ts';

/** Runs the script beside a package whose report is given here. */
function golden(report: string, args: readonly string[] = [], env: Record<string, string> = {}): Outcome {
  const workshop = openWorkshop({ 'dist/index.js': `export const goldenReport = (folder) => { ${report} };` }, { packages: false });
  try {
    return workshop.node(['scripts/golden.mjs', ...args], env);
  } finally {
    workshop.remove();
  }
}

test('the folder comes from HILLOCK_GOLDEN, and success is exit 0', () => {
  const { code, stdout } = golden('return { lines: [folder, "2 passed, 0 failed"], ok: true };', [], { HILLOCK_GOLDEN: 'some/folder' });
  assert.is(code, 0);
  assert.is(stdout, 'some/folder\n2 passed, 0 failed\n');
});

test('a failed case is exit 1', () => {
  const { code, lastLine } = golden('return { lines: ["FAIL  x", "1 passed, 1 failed"], ok: false };', ['folder'], { HILLOCK_GOLDEN: '' });
  assert.equal([code, lastLine], [1, '1 passed, 1 failed']);
});

test('a folder that cannot be read ends in words and exit 1', () => {
  const { code, stderr, lastLine } = golden('throw new Error(folder + ": there is no such folder");', ['gone'], { HILLOCK_GOLDEN: '' });
  assert.equal([code, stderr, lastLine], [1, 'golden: gone: there is no such folder\n', '0 passed, 0 failed']);
});

test.run();
