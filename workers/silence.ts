/**
 * How long another thread has given no sign of life. A look counts for a little longer than its period at most, so a process that was stopped and goes on has
 * heard nearly none; and time in
 * which a thread of the process was ready to run and had no processor, or waited for a disk, does not count, whichever it is: the silent one, or one of the
 * engine's that it waits for.
 */
import type { NativeThread } from './native-threads.ts';
import { longestWait, nativeThreads } from './native-threads.ts';

/** Milliseconds from one look to the next. */
export const LOOK_PERIOD = 50;
/** What a look that comes late counts for at most, in milliseconds: on a busy machine all are late. */
const MOST_PER_LOOK = 3 * LOOK_PERIOD;
/** Share of a silence that counts even if threads wait all the time, so that a thread that hangs is found on the busiest machine. */
const LEAST_COUNTED = 0.1;

/** A function that is told every LOOK_PERIOD whether there was a sign since the last look, and says how many milliseconds of silence there have been. */
export function listen(threads = nativeThreads, clock = () => performance.now()): (heard: boolean) => number {
  let [silent, blocked] = [0, 0];
  let lastLook = clock();
  let before: ReadonlyMap<string, NativeThread> = new Map();
  return (heard) => {
    const sinceLast = Math.min(clock() - lastLook, MOST_PER_LOOK);
    lastLook = clock();
    if (heard) {
      [silent, blocked] = [0, 0];
      return 0;
    }
    const now = threads();
    if (silent === 0) before = now;
    else if ([...now.values()].some(({ isBlocked }) => isBlocked)) blocked += sinceLast;
    silent += sinceLast;
    return Math.max(LEAST_COUNTED * silent, silent - blocked - longestWait(before, now));
  };
}
