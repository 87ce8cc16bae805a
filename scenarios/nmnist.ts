/** Digits seen by an event camera that moves over them, from a folder in the layout of N-MNIST: events at their times, two polarities. */
import type { Scenario } from 'hillock';
import { buildCircuit, circuitRules } from './circuits/circuits.ts';

export const nmnist: Scenario = {
  name: 'nmnist',
  summary: 'digits seen by an event camera, by dfa or r-stdp on its events, or by ep or pc on their counts',
  data: 'image-folder',
  rule: 'dfa',
  rules: circuitRules,
  build: (options) =>
    buildCircuit(
      { name: 'nmnist', title: `N-MNIST by ${options.rule ?? 'dfa'}`, images: 'digits of an event camera', otherwise: 'dfa' },
      { ...options, realImages: true },
    ),
};
