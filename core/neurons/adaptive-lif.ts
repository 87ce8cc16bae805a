/**
 * Leaky integrate-and-fire neuron with an adaptive threshold: each spike raises the threshold by `adaptationStep`, which decays with
 * tauAdaptation (ALIF of Bellec et al., NeurIPS 2018; the homeostasis of Diehl & Cook, Front. Comput. Neurosci. 9:99, 2015).
 */
import type { NeuronModel, NeuronModelFamily } from './model.ts';
import { membraneParameters, refractoryTerms } from './parts.ts';

export const adaptiveLif: NeuronModelFamily = {
  name: 'adaptive-lif',
  summary: 'leaky integrate-and-fire whose threshold rises with each spike',
  choices: { integrator: ['exact', 'euler'], resetTo: ['value', 'subtraction'] },
  build(choices, given): NeuronModel {
    const refractory = refractoryTerms(given);
    const factor = (tau: string): string => (choices.integrator === 'euler' ? `1 - dt / ${tau}` : `exp(-dt / ${tau})`);
    return {
      name: 'adaptive-lif',
      citation: 'Bellec, Salaj, Subramoney, Legenstein, Maass (2018), NeurIPS 31, section 2',
      choices,
      parameters: {
        ...membraneParameters,
        resistance: { dimension: 'number', default: 1, meaning: 'membrane units per unit of port `current`' },
        tauAdaptation: { dimension: 'time', min: 0, exclusiveMin: true, meaning: 'time constant of the threshold adaptation' },
        adaptationStep: { dimension: 'membrane', meaning: 'rise of the threshold at each spike' },
        ...refractory.parameters,
      },
      derived: { leak: factor('tauMem'), leakAdaptation: factor('tauAdaptation'), ...refractory.derived },
      state: {
        v: { initial: 'vInitial', dimension: 'membrane', meaning: 'membrane variable' },
        adaptation: { initial: '0', dimension: 'membrane', meaning: 'how far the threshold is raised' },
        ...refractory.state,
      },
      inputs: ['delta', 'current'],
      advance: `adaptation *= leakAdaptation
${refractory.advance('vRest + (v - vRest) * leak + (1 - leak) * resistance * current + delta')}`,
      threshold: refractory.threshold('v > vThreshold + adaptation'),
      reset: `v = ${choices.resetTo === 'subtraction' ? 'v - (vThreshold + adaptation)' : 'vReset'}
adaptation += adaptationStep${refractory.reset}`,
      score: 'v - vThreshold - adaptation',
      lose: 'v = v - inhibition',
    };
  },
};
