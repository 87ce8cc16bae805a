/**
 * Leaky integrate-and-fire neuron, tau dv/dt = (vRest - v) + R·I (Gerstner et al., Neuronal Dynamics, 2014, section 1.3).
 *
 * Port `delta` adds each arriving weight to the membrane at once (delta synapses); port `current` is a current held for one tick. With the
 * exact integrator the solution for an input constant over the tick is used, v' = vInf + (v - vInf)·exp(-dt/tau); with Euler the factor is
 * 1 - dt/tau. Optional features appear in the text only when their parameter is given: `refractory` (input is ignored meanwhile), `floor`,
 * `noise` (standard deviation added per tick), `thresholdShift`, `driveRate` with
 * `driveWeight` (many Poisson inputs as one: the number of events in a tick is drawn for every neuron).
 */
import type { NeuronModel, NeuronModelFamily } from './model.ts';
import { membraneParameters, periodicReset, refractoryTerms } from './parts.ts';

export const lif: NeuronModelFamily = {
  name: 'lif',
  summary: 'leaky integrate-and-fire, delta or current input',
  choices: {
    integrator: ['exact', 'euler'],
    resetTo: ['value', 'subtraction'],
    spiking: ['threshold', 'escape'],
  },
  build(choices, given): NeuronModel {
    const refractory = refractoryTerms(given);
    const periodic = periodicReset(given);
    const drive = given.has('driveRate') ? ' + driveWeight * poisson(driveMean)' : '';
    const noise = given.has('noise') ? ' + noise * normal()' : '';
    const floor = given.has('floor') ? '\nv = max(v, floor)' : '';
    const escapes = choices.spiking === 'escape';
    const level = given.has('thresholdShift') ? '(vThreshold + thresholdShift)' : 'vThreshold';
    const threshold = escapes ? `uniform() < min(escapeMax, escapeRate * dt * exp((v - ${level}) / escapeWidth))` : `v > ${level}`;
    return {
      name: 'lif',
      citation: 'Gerstner, Kistler, Naud, Paninski, Neuronal Dynamics (2014), sections 1.3 and 9.1',
      choices,
      parameters: {
        ...membraneParameters,
        resistance: { dimension: 'number', default: 1, meaning: 'membrane units per unit of port `current`' },
        ...refractory.parameters,
        ...periodic.parameters,
        ...(given.has('noise')
          ? { noise: { dimension: 'membrane', min: 0, meaning: 'standard deviation of the noise added per tick' } as const }
          : {}),
        ...(given.has('driveRate')
          ? ({
              driveRate: {
                dimension: 'frequency',
                min: 0,
                meaning: 'total rate of the Poisson input from outside, all its sources together',
              },
              driveWeight: { dimension: 'membrane', meaning: 'what one event of that input adds' },
            } as const)
          : {}),
        ...(given.has('thresholdShift')
          ? {
              thresholdShift: {
                dimension: 'membrane',
                meaning: 'added to the threshold, not to what a reset subtracts; for homeostasis by the host',
              } as const,
            }
          : {}),
        ...(given.has('floor') ? { floor: { dimension: 'membrane', meaning: 'lowest membrane value' } as const } : {}),
        ...(escapes
          ? ({
              escapeRate: { dimension: 'frequency', min: 0, meaning: 'firing rate at threshold' },
              escapeWidth: {
                dimension: 'membrane',
                min: 0,
                exclusiveMin: true,
                meaning: 'membrane distance over which the rate grows e-fold',
              },
              escapeMax: { dimension: 'number', default: 1, min: 0, max: 1, meaning: 'largest spike probability per tick' },
            } as const)
          : {}),
      },
      derived: {
        leak: choices.integrator === 'euler' ? '1 - dt / tauMem' : 'exp(-dt / tauMem)',
        ...(given.has('driveRate') ? { driveMean: 'driveRate * dt' } : {}),
        ...refractory.derived,
        ...periodic.derived,
      },
      state: { v: { initial: 'vInitial', dimension: 'membrane', meaning: 'membrane variable' }, ...refractory.state, ...periodic.state },
      inputs: ['delta', 'current'],
      advance: periodic.around(
        refractory.advance(`vRest + (v - vRest) * leak + (1 - leak) * resistance * current + delta${drive}${noise}`) + floor,
        { v: 'vRest' },
      ),
      threshold: refractory.threshold(threshold),
      reset: `v = ${choices.resetTo === 'subtraction' ? 'v - vThreshold' : 'vReset'}${refractory.reset}`,
      score: `v - ${level}`,
      lose: `v = v - inhibition${floor}`,
    };
  },
};
