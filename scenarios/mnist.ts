/** Handwritten digits from a folder of MNIST idx files, by any of the rules that learn images. */
import type { Scenario } from 'hillock';
import { buildCircuit, circuitRules } from './circuits/circuits.ts';

export const mnist: Scenario = {
  name: 'mnist',
  summary: 'handwritten digits from a folder of idx files, by dfa, ep, pc or r-stdp',
  data: 'image-folder',
  rule: 'dfa',
  rules: circuitRules,
  build: (options) =>
    buildCircuit(
      { name: 'mnist', title: `MNIST by ${options.rule ?? 'dfa'}`, images: 'handwritten digits', otherwise: 'dfa' },
      { ...options, realImages: true },
    ),
};
