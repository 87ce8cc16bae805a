/**
 * Cuts a plan into shards by target: a shard owns a contiguous range of each population, all synapses onto it, and the traces of the rows
 * those synapses stand in. What a shard owns no other shard writes. Neurons and synapses keep their global numbers in all random draws, so a
 * result does not depend on how the plan was cut.
 */
import type { LoweredPopulation, LoweredProjection, LoweredVariable } from '../chip-contract.ts';
import type { SpikeSource } from '../network/network.ts';
import { shapeBitRows } from '../synapses/bit-rows.ts';
import type { SynapseTable } from '../synapses/synapse-table.ts';
import { buildReverseIndex } from '../synapses/synapse-table.ts';
import type { Plan, PlannedPopulation, PlannedProjection } from './plan.ts';

/** Range of neurons: first, and one past the last. */
export type Range = readonly [first: number, end: number];

export interface Partition {
  readonly shards: number;
  /** [population][shard] */
  readonly ranges: readonly (readonly Range[])[];
}

/** Work of one neuron per tick, in units of one synaptic event per second of its input: measured on the Brunel network (bench/README.md). */
const NEURON_WORK = 50;

/** Spikes of each neuron of a population, if they have been counted. */
export type SpikesOf = (population: string) => ArrayLike<number> | undefined;

/**
 * Splits each population so that shards have equal shares of its neurons and of the spikes that reach it. A population that competes stays whole.
 * @param spikesOf what an earlier part of the run has counted; unless given, all sources are taken to spike alike
 */
export function partitionPlan(plan: Plan, shards: number, spikesOf: SpikesOf = () => undefined): Partition {
  const load = new Array<number>(shards).fill(0);
  const activity = activityOf(plan, spikesOf);
  const ranges = plan.populations.map((population, p): Range[] => {
    const work = workPerNeuron(plan, p, activity);
    const total = work.reduce((sum, value) => sum + value, 0);
    if (population.lowered?.competition !== undefined) {
      const lightest = load.indexOf(Math.min(...load));
      load[lightest] += total;
      return load.map((_, q) => (q < lightest ? [0, 0] : q === lightest ? [0, population.size] : [population.size, population.size]));
    }
    const cuts = [0];
    let sum = 0;
    for (let i = 0; i < population.size; i++) {
      while (cuts.length < shards && sum >= (total * cuts.length) / shards) cuts.push(i);
      sum += work[i];
    }
    while (cuts.length <= shards) cuts.push(population.size);
    for (let q = 0; q < shards; q++) load[q] += total / shards;
    return load.map((_, q) => [cuts[q], cuts[q + 1]]);
  });
  return { shards, ranges };
}

/** By population, [size] spikes of each neuron, where the mean over all synapses is one; nothing where no spike has been counted. */
type Activity = readonly (Float64Array | undefined)[];

function activityOf({ populations, projections }: Plan, spikesOf: SpikesOf): Activity {
  const counts = populations.map(({ name }) => spikesOf(name));
  let [events, synapses] = [0, 0];
  for (const { pre, table } of projections) {
    const spikes = counts[pre];
    if (spikes === undefined) continue;
    synapses += table.nSynapses;
    for (let r = 0; r < table.nRows; r++) events += spikes[table.rowSource[r]] * (table.rowStart[r + 1] - table.rowStart[r]);
  }
  return counts.map((spikes) =>
    spikes === undefined || events === 0 ? undefined : Float64Array.from(spikes, (n) => (n * synapses) / events),
  );
}

function workPerNeuron(plan: Plan, population: number, activity: Activity): Float64Array {
  const work = new Float64Array(plan.populations[population].size).fill(NEURON_WORK);
  for (const { pre, post, table } of plan.projections) {
    if (post !== population) continue;
    const spikes = activity[pre];
    if (spikes === undefined) countPerTarget(table, work);
    else addPerTarget(table, spikes, work);
  }
  return work;
}

