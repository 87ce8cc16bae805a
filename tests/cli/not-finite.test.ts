/** A rule that divides by a trace which is still zero: the run stops and names the synapse, the tick and what the rule read. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { errorAnswer } from '../../cli/print-error.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { networkOf } from '../../experiments/plan-runs.ts';
import { runOne } from '../../experiments/run-worker.ts';
import { stdpWindow } from '../../scenarios/stdp-window.ts';
import { openBench } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

const divides = { name: 'mine', traces: { x1: { on: 'pre', tau: '20 ms' } }, onPost: 'w += 0.001 / x1' } as const;

// Pairs whose post spike comes first have no pre trace yet: the first such spike of all is at tick 11, at the first synapse.
const WORDS = 'rule mine of projection pre-post, onPost: the new weight is not a number at synapse 0 -> 0, tick 11; there w = 0.5, x1 = 0';

test('the run stops with the synapse and the tick, in words and with exit code 2', () => {
  const experiment = stdpWindow.build({ pixels: 1, realImages: false });
  const plan = buildPlan(networkOf(experiment, rule(divides), 1), ideal());
  let thrown: unknown;
  try {
    runOne({ plan, task: experiment.task, progress: new Int32Array(2) });
  } catch (error) {
    thrown = error;
  }
  const { stderr, exitCode } = errorAnswer(thrown, 'run', { json: false, debug: false });
  assert.is(stderr.split('\n')[0], WORDS);
  assert.match(stderr, /\n {4}w \+= 0\.001 \/ x1\n {2}a division by a trace or variable that is zero is the usual cause/);
  assert.is(exitCode, 2);
});

test('the command line says the same with --json, as one document', async () => {
  const file = bench.write('divides.json', JSON.stringify(divides));
  const { stdout, exitCode } = await bench.hillock(['run', 'stdp-window', '--rule', file, '--json']);
  const { error } = JSON.parse(stdout);
  assert.equal([exitCode, error.code, error.message], [2, 'E-NOT-FINITE', WORDS]);
});

test.run();
