/**
 * Which cores a network takes. Each population is cut into equal slices, as few as fit a core by compartments, input axons and synaptic memory;
 * the slices are put on the first core with room, in the order of the network. Axons follow: a source takes one input slot per projection on
 * every core it reaches (two where the synapses learn), and as many output slots on its own core. Limits and memory formula: profile.ts.
 *
 * This is a first edition: it neither moves populations to shorten routes nor shares axons between projections.
 */
import type { DesignSubject, Placement, ResourceUse } from '../../core/chip-contract.ts';
import type { Population, Projection } from '../../core/network/network.ts';
import type { SynapseTable } from '../../core/synapses/synapse-table.ts';
import { compartmentsOf } from './neuron.ts';
import { LOIHI } from './profile.ts';
import { weightFormat } from './scales.ts';
import type { LoihiSettings } from './switches.ts';
import type { SynapseFields } from './weights.ts';
import { axonBits, indexBitsFor, storedWeightBits } from './weights.ts';

/** Neurons first … end-1 of a population. */
export interface Slice {
  readonly population: string;
  readonly first: number;
  readonly end: number;
  readonly need: Need;
}

interface Need {
  readonly compartments: number;
  readonly inputAxons: number;
  readonly synapseBits: number;
}

export interface LoihiPlacement extends Placement {
  /** Slices by core. */
  readonly cores: readonly (readonly Slice[])[];
}

const LIMITS: Need = {
  compartments: LOIHI.compartmentsPerCore.value,
  inputAxons: LOIHI.inputAxonsPerCore.value,
  synapseBits: LOIHI.synapseBitsPerCore.value,
};

type Subject = Pick<DesignSubject, 'network' | 'tables'>;

export function placeOnCores(subject: Subject, settings: LoihiSettings): LoihiPlacement {
  const { network } = subject;
  const slices = network.populations
    .filter(({ source }) => source === undefined)
    .flatMap((population) => slicesOf(subject, population, settings));
  const cores: Slice[][] = [];
  for (const slice of slices) {
    const core = cores.find((placed) => fits(sumOf([...placed.map(({ need }) => need), slice.need])));
    if (core === undefined) cores.push([slice]);
    else core.push(slice);
  }
  const outputs = outputAxons(subject, cores);
  const available = LOIHI.coresPerChip.value * settings.chips;
  const uses: ResourceUse[] = [
    { resource: 'cores', where: settings.chips === 1 ? 'chip' : `${settings.chips} chips`, used: cores.length, available },
  ];
  cores.forEach((placed, n) => {
    const { compartments, inputAxons, synapseBits } = sumOf(placed.map(({ need }) => need));
    const where = `core ${n} (${placed.map(nameOf).join(', ')})`;
    const use = (resource: string, used: number, limit: number): number => uses.push({ resource, where, used, available: limit });
    use('compartments', compartments, LIMITS.compartments);
    use('input axons', inputAxons, LIMITS.inputAxons);
    use('output axons', outputs[n], LOIHI.outputAxonsPerCore.value);
    use('synapse bits', synapseBits, LIMITS.synapseBits);
  });
  return { uses, cores, summary: `${cores.length} ${cores.length === 1 ? 'core' : 'cores'} of ${available}` };
}

const nameOf = ({ population, first, end }: Slice): string => `${population} ${first}-${end - 1}`;

const sumOf = (needs: readonly Need[]): Need => ({
  compartments: needs.reduce((sum, need) => sum + need.compartments, 0),
  inputAxons: needs.reduce((sum, need) => sum + need.inputAxons, 0),
  synapseBits: needs.reduce((sum, need) => sum + need.synapseBits, 0),
});

/** The largest share of any limit; above 1 it does not fit. */
const fullness = (need: Need): number =>
  Math.max(need.compartments / LIMITS.compartments, need.inputAxons / LIMITS.inputAxons, need.synapseBits / LIMITS.synapseBits);

const fits = (need: Need): boolean => fullness(need) <= 1;

