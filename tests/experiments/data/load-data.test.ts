import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../../core/errors.ts';
import { generateGlyphs } from '../../../experiments/data/glyphs.ts';
import { loadData } from '../../../experiments/data/load-data.ts';
import { hashLabelledImages } from '../../../formats/labelled-images.ts';

const test = suite('load data');
const dir = mkdtempSync(join(tmpdir(), 'hillock-load-'));
test.after(() => rmSync(dir, { recursive: true }));

/** 20 training and 6 test images of one pixel; image k has grey k and label k mod 10. */
for (const [part, count] of [
  ['train', 20],
  ['t10k', 6],
] as const) {
  const greys = Array.from({ length: count }, (_, k) => k);
  writeFileSync(join(dir, `${part}-images-idx3-ubyte`), Uint8Array.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 1, 0, 0, 0, 1, ...greys]));
  writeFileSync(join(dir, `${part}-labels-idx1-ubyte`), Uint8Array.from([0, 0, 8, 1, 0, 0, 0, count, ...greys.map((k) => k % 10)]));
}

function problemsOf(options: Parameters<typeof loadData>[0]): readonly { code: string; message: string }[] {
  try {
    loadData(options);
  } catch (error) {
    assert.instance(error, UserError);
    return (error as UserError).problems;
  }
  throw new Error('nothing was thrown');
}

test('without a folder glyphs are generated, the same for the same seed', () => {
  const { train, test: held, validation, inputs } = loadData({ train: 30, test: 20, seed: 4, glyphs: { jitter: 0 } });
  assert.is(hashLabelledImages(train), hashLabelledImages(generateGlyphs({ seed: 4, count: 30, jitter: 0 })));
  assert.is(hashLabelledImages(held), hashLabelledImages(generateGlyphs({ seed: 4, count: 20, jitter: 0, part: 'test' })));
  assert.is(validation, undefined);
  assert.equal(inputs.train, { sha256: hashLabelledImages(train), what: 'first 30 images of glyphs train, 8 x 8 pixels, with labels' });
});

test('the first images of a folder are taken, all of them by default', () => {
  const some = loadData({ data: dir, train: 3, test: 2, seed: 1 });
  assert.equal(Array.from(some.train.pixels), [0, 1, 2]);
  assert.equal(Array.from(some.test.labels), [0, 1]);
  const all = loadData({ data: dir, seed: 1 });
  assert.equal([all.train.count, all.test.count], [20, 6]);
  assert.is.not(some.inputs.train.sha256, all.inputs.train.sha256);
});

test('the hashes of the four files are part of the inputs', () => {
  const { inputs } = loadData({ data: dir, seed: 1 });
  assert.equal(
    Object.keys(inputs)
      .map((key) => key.replace(`${dir}/`, ''))
      .sort(),
    ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte', 'test', 'train', 'train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  );
});

test('asking for more than there is names how many there are, for both sets at once', () => {
  assert.equal(
    problemsOf({ data: dir, train: 21, test: 7, seed: 1 }).map(({ code, message }) => `${code} ${message}`),
    [`E-RANGE is 21, but there are only 20 training images in ${dir}`, `E-RANGE is 7, but there are only 6 test images in ${dir}`],
  );
  assert.equal(
    problemsOf({ train: 0, test: 1.5, seed: 1 }).map(({ message }) => message),
    ['is 0; allowed are whole numbers from 1', 'is 1.5; allowed are whole numbers from 1'],
  );
});

test('validation images come from the training images that were asked for', () => {
  const { train, validation, test: held } = loadData({ data: dir, train: 10, seed: 1, validationFraction: 0.3 });
  assert.ok(validation);
  assert.equal([train.count, validation.count, held.count], [7, 3, 6]);
  const greys = [...train.pixels, ...validation.pixels].sort((a, b) => a - b);
  assert.equal(greys, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test.run();
