/**
 * Direct feedback alignment: the output's error reaches every hidden layer through a fixed random projection, not through the transpose of the
 * weights (Nøkland, NeurIPS 2016; with spikes: Neftci, Augustine, Paul & Detorakis, Front. Neurosci. 11:324, 2017).
 *
 * The circuit beside the network: a neuron per class that sends the label; error neurons that integrate label spikes less output spikes and send
 * +1 or -1 whenever a quantum has gathered; a fixed random projection from them to one compartment per hidden neuron, and one to one to a
 * compartment per output. At the end of a window a compartment holds the third factor of its neuron, which counts only while the neuron could follow
 * (it spiked, and not in every tick: the surrogate of the activation's derivative).
 */
import { rule } from '../read-rule.ts';

export const dfa = rule({
  name: 'dfa',
  summary: 'direct feedback alignment: a fixed random projection of the error, times the pre-synaptic count',
  citation: 'Nøkland (2016), NeurIPS 29:1037; Neftci, Augustine, Paul & Detorakis (2017), Front. Neurosci. 11:324',
  parameters: { rate: 0.001 },
  traces: { x1: { on: 'pre' } },
  modulators: {
    error: { per: 'post', range: 1, meaning: 'projected error per tick of the window, from the compartment of the post neuron' },
  },
  onModulator: 'w += rate * error * x1',
  bounds: [-1, 1],
});
