/**
 * Threads as the operating system sees them, where it says so (Linux, by /proc): how long each has been ready to run and had no processor. A run on a
 * busy machine is not one that hangs, whichever thread it waits for: its own, or one of the engine's that collects garbage or compiles for it.
 */
import { readdirSync, readFileSync } from 'node:fs';

const THREADS = '/proc/self/task';

/** Milliseconds that each thread of this process has waited for a processor since it began; empty where that cannot be told. */
export function waitsForProcessor(): Map<string, number> {
  try {
    return new Map(readdirSync(THREADS).map((thread) => [thread, waitOf(thread)]));
  } catch {
    return new Map();
  }
}

/** The longest that any thread has waited from one look to the other. */
export function longestWait(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number {
  let longest = 0;
  for (const [thread, waited] of now) longest = Math.max(longest, waited - (before.get(thread) ?? 0));
  return longest;
}

function waitOf(thread: string): number {
  try {
    // nanoseconds run, nanoseconds waited, slices
    return Number(readFileSync(`${THREADS}/${thread}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0; // it has ended meanwhile
  }
}
