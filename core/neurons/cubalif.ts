/**
 * Current-based leaky integrate-and-fire neuron with exponentially decaying synaptic currents (Vogels & Abbott, J. Neurosci. 25:10786,
 * 2005; the CubaLIF of NIR, Pedersen et al., Nature Communications 15:8122, 2024):
 *   tauExc dE/dt = -E + …,  tauInh dH/dt = -H + …,  tauMem dv/dt = (vRest - v) + E + H
 * A spike adds its weight to the current of its port at once. Currents are in membrane units (R·I).
 *
 * The exact integrator solves the linear system over one tick: with a = exp(-dt/tauMem), b = exp(-dt/tauSyn) the current contributes
 * k·E, k = tauSyn/(tauSyn - tauMem)·(b - a), to the membrane (Rotter & Diesmann, Biol. Cybern. 81:381, 1999). It needs tauSyn ≠ tauMem.
 * With Euler all three equations step by dt from the old values.
 */
import type { NeuronModel, NeuronModelFamily } from './model.ts';
import { membraneParameters, periodicReset, refractoryTerms } from './parts.ts';

export const cubalif: NeuronModelFamily = {
  name: 'cubalif',
  summary: 'leaky integrate-and-fire with exponential synaptic currents',
  choices: { integrator: ['exact', 'euler'], resetTo: ['value', 'subtraction'] },
  build(choices, given): NeuronModel {
    const refractory = refractoryTerms(given);
    const periodic = periodicReset(given);
    const euler = choices.integrator === 'euler';
    return {
      name: 'cubalif',
      citation: 'Vogels & Abbott (2005), J. Neurosci. 25:10786; exact integration: Rotter & Diesmann (1999), Biol. Cybern. 81:381',
      choices,
      parameters: {
        ...membraneParameters,
        tauExc: { dimension: 'time', min: 0, exclusiveMin: true, meaning: 'time constant of the excitatory current' },
        tauInh: { dimension: 'time', min: 0, exclusiveMin: true, meaning: 'time constant of the inhibitory current' },
        ...refractory.parameters,
        ...periodic.parameters,
      },
      derived: {
        leak: euler ? '1 - dt / tauMem' : 'exp(-dt / tauMem)',
        leakExc: euler ? '1 - dt / tauExc' : 'exp(-dt / tauExc)',
        leakInh: euler ? '1 - dt / tauInh' : 'exp(-dt / tauInh)',
        gainExc: euler ? 'dt / tauMem' : 'tauExc / (tauExc - tauMem) * (leakExc - leak)',
        gainInh: euler ? 'dt / tauMem' : 'tauInh / (tauInh - tauMem) * (leakInh - leak)',
        ...refractory.derived,
        ...periodic.derived,
      },
      state: {
        v: { initial: 'vInitial', dimension: 'membrane', meaning: 'membrane variable' },
        currentExc: { initial: '0', dimension: 'membrane', meaning: 'excitatory current times resistance' },
        currentInh: { initial: '0', dimension: 'membrane', meaning: 'inhibitory current times resistance' },
        ...refractory.state,
        ...periodic.state,
      },
      inputs: ['excitatory', 'inhibitory'],
      advance: periodic.around(
        `currentExc += excitatory
currentInh += inhibitory
${refractory.advance('vRest + (v - vRest) * leak + gainExc * currentExc + gainInh * currentInh')}
currentExc *= leakExc
currentInh *= leakInh`,
        { v: 'vRest', currentExc: '0', currentInh: '0' },
      ),
      threshold: refractory.threshold('v > vThreshold'),
      reset: `v = ${choices.resetTo === 'subtraction' ? 'v - vThreshold' : 'vReset'}${refractory.reset}`,
      score: 'v - vThreshold',
      lose: 'v = v - inhibition',
    };
  },
};
