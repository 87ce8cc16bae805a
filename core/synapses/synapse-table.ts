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
  /** [nSynapses] index of the target neuron, ascending within a row; 16 bits where they suffice */
  readonly target: Uint16Array | Int32Array;
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
  /** [nSynapses] row of that synapse; 16 bits where they suffice */
  readonly row: Uint16Array | Int32Array;
}

/**
 * What a table is built from: a walk over all synapses in a fixed order, in batches, which is made twice so that no list of them is ever kept.
 */
export interface SynapseSource {
  readonly nPre: number;
  readonly nPost: number;
  readonly walk: (visit: (sources: Int32Array, targets: Int32Array, n: number) => void) => void;
  /** Ticks: one delay for all, or one per synapse in the order of the walk. */
  readonly delays: number | Int32Array;
  /** Whether the caller needs to know where each synapse of the table stood in the walk. */
  readonly wantOrder: boolean;
  /** How many synapses there will be, about. */
  readonly expected?: number;
}

/**
 * Sorts synapses into a table: counts the synapses of every (source, delay), then puts each into its row, then sorts rows by target where the
 * walk did not already come in that order. Equal synapses keep the order of the walk. A walk that comes in the order of the table, as most do
 * that go from source to source, is made only once.
 * @returns the table, and on request `order`: synapse k of the table was synapse order[k] of the walk
 */
export function buildSynapseTable({ nPre, nPost, walk, delays, wantOrder, expected = 0 }: SynapseSource): {
  table: SynapseTable;
  order?: Int32Array;
} {
  const [minDelay, maxDelay] = typeof delays === 'number' ? [delays, delays] : rangeOf(delays);
  if (minDelay < 1) throw new InternalError('a delay of less than one tick reached the synapse table');
  const width = maxDelay - minDelay + 1;

  // A key is (source, delay); start[key] first counts, then is where the key's synapses begin.
  const start = new Int32Array(nPre * width + 1);
  let nSynapses = 0;
  const inOrder = typeof delays === 'number' ? collectInOrder(nPost, expected) : undefined;
  walk((sources, targets, n) => {
    inOrder?.take(sources, targets, n);
    if (typeof delays === 'number') for (let k = 0; k < n; k++) start[sources[k] + 1]++;
    else for (let k = 0; k < n; k++) start[sources[k] * width + delays[nSynapses + k] - minDelay + 1]++;
    nSynapses += n;
  });
  let nRows = 0;
  for (let key = 0; key < nPre * width; key++) {
    if (start[key + 1] > 0) nRows++;
    start[key + 1] += start[key];
  }
  const rowSource = new Int32Array(nRows);
  const rowDelay = new Int32Array(nRows);
  const rowStart = new Int32Array(nRows + 1);
  const sourceRows = new Int32Array(nPre + 1);
  let row = 0;
  for (let key = 0; key < nPre * width; key++) {
    if (start[key + 1] === start[key]) continue;
    const source = Math.floor(key / width);
    rowSource[row] = source;
    rowDelay[row] = minDelay + (key % width);
    rowStart[row++] = start[key];
    sourceRows[source + 1]++;
  }
  rowStart[nRows] = nSynapses;
  for (let i = 0; i < nPre; i++) sourceRows[i + 1] += sourceRows[i];

  const rows = { nPre, nPost, nSynapses, nRows, sourceRows, rowSource, rowDelay, rowStart, minDelay, maxDelay };
  const collected = inOrder?.finish();
  if (collected !== undefined) {
    const table = { ...rows, target: collected };
    return wantOrder ? { table, order: Int32Array.from(collected.keys()) } : { table };
  }
  const target = newTargets(nPost, nSynapses);
  const order = wantOrder ? new Int32Array(nSynapses) : undefined;
  const next = start.subarray(0, nPre * width);
  let s = 0;
  walk((sources, targets, n) => {
    if (typeof delays === 'number' && order === undefined) for (let k = 0; k < n; k++) target[next[sources[k]]++] = targets[k];
    else {
      for (let k = 0; k < n; k++) {
        const at = next[sources[k] * width + (typeof delays === 'number' ? 0 : delays[s + k] - minDelay)]++;
        target[at] = targets[k];
        if (order !== undefined) order[at] = s + k;
      }
    }
    s += n;
  });
  for (let r = 0; r < nRows; r++) sortRow(target, order, rowStart[r], rowStart[r + 1]);
  const table: SynapseTable = { ...rows, target };
  return order === undefined ? { table } : { table, order };
}

