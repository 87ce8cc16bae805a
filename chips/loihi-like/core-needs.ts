/**
 * What neurons ask of a core, resource by resource, against what a core has. Counts add up (compartments, axon slots, synapse bits); profiles
 * and formats are shared by everything on the core that agrees on them, so there the number of different ones counts.
 *
 * A source takes one input slot per projection on every core it reaches, two where the synapses learn. Synaptic memory follows the exact formula
 * of weights.ts. Limits are those of Loihi 1 (profile.ts); the microcode of Loihi 2 has decays and thresholds per neuron.
 */
import type { DesignSubject } from '../../core/chip-contract.ts';
import type { Population, Projection } from '../../core/network/network.ts';
import type { SynapseTable } from '../../core/synapses/synapse-table.ts';
import { compartmentsOf } from './neuron.ts';
import { LOIHI } from './profile.ts';
import { weightFormat } from './scales.ts';
import type { LoihiSettings } from './switches.ts';
import { chipTraces } from './traces.ts';
import type { SynapseFields } from './weights.ts';
import { axonBits, indexBitsFor, storedWeightBits } from './weights.ts';

export interface Need {
  readonly compartments: number;
  readonly inputAxons: number;
  readonly outputAxons: number;
  readonly synapseBits: number;
  readonly compartmentProfiles: ReadonlySet<string>;
  readonly thresholdProfiles: ReadonlySet<string>;
  readonly synapseFormats: ReadonlySet<string>;
  readonly preTraceProfiles: ReadonlySet<string>;
  /** Not limited by the chip; for its load (timing.ts) and for what the public validator refuses. */
  readonly synapses: number;
  readonly plasticSynapses: number;
}

export const NOTHING: Need = {
  compartments: 0,
  inputAxons: 0,
  outputAxons: 0,
  synapseBits: 0,
  compartmentProfiles: new Set(),
  thresholdProfiles: new Set(),
  synapseFormats: new Set(),
  preTraceProfiles: new Set(),
  synapses: 0,
  plasticSynapses: 0,
};

export interface CoreResource {
  readonly name: string;
  readonly limit: number;
  used(need: Need): number;
}

/** Everything a core can run out of, in the order in which it is reported. */
export function coreResources({ generation }: LoihiSettings): readonly CoreResource[] {
  const perNeuron = LOIHI.compartmentsPerCore.value;
  const ofLoihi1 = (limit: number): number => (generation === 'loihi-1' ? limit : perNeuron);
  return [
    { name: 'compartments', limit: perNeuron, used: (need) => need.compartments },
    { name: 'input axons', limit: LOIHI.inputAxonsPerCore.value, used: (need) => need.inputAxons },
    { name: 'output axons', limit: LOIHI.outputAxonsPerCore.value, used: (need) => need.outputAxons },
    { name: 'synapse bits', limit: LOIHI.synapseBitsPerCore.value, used: (need) => need.synapseBits },
    {
      name: 'compartment profiles',
      limit: ofLoihi1(LOIHI.compartmentProfilesPerCore.value),
      used: (need) => need.compartmentProfiles.size,
    },
    { name: 'threshold profiles', limit: ofLoihi1(LOIHI.thresholdProfiles.value), used: (need) => need.thresholdProfiles.size },
    { name: 'synapse formats', limit: LOIHI.synapseFormatsPerCore.value, used: (need) => need.synapseFormats.size },
    { name: 'pre-trace profiles', limit: LOIHI.preTraceProfilesPerCore.value, used: (need) => need.preTraceProfiles.size },
  ];
}

const union = (sets: readonly ReadonlySet<string>[]): ReadonlySet<string> => new Set(sets.flatMap((set) => [...set]));

export function sumOf(needs: readonly Need[]): Need {
  const total = (pick: (need: Need) => number): number => needs.reduce((sum, need) => sum + pick(need), 0);
  return {
    compartments: total((need) => need.compartments),
    inputAxons: total((need) => need.inputAxons),
    outputAxons: total((need) => need.outputAxons),
    synapseBits: total((need) => need.synapseBits),
    compartmentProfiles: union(needs.map((need) => need.compartmentProfiles)),
    thresholdProfiles: union(needs.map((need) => need.thresholdProfiles)),
    synapseFormats: union(needs.map((need) => need.synapseFormats)),
    preTraceProfiles: union(needs.map((need) => need.preTraceProfiles)),
    synapses: total((need) => need.synapses),
    plasticSynapses: total((need) => need.plasticSynapses),
  };
}

export type PlaceSubject = Pick<DesignSubject, 'network' | 'tables'>;

