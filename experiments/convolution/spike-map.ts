/** Maps of first spikes: what the stages of a convolutional network hand on, at most one spike per map and place. */

/** No spike. */
export const NEVER = 255;

/** Size of a stack of maps. */
export interface MapSize {
  readonly rows: number;
  readonly columns: number;
  readonly maps: number;
}

export interface SpikeMap extends MapSize {
  /** [rows][columns][maps] tick of the first spike from 0, or NEVER */
  readonly ticks: Uint8Array;
}

export const emptyMap = (size: MapSize): SpikeMap => ({
  ...size,
  ticks: new Uint8Array(size.rows * size.columns * size.maps).fill(NEVER),
});

/** Spikes of a map by tick: spike k … is of the element order[k]; those of tick t are from[t] … from[t + 1] - 1. */
export interface SpikesByTick {
  readonly order: Int32Array;
  readonly from: Int32Array;
}

/** @param bins ticks that spikes may have, 0 … bins - 1 */
export function byTick({ ticks }: SpikeMap, bins: number): SpikesByTick {
  const from = new Int32Array(bins + 1);
  for (const tick of ticks) if (tick !== NEVER) from[tick + 1]++;
  for (let t = 0; t < bins; t++) from[t + 1] += from[t];
  const next = from.slice();
  const order = new Int32Array(from[bins]);
  for (let k = 0; k < ticks.length; k++) if (ticks[k] !== NEVER) order[next[ticks[k]]++] = k;
  return { order, from };
}

/** What pooling leaves of maps; what is left over at the right and at the bottom is dropped. */
export const pooledSize = ({ rows, columns, maps }: MapSize, side: number): MapSize => ({
  rows: Math.floor(rows / side),
  columns: Math.floor(columns / side),
  maps,
});

/** The first spike of every square of `side` × `side` places. */
export function pooled(map: SpikeMap, side: number): SpikeMap {
  const { columns, maps, ticks } = map;
  const out = emptyMap(pooledSize(map, side));
  for (let y = 0; y < out.rows * side; y++) {
    for (let x = 0; x < out.columns * side; x++) {
      const to = (Math.floor(y / side) * out.columns + Math.floor(x / side)) * maps;
      const at = (y * columns + x) * maps;
      for (let m = 0; m < maps; m++) if (ticks[at + m] < out.ticks[to + m]) out.ticks[to + m] = ticks[at + m];
    }
  }
  return out;
}

/** A place in a map. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Shape of a kernel that slides over a map: its side, and how far it reaches over the edge. */
export interface Window {
  readonly side: number;
  readonly padding: number;
}

/** Inputs of the patch [side][side][maps] around a place that have spiked by a tick, in order. */
export function patchAt({ rows, columns, maps, ticks }: SpikeMap, { row, column }: Place, { side, padding }: Window, by: number): number[] {
  const inputs: number[] = [];
  for (let dy = 0; dy < side; dy++) {
    const y = row + dy - padding;
    if (y < 0 || y >= rows) continue;
    for (let dx = 0; dx < side; dx++) {
      const x = column + dx - padding;
      if (x < 0 || x >= columns) continue;
      const at = (y * columns + x) * maps;
      for (let m = 0; m < maps; m++) if (ticks[at + m] <= by) inputs.push((dy * side + dx) * maps + m);
    }
  }
  return inputs;
}