const newTargets = (nPost: number, n: number): Uint16Array | Int32Array => (nPost <= 65536 ? new Uint16Array(n) : new Int32Array(n));

/** Keeps the targets of a walk as long as it comes in the order of source and target; `finish` gives them, or nothing if it did not. */
function collectInOrder(nPost: number, expected: number) {
  let kept: Uint16Array | Int32Array | undefined = newTargets(nPost, 0);
  let [length, lastSource, lastTarget] = [0, -1, -1];
  return {
    take(sources: Int32Array, targets: Int32Array, n: number): void {
      if (kept === undefined) return;
      for (let k = 0; k < n; k++) {
        if (sources[k] < lastSource || (sources[k] === lastSource && targets[k] < lastTarget)) {
          kept = undefined;
          return;
        }
        lastSource = sources[k];
        lastTarget = targets[k];
      }
      if (length + n > kept.length) {
        const larger = newTargets(nPost, Math.max(length + n, expected, Math.ceil(1.25 * kept.length)));
        larger.set(kept.subarray(0, length));
        kept = larger;
      }
      for (let k = 0; k < n; k++) kept[length + k] = targets[k];
      length += n;
    },
    finish: (): Uint16Array | Int32Array | undefined => (kept?.length === length ? kept : kept?.slice(0, length)),
  };
}

/** Sorts the targets of one row, with their places in the walk if these are kept. */
function sortRow(target: Uint16Array | Int32Array, order: Int32Array | undefined, from: number, to: number): void {
  let sorted = true;
  for (let k = from + 1; k < to && sorted; k++) sorted = target[k - 1] <= target[k];
  if (sorted) return;
  if (order === undefined) {
    target.subarray(from, to).sort();
    return;
  }
  // target and place in one number: sorting numbers is many times faster than sorting by a comparison, and no two are equal
  const n = to - from;
  const keys = new Float64Array(n);
  for (let k = 0; k < n; k++) keys[k] = target[from + k] * n + k;
  keys.sort();
  const orders = order.slice(from, to);
  for (let k = 0; k < n; k++) {
    target[from + k] = Math.floor(keys[k] / n);
    order[from + k] = orders[keys[k] % n];
  }
}

/** Least and most of the delays; 1 where there are none. */
function rangeOf(delays: Int32Array): [number, number] {
  let [least, most] = [delays.length === 0 ? 1 : delays[0], 1];
  for (const delay of delays) {
    if (delay < least) least = delay;
    if (delay > most) most = delay;
  }
  return [least, most];
}

export function buildReverseIndex(table: SynapseTable): ReverseIndex {
  const { nPost, nSynapses, nRows, rowStart, target } = table;
  const columnStart = new Int32Array(nPost + 1);
  for (let k = 0; k < nSynapses; k++) columnStart[target[k] + 1]++;
  for (let j = 0; j < nPost; j++) columnStart[j + 1] += columnStart[j];
  const next = columnStart.slice(0, nPost);
  const synapse = new Int32Array(nSynapses);
  const row = nRows <= 65536 ? new Uint16Array(nSynapses) : new Int32Array(nSynapses);
  for (let r = 0; r < nRows; r++) {
    for (let k = rowStart[r]; k < rowStart[r + 1]; k++) {
      const c = next[target[k]]++;
      synapse[c] = k;
      row[c] = r;
    }
  }
  return { columnStart, synapse, row };
}

/** True if the targets of every row are consecutive numbers, as in a projection of all to all. */
export function hasConsecutiveRows({ nRows, rowStart, target }: SynapseTable): boolean {
  for (let r = 0; r < nRows; r++) {
    const first = target[rowStart[r]] - rowStart[r];
    for (let k = rowStart[r]; k < rowStart[r + 1]; k++) if (target[k] - k !== first) return false;
  }
  return true;
}

/** Source neuron of every synapse, [nSynapses]. */
export function sourcesOf(table: SynapseTable): Int32Array {
  const sources = new Int32Array(table.nSynapses);
  for (let r = 0; r < table.nRows; r++) sources.fill(table.rowSource[r], table.rowStart[r], table.rowStart[r + 1]);
  return sources;
}
