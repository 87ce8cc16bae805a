/** Sweeps from the command line: what is planned, what comes out, and everything that a person or a disk can do wrong. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { readExact, writeExact } from '../../experiments/sweep/exact-json.ts';
import type { SweepPlan } from '../../experiments/sweep/sweep-plan.ts';
import { openPacker } from '../../workers/packer.ts';
import type { Trial } from './support.ts';
import { openBench, withoutTimes } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

const SMALL = ['reward-choice', '--train', '20', '--seeds', '2', '--chip', 'ideal,loihi-like'];

async function plan(name: string, words: readonly string[] = [...SMALL, '--vary', 'loihi-like:learnedWeightBits=4,9']): Promise<string> {
  const folder = bench.path(name);
  const { exitCode, said } = await bench.hillock(['sweep', 'plan', ...words, '--out', folder]);
  assert.is(exitCode, 0, said);
  return folder;
}

const sweep = (...words: string[]): Promise<Trial> => bench.hillock(['sweep', ...words]);
const runFiles = (folder: string): string[] => readdirSync(join(folder, 'runs')).map((name) => join(folder, 'runs', name));
const planOf = (folder: string): SweepPlan => readExact(readFileSync(join(folder, 'plan.json'), 'utf8')) as SweepPlan;

test('a plan is run in shards and merged, and its figures are those of run', async () => {
  const folder = await plan('whole');
  assert.equal(
    planOf(folder).settings.map(({ chip }) => chip),
    ['ideal', 'loihi-like:learnedWeightBits=4', 'loihi-like:learnedWeightBits=9'],
  );
  const first = await sweep('run', folder, '--shard', '1/2');
  assert.is(first.stdout.split('\n')[0], '3 of 3 runs are done, 0 were there');
  assert.match(first.said, /^shard 1 of 2, from --shard\n/);

  const partial = await sweep('merge', folder);
  assert.is(partial.exitCode, 5);
  assert.match(partial.stderr, new RegExp(`^missing: 3 runs\n {2}ideal, seed 2\n.*\n.*\nto go on: hillock sweep run ${folder}\n`));

  const second = await sweep('run', folder, '--shard', '2/2', '--json');
  assert.equal([JSON.parse(second.stdout).done, second.said, second.exitCode], [3, '', 0]);
  const { stdout, exitCode } = await sweep('merge', folder, '--json');
  assert.is(exitCode, 0);
  const merged = JSON.parse(stdout) as ResultDocument;
  const run = await bench.hillock(['run', ...SMALL.slice(0, 5), '--chip', 'ideal,loihi-like:learnedWeightBits=4', '--json']);
  const expected = (JSON.parse(run.stdout) as ResultDocument).results;
  for (const [n, { accuracy, energy, stateHash }] of expected.entries()) {
    const setting = merged.sweep?.settings[n];
    assert.equal([setting?.accuracy, setting?.stateHash], [accuracy, stateHash]);
    assert.is(setting?.energyPerUpdate?.value, energy.perUpdate?.value);
  }
  assert.equal(readdirSync(folder).sort(), ['failed', 'plan.json', 'report.html', 'result.json', 'runs', 'table.csv']);
  assert.match(
    readFileSync(join(folder, 'table.csv'), 'utf8'),
    /^chip,rule,loihi-like:learnedWeightBits,seeds,accuracy_mean,.*\r\nideal,r-stdp-delayed,,2,/,
  );
  assert.match(readFileSync(join(folder, 'report.html'), 'utf8'), /<h2 id="sweep-heading">What the settings do/);
});

test('a sweep through several rules names all of them, with their texts', async () => {
  const words = 'digits --vary rule=r-stdp,dfa --chip ideal --train 20 --test 10 --epochs 1 --seeds 1'.split(' ');
  const folder = await plan('rules', words);
  await sweep('run', folder);
  const { title, summary, rule } = JSON.parse((await sweep('merge', folder, '--json')).stdout) as ResultDocument;
  assert.equal([title, rule.name], ['digits by 2 rules', 'r-stdp, dfa']);
  assert.match(summary, /^r-stdp: .*; dfa: /);
  assert.match(rule.text, /^# r-stdp\n[^#]*\n\n# dfa\n/);
  assert.match(rule.citation ?? '', /^Florian .*; /);
});

test('what is there is not run again; a damaged result is', async () => {
  const folder = await plan('damaged');
  await sweep('run', folder);
  const before = (await sweep('merge', folder, '--json')).stdout;
  const again = await sweep('run', folder);
  assert.is(again.stdout.split('\n')[0], '6 of 6 runs are done, 6 were there');
  const [cut, changed] = runFiles(folder);
  truncateSync(cut, 100);
  const bytes = readFileSync(changed);
  bytes[bytes.length - 200] ^= 1;
  writeFileSync(changed, bytes);
  const status = JSON.parse((await sweep('status', folder, '--json')).stdout);
  assert.equal(status.runs, { planned: 6, done: 4, failed: 0, missing: 2 });
  assert.is((await sweep('run', folder)).stdout.split('\n')[0], '6 of 6 runs are done, 4 were there');
  assert.equal(withoutTimes(JSON.parse((await sweep('merge', folder, '--json')).stdout)), withoutTimes(JSON.parse(before)));
});

test('results of a machine that shares no disk are merged; those of another plan or version are not', async () => {
  const [here, there, other] = [await plan('here'), await plan('there'), await plan('other', [...SMALL, '--seed', '5'])];
  await Promise.all([sweep('run', here, '--shard', '1/2'), sweep('run', there, '--shard', '2/2')]);
  const refused = await sweep('merge', here, other);
  assert.equal([refused.exitCode, refused.stderr], [2, `${other} holds another plan than ${here}\n  merge folders of one plan only\n`]);
  const { exitCode, stdout } = await sweep('merge', here, there, '--json');
  assert.equal([exitCode, JSON.parse(stdout).sweep.runs.done], [0, 6]);

  // a result of an older version lies among them
  const packer = await openPacker();
  const old = { ...(packer.unpack(readFileSync(runFiles(here)[0])) as object), version: '0.0.9' };
  writeFileSync(join(here, 'runs', 'old.msgpack'), packer.pack(old));
  const mixed = await sweep('merge', here);
  assert.is(mixed.exitCode, 2);
  assert.match(
    mixed.stderr,
    /old\.msgpack was made by 0\.0\.9, this is .*: results would not be comparable\n {2}plan again, or use that version\n$/,
  );

  writeFileSync(join(there, 'plan.json'), writeExact({ ...planOf(there), version: '0.0.9' }));
  const outdated = await sweep('run', there);
  assert.equal([outdated.exitCode, outdated.stderr.split(',')[0]], [2, 'plan made by 0.0.9']);
});

test('a run that fails is recorded with its problem, stops no other, and is not tried again', async () => {
  const divides = bench.write(
    'divides.json',
    JSON.stringify({ name: 'mine', traces: { x1: { on: 'pre', tau: '20 ms' } }, onPost: 'w += 0.001 / x1' }),
  );
  const folder = await plan('fails', ['stdp-window', '--vary', `rule=${divides},pair-stdp`]);
  const { exitCode, stdout } = await sweep('run', folder);
  assert.equal([exitCode, stdout.split('\n')[0]], [5, '1 of 2 runs are done, 0 were there, 1 failed']);
  const merged = await sweep('merge', folder);
  assert.is(merged.exitCode, 5);
  assert.match(
    merged.stderr,
    /^failed: 1 runs\n {2}ideal, rule .*divides\.json, seed 1: rule mine of projection pre-post, onPost: the new weight is not a number/,
  );
  assert.is((await sweep('run', folder)).stdout.split('\n')[0], '1 of 2 runs are done, 1 were there, 1 failed');
});

test('a chip that the experiment does not fit is known when it is planned, and the others are', async () => {
  // 128 x 128 tiles: a crossbar of one tile is too small for 2420 pairs
  const words = ['stdp-window', '--chip', 'ideal,memristor-crossbar', '--vary', 'memristor-crossbar:tiles=1,1024'];
  const folder = bench.path('unfit');
  const { exitCode, stderr, stdout } = await bench.hillock(['sweep', 'plan', ...words, '--out', folder]);
  assert.is(exitCode, 0);
  assert.match(stdout, /^2 runs of 3 settings are planned/);
  assert.match(stderr, /^1 runs cannot be made:\n/);
  const { failed } = JSON.parse((await sweep('status', folder, '--json')).stdout);
  assert.equal(
    failed.map(({ chip }: { chip: string }) => chip),
    ['memristor-crossbar:tiles=1'],
  );
  const alone = await bench.hillock(['sweep', 'plan', ...words.slice(0, 2), 'memristor-crossbar:tiles=1', '--out', bench.path('alone')]);
  assert.is(alone.exitCode, 3);
  assert.not.ok(existsSync(bench.path('alone')));
});

test('the same plan may be written twice; another one does not take its place', async () => {
  const folder = await plan('twice');
  await plan('twice');
  const { exitCode, stderr } = await bench.hillock(['sweep', 'plan', ...SMALL, '--out', folder]);
  assert.equal([exitCode, stderr], [2, `${folder} holds another plan already\n  choose another folder with --out\n`]);
});

test('a plan is whole by itself: rule and device files may be gone', async () => {
  const device = bench.write('cell.json', JSON.stringify({ base: 'ecram', gMax: '9 uS' }));
  const folder = await plan('files', [
    'stdp-window',
    '--chip',
    `memristor-crossbar:${device}`,
    '--vary',
    'memristor-crossbar:levels=20,50',
  ]);
  writeFileSync(device, 'gone');
  const { exitCode, said } = await sweep('run', folder);
  assert.is(exitCode, 0, said);
});

const REFUSALS: readonly [string, string[], RegExp][] = [
  ['no sub-verb', [], /^no command given\n/],
  ['an unknown sub-verb', ['rum'], /^unknown command 'rum'/],
  ['a folder that is not there', ['run', 'nowhere'], /^nowhere does not exist\n {2}make one with: hillock sweep plan/],
  ['an axis that is there twice', ['plan', 'digits', '--vary', 'train=1,2', '--vary', 'train=3'], /^--vary train is given twice\n/],
  ['an axis beside its option', ['plan', 'digits', '--rule', 'dfa', '--vary', 'rule=dfa,ep'], /^--rule and --vary rule are both given\n/],
  ['a count that means nothing', ['plan', 'stdp-window', '--vary', 'train=1,2'], /^--train means nothing for a task of kind stdp-window/],
  [
    'a value that the chip does not take',
    ['plan', 'digits', '--chip', 'loihi-like', '--vary', 'chip:weightBits=8,12'],
    /^loihiLike\.weightBits is 12, but must be at most 9\n$/,
  ],
  ['threads beside a queue', ['run', 'x', '--queue', 'redis://h', '--threads', '2'], /^--threads means nothing with --queue/],
  ['a wait without a queue', ['run', 'x', '--wait', '2'], /^--wait means nothing without --queue\n/],
];
for (const [what, words, said] of REFUSALS) {
  test(`refused: ${what}`, async () => {
    const { exitCode, stderr } = await sweep(...words);
    assert.is(exitCode, 2, stderr);
    assert.match(stderr, said);
  });
}

test('a plan that is cut off or is none is refused by name', async () => {
  const folder = await plan('cut');
  const file = join(folder, 'plan.json');
  const other = bench.path('none');
  mkdirSync(other);
  copyFileSync(file, join(other, 'plan.json'));
  truncateSync(file, 100);
  assert.match((await sweep('run', folder)).stderr, /^cannot read .*plan\.json: it is not valid JSON\n/);
  writeFileSync(join(other, 'plan.json'), '{}');
  assert.match((await sweep('status', other)).stderr, /^cannot read .*plan\.json: it is not the plan of a sweep\n/);
});

test('an interrupt ends with 130 and the command to go on', async () => {
  const folder = await plan('interrupted');
  const interrupt = new AbortController();
  const terminal = { signal: interrupt.signal, write: (text: string) => void (/"runsDone":[1-5],/.test(text) && interrupt.abort()) };
  const { exitCode, stderr } = await bench.hillock(['sweep', 'run', folder, '--threads', '1', '--progress', 'ndjson'], terminal);
  assert.is(exitCode, 130);
  assert.match(
    stderr,
    new RegExp(
      `^interrupted; [1-5] of 6 runs are kept in ${folder}(, and how far \\d others? (was|were))?\n {2}to go on: hillock sweep run ${folder} --threads 1\n$`,
    ),
  );
  assert.is((await sweep('run', folder)).exitCode, 0);
});

test('numbers that JSON has no word for survive in a plan', () => {
  const value = {
    tau: Number.POSITIVE_INFINITY,
    low: [Number.NEGATIVE_INFINITY, -0, 1.5],
    text: 'Infinity',
    number: 'Infinity ',
    nested: { number: 3 },
  };
  const read = readExact(writeExact(value)) as typeof value;
  assert.equal(read, value);
  assert.ok(Object.is(read.low[1], -0));
});

test('a question is answered in words, as a table and as JSON', async () => {
  const words = ['run', 'how-many-levels', '--chip', 'loihi-like', '--train', '20', '--test', '20', '--epochs', '1', '--seeds', '2'];
  const { stdout, exitCode, said } = await bench.hillock([...words, '--json']);
  assert.is(exitCode, 0, said);
  const { scenario, command, sweep: found } = JSON.parse(stdout) as ResultDocument;
  assert.equal(
    [scenario, command],
    ['how-many-levels', `hillock ${words.slice(0, 2).join(' ')} --chip loihi-like --seeds 2 --seed 1 --train 20 --test 20 --epochs 1`],
  );
  assert.equal(
    found?.answer?.points.map(({ value }) => value),
    ['2', '3', '4', '5', '6', '7', '8', '9'],
  );
  assert.is(found?.settings.length, 9);
  const text = await bench.hillock([...words, '--out', bench.path('question'), '--resume']);
  assert.match(
    text.stdout,
    /^how many levels does this rule need\? \(bits of a weight that learns\)\nlearnedWeightBits +accuracy .*\nideal /,
  );
  assert.ok(text.stdout.endsWith(`${found?.answer?.words}\n`));
  assert.match(readFileSync(bench.path('question/report.html'), 'utf8'), /What was tried/);
  const compare = await bench.hillock(['compare', 'how-many-levels']);
  assert.match(compare.stderr, /^how-many-levels is a question to several chips\n {2}hillock run how-many-levels\n/);
});

test.run();
