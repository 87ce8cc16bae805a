// time limit: 300 s
/**
 * A sweep through a queue, on a real Redis server: workers are killed in the middle of a job, the server is restarted empty, and in the end nothing is
 * lost, nothing is there twice and no bit differs from the sweep that was left alone.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SweepPlan } from '../../../experiments/sweep/sweep-plan.ts';
import { builtCli } from '../../cli/built.ts';
import { openBench, withoutTimes } from '../../cli/support.ts';
import type { RedisServer } from '../../support/redis-server.ts';
import { freePort, hasRedis, startRedis } from '../../support/redis-server.ts';
import { bitsOf, copyOfPlan, merged, planSmallSweep, RUNS, resultFiles } from '../../support/small-sweep.ts';

const bench = openBench();
const built = builtCli(bench.folder);
const started: ChildProcess[] = [];
test.after(() => {
  for (const child of started) child.kill('SIGKILL');
  built.remove();
  bench.remove();
});
test.before(built.build);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly child: ChildProcess;
  /** What it has said on stderr so far. */
  readonly said: () => string;
  readonly ended: Promise<Ended>;
}

function start(words: readonly string[]): Running {
  const child = built.start(words);
  started.push(child);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (piece: string) => {
      said[stream] += piece;
    });
  }
  return { child, said: () => said.stderr, ended: new Promise((done) => child.once('close', (code) => done({ code, ...said }))) };
}

/** A worker that has reached the server; from then on it comes back by itself. */
async function worker(url: string): Promise<Running> {
  const running = start(['worker', '--queue', url, '--threads', '1', '--wait', '60']);
  while (!running.said().includes('takes runs from')) await sleep(20);
  return running;
}

async function untilDone(sweep: string, runs: number, coordinator: Running): Promise<void> {
  let over: Ended | undefined;
  void coordinator.ended.then((end) => {
    over = end;
  });
  while (resultFiles(sweep).length < runs) {
    if (over !== undefined) throw new Error(`the coordinator has ended with ${over.code}: ${over.stderr}`);
    await sleep(20);
  }
}

/** A test with a server of its own; skipped by name where there is none. */
function testWithRedis(name: string, body: (redis: RedisServer) => Promise<void>): void {
  if (!hasRedis()) {
    test.skip(name);
    console.log(`skipped: ${name} (needs redis-server)`);
    return;
  }
  test(name, async () => {
    const redis = await startRedis();
    try {
      await body(redis);
    } finally {
      redis.stop();
    }
  });
}

testWithRedis(
  'two workers, both killed in the middle of a job, and a server restarted empty: complete, no run twice, the same bits',
  async (redis) => {
    const undisturbed = planSmallSweep(built, bench.path('undisturbed'));
    assert.is(built.run(['sweep', 'run', undisturbed, '--threads', '2']).code, 0);
    const sweep = copyOfPlan(undisturbed, bench.path('queued'));
    const coordinator = start(['sweep', 'run', sweep, '--queue', redis.url, '--wait', '60']);
    const workers = await Promise.all([worker(redis.url), worker(redis.url)]);
    await untilDone(sweep, RUNS / 8, coordinator);
    workers[0].child.kill('SIGKILL');
    workers[0] = await worker(redis.url);
    await untilDone(sweep, RUNS / 4, coordinator);
    await redis.restart(500);
    await untilDone(sweep, RUNS / 2, coordinator);
    // a job that loses its worker now can only be found by its lock
    workers[1].child.kill('SIGKILL');
    const { code, stdout, stderr } = await coordinator.ended;
    assert.is(code, 0, stderr);
    assert.match(stdout, /^200 of 200 runs are done, 0 were there\n/);
    workers[0].child.kill('SIGINT');
    assert.is((await workers[0].ended).code, 130);
    const keys = (JSON.parse(readFileSync(join(sweep, 'plan.json'), 'utf8')) as SweepPlan).runs.map(({ key }) => key);
    assert.is(resultFiles(sweep).length, RUNS);
    assert.equal(await bitsOf(sweep, keys), await bitsOf(undisturbed, keys));
    assert.equal(withoutTimes(merged(built, sweep)), withoutTimes(merged(built, undisturbed)));
  },
);

testWithRedis(
  'a run that cannot be done is an answer of the queue, and a coordinator without workers ends with the command to go on',
  async (redis) => {
    const divides = { name: 'mine', traces: { x1: { on: 'pre', tau: '20 ms' } }, onPost: 'w += 0.001 / x1' };
    const file = bench.write('divides.json', JSON.stringify(divides));
    const sweep = bench.path('divides');
    assert.is(built.run(['sweep', 'plan', 'stdp-window', '--vary', `rule=pair-stdp,${file}`, '--out', sweep]).code, 0);
    const alone = await start(['sweep', 'run', sweep, '--queue', redis.url, '--wait', '1']).ended;
    assert.is(alone.code, 1, alone.stdout);
    assert.match(
      alone.stderr,
      new RegExp(
        `no worker has come to ${redis.url} for 1 s\n {2}start one with: hillock worker --queue ${redis.url}; to go on: hillock sweep run ${sweep} --queue `,
      ),
    );
    const busy = await worker(redis.url);
    const { code, stdout } = await start(['sweep', 'run', sweep, '--queue', redis.url, '--json']).ended;
    assert.is(code, 5);
    const { done, failed, planned } = JSON.parse(stdout);
    assert.equal([done, failed, planned], [1, 1, 2]);
    busy.child.kill('SIGINT');
    const { failed: whatFailed } = JSON.parse(built.run(['sweep', 'status', sweep, '--json']).stdout);
    assert.is(whatFailed[0].problem.code, 'E-NOT-FINITE');
  },
);

test('a server that cannot be reached is named, with the reason, at once', async () => {
  const port = await freePort();
  for (const words of [['worker'], ['sweep', 'run', bench.path('none')]]) {
    const { code, stderr } = built.run([...words, '--queue', `redis://127.0.0.1:${port}`]);
    assert.is(code, 2);
    if (words[0] === 'worker') assert.match(stderr, new RegExp(`^cannot reach redis://127.0.0.1:${port}.*: nothing listens there\n`));
  }
  for (const url of ['localhost:6379', 'http://localhost', '']) {
    const { code, stderr } = built.run(['worker', '--queue', url]);
    assert.is(code, 2);
    assert.match(stderr, /^--queue is .*, but must be the address of a Redis or Valkey server\n {2}e\.g\. redis:/);
  }
});

test('a server that is no Redis does not keep us waiting for ever', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((ready) => silent.once('listening', ready));
  const { port } = silent.address() as { port: number };
  const { code, stderr } = await start(['worker', '--queue', `redis://127.0.0.1:${port}`]).ended;
  silent.close();
  assert.is(code, 2);
  assert.match(stderr, /^cannot reach redis:.*: no answer within 5 s\n/);
});

test.run();
