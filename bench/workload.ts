/**
 * What a workload is to the bench: a network written with the package's public names, how the host drives it, and what must come out before
 * its time counts. All membrane values are plain numbers in millivolts.
 */
import type { Network } from '../core/network/network.ts';
import type { Simulation } from '../workers/simulation.ts';

export interface Expectation {
  readonly what: 'meanRateHz' | 'cv' | 'spikes';
  readonly value: number;
  readonly tolerance: number;
}

export interface WorkloadOptions {
  readonly seed: number;
  /** Write every spike down, as the peers do; without it there is no CV. */
  readonly record: boolean;
}

export interface Workload {
  readonly name: string;
  readonly summary: string;
  /** Biological time in seconds that the expectations hold for. */
  readonly seconds: number;
  /** What the engine cannot say yet; the workload is then skipped, visibly. */
  readonly needs?: string;
  readonly expected: readonly Expectation[];
  /** Populations whose spikes are counted; the first is the one whose intervals give the CV. */
  readonly counted: readonly string[];
  /** Arguments of the reference scripts that run the same thing: script, then what follows it. */
  readonly brian2: readonly string[];
  readonly neuron?: readonly string[];
  network(options: WorkloadOptions): Network;
  /** Initial values the host sets; part of the wait, not of the loop. */
  prepare?(simulation: Simulation, seed: number): void;
  /** The time-step loop, with everything the host does inside it. */
  run(simulation: Simulation, seconds: number): void;
}

/** Runs for so many seconds of biological time. */
export function runFor(simulation: Simulation, seconds: number): void {
  simulation.run(Math.round(seconds / simulation.plan.network.dt));
}

/** n values drawn evenly from low … high: a 32-bit linear congruential generator (Numerical Recipes, 2nd ed., section 7.1). */
export function spread(n: number, low: number, high: number, seed: number): Float64Array {
  let x = (12345 + 7919 * seed) >>> 0;
  return Float64Array.from({ length: n }, () => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return low + ((high - low) * x) / 4294967296;
  });
}
