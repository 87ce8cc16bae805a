/** `--why`: the learning log of synapses from the command line, in the document and in words. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addExactly } from '../../core/exact-sum.ts';
import type { ResultDocument } from '../../experiments/result.ts';
import { openBench } from './support.ts';

const bench = openBench();
test.after(() => bench.remove());

const WORDS = ['run', 'digits', '--chip', 'ideal,memristor-crossbar', '--train', '60', '--test', '5', '--epochs', '1', '--seeds', '2'];
const WHY = ['--why', 'pixels-answers:27:3,pixels-answers:10:20'];

test('the document has the log of each synapse on each chip and seed, and the sum is the weight, exactly', async () => {
  const { stdout } = await bench.hillock([...WORDS, ...WHY, '--json']);
  const { results, command } = JSON.parse(stdout) as ResultDocument;
  assert.match(command, / --why pixels-answers:27:3,pixels-answers:10:20/);
  for (const { why } of results) {
    assert.equal(
      why?.map(({ seed, deviceSet, synapses }) => [seed, deviceSet, ...synapses.map(({ pre, post }) => [pre, post])]),
      [1, 2].map((seed) => [seed, 0, [27, 3], [10, 20]]),
    );
    const all = (why ?? []).flatMap(({ synapses }) => synapses);
    assert.ok(all.some(({ changes }) => changes.length > 0));
    for (const { start, end, changes, rest } of all) {
      const terms = [start, ...changes.flatMap(({ before, after }) => [after, -before]), ...rest.sum, -end];
      assert.equal(terms.reduce(addExactly, [] as readonly number[]), []);
      for (const { sample = 0, moment, read } of changes) {
        assert.ok(sample >= 1 && sample <= 60 && moment === 'onModulator');
        assert.equal(Object.keys(read).sort(), ['e', 'reward']);
      }
    }
  }
});

test('the log changes nothing else', async () => {
  const [plain, logged] = await Promise.all(
    [[], WHY].map(async (more) => JSON.parse((await bench.hillock([...WORDS, ...more, '--json'])).stdout) as ResultDocument),
  );
  assert.equal(
    logged.results.map(({ stateHash, accuracy, energy }) => ({ stateHash, accuracy, energy })),
    plain.results.map(({ stateHash, accuracy, energy }) => ({ stateHash, accuracy, energy })),
  );
  assert.is(plain.results[0].why, undefined);
});

test('the same in words, for the first seed', async () => {
  const { stdout } = await bench.hillock([...WORDS, '--why', 'pixels-answers:27:3', '--out', bench.path('words')]);
  assert.match(
    stdout,
    /\nideal, seed 1, pixels-answers:27:3: weight \S+ -> \S+ in \d+ changes?\n {2}tick \d+ \(sample \d+\), onModulator: /,
  );
  assert.match(stdout, /\nmemristor-crossbar, seed 1, .*\n( {2}.*\n)* {2}tick .*; reward \S+, e \S+; \d+ pulses?\n/);
});

test('what names no synapse is refused', async () => {
  for (const [asked, message] of [
    ['pixels-answers:27', /^--why has "pixels-answers:27", but a synapse is written projection:pre:post/],
    ['pixels-answer:27:3', /^pixels-answer:27:3: there is no projection "pixels-answer"\n {2}did you mean pixels-answers:27:3\?/],
    ['pixels-answers:64:3', /^pixels-answers:64:3: there is no source 64 of 0 … 63/],
  ] as const) {
    const { exitCode, stderr } = await bench.hillock(['run', 'digits', '--why', asked, '--out', bench.path('refused')]);
    assert.is(exitCode, 2);
    assert.match(stderr, message);
  }
});

test.run();
