/**
 * A contextual bandit: four contexts, four actions, one of them right in each context, and the reward comes half a second after the action.
 * Only an eligibility trace that outlasts the delay can tell which spikes earned it.
 */
import type { Scenario } from 'hillock';

const CONTEXTS = 4;
const INPUTS_PER_CONTEXT = 10;
const NEURONS_PER_ACTION = 5;

export const rewardChoice: Scenario = {
  name: 'reward-choice',
  summary: 'contextual bandit with a reward that comes 500 ms late',
  data: 'none',
  rule: 'r-stdp-delayed',
  build({ train }) {
    const neurons = CONTEXTS * NEURONS_PER_ACTION;
    return {
      name: 'reward-choice',
      title: 'Choice under delayed reward',
      summary: `${CONTEXTS} contexts, ${CONTEXTS} actions, reward 500 ms after the action`,
      network: {
        dt: '1 ms',
        populations: [
          { name: 'context', size: CONTEXTS * INPUTS_PER_CONTEXT, source: 'poisson' },
          {
            name: 'actions',
            size: neurons,
            model: 'lif',
            tauMem: '20 ms',
            vThreshold: 1,
            spiking: 'escape',
            escapeRate: '100 Hz',
            escapeWidth: 0.2,
            escapeMax: 0.5,
          },
        ],
        projections: [
          {
            name: 'context-actions',
            pre: 'context',
            post: 'actions',
            connect: 'all-to-all',
            weight: { normal: { mean: 0.12, sd: 0.03, low: 0, high: 0.6 } },
            delay: '1 ms',
          },
          { name: 'actions-actions', pre: 'actions', post: 'actions', connect: betweenPools(neurons), weight: -2, delay: '1 ms' },
        ],
      },
      task: {
        kind: 'contextual-bandit',
        input: 'context',
        answer: 'actions',
        plastic: 'context-actions',
        modulator: 'reward',
        contexts: CONTEXTS,
        actions: CONTEXTS,
        trials: train ?? 1500,
        scoredTrials: Math.min(300, train ?? 300),
        trialTicks: 150,
        rewardDelayTicks: 500,
        rateOn: 50,
        rateOff: 2,
        expectationRate: 0.1,
      },
    };
  },
};

/** Every neuron inhibits all neurons of the other pools. */
function betweenPools(neurons: number): { kind: 'explicit'; sources: number[]; targets: number[] } {
  const sources: number[] = [];
  const targets: number[] = [];
  const poolOf = (neuron: number): number => Math.floor(neuron / NEURONS_PER_ACTION);
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < neurons; j++) {
      if (poolOf(i) === poolOf(j)) continue;
      sources.push(i);
      targets.push(j);
    }
  }
  return { kind: 'explicit', sources, targets };
}
