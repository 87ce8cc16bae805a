/** The threshold that a row of settings gives, on scores made up so that the answer is known. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SettingResult } from '../../../experiments/result.ts';
import { meanWithCi } from '../../../experiments/statistics.ts';
import type { Asked } from '../../../experiments/sweep/answer.ts';
import { answerOf } from '../../../experiments/sweep/answer.ts';
import { rowOf } from '../../../experiments/sweep/ask.ts';
import { howManyLevels } from '../../../scenarios/how-many-levels.ts';
import { whichDevice } from '../../../scenarios/which-device.ts';

function setting(chip: string, perSeed: readonly number[], joules?: number): SettingResult {
  const { mean, ci95, n } = meanWithCi([...perSeed]);
  return {
    chip,
    rule: 'mine',
    values: { chip },
    seeds: perSeed.map((_, seed) => seed),
    accuracy: { mean, ci95, n, perSeed },
    energyPerUpdate: joules === undefined ? null : { value: joules, lo: joules, hi: joules, unit: 'J' },
    energySpread: null,
    energyIsLowerBound: false,
    synapticUpdates: 1,
    stateHash: null,
  };
}

const IDEAL = [0.9, 0.7, 0.8, 0.95];
const around = (loss: number, wobble: number): number[] => IDEAL.map((share, n) => share - loss + (n % 2 === 0 ? wobble : -wobble));

const ask = (wanted: Asked['wanted'], row: Readonly<Record<string, readonly number[]>>, reference = IDEAL): Asked => ({
  wanted,
  tolerance: 0.02,
  noun: 'levels',
  reference: setting('ideal', reference),
  settings: Object.entries(row).map(([value, scores]) => ({ value, result: setting(value, scores) })),
});

test('seeds differ by 25 points, and still the smallest number within 2 points is found: differences are paired', () => {
  const { threshold, words, points } = answerOf(
    ask('least', { 4: around(0.3, 0.01), 8: around(0.06, 0.005), 16: around(0.005, 0.002), 32: around(0, 0.001) }),
  );
  assert.is(threshold, '16');
  assert.equal(
    points.map(({ verdict }) => verdict),
    ['beyond', 'beyond', 'within', 'within'],
  );
  assert.match(
    words,
    /^16 levels are enough: -0\.5 \[-0\.9, -0\.1\] points, within 2 points of ideal; 8 are not: -6\.0 \[-6\.9, -5\.1\] points\.$/,
  );
});

test('what the seeds cannot tell is neither enough nor too little', () => {
  const { threshold, words } = answerOf(ask('least', { 4: around(0.3, 0.01), 8: around(0.02, 0.02), 16: around(0, 0.002) }));
  assert.is(threshold, '16');
  assert.match(words, /; 4 are not: .*; 4 seeds cannot say for 8\.$/);
});

test('a value beyond the tolerance among larger ones moves the threshold above it', () => {
  const { threshold } = answerOf(ask('least', { 4: around(0, 0.001), 8: around(0.1, 0.001), 16: around(0, 0.001) }));
  assert.is(threshold, '16');
});

test('of noise the largest that can be borne is wanted', () => {
  const row = { 1: around(0, 0.001), 2: around(0.004, 0.001), 3: around(0.2, 0.01) };
  const { threshold, words } = answerOf({ ...ask('largest', row), noun: 'steps of noise' });
  assert.is(threshold, '2');
  assert.match(words, /^2 steps of noise can be borne: .*; 3 are not: -20\.0/);
});

test('one seed has no interval and gives no answer; when all values will do, it says that none was tried that does not', () => {
  const single = answerOf(ask('least', { 4: [0.5], 8: [0.9] }, [0.9]));
  assert.is(single.threshold, null);
  assert.is(single.words, 'No answer: one seed has no interval: give --seeds 3 or more.');
  const all = answerOf(ask('least', { 4: around(0, 0.001), 8: around(0, 0.001) }));
  assert.match(all.words, /^4 levels are enough, the least that was tried: /);
});

test('nothing within the tolerance is no answer', () => {
  const { threshold, words } = answerOf(ask('least', { 4: around(0.3, 0.01), 8: around(0.2, 0.01) }));
  assert.is(threshold, null);
  assert.match(words, /^No answer: no value is surely within 2 points of ideal; 8 are not: -20\.0/);
});

test('the best has others that cannot be told from it, and among these one is cheapest', () => {
  const asked = ask('best', { good: around(0.01, 0.003), same: around(0.012, 0.01), bad: around(0.3, 0.01) });
  const joules = [3e-12, 1e-12, 1e-15];
  const settings = asked.settings.map(({ value, result }, n) => ({
    value,
    result: setting(value, result.accuracy?.perSeed ?? [], joules[n]),
  }));
  const { threshold, words } = answerOf({ ...asked, settings });
  assert.is(threshold, 'good');
  assert.match(
    words,
    /^good scores highest with 0\.8\d\d, .* points against ideal; 4 seeds cannot tell same from it; of these same takes the least energy per update\.$/,
  );
});

test('a question varies an option of the chip it is asked of; devices are chips of their own', () => {
  const { axis, settings } = rowOf(howManyLevels, ['loihi-like:loihi1']);
  assert.is(axis, 'learnedWeightBits');
  assert.equal(settings[0].values, { chip: 'loihi-like:loihi1', learnedWeightBits: '2' });
  assert.is(settings[0].chip.profile.name, 'loihi-like:loihi1+learnedWeightBits=2');
  assert.is(rowOf(whichDevice, whichDevice.chips).settings.length, whichDevice.chips.length);
  assert.throws(
    () => rowOf(howManyLevels, ['ideal']),
    /how-many-levels has nothing to vary on ideal; it can be asked of memristor-crossbar, loihi-like/,
  );
  assert.throws(() => rowOf(howManyLevels, ['loihi-like', 'memristor-crossbar']), /is asked of one chip, not of 2/);
});

test.run();
