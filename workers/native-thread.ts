/**
 * Threads as the operating system sees them, where it says so (Linux, by /proc): how long one has been ready to run and had no processor. A thread on a
 * busy machine is not one that hangs.
 */
import { readFileSync } from 'node:fs';

/** Number of the calling thread; 0 where it cannot be told. */
export function nativeThread(): number {
  return Number.parseInt(textOf('/proc/thread-self/stat'), 10) || 0;
}

/** Milliseconds that a thread of this process has waited for a processor since it began; 0 where it cannot be told. */
export function waitedForProcessor(thread: number): number {
  if (thread === 0) return 0;
  // nanoseconds run, nanoseconds waited, slices
  return Number(textOf(`/proc/self/task/${thread}/schedstat`).split(' ')[1] ?? 0) / 1e6;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
