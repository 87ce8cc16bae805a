/**
 * Finished runs on disk, one msgpack file each, named by a hash of everything that went in. A file is written beside its final name and
 * renamed, so it is either whole or absent; on resume a valid one is not run again.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, UserError } from '../core/errors.ts';
import type { RunOutcome } from './outcome.ts';
import { VERSION } from './version.ts';

/** Hash of plain data with typed arrays; neither the order of keys matters nor a key without a value. */
export function contentHash(value: unknown): string {
  const hash = createHash('sha256');
  const visit = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) {
      hash.update(`${part.constructor.name}(`);
      hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    } else if (Array.isArray(part)) {
      hash.update(`[${part.length}:`);
      for (const item of part) visit(item);
    } else if (part !== null && typeof part === 'object') {
      const keys = Object.keys(part)
        .filter((key) => (part as Record<string, unknown>)[key] !== undefined)
        .sort();
      hash.update(`{${keys.length}:`);
      for (const key of keys) {
        hash.update(`${JSON.stringify(key)}=`);
        visit((part as Record<string, unknown>)[key]);
      }
    } else {
      hash.update(`${typeof part} ${Object.is(part, -0) ? '-0' : String(part)};`);
    }
  };
  visit(value);
  return hash.digest('hex');
}

export interface RunStore {
  /** A stored outcome, or undefined when there is none or the file is damaged. */
  read(key: string): RunOutcome | undefined;
  /** Whether `read` would give an outcome. */
  has(key: string): boolean;
  write(key: string, outcome: RunOutcome): void;
  /** The version that made a file of any store; undefined when it is damaged. */
  versionOf(path: string): string | undefined;
}

/** What a file holds: the outcome packed, with its hash, so that not one changed bit goes unseen. */
interface StoredRun {
  readonly key: string;
  readonly version: string;
  readonly sha256: string;
  readonly outcome: Uint8Array;
}

/** The packer is loaded here, so that whoever never stores a run does not wait for it. */
export async function openRunStore(directory: string): Promise<RunStore> {
  const { pack, unpack } = await openPacker();
  const fileOf = (key: string): string => join(directory, `${key.slice(0, 24)}.msgpack`);
  const storedIn = (path: string): StoredRun | undefined => {
    try {
      const stored = unpack(readFileSync(path)) as StoredRun;
      return sha256(stored.outcome) === stored.sha256 ? stored : undefined;
    } catch {
      return undefined;
    }
  };
  const storedRun = (key: string): StoredRun | undefined => {
    const path = fileOf(key);
    const stored = existsSync(path) ? storedIn(path) : undefined;
    return stored?.key === key ? stored : undefined;
  };
  return {
    read: (key) => {
      const stored = storedRun(key);
      return stored && (unpack(stored.outcome) as RunOutcome);
    },
    has: (key) => storedRun(key) !== undefined,
    versionOf: (path) => storedIn(path)?.version,
    write: (key, outcome) => {
      const packed = pack(outcome);
      writeWhole(fileOf(key), pack({ key, version: VERSION, sha256: sha256(packed), outcome: packed } satisfies StoredRun));
    },
  };
}

/** Plain data with typed arrays as bytes and back, value for value. */
export async function openPacker(): Promise<{ pack(value: unknown): Uint8Array; unpack(bytes: Uint8Array): unknown }> {
  const { Packr } = await import('msgpackr');
  // typed arrays survive only with structured cloning on
  const packr = new Packr({ structuredClone: true });
  return { pack: (value) => packr.pack(value), unpack: (bytes) => packr.unpack(bytes) };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Writes a file so that it is either whole or absent, even if the disk fills up or the process is killed. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const unfinished = `${path}.${process.pid}.unfinished`;
  try {
    makeFolder(dirname(path));
    writeFileSync(unfinished, content, { flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw cannotWrite(path, error);
  }
}

/** Checks before a long run that its results can be written. */
export function requireWritable(directory: string): void {
  try {
    makeFolder(directory);
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(directory, error);
  }
}

/** Makes a folder and what is missing above it, one by one: Node's recursive way never returns below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return;
    throw Object.assign(new Error(), { code: 'ENOTDIR' });
  }
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // another run may have made it meanwhile
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  ENOENT: 'the file system does not let anything be made there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than this system allows',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name',
};

function cannotWrite(path: string, error: unknown): UserError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new UserError(
    { code: 'E-WRITE', message: `cannot write ${path}: ${REASONS[code] ?? code}`, hint: 'choose another folder with --out', where: {} },
    EXIT.badInput,
  );
}
