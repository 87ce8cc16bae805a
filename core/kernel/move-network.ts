/**
 * A network put at another tick with other weights, as if it had lived until then: the twin that is shown a sample which another run of the same
 * network has come to. Draws depend on the tick, so the twin meets the same input spikes and the same noise.
 */
import { UserError } from '../errors.ts';
import { projectionParts } from './gather.ts';
import { dealOut, perSynapse } from './global-order.ts';
import { forgetReplay } from './replay.ts';
import type { Shard } from './shard.ts';

/** Sets the clock of a network at rest: traces and lists already hold nothing of the past. */
export function setClock(shards: readonly Shard[], tick: number): void {
  for (const { clock, projections } of shards) {
    clock[0] = tick;
    for (const { replay } of projections) if (replay !== undefined) forgetReplay(replay, tick);
  }
}

/** Gives a projection other weights, for chips that keep a weight as it is. @param values [nSynapses] in network units, in global order */
export function writeWeights(shards: readonly Shard[], name: string, values: Float64Array): void {
  const pieces = projectionParts(shards, name).map((part) => {
    const { weight } = part.plan.lowered;
    const kept = weight.kind === 'read' ? part.variables.get(weight.name) : undefined;
    if (kept !== undefined) return perSynapse(part, kept);
    throw new UserError({ code: 'E-STATE', message: `projection ${name} does not keep its weights as numbers that could be set` });
  });
  dealOut(pieces, values);
}
