/** What a person learns about a Loihi-like chip from the command line: room, energy, time, and the nearest rule that fits. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { near } from '../support/near.ts';
import { openBench } from './support.ts';

const bench = openBench();
test.after(bench.remove);

const EXPONENTIAL = JSON.stringify({
  name: 'exponential',
  traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
  onPre: 'w -= 0.01 * y1',
  onPost: 'w += 0.02 * x1 * exp(-w)',
});

test('a learned network reports its room, its energy per update, synaptic event and sample, and the time of a tick', async () => {
  const { stdout } = await bench.hillock([
    'run',
    'digits',
    '--chip',
    'loihi-like',
    '--train',
    '20',
    '--test',
    '10',
    '--epochs',
    '1',
    '--json',
  ]);
  const [{ resources, energy, timing, learningCost }] = JSON.parse(stdout).results;
  const bits = resources.find(({ resource }: { resource: string }) => resource === 'synapse bits');
  assert.equal(bits, { resource: 'synapse bits', where: 'core 0 (answers 0-29)', used: 36_864, available: 1_048_576 });
  const { running, learning } = energy.parts;
  near(energy.perSynapticEvent.value * learningCost.synapticEvents, running.value, 1e-18);
  near(energy.perUpdate.value * learningCost.synapticUpdates, learning.value, 1e-18);
  near(energy.perSample.value * learningCost.samples, running.value + learning.value, 1e-18);
  // one core: 30 neurons at 8.4 ns, the barrier of one tile, and events on top
  assert.ok(timing.perStep.value > (113 + 2.1 + 30 * 8.4) * 1e-9);
  near(timing.realTimeFactor, 1e-3 / timing.perStep.value, 1e-6);
  assert.ok(timing.energyDelay.value > 0 && timing.energyDelay.unit === 'J s');
});

test('check --fix prints the nearest rule that fits, with what became what', async () => {
  const file = bench.write('exponential.json', EXPONENTIAL);
  const { stdout, exitCode } = await bench.hillock(['check', 'stdp-window', '--chip', 'loihi-like', '--rule', file, '--fix']);
  assert.is(exitCode, 3);
  assert.match(stdout, 'E-NOT-PRODUCTS');
  assert.match(stdout, '  fix    the nearest rule for pre-post that fits; a weight change is off by at most 0.00029\n');
  assert.match(stdout, 'dw = -7*2^-3*x0*y1 + 7*2^-2*y0*x1');
  assert.match(stdout, 'exp(-w)  ->  0.995 - 0.931*w + 0.309*w*w  (off by at most 0.0054 for w in [0, 1])');
});

test("check reads a rule in Loihi's notation that is no sum of products, says what is wrong, and --fix what was meant", async () => {
  const traces = { x1: { on: 'pre', tau: '20 ms', impulse: 16 }, y1: { on: 'post', tau: '20 ms', impulse: 16 } };
  const file = bench.write('decimals.json', JSON.stringify({ name: 'decimals', traces, dw: '0.3*x1*y0 - x0*y1/4' }));
  const { stdout, exitCode } = await bench.hillock(['check', 'stdp-window', '--chip', 'loihi-like', '--rule', file, '--fix']);
  assert.is(exitCode, 3);
  assert.match(stdout, /loihi-like {2}does not fit: 2 errors/);
  assert.match(stdout, 'rule dw: 0.3 is not a whole number');
  assert.match(stdout, 'dw = 5*2^-4*y0*x1 - 2^-6*y0*x1 - 2^-2*x0*y1');
  const [result] = JSON.parse(
    (await bench.hillock(['check', 'stdp-window', '--chip', 'loihi-like', '--rule', file, '--fix', '--json'])).stdout,
  ).results;
  assert.equal(
    result.findings.slice(0, 2).map(({ code }: { code: string }) => code),
    ['E-DECIMAL', 'E-SYNTAX'],
  );
  assert.is(result.rules[0].nearest.rule.sumOfProducts.dw, '5*2^-4*y0*x1 - 2^-6*y0*x1 - 2^-2*x0*y1');
  // a run needs a rule that can be read
  const run = await bench.hillock(['run', 'stdp-window', '--chip', 'loihi-like', '--rule', file]);
  assert.is(run.exitCode, 2);
});

test('check says how full the fullest core is, how long a tick takes, and how the chip holds the rule', async () => {
  const { stdout } = await bench.hillock(['check', 'digits', '--chip', 'loihi-like']);
  assert.match(stdout, '  room   36864 of 1048576 synapse bits, core 0 (answers 0-29)\n');
  assert.match(stdout, /time {3}a tick takes 274 ns idle, \S+ us at most: keeps up with 1 ms of real time\n/);
  assert.match(stdout, /dt {6,}post spike {2}2\^-3\*x1/);
  const { rules, timing, placement } = JSON.parse(
    (await bench.hillock(['check', 'digits', '--chip', 'loihi-like', '--fix', '--json'])).stdout,
  ).results[0];
  assert.is(rules[0].projection, 'pixels-answers');
  assert.ok(Array.isArray(rules[0].nearest.changes));
  near(timing.perStep.value, 274e-9, 1e-9);
  assert.equal(Object.keys(placement).sort(), ['routes', 'summary', 'uses']);
});

test('a variant of the chip is a generation, or switches', async () => {
  const check = (chip: string) => bench.hillock(['check', 'digits', '--chip', chip, '--json']);
  const soft = await check('loihi-like:loihi1');
  assert.is(soft.exitCode, 3);
  assert.match(soft.stdout, 'E-LOIHI-MICROCODE');
  assert.is((await check('loihi-like:loihi2+rounding=never-up+weightBits=6')).exitCode, 0);
  for (const [chip, words] of [
    ['loihi-like:loihi9', 'loihi-like has no variant'],
    ['loihi-like:rounding=up', 'unknown rounding'],
    ['loihi-like:colour=red', 'colour'],
  ]) {
    const { stdout, stderr, exitCode } = await check(chip);
    assert.is(exitCode, 2);
    assert.match(stdout + stderr, words);
  }
});

test('a chip without such figures says nothing of them', async () => {
  const { stdout } = await bench.hillock(['check', 'digits', '--chip', 'ideal', '--fix']);
  assert.match(stdout, /^ideal {2}fits {2}\(no limits\)\n$/);
});

test('one bit for weights of both signs holds no weight, and is refused', async () => {
  const { stderr, exitCode } = await bench.hillock(['check', 'digits', '--chip', 'loihi-like:learnedWeightBits=1']);
  assert.is(exitCode, 3);
  assert.is(
    stderr,
    'projection pixels-answers has weights of both signs, and 1 bit for them, which is the sign\n  give it 2 bits or more (weightBits, learnedWeightBits, or projectionBits for this one)\n',
  );
});

test.run();
