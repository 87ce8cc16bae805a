/** A test that needs the shared folder runs when its file is there and is skipped, by name, when it is not. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openWorkshop } from './workshop.ts';

const source = `import { test } from 'uvu'; import * as assert from 'uvu/assert'; import { readFileSync } from 'node:fs';
  import { skipWithoutShared } from ${JSON.stringify(`${process.cwd()}/tests/support/skip-without.ts`)};
  test('always', () => assert.ok(true));
  skipWithoutShared(test, 'reads the trace', 'golden/trace.csv', (path) => assert.is(readFileSync(path, 'utf8'), '1,2'));
  test.run();`;

test('it runs with the file and is skipped visibly without', () => {
  const workshop = openWorkshop({ 'repo/a': '', 'tests/a.test.ts': source, 'elsewhere/golden/trace.csv': '1,2' });
  try {
    const without = workshop.node(['scripts/test.mjs']);
    assert.is(without.lastLine, '1 passed, 0 failed, 1 skipped');
    assert.match(without.stdout, /\n {6}skipped: reads the trace \(needs \.\.\/shared\/golden\/trace\.csv\)\n/);
    const withFile = workshop.node(['scripts/test.mjs'], { HILLOCK_SHARED: 'elsewhere' });
    assert.is(withFile.lastLine, '2 passed, 0 failed');
  } finally {
    workshop.remove();
  }
});

test.run();
