/**
 * Which neurons a projection connects, and the weight and delay of each synapse. Every draw is a function of (seed, projection, item,
 * draw number), so a network is the same on any machine and however its building is split.
 */
import { UserError } from '../errors.ts';
import { log } from '../program/elementary.ts';
import type { RandomBlocks } from '../program/random-blocks.ts';
import { BLOCKS, randomBlocks } from '../program/random-blocks.ts';
import { normalQuantile, streamOf, uniformAt, uniformOf } from '../random.ts';
import type { Connectivity, Distribution } from './network.ts';

/**
 * Calls back with all synapses in batches, always in the same order: n synapses from sources[k] to targets[k]. The arrays are used again for
 * the next batch. It may be walked again, at the cost of drawing again, so no list is kept.
 */
export type SynapseWalk = (visit: (sources: Int32Array, targets: Int32Array, n: number) => void) => void;

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
        const ends = wholeNumbers(Math.min(nPre, nPost));
        visit(ends, ends, ends.length);
      };
    case 'explicit': {
      const { sources, targets } = connectivity;
      return (visit) => visit(sources, targets, sources.length);
    }
    case 'fixed-probability':
      return fixedProbability(connectivity.probability, nPre, nPost, sameNeurons && !connectivity.selfConnections, seed, stream);
    case 'fixed-in-degree':
    case 'fixed-out-degree': {
      const skipSelf = sameNeurons && !connectivity.selfConnections;
      if (connectivity.kind === 'fixed-out-degree') return fixedDegree(nPre, nPost, connectivity, skipSelf, seed, stream);
      const inwards = fixedDegree(nPost, nPre, connectivity, skipSelf, seed, stream);
      return (visit) => inwards((targets, sources, n) => visit(sources, targets, n));
    }
  }
}

