/**
 * Which plan something belongs to: a hash over its programs, sizes, seed and chip, and over samples of its tables. Quick enough for large networks, and
 * different for plans that anybody would take for each other by mistake: another rule, seed, device or wiring.
 */
import { hashBytes } from '../typed-arrays-utils.ts';
import type { Plan } from './plan.ts';

/** Numbers of a table that are looked at. */
const SAMPLES = 256;

export function planHash({ chip, network, populations, projections }: Plan): string {
  const text = JSON.stringify([chip.name, network.seed, network.dt, populations, projections], (key, value) => {
    // places in a text do not change what a program does
    if (key === 'span') return undefined;
    return ArrayBuffer.isView(value) ? sampled(value as unknown as ArrayLike<number>) : value;
  });
  return hashBytes(new TextEncoder().encode(text));
}

function sampled(values: ArrayLike<number>): unknown {
  const step = Math.max(1, Math.floor(values.length / SAMPLES));
  return [values.constructor.name, values.length, Array.from({ length: Math.ceil(values.length / step) }, (_, n) => values[n * step])];
}
