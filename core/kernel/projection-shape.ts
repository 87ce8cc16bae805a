/** What a projection is inside a shard: arrays, loops and lists by name. Made in shard-projection.ts and epoch.ts. */
import type { LoweredEpoch } from '../chip-contract.ts';
import type { PlannedProjection } from '../plan/plan.ts';
import type { Moment } from '../plasticity/rule.ts';
import type { Binding, Kernel, NumericArray } from '../program/kernel.ts';
import type { DelayRing } from '../synapses/delay-ring.ts';
import type { PayloadRing } from '../synapses/payload-ring.ts';
import type { Replay } from './replay.ts';
import type { ShardPopulation } from './shard-population.ts';

export interface ShardTrace {
  readonly on: 'pre' | 'post';
  /** [nRows] or [nPost] */
  readonly values: NumericArray;
  /** Absent for a trace that does not decay. */
  readonly decay?: Kernel;
  readonly impulse: Kernel;
  readonly isGraded: boolean;
  readonly decaysPerEpoch: boolean;
}

/** How many spikes arrive at each target in this tick. */
export interface Arrivals {
  /** [nPost, in whole blocks] */
  readonly counts: Uint16Array;
  /** Known to hold zeros only. */
  areZero: boolean;
}

export interface ShardProjection {
  readonly plan: PlannedProjection;
  readonly pre: ShardPopulation;
  readonly post: ShardPopulation;
  readonly ring: DelayRing;
  /** What the spikes in the ring carry; present where they are graded. */
  readonly payloads?: PayloadRing;
  /** Something happens besides delivery: a rule, traces, or notes for a learning epoch. */
  readonly isPlastic: boolean;
  /** Where spikes are counted it says how many synapses they have reached. */
  readonly deliver: Kernel;
  /** Called for the rows that spikes arrive on, before all else; present where they are not likely to be in a cache. */
  readonly readAhead?: Kernel;
  /** Present where the advance of the targets reads how many spikes have arrived. */
  readonly arrivals?: Arrivals;
  readonly moments: Readonly<Partial<Record<Moment, Kernel>>>;
  readonly traces: readonly ShardTrace[];
  /** Present where the post side of the rule waits for the next spike of the source. */
  readonly replay?: Replay;
  /** Delivery and `onPre` in one pass, where both can go together and nothing waits. */
  readonly arrive?: Kernel;
  /** Present on chips that learn in epochs. */
  readonly epoch?: ShardEpoch;
  /** Present where cells share lines that are not ideal: runs after their shares have been worked out. */
  readonly renew?: Kernel;
  /** Synapse variables by name, [nSynapses] */
  readonly variables: ReadonlyMap<string, NumericArray>;
  /** Totals by counter, in the order of `plan.lowered.counters` */
  readonly counters: Float64Array;
  /** Multiples of 2^50 that were moved out of them (counters.ts) */
  readonly carried: Float64Array;
  /** Cell of the counter of non-finite writes, or -1. */
  readonly notFiniteCell: number;
  /** Modulators by name: one cell, or [nPost] */
  readonly modulators: ReadonlyMap<string, NumericArray>;
  /** [nPost] where `sumWeights` adds the effective weights onto each target */
  readonly sums: Float64Array;
  readonly sumWeights: Kernel;
  /** `onModulator` over rows, for modulators that reach every target; present where it otherwise runs over columns. */
  readonly modulateRows?: Kernel;
  /** [nRows] every row, for sweeps over all synapses */
  readonly allRows: Int32Array;
  /** [nPost] scratch list of targets */
  readonly someTargets: Int32Array;
  /** Where each name of the programs finds its value. */
  readonly bindings: ReadonlyMap<string, Binding>;
}

export interface ShardEpoch {
  readonly plan: LoweredEpoch;
  /** [nRows], [nPost] tick 1 … E of the last spike in this epoch, 0 for none */
  readonly preTime: Uint8Array;
  readonly postTime: Uint8Array;
  /** [nRows], [nPost] rows and targets that spiked in this epoch, in order of their first spike */
  readonly preSpiked: Int32Array;
  readonly postSpiked: Int32Array;
  /** [2] how many of each */
  readonly spikedCounts: Int32Array;
  /** [max(nRows, nPost)] scratch list */
  readonly scratch: Int32Array;
  /** Values of each trace at several times, where the program asks for them. */
  readonly replays: readonly { readonly trace: ShardTrace; readonly atOwn?: NumericArray; readonly history?: NumericArray }[];
  /** Random numbers from a tape, where the programs read them; present where the plan gives them. */
  readonly draws?: Float64Array;
  /** Runs for rows as graded spikes arrive; `counted` [nRows] then says which of them are noted. */
  readonly arrival?: { readonly run: Kernel; readonly counted?: Uint8Array };
  /** Synapses of rows that spiked, or all. */
  readonly overRows?: Kernel;
  /** Synapses of targets that spiked, leaving out those already visited by row. */
  readonly overColumns?: Kernel;
}
