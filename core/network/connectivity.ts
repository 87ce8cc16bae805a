/**
 * Which neurons a projection connects, and the weight and delay of each synapse. Every draw is a function of (seed, projection, item,
 * draw number), so a network is the same on any machine and however its building is split.
 */
import { InternalError } from '../errors.ts';
import { log } from '../program/elementary.ts';
import { integerAt, normalAt, streamOf, uniformAt } from '../random.ts';
import type { Connectivity, Distribution } from './network.ts';

export interface SynapseList {
  /** [nSynapses] */
  readonly sources: Int32Array;
  /** [nSynapses] */
  readonly targets: Int32Array;
}

/**
 * Lists the synapses of a projection.
 * @param sameNeurons pre and post are one population, so that i → i would be a self-connection
 */
export function listSynapses(
  connectivity: Connectivity,
  nPre: number,
  nPost: number,
  sameNeurons: boolean,
  seed: number,
  name: string,
): SynapseList {
  const stream = streamOf(`${name}/connectivity`);
  switch (connectivity.kind) {
    case 'all-to-all':
      return allToAll(nPre, nPost, sameNeurons && !connectivity.selfConnections);
    case 'one-to-one':
      return { sources: identity(Math.min(nPre, nPost)), targets: identity(Math.min(nPre, nPost)) };
    case 'explicit':
      return { sources: connectivity.sources, targets: connectivity.targets };
    case 'fixed-probability':
      return fixedProbability(connectivity.probability, nPre, nPost, sameNeurons && !connectivity.selfConnections, seed, stream);
    case 'fixed-in-degree': {
      const partners = fixedDegree(
        nPost,
        nPre,
        connectivity.degree,
        sameNeurons && !connectivity.selfConnections,
        connectivity.multapses,
        seed,
        stream,
      );
      return { sources: partners.chosen, targets: partners.chooser };
    }
    case 'fixed-out-degree': {
      const partners = fixedDegree(
        nPre,
        nPost,
        connectivity.degree,
        sameNeurons && !connectivity.selfConnections,
        connectivity.multapses,
        seed,
        stream,
      );
      return { sources: partners.chooser, targets: partners.chosen };
    }
  }
}

/** Draws one value per synapse, [n]; item is the synapse's place in the list. */
export function drawValues(distribution: Distribution, n: number, seed: number, stream: number): Float64Array {
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
      if (distribution.values.length !== n) throw new InternalError(`${distribution.values.length} values for ${n} synapses`);
      values.set(distribution.values);
      return values;
  }
}

/** Delays in whole ticks, at least one. */
export function drawDelays(distribution: Distribution, n: number, seed: number, stream: number): Int32Array {
  return Int32Array.from(drawValues(distribution, n, seed, stream), (ticks) => Math.max(1, Math.round(ticks)));
}

function allToAll(nPre: number, nPost: number, skipSelf: boolean): SynapseList {
  const n = nPre * nPost - (skipSelf ? Math.min(nPre, nPost) : 0);
  const sources = new Int32Array(n);
  const targets = new Int32Array(n);
  let s = 0;
  for (let i = 0; i < nPre; i++) {
    for (let j = 0; j < nPost; j++) {
      if (skipSelf && i === j) continue;
      sources[s] = i;
      targets[s++] = j;
    }
  }
  return { sources, targets };
}

/** Walks the nPre × nPost pairs in geometric steps: the gap to the next synapse is floor(log u / log(1 - p)). Draws: item source, event k. */
function fixedProbability(p: number, nPre: number, nPost: number, skipSelf: boolean, seed: number, stream: number): SynapseList {
  if (p >= 1) return allToAll(nPre, nPost, skipSelf);
  const sources: number[] = [];
  const targets: number[] = [];
  if (p > 0) {
    const logMiss = log(1 - p);
    for (let i = 0; i < nPre; i++) {
      let j = -1;
      for (let k = 0; ; k++) {
        j += 1 + Math.floor(log(uniformAt(seed, stream, i, k)) / logMiss);
        if (j >= nPost) break;
        if (skipSelf && i === j) continue;
        sources.push(i);
        targets.push(j);
      }
    }
  }
  return { sources: Int32Array.from(sources), targets: Int32Array.from(targets) };
}

/** Every chooser draws `degree` partners: with repetition when multapses are allowed, else without (Floyd's subset sampling). */
function fixedDegree(
  nChoosers: number,
  nPartners: number,
  degree: number,
  skipSelf: boolean,
  multapses: boolean,
  seed: number,
  stream: number,
): { chooser: Int32Array; chosen: Int32Array } {
  const chooser = new Int32Array(nChoosers * degree);
  const chosen = new Int32Array(nChoosers * degree);
  const pool = nPartners - (skipSelf ? 1 : 0);
  const taken = new Set<number>();
  for (let c = 0; c < nChoosers; c++) {
    taken.clear();
    for (let d = 0; d < degree; d++) {
      const at = c * degree + d;
      let pick: number;
      if (multapses) {
        pick = integerAt(seed, stream, c, d, pool);
      } else {
        const last = pool - degree + d;
        pick = integerAt(seed, stream, c, d, last + 1);
        if (taken.has(pick)) pick = last;
        taken.add(pick);
      }
      chooser[at] = c;
      chosen[at] = skipSelf && pick >= c ? pick + 1 : pick;
    }
  }
  return { chooser, chosen };
}

function identity(n: number): Int32Array {
  const list = new Int32Array(n);
  for (let i = 0; i < n; i++) list[i] = i;
  return list;
}
