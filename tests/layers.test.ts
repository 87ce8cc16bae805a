/**
 * Holds the tree to the direction of imports (tests/support/layers.ts). The edges come from esbuild's metafile, in which type-only imports
 * have vanished: types may point anywhere, code may not.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { build, transformSync } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Edge } from './support/layers.ts';
import { DOORS, importCycles, offendingEdges } from './support/layers.ts';

const FOLDERS = ['core', 'chips', 'workers', 'formats', 'experiments', 'report', 'cli', 'scenarios'];

function sourceFiles(): string[] {
  const inFolders = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path).split(sep).join('/')),
  );
  return [...inFolders, 'index.ts', 'simulation.ts']
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && existsSync(path))
    .sort();
}

async function importEdges(files: readonly string[]): Promise<Edge[]> {
  const { metafile } = await build({
    entryPoints: [...files],
    outdir: 'build/unwritten',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
    imports.flatMap(({ path, external }) => {
      if (path === 'hillock') return [{ from, to: 'index.ts' }];
      return external ? [] : [{ from, to: path }];
    }),
  );
}

test('the tree keeps the direction of imports', async () => {
  const offences = offendingEdges(await importEdges(sourceFiles()));
  assert.is(offences.length, 0, `\n${offences.join('\n')}`);
});

test('every source file belongs to a layer', () => {
  const offences = offendingEdges(sourceFiles().map((file) => ({ from: file, to: file })));
  assert.is(offences.length, 0, `\n${offences.join('\n')}`);
});

test('no file imports itself by a detour', async () => {
  const cycles = importCycles(await importEdges(sourceFiles()));
  assert.is(cycles.length, 0, `\n${cycles.join('\n')}`);
});

test('scenarios import the package by its name, as a user does', async () => {
  const relative = sourceFiles()
    .filter((file) => file.startsWith('scenarios/'))
    .filter((file) => /(?:from|import\()\s*['"][./]*\/index\.ts['"]/.test(readFileSync(file, 'utf8')));
  assert.equal(relative, []);
});

test('index.ts exists only at the public doors', () => {
  const barrels = sourceFiles().filter((file) => /(^|\/)index\.ts$/.test(file) && !DOORS.includes(file));
  assert.equal(barrels, []);
});

/** Results are a function of the seed alone; the wall clock and the engine's own random numbers have no place where they are made. */
const FORBIDDEN: readonly { folders: readonly string[]; pattern: RegExp }[] = [
  { folders: ['core/', 'chips/', 'workers/', 'experiments/'], pattern: /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)/g },
  { folders: ['core/', 'chips/'], pattern: /\bperformance\.now\b/g },
];

function forbiddenUses(file: string, text: string): string[] {
  const code = transformSync(text, { loader: 'ts', legalComments: 'none' }).code;
  return FORBIDDEN.filter(({ folders }) => folders.some((folder) => file.startsWith(folder))).flatMap(({ pattern }) =>
    (code.match(pattern) ?? []).map((use) => `${file}: ${use}`),
  );
}

test('no result depends on the wall clock or on Math.random', () => {
  assert.equal(
    sourceFiles().flatMap((file) => forbiddenUses(file, readFileSync(file, 'utf8'))),
    [],
  );
});

test('a use of the clock is found in code and not in a comment', () => {
  assert.equal(forbiddenUses('core/a.ts', '// Math.random\nexport const now = Date.now();'), ['core/a.ts: Date.now']);
  assert.equal(forbiddenUses('core/a.ts', 'export const now = performance.now();'), ['core/a.ts: performance.now']);
  assert.equal(forbiddenUses('workers/a.ts', 'export const now = performance.now();'), []);
  assert.equal(forbiddenUses('cli/a.ts', 'export const now = Date.now();'), []);
});

const ALLOWED = [
  'core/check-options.ts -> core/errors.ts',
  'core/program/parse.ts -> core/program/scan.ts',
  'core/plan/build-plan.ts -> core/chip-contract.ts',
  'core/kernel/shard.ts -> core/plan/layout.ts',
  'core/kernel/shard.ts -> core/synapses/traces.ts',
  'chips/loihi-like/place.ts -> core/chip-contract.ts',
  'chips/ideal/ideal.ts -> core/lowering/population.ts',
  'workers/simulation.ts -> core/kernel/shard.ts',
  'experiments/train.ts -> chips/ideal/profile.ts',
  'cli/report.ts -> report/html.ts',
  'index.ts -> core/index.ts',
  'scenarios/digits.ts -> index.ts',
];

const REFUSED = [
  'core/errors.ts -> core/program/scan.ts',
  'core/units.ts -> core/chip-contract.ts',
  'core/synapses/traces.ts -> core/energy/estimate.ts',
  'core/neurons/lif.ts -> core/plasticity/rule.ts',
  'core/chip-contract.ts -> core/lowering/population.ts',
  'core/kernel/shard.ts -> core/neurons/lif.ts',
  'chips/ideal/place.ts -> chips/loihi-like/place.ts',
  'chips/ideal/place.ts -> core/plan/plan.ts',
  'chips/ideal/place.ts -> core/kernel/shard.ts',
  'workers/pool.ts -> chips/ideal/profile.ts',
  'formats/nir.ts -> core/plan/plan.ts',
  'core/network/network.ts -> core/index.ts',
  'experiments/train.ts -> report/html.ts',
  'report/html.ts -> cli/main.ts',
  'scenarios/digits.ts -> core/units.ts',
  'core/energy/estimate.ts -> tests/support/layers.ts',
  'core/stray.ts -> core/errors.ts',
];

const edge = (text: string): Edge => {
  const [from, to] = text.split(' -> ');
  return { from, to };
};

for (const text of ALLOWED) test(`the table allows ${text}`, () => assert.equal(offendingEdges([edge(text)]), []));
for (const text of REFUSED) test(`the table refuses ${text}`, () => assert.is(offendingEdges([edge(text)]).length, 1));

test('an offence names both files and the reason', () => {
  assert.equal(offendingEdges([edge('chips/ideal/place.ts -> chips/loihi-like/place.ts'), edge('core/units.ts -> core/plan/plan.ts')]), [
    'chips/ideal/place.ts -> chips/loihi-like/place.ts: chips/ideal/ (layer 8) may not import sideways from chips/loihi-like/',
    'core/units.ts -> core/plan/plan.ts: core/units.ts (layer 0) may import layers up to -1, not core/plan/ (layer 6)',
  ]);
});

test('a cycle is found and printed as a path', () => {
  assert.equal(importCycles(['a -> b', 'b -> c', 'c -> b', 'a -> c'].map(edge)), ['b -> c -> b']);
  assert.equal(importCycles(['a -> b', 'b -> c', 'a -> c'].map(edge)), []);
});

test.run();
