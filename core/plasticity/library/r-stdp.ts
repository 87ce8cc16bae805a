/**
 * Reward-modulated STDP: spike pairs leave an eligibility at the synapse, which becomes a weight change when a reward arrives (Izhikevich,
 * Cerebral Cortex 17:2443, 2007; Florian, Neural Computation 19:1468, 2007). The reward is one value per post neuron, so a circuit can gate
 * it to the neurons that acted; it is meant to be reward minus prediction (Frémaux & Gerstner, Front. Neural Circuits 9:85, 2016).
 */
import type { Time } from '../../units.ts';
import { rule } from '../read-rule.ts';
import type { PlasticityRule } from '../rule.ts';

const modulators = { reward: { per: 'post', range: 1, meaning: 'reward minus the reward that was expected' } } as const;

/** Eligibility without decay, for trials that are short and end with a reset. */
export const rStdp = rule({
  name: 'r-stdp',
  summary: 'reward-modulated STDP, eligibility kept to the end of the trial',
  citation: 'Florian (2007), Neural Computation 19:1468; Frémaux & Gerstner (2016), Front. Neural Circuits 9:85',
  parameters: { aPlus: 0.03, rate: 0.018 },
  traces: { x1: { on: 'pre', tau: '33 ms' } },
  variables: { e: { meaning: 'eligibility' } },
  modulators,
  onPost: 'e += aPlus * x1',
  onModulator: 'w += rate * reward * e',
  bounds: [-1, 1],
});

interface PairEligibility {
  readonly name: string;
  readonly summary: string;
  readonly citation?: string;
  /** Of the traces that make pairs. */
  readonly tau: Time;
  /** Of the eligibility. */
  readonly eligibility: Time;
  readonly aMinus?: number;
  readonly rate: number;
}

/** Eligibility from spike pairs, of either order. */
const pairEligibility = ({ name, summary, citation, tau, eligibility, aMinus = 0.3, rate }: PairEligibility): PlasticityRule =>
  rule({
    name,
    summary,
    citation: citation ?? 'Izhikevich (2007), Cerebral Cortex 17:2443',
    parameters: { aPlus: 1, aMinus, rate },
    traces: { x1: { on: 'pre', tau }, y1: { on: 'post', tau } },
    variables: { e: { tau: eligibility, meaning: 'eligibility' } },
    modulators,
    onPre: 'e -= aMinus * y1',
    onPost: 'e += aPlus * x1',
    onModulator: 'w += rate * reward * e',
    bounds: [0, 0.6],
  });

/** For rewards that come late. */
export const rStdpDelayed = pairEligibility({
  name: 'r-stdp-delayed',
  summary: 'reward-modulated STDP for delayed reward',
  tau: '20 ms',
  eligibility: '500 ms',
  rate: 0.01,
});

/** With traces as short as a volley, for answers that depend on when spikes come. */
export const rStdpFast = pairEligibility({
  name: 'r-stdp-fast',
  summary: 'reward-modulated STDP with traces of 10 ms',
  tau: '10 ms',
  eligibility: '500 ms',
  rate: 0.05,
});

const florian = { citation: 'Florian (2007), Neural Computation 19:1468', tau: '20 ms', aMinus: 1 } as const;

/** The pairs of a tick are forgotten by the next, so the reward has to come at once: a signal in every tick, not a prize at the end. */
export const mstdp = pairEligibility({
  ...florian,
  name: 'mstdp',
  summary: 'modulated STDP: reward times the spike pairs of the same tick',
  eligibility: '20 us',
  rate: 0.05,
});

export const mstdpet = pairEligibility({
  ...florian,
  name: 'mstdpet',
  summary: 'modulated STDP with an eligibility trace of 25 ms',
  eligibility: '25 ms',
  rate: 0.05,
});
