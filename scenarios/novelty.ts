/**
 * What does not fit: digits learned without labels by predictive coding, one of the ten held out. How many error spikes an image causes tells whether the
 * network has seen its like; with the latent values held by hand it dreams. Which digit is held out goes by the seed, so ten seeds hold out each once.
 */
import type { Scenario } from 'hillock';
import { generativeCodingCircuit } from './circuits/generative-coding.ts';

export const novelty: Scenario = {
  name: 'novelty',
  summary: 'digits predicted without labels (pc), error spikes as the score of a digit that was held out',
  data: 'images',
  rule: 'pc',
  build: (options) => ({
    name: 'novelty',
    title: 'Novelty by prediction error',
    ...generativeCodingCircuit(options),
  }),
};
