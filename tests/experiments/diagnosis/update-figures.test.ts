/** Figures over pairs of weight changes against what they are by hand. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { normalAt } from '../../../core/random.ts';
import type { UpdateFigures } from '../../../experiments/diagnosis/update-figures.ts';
import { createUpdateSums } from '../../../experiments/diagnosis/update-figures.ts';
import { near } from '../../support/near.ts';

type Change = readonly number[];

function figures(pairs: readonly (readonly [chip: Change, ideal: Change, descent?: Change])[]): UpdateFigures {
  const sums = createUpdateSums(pairs[0][0].length);
  for (const [chip, ideal, descent] of pairs) {
    sums.add(Float64Array.from(chip), Float64Array.from(ideal), descent && Float64Array.from(descent));
  }
  return sums.figures();
}

test('the angle of a sample is a mean over samples; that of the sum lets opposite errors cancel', () => {
  // 45 degrees to either side of the ideal change
  const found = figures([
    [
      [1, 1],
      [1, 0],
    ],
    [
      [1, -1],
      [1, 0],
    ],
  ]);
  near(found.angleDegrees ?? 0, 45, 1e-12);
  near(found.angleOfSumDegrees ?? 90, 0, 1e-12);
  near(found.carriedShare ?? 0, 1, 1e-12);
});

test('what arrives is the part along the ideal change: half of it, and an error at right angles that counts for nothing', () => {
  near(figures([[[0.5, 7], [1, 0]]]).carriedShare ?? 0, 0.5, 1e-12); // biome-ignore format: a pair on a line
  near(figures([[[1, 2], [-1, -2]]]).carriedShare ?? 0, -1, 1e-12); // biome-ignore format: a pair on a line
});

test('lost are changes asked for that store nothing; what nobody asked for is not counted', () => {
  const found = figures([
    [
      [0, 0, 3, 1],
      [1, -1, 2, 0],
    ],
    [
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ],
  ]);
  near(found.lostShare ?? 0, 3 / 4, 1e-12);
  assert.is(found.updates, 2);
});

test('signal to noise of alternating changes is the closed form, less what the spread adds to the mean', () => {
  // μ = (3, 4), each sample off by ±σ along one synapse: Σ variance = σ²·n/(n - 1), ‖μ‖² = 25
  const [n, sigma] = [10, 2];
  const found = figures(
    Array.from({ length: n }, (_, k) => {
      const change = [3 + (k % 2 === 0 ? sigma : -sigma), 4];
      return [change, [3, 4]] as const;
    }),
  );
  const variance = (sigma ** 2 * n) / (n - 1);
  near(found.signalToNoise ?? 0, Math.sqrt((25 - variance / n) / variance), 1e-12);
  assert.is(found.spreadRatio, null);
  assert.is(found.idealSignalToNoise, null, 'changes that are all alike have no noise to be divided by');
});

test('signal to noise of normal changes is their mean over their spread, and 0 on average of pure noise', () => {
  const drawn = (mean: number, stream: number): UpdateFigures =>
    figures(
      Array.from({ length: 200 }, (_, k) => {
        const change = Array.from({ length: 50 }, (_, i) => mean + normalAt(3, stream, i, k));
        return [change, change] as const;
      }),
    );
  near(drawn(0.5, 1).signalToNoise ?? 0, 0.5, 0.02);
  assert.ok((drawn(0, 2).signalToNoise ?? 1) < 0.05);
});

test('the spread is compared with that of the ideal changes', () => {
  const found = figures(Array.from({ length: 6 }, (_, k) => [[k % 2 === 0 ? 9 : 3], [k % 2 === 0 ? 1 : -1]] as const));
  near(found.spreadRatio ?? 0, 3, 1e-12);
});

test('angles to the descent are there where a gradient was given', () => {
  const found = figures([
    [
      [0, 1],
      [1, 1],
      [1, 0],
    ],
  ]);
  near(found.gradientDegrees?.chip ?? 0, 90, 1e-12);
  near(found.gradientDegrees?.ideal ?? 0, 45, 1e-12);
  assert.is(figures([[[0, 1], [1, 1]]]).gradientDegrees, null); // biome-ignore format: a pair on a line
});

test('without changes there are no angles and no shares', () => {
  const { angleDegrees, angleOfSumDegrees, carriedShare, lostShare, signalToNoise, updates } = figures([[[0], [0]]]); // biome-ignore format: a pair on a line
  assert.equal([angleDegrees, angleOfSumDegrees, carriedShare, lostShare, signalToNoise, updates], [null, null, null, null, null, 0]);
});

test.run();
