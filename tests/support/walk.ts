/** Walks over given synapses, in batches of a few, so that tables are tested across the ends of batches. */
import type { SynapseWalk } from '../../core/network/connectivity.ts';

const AT_A_TIME = 3;

export function walkOf(synapses: readonly (readonly [source: number, target: number, ...rest: unknown[]])[]): SynapseWalk {
  return (visit) => {
    for (let first = 0; first < synapses.length; first += AT_A_TIME) {
      const some = synapses.slice(first, first + AT_A_TIME);
      const end = (which: 0 | 1): Int32Array => Int32Array.from(some, (synapse) => synapse[which]);
      visit(end(0), end(1), some.length);
    }
  };
}
