/**
 * Predictive coding: every layer predicts the next one, error neurons carry the difference, values move until the errors are small, and a synapse
 * changes by the error it ends on times the activity it starts from (Rao & Ballard, Nature Neurosci. 2:79, 1999; Whittington & Bogacz, Neural
 * Computation 29:1229, 2017; with spikes: Ororbia, Neurocomputing 2023, arXiv:1908.08655).
 *
 * The circuit, per layer: value neurons that send evenly spaced spikes, and an error neuron for each that sends +1 or -1 whenever a quantum of
 * prediction less value has gathered. Errors move their own value directly, and the values below through a projection of their own, the negative
 * transpose of the prediction: it starts so and stays so, because both learn from the same two activities.
 */
import { rule } from '../read-rule.ts';

const citation = 'Rao & Ballard (1999), Nature Neurosci. 2:79; Whittington & Bogacz (2017), Neural Computation 29:1229';

/** Onto error neurons. */
export const predictiveCoding = rule({
  name: 'pc',
  summary: 'predictive coding: prediction error times the pre-synaptic activity',
  citation,
  parameters: { rate: 0.0005 },
  traces: { x1: { on: 'pre' } },
  modulators: { error: { per: 'post', range: 4, meaning: 'prediction less value, signed spikes per tick of the window' } },
  onModulator: 'w -= rate * error * x1',
  bounds: [-1, 1],
});

/** From error neurons back to values: the same product, seen from the other end. A trace of signed spikes gathers half of what they carry. */
export const predictiveCodingFeedback = rule({
  name: 'pc-feedback',
  summary: 'predictive coding, the way back: pre-synaptic error times the activity of the value it moves',
  citation,
  parameters: { rate: 0.00002 },
  traces: { x1: { on: 'pre', graded: 'add' } },
  modulators: { activity: { per: 'post', range: 1, meaning: 'spikes per tick of the value neuron in the window' } },
  onModulator: 'w += rate * activity * x1',
  bounds: [-0.02, 0.02],
});
