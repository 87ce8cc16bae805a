/** Digits seen by an event camera that moves over them, from a folder in the layout of N-MNIST: events at their times, two polarities. */
import type { Scenario } from 'hillock';
import { buildCircuit, circuitRules } from './circuits/circuits.ts';

export const nmnist: Scenario = {
  name: 'nmnist',
  summary: 'digits seen by an event camera, by dfa on its events, or by ep or pc on their counts',
  data: 'image-folder',
  rule: 'dfa',
  // reward alone learned nothing from 503 recordings
  rules: circuitRules.filter((rule) => rule !== 'r-stdp'),
  build: (options) =>
    buildCircuit(
      { name: 'nmnist', title: `N-MNIST by ${options.rule ?? 'dfa'}`, images: 'digits of an event camera', otherwise: 'dfa' },
      { ...options, realImages: true },
    ),
};
