/**
 * Which neurons a projection connects, and the weight and delay of each synapse. Every draw is a function of (seed, projection, item,
 * draw number), so a network is the same on any machine and however its building is split.
 */
import { UserError } from '../errors.ts';
import { log } from '../program/elementary.ts';
import { integerAt, normalAt, streamOf, uniformAt } from '../random.ts';
import type { Connectivity, Distribution } from './network.ts';

/** Calls back for every synapse, always in the same order; it may be walked again, at the cost of drawing again, so no list is kept. */
export type SynapseWalk = (visit: (source: number, target: number) => void) => void;

/**
 * The synapses of a projection as a walk.
 * @param sameNeurons pre and post are one population, so that i → i would be a self-connection
 */
export function walkSynapses(
  connectivity: Connectivity,
  nPre: number,
  nPost: number,
  sameNeurons: boolean,
  seed: number,
  name: string,
): SynapseWalk {
  const stream = streamOf(`${name}/connectivity`);
  switch (connectivity.kind) {
    case 'all-to-all':
      return allToAll(nPre, nPost, sameNeurons && !connectivity.selfConnections);
    case 'one-to-one':
      return (visit) => {
        for (let i = 0; i < Math.min(nPre, nPost); i++) visit(i, i);
      };
    case 'explicit': {
      const { sources, targets } = connectivity;
      return (visit) => {
        for (let s = 0; s < sources.length; s++) visit(sources[s], targets[s]);
      };
    }
    case 'fixed-probability':
      return fixedProbability(connectivity.probability, nPre, nPost, sameNeurons && !connectivity.selfConnections, seed, stream);
    case 'fixed-in-degree':
    case 'fixed-out-degree': {
      const skipSelf = sameNeurons && !connectivity.selfConnections;
      if (connectivity.kind === 'fixed-out-degree') return fixedDegree(nPre, nPost, connectivity, skipSelf, seed, stream);
      const inwards = fixedDegree(nPost, nPre, connectivity, skipSelf, seed, stream);
      return (visit) => inwards((target, source) => visit(source, target));
    }
  }
}

/**
 * Draws one value per synapse, [n]; item is the synapse's place in the list.
 * @param what whose values they are, for the message about a list of another length
 */
export function drawValues(distribution: Distribution, n: number, seed: number, stream: number, what = 'the list'): Float64Array {
  const values = new Float64Array(n);
  switch (distribution.kind) {
    case 'constant':
      return values.fill(distribution.value);
    case 'uniform': {
      const { low, high } = distribution;
      for (let s = 0; s < n; s++) values[s] = low + (high - low) * uniformAt(seed, stream, s, 0);
      return values;
    }
    case 'normal': {
      const { mean, sd, low, high } = distribution;
      for (let s = 0; s < n; s++) values[s] = Math.min(high, Math.max(low, mean + sd * normalAt(seed, stream, s, 0)));
      return values;
    }
    case 'values':
      if (distribution.values.length !== n) {
        throw new UserError({
          code: 'E-RANGE',
          message: `${what} has ${distribution.values.length} values for ${n} synapses`,
          hint: 'a list needs one value per synapse: in the order of an explicit list, else by source, then target',
        });
      }
      values.set(distribution.values);
      return values;
  }
}

/** Delays in whole ticks, at least one. */
export function drawDelays(distribution: Distribution, n: number, seed: number, stream: number, what?: string): Int32Array {
  return Int32Array.from(drawValues(distribution, n, seed, stream, what), wholeTicks);
}

/** A delay in ticks: rounded, at least one. */
export const wholeTicks = (ticks: number): number => Math.max(1, Math.round(ticks));

function allToAll(nPre: number, nPost: number, skipSelf: boolean): SynapseWalk {
  return (visit) => {
    for (let i = 0; i < nPre; i++) {
      for (let j = 0; j < nPost; j++) if (!skipSelf || i !== j) visit(i, j);
    }
  };
}

/** Walks the nPre × nPost pairs in geometric steps: the gap to the next synapse is floor(log u / log(1 - p)). Draws: item source, event k. */
function fixedProbability(p: number, nPre: number, nPost: number, skipSelf: boolean, seed: number, stream: number): SynapseWalk {
  if (p >= 1) return allToAll(nPre, nPost, skipSelf);
  const logMiss = log(1 - p);
  return (visit) => {
    // below 2^-53 a double cannot tell 1 - p from 1: no synapse
    if (logMiss >= 0) return;
    for (let i = 0; i < nPre; i++) {
      let j = -1;
      for (let k = 0; ; k++) {
        j += 1 + Math.floor(log(uniformAt(seed, stream, i, k)) / logMiss);
        if (j >= nPost) break;
        if (!skipSelf || i !== j) visit(i, j);
      }
    }
  };
}

/** Every chooser draws `degree` partners: with repetition when multapses are allowed, else without (Floyd's subset sampling). */
function fixedDegree(
  nChoosers: number,
  nPartners: number,
  { degree, multapses }: { readonly degree: number; readonly multapses: boolean },
  skipSelf: boolean,
  seed: number,
  stream: number,
): SynapseWalk {
  const pool = nPartners - (skipSelf ? 1 : 0);
  return (visit) => {
    const taken = new Set<number>();
    for (let c = 0; c < nChoosers; c++) {
      taken.clear();
      for (let d = 0; d < degree; d++) {
        let pick: number;
        if (multapses) {
          pick = integerAt(seed, stream, c, d, pool);
        } else {
          const last = pool - degree + d;
          pick = integerAt(seed, stream, c, d, last + 1);
          if (taken.has(pick)) pick = last;
          taken.add(pick);
        }
        visit(c, skipSelf && pick >= c ? pick + 1 : pick);
      }
    }
  };
}
