/**
 * How long another thread has given no sign of life. Silence is counted in looks, so a process that was stopped and goes on has not heard any; and time in
 * which a thread of the process was ready to run and had no processor does not count, whichever it is: the silent one, or one of the engine's that it waits for.
 */
import { longestWait, waitsForProcessor } from './native-threads.ts';

/** Milliseconds from one look to the next. */
export const LOOK_PERIOD = 50;
/** Share of a silence that counts even if threads wait all the time, so that a thread that hangs is found on the busiest machine. */
const LEAST_COUNTED = 0.1;

/** A function that is told every LOOK_PERIOD whether there was a sign since the last look, and says how many milliseconds of silence there have been. */
export function listen(waits = waitsForProcessor): (heard: boolean) => number {
  let looks = 0;
  let before: ReadonlyMap<string, number> = new Map();
  return (heard) => {
    if (heard) {
      looks = 0;
      return 0;
    }
    const waited = waits();
    if (looks++ === 0) before = waited;
    const silent = looks * LOOK_PERIOD;
    return Math.max(LEAST_COUNTED * silent, silent - longestWait(before, waited));
  };
}
