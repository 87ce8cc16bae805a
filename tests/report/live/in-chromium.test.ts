/** The live page in a browser: it draws what the events say, and says when it is over. Skipped by name where there is no Chromium. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LiveRun } from '../../../experiments/live/live-desk.ts';
import { startLiveServer } from '../../../report/live/live-server.ts';
import type { LiveSight } from '../../../report/live/live-source.ts';
import { chromium, openPage } from '../../support/chromium.ts';

const NAME = 'the page draws curve, weights and spikes as they come, and the way to the report in the end';

const run = (done: number): LiveRun => ({
  id: 0,
  chip: 'loihi-like',
  seed: 7,
  done,
  total: 400,
  curve: { samples: [50, 150, 250], values: [0.2, 0.6, 0.9] },
  picture: {
    histogram: { low: -0.5, high: 0.5, counts: [0, 4, 9, 0] },
    raster: { neurons: 3, ticks: 20, t: [2, 5, 19], i: [0, 2, 1] },
  },
  stamp: String(done),
});

async function draws(): Promise<void> {
  let done = 0;
  const look = async (): Promise<LiveSight> => {
    done = Math.min(400, done + 100);
    const progress = { chip: 'loihi-like', seed: 7, done, total: 400, runsDone: done === 400 ? 1 : 0, runs: 1 };
    return { progress, elapsedSeconds: done / 50, runs: [run(done)], ...(done === 400 && { end: 'This run has ended' }) };
  };
  const server = await startLiveServer({ title: 'A <live> run', look, report: () => '<h1>the report</h1>' }, 0);
  try {
    await showsAndEnds(server.url);
  } finally {
    await server.close();
  }
}

async function showsAndEnds(url: string): Promise<void> {
  const page = await openPage(url);
  try {
    await page.until("document.getElementById('end')?.hidden === false");
    const fact = (name: string): Promise<unknown> => page.evaluate(`document.querySelector('[data-fact="${name}"] b').textContent`);
    assert.equal(
      [await fact('samples'), await fact('runs'), await fact('now'), await fact('throughput'), await fact('left')],
      ['400 of 400', '1 of 1', 'loihi-like, seed 7', '50 samples/s', '0 s'],
    );
    assert.is(await page.evaluate("document.querySelector('h1').textContent"), 'A <live> run');
    assert.match(String(await page.evaluate("document.getElementById('runs').innerText")), /right answers while learning: 90 % lately/);
    const count = (className: string, letter: string): Promise<unknown> =>
      page.evaluate(`document.querySelector('svg .${className}').getAttribute('d').split('${letter}').length - 1`);
    assert.equal([await count('line', 'L'), await count('bars', 'M'), await count('dots', 'M')], [2, 2, 3]);
    assert.is(await page.evaluate("document.querySelector('svg').getBoundingClientRect().height > 50"), true);
    assert.is(await page.evaluate("performance.getEntriesByType('resource').every(({ name }) => name.startsWith(location.origin))"), true);
    await page.evaluate("document.querySelector('#end a').click()");
    await page.until("document.querySelector('h1')?.textContent === 'the report'");
  } finally {
    await page.close();
  }
}

if (chromium === undefined) {
  test.skip(NAME);
  console.log(`skipped: ${NAME} (needs chromium)`);
} else test(NAME, draws);

test.run();
