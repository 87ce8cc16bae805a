/**
 * A contextual bandit: four contexts, four actions, one of them right in each context, and the reward comes half a second after the action.
 * Only an eligibility trace that outlasts the delay can tell which spikes earned it.
 */
import type { Scenario } from 'hillock';
import { choosers, rivalry } from './circuits/choosing-pools.ts';

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
        populations: [{ name: 'context', size: CONTEXTS * INPUTS_PER_CONTEXT, source: 'poisson' }, choosers('actions', neurons)],
        projections: [
          {
            name: 'context-actions',
            pre: 'context',
            post: 'actions',
            connect: 'all-to-all',
            weight: { normal: { mean: 0.12, sd: 0.03, low: 0, high: 0.6 } },
            delay: '1 ms',
          },
          rivalry('actions', neurons, NEURONS_PER_ACTION),
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
