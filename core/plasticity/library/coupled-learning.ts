/**
 * Coupled learning, the sibling of equilibrium propagation in passive matter: a network of conductances settles freely, then with its outputs clamped a
 * little nearer to their targets; each conductance changes by the difference of the power that it takes (Stern, Hexner, Rocks & Liu, Phys. Rev. X
 * 11:021045, 2021). The traces stand for the potentials of both ends; there are no neurons.
 */
import { rule } from '../read-rule.ts';

export const coupledLearning = rule({
  name: 'coupled',
  summary: 'coupled learning: the square of the potential difference, free less clamped',
  citation: 'Stern, Hexner, Rocks & Liu (2021), Phys. Rev. X 11:021045',
  parameters: { rate: 0.05 },
  traces: { x1: { on: 'pre' }, y1: { on: 'post' } },
  modulators: { state: { per: 'projection', range: 1, meaning: '1 in the free state, -1 in the clamped one' } },
  onModulator: 'w += rate * state * (x1 - y1) * (x1 - y1)',
  bounds: [0, 10],
});
