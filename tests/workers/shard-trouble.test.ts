/**
 * A shard's thread that is killed, throws or hangs in the middle of a run, for real: this file starts itself as a process in which that
 * happens, and looks at what it reports.
 */
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { UserError } from '../../core/errors.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { Simulation } from '../../workers/simulation.ts';
import type { Trouble } from '../support/sabotage.ts';
import { momentNow, runSabotaged, SECOND, shortestDelay } from '../support/sabotage.ts';

function busyPlan(): Plan {
  const net = network({ dt: '1 ms', seed: 3 });
  const input = net.input('input', 60, { rates: '50 Hz' });
  const cells = net.neurons('cells', 40, { model: 'lif', tauMem: '20 ms', vThreshold: 1, noise: 0.1 });
  net.connect(input, cells, { weight: { uniform: [0, 0.5] }, delay: '2 ms', rule: 'pair-stdp' });
  net.connect(cells, cells, { weight: 0.05, delay: '3 ms' });
  return buildPlan(net.freeze(), ideal());
}

const TASKS = '/proc/self/task';
const threadsNow = (): number => (existsSync(TASKS) ? readdirSync(TASKS).length : 0);

/** Waits until no more threads are left than there were, or ten seconds: a busy machine takes a while to clear them away. */
async function threadsGone(before: number): Promise<boolean> {
  for (let n = 0; n < 200 && threadsNow() > before; n++) await sleep(50);
  return threadsNow() <= before;
}

const complaintOf = (call: () => void): { code: string; message: string } => {
  try {
    call();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [{ code, message }] = error.problems;
    return { code, message };
  }
  return { code: 'none', message: 'nothing was thrown' };
};

async function inTrouble(scenario: string): Promise<void> {
  const plan = busyPlan();
  const expected = new Simulation(plan);
  expected.run(200);
  const before = threadsNow();
  const simulation = new Simulation(plan, { threads: 2, shards: 2 });
  let first: { code: string; message: string };
  if (scenario === 'is terminated between two runs') {
    simulation.run(10);
    await (globalThis as unknown as { threads: { terminate(): Promise<number> }[] }).threads[0].terminate();
    process.stdout.write(`trouble at ${JSON.stringify(momentNow())}\n`);
    first = complaintOf(() => simulation.run(1_000_000));
  } else first = complaintOf(() => simulation.run(1_000_000));
  const moment = momentNow();
  const again = complaintOf(() => simulation.run(1));
  const gone = await threadsGone(before);
  const next = new Simulation(plan, { threads: 2, shards: 2 });
  next.run(200);
  const same = next.hash() === expected.hash();
  next.dispose();
  process.stdout.write(`${JSON.stringify({ ...moment, first, again, gone, same })}\n`);
}

const SCENARIOS: Readonly<Record<string, { trouble?: Trouble; code: string; message: RegExp }>> = {
  hangs: { trouble: 'hangs', code: 'E-SHARD-STALLED', message: /^shard 1 has stopped or hangs: no tick for [\d.]+ s$/ },
  'sleeps for ever': { trouble: 'sleeps', code: 'E-SHARD-STALLED', message: /^shard 1 has stopped or hangs: no tick for [\d.]+ s$/ },
  'is killed': { trouble: 'exits', code: 'E-SHARD-STALLED', message: /^shard 1 has stopped or hangs: no tick for [\d.]+ s$/ },
  'is terminated between two runs': { code: 'E-SHARD-FAILED', message: /^shard 1 failed: its thread has ended with code 1$/ },
  throws: { trouble: 'throws', code: 'E-SHARD-FAILED', message: /^shard 1 failed: boom$/ },
};

if (process.argv[2] !== undefined) await inTrouble(process.argv[2]);
else if (availableParallelism() < 2) test.skip('a thread in trouble: needs two cores', () => {});
else {
  for (const [name, { trouble, code, message }] of Object.entries(SCENARIOS)) {
    const when = trouble === undefined ? '' : ' in the middle of a run';
    test(`a thread ${name}${when}: a named error within a second, no thread left, the next run is right`, () => {
      const shortest = shortestDelay(() => {
        const { report, delay } = runSabotaged(fileURLToPath(import.meta.url), name, trouble, 500);
        const { code: found, message: said } = report.first as { code: string; message: string };
        assert.is(found, code);
        assert.match(said, message);
        assert.equal(report.again, {
          code: 'E-SHARD-ENDED',
          message: `this simulation has ended (${said}), and runs no further`,
        });
        assert.is(report.gone, true, 'a thread is left');
        assert.is(report.same, true, 'the next run gives other bits');
        return delay;
      });
      assert.ok(shortest <= SECOND, `after ${shortest} ms`);
    });
  }
}

if (process.argv[2] === undefined) test.run();
