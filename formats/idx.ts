/**
 * Reads idx files, the format of MNIST and its relatives, plain or gzip-compressed (told apart by their first bytes, not by their name).
 * Layout, big-endian throughout: two zero bytes, the element type, the rank, one 32-bit size per dimension, then the elements row-major
 * (LeCun, Cortes & Burges, "The MNIST database of handwritten digits", section "File formats"). The first four bytes read as one number
 * are the magic: 2051 for images (unsigned bytes, rank 3), 2049 for labels (unsigned bytes, rank 1).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';

export type IdxType = 'u8' | 'i8' | 'i16' | 'i32' | 'f32' | 'f64';

export interface IdxArray {
  readonly type: IdxType;
  /** Sizes of the dimensions, outermost first. */
  readonly shape: readonly number[];
  /** [product of shape] elements, row-major. One-byte elements are a view of the bytes that were read, wider ones a copy. */
  readonly data: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

export interface IdxFile extends IdxArray {
  readonly path: string;
  /** Hex digest of the file as it lies on the disk, compressed or not. */
  readonly sha256: string;
}

/** What an idx file is wanted for, with the magic number that says so. */
export type IdxContent = 'images' | 'labels';
const MAGIC: Readonly<Record<IdxContent, number>> = { images: 2051, labels: 2049 };

const ELEMENT_TYPES: Readonly<Record<number, { readonly type: IdxType; readonly bytes: number }>> = {
  8: { type: 'u8', bytes: 1 },
  9: { type: 'i8', bytes: 1 },
  11: { type: 'i16', bytes: 2 },
  12: { type: 'i32', bytes: 4 },
  13: { type: 'f32', bytes: 4 },
  14: { type: 'f64', bytes: 8 },
};
const TYPE_CODES: Readonly<Record<IdxType, number>> = { u8: 8, i8: 9, i16: 11, i32: 12, f32: 13, f64: 14 };

/** More dimensions than any data set has; keeps the product of the sizes a finite number. */
const MAX_RANK = 8;

/** Largest unpacked file, in bytes: a small gzip file can claim to be enormous. */
const MAX_UNPACKED = 2 ** 30;

/** The array in the bytes of one unpacked idx file; `file` is how messages call it. */
export function readIdx(bytes: Uint8Array, file: string): IdxArray {
  if (bytes.length === 0) throw notIdx(file, 'it is empty');
  if (bytes[0] !== 0 || (bytes.length > 1 && bytes[1] !== 0)) throw notIdx(file, `starts with ${openingOf(bytes)}`);
  if (bytes.length < 4) throw cutShort(file, 'at least 4', bytes.length);
  const element = ELEMENT_TYPES[bytes[2]];
  const rank = bytes[3];
  if (element === undefined)
    throw notIdx(file, `element type ${hex(bytes[2])}, known are ${Object.keys(ELEMENT_TYPES).map(Number).map(hex).join(', ')}`);
  if (rank < 1 || rank > MAX_RANK) throw notIdx(file, `${rank} dimensions, allowed are 1 to ${MAX_RANK}`);

  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) throw cutShort(file, `at least ${headerBytes}`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, k) => view.getUint32(4 + 4 * k));
  const length = shape.reduce((product, size) => product * size, 1);
  const expected = headerBytes + length * element.bytes;
  if (bytes.length < expected) throw cutShort(file, String(expected), bytes.length);
  if (bytes.length > expected) {
    throw new UserError({
      code: 'E-TOO-LONG',
      message: `${file} is longer than its header says: expected ${expected} bytes, found ${bytes.length}`,
      got: `${bytes.length} bytes`,
      expected: `${expected} bytes`,
    });
  }
  return { type: element.type, shape, data: elements(view, headerBytes, length, element.type) };
}

/** Reads, unpacks if need be, and decodes one file. */
export function readIdxFile(path: string): IdxFile {
  let stored: Uint8Array;
  try {
    stored = bytesOf(readFileSync(path));
  } catch (error) {
    throw new UserError(fileProblem(error, path));
  }
  const sha256 = createHash('sha256').update(stored).digest('hex');
  return { ...readIdx(unpack(stored, path), path), path, sha256 };
}

