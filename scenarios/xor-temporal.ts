/**
 * Exclusive or in time: two lines, each with a volley of spikes early or late; the answer is 1 when the two differ. The same spikes come from both lines
 * in every case, so only their times can tell. Hidden neurons hear the lines through delays and fire when two volleys meet; R-STDP learns which of them
 * speak for which answer.
 */
import type { Scenario, SpikePattern } from 'hillock';
import { choosers, rivalry } from './circuits/choosing-pools.ts';

const PER_LINE = 10;
const HIDDEN = 40;
const PER_ANSWER = 5;
const ANSWERS = 2 * PER_ANSWER;
/** Ticks of an early and of a late volley, and how much longer a long delay is: as much as the volleys are apart. */
const [EARLY, LATE] = [5, 25];
const LONG = LATE - EARLY;

/** The four cases, with a spike for each neuron of both lines. */
const patternsOf = (): SpikePattern[] =>
  [EARLY, LATE].flatMap((first) =>
    [EARLY, LATE].map((second) => ({
      ticks: [...new Array<number>(PER_LINE).fill(first), ...new Array<number>(PER_LINE).fill(second)],
      right: first === second ? 0 : 1,
    })),
  );

/** Every hidden neuron hears each line early or late; all four ways are equally common. */
const delaysOf = (): string[] =>
  Array.from({ length: 2 * PER_LINE }, (_, input) => {
    const line = Math.floor(input / PER_LINE);
    return Array.from({ length: HIDDEN }, (_hidden, j) => `${1 + LONG * ((j >> line) & 1)} ms`);
  }).flat();

export const xorTemporal: Scenario = {
  name: 'xor-temporal',
  summary: 'exclusive or of two volley times, learned from reward',
  data: 'none',
  rule: 'r-stdp-fast',
  build: ({ train }) => ({
    name: 'xor-temporal',
    title: 'Exclusive or in time',
    summary: `two lines of ${PER_LINE} inputs, ${HIDDEN} coincidence detectors, two pools of ${PER_ANSWER} that answer`,
    network: {
      dt: '1 ms',
      populations: [
        { name: 'lines', size: 2 * PER_LINE, source: 'played', room: 2 * PER_LINE },
        { name: 'hidden', size: HIDDEN, model: 'lif', tauMem: '4 ms', vThreshold: 1 },
        choosers('answers', ANSWERS),
      ],
      projections: [
        // one volley is three quarters of a threshold, two that meet are one and a half
        { name: 'lines-hidden', pre: 'lines', post: 'hidden', connect: 'all-to-all', weight: 0.75 / PER_LINE, delay: delaysOf() },
        {
          name: 'hidden-answers',
          pre: 'hidden',
          post: 'answers',
          connect: 'all-to-all',
          weight: { normal: { mean: 0.12, sd: 0.03, low: 0, high: 0.6 } },
          delay: '1 ms',
        },
        rivalry('answers', ANSWERS, PER_ANSWER),
      ],
    },
    task: {
      kind: 'contextual-bandit',
      input: 'lines',
      answer: 'answers',
      plastic: 'hidden-answers',
      modulator: 'reward',
      contexts: 4,
      actions: 2,
      trials: train ?? 1500,
      scoredTrials: Math.min(300, train ?? 300),
      trialTicks: 70,
      rewardDelayTicks: 0,
      patterns: patternsOf(),
      expectationRate: 0.05,
      expectation: 'global',
    },
  }),
};
