/** Every rule of the library by name. A new rule is a new file and one line here. */
import type { PlasticityRule } from '../rule.ts';
import { dfa } from './dfa.ts';
import { equilibriumPropagation } from './equilibrium-propagation.ts';
import { pairStdp, pairStdpMultiplicative, pairStdpNearest } from './pair-stdp.ts';
import { predictiveCoding, predictiveCodingFeedback } from './predictive-coding.ts';
import { rStdp, rStdpDelayed, rStdpFast } from './r-stdp.ts';
import { tripletStdp } from './triplet-stdp.ts';

export const ruleLibrary: Readonly<Record<string, PlasticityRule>> = Object.fromEntries(
  [
    pairStdp,
    pairStdpMultiplicative,
    pairStdpNearest,
    tripletStdp,
    rStdp,
    rStdpDelayed,
    rStdpFast,
    dfa,
    equilibriumPropagation,
    predictiveCoding,
    predictiveCodingFeedback,
  ].map((rule) => [rule.name, rule]),
);
