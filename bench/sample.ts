/** What one process that ran one workload once has to say, and what stays of all of them. */
import type { Spread } from './statistics.ts';
import { spreadOf } from './statistics.ts';

export interface Sample {
  readonly loopSeconds: number;
  /** From the start of the process to the last spike. */
  readonly waitSeconds: number;
  readonly peakBytes: number;
  readonly spikes: number;
  readonly meanRateHz: number;
  readonly cv: number | null;
}

export interface Result {
  readonly engine: string;
  /** Number format, where an engine has a choice. */
  readonly variant: string;
  readonly threads: number;
  readonly loopSeconds: Spread;
  readonly waitSeconds: Spread;
  readonly peakBytes: number;
  readonly spikes: number;
  readonly meanRateHz: number;
  readonly cv: number | null;
}

export function summarise(engine: string, variant: string, threads: number, samples: readonly Sample[]): Result {
  const { spikes, meanRateHz, cv } = samples[0];
  return {
    engine,
    variant,
    threads,
    loopSeconds: spreadOf(samples.map((sample) => sample.loopSeconds)),
    waitSeconds: spreadOf(samples.map((sample) => sample.waitSeconds)),
    peakBytes: Math.max(...samples.map((sample) => sample.peakBytes)),
    spikes,
    meanRateHz,
    cv,
  };
}
