import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../core/errors.ts';
import { readMnistFolder } from '../../formats/mnist-folder.ts';
import { skipWithoutShared } from '../support/skip-without.ts';

const test = suite('mnist folder');
const root = mkdtempSync(join(tmpdir(), 'hillock-mnist-'));
test.after(() => rmSync(root, { recursive: true }));

/** `count` images of rows x columns; pixel p of image k is 10k + p. */
function images(count: number, rows = 2, columns = 2): Uint8Array {
  const size = rows * columns;
  const pixels = Array.from({ length: count * size }, (_, i) => 10 * Math.floor(i / size) + (i % size));
  return Uint8Array.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, rows, 0, 0, 0, columns, ...pixels]);
}

function labels(...values: number[]): Uint8Array {
  return Uint8Array.from([0, 0, 8, 1, 0, 0, 0, values.length, ...values]);
}

const GOOD: Readonly<Record<string, Uint8Array>> = {
  'train-images-idx3-ubyte': images(3),
  'train-labels-idx1-ubyte': labels(5, 0, 4),
  't10k-images-idx3-ubyte': images(2),
  't10k-labels-idx1-ubyte': labels(7, 2),
};

/** A folder of the good files with some of them replaced, or left out where null. */
function folderOf(changes: Readonly<Record<string, Uint8Array | null>> = {}): string {
  const dir = mkdtempSync(join(root, 'set-'));
  for (const [name, bytes] of Object.entries({ ...GOOD, ...changes })) if (bytes !== null) writeFileSync(join(dir, name), bytes);
  return dir;
}

/** The messages, with the folder's path written as DIR. */
function messagesOf(dir: string): string[] {
  try {
    readMnistFolder(dir);
  } catch (error) {
    assert.instance(error, UserError);
    return (error as UserError).problems.map(({ message }) => message.replaceAll(`${dir}/`, 'DIR/').replaceAll(dir, 'DIR'));
  }
  throw new Error('nothing was thrown');
}

test('images and labels of both sets are read, with the pixels in shared memory', () => {
  const { train, test: held, files } = readMnistFolder(folderOf());
  assert.equal([train.name, train.count, train.rows, train.columns, train.classes], ['train', 3, 2, 2, 10]);
  assert.equal(Array.from(train.pixels), [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]);
  assert.equal(Array.from(train.labels), [5, 0, 4]);
  assert.equal(Array.from(held.labels), [7, 2]);
  assert.instance(train.pixels.buffer, SharedArrayBuffer);
  assert.is(files.length, 4);
  assert.ok(files.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256)));
});

test('packed files, dots before idx and the name of a slice are understood', () => {
  const dir = folderOf({
    'train-images-idx3-ubyte': null,
    'train-images.idx3-ubyte.gz': Uint8Array.from(gzipSync(images(3))),
    't10k-images-idx3-ubyte': null,
    't10k-labels-idx1-ubyte': null,
    't10k-first5000-images-idx3-ubyte.gz': Uint8Array.from(gzipSync(images(2))),
    't10k-first5000-labels-idx1-ubyte': labels(7, 2),
    'README.md': new Uint8Array(0),
  });
  const { train, test: held } = readMnistFolder(dir);
  assert.equal([train.name, train.count, held.name, held.count], ['train', 3, 't10k-first5000', 2]);
});

test('the unpacked file is taken where the packed one lies beside it', () => {
  const dir = folderOf({ 'train-images-idx3-ubyte.gz': Uint8Array.from([1, 2, 3]) });
  assert.ok(readMnistFolder(dir).files[0].path.endsWith('train-images-idx3-ubyte'));
});

test('what is missing is named together with what is there', () => {
  const dir = folderOf({ 'train-images-idx3-ubyte': null, 't10k-labels-idx1-ubyte': null, 'notes.txt': new Uint8Array(0) });
  assert.equal(messagesOf(dir), [
    'DIR has no training images (train-images*idx3-ubyte), no test labels (t10k*-labels*idx1-ubyte); it holds notes.txt, t10k-images-idx3-ubyte, train-labels-idx1-ubyte',
  ]);
});

test('an empty folder and a long listing stay readable', () => {
  assert.match(messagesOf(mkdtempSync(join(root, 'empty-')))[0], /; it holds nothing$/);
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`a${String(k).padStart(2, '0')}`, new Uint8Array(0)]));
  assert.match(messagesOf(folderOf({ ...many, 'train-images-idx3-ubyte': null }))[0], /; it holds a00, .*, a11 and 11 more$/);
});

