/**
 * Real trouble in real threads: a file that Node loads into a process and all its threads (`--require`), where it waits for the signs of life
 * that a thread gives while it runs, and after so many of them does what it was told, once. The product knows nothing of it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeThread } from '../../workers/native-threads.ts';
import { nativeThreads } from '../../workers/native-threads.ts';
import { PROGRESS_LENGTH } from '../../workers/signs-of-life.ts';

/** An endless loop; a sleep without end; the end of the thread; an exception. */
export const TROUBLES = {
  hangs: 'for (;;);',
  sleeps: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  exits: 'process.exit(3);',
  throws: "throw new Error('boom');",
} as const;

export type Trouble = keyof typeof TROUBLES;

/** The process's threads are in `globalThis.threads`; a thread that is up to something says when. */
const sabotage = (trouble: Trouble, signs: number, flag: string): string => `
const { isMainThread } = require('node:worker_threads');
const { readdirSync, readFileSync, unlinkSync, writeSync } = require('node:fs');
function moment() {
  let threads = [];
  try {
    const waitedBy = (thread) => Number(readFileSync('/proc/self/task/' + thread + '/schedstat', 'utf8').split(' ')[1]) / 1e6;
    threads = readdirSync('/proc/self/task').map((thread) => [thread, { waited: waitedBy(thread) }]);
  } catch {}
  return { at: Date.now(), threads };
}
if (isMainThread) {
  const threads = require('node:worker_threads');
  globalThis.threads = [];
  threads.Worker = class extends threads.Worker {
    constructor(...given) { super(...given); globalThis.threads.push(this); }
  };
  require('node:module').syncBuiltinESMExports();
} else {
  const add = Atomics.add;
  let seen = 0;
  Atomics.add = (cells, index, value) => {
    // cells below are those of the barrier
    if ((index >= 8 || cells.length === ${PROGRESS_LENGTH}) && ++seen === ${signs}) {
      let first = true;
      try { unlinkSync(${JSON.stringify(flag)}); } catch { first = false; }
      if (first) {
        writeSync(1, 'trouble at ' + JSON.stringify(moment()) + '\\n');
        ${TROUBLES[trouble]}
      }
    }
    return add(cells, index, value);
  };
}`;

/** When something happened, in milliseconds since 1970, and how long each thread of the process had then waited for a processor. */
export interface Moment {
  readonly at: number;
  readonly threads: readonly (readonly [string, Pick<NativeThread, 'waited'>])[];
}

/** As they were when last seen, those that have ended included. */
const threadsSeen = new Map<string, NativeThread>();

export function momentNow(): Moment {
  for (const [name, thread] of nativeThreads()) threadsSeen.set(name, thread);
  return { at: Date.now(), threads: [...threadsSeen] };
}

/** From now on threads that end are remembered, as long as the main thread is not busy. */
export const watchThreads = (): NodeJS.Timeout => setInterval(momentNow, 20).unref();

/** Within which an error has to come, in milliseconds. */
export const SECOND = 1000;

export interface Aftermath {
  /** What the process reported at its end. */
  readonly report: Readonly<Record<string, unknown>>;
  /** Milliseconds from the trouble to the moment that the report gives, less what threads of the process waited for a processor meanwhile. */
  readonly delay: number;
}

/** Milliseconds, of all threads together: what one waits for may be another that waits. */
function waitedBetween(one: Moment, other: Moment): number {
  const before = new Map(one.threads);
  return other.threads.reduce((sum, [name, { waited }]) => sum + waited - (before.get(name)?.waited ?? 0), 0);
}

/** A machine may stand still for a moment: tries again when it took longer than a second, twice at most, and gives the shortest delay in milliseconds. */
export function shortestDelay(attempt: () => number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && shortest > SECOND; tries++) shortest = Math.min(shortest, attempt());
  return shortest;
}

/** Runs `node <file> <argument>` with one thread in trouble after so many signs of life, or none. The last line it prints is its report, as JSON. */
export function runSabotaged(file: string, argument: string, trouble: Trouble | undefined, signs: number): Aftermath {
  const folder = mkdtempSync(join(tmpdir(), 'hillock-trouble-'));
  try {
    const [script, flag] = [join(folder, 'sabotage.cjs'), join(folder, 'once')];
    writeFileSync(script, sabotage(trouble ?? 'throws', signs, flag));
    if (trouble !== undefined) writeFileSync(flag, '');
    const { stdout, stderr, status, signal } = spawnSync(process.execPath, ['--require', script, file, argument], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`ended with ${status ?? signal}:\n${stdout}\n${stderr}`);
    if (existsSync(flag)) throw new Error(`no thread came to the trouble:\n${stdout}`);
    const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    const began: Moment = JSON.parse(/^trouble at (.*)$/m.exec(stdout)?.[1] ?? '{}');
    return { report, delay: report.at - began.at - waitedBetween(began, report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