/** Cuts a population into the fewest equal slices that each fit a core; a single neuron that does not fit stays too large, and is reported. */
function slicesOf(subject: Subject, population: Population, settings: LoihiSettings): Slice[] {
  const { size, name } = population;
  let count = Math.max(1, Math.ceil((size * compartmentsOf(population)) / LIMITS.compartments));
  for (;;) {
    const width = Math.ceil(size / count);
    const needs = sliceNeeds(subject, population, width, settings);
    const worst = Math.max(...needs.map(fullness));
    if (worst <= 1 || width === 1) {
      return needs.map((need, n) => ({ population: name, first: n * width, end: Math.min(size, (n + 1) * width), need }));
    }
    // input axons do not shrink in proportion, so the estimate is a start, not an answer
    count = Math.min(size, Math.max(count + 1, Math.floor(count * Math.min(worst, 2))));
  }
}

function sliceNeeds({ network, tables }: Subject, population: Population, width: number, settings: LoihiSettings): Need[] {
  const slices = Math.ceil(population.size / width);
  const needs = Array.from({ length: slices }, (_, n) => ({
    compartments: (Math.min(population.size, (n + 1) * width) - n * width) * compartmentsOf(population),
    inputAxons: 0,
    synapseBits: 0,
  }));
  for (const projection of network.projections) {
    const table = tables.get(projection.name);
    if (projection.post !== population.name || table === undefined) continue;
    const fields = fieldsOf(projection, table, width * compartmentsOf(population), settings);
    const slots = projection.rule === undefined ? 1 : LOIHI.axonSlotsPerPlasticAxon.value;
    eachAxon(
      table,
      (j) => Math.floor(j / width),
      slices,
      (slice, synapses) => {
        needs[slice].inputAxons += slots;
        needs[slice].synapseBits += axonBits(synapses, fields);
      },
    );
  }
  return needs;
}

/** Calls `visit` for every source and every place its synapses reach, with the number of synapses there. */
function eachAxon(
  table: SynapseTable,
  placeOf: (target: number) => number,
  places: number,
  visit: (place: number, synapses: number) => void,
): void {
  const { nPre, sourceRows, rowStart, target } = table;
  const counts = new Int32Array(places);
  for (let i = 0; i < nPre; i++) {
    counts.fill(0);
    for (let k = rowStart[sourceRows[i]]; k < rowStart[sourceRows[i + 1]]; k++) counts[placeOf(target[k])]++;
    for (let place = 0; place < places; place++) if (counts[place] > 0) visit(place, counts[place]);
  }
}

/** Widths of one synapse in memory. Weights are read only for their signs where no rule learns. */
export function fieldsOf(projection: Projection, table: SynapseTable, compartments: number, settings: LoihiSettings): SynapseFields {
  const { rule, connectivity } = projection;
  const hasTag = rule !== undefined && (Object.keys(rule.variables).length > 0 || rule.sumOfProducts?.dt !== undefined);
  return {
    weightBits: storedWeightBits(weightFormat({ projection, weights: signSample(projection) }, settings)),
    delayBits: table.maxDelay === 1 ? 0 : Math.ceil(Math.log2(table.maxDelay)),
    tagBits: hasTag ? LOIHI.tagBits.value : 0,
    indexBits: connectivity.kind === 'all-to-all' ? 0 : indexBitsFor(compartments),
  };
}

/** Two values with the signs that the weights of a projection may have. */
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

/** Output slots per core: one for each neuron, projection and core that it reaches. */
function outputAxons({ network, tables }: Subject, cores: readonly (readonly Slice[])[]): number[] {
  const used = cores.map(() => 0);
  const coreOf = (population: string): Int32Array => {
    const size = network.populations.find(({ name }) => name === population)?.size ?? 0;
    const map = new Int32Array(size).fill(-1);
    cores.forEach((placed, n) => {
      for (const slice of placed) if (slice.population === population) map.fill(n, slice.first, slice.end);
    });
    return map;
  };
  for (const projection of network.projections) {
    const table = tables.get(projection.name);
    const from = coreOf(projection.pre);
    if (table === undefined || from[0] === undefined || from[0] < 0) continue;
    const to = coreOf(projection.post);
    const lastSource = new Int32Array(cores.length).fill(-1);
    for (let i = 0; i < table.nPre; i++) {
      for (let k = table.rowStart[table.sourceRows[i]]; k < table.rowStart[table.sourceRows[i + 1]]; k++) {
        const core = to[table.target[k]];
        if (lastSource[core] === i) continue;
        lastSource[core] = i;
        used[from[i]]++;
      }
    }
  }
  return used;
}