/** Needs of the slices of a population that are `width` neurons wide, output axons left out: they follow from the placement. */
export function sliceNeeds(subject: PlaceSubject, population: Population, width: number, settings: LoihiSettings): Need[] {
  const { network, tables } = subject;
  const { size, name } = population;
  const perNeuron = compartmentsOf(population);
  const slices = Math.ceil(size / width);
  const counts = Array.from({ length: slices }, () => ({ inputAxons: 0, synapseBits: 0, synapses: 0, plasticSynapses: 0 }));
  const formats: string[] = [];
  const traces: string[] = [];
  for (const projection of network.projections) {
    const table = tables.get(projection.name);
    if (projection.post !== name || table === undefined) continue;
    const { rule } = projection;
    const fields = fieldsOf(projection, table, width * perNeuron, settings);
    const slots = rule === undefined ? 1 : LOIHI.axonSlotsPerPlasticAxon.value;
    formats.push(`${Object.values(fields).join('/')}${rule === undefined ? '' : `, ${rule.name} of ${projection.name}`}`);
    if (rule !== undefined) {
      const pre = chipTraces(rule, network.dt, settings).filter(({ on }) => on === 'pre');
      traces.push(...pre.map(({ decay, impulse }) => `${decay}/${impulse}`));
    }
    eachAxon(table, width, slices, (slice, synapses) => {
      const count = counts[slice];
      count.inputAxons += slots;
      count.synapseBits += axonBits(synapses, fields);
      count.synapses += synapses;
      if (rule !== undefined) count.plasticSynapses += synapses;
    });
  }
  const profiles = compartmentProfiles(population, ['tauMem', 'tauExc', 'tauInh', 'refractory', 'floor', 'resetEvery']);
  const thresholds = compartmentProfiles(population, ['vThreshold', 'thresholdShift']);
  return counts.map((count, n): Need => {
    const [first, end] = [n * width, Math.min(size, (n + 1) * width)];
    return {
      ...count,
      compartments: (end - first) * perNeuron,
      outputAxons: 0,
      compartmentProfiles: profiles(first, end),
      thresholdProfiles: thresholds(first, end),
      synapseFormats: new Set(formats),
      preTraceProfiles: new Set(traces),
    };
  });
}

/** The different values that some parameters take in a range of neurons; a tunable one may take as many as there are neurons. */
function compartmentProfiles(population: Population, names: readonly string[]): (first: number, end: number) => ReadonlySet<string> {
  const { name, parameters, tunable } = population;
  const given = names.filter((parameter) => parameters[parameter] !== undefined);
  const isOwn = given.some((parameter) => tunable.includes(parameter));
  const varies = isOwn || given.some((parameter) => typeof parameters[parameter] !== 'number');
  const keyOf = (i: number): string => {
    const values = given.map((parameter) => {
      const value = parameters[parameter];
      return typeof value === 'number' ? value : value[i];
    });
    return `${name}: ${isOwn ? i : values.join('/')}`;
  };
  return (first, end) => {
    if (!varies) return new Set([keyOf(first)]);
    const keys = new Set<string>();
    for (let i = first; i < end; i++) keys.add(keyOf(i));
    return keys;
  };
}

/** Calls `visit` for every source and every slice its synapses reach, with the number of synapses there. */
function eachAxon(
  { nPre, sourceRows, rowStart, target }: SynapseTable,
  width: number,
  slices: number,
  visit: (slice: number, synapses: number) => void,
): void {
  const counts = new Int32Array(slices);
  const reached: number[] = [];
  for (let i = 0; i < nPre; i++) {
    for (let k = rowStart[sourceRows[i]]; k < rowStart[sourceRows[i + 1]]; k++) {
      const slice = Math.floor(target[k] / width);
      if (counts[slice]++ === 0) reached.push(slice);
    }
    for (const slice of reached) {
      visit(slice, counts[slice]);
      counts[slice] = 0;
    }
    reached.length = 0;
  }
}

/** Widths of one synapse in memory. */
function fieldsOf(projection: Projection, table: SynapseTable, compartments: number, settings: LoihiSettings): SynapseFields {
  const { rule, connectivity } = projection;
  const hasTag = rule !== undefined && (Object.keys(rule.variables).length > 0 || rule.sumOfProducts?.dt !== undefined);
  return {
    weightBits: storedWeightBits(weightFormat({ projection, weights: signSample(projection) }, settings)),
    delayBits: table.maxDelay === 1 ? 0 : Math.ceil(Math.log2(table.maxDelay)),
    tagBits: hasTag ? LOIHI.tagBits.value : 0,
    indexBits: connectivity.kind === 'all-to-all' ? 0 : indexBitsFor(compartments),
  };
}

/** Two values with the signs that the weights of a projection may have; where a rule learns, its bounds decide. */
function signSample({ weight }: Projection): Float64Array {
  switch (weight.kind) {
    case 'constant':
      return Float64Array.of(weight.value);
    case 'values':
      return weight.values;
    case 'uniform':
      return Float64Array.of(weight.low, weight.high);
    case 'normal':
      return Float64Array.of(Math.max(weight.low, weight.mean - 6 * weight.sd), Math.min(weight.high, weight.mean + 6 * weight.sd));
  }
}
