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
import type { PlasticityRule } from '../rule.ts';

/** Rules that differ in the way the error comes to a neuron, and not in what its synapses do with it. */
const byError = (name: string, summary: string, citation: string): PlasticityRule =>
  rule({
    name,
    summary,
    citation,
    parameters: { rate: 0.001 },
    traces: { x1: { on: 'pre' } },
    modulators: {
      error: { per: 'post', range: 1.5, meaning: 'projected error per tick of the window, from the compartment of the post neuron' },
    },
    onModulator: 'w += rate * error * x1',
    bounds: [-1, 1],
  });

export const dfa = byError(
  'dfa',
  'direct feedback alignment: a fixed random projection of the error, times the pre-synaptic count',
  'Nøkland (2016), NeurIPS 29:1037; Neftci, Augustine, Paul & Detorakis (2017), Front. Neurosci. 11:324',
);

/** The error comes back from layer to layer, through fixed random weights between neighbours. */
export const feedbackAlignment = byError(
  'fa',
  'feedback alignment: the error of the layer above through fixed random weights, times the pre-synaptic count',
  'Lillicrap, Cownden, Tweed & Akerman (2016), Nature Commun. 7:13276',
);

/** The way back has the signs that the weights have at the start, and one size. */
export const signSymmetric = byError(
  'sign-symmetric',
  'sign-symmetric feedback: the error by way of the signs of the weights, times the pre-synaptic count',
  'Liao, Leibo & Poggio (2016), AAAI 30:1837',
);

/** Hidden neurons are told the label and not the error: nothing has to wait for the output. */
export const targetProjection = byError(
  'drtp',
  'direct random target projection: a fixed random projection of the label, times the pre-synaptic count',
  'Frenkel, Lefebvre & Bol (2021), Front. Neurosci. 15:629892',
);
