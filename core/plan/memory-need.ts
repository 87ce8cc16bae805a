/**
 * What a network will take, from its sizes alone: nothing is drawn and nothing large is allocated. Bytes per synapse follow from what a chip
 * makes of one synapse; how many synapses there are, from the connectivity. A projection whose rows turn out to be
 * dense is kept in bits and takes less; otherwise it comes out within a few percent. What Node itself needs, some 70 MB, is not in them.
 */
import { totalmem } from 'node:os';
import type { LoweredProjection, Storage } from '../chip-contract.ts';
import { UserError } from '../errors.ts';
import { synapseCount, wholeTicks } from '../network/connectivity.ts';
import type { Distribution, Network, Projection } from '../network/network.ts';
import { isGraded } from '../network/network.ts';
import { STRIDE, TOGETHER } from './replay-post.ts';

export interface ProjectionNeed {
  readonly name: string;
  /** Expected number where chance decides, and then `exact` is false. */
  readonly synapses: number;
  readonly exact: boolean;
  /** Pairs of a source and a delay, about. */
  readonly rows: number;
  /** Bytes of the arrays a run works on, those per row and per neuron included. */
  readonly running: number;
  /** Bytes of the plan's own tables and initial values. */
  readonly kept: number;
  /** Bytes beyond these while the projection is drawn. */
  readonly drawing: number;
}

export interface MemoryNeed {
  readonly projections: readonly ProjectionNeed[];
  /** Bytes at the moment that takes most. */
  readonly bytes: number;
}

/** What is kept per synapse, row and neuron, as far as sizes depend on it. */
type Kept = Pick<LoweredProjection, 'variables' | 'traces' | 'modulators' | 'epoch'> & {
  readonly runsOverColumns: boolean;
  readonly replaysPost: boolean;
};

/** Of one value in memory. */
export const BYTES: Readonly<Record<Storage, number>> = { f64: 8, f32: 4, i32: 4, i16: 2, i8: 1, u8: 1, u16: 2 };

/** Synapses and rows are numbered with 32 bits. */
const MOST_SYNAPSES = 0x7fffffff;
/** Per neuron: state, ports, counts and lists of a population, generously. */
const PER_NEURON = 128;

/** Spikes that a target remembers for rows that wait. */
const PER_REPLAYED_TARGET = 32;

/** @param keptBy what the chip keeps of a projection; undefined where it is not known: then more than any chip does */
export function memoryNeed(network: Network, keptBy: (projection: Projection) => Kept | undefined): MemoryNeed {
  const neurons = network.populations.reduce((sum, { size }) => sum + size, 0);
  const projections = network.projections.map((projection) => projectionNeed(network, projection, keptBy(projection)));
  const lasting = projections.reduce((sum, { running, kept }) => sum + running + kept, 0);
  // at the end of drawing nothing runs yet, so the larger of the two moments counts
  const drawing = projections.reduce((most, one) => Math.max(most, one.drawing), 0);
  const tables = projections.reduce((sum, { kept }) => sum + kept, 0);
  return { projections, bytes: neurons * PER_NEURON + Math.max(lasting, tables + drawing) };
}

