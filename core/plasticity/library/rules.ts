/** Every rule of the library by name. A new rule is a new file and one line here. */
import type { PlasticityRule } from '../rule.ts';
import { convolutionalRStdp, convolutionalStdp } from './convolution.ts';
import { coupledLearning } from './coupled-learning.ts';
import { dfa, feedbackAlignment, signSymmetric, targetProjection } from './dfa.ts';
import { continualEquilibrium, equilibriumPropagation } from './equilibrium-propagation.ts';
import { pairStdp, pairStdpMultiplicative, pairStdpNearest } from './pair-stdp.ts';
import { predictiveCoding, predictiveCodingFeedback } from './predictive-coding.ts';
import { mstdp, mstdpet, rStdp, rStdpDelayed, rStdpFast } from './r-stdp.ts';
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
    mstdp,
    mstdpet,
    convolutionalRStdp,
    convolutionalStdp,
    dfa,
    feedbackAlignment,
    signSymmetric,
    targetProjection,
    equilibriumPropagation,
    continualEquilibrium,
    coupledLearning,
    predictiveCoding,
    predictiveCodingFeedback,
  ].map((rule) => [rule.name, rule]),
);
