// time limit: 240 s
/**
 * Runs that are stopped in the middle, by an interrupt or killed, and gone on with on another number of threads: the document is that of the undisturbed
 * run, to the last bit of every state.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Provenance } from '../../cli/provenance.ts';
import type { ResultDocument } from '../../experiments/result.ts';
import type { RunProgress } from '../../experiments/run-board.ts';
import { openPacker } from '../../workers/packer.ts';
import { builtCli } from './built.ts';
import { openBench, withoutTimes } from './support.ts';

const bench = openBench();
const built = builtCli(bench.folder);

test.before(built.build);
test.after(() => {
  built.remove();
  bench.remove();
});

const wordsOf = (line: string): string[] => line.split(' ');
const DFA = wordsOf('run digits --rule dfa --chip ideal,loihi-like --train 400 --test 20 --epochs 2 --json');
const CELLS = wordsOf(
  'run digits --chip memristor-crossbar,memristor-crossbar:pcm --why pixels-answers:27:3 --train 800 --test 20 --epochs 1 --json',
);

/** In the middle of the first runs. */
const underWay = ({ done, total }: RunProgress): boolean => done > total / 10;
const checkpoints = (out: string): string[] => readdirSync(join(out, 'runs')).filter((name) => name.endsWith('.checkpoint'));

function documentOf({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): ResultDocument {
  const document = JSON.parse(stdout);
  assert.ok(document.ok, `${stderr}${document.ok ? '' : stdout}`);
  return document;
}

const provenance = (out: string): Provenance => JSON.parse(readFileSync(join(out, 'provenance.json'), 'utf8'));

const [isWindows, isSingle] = [process.platform === 'win32', availableParallelism() < 2];
const impossible = isWindows ? 'Windows has no such signal' : isSingle ? 'this machine has one core' : undefined;

for (const [name, words, before, after] of [
  ['dfa', DFA, '2', '1'],
  ['cells', CELLS, '1', '2'],
] as const) {
  const title = `${name}: interrupted on ${before} thread(s) and gone on with on ${after}`;
  if (impossible !== undefined) {
    test.skip(title);
    console.log(`skipped: ${title} (${impossible})`);
    continue;
  }
  test(title, async () => {
    const out = bench.path(name);
    const stopped = await built.stopWhen([...words, '--out', out, '--threads', before], 'SIGINT', underWay);
    assert.is(stopped.code, 130, stopped.stderr);
    assert.match(JSON.parse(stopped.stdout).error.hint, /^to go on: hillock run digits .* --resume$/);
    assert.ok(checkpoints(out).length > 0);
    // killed on the way, it goes on from the same checkpoint or a later one
    const killed = await built.stopWhen(
      [...words, '--out', out, '--threads', after, '--resume'],
      'SIGKILL',
      ({ done, total }) => done > total / 4,
    );
    assert.is(killed.code, null);
    assert.ok(checkpoints(out).length > 0);
    const resumed = documentOf(built.run([...words, '--out', out, '--threads', after, '--resume']));
    const undisturbed = documentOf(await bench.hillock([...words, '--out', bench.path(`${name}-undisturbed`)]));
    assert.equal(withoutTimes(resumed), withoutTimes(undisturbed));
    assert.equal(checkpoints(out), []);

    const [one, other] = [provenance(out), provenance(bench.path(`${name}-undisturbed`))];
    assert.is(one.result.sha256, other.result.sha256);
    assert.equal([one.resumed, other.resumed], [true, false]);
    assert.ok(one.runs.some(({ how }) => typeof how === 'object' && how.resumedAt > 0));
    assert.equal(one.runs.map(({ key }) => key).sort(), other.runs.map(({ key }) => key).sort());
  });
}

test('provenance says what went in: version, seeds, hashes, command, profiles, rule, runs and times', async () => {
  const out = bench.path('origin');
  documentOf(
    await bench.hillock([
      'run',
      'stdp-window',
      '--chip',
      'ideal,memristor-crossbar',
      '--seeds',
      '2',
      '--seed',
      '5',
      '--json',
      '--out',
      out,
    ]),
  );
  const { started, ended, chips, runs, rule, inputs, seeds, node, command } = provenance(out);
  assert.ok(Date.parse(started) <= Date.parse(ended));
  assert.equal([seeds, node], [[5, 6], process.version]);
  assert.match(command, /^hillock run stdp-window --chip ideal,memristor-crossbar --seeds 2 --seed 5 --out /);
  assert.equal(
    chips.map(({ name }) => name),
    ['ideal', 'memristor-crossbar'],
  );
  for (const { sha256 } of [...chips, rule, ...Object.values(inputs)]) assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.match(rule.text, /^onPre: /);
  assert.equal(
    runs.map(({ chip, seed, how }) => [chip, seed, how]).sort(),
    ['ideal', 'memristor-crossbar'].flatMap((chip) => [5, 6].map((seed) => [chip, seed, 'run'])),
  );
  for (const { key } of runs) assert.ok(existsSync(join(out, 'runs', `${key.slice(0, 24)}.msgpack`)));
});

test('a checkpoint that is damaged or in another format is left aside, and that is said', async () => {
  const out = bench.path('damaged');
  const words = ['run', 'stdp-window', '--out', out];
  const undisturbed = documentOf(await bench.hillock([...words, '--json']));
  const [{ key }] = provenance(out).runs;
  const runs = join(out, 'runs');
  const [outcome, file] = ['msgpack', 'checkpoint'].map((ending) => join(runs, `${key.slice(0, 24)}.${ending}`));
  const packer = await openPacker();
  const other = packer.pack({ format: 9, key, checkpoint: { done: 1, task: {}, wallSeconds: 0 } });
  for (const [content, problem] of [
    [other.subarray(0, other.length - 4), 'is damaged'],
    [other, 'has format 9, and this version reads 3'],
  ] as const) {
    writeFileSync(outcome, 'torn');
    writeFileSync(file, content);
    const ended = await bench.hillock([...words, '--json', '--resume']);
    assert.equal(withoutTimes(documentOf(ended)), withoutTimes(undisturbed));
    assert.is(ended.said.split('\n')[0], `${file} ${problem}: that run begins anew`);
    assert.equal(checkpoints(out), []);
  }
});

test.run();
