/**
 * How the main thread sees that a run in another thread goes on. The thread counts a shared cell up when it begins to advance time and again
 * when it has stopped to, so the cell is odd while ticks run; long stretches are run in pieces of some milliseconds. Between stretches a host program
 * may think for long, and much longer silence is allowed.
 */
import type { Plan } from '../core/plan/plan.ts';
import { nativeThread, waitedForProcessor } from './native-thread.ts';
import type { SimulationOptions } from './simulation.ts';
import { Simulation } from './simulation.ts';

/** Index of the cells in the array that a run reports its progress in, and the length of that array: signs, and which thread gives them. */
export const SIGNS = 2;
const THREAD = 3;
export const PROGRESS_LENGTH = 4;

/** How often the main thread looks, in milliseconds. Silence is counted in looks, so that a process that was stopped and goes on has not heard any. */
export const SIGNS_PERIOD = 50;
/** Longest silence in milliseconds while ticks run, and between them. */
const TICKING = 700;
const THINKING = 120_000;
/** A piece that may run without a sign, in milliseconds. */
const PIECE = 20;

/** A simulation that gives signs of life. Pieces do not change what comes out. */
export class WatchedSimulation extends Simulation {
  readonly #signs: Int32Array;
  /** Ticks of a piece: as many as take about PIECE milliseconds. */
  #piece = 1;

  constructor(plan: Plan, signs: Int32Array, options: SimulationOptions = {}) {
    super(plan, options);
    this.#signs = signs;
    signs[THREAD] = nativeThread();
  }

  override run(ticks: number): void {
    if (!Number.isInteger(ticks)) super.run(ticks); // which says what is wrong
    let left = ticks;
    do {
      const length = Math.min(this.#piece, left);
      this.#runPiece(length);
      left -= length;
    } while (left > 0);
  }

  #runPiece(ticks: number): void {
    const startedAt = performance.now();
    Atomics.add(this.#signs, SIGNS, 1);
    try {
      super.run(ticks);
    } finally {
      Atomics.add(this.#signs, SIGNS, 1);
    }
    const took = performance.now() - startedAt;
    if (took < PIECE / 4 && ticks === this.#piece) this.#piece *= 2;
    else if (took > PIECE && this.#piece > 1) this.#piece /= 2;
  }
}

/**
 * A function that tells, called every SIGNS_PERIOD, for how many milliseconds there has been no sign. Time in which the thread was ready to give one and
 * had no processor does not count.
 */
export function silenceOf(signs: Int32Array, waited: (thread: number) => number = waitedForProcessor): () => number {
  let last = Atomics.load(signs, SIGNS);
  let silent = 0;
  let waitedBefore = 0;
  return () => {
    const now = Atomics.load(signs, SIGNS);
    const isSilent = now === last;
    last = now;
    if (!isSilent) silent = 0;
    else {
      const waitedNow = waited(signs[THREAD] ?? 0);
      // of the first silent look it is not known how much was waiting
      if (silent > 0) silent += Math.max(0, SIGNS_PERIOD - (waitedNow - waitedBefore));
      else silent = SIGNS_PERIOD;
      waitedBefore = waitedNow;
    }
    return silent;
  };
}

/** Milliseconds of silence that mean that a thread hangs. */
export function patienceWith(signs: Int32Array): number {
  const now = Atomics.load(signs, SIGNS);
  if (now === 0) return Number.POSITIVE_INFINITY; // queued, starting or compiling
  return now % 2 === 1 ? TICKING : THINKING;
}
