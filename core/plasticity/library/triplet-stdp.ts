/**
 * Triplet STDP: potentiation needs a pre spike and an earlier post spike besides the present one, so it grows with the rate (Pfister &
 * Gerstner, J. Neurosci. 26:9673, 2006). Parameters: minimal model, all-to-all, fitted to visual cortex slices (table 4 there).
 */
import { rule } from '../read-rule.ts';

export const tripletStdp = rule({
  name: 'triplet-stdp',
  summary: 'triplet STDP, minimal model of visual cortex',
  citation: 'Pfister & Gerstner (2006), J. Neurosci. 26:9673',
  parameters: { a3Plus: 6.5e-3, a2Minus: 7.1e-3 },
  traces: {
    x1: { on: 'pre', tau: '16.8 ms' },
    y1: { on: 'post', tau: '33.7 ms' },
    y2: { on: 'post', tau: '114 ms' },
  },
  onPre: 'w -= a2Minus * y1',
  onPost: 'w += a3Plus * x1 * y2',
  bounds: [0, 1],
});