/** Synapses of a table that are counted at most, to know how many each target has: their share up to any target is right to a thousandth then. */
const SAMPLES = 2 ** 20;
/** Not a fraction of whole numbers, so that samples that far apart fall on all targets alike, however regular the rows are. */
const GOLDEN = (1 + Math.sqrt(5)) / 2;

function countPerTarget({ target, nSynapses }: SynapseTable, work: Float64Array): void {
  const step = nSynapses > SAMPLES ? (nSynapses / SAMPLES) * GOLDEN : 1;
  for (let k = 0; k < nSynapses; k += step) work[target[Math.trunc(k)]] += step;
}

function addPerTarget({ target, nRows, rowStart, rowSource }: SynapseTable, spikes: Float64Array, work: Float64Array): void {
  for (let r = 0; r < nRows; r++) {
    const events = spikes[rowSource[r]];
    const end = rowStart[r + 1];
    for (let k = rowStart[r]; k < end; k++) work[target[k]] += events;
  }
}

/** The smallest delay of any projection in ticks: how long shards may run without hearing of each other. */
export function smallestDelay(plan: Plan): number {
  return plan.projections.reduce((least, { table }) => Math.min(least, table.minDelay), plan.projections.length === 0 ? 1 : 0x7fffffff);
}

/** The part of a plan that one shard runs: local sizes and tables, with `first` and `rowShift` leading back to global numbers. */
export function shardPlan(plan: Plan, partition: Partition, shard: number): Plan {
  const ranges = partition.ranges.map((ofShards) => ofShards[shard]);
  return cutPlan(plan, ranges, ({ table, post }) => sliceTable(table, ranges[post]));
}

/** Some rows of a table, or parts of them. */
export interface TablePart {
  readonly table: SynapseTable;
  /** [nRows] number that each row had */
  readonly keptRows: Int32Array;
  /** [nRows] number that a synapse of the row had, minus its number here */
  readonly rowShift: Int32Array;
}

/** @param ranges one per population */
export function cutPlan(plan: Plan, ranges: readonly Range[], cutTable: (projection: PlannedProjection) => TablePart): Plan {
  return {
    ...plan,
    populations: plan.populations.map((population, p) => slicePopulation(population, ranges[p])),
    projections: plan.projections.map((projection) => sliceProjection(projection, ranges[projection.post], cutTable(projection))),
  };
}

function slicePopulation({ name, workedOut, lowered, source }: PlannedPopulation, [first, end]: Range): PlannedPopulation {
  return {
    name,
    size: end - first,
    first,
    workedOut,
    lowered: lowered && sliceLowered(lowered, first, end),
    source: source && sliceSource(source, first, end),
  };
}

function sliceSource(source: SpikeSource, first: number, end: number): SpikeSource {
  if (source.kind === 'played') return source;
  if (source.kind === 'poisson') return { kind: 'poisson', rates: source.rates.slice(first, end) };
  const mine = [...source.neurons.keys()].filter((n) => source.neurons[n] >= first && source.neurons[n] < end);
  const { payloads } = source;
  return {
    kind: 'replay',
    ticks: Int32Array.from(mine, (n) => source.ticks[n]),
    neurons: Int32Array.from(mine, (n) => source.neurons[n] - first),
    payloads: payloads && Float64Array.from(mine, (n) => payloads[n]),
  };
}

function sliceLowered(lowered: LoweredPopulation, first: number, end: number): LoweredPopulation {
  const cut = <V extends LoweredVariable>(variable: V): V => sliceVariable(variable, (values) => values.slice(first, end));
  return { ...lowered, variables: lowered.variables.map(cut), ports: lowered.ports.map(cut) };
}

/**
 * All fields by name, those that are absent too: the loops of a tick go over these objects, and shall find them of one shape. And not beginning with
 * a name, as a projection of the network does, whose `pre` is a name as well: the engine would take both for one shape whose fields may hold anything.
 */
