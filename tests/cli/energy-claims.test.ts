import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openBench } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

test('run energy-claims prints both tables, the reference and who meets what', async () => {
  const { exitCode, stdout } = await bench.hillock(['run', 'energy-claims']);
  assert.is(exitCode, 0);
  assert.match(stdout, /^taox-hfox +1\.41 pJ +13\.1 fJ +2 pJ +3\.42 pJ \[/m);
  assert.match(stdout, /^dram +200 pJ +160 pJ +640 pJ/m);
  assert.match(stdout, /"under 10 fJ per update", cells and lines: 0 of \d+: none/);
  assert.match(stdout, /cells alone: hzo-fefet/);
});

test('--json is one document with a source for every figure', async () => {
  const { stdout } = await bench.hillock(['run', 'energy-claims', '--json']);
  const { ok, claims } = JSON.parse(stdout);
  assert.is(ok, true);
  assert.ok(claims.devices.every(({ sources }: { sources: Record<string, { source: string }> }) => sources.readHeat.source !== ''));
});

test('options that choose a network are refused by name, and check says that there is none', async () => {
  const refused = await bench.hillock(['run', 'energy-claims', '--chip', 'ideal', '--seeds', '3']);
  assert.is(refused.exitCode, 2);
  assert.match(refused.said, /--chip has nothing to choose in energy-claims/);
  assert.match(refused.said, /--seeds has nothing to choose/);
  const checked = await bench.hillock(['check', 'energy-claims']);
  assert.match(checked.said, /energy-claims is a table of devices and holds no network/);
  assert.match((await bench.hillock(['scenarios', 'list'])).stdout, /energy-claims/);
});

test.run();
