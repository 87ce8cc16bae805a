/**
 * Synapses on tiles. A tile is a grid of input lines (rows of the synapse table) and output lines (one or more columns per target); an array larger
 * than a tile is cut. What cells of one tile do to each other is worked out here for the whole array: the share of its current that each cell
 * brings through resistive wires, and how often a cell was half-selected while others were written.
 */
import type { WireOhms } from './grid.ts';
import { transferMatrix } from './transfer.ts';

export interface TileLayout {
  /** Input lines and targets of a full tile. */
  readonly rows: number;
  readonly targets: number;
}

/** The part of a synapse table that places its cells. */
export interface Crossings {
  readonly nRows: number;
  readonly nPost: number;
  /** [nRows + 1] */
  readonly rowStart: ArrayLike<number>;
  /** [nSynapses] */
  readonly target: ArrayLike<number>;
}

/** Calls `visit` for every tile that has a synapse, with the synapses and their places in it. */
function eachTile(
  { nRows, nPost, rowStart, target }: Crossings,
  { rows, targets }: TileLayout,
  visit: (tile: { nRows: number; nTargets: number; synapses: readonly { k: number; r: number; t: number }[] }) => void,
): void {
  for (let top = 0; top < nRows; top += rows) {
    const bottom = Math.min(nRows, top + rows);
    for (let left = 0; left < nPost; left += targets) {
      const right = Math.min(nPost, left + targets);
      const synapses: { k: number; r: number; t: number }[] = [];
      for (let row = top; row < bottom; row++) {
        for (let k = rowStart[row]; k < rowStart[row + 1]; k++) {
          if (target[k] >= left && target[k] < right) synapses.push({ k, r: row - top, t: target[k] - left });
        }
      }
      if (synapses.length > 0) visit({ nRows: bottom - top, nTargets: right - left, synapses });
    }
  }
}

/**
 * Share of V·G that each cell brings into its column, all silent lines at ground: transfer conductance over conductance.
 * @param columns [columns of a target][nSynapses] siemens, in the order of the lines; @param shared siemens of the cells of one more column
 * per tile, behind the last target (0 for none)
 * @returns the same shape; with a shared column one list more, the share of the row's cell in it
 */
export function transferShares(
  crossings: Crossings,
  layout: TileLayout,
  columns: readonly Float64Array[],
  wires: WireOhms,
  shared = 0,
): Float64Array[] {
  const n = columns[0].length;
  const shares = Array.from({ length: columns.length + (shared > 0 ? 1 : 0) }, () => new Float64Array(n).fill(1));
  if (wires.inputOhm === 0 && wires.outputOhm === 0 && (wires.driverOhm ?? 0) === 0 && (wires.senseOhm ?? 0) === 0) return shares;
  eachTile(crossings, layout, ({ nRows, nTargets, synapses }) => {
    const outputs = nTargets * columns.length + (shared > 0 ? 1 : 0);
    const conductance = new Float64Array(outputs * nRows);
    if (shared > 0) conductance.fill(shared, (outputs - 1) * nRows);
    for (const { k, r, t } of synapses) {
      for (const [c, values] of columns.entries()) conductance[(t * columns.length + c) * nRows + r] += values[k];
    }
    const transfer = transferMatrix({ ...wires, inputs: nRows, outputs, conductance });
    for (const { k, r, t } of synapses) {
      for (const [c, own] of shares.entries()) {
        const at = (c < columns.length ? t * columns.length + c : outputs - 1) * nRows + r;
        own[k] = conductance[at] === 0 ? 1 : transfer[at] / conductance[at];
      }
    }
  });
  return shares;
}

/**
 * Pulses at half voltage that each cell has seen: those on the other cells of its row, and those on the other cells of its column.
 * @param sent [columns of a target][nSynapses] pulses on each cell; @returns the same shape
 */
export function halfSelectedPulses(crossings: Crossings, layout: TileLayout, sent: readonly Float64Array[]): Float64Array[] {
  const seen = sent.map((values) => new Float64Array(values.length));
  eachTile(crossings, layout, ({ nRows, nTargets, synapses }) => {
    const onRow = new Float64Array(nRows);
    const onColumn = new Float64Array(nTargets * sent.length);
    for (const { k, r, t } of synapses) {
      for (const [c, values] of sent.entries()) {
        onRow[r] += values[k];
        onColumn[t * sent.length + c] += values[k];
      }
    }
    for (const { k, r, t } of synapses) {
      for (const [c, values] of sent.entries()) seen[c][k] = onRow[r] + onColumn[t * sent.length + c] - 2 * values[k];
    }
  });
  return seen;
}
