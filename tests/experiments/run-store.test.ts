/** Files of runs on disk: what killed processes leave behind goes away, and nothing else. */
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRunStore, removeLeftovers, writeWhole } from '../../experiments/run-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'hillock-store-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

test('files that a killed process was writing go away once they are an hour old', () => {
  const twoHoursAgo = Date.now() / 1000 - 7200;
  for (const name of ['a.msgpack.host-7.unfinished', 'a.msgpack', 'b.checkpoint', 'b.checkpoint.host-8.unfinished']) {
    writeFileSync(join(folder, name), 'x');
    if (!name.includes('host-8')) utimesSync(join(folder, name), twoHoursAgo, twoHoursAgo);
  }
  removeLeftovers(folder);
  assert.equal(readdirSync(folder).sort(), ['a.msgpack', 'b.checkpoint', 'b.checkpoint.host-8.unfinished']);
  removeLeftovers(join(folder, 'absent'));
});

test('a file is written whole, and nothing stays beside it', () => {
  writeWhole(join(folder, 'new', 'file'), 'content');
  assert.equal(readdirSync(join(folder, 'new')), ['file']);
});

test('a checkpoint gives way to the outcome; a damaged file of either kind is none', async () => {
  const store = await openRunStore(join(folder, 'runs'));
  const key = '0'.repeat(64);
  store.writeCheckpoint(key, { done: 3, task: { weights: new Float64Array([1, 2]) }, wallSeconds: 1 });
  assert.equal(store.readCheckpoint(key), { done: 3, task: { weights: new Float64Array([1, 2]) }, wallSeconds: 1 });
  const [file] = readdirSync(store.directory);
  writeFileSync(join(store.directory, file), 'damaged');
  assert.match((store.readCheckpoint(key) as { problem: string }).problem, /is damaged$/);
  store.write(key, { wallSeconds: 2 } as Parameters<typeof store.write>[1]);
  assert.is(store.hasCheckpoint(key), false);
  assert.equal(store.read(key), { wallSeconds: 2 } as ReturnType<typeof store.read>);
  const [outcome] = readdirSync(store.directory);
  writeFileSync(join(store.directory, outcome), 'damaged');
  assert.is(store.read(key), undefined);
  assert.ok(existsSync(join(store.directory, outcome)));
});

test.run();
