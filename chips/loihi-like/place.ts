/**
 * Which cores a network takes, and which way its spikes go. Each population is cut into equal slices, as few as fit a core by every resource
 * of core-needs.ts; the slices are put on the first core with room, in the order of the network. Output axons follow from the placement itself
 * (a neuron takes one slot for each projection and core it reaches), so it is repeated with what they turned out to be until they fit too.
 *
 * It neither moves populations to shorten routes nor shares axons between projections. Spikes from outside enter at the core they go to.
 */
import type { PerSpike, Placement, ResourceUse } from '../../core/chip-contract.ts';
import type { Population, Projection } from '../../core/network/network.ts';
import type { CoreResource, Need, PlaceSubject } from './core-needs.ts';
import { coreResources, NOTHING, sliceNeeds, sumOf } from './core-needs.ts';
import { hopsBetween, tileNumber } from './mesh.ts';
import { compartmentsOf } from './neuron.ts';
import { LOIHI } from './profile.ts';
import type { LoihiSettings } from './switches.ts';

/** Neurons first … end-1 of a population. */
export interface Slice {
  readonly population: string;
  readonly first: number;
  readonly end: number;
  readonly need: Need;
}

/** Where the spikes of a projection go, as means over the neurons of its source. */
export interface Route {
  readonly projection: string;
  /** Copies of one spike: cores that the neuron's synapses lie on. */
  readonly messages: number;
  /** Tile hops of one spike, all copies together. */
  readonly eastWest: number;
  readonly northSouth: number;
}

export interface LoihiPlacement extends Placement {
  /** Slices by core. */
  readonly cores: readonly (readonly Slice[])[];
  readonly routes: readonly Route[];
  readonly perSpike: readonly PerSpike[];
  /** Tiles with at least one core in use. */
  readonly tiles: number;
  /** Hops of the longest way any spike takes. */
  readonly longestRoute: { readonly eastWest: number; readonly northSouth: number };
}

/** Output axon slots per neuron, by population. */
type Outputs = Map<string, Int32Array>;

/** Each round can only raise the demand for output axons; networks settle in two or three. */
const ROUNDS = 30;

export function placeOnCores(subject: PlaceSubject, settings: LoihiSettings): LoihiPlacement {
  const resources = coreResources(settings);
  const placing: Placing = { subject, settings, resources, outputs: new Map(), needs: new Map() };
  let cores = pack(placing);
  for (let round = 0; round < ROUNDS && raiseOutputs(placing, cores); round++) cores = pack(placing);
  const tiles = new Set(cores.map((_, core) => tileNumber(core))).size;
  const available = LOIHI.coresPerChip.value * settings.chips;
  const where = settings.chips === 1 ? 'chip' : `${settings.chips} chips`;
  const uses: ResourceUse[] = [
    { resource: 'cores', where, used: cores.length, available },
    { resource: 'tiles', where, used: tiles, available: available / LOIHI.coresPerTile.value },
  ];
  cores.forEach((placed, n) => {
    const need = needOf(placed);
    const place = `core ${n} (${placed.map(nameOf).join(', ')})`;
    for (const { name, limit, used } of resources) uses.push({ resource: name, where: place, used: used(need), available: limit });
  });
  const text = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  return {
    uses,
    cores,
    tiles,
    ...routesOf(subject, cores),
    summary: `${text(cores.length, 'core')} of ${available}, ${text(tiles, 'tile')}`,
  };
}

export const nameOf = ({ population, first, end }: Slice): string => `${population} ${first}-${end - 1}`;

export const needOf = (placed: readonly Slice[]): Need => sumOf(placed.map(({ need }) => need));

interface Placing {
  readonly subject: PlaceSubject;
  readonly settings: LoihiSettings;
  readonly resources: readonly CoreResource[];
  readonly outputs: Outputs;
  /** Needs without output axons by population and width, which do not change between rounds. */
  readonly needs: Map<string, readonly Need[]>;
}

function pack(placing: Placing): Slice[][] {
  const { subject, resources } = placing;
  const cores: { slices: Slice[]; need: Need }[] = [];
  for (const population of subject.network.populations) {
    if (population.source !== undefined) continue;
    for (const slice of slicesOf(placing, population)) {
      const core = cores.find(({ need }) => fullness(sumOf([need, slice.need]), resources) <= 1);
      if (core === undefined) cores.push({ slices: [slice], need: sumOf([NOTHING, slice.need]) });
      else {
        core.slices.push(slice);
        core.need = sumOf([core.need, slice.need]);
      }
    }
  }
  return cores.map(({ slices }) => slices);
}

/** The largest share of any limit; above 1 it does not fit. */
const fullness = (need: Need, resources: readonly CoreResource[]): number =>
  Math.max(...resources.map(({ used, limit }) => used(need) / limit));

/** Cuts a population into the fewest equal slices that each fit a core; a single neuron that does not fit stays too large, and is reported. */
function slicesOf(placing: Placing, population: Population): Slice[] {
  const { size, name } = population;
  let count = Math.max(1, Math.ceil((size * compartmentsOf(population)) / LOIHI.compartmentsPerCore.value));
  for (;;) {
    const width = Math.ceil(size / count);
    const slices = needsAt(placing, population, width).map((need, n): Slice => {
      const [first, end] = [n * width, Math.min(size, (n + 1) * width)];
      const outputs = placing.outputs.get(name)?.subarray(first, end) ?? [];
      let outputAxons = 0;
      for (const slots of outputs) outputAxons += slots;
      return { population: name, first, end, need: { ...need, outputAxons } };
    });
    const worst = Math.max(...slices.map(({ need }) => fullness(need, placing.resources)));
    if (worst <= 1 || width === 1) return slices;
    // input axons do not shrink in proportion, so the estimate is a start, not an answer; a width that stays the same is not tried again
    count = Math.max(count + 1, Math.floor(count * Math.min(worst, 2)));
    while (count < size && Math.ceil(size / count) === width) count++;
    count = Math.min(size, count);
  }
}

