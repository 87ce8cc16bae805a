import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../core/errors.ts';
import { fileProblem, idxContentProblem, readIdx, readIdxFile } from '../../formats/idx.ts';

const test = suite('idx');
const folder = mkdtempSync(join(tmpdir(), 'hillock-idx-'));
test.after(() => rmSync(folder, { recursive: true }));

/** Two images of 1 x 3 pixels. */
const IMAGES = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60];
const LABELS = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9];

function problemOf(body: () => unknown): { code: string; message: string } {
  try {
    body();
  } catch (error) {
    assert.instance(error, UserError);
    const { problems } = error as UserError;
    assert.is(problems.length, 1);
    return { code: problems[0].code, message: problems[0].message };
  }
  throw new Error('nothing was thrown');
}

function stored(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test('sizes and pixels of an images file are read', () => {
  const idx = readIdx(Uint8Array.from(IMAGES), 'a');
  assert.is(idx.type, 'u8');
  assert.equal(idx.shape, [2, 1, 3]);
  assert.equal(Array.from(idx.data), [10, 20, 30, 40, 50, 60]);
});

test('a view into the middle of a larger buffer is read at its own offset', () => {
  const larger = Uint8Array.from([9, 9, 9, ...LABELS, 9]);
  assert.equal(Array.from(readIdx(larger.subarray(3, 13), 'a').data), [7, 9]);
});

test('wider elements are big-endian', () => {
  const of = (code: number, ...bytes: number[]) => readIdx(Uint8Array.from([0, 0, code, 1, 0, 0, 0, 1, ...bytes]), 'a');
  assert.equal([of(9, 0xff).type, of(9, 0xff).data[0]], ['i8', -1]);
  assert.equal([of(11, 0xff, 0xfe).type, of(11, 0xff, 0xfe).data[0]], ['i16', -2]);
  assert.equal([of(12, 0, 1, 0, 2).type, of(12, 0, 1, 0, 2).data[0]], ['i32', 65538]);
  assert.equal([of(13, 0x3f, 0xc0, 0, 0).type, of(13, 0x3f, 0xc0, 0, 0).data[0]], ['f32', 1.5]);
  assert.equal([of(14, 0xc0, 4, 0, 0, 0, 0, 0, 0).type, of(14, 0xc0, 4, 0, 0, 0, 0, 0, 0).data[0]], ['f64', -2.5]);
});

test('a file is unpacked when its first bytes say gzip, whatever it is called, and hashed as stored', () => {
  const plain = readIdxFile(stored('plain.gz', Uint8Array.from(LABELS)));
  const packed = readIdxFile(stored('packed', Uint8Array.from(gzipSync(Uint8Array.from(LABELS)))));
  assert.equal(Array.from(packed.data), [7, 9]);
  assert.equal(Array.from(plain.data), [7, 9]);
  // sha256sum of the ten bytes of LABELS.
  assert.is(plain.sha256, '6b413bc4e4b437a09780b06c8c43c748d2546f2be2f36913c8dfdb95fac3a083');
  assert.is.not(packed.sha256, plain.sha256);
});

test('a file that is something else is called by its opening', () => {
  assert.equal(
    problemOf(() => readIdx(Uint8Array.from([0x50, 0x4b, 3, 4, 5]), 'x.gz')),
    {
      code: 'E-NOT-IDX',
      message: 'x.gz is not an idx file (starts with "PK")',
    },
  );
  const page = new TextEncoder().encode('<!DOCTYPE html>');
  assert.is(problemOf(() => readIdx(page, 'x')).message, 'x is not an idx file (starts with "<!DOCTYP")');
  assert.is(
    problemOf(() => readIdx(Uint8Array.from([0x89, 1, 2, 3, 4]), 'x')).message,
    'x is not an idx file (starts with the bytes 89 01 02 03)',
  );
  assert.is(problemOf(() => readIdx(new Uint8Array(0), 'x')).message, 'x is not an idx file (it is empty)');
  assert.is(
    problemOf(() => readIdx(new Uint8Array(9), 'x')).message,
    'x is not an idx file (element type 0x00, known are 0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e)',
  );
  assert.is(
    problemOf(() => readIdx(Uint8Array.from([0, 0, 8, 200]), 'x')).message,
    'x is not an idx file (200 dimensions, allowed are 1 to 8)',
  );
});

test('a file that is cut short says how many bytes it should have', () => {
  assert.equal(
    problemOf(() => readIdx(Uint8Array.from(IMAGES.slice(0, -1)), 'x')),
    {
      code: 'E-TRUNCATED',
      message: 'x is cut short: expected 22 bytes, found 21',
    },
  );
  assert.is(
    problemOf(() => readIdx(Uint8Array.from(IMAGES.slice(0, 9)), 'x')).message,
    'x is cut short: expected at least 16 bytes, found 9',
  );
  assert.is(problemOf(() => readIdx(Uint8Array.from([0, 0, 8]), 'x')).message, 'x is cut short: expected at least 4 bytes, found 3');
  const huge = Uint8Array.from([0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255]);
  assert.match(problemOf(() => readIdx(huge, 'x')).message, /^x is cut short: expected 1844\d+ bytes, found 12$/);
});

test('a file that is longer than its header says is refused', () => {
  assert.equal(
    problemOf(() => readIdx(Uint8Array.from([...LABELS, 1]), 'x')),
    {
      code: 'E-TOO-LONG',
      message: 'x is longer than its header says: expected 10 bytes, found 11',
    },
  );
});

test('labels in the place of images are told apart by their magic', () => {
  const labels = readIdx(Uint8Array.from(LABELS), 'l');
  const images = readIdx(Uint8Array.from(IMAGES), 'i');
  assert.is(idxContentProblem(images, 'images', 'i'), undefined);
  assert.is(idxContentProblem(labels, 'labels', 'l'), undefined);
  assert.is(idxContentProblem(labels, 'images', 'l')?.message, 'l has magic 2049 (labels) where 2051 (images) is needed');
  assert.is(idxContentProblem(images, 'labels', 'i')?.message, 'i has magic 2051 (images) where 2049 (labels) is needed');
  const floats = readIdx(Uint8Array.from([0, 0, 13, 1, 0, 0, 0, 0]), 'f');
  assert.is(idxContentProblem(floats, 'labels', 'f')?.message, 'f has magic 3329 (f32, 1 dimensions) where 2049 (labels) is needed');
});

test('a damaged gzip file says what gzip finds', () => {
  const packed = Uint8Array.from(gzipSync(Uint8Array.from(IMAGES)));
  const cut = stored('cut.gz', packed.subarray(0, packed.length - 12));
  assert.equal(
    problemOf(() => readIdxFile(cut)),
    { code: 'E-GZIP', message: `${cut} is not a readable gzip file (unexpected end of file)` },
  );
  const damaged = packed.slice();
  damaged[damaged.length - 8] ^= 1;
  const path = stored('damaged.gz', damaged);
  assert.is(problemOf(() => readIdxFile(path)).message, `${path} is not a readable gzip file (incorrect data check)`);
});

test('missing files and folders have their own words', () => {
  const missing = join(folder, 'missing');
  assert.equal(
    problemOf(() => readIdxFile(missing)),
    { code: 'E-NOT-FOUND', message: `there is no file ${missing}` },
  );
  mkdirSync(join(folder, 'sub'));
  assert.is(problemOf(() => readIdxFile(join(folder, 'sub'))).message, `${join(folder, 'sub')} is a folder where a file is needed`);
  assert.is(fileProblem({ code: 'EACCES' }, 'x').message, 'x may not be read (permission denied)');
  assert.is(fileProblem({ code: 'EIO' }, 'x').message, 'x cannot be read (EIO)');
});

const FORBIDDEN = 'a file without read permission says so';
if (process.getuid === undefined || process.getuid() === 0) {
  // The superuser may read everything, and Windows has no such bits.
  test.skip(FORBIDDEN);
} else {
  test(FORBIDDEN, () => {
    const path = stored('forbidden', Uint8Array.from(LABELS));
    chmodSync(path, 0o000);
    assert.equal(
      problemOf(() => readIdxFile(path)),
      { code: 'E-NO-ACCESS', message: `${path} may not be read (permission denied)` },
    );
  });
}

test.run();
