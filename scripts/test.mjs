/**
 * `node scripts/test.mjs [part of a path ...] [--coverage]` runs the test files, each in a process of its own with a time limit (uvu has
 * none), two at a time. A file counts as failed when it says so, when it exits with an error, when it is still running at its limit, and
 * when it ends without uvu's closing summary (a throwing import, a promise that never settles, a forgotten `test.run()`).
 * The last line is exactly `N passed, N failed` or `N passed, N failed, N skipped`.
 *
 * The limit is HILLOCK_TEST_TIMEOUT seconds (120); a first line `// time limit: 300 s` in a test file raises it for that file.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, describeBuildError } from './bundle.mjs';
import { MEASURED, WORKERS } from './entries.mjs';
import { runTestFile, stopAll } from './test-file.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const AT_A_TIME = 2;
const COVERED = [
  'index.ts',
  'simulation.ts',
  'core/**',
  'chips/**',
  'workers/**',
  'formats/**',
  'experiments/**',
  'report/**',
  'cli/**',
  'scenarios/**',
];

async function main(args) {
  const unknown = args.filter((arg) => arg.startsWith('--') && arg !== '--coverage');
  if (unknown.length > 0) return refuse(`unknown option ${unknown.join(' ')}; there is --coverage, everything else selects test files`);
  const defaultLimit = Number(process.env.HILLOCK_TEST_TIMEOUT ?? 120);
  if (!(defaultLimit > 0)) return refuse(`HILLOCK_TEST_TIMEOUT is "${process.env.HILLOCK_TEST_TIMEOUT}"; it takes a number of seconds`);

  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const all = await findTests();
  const sources = wanted.length === 0 ? all : all.filter((path) => wanted.some((part) => path.includes(part)));
  if (sources.length === 0) return refuse(`no test file matches ${wanted.join(' ') || 'tests/**/*.test.ts'}`);

  const folder = join(root, 'build', `tests-${process.pid}`);
  const coverage = args.includes('--coverage') ? join(root, 'build', `coverage-${process.pid}`) : undefined;
  const clear = () => {
    for (const path of [folder, coverage]) if (path !== undefined) rmSync(path, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      stopAll();
      clear();
      process.exit(130);
    });
  }
  process.exitCode = 1;
  try {
    const tests = await buildTests(sources, folder, coverage !== undefined);
    const results = await runAll(tests, defaultLimit, coverage);
    if (coverage !== undefined) reportCoverage(coverage);
    close(results);
  } catch (error) {
    process.stdout.write(`the tests could not be built\n${await describeBuildError(error)}\n`);
    closingLine(0, 1, 0);
  } finally {
    clear();
  }
}

async function findTests() {
  if (!existsSync(join(root, 'tests'))) return [];
  const entries = await readdir(join(root, 'tests'), { recursive: true });
  return entries
    .map((path) => `tests/${path.split(sep).join('/')}`)
    .filter((path) => path.endsWith('.test.ts'))
    .sort();
}

/** Compiles the test files and the workers into one flat folder; returns what to run, in the order of `sources`. */
async function buildTests(sources, folder, keepUnused) {
  const named = sources.map((source) => ({ source, name: source.slice('tests/'.length, -'.ts'.length).replaceAll('/', '__') }));
  if (new Set(named.map(({ name }) => name)).size < named.length) throw new Error('two test files have the same path up to "/" and "__"');
  // A worker that is not written yet is no reason to fail: a test that starts it is refused by the bundler.
  const workers = Object.entries({ ...WORKERS, ...MEASURED }).filter(([, source]) => existsSync(join(root, source)));
  const entries = Object.fromEntries([...named.map(({ name, source }) => [name, source]), ...workers]);
  // For coverage a function that no test calls has to be there to be counted.
  const { files } = await bundle({ root, entries, outdir: folder, keepUnused });
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map(({ path, text }) => writeFile(join(folder, basename(path)), text)));
  return named.map(({ source, name }) => ({ source, file: join(folder, `${name}.js`) }));
}

async function runAll(tests, defaultLimit, coverage) {
  const env = { ...process.env };
  delete env.FORCE_COLOR;
  if (coverage !== undefined) env.NODE_V8_COVERAGE = coverage;
  const results = [];
  const queue = tests.values();
  const width = Math.max(...tests.map(({ source }) => source.length));
  const lane = async () => {
    for (const { source, file } of queue) {
      const [firstLine] = (await readFile(join(root, source), 'utf8')).split('\n', 1);
      const ownLimit = Number(/^\/\/ time limit: (\d+(?:\.\d+)?) s\s*$/.exec(firstLine)?.[1] ?? 0);
      const result = await runTestFile({ file, cwd: root, env, seconds: Math.max(defaultLimit, ownLimit) });
      results.push(result);
      print(source.padEnd(width), result);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return results;
}

function print(source, { passed, failed, skipped, skips, seconds, complaint, output }) {
  const counts = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`].filter(Boolean).join(', ');
  const lines = [`${failed > 0 ? 'FAIL' : 'ok  '}  ${source}  ${seconds.toFixed(1).padStart(5)} s  ${counts}`];
  if (complaint !== undefined) lines.push(`      ${complaint}`);
  lines.push(...skips.map((line) => `      ${line}`));
  if (skipped > skips.length) lines.push(`      skipped: ${skipped - skips.length} more, without a name`);
  if (failed > 0) lines.push('', output.trimEnd().replace(/^(?=.)/gm, '    '), '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

function reportCoverage(folder) {
  const c8 = join(dirname(createRequire(import.meta.url).resolve('c8/package.json')), 'bin/c8.js');
  const options = [
    '--temp-directory',
    folder,
    '--reports-dir',
    'coverage',
    '--reporter',
    'text-summary',
    '--reporter',
    'html',
    '--reporter',
    'lcov',
  ];
  // c8 asks about a source once by its path and once by its file URL; a pattern that begins with `**/` fits both.
  const scope = ['--exclude-after-remap', '--exclude', '**/tests/**', ...COVERED.flatMap((pattern) => ['--include', `**/${pattern}`])];
  const { status } = spawnSync(process.execPath, [c8, 'report', ...options, ...scope], { cwd: root, stdio: ['ignore', 1, 2] });
  if (status !== 0) process.stderr.write('the coverage report could not be written; c8 says why above\n');
}

function close(results) {
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  if (sum('passed') + sum('failed') === 0) process.stdout.write('no test ran\n');
  if (sum('passed') > 0 && sum('failed') === 0) process.exitCode = 0;
  closingLine(sum('passed'), sum('failed'), sum('skipped'));
}

function closingLine(passed, failed, skipped) {
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
}

function refuse(sentence) {
  process.exitCode = 1;
  process.stdout.write(`${sentence}\n`);
  closingLine(0, 0, 0);
}

await main(process.argv.slice(2));