function needsAt({ subject, settings, needs }: Placing, population: Population, width: number): readonly Need[] {
  const key = `${population.name}/${width}`;
  const known = needs.get(key) ?? sliceNeeds(subject, population, width, settings);
  needs.set(key, known);
  return known;
}

/** The core of each neuron of a population; empty for sources, which are outside. */
function coreOfEach({ network }: PlaceSubject, cores: readonly (readonly Slice[])[]): Map<string, Int32Array> {
  const map = new Map(
    network.populations.filter(({ source }) => source === undefined).map(({ name, size }) => [name, new Int32Array(size)]),
  );
  cores.forEach((placed, n) => {
    for (const { population, first, end } of placed) map.get(population)?.fill(n, first, end);
  });
  return map;
}

/** Calls `visit` once for every neuron, projection and core that its synapses lie on. */
function eachMessage(
  { network, tables }: PlaceSubject,
  cores: readonly (readonly Slice[])[],
  visit: (projection: Projection, source: number, core: number) => void,
): void {
  const coreOf = coreOfEach({ network, tables }, cores);
  for (const projection of network.projections) {
    const table = tables.get(projection.name);
    const to = coreOf.get(projection.post);
    if (table === undefined || to === undefined) continue;
    const lastSource = new Int32Array(cores.length).fill(-1);
    for (let i = 0; i < table.nPre; i++) {
      for (let k = table.rowStart[table.sourceRows[i]]; k < table.rowStart[table.sourceRows[i + 1]]; k++) {
        const core = to[table.target[k]];
        if (lastSource[core] === i) continue;
        lastSource[core] = i;
        visit(projection, i, core);
      }
    }
  }
}

/** Notes the output slots that this placement takes. @returns whether a core has too few, so that it is worth another round */
function raiseOutputs({ subject, settings, outputs }: Placing, cores: readonly (readonly Slice[])[]): boolean {
  const slots = settings.axonFormat === 'population-32' ? LOIHI.axonSlotsPer32BitAxon.value : 1;
  const found: Outputs = new Map(subject.network.populations.map(({ name, size }) => [name, new Int32Array(size)]));
  eachMessage(subject, cores, ({ pre }, source) => {
    (found.get(pre) as Int32Array)[source] += slots;
  });
  let changed = false;
  for (const [name, counts] of found) {
    const before = outputs.get(name);
    const raised = before === undefined ? counts : counts.map((count, i) => Math.max(count, before[i]));
    changed ||= before === undefined || raised.some((count, i) => count !== before[i]);
    outputs.set(name, raised);
  }
  return changed;
}

function routesOf(
  subject: PlaceSubject,
  cores: readonly (readonly Slice[])[],
): Pick<LoihiPlacement, 'routes' | 'perSpike' | 'longestRoute'> {
  const { populations, projections } = subject.network;
  const coreOf = coreOfEach(subject, cores);
  const counts = (): Map<string, Int32Array> => new Map(populations.map(({ name, size }) => [name, new Int32Array(size)]));
  const [messages, eastWest, northSouth] = [counts(), counts(), counts()];
  const totals = new Map(projections.map(({ name }) => [name, { messages: 0, eastWest: 0, northSouth: 0 }]));
  const longest = { eastWest: 0, northSouth: 0 };
  eachMessage(subject, cores, ({ name, pre }, source, core) => {
    const from = coreOf.get(pre)?.[source] ?? core;
    const hops = hopsBetween(from, core);
    const total = totals.get(name) as { messages: number; eastWest: number; northSouth: number };
    total.messages++;
    total.eastWest += hops.eastWest;
    total.northSouth += hops.northSouth;
    (messages.get(pre) as Int32Array)[source]++;
    (eastWest.get(pre) as Int32Array)[source] += hops.eastWest;
    (northSouth.get(pre) as Int32Array)[source] += hops.northSouth;
    longest.eastWest = Math.max(longest.eastWest, hops.eastWest);
    longest.northSouth = Math.max(longest.northSouth, hops.northSouth);
  });
  // the first copy of a spike is part of the spike itself
  const copies = new Map([...messages].map(([name, list]) => [name, list.map((count) => Math.max(0, count - 1))]));
  const perSpike = (
    [
      ['spikeMessage', copies],
      ['spikeHopEastWest', eastWest],
      ['spikeHopNorthSouth', northSouth],
    ] as const
  ).flatMap(([kind, lists]) =>
    [...lists]
      .filter(([, list]) => list.some((count) => count > 0))
      .map(([population, list]): PerSpike => ({ population, kind, counts: list })),
  );
  const routes = projections.map(({ name, pre }): Route => {
    const size = populations.find((population) => population.name === pre)?.size ?? 1;
    const total = totals.get(name) as { messages: number; eastWest: number; northSouth: number };
    return { projection: name, messages: total.messages / size, eastWest: total.eastWest / size, northSouth: total.northSouth / size };
  });
  return { routes, perSpike, longestRoute: longest };
}
