/** Comparing the word of a draw with a whole number is the same as comparing the draw itself: beside every threshold, and where doubles end. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileExpressionOrThrow } from '../../../core/program/check-types.ts';
import { poissonQuantile } from '../../../core/program/elementary.ts';
import type { Apply } from '../../../core/program/ir.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { firstWordFrom, isComparable, lastWordUpTo, poissonSums } from '../../../core/program/word-thresholds.ts';

const MOST = 2 ** 32 - 1;
/** What core/random.ts makes of a word. */
const uniformOf = (word: number): number => (word + 0.5) / 2 ** 32;
const around = (word: number): number[] => [-2, -1, 0, 1, 2].map((step) => word + step).filter((near) => near >= 0 && near <= MOST);

const MEANS = [0, 1e-12, 1e-9, 0.001, 0.3, 0.5, Math.LN2, 1, 2, 3.7, 5, 8, 10, 13.25, 17, 20];

test('a count of exceeded thresholds is the Poisson quantile, at every threshold and two words on either side', () => {
  let compared = 0;
  for (const mean of MEANS) {
    const thresholds = poissonSums(mean).map(lastWordUpTo);
    for (const word of [0, MOST, ...thresholds.flatMap(around)]) {
      const count = thresholds.filter((threshold) => word > threshold).length;
      assert.is(count, poissonQuantile(mean, uniformOf(word)), `mean ${mean}, word ${word}`);
      compared++;
    }
    // each threshold counts for some words and not for others
    for (const threshold of thresholds) assert.ok(threshold >= -1 && threshold < MOST, `mean ${mean}: ${threshold}`);
  }
  assert.ok(compared > 1500, `${compared}`);
});

test('a draw is above or below a number if its word is, for numbers between, on and beside the draws', () => {
  const beside = (p: number): number[] => [p, p * (1 - 2 ** -53), p * (1 + 2 ** -52)];
  const numbers = [0, 1, 2, -1, 5e-324, 1e-300, 2 ** -33, 2 ** -34, 1 - 2 ** -33, 1 - 2 ** -53, 0.01, 1 / 3, 0.5, Math.fround(0.1)];
  const words = [0, 1, 2, 3, 1000, 2 ** 22, 2 ** 31 - 1, 2 ** 31, 3e9, MOST - 1, MOST];
  for (const p of [...numbers, ...words.map(uniformOf), ...words.map((word) => word / 2 ** 32)].flatMap(beside)) {
    const [last, first] = [lastWordUpTo(p), firstWordFrom(p)];
    for (const word of [0, 1, 2, MOST - 1, MOST, ...around(last), ...around(first)]) {
      assert.is(word > last, uniformOf(word) > p, `${word} above ${p}`);
      assert.is(word < first, uniformOf(word) < p, `${word} below ${p}`);
    }
  }
});

test('only a small literal mean makes a Poisson draw comparisons', () => {
  const v = { name: 'v', scope: 'neuron', format: { kind: 'float', bits: 64 }, writable: true } as const;
  const comparable = (text: string): boolean => isComparable(compileExpressionOrThrow(text, symbolTable([v]), { title: 'draw' }) as Apply);
  assert.ok(comparable('poisson(0)') && comparable('poisson(2)') && comparable('poisson(20)'));
  assert.not(comparable('poisson(21)') || comparable('poisson(v)'));
});

test.run();
