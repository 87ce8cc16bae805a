/** The window onto a run: pictures are made when asked for and only then, the curve counts every sample, and watching changes no bit of the run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { classifies } from '../../experiments/experiment.ts';
import { HISTOGRAM_BINS } from '../../experiments/histogram.ts';
import { createLiveDesk } from '../../experiments/live/live-desk.ts';
import type { LiveWindow, Picture } from '../../experiments/live/live-window.ts';
import {
  askForPicture,
  beginTraining,
  createLiveWindow,
  curveSoFar,
  isWanted,
  lastPicture,
  noteSample,
  picturesMade,
  showPicture,
} from '../../experiments/live/live-window.ts';
import { createProgressFile, readProgress } from '../../experiments/live/progress-file.ts';
import { watchLive } from '../../experiments/live/watch-live.ts';
import type { RunOutcome } from '../../experiments/outcome.ts';
import { networkOf } from '../../experiments/plan-runs.ts';
import { runOne } from '../../experiments/run-worker.ts';
import { accuraciesOf } from '../../experiments/variant-accuracies.ts';
import { digitsRun } from '../support/digits-run.ts';

const picture: Picture = {
  histogram: { low: -1, high: 1, counts: Array.from({ length: HISTOGRAM_BINS }, (_, bin) => bin) },
  raster: { ticks: 50, neurons: 30, t: [1, 1, 7], i: [4, 9, 0] },
};

test('a picture is wanted once asked for, is there once shown, and not read while the next may be under way', () => {
  const window = createLiveWindow();
  assert.equal([isWanted(window), picturesMade(window), lastPicture(window)], [false, 0, undefined]);
  askForPicture(window);
  assert.is(isWanted(window), true);
  showPicture(window, picture);
  assert.equal([isWanted(window), picturesMade(window)], [false, 1]);
  assert.equal(lastPicture(window), picture);
  askForPicture(window);
  assert.is(lastPicture(window), undefined);
});

test('spikes beyond the room of the window are left out', () => {
  const window = createLiveWindow();
  const many = Array.from({ length: 5000 }, (_, k) => k);
  showPicture(window, { ...picture, raster: { ...picture.raster, t: many, i: many } });
  assert.is(lastPicture(window)?.raster.t.length, 4000);
});

test('the curve is the share of right answers in each hundredth of the training', () => {
  const window = createLiveWindow();
  beginTraining(window, 1000);
  // every second one right in the first hundredth, all in the second
  for (let nth = 0; nth < 20; nth++) noteSample(window, nth, nth >= 10 || nth % 2 === 0);
  assert.equal(curveSoFar(window), { samples: [5, 15], values: [0.5, 1] });
});

function run(live?: LiveWindow): RunOutcome {
  const { experiment, rule, data } = digitsRun('r-stdp', [loihiLike()], { train: 60, test: 20 });
  const plan = buildPlan(networkOf(experiment, rule, 1), loihiLike());
  const { task } = experiment;
  if (data === undefined || !classifies(task)) throw new Error('digits have no images');
  return runOne({ plan, task, data, progress: new Int32Array(3), ...(live && { watch: watchLive(live, plan, task) }) });
}

test('a run that is watched has the bits of one that is not; a window that nobody looks through stays without a picture', () => {
  const [plain, unwatched, watched] = [undefined, createLiveWindow(), createLiveWindow()];
  askForPicture(watched);
  const outcomes = [plain, unwatched, watched].map((window) => ({ ...run(window), wallSeconds: 0 }));
  assert.equal(outcomes[1], outcomes[0]);
  assert.equal(outcomes[2], outcomes[0]);
  assert.is(picturesMade(unwatched), 0);
  assert.is(picturesMade(watched), 1);
  for (const window of [unwatched, watched]) assert.is(curveSoFar(window).samples.length, 60);
  const seen = lastPicture(watched);
  // 64 pixels onto 30 neurons, shown for 50 ticks
  assert.is(
    seen?.histogram.counts.reduce((sum, count) => sum + count, 0),
    64 * 30,
  );
  assert.equal([seen?.raster.ticks, seen?.raster.neurons], [50, 30]);
  assert.ok((seen?.raster.t.length ?? 0) > 0);
  assert.ok(seen?.raster.t.every((tick) => tick >= 1 && tick <= 50));
});

test('the desk shows runs that have begun, and asks for their pictures when it is looked at', () => {
  const desk = createLiveDesk();
  const [waiting, begun] = [new Int32Array(3), Int32Array.of(5, 20, 0)];
  desk.open({ chip: 'ideal', seed: 1, progress: waiting });
  const window = desk.open({ chip: 'loihi-like', seed: 1, progress: begun });
  assert.is(isWanted(window), false);
  const [first, ...others] = desk.look();
  assert.equal(others, []);
  assert.equal([first.chip, first.done, first.total, first.picture], ['loihi-like', 5, 20, undefined]);
  assert.is(isWanted(window), true);
  showPicture(window, picture);
  const [second] = desk.look();
  assert.equal(second.picture, picture);
  assert.is.not(second.stamp, first.stamp);
  assert.is(desk.look()[0].picture, second.picture, 'the last picture stays while the next is awaited');
});

test('of many runs that have ended the desk shows the latest; those under way stay', () => {
  const desk = createLiveDesk();
  desk.open({ chip: 'under way', seed: 0, progress: Int32Array.of(1, 20, 0) });
  for (let seed = 1; seed <= 150; seed++) desk.open({ chip: 'ideal', seed, progress: Int32Array.of(20, 20, 0) });
  const shown = desk.look();
  assert.is(shown.length, 101);
  assert.equal([shown[0].chip, shown[1].seed, shown.at(-1)?.seed], ['under way', 51, 150]);
  assert.equal([shown[0].id, shown.at(-1)?.id], [0, 150]);
});

test('variants of a chip, as an ablation or a question runs them, come to the desk too', async () => {
  const desk = createLiveDesk();
  await accuraciesOf({ ...digitsRun('r-stdp', [], { train: 10, test: 5 }), live: desk }, [loihiLike(), loihiLike({ weightBits: 6 })]);
  assert.equal(
    desk.look().map(({ done, total }) => done === total && done > 0),
    [true, true, true, true],
  );
});

test('the progress file is there while a run lasts, and says how far it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hillock-live-'));
  const file = createProgressFile(folder, 'A run');
  assert.is(readProgress(folder), undefined);
  const progress = { chip: 'ideal', seed: 1, done: 3, total: 9, runsDone: 0, runs: 1, each: [] };
  file.note(progress);
  const found = readProgress(folder);
  assert.equal([found?.filed.title, found?.filed.progress], ['A run', progress]);
  assert.ok((found?.writtenAt ?? 0) > 0);
  file.remove();
  assert.is(readProgress(folder), undefined);
  rmSync(folder, { recursive: true });
});

test.run();