function sliceProjection(projection: PlannedProjection, range: Range, { table, keptRows, rowShift }: TablePart): PlannedProjection {
  const pick = (values: Float64Array): Float64Array => {
    const mine = new Float64Array(table.nSynapses);
    for (let r = 0; r < table.nRows; r++) {
      const from = table.rowStart[r];
      mine.set(values.subarray(from + rowShift[r], table.rowStart[r + 1] + rowShift[r]), from);
    }
    return mine;
  };
  const { lowered } = projection;
  const sliced: LoweredProjection = {
    ...lowered,
    variables: lowered.variables.map((variable) => sliceVariable(variable, pick)),
    traces: lowered.traces.map((trace) => ({
      ...trace,
      variable: sliceVariable(trace.variable, (values) =>
        trace.on === 'pre' ? Float64Array.from(keptRows, (row) => values[row]) : values.slice(range[0], range[1]),
      ),
    })),
  };
  const { name, pre, post, port, isGraded, counted, replaysPost, readAhead, reverse } = projection;
  return {
    pre,
    post,
    name,
    port,
    table,
    lowered: sliced,
    isGraded,
    counted: counted && { weight: counted.weight, shape: shapeBitRows(table) },
    replaysPost,
    readAhead,
    reverse: reverse && buildReverseIndex(table),
    rowShift,
    rowNumber: keptRows,
    rowOwned: Uint8Array.from(keptRows, (row, r) => (table.rowStart[r] + rowShift[r] === projection.table.rowStart[row] ? 1 : 0)),
  };
}

function sliceVariable<V extends LoweredVariable>(variable: V, pick: (values: Float64Array) => Float64Array): V {
  return typeof variable.initial === 'number' ? variable : { ...variable, initial: pick(variable.initial) };
}

/** The synapses of a table that end in a range of targets, numbered from 0; rows without any are left out. */
function sliceTable(table: SynapseTable, [first, end]: Range): TablePart {
  const starts: number[] = [];
  const shifts: number[] = [];
  const kept: number[] = [];
  let nSynapses = 0;
  for (let r = 0; r < table.nRows; r++) {
    const from = firstAtLeast(table.target, first, table.rowStart[r], table.rowStart[r + 1]);
    const to = firstAtLeast(table.target, end, from, table.rowStart[r + 1]);
    if (from === to) continue;
    kept.push(r);
    starts.push(nSynapses);
    shifts.push(from - nSynapses);
    nSynapses += to - from;
  }
  starts.push(nSynapses);
  // other threads see it where it is
  const { BYTES_PER_ELEMENT } = table.target;
  const target = new (table.target.constructor as Uint16ArrayConstructor)(new SharedArrayBuffer(nSynapses * BYTES_PER_ELEMENT));
  const sourceRows = new Int32Array(table.nPre + 1);
  for (let r = 0; r < kept.length; r++) {
    sourceRows[table.rowSource[kept[r]] + 1]++;
    target.set(table.target.subarray(starts[r] + shifts[r], starts[r + 1] + shifts[r]), starts[r]);
  }
  if (first > 0) for (let k = 0; k < nSynapses; k++) target[k] -= first;
  for (let i = 0; i < table.nPre; i++) sourceRows[i + 1] += sourceRows[i];
  return {
    table: {
      nPre: table.nPre,
      nPost: end - first,
      nSynapses,
      nRows: kept.length,
      sourceRows,
      rowSource: Int32Array.from(kept, (row) => table.rowSource[row]),
      rowDelay: Int32Array.from(kept, (row) => table.rowDelay[row]),
      rowStart: Int32Array.from(starts),
      target,
      minDelay: table.minDelay,
      maxDelay: table.maxDelay,
    },
    keptRows: Int32Array.from(kept),
    rowShift: Int32Array.from(shifts),
  };
}

/** Position of the first of the ascending values at or above `bound` in from … to-1, or `to`. */
function firstAtLeast(values: ArrayLike<number>, bound: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
