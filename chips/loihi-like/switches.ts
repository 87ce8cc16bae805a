/**
 * Where public models of Loihi disagree, the user chooses. Each switch has a default and the reason for it, so that the sensitivity of a result
 * to what nobody outside Intel knows can be measured instead of argued about.
 */
import type { OptionsReader } from '../../core/check-options.ts';
import { readOptions } from '../../core/check-options.ts';
import type { Problem } from '../../core/errors.ts';
import { UserError } from '../../core/errors.ts';
import type { LavaTape } from './lava/tape.ts';
import { TAPE_NAMES } from './lava/tape.ts';

interface Switch<T extends string> {
  /** The first is the default. */
  readonly choices: readonly T[];
  readonly meaning: string;
  readonly reason: string;
}

const choice = <const T extends string>(choices: readonly T[], meaning: string, reason: string): Switch<T> => ({
  choices,
  meaning,
  reason,
});

export const SWITCHES = {
  generation: choice(
    ['loihi-2', 'loihi-1'],
    'what a neuron may do beside leaking, firing and being reset to rest',
    'networks of the field use soft resets and competition, which Loihi 2 microcode can run; loihi-1 refuses them',
  ),
  rounding: choice(
    ['independent', 'nearest', 'never-up', 'lava-stream', 'tape', 'none'],
    'how a new weight, tag or delay variable loses its fraction bits: draws of its own, none, those of Lava (PCG64, roundingSeed, shared by all synapses), or given ones, which both decide for traces too; or not at all (no chip does that; neurons still see the nearest weight)',
    'the chip rounds stochastically; draws of its own per synapse keep the average right, which shared draws (Lava) do not',
  ),
  traceRounding: choice(
    ['independent', 'nearest', 'never-up'],
    'how a decayed trace becomes a whole number',
    'stochastic on the chip (Davies 2018, p. 91); nearest stops a small trace from decaying at all',
  ),
  traceDecay: choice(
    ['rule', 'exact', 'euler', 'per-epoch'],
    'factor per tick: as the rule says, exp(-dt/tau) (Lava), 1 - dt/tau (Brian2Loihi); or once per learning epoch of E ticks, exp(-E dt/tau) (nengo-loihi)',
    'the decay table of the chip is not published, so the rule decides',
  ),
  traceTime: choice(
    ['spike-time', 'epoch-end'],
    'when a product reads a trace: at the tick of its spike within the epoch (Lava), or its current value, at the end of the epoch (Brian2Loihi)',
    "Lava's models are the reference of this profile",
  ),
  impulseFraction: choice(
    ['unbiased', 'lava'],
    'how the fraction of an impulse is drawn: 7 against 7 bits, or 8 against 7 bits as in Lava',
    "Lava's comparison rounds up twice as often as the fraction says, which is an error and not a design",
  ),
  productScaling: choice(
    ['lava', 'nengo', 'none'],
    'right shift of a product: max(0, bits of the factors + 4 - 15), with 3 for 4 (nengo), or none (Brian2Loihi)',
    "Lava's mantissa has 4 bits; nengo-loihi, tuned on hardware, has 3",
  ),
  learnedPrecision: choice(
    ['full', 'stored', 'stored-away-from-zero'],
    'a learned weight keeps all bits (Lava), is rounded to the stored precision (nengo-loihi), or after its change was rounded away from zero (Brian2Loihi)',
    "Lava's models are the reference of this profile",
  ),
  weightExponent: choice(
    ['of-sum', 'per-weight', 'per-weight-floor'],
    'a negative exponent shifts the sum of the weights that arrive (Lava), each weight (nengo-loihi), or each down to a multiple of 64 (Brian2Loihi)',
    "Lava's models are the reference of this profile",
  ),
  currentOverflow: choice(
    ['lava', 'twos-complement', 'nengo', 'none'],
    'a current of 24 bits wraps with +2^23 in and -2^23 out (Lava), evenly, evenly after its input has wrapped at 22 bits (nengo-loihi), or not (Brian2Loihi)',
    "Lava's models are the reference of this profile",
  ),
  saturation: choice(
    ['lava', 'twos-complement', 'none'],
    'lowest accumulator and tag: -32769 and -257 (Lava), or -32768 and -256; or no ends at all (no chip)',
    "Lava's models are the reference of this profile",
  ),
  weightNumbers: choice(
    ['integer', 'real'],
    'a weight is a whole number of its bits, or a real one (no chip)',
    'the chip stores bits; real numbers show what these cost',
  ),
  traceNumbers: choice(
    ['integer', 'real'],
    'a trace is a whole number of traceBits, or a real one without a top (no chip)',
    'the chip stores bits; real numbers show what these cost',
  ),
  productNumbers: choice(
    ['integer', 'real'],
    'products in whole numbers: coefficients m·2^e, modulators of 8 bits, low bits lost by the shift; or real ones (no chip)',
    'the chip computes in integers; real numbers show what these cost',
  ),
  neuronNumbers: choice(
    ['integer', 'real'],
    'membranes, currents, decays and thresholds in whole numbers, or neurons as the network says (no chip)',
    'the chip computes in integers; real numbers show what these cost',
  ),
  learningEpoch: choice(
    ['rule', 'tick'],
    'a rule in event form learns once per its own epoch, or in every tick where it has no code for the end of an epoch',
    'the chip learns in epochs, and the rule says how long they are',
  ),
  delayVariable: choice(
    ['eight-bit', 'six-bit'],
    'largest value of d: 255 (Lava), or 63, the delay field of the chip; neither delays a spike here',
    "Lava's models are the reference of this profile",
  ),
  axonFormat: choice(
    ['discrete', 'population-16', 'population-32'],
    'what an output axon carries: one neuron, or a population with an atom of 16 or 32 bits; the last takes two slots (nengo-loihi)',
    'a discrete axon is what any pattern of connections needs; the others are for shared weights',
  ),
  energy: choice(
    ['davies-2018', 'fitted-silicon'],
    'which published energy table is used',
    'table 2 of Davies 2018 is the one everybody cites, and the only one with a figure for learning',
  ),
} as const satisfies Readonly<Record<string, Switch<string>>>;

