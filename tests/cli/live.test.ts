/** `run --live` and `serve`: a real run watched over HTTP, its folder afterwards, and what is refused. */
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import type { SentEvent } from '../support/events.ts';
import { eventsFrom } from '../support/events.ts';
import { openBench, withoutTimes } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

const RUN = ['run', 'digits', '--chip', 'ideal,loihi-like', '--train', '300', '--test', '40', '--epochs', '1'];

/** Runs a command line and watches the page whose address it says. */
async function watched(words: readonly string[], enough?: (events: readonly SentEvent[]) => boolean) {
  let said = '';
  const interrupt = new AbortController();
  let onAddress = (_: string): void => {};
  const address = new Promise<string>((done) => {
    onAddress = done;
  });
  const running = bench.hillock(words, {
    signal: interrupt.signal,
    write: (text) => {
      said += text;
      const [url] = /http:\/\/[\d.:]+\//.exec(said) ?? [];
      if (url !== undefined) onAddress(url);
    },
  });
  const events = await eventsFrom(`${await address}events`, enough);
  if (enough !== undefined || words[0] === 'serve') interrupt.abort();
  return { events, trial: await running, said };
}

test('a run under --live is seen from its first samples to its end, and gives the document of any other', async () => {
  const out = bench.path('live');
  const { events, trial, said } = await watched([...RUN, '--live', '--out', out, '--json']);
  assert.is(trial.exitCode, 0, trial.stderr);
  assert.match(said, /live {4}http:\/\/127\.0\.0\.1:\d+\/\n/);
  const runs = events.filter(({ event }) => event === 'run').map(({ data }) => data);
  assert.equal([...new Set(runs.map(({ chip }) => chip))].sort(), ['ideal', 'loihi-like']);
  for (const chip of ['ideal', 'loihi-like']) {
    const last = runs.filter((run) => run.chip === chip).at(-1);
    assert.equal([last.done, last.total], [340, 340]);
    assert.is(last.curve.samples.length, 100);
  }
  const states = events.filter(({ event }) => event === 'state').map(({ data }) => data);
  assert.equal([states.at(-1).done, states.at(-1).total, states.at(-1).runsDone], [680, 680, 2]);
  assert.equal(events.at(-1), { event: 'end', data: { message: `This run has ended; its report is ${out}/report.html`, report: false } });
  assert.not.ok(existsSync(`${out}/progress.json`));
  const plain = await bench.hillock([...RUN, '--json']);
  const documents = [trial, plain].map(({ stdout }) => withoutTimes(JSON.parse(stdout)));
  assert.equal(documents[0], documents[1]);
});

test('serve shows a folder whose run has ended, with its report', async () => {
  const out = bench.path('ended');
  const document = JSON.parse((await bench.hillock([...RUN, '--out', out, '--json'])).stdout) as ResultDocument;
  const { events, trial, said } = await watched(['serve', out]);
  assert.equal([trial.exitCode, trial.stdout], [0, '']);
  assert.match(said, /^serving .* until interrupted\n$/);
  const runs = events.filter(({ event }) => event === 'run').map(({ data }) => data);
  assert.equal(
    runs.map(({ chip, done }) => [chip, done]),
    [
      ['ideal', 300],
      ['loihi-like', 300],
    ],
  );
  assert.equal(runs[1].picture.histogram.counts, document.results[1].weights?.histogram.after);
  assert.equal(events.at(-1), { event: 'end', data: { message: 'This run has ended', report: true } });
});

test('serve shows a folder whose run is under way: how far it is, and its finished runs from their files', async () => {
  const out = bench.path('under-way');
  const each: { chip: string; seed: number; key: string; done: number; total: number }[] = [];
  // a run that ends and leaves its progress behind is one that goes on, as far as another process can see
  const { runExperiment } = await import('../../experiments/run-experiment.ts');
  const { digitsRun } = await import('../support/digits-run.ts');
  const { ideal } = await import('../../chips/ideal/ideal.ts');
  const run = digitsRun('r-stdp', [ideal()], { train: 60, test: 20 });
  await runExperiment({
    ...run,
    runsDirectory: `${out}/runs`,
    onProgress: (progress) => each.splice(0, each.length, ...(progress.each ?? [])),
  });
  const progress = { chip: 'ideal', seed: 2, done: 100, total: 160, runsDone: 1, runs: 2, each: [each[0], { ...each[1], done: 20 }] };
  writeFileSync(`${out}/progress.json`, JSON.stringify({ title: 'Under way', elapsedSeconds: 10, progress }));
  const { events } = await watched(['serve', out], (all) => all.some(({ event }) => event === 'state'));
  const runs = events.filter(({ event }) => event === 'run').map(({ data }) => data);
  assert.equal(
    runs.map(({ seed, done, picture }) => [seed, done, picture === undefined]),
    [
      [1, 80, false],
      [2, 20, true],
    ],
  );
  assert.is(
    runs[0].picture.histogram.counts.reduce((sum: number, count: number) => sum + count, 0),
    64 * 30,
  );
  const state = events.find(({ event }) => event === 'state')?.data;
  assert.equal([state.done, state.total, state.secondsLeft], [100, 160, 6]);
});

test('what cannot be shown is refused in words', async () => {
  const refused = async (words: readonly string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await bench.hillock(words);
    assert.equal([stdout, exitCode], ['', 2]);
    return stderr;
  };
  assert.match(
    await refused(['serve', bench.folder]),
    /holds no run: neither progress\.json of one under way nor result\.json of one that has ended\n/,
  );
  assert.match(await refused([...RUN, '--port', '8080']), /--port means nothing without --live/);
  assert.match(await refused([...RUN, '--live', '--port', '99999']), /--port is 99999, but must be a whole number from 1 to 65535/);
});

test.run();
