/** Every proof of a rule: those that any rule has to pass, and those of what it claims to compute. A new proof is a new file and one line here. */
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { verifyCoupledLearning } from './coupled-learning.ts';
import { verifyContinualEquilibrium, verifyEquilibrium } from './equilibrium.ts';
import { verifyContinualTraining, verifyEquilibriumTraining } from './equilibrium-training.ts';
import { verifyFeedbackAlignment, WAYS_BACK } from './feedback-alignment.ts';
import { verifyKernel } from './kernel.ts';
import { verifyLocality } from './locality.ts';
import { verifyNovelty } from './novelty.ts';
import { verifyPolicyGradient } from './policy-gradient.ts';
import { verifyPredictiveCoding, verifyPredictiveCodingFeedback } from './predictive-coding.ts';
import { verifyPredictiveCodingTraining } from './predictive-coding-training.ts';
import { verifyRewardTraces } from './reward-traces.ts';
import { verifySpikingEquilibrium } from './spiking-equilibrium.ts';
import { TEACHER, verifyTeacher } from './teacher.ts';
import { verifyTraces, verifyWindow } from './traces.ts';
import type { Verdict } from './verdict.ts';

const OF_EVERY_RULE = [verifyLocality, verifyTraces, verifyWindow, verifyKernel];

/** By the name of the rule. */
const CLAIMS: Readonly<Record<string, (rule: PlasticityRule) => Verdict[]>> = {
  'r-stdp': verifyPolicyGradient,
  'r-stdp-delayed': verifyRewardTraces,
  'r-stdp-fast': verifyRewardTraces,
  mstdp: verifyRewardTraces,
  mstdpet: verifyRewardTraces,
  'c-ep': (rule) => [...verifyContinualEquilibrium(rule), ...verifyContinualTraining(rule)],
  coupled: verifyCoupledLearning,
  ...Object.fromEntries(Object.keys(WAYS_BACK).map((name) => [name, verifyFeedbackAlignment])),
  ep: (rule) => [...verifyEquilibrium(rule), ...verifySpikingEquilibrium(rule), ...verifyEquilibriumTraining(rule)],
  pc: (rule) => [...verifyPredictiveCoding(rule), ...verifyPredictiveCodingTraining(rule), ...verifyNovelty(rule)],
  'pc-feedback': (rule) => verifyPredictiveCodingFeedback(rule, ruleLibrary.pc),
};

/** All checks of one rule. */
export const verifyRule = (rule: PlasticityRule): Verdict[] => [
  ...OF_EVERY_RULE.flatMap((check) => check(rule)),
  ...(CLAIMS[rule.name]?.(rule) ?? []),
];

/** What can be verified, by name: the rules of the library and the teacher they are measured against. */
export const SUBJECTS: Readonly<Record<string, () => Verdict[]>> = {
  ...Object.fromEntries(Object.values(ruleLibrary).map((rule) => [rule.name, () => verifyRule(rule)])),
  [TEACHER]: verifyTeacher,
};
