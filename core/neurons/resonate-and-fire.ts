/**
 * Resonate-and-fire neuron (Izhikevich, Neural Networks 14:883, 2001): a damped oscillator z = u + i·v, dz/dt = (-1/tauDecay + i·2π·frequency)·z, that
 * fires when v passes its threshold. A spike adds its weight to u, the current-like side; v, the voltage-like side, follows a quarter of a period
 * later. Input at the right interval adds up, at half of it cancels.
 *
 * The step is exact: z turns by 2π·frequency·dt and shrinks by exp(-dt/tauDecay). The language has no sine, so the turn is made of series for a
 * sixteenth of the angle, doubled four times: 1e-16 off for angles up to π, which is where a tick ends to resolve the oscillation anyway.
 */
import type { NeuronModel, NeuronModelFamily } from './model.ts';

const DOUBLINGS = 4;

/** cosine and sine of an angle, by names that follow one another. */
function turn(angle: string): Record<string, string> {
  const steps: Record<string, string> = {
    part: `(${angle}) / ${2 ** DOUBLINGS}`,
    square: 'part * part',
    sine0: 'part * (1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72 * (1 - square / 110)))))',
    cosine0: '1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56 * (1 - square / 90 * (1 - square / 132)))))',
  };
  for (let n = 1; n <= DOUBLINGS; n++) {
    steps[`sine${n}`] = `2 * sine${n - 1} * cosine${n - 1}`;
    steps[`cosine${n}`] = `1 - 2 * sine${n - 1} * sine${n - 1}`;
  }
  return steps;
}

export const resonateAndFire: NeuronModelFamily = {
  name: 'resonate-and-fire',
  summary: 'a damped oscillator that fires when it swings past its threshold',
  choices: { integrator: ['exact'] },
  build(choices): NeuronModel {
    return {
      name: 'resonate-and-fire',
      citation: 'Izhikevich (2001), Neural Networks 14:883',
      choices,
      parameters: {
        frequency: { dimension: 'frequency', min: 0, exclusiveMin: true, meaning: 'frequency of the oscillation' },
        tauDecay: { dimension: 'time', min: 0, exclusiveMin: true, meaning: 'time constant with which it dies away' },
        vThreshold: { dimension: 'membrane', meaning: 'a spike is fired above this value of v' },
        vReset: { dimension: 'membrane', default: 0, meaning: 'value of v after a spike; u becomes 0' },
      },
      derived: {
        damping: 'exp(-dt / tauDecay)',
        ...turn(`${2 * Math.PI} * frequency * dt`),
        cosine: `damping * cosine${DOUBLINGS}`,
        sine: `damping * sine${DOUBLINGS}`,
      },
      state: {
        u: { initial: '0', dimension: 'membrane', meaning: 'real part, current-like' },
        v: { initial: '0', dimension: 'membrane', meaning: 'imaginary part, voltage-like' },
      },
      inputs: ['delta'],
      advance: 'let turned = u * cosine - v * sine + delta\nv = u * sine + v * cosine\nu = turned',
      threshold: 'v > vThreshold',
      reset: 'u = 0\nv = vReset',
    };
  },
};
