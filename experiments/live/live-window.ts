/**
 * A window onto a run in another thread, in shared memory. Who watches sets a cell; the run looks at it once per sample, puts a picture of its weights
 * and spikes into the window, and takes the cell back. So pictures are made as often as they are looked at, and none is read while it is written.
 */
import { HISTOGRAM_BINS } from '../histogram.ts';
import type { Raster } from '../result.ts';

export interface LiveWindow {
  /** [CELLS] whole numbers by the names below */
  readonly cells: Int32Array;
  /** [2 × CURVE_BINS] samples learned and right answers, in equal parts of the training */
  readonly curve: Int32Array;
  /** [2 + HISTOGRAM_BINS] ends of the histogram, then weights per bin */
  readonly histogram: Float64Array;
  /** [RASTER_SPIKES] ticks from the start of the sample, and neurons */
  readonly ticks: Int32Array;
  readonly neurons: Int32Array;
}

/** Cells: 1 while a picture is wanted; pictures made; spikes in the window; ticks and neurons of the raster; samples that the training has. */
const WANTED = 0;
const PICTURES = 1;
const SPIKES = 2;
const RASTER_TICKS = 3;
const RASTER_NEURONS = 4;
const TOTAL = 5;
const CELLS = 6;

const CURVE_BINS = 100;
const RASTER_SPIKES = 4000;

export interface Picture {
  readonly histogram: { readonly low: number; readonly high: number; readonly counts: readonly number[] };
  readonly raster: Pick<Raster, 'ticks' | 'neurons' | 't' | 'i'>;
}

/** Share of right answers against samples, in the parts of the training that have begun. */
export interface LiveCurve {
  readonly samples: readonly number[];
  readonly values: readonly number[];
}

const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);

export function createLiveWindow(): LiveWindow {
  return {
    cells: new Int32Array(shared(4 * CELLS)),
    curve: new Int32Array(shared(4 * 2 * CURVE_BINS)),
    histogram: new Float64Array(shared(8 * (2 + HISTOGRAM_BINS))),
    ticks: new Int32Array(shared(4 * RASTER_SPIKES)),
    neurons: new Int32Array(shared(4 * RASTER_SPIKES)),
  };
}

/** The run's side. */
export const beginTraining = ({ cells }: LiveWindow, samples: number): void => void Atomics.store(cells, TOTAL, samples);
export const isWanted = ({ cells }: LiveWindow): boolean => Atomics.load(cells, WANTED) === 1;

/** @param nth sample of the training, from 0 */
export function noteSample({ cells, curve }: LiveWindow, nth: number, right: boolean): void {
  const bin = Math.min(CURVE_BINS - 1, Math.floor((nth * CURVE_BINS) / Math.max(1, cells[TOTAL])));
  curve[bin]++;
  if (right) curve[CURVE_BINS + bin]++;
}

/** Spikes beyond the room of the window are left out. */
export function showPicture({ cells, histogram, ticks, neurons }: LiveWindow, { histogram: { low, high, counts }, raster }: Picture): void {
  histogram.set([low, high, ...counts]);
  const count = Math.min(RASTER_SPIKES, raster.t.length);
  ticks.set(raster.t.slice(0, count));
  neurons.set(raster.i.slice(0, count));
  cells[SPIKES] = count;
  cells[RASTER_TICKS] = raster.ticks;
  cells[RASTER_NEURONS] = raster.neurons;
  Atomics.add(cells, PICTURES, 1);
  Atomics.store(cells, WANTED, 0);
}

/** The watcher's side. */
export const askForPicture = ({ cells }: LiveWindow): void => void Atomics.store(cells, WANTED, 1);
export const picturesMade = ({ cells }: LiveWindow): number => Atomics.load(cells, PICTURES);

/** The last picture; undefined while there is none, or while the next one may be under way. */
export function lastPicture({ cells, histogram, ticks, neurons }: LiveWindow): Picture | undefined {
  if (Atomics.load(cells, PICTURES) === 0 || Atomics.load(cells, WANTED) === 1) return undefined;
  const [low, high, ...counts] = histogram;
  const count = cells[SPIKES];
  return {
    histogram: { low, high, counts },
    raster: {
      ticks: cells[RASTER_TICKS],
      neurons: cells[RASTER_NEURONS],
      t: Array.from(ticks.subarray(0, count)),
      i: Array.from(neurons.subarray(0, count)),
    },
  };
}

export function curveSoFar({ cells, curve }: LiveWindow): LiveCurve {
  const total = Atomics.load(cells, TOTAL);
  const bins = Array.from({ length: CURVE_BINS }, (_, bin) => bin).filter((bin) => curve[bin] > 0);
  return {
    samples: bins.map((bin) => Math.round(((bin + 0.5) * total) / CURVE_BINS)),
    values: bins.map((bin) => curve[CURVE_BINS + bin] / curve[bin]),
  };
}
