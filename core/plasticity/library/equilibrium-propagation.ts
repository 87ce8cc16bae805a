/**
 * Equilibrium propagation: the network settles freely, then twice more with its output nudged towards and away from the target; a synapse changes
 * by the difference of the products of its two neurons' activities (Scellier & Bengio, Front. Comput. Neurosci. 11:24, 2017; centred estimate:
 * Laborieux et al., Front. Neurosci. 15:633674, 2021; with spikes: Martin et al., iScience 24:102222, 2021).
 *
 * The circuit: symmetric weights, here two projections that start as each other's transpose and stay so, because the update is symmetric; a clock
 * for the phases; a copy of every neuron's state at the end of the free phase. Traces begin again with each window.
 */
import { rule } from '../read-rule.ts';

export const equilibriumPropagation = rule({
  name: 'ep',
  summary: 'equilibrium propagation, centred: the product of both activities in the one nudged phase less that in the other',
  citation: 'Scellier & Bengio (2017), Front. Comput. Neurosci. 11:24; Laborieux et al. (2021), Front. Neurosci. 15:633674',
  parameters: { rate: 0.005 },
  traces: { x1: { on: 'pre' } },
  variables: { e: { range: 32, meaning: 'product of the activities, phase by phase with its sign; windows of up to 32 ticks' } },
  modulators: {
    phase: { per: 'post', range: 1, meaning: 'sign of the phase times the activity of the post neuron in the window, spikes per tick' },
    commit: { per: 'post', range: 1, meaning: 'end of the last phase' },
  },
  onModulator: `e += phase * x1
w += rate * commit * e`,
  bounds: [-1, 1],
});

/**
 * The same while the nudged network settles, with nothing to keep but one product per synapse: every so often it looks at the activities of both ends and
 * changes by how much their product has grown since it last looked (Ernoult, Grollier, Querlioz, Bengio & Scellier, arXiv:2005.04168, 2020). With a
 * modulator of 0 it only looks, as at the end of the free phase.
 */
export const continualEquilibrium = rule({
  name: 'c-ep',
  summary: 'continual equilibrium propagation: the growth of the product of both activities, look by look',
  citation: 'Ernoult, Grollier, Querlioz, Bengio & Scellier (2020), arXiv:2005.04168',
  parameters: { rate: 0.005 },
  traces: { x1: { on: 'pre' }, y1: { on: 'post' } },
  variables: { e: { range: 2048, meaning: 'product of the activities at the last look; looks of up to 45 ticks' } },
  modulators: { nudge: { per: 'projection', range: 1, meaning: 'sign of the nudging while it lasts; 0 to look and not to learn' } },
  onModulator: `w += rate * nudge * (x1 * y1 - e)
e = x1 * y1`,
  bounds: [-1, 1],
});
