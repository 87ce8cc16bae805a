/**
 * Runs on disk, one msgpack file each, named by a hash of everything that went in: what a finished one brought home, and how far an unfinished one was.
 * A file is written beside its final name and renamed, so it is either whole or absent; on resume a finished run is not run again, and an unfinished one
 * goes on from where it was.
 */
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { EXIT, UserError } from '../core/errors.ts';
import { openPacker } from '../workers/packer.ts';
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

/** How far an unfinished run was. */
export interface RunCheckpoint {
  /** Steps that were done, for people. */
  readonly done: number;
  /** What `TaskRun.state()` gave. */
  readonly task: unknown;
  /** Time on the clock so far. */
  readonly wallSeconds: number;
}

/** Of the files of unfinished runs. Their names know the version of the program; this knows changes between two versions, too. */
const CHECKPOINT_FORMAT = 3;

export interface RunStore {
  readonly directory: string;
  /** A stored outcome, or undefined when there is none or the file is damaged. */
  read(key: string): RunOutcome | undefined;
  /** Whether `read` would give an outcome. */
  has(key: string): boolean;
  /** Stores an outcome in place of a checkpoint. */
  write(key: string, outcome: RunOutcome): void;
  /** A stored checkpoint, undefined when there is none, or what is wrong with it. */
  readCheckpoint(key: string): RunCheckpoint | { readonly problem: string } | undefined;
  hasCheckpoint(key: string): boolean;
  writeCheckpoint(key: string, checkpoint: RunCheckpoint): void;
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

interface StoredCheckpoint {
  readonly format: number;
  readonly key: string;
  readonly checkpoint: RunCheckpoint;
}

export async function openRunStore(directory: string): Promise<RunStore> {
  const packer = await openPacker();
  const fileOf = (key: string, ending: string): string => join(directory, `${key.slice(0, 24)}.${ending}`);
  const outcomeFile = (key: string): string => fileOf(key, 'msgpack');
  const checkpointFile = (key: string): string => fileOf(key, 'checkpoint');
  /** What a file holds; nothing when it is absent or damaged. */
  function contentOf<T>(path: string): Partial<T> {
    try {
      return packer.unpack(readFileSync(path)) as Partial<T>;
    } catch {
      return {};
    }
  }
  function storedIn(path: string): StoredRun | undefined {
    const { key, version, sha256: hash, outcome } = contentOf<StoredRun>(path);
    if (key === undefined || version === undefined || outcome === undefined || sha256(outcome) !== hash) return undefined;
    return { key, version, sha256: hash, outcome };
  }
  function storedRun(key: string): StoredRun | undefined {
    const stored = storedIn(outcomeFile(key));
    return stored?.key === key ? stored : undefined;
  }
  return {
    directory,
    read: (key) => {
      const stored = storedRun(key);
      return stored && (packer.unpack(stored.outcome) as RunOutcome);
    },
    has: (key) => storedRun(key) !== undefined,
    versionOf: (path) => storedIn(path)?.version,
    write: (key, outcome) => {
      const packed = packer.pack(outcome);
      writeWhole(outcomeFile(key), packer.pack({ key, version: VERSION, sha256: sha256(packed), outcome: packed } satisfies StoredRun));
      rmSync(checkpointFile(key), { force: true });
    },
    readCheckpoint: (key) => {
      const path = checkpointFile(key);
      if (!existsSync(path)) return undefined;
      const stored = contentOf<StoredCheckpoint>(path);
      if (stored.key !== key || stored.checkpoint === undefined) return { problem: `${path} is damaged` };
      if (stored.format !== CHECKPOINT_FORMAT) {
        return { problem: `${path} has format ${stored.format}, and this version reads ${CHECKPOINT_FORMAT}` };
      }
      return stored.checkpoint;
    },
    hasCheckpoint: (key) => existsSync(checkpointFile(key)),
    writeCheckpoint: (key, checkpoint) =>
      writeWhole(checkpointFile(key), packer.pack({ format: CHECKPOINT_FORMAT, key, checkpoint } satisfies StoredCheckpoint)),
  };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const UNFINISHED = '.unfinished';

/** Writes a file so that it is either whole or absent, even if the disk fills up or the process is killed. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const unfinished = `${path}.${hostname()}-${process.pid}${UNFINISHED}`;
  try {
    makeFolder(dirname(path));
    writeFileSync(unfinished, content, { flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw cannotWrite(path, error);
  }
}

/** No file takes an hour to write: what was there so long before this process was left behind by one that was killed. */
const LEFT_BEHIND = 3_600_000;

/** Removes what killed processes have left in a folder, if there is such a folder. */
export function removeLeftovers(directory: string): void {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    if (!name.endsWith(UNFINISHED)) continue;
    const path = join(directory, name);
    // another process may remove it at the same time
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (performance.timeOrigin - written > LEFT_BEHIND) rmSync(path, { force: true });
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
