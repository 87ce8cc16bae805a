/**
 * How long a tick takes on Loihi 1. Cores work in parallel, then all tiles synchronise: the busiest core decides, plus the way of the longest
 * spike and the barrier. Within a core, synaptic operations, updates and neurons follow one another.
 *
 *   step = max over cores (3.5 ns · synaptic events + 6.1 ns · updates + 8.4 ns · compartments) + route + barrier
 *
 * All times: Davies et al. (2018), table 2, simulated at 0.75 V; that of a synaptic event is a maximum. The barrier is published for 1 and for
 * 32 tiles only and is interpolated between. Events are counted for the whole network, so a core gets its share by synapses; the interval runs
 * from work spread evenly to all of it on one core. Not published, hence not in here: barriers between chips, and the host.
 */
import type { Placement, Seconds, StepTiming, Violation } from '../../core/chip-contract.ts';
import type { EventCounts } from '../../core/energy/event-kinds.ts';
import { formatSi } from '../../core/units.ts';
import type { Need } from './core-needs.ts';
import type { LoihiPlacement } from './place.ts';
import { needOf } from './place.ts';

const ns = 1e-9;
/** Seconds per event, and of the barrier at its two published sizes. */
export const TIMES = {
  synapticEvent: 3.5 * ns,
  synapticUpdate: 6.1 * ns,
  neuronActive: 8.4 * ns,
  neuronInactive: 5.3 * ns,
  withinTile: 2.1 * ns,
  hopEastWest: 4.1 * ns,
  hopNorthSouth: 6.5 * ns,
  barrierOfOneTile: 113 * ns,
  barrierOf32Tiles: 465 * ns,
} as const;

const SOURCE = 'Davies et al. 2018, IEEE Micro 38(1), table 2 (simulated at 0.75 V); one chip, host not included';
const ALL_TILES = 32;

export function stepTiming(placement: Placement, events: EventCounts, ticks: number, dt: number): StepTiming {
  const { cores, tiles, longestRoute } = placement as LoihiPlacement;
  const needs = cores.map(needOf);
  const route = TIMES.withinTile + longestRoute.eastWest * TIMES.hopEastWest + longestRoute.northSouth * TIMES.hopNorthSouth;
  const fixed = addTo(barrier(tiles), cores.length === 0 ? 0 : route);
  const perTick = (count = 0): number => (ticks === 0 ? 0 : count / ticks);
  const work = busiestCore(needs, perTick(events.synapticEvent), perTick(events.synapticUpdate));
  const longest = Math.max(0, ...needs.map(fullLoad));
  const perStep: Seconds = { value: fixed.value + work.value, lo: fixed.lo + work.lo, hi: fixed.hi + work.hi, unit: 's' };
  return {
    perStep,
    longestStep: { value: fixed.value + longest, lo: fixed.lo + longest, hi: fixed.hi + longest, unit: 's' },
    realTimeFactor: dt / perStep.value,
    source: SOURCE,
  };
}

type Span = Omit<Seconds, 'unit'>;

const addTo = ({ value, lo, hi }: Span, seconds: number): Span => ({ value: value + seconds, lo: lo + seconds, hi: hi + seconds });

export function barrier(tiles: number): Span {
  const [least, most] = [TIMES.barrierOfOneTile, TIMES.barrierOf32Tiles];
  if (tiles <= 1) return { value: least, lo: least, hi: least };
  if (tiles >= ALL_TILES) return { value: most, lo: most, hi: most };
  return { value: least + ((most - least) * (tiles - 1)) / (ALL_TILES - 1), lo: least, hi: most };
}

/** @param events synaptic events per tick @param updates rule evaluations per tick */
function busiestCore(needs: readonly Need[], events: number, updates: number): Span {
  if (needs.length === 0) return { value: 0, lo: 0, hi: 0 };
  const synapses = sum(needs.map((need) => need.synapses));
  const plastic = sum(needs.map((need) => need.plasticSynapses));
  const compartments = needs.map((need) => need.compartments);
  const total = events * TIMES.synapticEvent + updates * TIMES.synapticUpdate;
  const neuron = events === 0 ? TIMES.neuronInactive : TIMES.neuronActive;
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  const loads = needs.map(
    (need) =>
      events * share(need.synapses, synapses) * TIMES.synapticEvent +
      updates * share(need.plasticSynapses, plastic) * TIMES.synapticUpdate +
      need.compartments * neuron,
  );
  return {
    value: Math.max(...loads),
    lo: (total + sum(compartments) * TIMES.neuronInactive) / needs.length,
    hi: total + Math.max(...compartments) * TIMES.neuronActive,
  };
}

const fullLoad = ({ synapses, plasticSynapses, compartments }: Need): number =>
  synapses * TIMES.synapticEvent + plasticSynapses * TIMES.synapticUpdate + compartments * TIMES.neuronActive;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Does the network keep up with real time? Worse than `dt` in every tick is a warning, in the longest possible tick a note. */
export function realTimeFindings(placement: Placement, dt: number): Violation[] {
  if ((placement as LoihiPlacement).cores.length === 0) return [];
  const { perStep, longestStep } = stepTiming(placement, {}, 0, dt);
  const time = ({ value }: Seconds): string => formatSi(value, 's');
  const finding = (severity: Violation['severity'], code: string, message: string, hint: string): Violation[] => [
    { severity, designRule: 'real-time', code, message, hint },
  ];
  if (perStep.value > dt) {
    const message = `a tick of ${formatSi(dt, 's')} takes ${time(perStep)} on the chip even when nothing spikes: it falls behind real time`;
    return finding('warning', 'W-LOIHI-TIME', message, 'take a longer tick');
  }
  if (longestStep.value <= dt) return [];
  const message = `if every source spikes and every synapse learns in one tick, it takes ${time(longestStep)} for ${formatSi(dt, 's')}; an idle one takes ${time(perStep)}`;
  return finding('info', 'I-LOIHI-TIME', message, 'spread the population over more cores, or take a longer tick, if such ticks are common');
}
