/** Every neuron model by name. A new model is a new file and one line here. */
import { adaptiveLif } from './adaptive-lif.ts';
import { cubalif } from './cubalif.ts';
import { izhikevich } from './izhikevich.ts';
import { lif } from './lif.ts';
import type { NeuronModelFamily } from './model.ts';
import { rateIf } from './rate-if.ts';
import { resonateAndFire } from './resonate-and-fire.ts';
import { sigmaDelta } from './sigma-delta.ts';
import { ternaryLif } from './ternary-lif.ts';

export const neuronFamilies = {
  lif,
  cubalif,
  'adaptive-lif': adaptiveLif,
  'ternary-lif': ternaryLif,
  'rate-if': rateIf,
  'resonate-and-fire': resonateAndFire,
  'sigma-delta': sigmaDelta,
  izhikevich,
} as const satisfies Record<string, NeuronModelFamily>;

export type NeuronModelName = keyof typeof neuronFamilies;
