/**
 * How long a tick takes. Tiles work in parallel; within a tile one thing happens at a time:
 *
 *   read    a spike drives its line for one read pulse; with converters the columns of the line are then converted, `bits + 1` ns each
 *           (successive approximation, DNN NeuroSim 1.4) or 2^bits clocks for a ramp, as many at once as there are converters
 *   write   a pulse takes its width, potentiation and depression one after the other; read-backs of write-verify take a read
 *
 * Events are counted for the whole network. The interval runs from work spread evenly over the tiles, with all cells of a line written at once, to
 * all of it on one tile, one pulse after the other. Drivers, decoders and the rule engine are left out: they are pipelined and faster than a pulse.
 */
import type { Placement, Seconds, StepTiming } from '../../core/chip-contract.ts';
import type { EventCounts } from '../../core/energy/event-kinds.ts';
import { figureOf } from './device-figures.ts';
import type { Settings } from './options.ts';
import type { CrossbarPlacement } from './place.ts';

const NANOSECOND = 1e-9;

/** Seconds of one conversion. */
export const conversionSeconds = ({ adcLaw, adcBits }: Pick<Settings, 'adcLaw' | 'adcBits'>): number =>
  (adcLaw === 'ramp' ? 2 ** adcBits : adcBits + 1) * NANOSECOND;

/** Seconds to read one line of `columns` columns. */
export function lineReadSeconds(settings: Settings, columns: number): number {
  const pulse = figureOf(settings.device, 'readTime');
  if (settings.periphery !== 'adc') return pulse;
  return pulse + Math.ceil(columns / settings.converters) * conversionSeconds(settings);
}

/** Seconds of one programming pulse of each polarity together: a pair of cells takes one of each. */
const pulsePair = ({ device }: Settings): number => figureOf(device, 'writeTimeUp') + figureOf(device, 'writeTimeDown');

export function stepTiming(settings: Settings, placement: Placement, events: EventCounts, ticks: number, dt: number): StepTiming {
  const { lines, cells, tiles } = (placement as CrossbarPlacement).size;
  const perTick = (count = 0): number => (ticks === 0 ? 0 : count / ticks);
  const perLine = lines === 0 ? 1 : cells / lines;
  const columns = Math.min(settings.tileColumns, perLine);
  const reads = (perTick(events.readPulse) / Math.max(1, perLine)) * lineReadSeconds(settings, columns);
  const verifies = perTick(events.verifyRead) * lineReadSeconds(settings, 1);
  const writes = (perTick(events.writePulse) * pulsePair(settings)) / 2;
  const share = Math.max(1, tiles);
  // even a silent tick holds one read window open
  const window = figureOf(settings.device, 'readTime');
  const span = {
    value: window + (reads + verifies + writes) / share,
    lo: window + (reads + verifies + writes / columns) / share,
    hi: window + reads + verifies + writes,
  };
  const longest = window + (lines * lineReadSeconds(settings, columns) + cells * pulsePair(settings)) / share;
  const seconds = (value: { value: number; lo: number; hi: number }): Seconds => ({ ...value, unit: 's' });
  return {
    perStep: seconds(span),
    longestStep: seconds({ value: longest, lo: longest, hi: longest * share }),
    realTimeFactor: dt / span.value,
    source: `pulse widths of ${settings.nominalDevice.name}; conversion of bits + 1 ns (DNN NeuroSim 1.4); drivers, decoders and the rule engine not included`,
  };
}
