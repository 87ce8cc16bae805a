import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InternalError, UserError } from '../../core/errors.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import { firstImages, hashLabelledImages, split, subset } from '../../formats/labelled-images.ts';

const test = suite('labelled images');

/** Image k has the pixels (k, k + 100) and label k mod 10. */
function numbered(count: number): LabelledImages {
  const pixels = new Uint8Array(new SharedArrayBuffer(2 * count));
  const labels = new Uint8Array(count);
  for (let k = 0; k < count; k++) {
    pixels.set([k, k + 100], 2 * k);
    labels[k] = k % 10;
  }
  return { name: 'numbered', count, rows: 1, columns: 2, classes: 10, pixels, labels };
}

/** Which of the numbered images these are. */
const numbers = (images: LabelledImages) => Array.from({ length: images.count }, (_, k) => images.pixels[2 * k]);

test('a subset keeps each label with its image, in the order asked for, in shared memory', () => {
  const part = subset(numbered(20), [13, 4, 13]);
  assert.equal(Array.from(part.pixels), [13, 113, 4, 104, 13, 113]);
  assert.equal(Array.from(part.labels), [3, 4, 3]);
  assert.is(part.count, 3);
  assert.instance(part.pixels.buffer, SharedArrayBuffer);
  assert.throws(
    () => subset(numbered(20), [20]),
    (error: unknown) => error instanceof InternalError,
  );
});

test('the first images share the memory of all', () => {
  const all = numbered(20);
  const first = firstImages(all, 3);
  assert.equal(numbers(first), [0, 1, 2]);
  assert.equal(Array.from(first.labels), [0, 1, 2]);
  assert.is(first.pixels.buffer, all.pixels.buffer);
  assert.throws(
    () => firstImages(all, 21),
    (error: unknown) => error instanceof InternalError,
  );
});

test('a split is a partition in the original order, the same for the same seed only', () => {
  const { train, validation } = split(numbered(50), 0.2, 7);
  assert.is(validation.count, 10);
  const ascending = (values: number[]) => [...values].sort((a, b) => a - b);
  assert.equal(
    ascending([...numbers(train), ...numbers(validation)]),
    Array.from({ length: 50 }, (_, k) => k),
  );
  assert.equal(numbers(train), ascending(numbers(train)));
  assert.equal(numbers(validation), ascending(numbers(validation)));
  assert.ok(numbers(validation).every((k, place) => validation.labels[place] === k % 10));
  assert.equal(numbers(split(numbered(50), 0.2, 7).validation), numbers(validation));
  assert.not.equal(numbers(split(numbered(50), 0.2, 8).validation), numbers(validation));
});

test('a split at random takes every image about equally often', () => {
  // 400 seeds x 5 of 50 images: each image is expected 40 times, sd = sqrt(400 * 0.1 * 0.9) = 6; 50 images within 5 sd.
  const taken = new Int32Array(50);
  for (let seed = 0; seed < 400; seed++) for (const k of numbers(split(numbered(50), 0.1, seed).validation)) taken[k]++;
  assert.is(
    taken.reduce((a, b) => a + b),
    2000,
  );
  assert.ok(taken.every((n) => Math.abs(n - 40) <= 30));
});

test('no validation is possible, no training is not', () => {
  assert.is(split(numbered(5), 0, 1).validation.count, 0);
  assert.is(split(numbered(5), 0, 1).train.count, 5);
  for (const fraction of [1, -0.1, 0.95, Number.NaN]) {
    assert.throws(
      () => split(numbered(5), fraction, 1),
      (error: unknown) =>
        error instanceof UserError && error.problems[0].code === 'E-RANGE' && error.message.includes(`fraction of ${fraction} `),
    );
  }
});

test('the hash follows sizes, pixels and labels, and not the name or the place in memory', () => {
  const images = numbered(4);
  const hash = hashLabelledImages(images);
  // printf '1 1 2 10\n\000\144\000' | sha256sum
  assert.is(hashLabelledImages(numbered(1)), '0ddac3b7e3c561ff5eb685c75e545fb17e63845a8c6ac8a1562de0337d762619');
  assert.is(hashLabelledImages({ ...images, name: 'other' }), hash);
  assert.is(hashLabelledImages(firstImages(numbered(9), 4)), hash);
  assert.is.not(hashLabelledImages({ ...images, rows: 2, columns: 1 }), hash);
  assert.is.not(hashLabelledImages({ ...images, labels: Uint8Array.from([0, 1, 2, 4]) }), hash);
  assert.is.not(hashLabelledImages(subset(images, [0, 1, 3, 2])), hash);
});

test.run();
