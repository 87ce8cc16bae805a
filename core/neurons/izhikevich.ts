/**
 * Izhikevich's simple model, dv/dt = 0.04 v² + 5 v + 140 - u + I, du/dt = a (b v - u), spike at v ≥ 30, then v = c, u += d (IEEE Trans.
 * Neural Networks 14:1569, 2003). Numbers are the paper's own: v in mV, time in ms, so parameters are plain numbers. As in the paper's
 * program, v takes two half steps per tick and u one whole step, after v.
 */
import type { NeuronModel, NeuronModelFamily } from './model.ts';

export const izhikevich: NeuronModelFamily = {
  name: 'izhikevich',
  summary: "Izhikevich's two-variable spiking model",
  choices: { integrator: ['euler'] },
  build(choices): NeuronModel {
    const halfStep = 'v += 0.5 * dtMs * (0.04 * v * v + 5 * v + 140 - u + current)';
    return {
      name: 'izhikevich',
      citation: 'Izhikevich (2003), IEEE Trans. Neural Networks 14:1569',
      choices,
      parameters: {
        a: { dimension: 'number', default: 0.02, meaning: 'rate of the recovery variable (1/ms)' },
        b: { dimension: 'number', default: 0.2, meaning: 'sensitivity of the recovery variable' },
        c: { dimension: 'number', default: -65, meaning: 'value of v after a spike (mV)' },
        d: { dimension: 'number', default: 8, meaning: 'rise of u after a spike' },
      },
      derived: { dtMs: 'dt * 1000' },
      state: {
        v: { initial: 'c', dimension: 'number', meaning: 'membrane potential (mV)' },
        u: { initial: 'b * c', dimension: 'number', meaning: 'recovery variable' },
      },
      inputs: ['current'],
      advance: `${halfStep}\n${halfStep}\nu += dtMs * a * (b * v - u)`,
      threshold: 'v >= 30',
      reset: 'v = c\nu += d',
    };
  },
};
