/**
 * The synapses of one projection, in rows. A row holds the synapses of one source that share one delay, so that a spike is a few ranges and
 * a pre trace, which lives where the spike arrives, has one value per row. Rows are ordered by (source, delay); within a row synapses are
 * ordered by target. The position of a synapse in this order is its number everywhere: in weights, random streams and files.
 */
import { InternalError } from '../errors.ts';

export interface SynapseTable {
  readonly nPre: number;
  readonly nPost: number;
  readonly nSynapses: number;
  readonly nRows: number;
  /** [nPre + 1] rows of source i are sourceRows[i] … sourceRows[i+1]-1 */
  readonly sourceRows: Int32Array;
  /** [nRows] index of the source neuron */
  readonly rowSource: Int32Array;
  /** [nRows] delay in ticks, at least 1 */
  readonly rowDelay: Int32Array;
  /** [nRows + 1] synapses of row r are rowStart[r] … rowStart[r+1]-1 */
  readonly rowStart: Int32Array;
  /** [nSynapses] index of the target neuron */
  readonly target: Int32Array;
  /** Ticks. */
  readonly minDelay: number;
  readonly maxDelay: number;
}

/** The way back: which synapses end on a target. */
export interface ReverseIndex {
  /** [nPost + 1] */
  readonly columnStart: Int32Array;
  /** [nSynapses] synapse number, ascending within a column */
  readonly synapse: Int32Array;
  /** [nSynapses] row of that synapse */
  readonly row: Int32Array;
}

/**
 * Sorts synapses given in any order into a table.
 * @param sources [nSynapses] source neuron of each synapse
 * @param targets [nSynapses] target neuron of each synapse
 * @param delays [nSynapses] delay in ticks
 * @returns the table, and `order`: synapse k of the table was synapse order[k] of the input
 */
export function buildSynapseTable(
  nPre: number,
  nPost: number,
  sources: Int32Array,
  targets: Int32Array,
  delays: Int32Array,
): { table: SynapseTable; order: Int32Array } {
  const nSynapses = sources.length;
  let minDelay = nSynapses === 0 ? 1 : 0x7fffffff;
  let maxDelay = 1;
  for (let s = 0; s < nSynapses; s++) {
    minDelay = Math.min(minDelay, delays[s]);
    maxDelay = Math.max(maxDelay, delays[s]);
  }
  if (minDelay < 1) throw new InternalError('a delay of less than one tick reached the synapse table');
  // Least significant key first; each pass is stable.
  let order = sortByKey(identity(nSynapses), targets, nPost);
  if (minDelay !== maxDelay) order = sortByKey(order, delays, maxDelay + 1);
  order = sortByKey(order, sources, nPre);

  const target = new Int32Array(nSynapses);
  const rowSource: number[] = [];
  const rowDelay: number[] = [];
  const starts: number[] = [];
  const sourceRows = new Int32Array(nPre + 1);
  for (let k = 0; k < nSynapses; k++) {
    const s = order[k];
    target[k] = targets[s];
    const last = rowSource.length - 1;
    if (last < 0 || rowSource[last] !== sources[s] || rowDelay[last] !== delays[s]) {
      rowSource.push(sources[s]);
      rowDelay.push(delays[s]);
      starts.push(k);
      sourceRows[sources[s] + 1]++;
    }
  }
  starts.push(nSynapses);
  for (let i = 0; i < nPre; i++) sourceRows[i + 1] += sourceRows[i];
  const table: SynapseTable = {
    nPre,
    nPost,
    nSynapses,
    nRows: rowSource.length,
    sourceRows,
    rowSource: Int32Array.from(rowSource),
    rowDelay: Int32Array.from(rowDelay),
    rowStart: Int32Array.from(starts),
    target,
    minDelay,
    maxDelay,
  };
  return { table, order };
}

export function buildReverseIndex(table: SynapseTable): ReverseIndex {
  const { nPost, nSynapses, nRows, rowStart, target } = table;
  const columnStart = new Int32Array(nPost + 1);
  for (let k = 0; k < nSynapses; k++) columnStart[target[k] + 1]++;
  for (let j = 0; j < nPost; j++) columnStart[j + 1] += columnStart[j];
  const next = columnStart.slice(0, nPost);
  const synapse = new Int32Array(nSynapses);
  const row = new Int32Array(nSynapses);
  for (let r = 0; r < nRows; r++) {
    for (let k = rowStart[r]; k < rowStart[r + 1]; k++) {
      const c = next[target[k]]++;
      synapse[c] = k;
      row[c] = r;
    }
  }
  return { columnStart, synapse, row };
}

/** Source neuron of every synapse, [nSynapses]. */
export function sourcesOf(table: SynapseTable): Int32Array {
  const sources = new Int32Array(table.nSynapses);
  for (let r = 0; r < table.nRows; r++) sources.fill(table.rowSource[r], table.rowStart[r], table.rowStart[r + 1]);
  return sources;
}

function identity(n: number): Int32Array {
  const order = new Int32Array(n);
  for (let k = 0; k < n; k++) order[k] = k;
  return order;
}

/** Stable counting sort of `order` by key[order[k]], keys in 0 … nKeys-1. */
function sortByKey(order: Int32Array, key: Int32Array, nKeys: number): Int32Array {
  const start = new Int32Array(nKeys + 1);
  for (let k = 0; k < order.length; k++) start[key[order[k]] + 1]++;
  for (let v = 0; v < nKeys; v++) start[v + 1] += start[v];
  const sorted = new Int32Array(order.length);
  for (let k = 0; k < order.length; k++) sorted[start[key[order[k]]]++] = order[k];
  return sorted;
}
