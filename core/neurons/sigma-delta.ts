/**
 * Sigma-delta neuron (O'Connor & Welling, Sigma delta quantized networks, ICLR 2017; Lava, SigmaDelta): it sums what it receives, applies its activation,
 * and sends the difference to what it has sent so far as soon as that reaches the threshold. Its spikes are graded. A receiver that sums them is never
 * off by the threshold or more, and a value that does not change costs nothing.
 */
import type { NeuronModel, NeuronModelFamily } from './model.ts';

export const sigmaDelta: NeuronModelFamily = {
  name: 'sigma-delta',
  summary: 'sends changes of its activation as graded spikes',
  choices: { activation: ['relu', 'none'] },
  build(choices): NeuronModel {
    const activation = choices.activation === 'relu' ? 'max(sigma + bias, 0)' : '(sigma + bias)';
    return {
      name: 'sigma-delta',
      citation: "O'Connor & Welling (2017), Sigma delta quantized networks, ICLR",
      choices,
      parameters: {
        vThreshold: { dimension: 'membrane', min: 0, exclusiveMin: true, meaning: 'smallest change that is sent' },
        bias: { dimension: 'membrane', default: 0, meaning: 'added to the sum before the activation' },
      },
      derived: {},
      state: {
        sigma: { initial: '0', dimension: 'membrane', meaning: 'sum of everything received' },
        sent: { initial: '0', dimension: 'membrane', meaning: 'sum of everything sent' },
      },
      inputs: ['delta'],
      advance: 'sigma += delta',
      threshold: `abs(${activation} - sent) >= vThreshold`,
      reset: `sent = ${activation}`,
      payload: `${activation} - sent`,
    };
  },
};
