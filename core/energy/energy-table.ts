/**
 * What each kind of event costs on a chip, and how well that is known. A figure without a source is not a figure: each carries where it
 * comes from, how it was obtained, and an interval. A kind without a row has no published figure; the report then says so and counts nothing.
 */
import type { Problem } from '../errors.ts';
import { UserError } from '../errors.ts';
import type { EventKind } from './event-kinds.ts';

export type Confidence = 'measured' | 'simulated' | 'assumed';

/** A number with its interval and its origin. The unit is that of the field it stands in. */
export interface Sourced {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
  /** Publication and place in it, e.g. `Davies et al. 2018, table 2`. */
  readonly source: string;
  readonly confidence: Confidence;
}

export interface EnergyTable {
  readonly name: string;
  /** One sentence on what the figures cover and what they leave out. */
  readonly note: string;
  /** Joules per event. */
  readonly perEvent: Readonly<Partial<Record<EventKind, Sourced>>>;
  /** Watts drawn whatever happens. */
  readonly static?: Sourced;
}

/** A figure, checked: finite, not negative, inside its own interval, with a source. */
export function sourced(value: number, origin: { lo: number; hi: number; source: string; confidence: Confidence }): Sourced {
  const { lo, hi, source, confidence } = origin;
  const problems: Problem[] = [];
  const reject = (message: string): void => {
    problems.push({ code: 'E-ENERGY-FIGURE', message: `the figure ${value} (${lo} … ${hi}) from "${source}" ${message}` });
  };
  if (![value, lo, hi].every(Number.isFinite)) reject('is not made of finite numbers');
  else if (!(lo <= value && value <= hi)) reject('lies outside its interval; give lo <= value <= hi');
  if (lo < 0) reject('has a negative bound; an energy or power is at least 0');
  if (source.trim() === '') reject('has no source; say where it comes from');
  if (problems.length > 0) throw new UserError(problems);
  return { value, lo, hi, source, confidence };
}
