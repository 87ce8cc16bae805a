/**
 * A plan of the same shape with few neurons: the same programs, and a synapse or so per neuron. Nothing it computes means anything; it is what code is
 * tried on before the real thing is there (workers/rehearsal.ts).
 */
import type { SynapseTable } from '../synapses/synapse-table.ts';
import { cutPlan } from './partition.ts';
import type { Plan } from './plan.ts';

/** Of each row. */
const TARGETS = 4;

/** @param most neurons of each population */
export function miniature(plan: Plan, most: number): Plan {
  const sizes = plan.populations.map(({ size }) => Math.min(size, most));
  // the description of the network is of no use there, and may be long
  const network = { ...plan.network, populations: [], projections: [], probes: [] };
  return cutPlan(
    { ...plan, network },
    sizes.map((size) => [0, size]),
    ({ table, pre, post }) => {
      const small = smallTable(table, sizes[pre], sizes[post]);
      return { table: small, keptRows: small.rowSource, rowShift: new Int32Array(small.nRows) };
    },
  );
}

/** One row per source, of the shortest and the longest delay by turns. */
function smallTable({ target, minDelay, maxDelay }: SynapseTable, nPre: number, nPost: number): SynapseTable {
  const perRow = Math.min(nPost, TARGETS);
  const places = Int32Array.from({ length: nPre + 1 }, (_, row) => row);
  return {
    nPre,
    nPost,
    nSynapses: nPre * perRow,
    nRows: nPre,
    sourceRows: places,
    rowSource: places.subarray(0, nPre),
    rowDelay: Int32Array.from({ length: nPre }, (_, row) => (row % 2 === 0 ? minDelay : maxDelay)),
    rowStart: places.map((row) => row * perRow),
    target: new (target.constructor as Uint16ArrayConstructor)(nPre * perRow).map((_, k) => k % perRow),
    minDelay,
    maxDelay,
  };
}
