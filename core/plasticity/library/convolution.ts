/**
 * The two rules of a convolutional network that learns from a reward (Mozafari, Ganjtabesh, Nowzari-Dalini, Thorpe & Masquelier, Pattern Recognition
 * 94:87, 2019). At most one spike per neuron: a trace that is set to 1 and stays tells whether an input has spiked by the time its neuron did.
 *
 * The circuit: a kernel is one plastic projection, from a patch of inputs to all features. Wherever in the image a feature has won, what it saw there
 * is played into that one projection, and a signal to the winner alone lets its synapses learn.
 */
import { rule } from '../read-rule.ts';

const citation = 'Mozafari, Ganjtabesh, Nowzari-Dalini, Thorpe & Masquelier (2019), Pattern Recognition 94:87';

/** For the stages that nobody rewards: features of what is common. */
export const convolutionalStdp = rule({
  name: 'stdp-conv',
  summary: 'STDP of the winner: up where the input spiked by then, down elsewhere, slower near both bounds',
  citation: `${citation}; Masquelier & Thorpe (2007), PLoS Comput. Biol. 3:e31`,
  parameters: { aPlus: 1, aMinus: 0.75 },
  traces: { x1: { on: 'pre', pairing: 'nearest' } },
  modulators: { win: { per: 'post', range: 0.15, meaning: 'learning rate for the neuron that has won the patch, 0 for the others' } },
  onModulator: 'w += win * ((aPlus + aMinus) * x1 - aMinus) * w * (1 - w)',
  bounds: [0, 1],
});

/** For the stage that answers: the same up and down after a reward, and its mirror image after none. */
export const convolutionalRStdp = rule({
  name: 'r-stdp-conv',
  summary: 'reward-modulated STDP of the winner: up where the input spiked, down by half of it elsewhere, times reward minus expectation',
  citation,
  parameters: { rate: 0.0078 },
  traces: { x1: { on: 'pre', pairing: 'nearest' } },
  modulators: { reward: { per: 'post', range: 1, meaning: 'reward minus the reward that was expected, for the neuron that answered' } },
  onModulator: 'w += rate * reward * (3 * sign(x1) - 1)',
  bounds: [0, 1],
});
