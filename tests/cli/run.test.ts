/** Runs, checks and lists from the command line, on small amounts of generated digits. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { openBench, withoutTimes } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

const SMALL = ['run', 'digits', '--train', '40', '--test', '20', '--epochs', '1', '--json'];

async function document(words: readonly string[]): Promise<ResultDocument> {
  const { stdout, stderr, exitCode } = await bench.hillock(words);
  assert.is(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

test('the same command gives the same document; another seed gives another', async () => {
  const first = await document([...SMALL, '--seeds', '2']);
  const again = await document([...SMALL, '--seeds', '2']);
  assert.equal(withoutTimes(again), withoutTimes(first));
  assert.is(again.results[0].stateHash, first.results[0].stateHash);
  assert.equal(again.results[0].accuracy, first.results[0].accuracy);
  const other = await document([...SMALL, '--seeds', '2', '--seed', '5']);
  assert.is.not(other.results[0].stateHash, first.results[0].stateHash);
  assert.equal([other.seed, other.seeds], [5, 2]);
});

if (availableParallelism() < 2) {
  test.skip('one thread and two give the same document');
  console.log('skipped: one thread and two give the same document (this machine has one core)');
} else {
  test('one thread and two give the same document', async () => {
    const one = await document([...SMALL, '--seeds', '2', '--threads', '1']);
    const two = await document([...SMALL, '--seeds', '2', '--threads', '2']);
    assert.equal(withoutTimes(two), withoutTimes(one));
  });
}

test('the words of the document repeat it', async () => {
  const first = await document([...SMALL, '--chip', 'ideal,loihi-like', '--seed', '3']);
  assert.is(first.command, 'hillock run digits --chip ideal,loihi-like --seeds 1 --seed 3 --train 40 --test 20 --epochs 1');
  const repeated = await document([...first.command.split(' ').slice(1), '--json']);
  assert.equal(withoutTimes(repeated), withoutTimes(first));
});

test('without --json the table is on stdout, and document, report and runs are in the folder', async () => {
  const out = bench.path('table');
  const words = SMALL.filter((word) => word !== '--json');
  const { stdout, stderr, said, exitCode } = await bench.hillock([...words, '--chip', 'ideal,memristor-crossbar', '--out', out]);
  assert.is(exitCode, 0, stderr);
  const [header, ideal, crossbar, ...rest] = stdout.trimEnd().split('\n');
  assert.match(header, /^chip +accuracy \(95 % CI\) +updates +energy\/update +total +vs ideal$/);
  assert.match(ideal, /^ideal +0\.\d{3} .* -$/);
  assert.match(crossbar, /^memristor-crossbar +0\.\d{3} .*J.* [+-]\d\.\d{3}$/);
  assert.equal(rest, []);
  assert.match(said, /^Digits from reward alone: .*; rule r-stdp; ideal, memristor-crossbar; seed 1; /);
  assert.is(stderr, `report  ${out}/report.html\n`);
  assert.equal(readdirSync(out).sort(), ['provenance.json', 'report.html', 'result.json', 'runs']);
  assert.is(readdirSync(`${out}/runs`).length, 2);
});

test('a report drawn again from the document has the same bytes', async () => {
  const out = bench.path('again');
  await bench.hillock(['run', 'stdp-window', '--out', out]);
  const { stdout, exitCode } = await bench.hillock(['report', out, '--out', bench.path('other.html')]);
  assert.is(exitCode, 0);
  assert.is(stdout, `${bench.path('other.html')}\n`);
  assert.is(readFileSync(bench.path('other.html'), 'utf8'), readFileSync(`${out}/report.html`, 'utf8'));
});

test('--json alone leaves no files behind, and says nothing on stderr', async () => {
  const before = existsSync('out/stdp-window');
  const { said, stdout } = await bench.hillock(['run', 'stdp-window', '--json']);
  assert.is(said, '');
  assert.is(existsSync('out/stdp-window'), before);
  assert.is(JSON.parse(stdout).results[0].chip, 'ideal');
});

test('a resumed run takes what is there and gives the same document', async () => {
  const out = bench.path('resumed');
  const whole = await document([...SMALL, '--seeds', '2', '--out', out]);
  const resumed = await document([...SMALL, '--seeds', '2', '--out', out, '--resume']);
  assert.equal(withoutTimes(resumed), withoutTimes(whole));
  // Its runs took as long as they took the first time: they were not run again.
  assert.is(resumed.results[0].wallSeconds, whole.results[0].wallSeconds);
});

test('an experiment file is laid over its scenario, and the command line over both', async () => {
  const file = bench.write(
    'exp.json',
    JSON.stringify({
      scenario: 'digits',
      seeds: 1,
      seed: 4,
      train: 20,
      test: 10,
      epochs: 1,
      network: { populations: [{ name: 'answers', tauMem: '12 ms' }] },
    }),
  );
  const read = await document(['run', file, '--json', '--train', '30']);
  assert.is(read.seed, 4);
  const { task, network } = read.configuration as {
    task: { trainImages: number; testImages: number };
    network: { populations: { tauMem?: string; vThreshold?: number }[] };
  };
  assert.equal([task.trainImages, task.testImages], [30, 10]);
  assert.equal([network.populations[1].tauMem, network.populations[1].vThreshold], ['12 ms', 1]);
  const piped = await bench.hillock(['run', '-', '--json', '--train', '30'], {
    readStandardInput: async () => readFileSync(file, 'utf8'),
  });
  assert.equal(withoutTimes(JSON.parse(piped.stdout)), withoutTimes(read));
});

test('a rule printed as JSON is a rule file that does the same', async () => {
  const { stdout } = await bench.hillock(['rules', 'show', 'triplet-stdp', '--json']);
  const file = bench.write('triplet.json', JSON.stringify(JSON.parse(stdout).rule));
  const named = await document(['run', 'stdp-window', '--rule', 'triplet-stdp', '--json']);
  const fromFile = await document(['run', 'stdp-window', '--rule', file, '--json']);
  assert.equal(withoutTimes(fromFile), withoutTimes(named));
});

test('a scenario printed as JSON is an experiment file that does the same', async () => {
  const { stdout } = await bench.hillock(['scenarios', 'show', 'stdp-window', '--json']);
  const file = bench.write('window.json', JSON.stringify(JSON.parse(stdout).scenario));
  assert.equal(withoutTimes(await document(['run', file, '--json'])), withoutTimes(await document(['run', 'stdp-window', '--json'])));
});

test('variants of a chip are told apart by the names they were asked for with', async () => {
  const { results } = await document([...SMALL, '--chip', 'memristor-crossbar,memristor-crossbar:ecram']);
  assert.equal(
    results.map(({ chip }) => chip),
    ['memristor-crossbar', 'memristor-crossbar:ecram'],
  );
  assert.is.not(results[0].stateHash, results[1].stateHash);
});

test('check finds that a network does not fit, says so, and exits with 3', async () => {
  // 5000 synapses strewn over 5000 x 5000 pairs touch most of the 40 x 79 blocks of 128 x 128 cells: more than the 1024 tiles that there are.
  const file = bench.write(
    'big.json',
    JSON.stringify({
      scenario: 'stdp-window',
      task: { deltaTicks: [1], repeats: 5000 },
      network: {
        populations: [
          { name: 'pre', size: 5000, times: [], neurons: [] },
          { name: 'teacher', size: 5000, times: [], neurons: [] },
          { name: 'post', size: 5000 },
        ],
        projections: [{ name: 'pre-post', connect: { kind: 'fixed-in-degree', degree: 1 } }],
      },
    }),
  );
  const { stdout, exitCode } = await bench.hillock(['check', file, '--chip', 'ideal,memristor-crossbar']);
  assert.is(exitCode, 3);
  assert.match(stdout, /^ideal {2}fits {2}\(no limits\)\nmemristor-crossbar {2}does not fit: 1 error/);
  const { ok, error, results } = JSON.parse((await bench.hillock(['check', file, '--chip', 'ideal,memristor-crossbar', '--json'])).stdout);
  assert.is(ok, false);
  assert.is(error.code, 'E-DOES-NOT-FIT');
  assert.equal(
    results.map(({ fits }: { fits: boolean }) => fits),
    [true, false],
  );
});

test('check lists the worst first; with --strict a warning does not fit', async () => {
  const { stdout, exitCode } = await bench.hillock(['check', 'digits', '--chip', 'loihi-like', '--json']);
  assert.is(exitCode, 0);
  const severities: string[] = JSON.parse(stdout).results[0].findings.map(({ severity }: { severity: string }) => severity);
  assert.ok(severities.includes('warning'));
  const order = ['error', 'warning', 'info'];
  assert.equal(
    severities,
    severities.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)),
  );
  assert.is((await bench.hillock(['check', 'digits', '--chip', 'loihi-like', '--strict'])).exitCode, 3);
});

for (const [verb, noun, name] of [
  ['rules', 'rule', 'pair-stdp'],
  ['chips', 'chip', 'loihi-like'],
  ['devices', 'device', 'ecram'],
  ['scenarios', 'scenario', 'digits'],
]) {
  test(`${verb} are listed and shown, as text and as JSON`, async () => {
    const [list, listJson, show, showJson] = await Promise.all(
      [[verb], [verb, 'list', '--json'], [verb, 'show', name], [verb, 'show', name, '--json']].map((words) => bench.hillock(words)),
    );
    assert.match(list.stdout, new RegExp(`^name .*\n(.*\n)*${name} `));
    assert.ok(JSON.parse(listJson.stdout)[verb].some((entry: { name: string }) => entry.name === name));
    assert.ok(show.stdout.startsWith(name));
    assert.is(JSON.parse(showJson.stdout)[noun].name, name);
    assert.not.match(show.stdout, /\[object Object\]|undefined/);
  });
}

test('doctor finds this machine in order', async () => {
  const { stdout, exitCode } = await bench.hillock(['doctor', '--json']);
  const { ok, checks } = JSON.parse(stdout);
  assert.equal([ok, exitCode], [true, 0], stdout);
  assert.equal(
    checks.map(({ check }: { check: string }) => check),
    ['node', 'cores', 'shared memory', 'write access', 'random numbers', 'pair STDP'],
  );
});

test('an interrupt that came before the first run ends with 130', async () => {
  const interrupted = new AbortController();
  interrupted.abort();
  const { exitCode, said } = await bench.hillock(['run', 'stdp-window', '--json'], { signal: interrupted.signal });
  assert.is(exitCode, 130);
  assert.is(said, '');
});

test('progress as lines is JSON, ends at the end, and keeps stdout clean', async () => {
  const { stdout, said } = await bench.hillock([...SMALL, '--progress', 'ndjson']);
  const last = JSON.parse(said.trimEnd().split('\n').at(-1) ?? '');
  assert.equal([last.event, last.runsDone, last.runs, last.done, last.total], ['progress', 1, 1, 60, 60]);
  JSON.parse(stdout);
});

test.run();
