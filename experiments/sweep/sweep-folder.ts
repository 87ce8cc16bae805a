/**
 * The folder of a sweep, plain files all: `plan.json`, a file per finished run in `runs/`, and one per failed run in `failed/`. Files are only ever
 * added, each written whole and then renamed, and named by the hash of its run. So a process that is killed, a full disk or a machine that goes away
 * leave nothing half done, and several processes may work on one folder at once without a lock: if two finish the same run, both write the same bits
 * under the same name.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { RunFailure } from '../execute-runs.ts';
import { isTroubleOfThreads } from '../execute-runs.ts';
import type { RunStore } from '../run-store.ts';
import { contentHash, openRunStore, requireWritable, writeWhole } from '../run-store.ts';
import { VERSION } from '../version.ts';
import { readExact, writeExact } from './exact-json.ts';
import type { SweepPlan } from './sweep-plan.ts';

export const PLAN_FILE = 'plan.json';
const RUNS = 'runs';
const FAILED = 'failed';

export interface SweepFolder {
  readonly path: string;
  readonly plan: SweepPlan;
  readonly store: RunStore;
  /** Why a run failed, where it did. */
  failureOf(key: string): RunFailure | undefined;
  writeFailure(key: string, failure: RunFailure): void;
}

export type RunState = 'done' | 'failed' | 'missing';

/** Refuses a folder that holds another plan. */
export function writePlan(path: string, plan: SweepPlan): void {
  const file = join(path, PLAN_FILE);
  if (existsSync(file) && !isSamePlan(readPlan(path), plan)) {
    throw new UserError({ code: 'E-PLAN', message: `${path} holds another plan already`, hint: 'choose another folder with --out' });
  }
  requireWritable(path);
  writeWhole(file, writeExact(plan));
}

/** Whether two plans are of the same runs; the commands may differ. */
export const isSamePlan = (a: SweepPlan, b: SweepPlan): boolean => planHash(a) === planHash(b);

const planHash = ({ command, ...plan }: SweepPlan): string => contentHash(plan);

/** @param writable whether results will be written */
export async function openSweepFolder(path: string, writable: boolean): Promise<SweepFolder> {
  const plan = readPlan(path);
  if (plan.version !== VERSION) throw otherVersion(`plan made by ${plan.version}`);
  if (writable) for (const part of [RUNS, FAILED]) requireWritable(join(path, part));
  const store = await openRunStore(join(path, RUNS));
  const fileOf = (key: string): string => join(path, FAILED, `${key.slice(0, 24)}.json`);
  return {
    path,
    plan,
    store,
    failureOf: (key) => {
      const text = existsSync(fileOf(key)) ? readFileSync(fileOf(key), 'utf8') : '{}';
      try {
        const stored = JSON.parse(text) as { key?: string; failure?: RunFailure };
        return stored.key === key ? stored.failure : undefined;
      } catch {
        return undefined;
      }
    },
    writeFailure: (key, failure) => {
      const { problems, exitCode } = failure;
      writeWhole(fileOf(key), `${JSON.stringify({ key, version: VERSION, failure: { problems, exitCode } }, null, 2)}\n`);
    },
  };
}

/** A run with a result is done, whatever went wrong before. */
export function stateOf({ store, failureOf }: SweepFolder, key: string): RunState {
  if (store.has(key)) return 'done';
  return failureOf(key) === undefined ? 'missing' : 'failed';
}

/** Whether a run is to be done: a run whose thread died may go well another time, one that refused its input will not. */
export function isDue({ store, failureOf }: SweepFolder, key: string): boolean {
  if (store.has(key)) return false;
  const failure = failureOf(key);
  return failure === undefined || isTroubleOfThreads(failure);
}

function readPlan(path: string): SweepPlan {
  const file = join(path, PLAN_FILE);
  if (!existsSync(file)) {
    const what = existsSync(path) ? (statSync(path).isDirectory() ? 'holds no sweep plan' : 'is a file, not a folder') : 'does not exist';
    throw new UserError({
      code: 'E-PLAN',
      message: `${path} ${what}`,
      hint: 'make one with: hillock sweep plan <experiment> --out <folder>',
    });
  }
  let found: Partial<SweepPlan> | null;
  try {
    found = readExact(readFileSync(file, 'utf8')) as Partial<SweepPlan> | null;
  } catch (error) {
    throw damagedPlan(file, error instanceof SyntaxError ? 'it is not valid JSON' : String((error as NodeJS.ErrnoException).code));
  }
  if (found?.document !== 'sweep plan' || !Array.isArray(found.runs) || !Array.isArray(found.settings)) {
    throw damagedPlan(file, 'it is not the plan of a sweep');
  }
  return found as SweepPlan;
}

function damagedPlan(file: string, why: string): UserError {
  return new UserError({
    code: 'E-PLAN',
    message: `cannot read ${file}: ${why}`,
    hint: 'plan again into another folder; finished runs can be copied',
  });
}

/** Results of two versions are not comparable. */
export function otherVersion(what: string): UserError {
  return new UserError({
    code: 'E-VERSION',
    message: `${what}, this is ${VERSION}: results would not be comparable`,
    hint: 'plan again, or use that version',
  });
}

/** Refuses a folder with results of another version in it. */
export function refuseForeignResults({ path, store }: SweepFolder): void {
  const files = existsSync(join(path, RUNS)) ? readdirSync(join(path, RUNS)).filter((name) => name.endsWith('.msgpack')) : [];
  const foreign = files.flatMap((name) => {
    const version = store.versionOf(join(path, RUNS, name));
    return version === undefined || version === VERSION ? [] : [{ name, version }];
  });
  if (foreign.length === 0) return;
  const [{ name, version }] = foreign;
  const more = foreign.length === 1 ? '' : `, and ${foreign.length - 1} more`;
  throw otherVersion(`${join(path, RUNS, name)} was made by ${version}${more}`);
}
