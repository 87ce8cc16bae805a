/**
 * The current-based neuron of Loihi in whole numbers, as text of the small language (Davies et al., IEEE Micro 38(1), 2018; Lava,
 * PyLifModelBitAcc). With T(x, m) = x·m/4096 rounded towards zero, in one tick
 *
 *   u = T(u, 4096 - (decayU + 1)) + 64·input        a current always decays by one more than it says; it wraps at 24 bits
 *   v = clip(T(v, 4096 - decayV) + u + bias)        ±(2^23 - 1)
 *   spike when v > 64·threshold, then v = 0
 *
 * v is kept relative to zero here and shifted by `rest` where the resting value is not zero, which the chip does by choosing its zero.
 */
import { LOIHI } from './profile.ts';
import type { LoihiSwitches } from './switches.ts';

/** A name, or a number written out; negative numbers in brackets. */
export type Term = string;

export const literal = (value: number): Term => (value < 0 ? `(${value})` : String(value + 0));

export interface CurrentText {
  /** State that holds the current, or undefined for one that lasts a single tick. */
  readonly variable?: string;
  /** 0 … 4095. */
  readonly decay: Term;
  /** What arrives in this tick, in membrane units. */
  readonly input: Term;
}

export interface IntegerNeuron {
  readonly currents: readonly CurrentText[];
  readonly decayV: Term;
  readonly rest?: number;
  /** Added in every tick, in membrane units. */
  readonly bias?: Term;
  /** Expression in membrane units. */
  readonly noise?: string;
  readonly floor?: Term;
  /** True where the membrane stands still after a spike while `refractoryLeft`, which the reset sets, counts down: a delay of r blocks r - 1 ticks. */
  readonly refractory?: boolean;
  /** Lowest and highest membrane value above rest. */
  readonly limits?: { readonly low: number; readonly high: number };
}

const EDGE = LOIHI.stateLimit.value + 1;
const ONE = LOIHI.decayOne.value;

/** Text that brings a current that ran over back into 24 bits, and stores it in `into`. */
function wrapped(into: string, nth: number, expression: string, overflow: LoihiSwitches['currentOverflow'], declares: boolean): string[] {
  const target = `${declares ? 'let ' : ''}${into}`;
  if (overflow === 'twos-complement') return [`${target} = wrap(${expression}, 24)`];
  return [
    `let sum${nth} = ${expression}`,
    `let above${nth} = sum${nth} > ${EDGE} ? sum${nth} - ${2 * EDGE} : sum${nth}`,
    `${target} = above${nth} <= -${EDGE} ? above${nth} + ${2 * EDGE} : above${nth}`,
  ];
}

export function advanceText(neuron: IntegerNeuron, overflow: LoihiSwitches['currentOverflow']): string {
  const { currents, decayV, rest = 0, bias, noise, floor, refractory = false } = neuron;
  const { low, high } = neuron.limits ?? { low: 1 - EDGE, high: EDGE - 1 };
  const lines = currents.flatMap(({ variable, decay, input }, n) => {
    const kept = variable === undefined ? [] : [`trunc(${variable} * (${ONE - 1} - ${decay}) / ${ONE})`];
    return wrapped(variable ?? `u${n}`, n, [...kept, input].join(' + '), overflow, variable === undefined);
  });
  const names = currents.map(({ variable }, n) => variable ?? `u${n}`);
  const above = rest === 0 ? 'v' : `(v - ${literal(rest)})`;
  const sum = [
    `trunc(${above} * (${ONE} - ${decayV}) / ${ONE})`,
    ...names,
    ...(bias === undefined ? [] : [bias]),
    ...(noise === undefined ? [] : [noise]),
  ].join(' + ');
  const clipped = `clip(${sum}, ${literal(low)}, ${literal(high)})`;
  const shifted = rest === 0 ? clipped : `${clipped} + ${literal(rest)}`;
  if (refractory) lines.push('refractoryLeft = max(refractoryLeft - 1, 0)');
  lines.push(refractory ? `v = refractoryLeft > 0 ? v : ${shifted}` : `v = ${shifted}`);
  if (floor !== undefined) lines.push(`v = max(v, ${floor})`);
  return lines.join('\n');
}

/** Bias of a mantissa and exponent; a negative exponent shifts towards minus infinity. */
export const biasOf = (mantissa: number, exponent: number): number => Math.floor(mantissa * 2 ** exponent);

/**
 * Whole-number noise: uniform -127 … 127, shifted by a power of two (nengo-loihi, CompartmentState).
 * @returns the shift whose standard deviation is nearest to `sd` (on a logarithmic scale), and that deviation
 */
export function noiseShift(sd: number): { readonly shift: number; readonly sd: number } {
  const range = LOIHI.noiseRange.value;
  const deviation = Math.sqrt(((2 * range + 1) ** 2 - 1) / 12);
  const shift = Math.round(Math.log2(sd / deviation));
  return { shift, sd: deviation * 2 ** shift };
}

export function noiseText(shift: number): string {
  const range = LOIHI.noiseRange.value;
  const draw = `(floor(uniform() * ${2 * range + 1}) - ${range})`;
  return shift >= 0 ? `${draw} * ${2 ** shift}` : `shr(${draw}, ${-shift})`;
}
