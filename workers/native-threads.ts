/**
 * Threads as the operating system sees them, where it says so (Linux, by /proc): how long each has been ready to run and had no processor, and whether it
 * waits for a disk. A run on a busy machine is not one that hangs, whichever thread it waits for: its own, or one of the engine's that collects garbage or
 * compiles for it.
 */
import { readdirSync, readFileSync } from 'node:fs';

const THREADS = '/proc/self/task';

export interface NativeThread {
  /** Milliseconds without a processor since it began. */
  readonly waited: number;
  /** In uninterruptible sleep, as when a page of memory has to come from a disk. */
  readonly isBlocked: boolean;
}

/** The threads of this process by number; empty where that cannot be told. */
export function nativeThreads(): Map<string, NativeThread> {
  const threads = new Map<string, NativeThread>();
  for (const thread of namesOfThreads()) {
    const [schedule, state] = [contentOf(thread, 'schedstat'), contentOf(thread, 'stat')];
    if (schedule === undefined || state === undefined) continue;
    threads.set(thread, {
      waited: Number(schedule.split(' ')[1]) / 1e6, // nanoseconds run, nanoseconds waited, slices
      isBlocked: state.slice(state.lastIndexOf(')') + 2).startsWith('D'), // number, (name), state, …
    });
  }
  return threads;
}

/** The longest in milliseconds that any thread has waited for a processor from one look to the other. */
export function longestWait(before: ReadonlyMap<string, NativeThread>, now: ReadonlyMap<string, NativeThread>): number {
  let longest = 0;
  for (const [thread, { waited }] of now) longest = Math.max(longest, waited - (before.get(thread)?.waited ?? 0));
  return longest;
}

function namesOfThreads(): string[] {
  try {
    return readdirSync(THREADS);
  } catch {
    return [];
  }
}

/** Undefined where the thread has ended meanwhile. */
function contentOf(thread: string, file: string): string | undefined {
  try {
    return readFileSync(`${THREADS}/${thread}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
