/**
 * Spikes that the host hands over while the network runs: samples of an event camera, of a cochlea, of a game. They lie in the shard's shared memory,
 * sorted by tick; a shard keeps those of its own neurons.
 */
import { UserError } from '../errors.ts';
import type { PlannedPopulation } from '../plan/plan.ts';
import type { NumericArray } from '../program/kernel.ts';
import type { ArenaField } from '../typed-arrays-utils.ts';

export interface Played {
  /** [room] */
  readonly ticks: Int32Array;
  readonly neurons: Int32Array;
  /** [2] how many there are, and the next one */
  readonly state: Int32Array;
}

const [COUNT, NEXT] = [0, 1];

const PARTS = ['#playedTicks', '#playedNeurons', '#played'] as const;

export function playedFields({ source }: PlannedPopulation, field: (name: string) => string): ArenaField[] {
  if (source?.kind !== 'played') return [];
  return PARTS.map((name, n) => ({ name: field(name), type: 'i32', length: n < 2 ? source.room : 2 }));
}

export function attachPlayed({ source }: PlannedPopulation, of: (name: string) => NumericArray): Played | undefined {
  if (source?.kind !== 'played') return undefined;
  const [ticks, neurons, state] = PARTS.map((name) => of(name) as Int32Array);
  return { ticks, neurons, state };
}

/** Spikes as a list: of neuron neurons[k] in tick ticks[k]. */
export interface SpikeList<T extends ArrayLike<number> = Int32Array> {
  readonly ticks: T;
  readonly neurons: T;
}

/**
 * By tick, then neuron, each pair once. @param what for messages @param ticks relative, from 1; they come back as ticks after `from`
 */
export function orderedSpikes(
  what: string,
  { ticks, neurons }: SpikeList<ArrayLike<number>>,
  { size, room, from }: { readonly size: number; readonly room: number; readonly from: number },
): SpikeList {
  const refuse = (message: string): UserError => new UserError({ code: 'E-RANGE', message: `${what}: ${message}` });
  if (ticks.length !== neurons.length) throw refuse(`${ticks.length} ticks for ${neurons.length} neurons`);
  const keys = new Float64Array(ticks.length);
  for (let k = 0; k < keys.length; k++) {
    if (!Number.isInteger(ticks[k]) || ticks[k] < 1) throw refuse(`spike ${k} is in tick ${ticks[k]}; ticks are whole numbers from 1`);
    if (!Number.isInteger(neurons[k]) || neurons[k] < 0 || neurons[k] >= size) {
      throw refuse(`spike ${k} is of neuron ${neurons[k]}; there are 0 … ${size - 1}`);
    }
    keys[k] = ticks[k] * size + neurons[k];
  }
  keys.sort();
  const distinct = keys.filter((key, k) => k === 0 || key !== keys[k - 1]);
  if (distinct.length > room) throw refuse(`${distinct.length} of them, but there is room for ${room}`);
  return {
    ticks: Int32Array.from(distinct, (key) => from + Math.floor(key / size)),
    neurons: Int32Array.from(distinct, (key) => key % size),
  };
}

/** Forgets what is waiting and takes these, of which only neurons first … first + size - 1 are its own. @param spikes absolute, in order */
export function takeSpikes(played: Played, first: number, size: number, { ticks, neurons }: SpikeList): void {
  let n = 0;
  for (let k = 0; k < ticks.length; k++) {
    const mine = neurons[k] - first;
    if (mine < 0 || mine >= size) continue;
    played.ticks[n] = ticks[k];
    played.neurons[n++] = mine;
  }
  played.state[COUNT] = n;
  played.state[NEXT] = 0;
}

/** What all parts of a population have still to play, by tick, then neuron, in global numbers; undefined where nothing is played. */
export function waitingSpikes(parts: readonly { readonly played?: Played; readonly plan: PlannedPopulation }[]): SpikeList | undefined {
  if (parts[0].played === undefined) return undefined;
  const waiting = parts.flatMap(({ played, plan }) => {
    const [count, next] = [played?.state[COUNT] ?? 0, played?.state[NEXT] ?? 0];
    return Array.from({ length: count - next }, (_, n) => ({
      tick: played?.ticks[next + n] ?? 0,
      neuron: (played?.neurons[next + n] ?? 0) + (plan.first ?? 0),
    }));
  });
  waiting.sort((a, b) => a.tick - b.tick || a.neuron - b.neuron);
  return { ticks: Int32Array.from(waiting, ({ tick }) => tick), neurons: Int32Array.from(waiting, ({ neuron }) => neuron) };
}

/** Lists the neurons that fire in this tick. @returns how many */
export function nextSpikes({ ticks, neurons, state }: Played, tick: number, fired: Int32Array): number {
  let n = 0;
  let at = state[NEXT];
  while (at < state[COUNT] && ticks[at] <= tick) {
    if (ticks[at] === tick) fired[n++] = neurons[at];
    at++;
  }
  state[NEXT] = at;
  return n;
}
