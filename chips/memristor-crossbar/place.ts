/**
 * Arrays on tiles. Every projection has its own array: an input line for each (source, delay) pair, since a delayed copy of a spike drives a
 * line of its own, and one or two columns for each target. An array larger than a tile is cut into tiles; their column currents are added
 * after the column circuits. A tile is dense: a pair of neurons without a synapse still takes its cells; a tile without any is not built.
 */
import type { DesignSubject, Placement, ResourceUse } from '../../core/chip-contract.ts';
import type { SynapseTable } from '../../core/synapses/synapse-table.ts';
import type { Settings } from './options.ts';

export interface ArraySize {
  readonly projection: string;
  readonly rows: number;
  readonly columns: number;
  readonly tiles: number;
  /** Cells that hold a synapse, and cells of the tiles. */
  readonly used: number;
  readonly cells: number;
}

/** @param slices pairs of cells per weight */
export function arraySize(projection: string, table: SynapseTable, { mapping, tileRows, tileColumns }: Settings, slices = 1): ArraySize {
  const rows = table.nRows;
  // a reference column serves all targets of a tile
  const ownColumns = slices * (mapping === 'reference' ? table.nPost : 2 * table.nPost);
  const usable = mapping === 'reference' ? tileColumns - 1 : tileColumns - (tileColumns % 2);
  const across = Math.max(1, Math.ceil(ownColumns / usable));
  const tiles = Math.max(1, occupiedTiles(table, tileRows, across, Math.floor(usable / (ownColumns / Math.max(1, table.nPost)))));
  const columns = ownColumns + (mapping === 'reference' ? across : 0);
  const perSynapse = slices * (mapping === 'reference' ? 1 : 2);
  return {
    projection,
    rows,
    columns,
    tiles,
    used: table.nSynapses * perSynapse,
    cells: tiles * tileRows * tileColumns,
  };
}

/** Tiles with at least one synapse; one that would be empty is not built. */
function occupiedTiles(table: SynapseTable, tileRows: number, across: number, targetsPerTile: number): number {
  const occupied = new Set<number>();
  for (let r = 0; r < table.nRows; r++) {
    const down = Math.floor(r / tileRows);
    for (let k = table.rowStart[r]; k < table.rowStart[r + 1]; k++)
      occupied.add(down * across + Math.floor(table.target[k] / targetsPerTile));
  }
  return occupied.size;
}

/** With what timing asks for. */
export interface CrossbarPlacement extends Placement {
  /** Input lines, cells that hold synapses, and tiles of the whole network. */
  readonly size: { readonly lines: number; readonly cells: number; readonly tiles: number };
}

export function place({ tables, rules }: Omit<DesignSubject, 'placement'>, settings: Settings): CrossbarPlacement {
  // projections that learn keep one pair per weight
  const arrays = [...tables].map(([name, table]) => arraySize(name, table, settings, rules.has(name) ? 1 : settings.slices));
  const tiles = arrays.reduce((sum, array) => sum + array.tiles, 0);
  const uses: ResourceUse[] = [{ resource: 'tiles', where: 'chip', used: tiles, available: settings.tiles }];
  for (const array of arrays)
    uses.push({ resource: 'cells', where: `projection ${array.projection}`, used: array.used, available: array.cells });
  const plural = tiles === 1 ? 'tile' : 'tiles';
  const total = (of: (array: ArraySize) => number): number => arrays.reduce((sum, array) => sum + of(array), 0);
  const size = { lines: total(({ rows }) => rows), cells: total(({ used }) => used), tiles };
  return { uses, size, summary: `${tiles} ${plural} of ${settings.tileRows} x ${settings.tileColumns} cells` };
}