test('a folder that is missing or a file is refused', () => {
  assert.equal(messagesOf(join(root, 'nowhere')), ['there is no folder DIR']);
  const file = join(root, 'file');
  writeFileSync(file, '');
  assert.equal(messagesOf(file), ['DIR is not a folder, or lies below something that is not']);
});

test('two data sets in one folder are not mixed', () => {
  assert.equal(messagesOf(folderOf({ 't10k-first5000-images-idx3-ubyte': images(2) })), [
    'DIR has 2 files of test images: t10k-first5000-images-idx3-ubyte, t10k-images-idx3-ubyte',
  ]);
});

test('counts of images and labels that differ are both named', () => {
  assert.equal(messagesOf(folderOf({ 'train-labels-idx1-ubyte': labels(5, 0) })), [
    'DIR/train-images-idx3-ubyte has 3 images but DIR/train-labels-idx1-ubyte has 2 labels',
  ]);
});

test('labels outside the ten classes are counted and the first is named', () => {
  assert.equal(messagesOf(folderOf({ 'train-labels-idx1-ubyte': labels(5, 10, 255) })), [
    'DIR/train-labels-idx1-ubyte has label 10 at index 1 and 1 more outside 0 to 9',
  ]);
  assert.equal(messagesOf(folderOf({ 't10k-labels-idx1-ubyte': labels(9, 10) })), [
    'DIR/t10k-labels-idx1-ubyte has label 10 at index 1 outside 0 to 9',
  ]);
});

test('all that is wrong with the four files is reported at once', () => {
  const dir = folderOf({
    'train-images-idx3-ubyte': labels(1, 2, 3),
    'train-labels-idx1-ubyte': labels(5, 0, 77),
    't10k-images-idx3-ubyte': images(2).subarray(0, 23),
    't10k-labels-idx1-ubyte': Uint8Array.from([0x50, 0x4b, 3, 4]),
  });
  assert.equal(messagesOf(dir), [
    'DIR/train-images-idx3-ubyte has magic 2049 (labels) where 2051 (images) is needed',
    'DIR/t10k-images-idx3-ubyte is cut short: expected 24 bytes, found 23',
    'DIR/t10k-labels-idx1-ubyte is not an idx file (starts with "PK")',
    'DIR/train-labels-idx1-ubyte has label 77 at index 2 outside 0 to 9',
  ]);
});

test('training and test images of different sizes are refused, and so are empty ones', () => {
  assert.equal(messagesOf(folderOf({ 't10k-images-idx3-ubyte': images(2, 3, 2) })), [
    'DIR/train-images-idx3-ubyte has images of 2 x 2 pixels but DIR/t10k-images-idx3-ubyte of 3 x 2',
  ]);
  assert.equal(messagesOf(folderOf({ 't10k-images-idx3-ubyte': images(0), 't10k-labels-idx1-ubyte': labels() })), [
    'DIR/t10k-images-idx3-ubyte holds no images (its sizes are 0 x 2 x 2)',
    'DIR/t10k-labels-idx1-ubyte holds no labels (its sizes are 0)',
  ]);
});

skipWithoutShared(
  test,
  'the real MNIST has its known class counts, first labels and checksums',
  'data/mnist/train-images-idx3-ubyte.gz',
  (path) => {
    const { train, test: held, files } = readMnistFolder(join(path, '..'));
    const perClass = (values: Uint8Array) =>
      Array.from({ length: 10 }, (_, digit) => values.reduce((n, label) => n + (label === digit ? 1 : 0), 0));
    assert.equal([train.count, train.rows, train.columns, train.pixels.length], [60000, 28, 28, 47040000]);
    assert.equal([held.name, held.count], ['t10k-first5000', 5000]);
    assert.equal(perClass(train.labels), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    assert.equal(perClass(held.labels), [460, 571, 530, 500, 500, 456, 462, 512, 489, 520]);
    assert.equal(Array.from(train.labels.subarray(0, 10)), [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert.equal(Array.from(held.labels.subarray(0, 10)), [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    assert.equal(
      files.map(({ sha256 }) => sha256.slice(0, 8)),
      ['71524e2c', 'fe03b8bd', 'c8555291', 'f03a8036'],
    );
    // Background is 0 and ink is high: the corners of the images are empty, and some pixel is full.
    let corners = 0;
    for (let k = 0; k < train.count; k++) corners += train.pixels[k * 784];
    assert.is(corners, 0);
    assert.is(
      train.pixels.subarray(0, 784).reduce((a, b) => Math.max(a, b)),
      255,
    );
  },
);

test.run();
