// time limit: 300 s
/** A sweep whose process is killed again and again, and one that two processes do at once: nothing is lost, nothing is there twice, no bit differs. */
import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { uniformAt } from '../../../core/random.ts';
import type { SweepPlan } from '../../../experiments/sweep/sweep-plan.ts';
import { builtCli, environment } from '../../cli/built.ts';
import { openBench, withoutTimes } from '../../cli/support.ts';
import { bitsOf, copyOfPlan, merged, planSmallSweep, RUNS, resultFiles } from '../../support/small-sweep.ts';

const bench = openBench();
const built = builtCli(bench.folder);
test.after(() => {
  built.remove();
  bench.remove();
});

let undisturbed = '';
let keys: string[] = [];
test.before(async () => {
  await built.build();
  undisturbed = planSmallSweep(built, bench.path('undisturbed'));
  const plan = JSON.parse(readFileSync(join(undisturbed, 'plan.json'), 'utf8')) as SweepPlan;
  keys = plan.runs.map(({ key }) => key);
  assert.is(new Set(keys).size, RUNS);
  const { code, stdout, stderr } = built.run(['sweep', 'run', undisturbed, '--threads', '2']);
  assert.is(code, 0, stderr);
  assert.match(stdout, /^200 of 200 runs are done, 0 were there\n/);
});

const MOST_KILLS = 8;

/** Resolves with the exit code, null for a process that was killed. */
const ended = (child: ChildProcess): Promise<number | null> => {
  child.stdout?.resume();
  child.stderr?.resume();
  return new Promise((done) => child.once('close', done));
};

/** Kills the process some time after it has finished a run; resolves with whether it lived that long. */
async function killAfterARun(child: ChildProcess, sweep: string, before: number, milliseconds: number): Promise<boolean> {
  let over = false;
  const end = ended(child).then(() => {
    over = true;
  });
  while (!over && resultFiles(sweep).length === before) await sleep(10);
  await Promise.race([end, sleep(milliseconds)]);
  const wasAlive = !over;
  child.kill('SIGKILL');
  await end;
  return wasAlive;
}

async function sameAsUndisturbed(sweep: string): Promise<void> {
  assert.is(resultFiles(sweep).length, RUNS);
  assert.equal(await bitsOf(sweep, keys), await bitsOf(undisturbed, keys));
  const [found, expected] = [merged(built, sweep), merged(built, undisturbed)];
  assert.equal(found.sweep?.runs, { planned: RUNS, done: RUNS, failed: 0, missing: 0 });
  for (const { seeds } of found.sweep?.settings ?? []) assert.is(new Set(seeds).size, RUNS / 2);
  assert.equal(withoutTimes(found), withoutTimes(expected));
}

test('kill -9 at random times: complete in the end, no run twice, the same bits', async () => {
  const sweep = copyOfPlan(undisturbed, bench.path('killed'));
  let kills = 0;
  while (kills < MOST_KILLS && resultFiles(sweep).length < RUNS) {
    const child = built.start(['sweep', 'run', sweep, '--threads', '2']);
    const milliseconds = 300 * uniformAt(7, 1, kills, 0);
    if (await killAfterARun(child, sweep, resultFiles(sweep).length, milliseconds)) kills++;
  }
  assert.ok(kills >= 3, `only ${kills} kills`);
  const { code, stderr } = built.run(['sweep', 'run', sweep, '--threads', '2']);
  assert.is(code, 0, stderr);
  await sameAsUndisturbed(sweep);
});

test('two processes on one folder at once: no run twice in the merge, the same bits', async () => {
  const sweep = copyOfPlan(undisturbed, bench.path('two'));
  const both = [1, 2].map(() => ended(built.start(['sweep', 'run', sweep, '--threads', '1'])));
  assert.equal(await Promise.all(both), [0, 0]);
  await sameAsUndisturbed(sweep);
});

const FULL = 'a disk that fills up ends the sweep with a sentence, and what is there stays';
if (spawnSync('bash', ['-c', 'ulimit -f 8']).status !== 0) {
  test.skip(FULL);
  console.log(`skipped: ${FULL} (needs bash with ulimit -f)`);
} else {
  test(FULL, async () => {
    const sweep = bench.path('full');
    built.run(['sweep', 'plan', 'stdp-window', '--seeds', '3', '--out', sweep]);
    assert.is(built.run(['sweep', 'run', sweep, '--shard', '1/3']).code, 0);
    const before = resultFiles(sweep);
    // a stored run is longer than 8 KiB
    const words = ['-c', 'ulimit -f 8; "$@"', 'bash', process.execPath, built.cli, 'sweep', 'run', sweep, '--json'];
    const { status, stdout } = spawnSync('bash', words, { env: environment(), encoding: 'utf8' });
    assert.is(status, 2);
    assert.is(JSON.parse(stdout).error.code, 'E-WRITE');
    assert.equal(resultFiles(sweep), before);
    assert.is(built.run(['sweep', 'run', sweep]).stdout.split('\n')[0], '3 of 3 runs are done, 1 were there');
  });
}

test.run();