/** What is wrong with using this array as images or labels: the wrong file, or the right kind with the wrong element type or rank. */
export function idxContentProblem(idx: IdxArray, wanted: IdxContent, file: string): Problem | undefined {
  const magic = TYPE_CODES[idx.type] * 256 + idx.shape.length;
  if (magic === MAGIC[wanted]) return undefined;
  const other: IdxContent = wanted === 'images' ? 'labels' : 'images';
  const held = magic === MAGIC[other] ? other : `${idx.type}, ${idx.shape.length} dimensions`;
  return {
    code: 'E-IDX-CONTENT',
    message: `${file} has magic ${magic} (${held}) where ${MAGIC[wanted]} (${wanted}) is needed`,
    hint: magic === MAGIC[other] ? 'the images file and the labels file may have changed names' : undefined,
    got: String(magic),
    expected: String(MAGIC[wanted]),
  };
}

/** The words for an error of the file system; errors that are none of its usual ones keep their code. */
export function fileProblem(error: unknown, path: string, what: 'file' | 'folder' = 'file'): Problem {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return { code: 'E-NOT-FOUND', message: `there is no ${what} ${path}` };
  if (code === 'EACCES' || code === 'EPERM') {
    return { code: 'E-NO-ACCESS', message: `${path} may not be read (permission denied)`, hint: `let this user read the ${what}` };
  }
  if (code === 'EISDIR') return { code: 'E-NOT-A-FILE', message: `${path} is a folder where a file is needed` };
  if (code === 'ENOTDIR') return { code: 'E-NOT-A-FOLDER', message: `${path} is not a folder, or lies below something that is not` };
  return { code: 'E-UNREADABLE', message: `${path} cannot be read (${code ?? String(error)})` };
}

function unpack(stored: Uint8Array, file: string): Uint8Array {
  if (stored[0] !== 0x1f || stored[1] !== 0x8b) return stored;
  try {
    return bytesOf(gunzipSync(stored, { maxOutputLength: MAX_UNPACKED }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new UserError({ code: 'E-TOO-LONG', message: `${file} unpacks to more than ${MAX_UNPACKED} bytes` });
    throw new UserError({
      code: 'E-GZIP',
      message: `${file} is not a readable gzip file (${message})`,
      hint: 'it is incomplete or damaged: fetch or copy it again',
    });
  }
}

/** The same memory without Node's Buffer methods around it. */
function bytesOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function elements(view: DataView, start: number, length: number, type: IdxType): IdxArray['data'] {
  const at = view.byteOffset + start;
  switch (type) {
    case 'u8':
      return new Uint8Array(view.buffer, at, length);
    case 'i8':
      return new Int8Array(view.buffer, at, length);
    case 'i16':
      return new Int16Array(length).map((_, k) => view.getInt16(start + 2 * k));
    case 'i32':
      return new Int32Array(length).map((_, k) => view.getInt32(start + 4 * k));
    case 'f32':
      return new Float32Array(length).map((_, k) => view.getFloat32(start + 4 * k));
    case 'f64':
      return new Float64Array(length).map((_, k) => view.getFloat64(start + 8 * k));
  }
}

function notIdx(file: string, why: string): UserError {
  return new UserError({
    code: 'E-NOT-IDX',
    message: `${file} is not an idx file (${why})`,
    hint: 'an idx file begins with the bytes 00 00; it may be compressed with gzip, not with anything else',
  });
}

function cutShort(file: string, expected: string, found: number): UserError {
  return new UserError({
    code: 'E-TRUNCATED',
    message: `${file} is cut short: expected ${expected} bytes, found ${found}`,
    hint: 'fetch or copy it again',
    got: `${found} bytes`,
    expected: `${expected} bytes`,
  });
}

/** The first bytes as text as far as they are printable (`"PK"`, `"<!DOCTYP"`), else as numbers. */
function openingOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, 8)) {
    if (byte < 0x20 || byte > 0x7e) break;
    text += String.fromCharCode(byte);
  }
  return text === ''
    ? `the bytes ${Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`
    : `"${text}"`;
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
