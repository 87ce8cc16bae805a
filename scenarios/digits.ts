/**
 * The shipped experiment: digits, learned by the rule that is named. From reward alone unless another is: generated 8×8 digits, or a folder of MNIST
 * idx files with `--data`.
 */
import type { Scenario } from 'hillock';
import { buildCircuit, circuitRules } from './circuits/circuits.ts';

export const digits: Scenario = {
  name: 'digits',
  summary: 'digits, generated or from a folder, learned from reward alone (R-STDP) or by r-stdp-conv, dfa, ep, pc',
  data: 'images',
  rule: 'r-stdp',
  rules: circuitRules,
  build: (options) =>
    buildCircuit(
      {
        name: 'digits',
        title: options.rule === undefined || options.rule === 'r-stdp' ? 'Digits from reward alone' : `Digits by ${options.rule}`,
        images: options.realImages ? 'handwritten digits' : 'generated 8×8 digits',
        otherwise: 'r-stdp',
      },
      options,
    ),
};
