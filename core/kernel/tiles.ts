/**
 * Upkeep of arrays whose cells share lines: between two ticks, with all shards at rest, the conductances of a whole projection are gathered, the
 * share that each cell brings through the wires and its half-selected pulses are worked out tile by tile, put back, and a program of the chip
 * takes them in. When it is due depends on ticks and on a counter of the run, and on nothing else.
 */
import type { LoweredTiles } from '../chip-contract.ts';
import { InternalError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { halfSelectedPulses, transferShares } from '../wires/tiles.ts';
import { counterTotal, countOf } from './counters.ts';
import { gatherVariable, projectionParts, variablePieces } from './gather.ts';
import { dealOut } from './global-order.ts';
import type { ShardProjection } from './projection-shape.ts';
import type { Shard } from './shard.ts';

export interface TileUpkeep {
  /** Ticks until it is looked at again. */
  ticksToNext(tick: number): number;
  /** Does what is due at this tick. */
  atRest(tick: number): void;
  /** How often each projection has been brought up to date. */
  readonly renewals: ReadonlyMap<string, number>;
  /** What decides when the next is due, and back. */
  keep(): KeptUpkeep;
  takeUp(kept: KeptUpkeep): void;
}

/** By projection: the counter when it was last brought up to date, and how often it was. */
export type KeptUpkeep = Readonly<Record<string, { readonly writesSeen: number; readonly renewals: number }>>;

/** Absent where no projection asks for it. @param plan of the whole network */
export function createTileUpkeep(plan: Plan, shards: readonly Shard[]): TileUpkeep | undefined {
  const arrays = plan.projections.flatMap(({ name, lowered, table }) =>
    lowered.tiles === undefined
      ? []
      : [{ name, table, tiles: lowered.tiles, parts: projectionParts(shards, name), cell: counterCell(lowered.counters, lowered.tiles) }],
  );
  if (arrays.length === 0) return undefined;
  const writesSeen = new Map<string, number>();
  const renewals = new Map<string, number>(arrays.map(({ name }) => [name, 0]));
  return {
    renewals,
    ticksToNext: (tick) => Math.min(...arrays.map(({ tiles: { everyTicks } }) => everyTicks - (tick % everyTicks))),
    atRest: (tick) => {
      for (const { name, table, tiles, parts, cell } of arrays) {
        if (tick % tiles.everyTicks !== 0) continue;
        const writes = countOf(counterTotal(parts, cell));
        if (writes - (writesSeen.get(name) ?? 0) < tiles.everyWrites) continue;
        writesSeen.set(name, writes);
        renewals.set(name, (renewals.get(name) ?? 0) + 1);
        renewTiles(parts, table, tiles, tick);
      }
    },
    keep: () =>
      Object.fromEntries(arrays.map(({ name }) => [name, { writesSeen: writesSeen.get(name) ?? 0, renewals: renewals.get(name) ?? 0 }])),
    takeUp: (kept) => {
      for (const [name, one] of Object.entries(kept)) {
        writesSeen.set(name, one.writesSeen);
        renewals.set(name, one.renewals);
      }
    },
  };
}

function counterCell(counters: readonly { readonly name: string }[], { counter }: LoweredTiles): number {
  const cell = counters.findIndex(({ name }) => name === counter);
  if (cell < 0) throw new InternalError(`tiles are kept up by the counter ${counter}, which the projection does not have`);
  return cell;
}

function renewTiles(
  parts: readonly ShardProjection[],
  table: Plan['projections'][number]['table'],
  tiles: LoweredTiles,
  tick: number,
): void {
  const own = tiles.columns.filter(({ variable }) => variable !== undefined);
  const shared = tiles.columns.find(({ variable }) => variable === undefined);
  const columns = own.map(({ variable, siemens, zero }) =>
    gatherVariable(parts, variable as string).map((state) => siemens * (state + zero)),
  );
  const shares = transferShares(table, tiles, columns, tiles.wires, shared === undefined ? 0 : shared.siemens * shared.zero);
  for (const [c, column] of (shared === undefined ? own : [...own, shared]).entries())
    dealOut(variablePieces(parts, column.share), shares[c]);
  for (const polarity of [0, 1] as const) {
    const driven = own.filter(({ sent, halfSelected }) => sent !== undefined && halfSelected !== undefined);
    const names = driven.map(({ sent }) => sent?.[polarity] as string);
    if (names.length === 0) continue;
    const seen = halfSelectedPulses(
      table,
      tiles,
      names.map((name) => gatherVariable(parts, name)),
    );
    for (const [c, { halfSelected }] of driven.entries()) dealOut(variablePieces(parts, halfSelected?.[polarity] as string), seen[c]);
  }
  for (const name of new Set(own.flatMap(({ sent }) => sent ?? []))) for (const { variables } of parts) variables.get(name)?.fill(0);
  for (const { renew, allRows } of parts) renew?.run(allRows, allRows.length, tick);
}
