/**
 * Runs a workload once with the clock beside it. Times are seconds; `endedAt` is wall-clock milliseconds since 1970 at the last tick, from
 * which the parent process subtracts the moment it started the child.
 */
import { buildPlan, ideal, Simulation } from '../simulation.ts';
import { intervalCv } from './statistics.ts';
import type { Workload } from './workload.ts';

export interface RunOptions {
  readonly seconds: number;
  readonly threads: number;
  readonly seed: number;
  readonly record: boolean;
}

export interface Run {
  readonly buildSeconds: number;
  readonly loopSeconds: number;
  readonly endedAt: number;
  readonly spikes: number;
  readonly meanRateHz: number;
  /** Coefficient of variation of the intervals between spikes; null when nothing was recorded or nothing fired often enough. */
  readonly cv: number | null;
  /** Spikes that reached a synapse. */
  readonly synapticEvents: number;
  /** Evaluations of a rule for one synapse. */
  readonly plasticEvents: number;
  readonly work: Work;
}

/** What a run had to do, counted: what its time is made of. */
export interface Work {
  readonly neuronTicks: number;
  /** Spikes over synapses that stand in rows, and rows that a spike arrived on. */
  readonly rowEvents: number;
  readonly rows: number;
  /** 128-bit vectors of rows kept as bits. */
  readonly bitVectors: number;
  /** Rows of plastic projections that a spike arrived on. */
  readonly plasticRows: number;
  readonly plasticEvents: number;
}

/** The peers look at the first 500 neurons. */
const NEURONS_FOR_CV = 500;

export function runOnce(workload: Workload, { seconds, threads, seed, record }: RunOptions): Run {
  const startedAt = performance.now();
  const simulation = new Simulation(buildPlan(workload.network({ seed, record }), ideal()), { threads });
  workload.prepare?.(simulation, seed);
  const builtAt = performance.now();
  workload.run(simulation, seconds);
  const endedAt = performance.now();
  const counts = workload.counted.map((population) => simulation.spikeCounts(population));
  const spikes = counts.reduce((total, list) => total + list.reduce((sum, count) => sum + count, 0), 0);
  const neurons = counts.reduce((total, list) => total + list.length, 0);
  const run = {
    buildSeconds: (builtAt - startedAt) / 1000,
    loopSeconds: (endedAt - builtAt) / 1000,
    endedAt: performance.timeOrigin + endedAt,
    spikes,
    meanRateHz: spikes / neurons / seconds,
    cv: record ? intervalCv(simulation.recordedSpikes(workload.counted[0]), NEURONS_FOR_CV) : null,
    synapticEvents: simulation.eventCounts().synapticEvent ?? 0,
    plasticEvents: simulation.learningCounts().updateAttempts,
    work: workOf(simulation),
  };
  simulation.dispose();
  return run;
}

/** From the spike counts and the plan's tables; spikes still on their way at the end are counted as if they had arrived. */
function workOf(simulation: Simulation): Work {
  const { populations, projections } = simulation.plan;
  const spikes = populations.map(({ name }) => simulation.spikeCounts(name));
  const work = { rowEvents: 0, rows: 0, bitVectors: 0, plasticRows: 0 };
  for (const { pre, table, counted, lowered } of projections) {
    const plastic = Object.keys(lowered.moments).length > 0;
    for (let row = 0; row < table.nRows; row++) {
      const count = spikes[pre][table.rowSource[row]];
      work.rows += count;
      if (plastic) work.plasticRows += count;
      if (counted === undefined) work.rowEvents += count * (table.rowStart[row + 1] - table.rowStart[row]);
      else work.bitVectors += count * Math.ceil(table.nPost / 128);
    }
  }
  const neurons = populations.reduce((sum, { size }) => sum + size, 0);
  return { ...work, neuronTicks: neurons * simulation.tick, plasticEvents: simulation.learningCounts().updateAttempts };
}
