/** One synapse of a running shard as the reference evaluator sees it: where each name of a program finds its value there. */
import type { Scope } from '../program/symbols.ts';
import type { ShardProjection } from './projection-shape.ts';

/** Numbers inside the shard. */
export interface SynapsePlace {
  readonly synapse: number;
  readonly row: number;
  readonly target: number;
}

/** What a program reads at a synapse; 0 for a counter, and for what the shard does not keep. @param at index that the program computed */
export function valueAt({ bindings }: ShardProjection, name: string, scope: Scope, place: SynapsePlace, at?: number): number {
  const binding = bindings.get(name);
  if (binding === undefined || scope === 'counter') return 0;
  const [own, other] = scope === 'pre' ? [place.row, place.target] : [place.target, place.row];
  switch (binding.kind) {
    case 'constant':
      return binding.value;
    case 'cell':
      return binding.array[binding.cell];
    case 'history':
      return binding.array[own * binding.stride + binding.times[other]];
    default:
      return binding.array[at ?? (scope === 'synapse' ? place.synapse : own)];
  }
}
