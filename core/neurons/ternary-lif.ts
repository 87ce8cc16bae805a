/**
 * Leaky integrate-and-fire neuron with two thresholds: above the upper one it sends +1, below the lower one -1, and is reset either way (Lava,
 * TernaryLIF). Its spikes are graded: what they carry multiplies the weights they meet.
 */
import type { NeuronModel, NeuronModelFamily } from './model.ts';
import { membraneParameters, refractoryTerms } from './parts.ts';

export const ternaryLif: NeuronModelFamily = {
  name: 'ternary-lif',
  summary: 'leaky integrate-and-fire with spikes of +1 and -1',
  choices: { integrator: ['exact', 'euler'], resetTo: ['value', 'subtraction'] },
  build(choices, given): NeuronModel {
    const refractory = refractoryTerms(given);
    return {
      name: 'ternary-lif',
      citation: 'Lava 0.11, proc/lif (TernaryLIF); Gerstner, Kistler, Naud, Paninski, Neuronal Dynamics (2014), section 1.3',
      choices,
      parameters: {
        ...membraneParameters,
        vThresholdLow: { dimension: 'membrane', meaning: 'a spike of -1 is fired below this value' },
        resistance: { dimension: 'number', default: 1, meaning: 'membrane units per unit of port `current`' },
        ...refractory.parameters,
      },
      derived: { leak: choices.integrator === 'euler' ? '1 - dt / tauMem' : 'exp(-dt / tauMem)', ...refractory.derived },
      state: { v: { initial: 'vInitial', dimension: 'membrane', meaning: 'membrane variable' }, ...refractory.state },
      inputs: ['delta', 'current'],
      advance: refractory.advance('vRest + (v - vRest) * leak + (1 - leak) * resistance * current + delta'),
      threshold: refractory.threshold('(v > vThreshold or v < vThresholdLow)'),
      reset: `v = ${choices.resetTo === 'subtraction' ? 'v > vThreshold ? v - vThreshold : v - vThresholdLow' : 'vReset'}${refractory.reset}`,
      payload: 'v > vThreshold ? 1 : -1',
      sendsSigns: true,
    };
  },
};