function projectionNeed(network: Network, projection: Projection, keptKnown: Kept | undefined): ProjectionNeed {
  const size = (name: string): number => network.populations.find((population) => population.name === name)?.size ?? 0;
  const [nPre, nPost] = [size(projection.pre), size(projection.post)];
  const { n, exact } = synapseCount(projection.connectivity, nPre, nPost, projection.pre === projection.post);
  const [least, most] = delayRange(projection.delay);
  const cells = nPre * (most - least + 1);
  // so many pairs of a source and a delay are hit when n synapses fall on them evenly; uneven delays hit fewer
  const rows = most === least ? Math.min(n, nPre) : Math.ceil(-cells * Math.expm1(-n / cells));
  const kept = keptKnown ?? UNKNOWN;
  const target = nPost <= 65536 ? 2 : 4;
  const column = kept.runsOverColumns ? 4 + (rows <= 65536 ? 2 : 4) : 0;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const perSynapse = target + column + sum(kept.variables.map(({ storage }) => BYTES[storage]));
  // an epoch has values of a trace at each of its ticks, and at the side's own spike
  const times = kept.epoch === undefined ? 1 : kept.epoch.ticks + 3;
  const ofTraces = (on: 'pre' | 'post'): number =>
    sum(kept.traces.filter((trace) => trace.on === on).map(({ variable }) => BYTES[variable.storage] * times));
  const perEpoch = kept.epoch === undefined ? 0 : 9;
  // number, start, ring, traces; two times and two places where the post side waits
  const pre = network.populations.find((population) => population.name === projection.pre);
  // what graded spikes carry: on their way, and as they arrive
  const payloads = pre !== undefined && isGraded(pre) ? 8 * (most + 2) : 0;
  const perRow = 4 + 4 + 4 * (most + 1) + payloads + perEpoch + ofTraces('pre') + (kept.replaysPost ? 24 : 0);
  const perPost =
    4 +
    (kept.runsOverColumns ? 4 : 0) +
    (kept.replaysPost ? PER_REPLAYED_TARGET : 0) +
    perEpoch +
    ofTraces('post') +
    8 * kept.modulators.length;
  const drawnValues = kept.variables.filter(({ initial }) => typeof initial !== 'number').length;
  const ownWeights = projection.weight.kind !== 'constant';
  const ownDelays = projection.delay.kind !== 'constant';
  return {
    name: projection.name,
    synapses: n,
    exact,
    rows,
    running: n * perSynapse + rows * perRow + nPost * perPost + (kept.replaysPost ? TOGETHER * STRIDE * ofTraces('pre') : 0),
    kept: n * (target + column + 8 * drawnValues) + rows * 12 + 4 * (nPre + (kept.runsOverColumns ? nPost : 0)),
    // keys; the order of the walk and the values in that order; delays as they are drawn and in ticks
    drawing: 4 * cells + n * ((ownWeights ? 20 : 0) + (ownDelays ? 12 : 0)),
  };
}

/** More than any chip keeps. */
const UNKNOWN: Kept = {
  variables: Array.from({ length: 8 }, (_, k) => ({ name: `v${k}`, storage: 'f64', initial: new Float64Array(0), scale: 1 })),
  traces: [],
  modulators: [],
  runsOverColumns: true,
  replaysPost: true,
};

/** Least and most delay in ticks; five standard deviations where there is no bound. */
function delayRange(delay: Distribution): [number, number] {
  switch (delay.kind) {
    case 'constant':
      return [wholeTicks(delay.value), wholeTicks(delay.value)];
    case 'uniform':
      return [wholeTicks(delay.low), wholeTicks(delay.high)];
    case 'normal': {
      const within = (value: number): number => wholeTicks(Math.min(delay.high, Math.max(delay.low, value)));
      return [within(delay.mean - 5 * delay.sd), within(delay.mean + 5 * delay.sd)];
    }
    case 'values': {
      let [least, most] = [Number.POSITIVE_INFINITY, 1];
      for (const value of delay.values) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      return [wholeTicks(Math.min(least, most)), wholeTicks(most)];
    }
  }
}

/** Bytes of this machine, or of the part of it that this process may use. */
export function machineMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY);
}

/** Refuses projections with more synapses than can be numbered. */
export function refuseUncountable({ projections }: MemoryNeed): void {
  const uncountable = projections.filter(({ synapses }) => synapses > MOST_SYNAPSES);
  if (uncountable.length > 0) {
    throw new UserError(
      uncountable.map(({ name, synapses }) => ({
        code: 'E-SYNAPSES',
        message: `projection ${name} would have ${synapses.toPrecision(3)} synapses; ${MOST_SYNAPSES} are the most that one projection can have`,
        hint: 'split its populations, or connect fewer',
      })),
    );
  }
}

/** Refuses a network that there is no room for, before anything is drawn. */
export function refuseTooLarge({ projections, bytes }: MemoryNeed, memory: number): void {
  if (bytes <= memory) return;
  const largest = projections.reduce((a, b) => (b.running + b.kept > a.running + a.kept ? b : a));
  throw new UserError({
    code: 'E-MEMORY',
    message:
      `the network needs about ${gibibytes(bytes)} and this machine has ${gibibytes(memory)}: projection ${largest.name} alone ` +
      `${gibibytes(largest.running + largest.kept)} for ${largest.synapses.toPrecision(3)} synapses, ${bytesEach(largest).toFixed(1)} bytes each ` +
      `while it runs and ${(largest.kept / largest.synapses).toFixed(1)} in the plan`,
    hint: 'use fewer synapses, one constant weight in place of drawn ones, precision f32, or a machine with more memory',
  });
}

/** Bytes per synapse of a run. */
export const bytesEach = ({ running, synapses }: ProjectionNeed): number => (synapses === 0 ? 0 : running / synapses);

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
