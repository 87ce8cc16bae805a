/**
 * Spare lines. Every tile has some rows and columns more than it is used with; after the cells have been tested, the lines with most stuck cells
 * are left out and the spare ones, which have cells of their own, take their place. Rows go first, then columns by what is left.
 */
import type { SynapseTable } from '../../core/synapses/synapse-table.ts';
import type { CellSet, PerCell, Side } from './draw-cells.ts';
import type { Settings } from './options.ts';
import { tileLayout } from './tile-lines.ts';

/** A cell whose bounds are one value answers to nothing. */
const isStuck = ({ low, high }: CellSet, k: number): boolean => typeof low !== 'number' && typeof high !== 'number' && low[k] === high[k];

/** Synapses whose cells come from spare lines, by tile; `true` for both columns of a pair at once. */
export function sparedSynapses(
  cells: Partial<Record<Side, CellSet>>,
  { nRows, nPost, nSynapses, rowStart, target }: SynapseTable,
  settings: Settings,
): Uint8Array {
  const spared = new Uint8Array(nSynapses);
  const { spareRows, spareColumns } = settings;
  const sides = Object.values(cells);
  if (spareRows + spareColumns === 0) return spared;
  const { rows, targets } = tileLayout(settings);
  const across = Math.ceil(nPost / targets);
  for (let top = 0; top < nRows; top += rows) {
    for (let tile = 0; tile < across; tile++) {
      const inTile = (visit: (k: number, row: number) => void): void => {
        for (let row = top; row < Math.min(nRows, top + rows); row++) {
          for (let k = rowStart[row]; k < rowStart[row + 1]; k++) if (Math.floor(target[k] / targets) === tile) visit(k, row);
        }
      };
      const replace = (spares: number, lineOf: (k: number, row: number) => number): void => {
        const stuck = new Map<number, number>();
        inTile((k, row) => {
          if (spared[k] === 1) return;
          const found = sides.filter((side) => isStuck(side, k)).length;
          if (found > 0) stuck.set(lineOf(k, row), (stuck.get(lineOf(k, row)) ?? 0) + found);
        });
        // most stuck cells first; of equals the first line
        const worst = [...stuck].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, spares);
        const chosen = new Set(worst.map(([line]) => line));
        inTile((k, row) => {
          if (chosen.has(lineOf(k, row))) spared[k] = 1;
        });
      };
      replace(spareRows, (_, row) => row);
      // a pair of columns is one target
      replace(Math.floor(spareColumns / sides.length), (k) => target[k]);
    }
  }
  return spared;
}

/** The cells with those on the worst lines exchanged. @param draw cells of the spare lines of one side */
export function replaceWorstLines(
  cells: Partial<Record<Side, CellSet>>,
  table: SynapseTable,
  settings: Settings,
  draw: (side: Side) => CellSet,
): Partial<Record<Side, CellSet>> {
  const spared = sparedSynapses(cells, table, settings);
  if (!spared.includes(1)) return cells;
  const mixed = (own: PerCell, spare: PerCell): PerCell =>
    typeof own === 'number' || typeof spare === 'number' ? own : own.map((value, k) => (spared[k] === 1 ? spare[k] : value));
  const mixedMotion = (own: CellSet['up'], spare: CellSet['up']): CellSet['up'] =>
    Object.fromEntries(
      Object.entries(own).map(([name, values]) => [name, mixed(values as PerCell, spare[name as keyof CellSet['up']] as PerCell)]),
    );
  return Object.fromEntries(
    (Object.entries(cells) as [Side, CellSet][]).map(([side, own]) => {
      const spare = draw(side);
      return [
        side,
        {
          low: mixed(own.low, spare.low),
          high: mixed(own.high, spare.high),
          up: mixedMotion(own.up, spare.up),
          down: mixedMotion(own.down, spare.down),
        },
      ];
    }),
  );
}
