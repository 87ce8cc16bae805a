/**
 * Rounding with numbers that are given, not drawn: Lava's own streams, or a tape. One number serves all traces of a side, one all weights, tags and
 * delay variables of an epoch, as in Lava; the kernel puts them where the programs read them (core/kernel/epoch.ts).
 */
import type { GivenDraw } from '../../core/chip-contract.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import type { SymbolInfo } from '../../core/program/symbols.ts';
import { lavaTape } from './lava/rounding.ts';
import type { LoihiSettings, LoihiSwitches } from './switches.ts';

const NAMES = {
  pre: { decay: 'draw_xDecay', impulse: 'draw_xImpulse' },
  post: { decay: 'draw_yDecay', impulse: 'draw_yImpulse' },
} as const;
const ROUND = 'draw_round';

export const isGiven = (rounding: LoihiSwitches['rounding']): boolean => rounding === 'tape' || rounding === 'lava-stream';

/** Undefined where every value draws for itself, or none does. */
export function givenDraws({ rounding, tape, roundingSeed, roundingTicks }: LoihiSettings, epochTicks: number): GivenDraw[] | undefined {
  if (!isGiven(rounding)) return undefined;
  const numbers = rounding === 'tape' && tape !== undefined ? tape : lavaTape(roundingSeed, roundingTicks, epochTicks);
  const list = (values: readonly number[]): Float64Array => Float64Array.from(values);
  return [
    { name: NAMES.pre.decay, atEnd: list(numbers.x_decay) },
    // of a pre spike that another follows Lava always rounds the impulse up
    { name: NAMES.pre.impulse, atEnd: list(numbers.x_impulse), earlier: 0 },
    { name: NAMES.post.decay, atEnd: list(numbers.y_decay) },
    { name: NAMES.post.impulse, atEnd: list(numbers.y_impulse), earlier: list(numbers.post_multi_spike_impulse) },
    { name: ROUND, atEnd: list(numbers.weight_round) },
  ];
}

/** Symbols of all of them, for programs that may read some. */
export const drawSymbols: readonly SymbolInfo[] = [...Object.values(NAMES).flatMap((names) => Object.values(names)), ROUND].map((name) => ({
  name,
  scope: 'modulator',
  format: FLOAT64,
  writable: false,
}));

const roundedBy = (value: string, draw: string): string => `(floor(${value}) + (${draw} < ${value} - floor(${value}) ? 1 : 0))`;

/** A decayed trace as a whole number. */
export const givenDecay = (on: 'pre' | 'post', product: string): string => roundedBy(`(${product})`, NAMES[on].decay);

/** 1 where the fraction of an impulse is rounded up. */
export const givenFraction = (on: 'pre' | 'post', fraction: number): string => `(${NAMES[on].impulse} < ${fraction} ? 1 : 0)`;

/** A new weight, tag or delay variable as a whole number. */
export const givenRound = (value: string): string => roundedBy(`(${value})`, ROUND);
