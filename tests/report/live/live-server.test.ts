/** The live page over HTTP, with a source made up here: events as they change, the page by itself, and who is refused. */
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../../core/errors.ts';
import type { LiveRun } from '../../../experiments/live/live-desk.ts';
import { startLiveServer } from '../../../report/live/live-server.ts';
import type { LiveSight, LiveSource } from '../../../report/live/live-source.ts';
import { createPace } from '../../../report/live/pace.ts';
import { eventsFrom } from '../../support/events.ts';

const run = (id: number, done: number): LiveRun => ({
  id,
  chip: 'ideal',
  seed: id + 1,
  done,
  total: 10,
  curve: { samples: [1], values: [0.5] },
  stamp: `${done}`,
});

/** Two runs, of which the first goes on with every look. */
function goingOn(): LiveSource & { readonly looks: () => number } {
  let looks = 0;
  return {
    title: 'Digits & <rewards>',
    look: async (): Promise<LiveSight> => {
      looks++;
      const progress = { chip: 'ideal', seed: 1, done: looks, total: 20, runsDone: 0, runs: 2 };
      return { progress, elapsedSeconds: looks, runs: [run(0, Math.min(10, looks)), run(1, 3)] };
    },
    report: () => undefined,
    looks: () => looks,
  };
}

interface Reply {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

function ask(url: string, { path = '/', method = 'GET', host = '' } = {}): Promise<Reply> {
  return new Promise((done, fail) => {
    const asked = request(new URL(path, url), { method, ...(host && { headers: { host } }) }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        body += piece;
      });
      response.on('end', () => done({ status: response.statusCode, type: response.headers['content-type'], body }));
    });
    asked.on('error', fail);
    asked.end();
  });
}

test('whoever connects hears of every run, then only of those that change, and of the state each time', async () => {
  const source = goingOn();
  const server = await startLiveServer(source, 0);
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  const events = await eventsFrom(`${server.url}events`, (all) => all.filter(({ event }) => event === 'state').length >= 3);
  const names = events.map(({ event, data }) => (event === 'run' ? `run ${data.id}` : event));
  assert.equal(names.slice(0, 7), ['run 0', 'run 1', 'state', 'run 0', 'state', 'run 0', 'state']);
  const states = events.filter(({ event }) => event === 'state').map(({ data }) => data);
  assert.equal(
    states.map(({ done, total, runs, perSecond, secondsLeft }) => [done, total, runs, perSecond, secondsLeft]),
    [
      [1, 20, 2, null, 19],
      [2, 20, 2, 1, 18],
      [3, 20, 2, 1, 17],
    ],
  );
  await server.close();
});

test('nobody looks at the source while nobody is connected', async () => {
  const source = goingOn();
  const server = await startLiveServer(source, 0);
  await ask(server.url);
  await new Promise((done) => setTimeout(done, 600));
  assert.is(source.looks(), 0);
  await server.close('over');
  assert.is(source.looks(), 0);
});

test('closing says the last of it and ends the stream', async () => {
  const server = await startLiveServer({ ...goingOn(), report: () => '<p>the report</p>' }, 0);
  const all = eventsFrom(`${server.url}events`);
  await eventsFrom(`${server.url}events`, (events) => events.length > 0);
  const report = await ask(server.url, { path: '/report' });
  assert.equal([report.status, report.body], [200, '<p>the report</p>']);
  await server.close('it is over');
  const [last] = (await all).slice(-1);
  assert.equal(last, { event: 'end', data: { message: 'it is over', report: true } });
});

test('the page carries its script and style, fetches nothing else, and its policy allows just that', async () => {
  const server = await startLiveServer(goingOn(), 0);
  const { status, type, body } = await ask(server.url);
  assert.equal([status, type], [200, 'text/html; charset=utf-8']);
  assert.match(body, /<h1>Digits &amp; &lt;rewards&gt;<\/h1>/);
  const [, script] = /<script>([\s\S]*)<\/script>/.exec(body) ?? [];
  const hash = createHash('sha256').update(script).digest('base64');
  assert.ok(body.includes(`content="default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; connect-src 'self'"`));
  assert.equal(
    [...body.matchAll(/https?:\/\/[^'"\s]*/g)].map(([address]) => address),
    ['http://www.w3.org/2000/svg'],
  );
  assert.not.match(body, /<(?:link|img|script)[^>]+(?:src|href)="(?!data:,)/);
  await server.close();
});

test('other paths, other methods and other names of this address are refused', async () => {
  const server = await startLiveServer(goingOn(), 0);
  const status = async (asked: Parameters<typeof ask>[1]): Promise<number | undefined> => (await ask(server.url, asked)).status;
  assert.is(await status({ path: '/report' }), 404);
  assert.is(await status({ path: '/../etc/passwd' }), 404);
  assert.is(await status({ method: 'POST' }), 405);
  assert.is(await status({ host: 'somewhere.example' }), 403);
  assert.is(await status({ host: `localhost:${new URL(server.url).port}` }), 200);
  await server.close();
});

test('a port that is taken is an error in words', async () => {
  const first = await startLiveServer(goingOn(), 0);
  const port = Number(new URL(first.url).port);
  try {
    await startLiveServer(goingOn(), port);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, UserError);
    const [{ code, message, hint }] = (error as UserError).problems;
    assert.equal(
      [code, message, hint],
      [
        'E-PORT',
        `cannot listen on port ${port} of 127.0.0.1: another program has it`,
        'choose another with --port, or leave it out for any that is free',
      ],
    );
  }
  await first.close();
});

test('throughput is that of the last five seconds, what is left goes by the mean', () => {
  const pace = createPace();
  assert.equal(pace(0, 0, 100), { perSecond: null, secondsLeft: null });
  assert.equal(pace(10, 10, 100), { perSecond: 1, secondsLeft: 90 });
  assert.equal(pace(15, 30, 100), { perSecond: 4, secondsLeft: 35 });
  assert.equal(pace(20, 30, 100).perSecond, 0);
});

test.run();
