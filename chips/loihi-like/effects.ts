/**
 * What the Loihi-like chip does to a network that the ideal one does not, each as the switches that take it away. Refractory time and reset are those
 * of the network here (microcode), and a delay beyond the field is refused: neither departs from the ideal chip by itself, and what whole numbers do to
 * them is part of the neuron arithmetic. What no switch reaches is that all products of an epoch see old values.
 */
import type { ChipEffect } from '../../core/chip-effects.ts';
import { InternalError } from '../../core/errors.ts';
import type { LoihiOptions, LoihiSettings } from './switches.ts';

interface LoihiEffect extends ChipEffect {
  isThere(settings: LoihiSettings): boolean;
  readonly off: LoihiOptions;
}

const EFFECTS: readonly LoihiEffect[] = [
  {
    name: 'weight bits',
    meaning: 'weights start as, and neurons see, whole numbers of a few bits; without it real numbers',
    isThere: ({ weightNumbers }) => weightNumbers === 'integer',
    off: { weightNumbers: 'real' },
  },
  {
    name: 'rounding',
    meaning: 'a changed weight or tag loses its fraction, by the rounding mode; without it the rest of a change is kept',
    isThere: ({ rounding }) => rounding !== 'none',
    off: { rounding: 'none' },
  },
  {
    name: 'trace bits',
    meaning: 'traces are whole numbers of a few bits with a top; without it real numbers',
    isThere: ({ traceNumbers }) => traceNumbers === 'integer',
    off: { traceNumbers: 'real' },
  },
  {
    name: 'trace decay',
    meaning: 'traces decay by another law than the rule says',
    isThere: ({ traceDecay }) => traceDecay !== 'rule',
    off: { traceDecay: 'rule' },
  },
  {
    name: 'learning epoch',
    meaning:
      'weights change at the end of an epoch, and of the spikes of one neuron in it only the last has a time; without it in every tick',
    isThere: ({ learningEpoch }) => learningEpoch === 'rule',
    off: { learningEpoch: 'tick' },
  },
  {
    name: 'product scaling',
    meaning: 'coefficients of few bits, modulators of 8 bits, and low bits of a product that are shifted away; without it exact products',
    isThere: ({ productNumbers }) => productNumbers === 'integer',
    off: { productNumbers: 'real' },
  },
  {
    name: 'saturation',
    meaning: 'accumulators, tags and currents have ends; without it none that is met',
    isThere: ({ saturation }) => saturation !== 'none',
    off: { saturation: 'none', currentOverflow: 'none' },
  },
  {
    name: 'neuron arithmetic',
    meaning: 'membranes, decays, thresholds and noise in whole numbers; without it neurons as the network says',
    isThere: ({ neuronNumbers }) => neuronNumbers === 'integer',
    off: { neuronNumbers: 'real' },
  },
];

export const loihiEffects = (settings: LoihiSettings): ChipEffect[] =>
  EFFECTS.filter(({ isThere }) => isThere(settings)).map(({ name, meaning }) => ({ name, meaning }));

/** Options of the same chip with the named effects off. */
export function optionsWithout(options: LoihiOptions, names: readonly string[]): LoihiOptions {
  const offs = names.map((name) => {
    const effect = EFFECTS.find((one) => one.name === name);
    if (effect === undefined) throw new InternalError(`loihi-like has no effect "${name}"`);
    return effect.off;
  });
  const changed: LoihiOptions = Object.assign({}, options, ...offs);
  const { tape: _, ...rest } = changed;
  return changed.rounding === 'tape' ? changed : rest;
}
