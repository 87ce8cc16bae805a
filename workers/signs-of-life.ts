/**
 * How the main thread sees that a run in another thread goes on. The thread counts a shared cell up when it begins to advance time and again
 * when it has stopped to, so the cell is odd while ticks run; long stretches are run in pieces of some milliseconds. Between stretches a host program
 * may think for long, and much longer silence is allowed.
 */
import type { Plan } from '../core/plan/plan.ts';
import { listen } from './silence.ts';
import type { SimulationOptions } from './simulation.ts';
import { Simulation } from './simulation.ts';

/** Index of the cell in the array that a run reports its progress in, and the length of that array. */
export const SIGNS = 2;
export const PROGRESS_LENGTH = 3;

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

/** A function that tells, called every LOOK_PERIOD, for how many milliseconds there has been no sign. */
export function silenceOf(signs: Int32Array): () => number {
  const silence = listen();
  let last = Atomics.load(signs, SIGNS);
  return () => {
    const before = last;
    last = Atomics.load(signs, SIGNS);
    return silence(last !== before);
  };
}

/** Milliseconds of silence that mean that a thread hangs. */
export function patienceWith(signs: Int32Array): number {
  const now = Atomics.load(signs, SIGNS);
  if (now === 0) return Number.POSITIVE_INFINITY; // queued, starting or compiling
  return now % 2 === 1 ? TICKING : THINKING;
}
