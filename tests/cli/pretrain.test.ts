// time limit: 240 s
/** `--pretrain` from the command line: figures of each stage on each chip, on any number of threads, stopped and gone on with, as text and in the report. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChipResult, ResultDocument } from '../../experiments/result.ts';
import { openBench, withoutTimes } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

const WORDS = 'run digits --rule dfa --pretrain 6 --chip ideal,loihi-like --train 1000 --test 150 --epochs 1 --seeds 2'.split(' ');
const documents = new Map<string, Promise<ResultDocument>>();

/** The document of the run on so many threads, made once. */
function documentOn(threads: string): Promise<ResultDocument> {
  const known = documents.get(threads);
  const made =
    known ?? bench.hillock([...WORDS, '--threads', threads, '--json']).then(({ stdout }) => JSON.parse(stdout) as ResultDocument);
  documents.set(threads, made);
  return made;
}

const meanOf = (result: ChipResult, stage: 'teacher' | 'placed'): number => result.pretrained?.[stage]?.mean ?? Number.NaN;

test('placed on the ideal chip the weights are as good as the teacher, and integers cost them little', async () => {
  const { results, configuration, ok } = await documentOn('2');
  assert.ok(ok);
  const [ideal, loihi] = results;
  for (const result of results) {
    assert.is(result.pretrained?.epochs, 6);
    assert.is(result.pretrained?.placed?.perSeed.length, 2);
    assert.ok((result.accuracy?.mean ?? 0) > 0.85, `${result.chip} adapted ${result.accuracy?.mean}`);
  }
  assert.ok(meanOf(ideal, 'teacher') >= 0.93, `teacher ${meanOf(ideal, 'teacher')}`);
  assert.ok(meanOf(ideal, 'placed') >= meanOf(ideal, 'teacher') - 0.02, `${meanOf(ideal, 'placed')} of ${meanOf(ideal, 'teacher')}`);
  assert.ok(meanOf(loihi, 'placed') >= meanOf(ideal, 'placed') - 0.03, `${meanOf(loihi, 'placed')} of ${meanOf(ideal, 'placed')}`);
  // one teacher for all chips
  assert.equal(loihi.pretrained?.teacher, ideal.pretrained?.teacher);
  assert.is((configuration.task as { pretrain: { epochs: number } }).pretrain.epochs, 6);
});

test('the chip is charged with its own learning alone', async () => {
  const { stdout } = await bench.hillock([...WORDS.filter((word) => !['--pretrain', '6'].includes(word)), '--json']);
  const plain: ResultDocument = JSON.parse(stdout);
  const { results } = await documentOn('2');
  results.forEach(({ learningCost, pretrained }, n) => {
    const other = plain.results[n];
    assert.is(other.pretrained, undefined);
    assert.ok(pretrained);
    assert.is(learningCost.samples, other.learningCost.samples);
    // a third of the images more would show
    const ratio = learningCost.synapticEvents / other.learningCost.synapticEvents;
    assert.ok(ratio > 0.8 && ratio < 1.2, `${ratio}`);
  });
});

test('one thread or two give the same document', async () => {
  assert.equal(withoutTimes(await documentOn('1')), withoutTimes(await documentOn('2')));
});

for (const [title, share] of [
  ['while the placed weights are looked at', 0.02],
  ['while the chip adapts', 0.08],
] as const) {
  test(`interrupted ${title} and gone on with, the document is the same`, async () => {
    const out = bench.path(`stopped-${share}`);
    const interrupt = new AbortController();
    const stopped = await bench.hillock([...WORDS, '--out', out, '--threads', '1', '--progress', 'ndjson', '--json'], {
      signal: interrupt.signal,
      write: (text) => {
        for (const line of text.split('\n').filter((one) => one.startsWith('{'))) {
          const { done, total } = JSON.parse(line);
          if (done > share * total) interrupt.abort();
        }
      },
    });
    assert.is(stopped.exitCode, 130, stopped.stdout);
    assert.ok(readdirSync(join(out, 'runs')).some((name) => name.endsWith('.checkpoint')));
    const resumed = await bench.hillock([...WORDS, '--out', out, '--threads', '2', '--resume', '--json']);
    assert.equal(withoutTimes(JSON.parse(resumed.stdout)), withoutTimes(await documentOn('2')));
  });
}

test('an interrupt while the teacher learns ends the command', async () => {
  const interrupt = new AbortController();
  setTimeout(() => interrupt.abort(), 500);
  const words = 'run digits --rule dfa --pretrain 1000000 --train 50 --test 5 --out'.split(' ');
  const { exitCode, stderr } = await bench.hillock([...words, bench.path('taught')], { signal: interrupt.signal });
  assert.is(exitCode, 130);
  assert.match(
    stderr,
    /^interrupted; 0 of 1 runs are kept in .*taught.*\n {2}to go on: hillock run digits .* --pretrain 1000000 .*--resume\n$/,
  );
});

test('run and compare print a table of the stages, and the report has a panel', async () => {
  for (const verb of ['run', 'compare']) {
    const words = `${verb} digits --rule ep --pretrain 1 --chip ideal,loihi-like --seeds 1 --train 60 --test 20 --epochs 1`.split(' ');
    const out = bench.path(verb);
    const { stdout, said } = await bench.hillock([...words, '--out', out]);
    const [title, header, ...rows] = stdout.slice(stdout.indexOf('trained off line')).split('\n');
    assert.is(title, 'trained off line by back-propagation, 1 epoch; accuracy on the test images (95 % CI)', said);
    assert.match(header, /^chip +the teacher itself +placed on the chip +adapted on the chip$/);
    assert.match(rows[0], /^ideal( +\d\.\d{3}){3}$/);
    assert.match(rows[1], /^loihi-like( +\d\.\d{3}){3}$/);
    assert.match(readFileSync(join(out, 'report.html'), 'utf8'), 'Trained off line, adapted on the chip');
    const { command } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    assert.match(command, ' --pretrain 1 ');
  }
});

test('an experiment file asks for it in its task, and the command line wins', async () => {
  const file = bench.write(
    'hybrid.json',
    '{ "scenario": "digits", "rule": "pc", "train": 60, "test": 20, "epochs": 1, "task": { "pretrain": { "epochs": 2 } } }',
  );
  for (const [words, epochs] of [
    [[], 2],
    [['--pretrain', '3'], 3],
  ] as const) {
    const { stdout } = await bench.hillock(['run', file, ...words, '--json']);
    assert.is((JSON.parse(stdout) as ResultDocument).results[0].pretrained?.epochs, epochs);
  }
});

test.run();
