/**
 * A thread of the pool that is killed, throws or hangs in the middle of a run, for real: this file starts itself as a process in which that
 * happens, and looks at what it reports.
 */
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { UserError } from '../../core/errors.ts';
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import { openExecutor } from '../../experiments/execute-runs.ts';
import { planRun } from '../../experiments/plan-runs.ts';
import { readScenario } from '../../experiments/read-experiment.ts';
import type { ResultDocument } from '../../experiments/result.ts';
import { newProgress } from '../../experiments/run-board.ts';
import { runExperiment } from '../../experiments/run-experiment.ts';
import { rewardChoice } from '../../scenarios/reward-choice.ts';
import type { Moment, Trouble } from '../support/sabotage.ts';
import { momentNow, runSabotaged, SECOND, shortestDelay, watchThreads } from '../support/sabotage.ts';

function run(): Promise<ResultDocument> {
  const { experiment } = readScenario(rewardChoice, { pixels: 64, realImages: false, counts: { train: 12 } });
  const rule = ruleLibrary['r-stdp-delayed'];
  return runExperiment({ experiment, rule, chips: [ideal()], seed: 1, seeds: 2, threads: 2, resume: false, command: 'test' });
}

const TASKS = '/proc/self/task';
const threadsNow = (): number => (existsSync(TASKS) ? readdirSync(TASKS).length : 0);
const hashesOf = (document: ResultDocument): unknown => document.results.map(({ stateHash }) => stateHash);

async function inTrouble(): Promise<void> {
  watchThreads();
  let before = threadsNow();
  let moment: Moment | undefined;
  const first = await run().then(
    () => ({ code: 'none', message: 'nothing was thrown' }),
    (error: unknown) => {
      moment = momentNow();
      if (!(error instanceof UserError)) return { code: 'not for people', message: String(error) };
      const [{ code, message }] = error.problems;
      return { code, message };
    },
  );
  // a busy machine takes a while to clear away a thread that was just starting when it was told to end
  for (let n = 0; n < 200 && threadsNow() > before; n++) await sleep(50);
  const left = threadsNow() - before;
  const next = hashesOf(await run());
  before = threadsNow();
  const again = hashesOf(await run());
  process.stdout.write(
    `${JSON.stringify({ ...moment, first, left, same: JSON.stringify(next) === JSON.stringify(again), grows: threadsNow() > before })}\n`,
  );
}

/** A run whose thread dies is begun again, and somebody is told. */
async function begunAgain(): Promise<void> {
  const { experiment } = readScenario(rewardChoice, { pixels: 64, realImages: false, counts: { train: 12 } });
  const planned = planRun({ experiment, rule: ruleLibrary['r-stdp-delayed'], chip: ideal(), seed: 1, deviceSet: 0 });
  const notes: string[] = [];
  const executor = await openExecutor(1, { attempts: 2, onNote: (note) => void notes.push(note) });
  const hashes: (string | undefined)[] = [];
  for (let n = 0; n < 2; n++) hashes.push((await executor.run(planned, newProgress())).outcome?.stateHash);
  const moment = momentNow();
  await executor.destroy();
  process.stdout.write(`${JSON.stringify({ ...moment, notes, same: hashes[0] !== undefined && hashes[0] === hashes[1] })}\n`);
}

const BEGUN_AGAIN = 'is begun again';

const SCENARIOS: Readonly<Record<string, { trouble: Trouble; code: string; message: RegExp }>> = {
  hangs: { trouble: 'hangs', code: 'E-RUN-STALLED', message: /^the run of ideal with seed [12] hangs: no tick for [\d.]+ s$/ },
  'sleeps for ever': { trouble: 'sleeps', code: 'E-RUN-STALLED', message: /^the run of ideal with seed [12] hangs: no tick for [\d.]+ s$/ },
  'is killed': {
    trouble: 'exits',
    code: 'E-RUN-DIED',
    message: /^the run of ideal with seed [12] has ended in the middle: worker exited with code: 3$/,
  },
};

/** Even: between the sign that ticks begin and the one that they have ended. */
const SIGNS_BEFORE = 22;

if (process.argv[2] === BEGUN_AGAIN) await begunAgain();
else if (process.argv[2] !== undefined) await inTrouble();
else {
  for (const [name, { trouble, code, message }] of Object.entries(SCENARIOS)) {
    test(`a thread of the pool ${name} in the middle of a run: a named error within a second, no thread left, the next run is right`, () => {
      const shortest = shortestDelay(() => {
        const { report, delay } = runSabotaged(fileURLToPath(import.meta.url), name, trouble, SIGNS_BEFORE);
        const { code: found, message: said } = report.first as { code: string; message: string };
        assert.is(found, code, said);
        assert.match(said, message);
        assert.equal([report.left, report.same, report.grows], [0, true, false]);
        return delay;
      });
      assert.ok(shortest <= SECOND, `after ${shortest} ms`);
    });
  }
  for (const trouble of ['exits', 'hangs'] as const) {
    test(`a run that may be tried twice survives a thread that ${trouble}, with the same bits`, () => {
      const { same, notes } = runSabotaged(fileURLToPath(import.meta.url), BEGUN_AGAIN, trouble, SIGNS_BEFORE).report;
      assert.is(same, true);
      assert.match(String(notes), /^the run of ideal with seed 1 (hangs: no tick for|has ended in the middle).*; it is begun again$/);
    });
  }
  test.run();
}
