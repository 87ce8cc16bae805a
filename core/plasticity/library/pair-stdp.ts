/**
 * Pair-based spike-timing-dependent plasticity: a pre spike depresses by the post trace, a post spike potentiates by the pre trace
 * (Bi & Poo, J. Neurosci. 18:10464, 1998; Song, Miller & Abbott, Nature Neurosci. 3:919, 2000).
 * For one pair, Δt = t_post - t_pre:  Δw = aPlus·exp(-Δt/tauPlus) for Δt ≥ 0,  Δw = -aMinus·exp(Δt/tauMinus) for Δt < 0.
 */
import { rule } from '../read-rule.ts';

const traces = {
  x1: { on: 'pre', tau: '20 ms' },
  y1: { on: 'post', tau: '20 ms' },
} as const;

/** Changes do not depend on the weight; hard bounds keep it in range. */
export const pairStdp = rule({
  name: 'pair-stdp',
  summary: 'additive pair STDP with hard bounds',
  citation: 'Song, Miller & Abbott (2000), Nature Neuroscience 3:919',
  parameters: { aPlus: 0.01, aMinus: 0.0105 },
  traces,
  onPre: 'w -= aMinus * y1',
  onPost: 'w += aPlus * x1',
  bounds: [0, 1],
});

/** Changes shrink towards the bounds: potentiation by what is left above, depression by the weight itself (soft bounds). */
export const pairStdpMultiplicative = rule({
  name: 'pair-stdp-multiplicative',
  summary: 'pair STDP with soft bounds',
  citation: 'van Rossum, Bi & Turrigiano (2000), J. Neurosci. 20:8812; Rubin, Lee & Sompolinsky (2001), Phys. Rev. Lett. 86:364',
  parameters: { aPlus: 0.01, aMinus: 0.0105 },
  traces,
  onPre: 'w -= aMinus * w * y1',
  onPost: 'w += aPlus * (1 - w) * x1',
  bounds: [0, 1],
});

/** Only the nearest spike of the other side counts. */
export const pairStdpNearest = rule({
  name: 'pair-stdp-nearest',
  summary: 'additive pair STDP, nearest-spike pairing',
  citation: 'Morrison, Diesmann & Gerstner (2008), Biol. Cybern. 98:459, section 4',
  parameters: { aPlus: 0.01, aMinus: 0.0105 },
  traces: { x1: { ...traces.x1, pairing: 'nearest' }, y1: { ...traces.y1, pairing: 'nearest' } },
  onPre: 'w -= aMinus * y1',
  onPost: 'w += aPlus * x1',
  bounds: [0, 1],
});
