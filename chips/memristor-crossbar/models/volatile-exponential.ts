/**
 * The least that a volatile synapse can be: a conductance that relaxes to its rest with one time constant, and a pulse that adds a part of what is
 * left up to its maximum. Short-term facilitation and eligibility in a device, with everything in closed form.
 */
import type { CompactModel } from './compact-model.ts';

export const volatileExponential: CompactModel = {
  name: 'volatile-exponential',
  title: 'volatile synapse, one time constant',
  citation: 'soft-bounded increment (Fusi & Abbott, Nature Neuroscience 10:485, 2007) with exponential relaxation',
  valid: 'pulses short against the time constant; one pulse is one spike, whatever its voltage and width',
  mostVolts: 5,
  parameters: {
    rest: { unit: 'S', value: 1e-6, min: 0, meaning: 'conductance at rest' },
    most: { unit: 'S', value: 20e-6, min: 0, meaning: 'conductance that pulses lead to' },
    tau: { unit: 's', value: 0.03, min: 1e-9, meaning: 'time constant of the relaxation' },
    increment: { unit: 'S', value: 2e-6, min: 0, meaning: 'what a pulse adds at rest' },
  },
  conditions: [
    { above0: 'most - rest', words: 'most must be above rest' },
    { above0: 'most - rest - increment', words: 'one increment must not reach beyond most' },
  ],
  state: { g: 'rest' },
  pulse: 'g = most - (most - g) * (1 - increment / (most - rest)) ^ pulses',
  rest: 'g = rest + (g - rest) * exp(0 - seconds / tau)',
  current: 'volts * g',
  conductance: 'g',
};
