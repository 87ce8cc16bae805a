/**
 * Cores on the mesh. Four cores share a tile and a router; the tiles of a chip form a mesh of 8 x 4, several chips stand side by side. Cores are
 * numbered along the rows of tiles, every other row backwards, so that cores with near numbers are near. A message first goes east or west,
 * then north or south: its hops are the differences of the coordinates (Davies et al. 2018; sizes as in SANA-FE's loihi.yaml).
 */
import { LOIHI } from './profile.ts';

const COLUMNS = LOIHI.meshColumns.value;
const ROWS = LOIHI.meshRows.value;
const PER_TILE = LOIHI.coresPerTile.value;

export interface Tile {
  readonly x: number;
  readonly y: number;
}

export const tileNumber = (core: number): number => Math.floor(core / PER_TILE);

export function tileOf(core: number): Tile {
  const tile = tileNumber(core);
  const chip = Math.floor(tile / (COLUMNS * ROWS));
  const y = Math.floor((tile % (COLUMNS * ROWS)) / COLUMNS);
  const along = tile % COLUMNS;
  return { x: chip * COLUMNS + (y % 2 === 0 ? along : COLUMNS - 1 - along), y };
}

export interface Hops {
  readonly eastWest: number;
  readonly northSouth: number;
}

export function hopsBetween(from: number, to: number): Hops {
  const [a, b] = [tileOf(from), tileOf(to)];
  return { eastWest: Math.abs(a.x - b.x), northSouth: Math.abs(a.y - b.y) };
}
