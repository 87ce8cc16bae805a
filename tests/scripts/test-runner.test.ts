/** The test runner reports every way in which a test file can go wrong, and never takes silence for success. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from '../support/workshop.ts';
import { openWorkshop } from '../support/workshop.ts';

const head = `import { test, suite } from 'uvu'; import * as assert from 'uvu/assert';\n`;
const passing = `${head}test('holds', () => assert.is(1, 1)); test.run();`;

/** Runs the runner over a project of these test files. */
function run(tests: Record<string, string>, args: readonly string[] = [], env: Record<string, string> = {}): Outcome {
  const files = Object.fromEntries(Object.entries(tests).map(([name, text]) => [`tests/${name}.test.ts`, text]));
  const workshop = openWorkshop(files);
  try {
    return workshop.node(['scripts/test.mjs', ...args], env);
  } finally {
    workshop.remove();
  }
}

test('a passing file is one line, and the closing line counts it', () => {
  const { code, stdout, lastLine } = run({ 'core/good': passing });
  assert.is(code, 0);
  assert.is(lastLine, '1 passed, 0 failed');
  assert.match(stdout, /^ok {4}tests\/core\/good\.test\.ts +\d+\.\d s {2}1 passed\n\n1 passed/);
});

test('a failing test fails the run, is counted beside its passing neighbour, and its output is shown with the place in the source', () => {
  const { code, stdout, lastLine } = run({
    bad: `${head}test('holds', () => assert.ok(true));\ntest('two is three', () => assert.is(2, 3));\ntest.run();`,
  });
  assert.is(code, 1);
  assert.is(lastLine, '1 passed, 1 failed');
  assert.match(stdout, /FAIL {2}tests\/bad\.test\.ts/);
  assert.match(stdout, /two is three/);
  assert.match(stdout, /tests\/bad\.test\.ts:3/);
});

test('a file that hangs is stopped at the limit', () => {
  const { code, stdout, lastLine } = run(
    { hangs: `${head}test('waits', () => new Promise(() => setInterval(() => {}, 1000))); test.run();`, good: passing },
    [],
    { HILLOCK_TEST_TIMEOUT: '1' },
  );
  assert.is(code, 1);
  assert.is(lastLine, '1 passed, 1 failed');
  assert.match(stdout, /still running after 1 s; stopped/);
});

test('a busy loop, which no signal handler would hear, is stopped too', () => {
  const { stdout, lastLine } = run({ busy: `${head}test('spins', () => { for (;;); }); test.run();` }, [], { HILLOCK_TEST_TIMEOUT: '1' });
  assert.is(lastLine, '0 passed, 1 failed');
  assert.match(stdout, /still running after 1 s; stopped/);
});

test('what a stopped file had started is stopped with it', () => {
  const child = `setInterval(() => require('node:fs').writeFileSync('alive', String(process.pid)), 50)`;
  const workshop = openWorkshop({
    'tests/parent.test.ts': `${head}import { spawn } from 'node:child_process';
      test('starts another', () => { spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' }); return new Promise(() => {}); });
      test.run();`,
  });
  try {
    assert.is(workshop.node(['scripts/test.mjs'], { HILLOCK_TEST_TIMEOUT: '1.5' }).lastLine, '0 passed, 1 failed');
    assert.ok(existsSync(join(workshop.folder, 'alive')), 'the child ran');
    const pid = Number(readFileSync(join(workshop.folder, 'alive'), 'utf8'));
    // a process that was killed closes its files a moment before it is gone
    for (let waits = 0; waits < 100 && isRunning(pid); waits++) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    assert.not(isRunning(pid));
  } finally {
    workshop.remove();
  }
});

