/**
 * A running simulation as plain data, and as bytes: what `Simulation.checkpoint()` gives and what `new Simulation(plan, { from })` goes on from. The
 * number of shards and threads is not in it.
 */
import { UserError } from '../core/errors.ts';
import type { NetworkCheckpoint } from '../core/kernel/checkpoint.ts';
import type { KeptLog } from '../core/kernel/learning-log.ts';
import type { KeptRecords } from '../core/kernel/recorder.ts';
import type { KeptUpkeep } from '../core/kernel/tiles.ts';
import { openPacker } from './packer.ts';

export interface SimulationCheckpoint {
  /** Which plan it belongs to. */
  readonly plan: string;
  readonly network: NetworkCheckpoint;
  readonly learning: boolean;
  /** Messages and hops of spikes whose counts have been cleared. */
  readonly clearedPerSpike: Readonly<Record<string, number>>;
  readonly records: KeptRecords;
  /** Present where cells share lines. */
  readonly upkeep?: KeptUpkeep;
  /** Present where a learning log is kept. */
  readonly log?: KeptLog;
}

/** Refuses a checkpoint of another plan. */
export function checkPlan({ plan, network }: SimulationCheckpoint, expected: string): void {
  if (plan === expected) return;
  throw new UserError({
    code: 'E-CHECKPOINT',
    message: `the checkpoint of tick ${network.tick} is of another network, rule or chip than this plan`,
    hint: 'go on with the plan it was taken from',
  });
}

/** Of the bytes. A checkpoint in another format is refused. */
const FORMAT = 2;
const KIND = 'hillock checkpoint';

export async function packCheckpoint(checkpoint: SimulationCheckpoint): Promise<Uint8Array> {
  return (await openPacker()).pack({ kind: KIND, format: FORMAT, checkpoint });
}

export async function unpackCheckpoint(bytes: Uint8Array): Promise<SimulationCheckpoint> {
  const packer = await openPacker();
  const refuse = (what: string): UserError => new UserError({ code: 'E-CHECKPOINT', message: `these bytes are ${what}` });
  let stored: { kind?: unknown; format?: unknown; checkpoint?: SimulationCheckpoint } | null;
  try {
    stored = packer.unpack(bytes) as typeof stored;
  } catch {
    throw refuse('damaged, or no checkpoint of a simulation');
  }
  if (stored?.kind !== KIND || stored.checkpoint === undefined) throw refuse('no checkpoint of a simulation');
  if (stored.format !== FORMAT) throw refuse(`a checkpoint in format ${stored.format}; this version reads format ${FORMAT}`);
  return stored.checkpoint;
}
