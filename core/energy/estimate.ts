/**
 * Counts of what happened, times the chip's energy table. Intervals are added linearly: the low end of a sum is the sum of the low ends.
 * That is the worst case, in which all figures are wrong in the same direction at once, and it is meant so - the figures of one chip come
 * from the same few publications, hence their errors are not independent.
 */
import { InternalError } from '../errors.ts';
import type { Confidence, EnergyTable, Sourced } from './energy-table.ts';
import type { EnergyAccount, EventCounts, EventKind } from './event-kinds.ts';
import { EVENT_KINDS } from './event-kinds.ts';

/** Joules with their interval. */
export interface Joules {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
}

export interface EnergyRow {
  readonly account: EnergyAccount;
  readonly kind: EventKind | 'static';
  /** Events, or seconds for the row `static`. */
  readonly count: number;
  /** Joules per event, or watts for the row `static`. */
  readonly perEvent: number;
  readonly joules: number;
  /** Joules at the ends of the figure's interval. */
  readonly lo: number;
  readonly hi: number;
  readonly source: string;
  readonly confidence: Confidence;
}

/** The total by what it is spent on. Static power is spent whatever happens, so it is part of neither of the others. */
export interface EnergyParts {
  readonly running: Joules;
  readonly learning: Joules;
  readonly static: Joules;
}

export interface EnergyReport {
  /**
   * Joules of the learning kinds divided by the number of synaptic updates; null without updates, or when none of the learning events that
   * happened has a figure (the ideal chip). When `missing` names a learning kind, this is a lower bound.
   */
  readonly perUpdate: (Joules & { readonly unit: 'J' }) | null;
  /**
   * Joules of running the network (reading, routing, neurons; no learning, no static power) divided by the synaptic events; null without
   * events or without a figure for any of it. A lower bound when `missing` names a kind that is not learning.
   */
  readonly perSynapticEvent: (Joules & { readonly unit: 'J' }) | null;
  /** Joules of running and learning, static power apart, divided by the samples; null without samples or figures. */
  readonly perSample: (Joules & { readonly unit: 'J' }) | null;
  readonly parts: EnergyParts;
  /** Joules of all rows; a lower bound when `missing` is not empty. */
  readonly total: Joules;
  /** One row per kind that happened and has a figure, in the order of the table of kinds, then the static row. */
  readonly breakdown: readonly EnergyRow[];
  /** Kinds that happened but have no figure. */
  readonly missing: readonly EventKind[];
}

export interface RunExtent {
  /** Duration on the chip, in seconds, for the static power. */
  readonly seconds: number;
  /** Synaptic weight updates made. */
  readonly updates: number;
  /** Inputs presented, where the task counts any. */
  readonly samples?: number;
}

export function estimate(counts: EventCounts, table: EnergyTable, { seconds, updates, samples = 0 }: RunExtent): EnergyReport {
  if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) throw new InternalError(`a run cannot last ${seconds} s`);
  checkCount('updates', updates);
  checkCount('samples', samples);
  const breakdown: EnergyRow[] = [];
  const missing: EventKind[] = [];
  for (const kind of Object.keys(EVENT_KINDS) as EventKind[]) {
    const count = counts[kind] ?? 0;
    checkCount(kind, count);
    if (count === 0) continue;
    const figure = table.perEvent[kind];
    if (figure === undefined) missing.push(kind);
    else breakdown.push(row(EVENT_KINDS[kind].account, kind, count, figure));
  }
  const learning = breakdown.filter(({ kind }) => kind !== 'static' && EVENT_KINDS[kind].learning);
  const running = breakdown.filter((item) => !learning.includes(item));
  const events = running.length + learning.length;
  const always = table.static === undefined ? [] : [row('static', 'static', seconds, table.static)];
  breakdown.push(...always);
  const synapticEvents = counts.synapticEvent ?? 0;
  return {
    perUpdate: updates === 0 || learning.length === 0 ? null : { ...sum(learning, updates), unit: 'J' },
    perSynapticEvent: synapticEvents === 0 || running.length === 0 ? null : { ...sum(running, synapticEvents), unit: 'J' },
    perSample: samples === 0 || events === 0 ? null : { ...sum([...running, ...learning], samples), unit: 'J' },
    parts: { running: sum(running, 1), learning: sum(learning, 1), static: sum(always, 1) },
    total: sum(breakdown, 1),
    breakdown,
    missing,
  };
}

function row(account: EnergyAccount, kind: EventKind | 'static', count: number, figure: Sourced): EnergyRow {
  const { value, lo, hi, source, confidence } = figure;
  return { account, kind, count, perEvent: value, joules: count * value, lo: count * lo, hi: count * hi, source, confidence };
}

function sum(rows: readonly EnergyRow[], divisor: number): Joules {
  let [value, lo, hi] = [0, 0, 0];
  for (const item of rows) {
    value += item.joules;
    lo += item.lo;
    hi += item.hi;
  }
  return { value: value / divisor, lo: lo / divisor, hi: hi / divisor };
}

function checkCount(name: string, count: number): void {
  if (!Number.isInteger(count) || count < 0) throw new InternalError(`the count of ${name} is ${count}, not a whole number from 0`);
}
