/**
 * The engine compiles a WebAssembly loop twice: at once, and well, in threads of its own, when it has been called often enough. Calls with nothing to
 * do count too. Made while the memory of a run is still being filled, they spare it a beginning in which all of these threads share the same few cores.
 */
import type { Kernel } from '../program/kernel.ts';
import { callForNone } from './hold.ts';
import type { Shard } from './shard.ts';

/** Enough for the smallest loops; more than enough costs nothing. */
const CALLS = 400;

/** Calls the loops of every tick for no neurons and no rows, which changes nothing. */
export function warmUp({ populations, projections }: Shard): void {
  for (const { fire, hold, reset, fired } of populations) {
    if (hold === undefined) callOften(fire, 0, fired);
    else callForNone(hold, (loop) => callOften(loop, 0, fired));
    callOften(reset, fired, fired);
  }
  for (const { deliver, arrive, replay, ring } of projections) {
    const [rows] = ring.slots;
    for (const kernel of [deliver, arrive, ...(replay?.arrive ?? [])]) callOften(kernel, rows, rows);
  }
}

/** A loop in a function of its own, so that there is little to optimise in it. */
function callOften(kernel: Kernel | undefined, begin: number | Int32Array, out: Int32Array): void {
  for (let call = 0; call < CALLS; call++) kernel?.run(begin, 0, 0, out);
}
