/**
 * The engine compiles a WebAssembly loop twice: at once, and well, in threads of its own, when it has been called often enough. Calls with nothing to
 * do count too. Made while the threads of a run are starting, they spare it a beginning in which all of these threads share the same few cores.
 */
import { runForNone } from './hold.ts';
import type { Shard } from './shard.ts';

/** Enough for the smallest loops; more than enough costs nothing. */
const CALLS = 400;

/** Calls the loops of every tick for no neurons and no rows, which changes nothing. */
export function warmUp({ populations, projections }: Shard): void {
  for (let call = 0; call < CALLS; call++) {
    for (const { fire, hold, reset, fired } of populations) {
      if (hold === undefined) fire?.run(0, 0, 0, fired);
      else runForNone(hold, fired);
      reset?.run(fired, 0, 0);
    }
    for (const { deliver, arrive, replay, ring } of projections) {
      const [rows] = ring.slots;
      for (const kernel of [deliver, arrive, ...(replay?.arrive ?? [])]) kernel?.run(rows, 0, 0);
    }
  }
}
