/** The page on what is exact stays true: its table of switches is that of the code, and the tests it points to exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SWITCHES } from '../../../chips/loihi-like/switches.ts';

const page = readFileSync('docs/loihi.md', 'utf8');

/** A table row without the padding that a formatter adds. */
const unpadded = (row: string): string => row.replace(/\s*\|\s*/g, '|').trim();

test('the table of switches is the one of the chip', () => {
  const rows = Object.entries(SWITCHES).map(
    ([name, { choices, meaning, reason }]) => `| \`${name}\` | ${choices[0]} | ${choices.slice(1).join(', ')} | ${meaning} | ${reason} |`,
  );
  const written = page.split('<!-- switches -->')[1].split('<!-- /switches -->')[0].trim().split('\n').slice(2);
  assert.equal(written.map(unpadded), rows.map(unpadded));
});

test('every file it points to is there', () => {
  const links = [...page.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, path]) => join('docs', path));
  assert.ok(links.length > 8);
  assert.equal(
    links.filter((path) => !existsSync(path)),
    [],
  );
});

test.run();
