/**
 * Real trouble in real threads: a file that Node loads into a process and all its threads (`--require`), where it waits for the signs of life
 * that a thread gives while it runs, and after so many of them does what it was told, once. The product knows nothing of it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { longestWait, waitsForProcessor } from '../../workers/native-threads.ts';
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
  let waits = [];
  try {
    const waitOf = (thread) => Number(readFileSync('/proc/self/task/' + thread + '/schedstat', 'utf8').split(' ')[1]) / 1e6;
    waits = readdirSync('/proc/self/task').map((thread) => [thread, waitOf(thread)]);
  } catch {}
  return { at: Date.now(), waits };
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
  readonly waits: readonly (readonly [string, number])[];
}

export const momentNow = (): Moment => ({ at: Date.now(), waits: [...waitsForProcessor()] });

export interface Aftermath {
  /** What the process reported at its end. */
  readonly report: Readonly<Record<string, unknown>>;
  /** Milliseconds from the trouble to the moment that the report gives, less the longest that a thread of the process waited for a processor. */
  readonly delay: number;
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
    return { report, delay: report.at - began.at - longestWait(new Map(began.waits), new Map(report.waits)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
