/** The built command line as a process: streams, exit codes, an interrupt, a disk that fills up. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { builtCli, environment } from './built.ts';
import { openBench, withoutTimes } from './support.ts';

const bench = openBench();
const built = builtCli(bench.folder);
const { run: hillock } = built;

test.before(built.build);
test.after(() => {
  built.remove();
  bench.remove();
});

test('--version prints the version, --help the verbs, both on stdout', () => {
  assert.match(hillock(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
  const { code, stdout, stderr } = hillock(['--help']);
  assert.equal([code, stderr], [0, '']);
  for (const verb of ['run', 'sweep', 'worker', 'check', 'report', 'rules', 'chips', 'devices', 'scenarios', 'verify', 'doctor']) {
    assert.match(stdout, new RegExp(`^ {2}${verb} `, 'm'));
  }
});

test('a mistake is words on stderr and exit code 2; with --json one document on stdout and nothing else', () => {
  const words = hillock(['run', 'digitz']);
  assert.equal([words.code, words.stdout], [2, '']);
  assert.match(words.stderr, /^unknown scenario "digitz"/);
  const json = hillock(['run', 'digitz', '--json']);
  assert.equal([json.code, json.stderr], [2, '']);
  assert.is(JSON.parse(json.stdout).error.code, 'E-SCENARIO');
});

test('an experiment comes in by standard input, and its document goes out', () => {
  const { code, stdout, stderr } = hillock(['run', '-', '--json'], '{ "scenario": "stdp-window" }');
  assert.equal([code, stderr], [0, '']);
  assert.is(JSON.parse(stdout).scenario, 'stdp-window');
  assert.equal(readdirSync(bench.folder), []);
});

test('without a verb the options go to the shipped experiment', () => {
  const { code, stdout } = hillock(['--seeds', '0', '--json']);
  assert.is(code, 2);
  assert.equal([JSON.parse(stdout).verb, JSON.parse(stdout).error.code], ['compare', 'E-RANGE']);
  assert.match(hillock(['--help']).stdout, /Without a command: hillock compare digits [^\n]+ --ablate --diagnose\n/);
});

const LONG = ['run', 'digits', '--train', '400', '--test', '50', '--epochs', '1', '--seeds', '3', '--threads', '1'];

if (process.platform === 'win32') {
  test.skip('an interrupt keeps what is finished, and going on gives the same document');
  console.log('skipped: an interrupt keeps what is finished, and going on gives the same document (Windows has no such signal)');
} else {
  test('an interrupt keeps what is finished, and going on gives the same document', async () => {
    const out = bench.path('interrupted');
    const words = [...LONG, '--out', out];
    const { code, stderr } = await built.stopWhen(words, 'SIGINT', ({ runsDone }) => runsDone === 1);
    assert.is(code, 130);
    const kept = readdirSync(join(out, 'runs')).filter((name) => name.endsWith('.msgpack')).length;
    assert.ok(kept >= 1 && kept < 3, `${kept} runs kept`);
    assert.not.ok(existsSync(join(out, 'result.json')));
    assert.match(
      stderr,
      new RegExp(
        `\ninterrupted; ${kept} of 3 runs are kept in ${out}/runs(, and how far \\d others? (was|were))?\n {2}to go on: hillock run digits .* --resume\n$`,
      ),
    );

    const resumed = hillock([...words, '--resume', '--json']);
    assert.is(resumed.code, 0, resumed.stderr);
    const undisturbed = hillock([...LONG, '--json']);
    const documents = [resumed, undisturbed].map(({ stdout }) => JSON.parse(stdout) as ResultDocument);
    assert.equal(withoutTimes(documents[0]), withoutTimes(documents[1]));
    assert.is(documents[0].results[0].stateHash, documents[1].results[0].stateHash);
  });
}

const bash = spawnSync('bash', ['-c', 'ulimit -f 8']);
if (bash.status !== 0) {
  test.skip('a file that cannot be written to its end is not there at all');
  console.log('skipped: a file that cannot be written to its end is not there at all (needs bash with ulimit -f)');
} else {
  test('a file that cannot be written to its end is not there at all', () => {
    const out = bench.path('full');
    // Files may grow to 8 KiB: the stored run and the document are longer than that.
    const { status, stdout } = spawnSync(
      'bash',
      ['-c', 'ulimit -f 8; "$@"', 'bash', process.execPath, built.cli, 'run', 'stdp-window', '--out', out, '--json'],
      { cwd: bench.folder, env: environment(), encoding: 'utf8' },
    );
    assert.is.not(status, 0);
    const left = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'runs');
    assert.equal(
      left.filter((name) => !name.endsWith('.unfinished')),
      [],
    );
    if (stdout !== '') assert.is(JSON.parse(stdout).error.code, 'E-WRITE');
    // The same command goes through once there is room.
    const again = hillock(['run', 'stdp-window', '--out', out, '--resume', '--json']);
    assert.is(again.code, 0, again.stderr);
    assert.ok(existsSync(join(out, 'result.json')) && existsSync(join(out, 'report.html')));
  });
}

test.run();