type SwitchName = keyof typeof SWITCHES;

/** A whole set of switches. */
export type LoihiSwitches = { readonly [N in SwitchName]: (typeof SWITCHES)[N]['choices'][number] };

export interface LoihiSettings extends LoihiSwitches {
  /** Bits of a static weight, the sign included where signs are mixed by counting it as Lava does: 8 bits mixed are the even numbers. */
  readonly weightBits: number;
  /** The same for weights that learn; 9 is full resolution for mixed signs. */
  readonly learnedWeightBits: number;
  /** Bits of single projections by name, static or learned, in place of the two above. */
  readonly projectionBits: Readonly<Record<string, number>>;
  /** Bits of a trace; with fewer than 7 its low bits are zero. */
  readonly traceBits: number;
  readonly chips: number;
  /** Spikes per tick for which a trace must not saturate; decides how large impulses are. */
  readonly spikesPerTick: number;
  /** Impulses in the chip's own units by trace, where they are not left to the rule of traces.ts. */
  readonly impulses: Readonly<Record<string, number>>;
  /** Seed of rounding `lava-stream`, and the ticks for which its numbers are made: a longer run ends with an error. */
  readonly roundingSeed: number;
  readonly roundingTicks: number;
  /** Numbers of rounding `tape`, as Lava's recordings hold them. */
  readonly tape?: LavaTape;
}

export type LoihiOptions = Partial<LoihiSettings>;

/** Checks what the user gave and fills in the rest. Throws one `UserError` with all faults. */
export function readSettings(given: LoihiOptions): LoihiSettings {
  const problems: Problem[] = [];
  const options = readOptions(given, 'loihiLike', problems);
  const switches = Object.fromEntries(
    Object.entries(SWITCHES).map(([name, { choices }]: [string, Switch<string>]) => [
      name,
      options.choice(name, choices, { default: choices[0] }),
    ]),
  ) as unknown as LoihiSwitches;
  const bits = { integer: true, min: 1, max: 9 } as const;
  const numbers = {
    weightBits: options.number('weightBits', { ...bits, default: 8 }),
    learnedWeightBits: options.number('learnedWeightBits', { ...bits, default: 9 }),
    traceBits: options.number('traceBits', { integer: true, min: 1, max: 7, default: 7 }),
    chips: options.number('chips', { integer: true, min: 1, default: 1 }),
    spikesPerTick: options.number('spikesPerTick', { above: 0, max: 1, default: 1 }),
  };
  const given_ = options.object('impulses', { optional: true });
  const impulses = Object.fromEntries((given_?.keys ?? []).map((name) => [name, given_?.number(name, { above: 0, max: 127 }) ?? 0]));
  const ofProjections = options.object('projectionBits', { optional: true });
  const projectionBits = Object.fromEntries(
    (ofProjections?.keys ?? []).map((name) => [name, ofProjections?.number(name, { integer: true, min: 1, max: 9 }) ?? 0]),
  );
  const streams = {
    roundingSeed: options.number('roundingSeed', { integer: true, min: 0, default: 0 }),
    roundingTicks: options.number('roundingTicks', { integer: true, min: 1, default: 10_000 }),
  };
  const tape = readTape(options, switches.rounding);
  if (numbers.traceBits < 7 && (switches.rounding === 'tape' || switches.rounding === 'lava-stream')) {
    options.reject('traceBits', {
      code: 'E-CHOICE',
      message: `is ${numbers.traceBits}, but the draws of rounding "${switches.rounding}" are for traces of 7 bits`,
      hint: 'leave it out, or choose another rounding',
    });
  }
  options.finish();
  if (problems.length > 0) throw new UserError(problems);
  return { ...switches, ...numbers, impulses, projectionBits, ...streams, ...(tape === undefined ? {} : { tape }) };
}

/** A tape is needed where rounding is by tape, and nowhere else. */
function readTape(options: OptionsReader, rounding: LoihiSwitches['rounding']): LavaTape | undefined {
  const tape = options.object('tape', { optional: true });
  if (tape === undefined) {
    if (rounding !== 'tape') return undefined;
    options.reject('tape', { code: 'E-MISSING', message: `is missing; rounding "tape" takes its numbers from ${TAPE_NAMES.join(', ')}` });
    return undefined;
  }
  if (rounding !== 'tape') options.reject('tape', { code: 'E-CHOICE', message: `is given, but rounding is "${rounding}"` });
  const lists = TAPE_NAMES.map((name) => [name, tape.list(name, (item) => Number(item)) ?? []] as const);
  for (const [name, list] of lists)
    if (!list.every(Number.isFinite)) tape.reject(name, { code: 'E-TYPE', message: 'holds something that is not a number' });
  tape.finish();
  return Object.fromEntries(lists) as unknown as LavaTape;
}
