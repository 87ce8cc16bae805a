/**
 * One stage of a convolutional network with first spikes: kernels slide over the spikes of a map, potentials only grow, and a feature spikes at a place
 * in the tick in which its potential there reaches the threshold. Then the competition that decides who learns (Mozafari et al., Pattern Recognition
 * 94:87, 2019): at each place the earliest feature stands for all, and of those the earliest few win, each once in the image and at a distance.
 */
import type { MapSize, Place, SpikeMap, Window } from './spike-map.ts';
import { byTick, emptyMap, NEVER } from './spike-map.ts';

export interface StageShape extends Window {
  readonly threshold: number;
  readonly bins: number;
  readonly features: number;
}

/** First spikes of a stage, and how high the potential stood at each. */
export interface FeatureMap extends SpikeMap {
  /** [rows][columns][maps], meaningful where there is a spike */
  readonly potentials: Float64Array;
}

/** How large the maps of a stage are. */
export const stageSize = ({ rows, columns }: MapSize, { side, padding, features }: Window & { readonly features: number }): MapSize => ({
  rows: rows + 2 * padding - side + 1,
  columns: columns + 2 * padding - side + 1,
  maps: features,
});

/** @param weights [side][side][maps of the input][features] */
export function firstSpikes(input: SpikeMap, weights: Float64Array, shape: StageShape): FeatureMap {
  const { side, padding, threshold, bins, features } = shape;
  const size = stageSize(input, shape);
  const { rows, columns } = size;
  const potential = new Float64Array(rows * columns * features);
  const out: FeatureMap = { ...emptyMap(size), potentials: new Float64Array(potential.length) };
  const { order, from } = byTick(input, bins);
  const touched = new Uint8Array(rows * columns);
  for (let t = 0; t < bins; t++) {
    if (from[t] === from[t + 1]) continue;
    touched.fill(0);
    for (let k = from[t]; k < from[t + 1]; k++) {
      const map = order[k] % input.maps;
      const place = (order[k] - map) / input.maps;
      const x = place % input.columns;
      const y = (place - x) / input.columns;
      for (let dy = 0; dy < side; dy++) {
        const row = y - dy + padding;
        if (row < 0 || row >= rows) continue;
        for (let dx = 0; dx < side; dx++) {
          const column = x - dx + padding;
          if (column < 0 || column >= columns) continue;
          const at = row * columns + column;
          touched[at] = 1;
          const base = at * features;
          const own = ((dy * side + dx) * input.maps + map) * features;
          addRun(potential, base, weights, own, features);
        }
      }
    }
    for (let at = 0; at < touched.length; at++) {
      if (touched[at] === 0) continue;
      for (let k = at * features; k < (at + 1) * features; k++) {
        if (potential[k] < threshold || out.ticks[k] !== NEVER) continue;
        out.ticks[k] = t;
        out.potentials[k] = potential[k];
      }
    }
  }
  return out;
}

/** sums[to …] += terms[from …], four at a time: most of the time of a stage is spent here, and a quarter of it is saved. */
function addRun(sums: Float64Array, to: number, terms: Float64Array, from: number, count: number): void {
  const wholes = count - (count % 4);
  for (let k = 0; k < wholes; k += 4) {
    sums[to + k] += terms[from + k];
    sums[to + k + 1] += terms[from + k + 1];
    sums[to + k + 2] += terms[from + k + 2];
    sums[to + k + 3] += terms[from + k + 3];
  }
  for (let k = wholes; k < count; k++) sums[to + k] += terms[from + k];
}

export interface Winner extends Place {
  readonly feature: number;
  readonly tick: number;
}

/** @param apart no second winner within so many rows and columns of the first */
export function winnersOf({ rows, columns, maps, ticks, potentials }: FeatureMap, count: number, apart: number): Winner[] {
  const isBefore = (a: number, b: number): boolean => ticks[a] < ticks[b] || (ticks[a] === ticks[b] && potentials[a] > potentials[b]);
  // the first feature of each place
  const leaders: number[] = [];
  for (let place = 0; place < rows * columns; place++) {
    let first = place * maps;
    for (let k = first + 1; k < (place + 1) * maps; k++) if (ticks[k] !== NEVER && isBefore(k, first)) first = k;
    if (ticks[first] !== NEVER) leaders.push(first);
  }
  const winners: Winner[] = [];
  let open = leaders;
  while (winners.length < count && open.length > 0) {
    const best = open.reduce((a, b) => (isBefore(b, a) ? b : a));
    const winner = placeOf(best, columns, maps, ticks[best]);
    winners.push(winner);
    open = open.filter((k) => {
      const { feature, row, column } = placeOf(k, columns, maps, 0);
      const isNear = Math.abs(row - winner.row) <= apart && Math.abs(column - winner.column) <= apart;
      return feature !== winner.feature && !isNear;
    });
  }
  return winners;
}

function placeOf(k: number, columns: number, maps: number, tick: number): Winner {
  const feature = k % maps;
  const place = (k - feature) / maps;
  const column = place % columns;
  return { feature, row: (place - column) / columns, column, tick };
}