/** How many synapses a projection has; with a fixed probability the number that is expected, and `exact` is false. */
export function synapseCount(connectivity: Connectivity, nPre: number, nPost: number, sameNeurons: boolean): { n: number; exact: boolean } {
  const pairs = (selfConnections: boolean): number => nPre * nPost - (sameNeurons && !selfConnections ? nPre : 0);
  switch (connectivity.kind) {
    case 'all-to-all':
      return { n: pairs(connectivity.selfConnections), exact: true };
    case 'one-to-one':
      return { n: Math.min(nPre, nPost), exact: true };
    case 'explicit':
      return { n: connectivity.sources.length, exact: true };
    case 'fixed-probability': {
      const p = Math.min(1, connectivity.probability);
      return { n: Math.round(p * pairs(connectivity.selfConnections)), exact: p === 0 || p === 1 };
    }
    case 'fixed-in-degree':
      return { n: nPost * connectivity.degree, exact: true };
    case 'fixed-out-degree':
      return { n: nPre * connectivity.degree, exact: true };
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
      eachWord(n, seed, stream, (s, word) => {
        values[s] = low + (high - low) * uniformOf(word);
      });
      return values;
    }
    case 'normal': {
      const { mean, sd, low, high } = distribution;
      eachWord(n, seed, stream, (s, word) => {
        values[s] = Math.min(high, Math.max(low, mean + sd * normalQuantile(uniformOf(word))));
      });
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

/** The words of the items 0 … n-1 in event 0. */
function eachWord(n: number, seed: number, stream: number, visit: (item: number, word: number) => void): void {
  const total = Math.ceil(n / 4);
  const blocks = randomBlocks(seed, stream, total);
  for (let first = 0; first < total; first += BLOCKS) {
    const count = Math.min(BLOCKS, total - first);
    blocks.alongItems(first, count);
    const end = Math.min(n, 4 * (first + count));
    for (let s = 4 * first; s < end; s++) visit(s, blocks.words[(s & 3) * BLOCKS + (s >>> 2) - first]);
  }
}

/** Delays in whole ticks, at least one. */
export function drawDelays(distribution: Distribution, n: number, seed: number, stream: number, what?: string): Int32Array {
  const values = drawValues(distribution, n, seed, stream, what);
  const ticks = new Int32Array(n);
  for (let s = 0; s < n; s++) ticks[s] = wholeTicks(values[s]);
  return ticks;
}

/** A delay in ticks: rounded, at least one. */
export const wholeTicks = (ticks: number): number => Math.max(1, Math.round(ticks));

const wholeNumbers = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

function allToAll(nPre: number, nPost: number, skipSelf: boolean): SynapseWalk {
  return (visit) => {
    const sources = new Int32Array(nPost);
    const everyone = wholeNumbers(nPost);
    const others = everyone.slice(1);
    for (let i = 0; i < nPre; i++) {
      sources.fill(i);
      // the list of the others goes from 1, 2, 3 … to 0, 2, 3 …, to 0, 1, 3 …
      if (skipSelf && i > 0 && i <= others.length) others[i - 1] = i - 1;
      const left = skipSelf && i < nPost;
      visit(sources, left ? others : everyone, left ? nPost - 1 : nPost);
    }
  };
}

/**
 * Words of neighbouring items, drawn four at a time: row(item) holds those of events 0 … events-1 until the next call.
 * @param draw fills the words of a block for some events from `first` on
 */
function rowsOfWords(
  { words }: RandomBlocks,
  events: number,
  draw: (block: number, first: number, count: number) => void,
): (item: number) => Int32Array {
  const direct = events <= BLOCKS;
  const rows = [0, 1, 2, 3].map((w) => (direct ? words.subarray(w * BLOCKS, w * BLOCKS + events) : new Int32Array(events)));
  let drawn = -1;
  return (item) => {
    const block = item >>> 2;
    for (let first = 0; drawn !== block && first < events; first += BLOCKS) {
      const count = Math.min(BLOCKS, events - first);
      draw(block, first, count);
      if (!direct) for (const [w, row] of rows.entries()) row.set(words.subarray(w * BLOCKS, w * BLOCKS + count), first);
    }
    drawn = block;
    return rows[item & 3];
  };
}

/** Most words of one source that are drawn ahead; what a row needs beyond is drawn one by one. */
const LONGEST_AHEAD = 65536;

/** Walks the nPre × nPost pairs in geometric steps: the gap to the next synapse is floor(log u / log(1 - p)). Draws: item source, event k. */
function fixedProbability(p: number, nPre: number, nPost: number, skipSelf: boolean, seed: number, stream: number): SynapseWalk {
  if (p >= 1) return allToAll(nPre, nPost, skipSelf);
  const logMiss = log(1 - p);
  // below 2^-53 a double cannot tell 1 - p from 1: no synapse
  if (logMiss >= 0) return () => {};
  const expected = nPost * p;
  // six standard deviations more than a row has on average: hardly ever too few
  const ahead = Math.min(nPost, LONGEST_AHEAD, Math.ceil(expected + 6 * Math.sqrt(expected) + 4));
  const blocks = randomBlocks(seed, stream, (nPre / 4) * ahead);
  return (visit) => {
    const wordsOf = rowsOfWords(blocks, ahead, blocks.alongEvents);
    const sources = new Int32Array(nPost);
    const targets = new Int32Array(nPost);
    for (let i = 0; i < nPre; i++) {
      const words = wordsOf(i);
      let j = -1;
      let n = 0;
      for (let k = 0; ; k++) {
        const u = k < ahead ? uniformOf(words[k]) : uniformAt(seed, stream, i, k);
        j += 1 + Math.floor(log(u) / logMiss);
        if (j >= nPost) break;
        if (!skipSelf || i !== j) targets[n++] = j;
      }
      visit(sources.fill(i, 0, n), targets, n);
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
  // without repetition draw d is one of the first pool - degree + d + 1
  const [bound, growth] = multapses ? [pool, 0] : [pool - degree + 1, 1];
  const blocks = randomBlocks(seed, stream, (nChoosers / 4) * degree);
  return (visit) => {
    const picksOf = rowsOfWords(blocks, degree, (block, first, count) => blocks.integersAlongEvents(block, first, count, bound, growth));
    const choosers = new Int32Array(degree);
    // partner -> the last chooser that took it, plus one
    const takenBy = new Int32Array(multapses ? 0 : nPartners);
    for (let c = 0; c < nChoosers; c++) {
      const picks = picksOf(c);
      for (let d = 0; !multapses && d < degree; d++) {
        if (takenBy[picks[d]] === c + 1) picks[d] = bound + d - 1;
        takenBy[picks[d]] = c + 1;
      }
      for (let d = 0; skipSelf && d < degree; d++) if (picks[d] >= c) picks[d]++;
      visit(choosers.fill(c), picks, degree);
    }
  };
}
