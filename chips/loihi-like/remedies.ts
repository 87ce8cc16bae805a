/** What most likely helps where learning on the Loihi-like chip falls behind the ideal one, and which of its settings a diagnosis tries out. */
import type { ChipRemedies } from '../../core/chip-effects.ts';
import type { LoihiSettings } from './switches.ts';

export const REMEDIES: ChipRemedies = {
  findings: {
    silence:
      'raise the start weights or lower the thresholds: with so few weight bits small weights become 0, and a silent neuron learns nothing',
    lost: 'a change has to reach one weight level: raise the learning rate, give the weights a narrower range (limits of the task), or take rounding: independent, which keeps small changes on average',
    noise:
      'more weight bits (learnedWeightBits), or fewer and larger writes: gather in a tag over several samples before the weight takes it',
    bias: 'compare with --ablate: neurons in whole numbers, a product shifted below its lowest bit, or a trace at its top bend every change the same way',
    saturation:
      'the weights stand at the ends of their field: spread the levels over a wider range (limits of the task), or let the rule decay weights',
  },
  effects: {
    'weight bits': 'more bits for this projection (projectionBits), or a narrower range of weights so that the levels lie closer',
    rounding: 'rounding: independent keeps the average of small changes; a larger learning rate makes them larger than one level',
    'trace bits':
      'slower spikes or smaller impulses (spikesPerTick, impulses), so that a trace does not stand at its top, and 7 trace bits',
    'trace decay': 'choose the time constant so that the decay of the chip and that of the rule agree (traceDecay: rule)',
    'learning epoch': 'a shorter learning epoch, so that no neuron spikes twice in one',
    'product scaling':
      'coefficients that are powers of two times few bits, and products of fewer factors, so that no low bits are shifted away',
    saturation: 'smaller coefficients, or sums of fewer terms, so that no accumulator meets its end',
    'neuron arithmetic': 'larger numbers on the membrane: raise weights and thresholds together',
  },
};

interface RoundingAlternative {
  readonly own: string;
  readonly other: string;
  readonly rounding: 'independent' | 'nearest';
}

/** Rounding by chance against rounding to the nearest level, whichever the chip has. */
export function roundingAlternatives({ rounding }: LoihiSettings): readonly RoundingAlternative[] {
  const [byChance, nearest] = ['stochastic rounding', 'nearest rounding'];
  if (rounding === 'independent') return [{ own: byChance, other: nearest, rounding: 'nearest' }];
  if (rounding === 'nearest') return [{ own: nearest, other: byChance, rounding: 'independent' }];
  return [];
}
