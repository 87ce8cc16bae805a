/** Spoken digits from a folder in the layout of the Free Spoken Digit Dataset, through a bank of gammatone filters. */
import type { Scenario } from 'hillock';
import { buildCircuit, circuitRules } from './circuits/circuits.ts';

export const spokenDigits: Scenario = {
  name: 'spoken-digits',
  summary: 'spoken digits through a model of the cochlea, by dfa, ep, pc or r-stdp',
  data: 'image-folder',
  rule: 'dfa',
  rules: circuitRules,
  build: (options) =>
    buildCircuit(
      {
        name: 'spoken-digits',
        title: `Spoken digits by ${options.rule ?? 'dfa'}`,
        images: 'cochleagrams of spoken digits',
        otherwise: 'dfa',
      },
      { ...options, realImages: true },
    ),
};
