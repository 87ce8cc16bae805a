/** What one run (one chip, one seed) brings home: plain data with typed arrays, small enough to store and to send between threads. */
import type { EventCounts } from '../core/energy/event-kinds.ts';
import type { SynapseHistory } from '../core/kernel/learning-log.ts';
import type { LearningCounts } from '../core/kernel/totals.ts';
import type { LayerFigures } from './diagnosis/watch-updates.ts';
import type { NoveltyFigures, NoveltyPictures, Raster } from './result.ts';

export interface RunOutcome {
  /** Share of right answers on data never trained on, or the area under the curve; null where the task has no score. */
  readonly accuracy: number | null;
  /** The same after pauses. */
  readonly later?: readonly { readonly after: string; readonly seconds: number; readonly accuracy: number | null }[];
  /** Where the network came trained: right answers of the teacher itself, and of its weights on the chip before anything was learned there. */
  readonly pretrained?: { readonly teacher: number; readonly placed: number };
  readonly curve: { readonly samples: readonly number[]; readonly values: readonly number[]; readonly label: string } | null;
  readonly rasters: readonly Raster[];
  /** [actual][answered] */
  readonly confusion: readonly (readonly number[])[] | null;
  /** [nSynapses] of the plastic projection, network units */
  readonly weightsBefore: Float64Array;
  readonly weightsAfter: Float64Array;
  /** Per time difference: mean and standard deviation of the weight change. */
  readonly window: { readonly mean: readonly number[]; readonly sd: readonly number[] } | null;
  /** Of anomaly detection. */
  readonly novelty?: {
    readonly heldOut: number;
    readonly before: NoveltyFigures;
    readonly after: NoveltyFigures;
    /** Error spikes of each test image after learning. */
    readonly scores: { readonly known: readonly number[]; readonly novel: readonly number[] };
    readonly pictures: NoveltyPictures;
  };
  readonly events: EventCounts;
  readonly learning: LearningCounts;
  /** What became of weight changes, by plastic projection, where asked for. */
  readonly updates?: readonly LayerFigures[];
  readonly samples: number;
  /** Biological time that passed, seconds. */
  readonly simulatedSeconds: number;
  readonly stateHash: string;
  /** Of the synapses that were asked about. */
  readonly why?: readonly SynapseHistory[];
  readonly wallSeconds: number;
}

/** Where a run reports how far it is: [0] done, [1] total, in units of the task; [2] its signs of life (workers/signs-of-life.ts). */
export type ProgressCells = Int32Array;
