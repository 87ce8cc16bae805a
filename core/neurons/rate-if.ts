/**
 * Rate-coding integrate-and-fire neuron: a value v follows its input, and a second integrator without leak turns what lies in the coding range
 * into evenly spaced spikes (first-order sigma-delta modulation; Inose, Yasuda & Murakami, IRE Trans. SET-8:204, 1962; as a neuron: Yoon, IEEE
 * Trans. NNLS 28:1192, 2017). The spikes of T ticks are never off by more than one, where Poisson spikes are off by the root of their number:
 * what settling networks need (equilibrium propagation, predictive coding).
 *
 *   leaky        v ← v + k·(input + bias - v)        integrating   v ← v + k·(input + bias)        k = 1 - exp(-dt/tauMem), or dt/tauMem with Euler
 *   phase ← phase + clip(v, 0, vThreshold);          a spike when phase reaches vThreshold, which it then loses
 *
 * With `spikes: signed` the range is -vThreshold … vThreshold, and a spike carries +1 or -1. v is kept between `floor` and `ceiling`. What arrives
 * at port `gated` counts only while v can still move the rate, 0 < v < vThreshold: the derivative of the coding range.
 */
import type { NeuronModel, NeuronModelFamily } from './model.ts';

export const rateIf: NeuronModelFamily = {
  name: 'rate-if',
  summary: 'sends its value as evenly spaced spikes (sigma-delta), of one sign or of both',
  choices: { integrator: ['exact', 'euler'], dynamics: ['leaky', 'integrating'], spikes: ['positive', 'signed'] },
  build(choices): NeuronModel {
    const signed = choices.spikes === 'signed';
    const loss = choices.dynamics === 'leaky' ? ' - v' : '';
    return {
      name: 'rate-if',
      citation: 'Inose, Yasuda & Murakami (1962), IRE Trans. SET-8:204; Yoon (2017), IEEE Trans. NNLS 28:1192',
      choices,
      parameters: {
        tauMem: { dimension: 'time', min: 0, exclusiveMin: true, meaning: 'time constant with which the value follows its input' },
        vThreshold: { dimension: 'membrane', min: 0, exclusiveMin: true, meaning: 'value at which every tick has a spike' },
        bias: { dimension: 'membrane', default: 0, meaning: 'constant input' },
        floor: { dimension: 'membrane', meaning: 'lowest value' },
        ceiling: { dimension: 'membrane', meaning: 'highest value' },
        vInitial: { dimension: 'membrane', default: 0, meaning: 'value at the start' },
        phaseInitial: { dimension: 'membrane', default: 0, meaning: 'what the spike integrator holds at the start' },
      },
      derived: { gain: choices.integrator === 'euler' ? 'dt / tauMem' : '1 - exp(-dt / tauMem)' },
      state: {
        v: { initial: 'vInitial', dimension: 'membrane', meaning: 'value' },
        phase: { initial: 'phaseInitial', dimension: 'membrane', meaning: 'what has not been sent yet' },
        ...(signed ? { sent: { initial: '0', dimension: 'number', meaning: 'spikes of +1 less spikes of -1' } as const } : {}),
      },
      inputs: ['delta', 'gated'],
      advance: `let open = if(v > 0 and v < vThreshold, gated, 0)
v = clip(v + gain * (delta + open + bias${loss}), floor, ceiling)
phase += clip(v, ${signed ? '-vThreshold' : '0'}, vThreshold)`,
      threshold: signed ? '(phase >= vThreshold or phase <= -vThreshold)' : 'phase >= vThreshold',
      reset: signed
        ? `sent += if(phase > 0, 1, -1)
phase += if(phase > 0, -vThreshold, vThreshold)`
        : 'phase -= vThreshold',
      ...(signed ? { payload: 'if(phase > 0, 1, -1)', sendsSigns: true } : {}),
    };
  },
};