/** Whether a process exists and is more than the remains of one that nobody has collected. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc/self/stat') || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // gone, perhaps between the two lines
  }
}

test('a file that is kept alive after its tests have ended fails', () => {
  const { stdout, lastLine } = run({ open: `${passing}\nsetInterval(() => {}, 1000);` }, [], { HILLOCK_TEST_TIMEOUT: '1' });
  assert.is(lastLine, '1 passed, 1 failed');
  assert.match(stdout, /although its tests had ended: something keeps it alive/);
});

test('a first line may raise the limit of its file', () => {
  const slow = `// time limit: 30 s\n${head}test('takes its time', () => new Promise((done) => setTimeout(done, 1000))); test.run();`;
  assert.is(run({ slow }, [], { HILLOCK_TEST_TIMEOUT: '0.7' }).lastLine, '1 passed, 0 failed');
});

test('a file that throws while it is imported fails', () => {
  const { code, stdout, lastLine } = run({ throws: `${head}throw new Error('at import'); test.run();` });
  assert.is(code, 1);
  assert.is(lastLine, '0 passed, 1 failed');
  assert.match(stdout, /ended without a summary \(exit 1\)/);
  assert.match(stdout, /at import/);
});

test('a promise that never settles fails its file', () => {
  const { code, stdout, lastLine } = run({ never: `${head}test('waits', () => new Promise(() => {})); test.run();` });
  assert.is(code, 1);
  assert.is(lastLine, '0 passed, 1 failed');
  assert.match(stdout, /ended without a summary/);
});

test('a file that forgets test.run() fails', () => {
  assert.is(run({ forgets: `${head}test('never runs', () => assert.unreachable());` }).lastLine, '0 passed, 1 failed');
});

test('a file without a test fails', () => {
  const { stdout, lastLine } = run({ empty: `${head}test.run();` });
  assert.is(lastLine, '0 passed, 1 failed');
  assert.match(stdout, /contains no test/);
});

test('a before hook that throws fails the tests it kept from running', () => {
  const { code, stdout, lastLine } = run({
    hook: `${head}test.before(() => { throw new Error('no'); }); test('a', () => {}); test('b', () => {}); test.run();`,
  });
  assert.is(code, 1);
  assert.is(lastLine, '0 passed, 2 failed');
  assert.match(stdout, /2 of 2 tests did not run/);
});

test('a file that passes its tests and then exits with an error fails', () => {
  const { stdout, lastLine } = run({ late: `${passing}\nprocess.on('exit', () => { process.exitCode = 3; });` });
  assert.is(lastLine, '1 passed, 1 failed');
  assert.match(stdout, /its tests passed, but it ended with exit 3/);
});

test('a skipped test is shown by name and counted', () => {
  const { code, stdout, lastLine } = run({
    skips: `${passing}\nconst rest = suite('rest'); rest.skip('later'); console.log('skipped: later (needs ../shared/x)'); rest.run();`,
  });
  assert.is(code, 0);
  assert.is(lastLine, '1 passed, 0 failed, 1 skipped');
  assert.match(stdout, /skipped: later \(needs \.\.\/shared\/x\)/);
});

test('a skip without a name is still visible', () => {
  const { stdout, lastLine } = run({ skips: `${passing}\nconst rest = suite('rest'); rest.skip(); rest.run();` });
  assert.is(lastLine, '1 passed, 0 failed, 1 skipped');
  assert.match(stdout, /skipped: 1 more, without a name/);
});

test('arguments select files by a part of their path', () => {
  assert.is(run({ 'core/a': passing, 'core/b': passing, 'cli/c': passing }, ['core/']).lastLine, '2 passed, 0 failed');
});

test('a run in which no test ran fails', () => {
  const nothing = run({ a: passing }, ['absent']);
  assert.is(nothing.code, 1);
  assert.is(nothing.lastLine, '0 passed, 0 failed');
  const onlySkips = run({ a: `${head}test.skip('x'); test.run();` });
  assert.is(onlySkips.code, 1);
  assert.is(onlySkips.lastLine, '0 passed, 0 failed, 1 skipped');
});

test('a test that does not compile fails the run with the compiler message', () => {
  const { code, stdout, lastLine } = run({ broken: 'const = 1;' });
  assert.is(code, 1);
  assert.is(lastLine, '0 passed, 1 failed');
  assert.match(stdout, /tests\/broken\.test\.ts:1:6/);
});

/** Text of the expression that finds a worker, put together here so that it is not taken for one of this file's own. */
const startUrl = (name: string): string => `new URL('./${name}.js', import.meta.url)`;

test('a worker that has no entry point is refused when the tests are built', () => {
  const { stdout, lastLine } = run({ orphan: `${passing}\nexport const where = () => ${startUrl('orphan-worker')};\nconsole.log(where);` });
  assert.is(lastLine, '0 passed, 1 failed');
  assert.match(stdout, /"\.\/orphan-worker\.js" by its URL, but no entry point makes that file: add a row to scripts\/entries\.mjs/);
});

test('a worker lies beside the test that starts it', () => {
  const workshop = openWorkshop({
    'scripts/entries.mjs': `export const DOORS = {}; export const MEASURED = {}; export const WORKERS = { 'echo-worker': 'workers/echo.ts' };`,
    'workers/echo.ts': `import { parentPort } from 'node:worker_threads'; import { answer } from './shared.ts'; parentPort!.postMessage(answer);`,
    'workers/shared.ts': `export const answer = 42; export const where = () => ${startUrl('echo-worker')};`,
    'tests/worker.test.ts': `${head}import { Worker } from 'node:worker_threads'; import { where, answer } from '../workers/shared.ts';
      test('answers', async () => { const got = await new Promise((done) => new Worker(where()).once('message', done)); assert.is(got, answer); });
      test.run();`,
  });
  try {
    assert.is(workshop.node(['scripts/test.mjs']).lastLine, '1 passed, 0 failed');
  } finally {
    workshop.remove();
  }
});

test('nothing is left in the build folder', () => {
  const workshop = openWorkshop({ 'tests/a.test.ts': passing });
  try {
    workshop.node(['scripts/test.mjs']);
    assert.equal(readdirSync(join(workshop.folder, 'build')), []);
  } finally {
    workshop.remove();
  }
});

test.run();
