/** Pieces of text and parameter lists that several neuron models share. */
import type { ParameterSpec, StateSpec } from './model.ts';

/** Time constant and the four membrane levels of an integrate-and-fire model. */
export const membraneParameters = {
  tauMem: { dimension: 'time', min: 0, exclusiveMin: true, meaning: 'membrane time constant' },
  vRest: { dimension: 'membrane', default: 0, meaning: 'resting value' },
  vThreshold: { dimension: 'membrane', meaning: 'a spike is fired above this value' },
  vReset: { dimension: 'membrane', default: 0, meaning: 'value after a spike' },
  vInitial: { dimension: 'membrane', default: 0, meaning: 'value at the start' },
} as const satisfies Record<string, ParameterSpec>;

interface RefractoryTerms {
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  readonly derived: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, StateSpec>>;
  advance(integrated: string): string;
  /** The condition for a spike, which a refractory neuron never fulfils. */
  threshold(condition: string): string;
  readonly reset: string;
}

/**
 * The refractory period: for `refractory` after a spike the membrane is held, input is ignored and nothing fires, whatever the reset has left
 * on the membrane. Empty when the parameter is not given.
 */
export function refractoryTerms(given: ReadonlySet<string>): RefractoryTerms {
  if (!given.has('refractory')) {
    return {
      parameters: {},
      derived: {},
      state: {},
      advance: (integrated) => `v = ${integrated}`,
      threshold: (condition) => condition,
      reset: '',
    };
  }
  return {
    parameters: { refractory: { dimension: 'time', min: 0, meaning: 'time after a spike during which input is ignored' } },
    derived: { refractoryTicks: 'round(refractory / dt)' },
    state: { refractoryLeft: { initial: '0', dimension: 'ticks', meaning: 'ticks until input counts again' } },
    advance: (integrated) => `refractoryLeft = max(refractoryLeft - 1, 0)\nv = refractoryLeft > 0 ? v : ${integrated}`,
    threshold: (condition) => `not (refractoryLeft > 0) and ${condition}`,
    reset: '\nrefractoryLeft = refractoryTicks + 1',
  };
}
