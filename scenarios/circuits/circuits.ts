/** The circuits that learn images, by the rule they are made for. */
import type { Scenario, ScenarioOptions } from 'hillock';
import type { Circuit } from './circuit.ts';
import { convolutionalRewardCircuit } from './convolutional-reward.ts';
import { dfaCircuit, feedbackAlignmentCircuit, signSymmetricCircuit, targetProjectionCircuit } from './dfa.ts';
import { continualEquilibriumCircuit, equilibriumPropagationCircuit } from './equilibrium-propagation.ts';
import { predictiveCodingCircuit } from './predictive-coding.ts';
import { rewardCircuit } from './reward.ts';

const circuits: Readonly<Record<string, Circuit>> = {
  'r-stdp': rewardCircuit,
  'r-stdp-conv': convolutionalRewardCircuit,
  dfa: dfaCircuit,
  fa: feedbackAlignmentCircuit,
  'sign-symmetric': signSymmetricCircuit,
  drtp: targetProjectionCircuit,
  ep: equilibriumPropagationCircuit,
  'c-ep': continualEquilibriumCircuit,
  pc: predictiveCodingCircuit,
};

/** Rules with a circuit of their own. */
export const circuitRules: readonly string[] = Object.keys(circuits);

/** Those that need no pictures: a convolution means nothing where neighbours are not near each other. */
export const eventRules: readonly string[] = circuitRules.filter((rule) => rule !== 'r-stdp-conv');

/** @param name of the scenario; a rule without a circuit of its own runs in that of `otherwise` */
export function buildCircuit(
  {
    name,
    title,
    images,
    otherwise,
  }: { readonly name: string; readonly title: string; readonly images: string; readonly otherwise: string },
  options: ScenarioOptions,
): ReturnType<Scenario['build']> {
  const circuit = circuits[options.rule ?? otherwise] ?? circuits[otherwise];
  const { summary, network, task } = circuit(options);
  return { name, title, summary: `${images}, ${summary}`, network, task };
}

/** A scenario over a folder of samples, run with any rule that has a circuit. @param holds what has to be in the folder, for messages */
export function folderScenario(
  name: string,
  {
    summary,
    holds,
    title,
    images,
    rules = circuitRules,
  }: Pick<Scenario, 'summary'> & {
    readonly holds: string;
    readonly title: string;
    readonly images: string;
    readonly rules?: readonly string[];
  },
): Scenario {
  const rule = 'dfa';
  return {
    name,
    summary,
    data: 'folder',
    holds,
    rule,
    rules,
    build: (options) =>
      buildCircuit({ name, title: `${title} by ${options.rule ?? rule}`, images, otherwise: rule }, { ...options, realImages: true }),
  };
}
