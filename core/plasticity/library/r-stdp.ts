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

/** Eligibility that decays over half a second, from spike pairs within `tau`. */
const delayed = (name: string, summary: string, tau: Time, rate: number): PlasticityRule =>
  rule({
    name,
    summary,
    citation: 'Izhikevich (2007), Cerebral Cortex 17:2443',
    parameters: { aPlus: 1, aMinus: 0.3, rate },
    traces: { x1: { on: 'pre', tau }, y1: { on: 'post', tau } },
    variables: { e: { tau: '500 ms', meaning: 'eligibility' } },
    modulators,
    onPre: 'e -= aMinus * y1',
    onPost: 'e += aPlus * x1',
    onModulator: 'w += rate * reward * e',
    bounds: [0, 0.6],
  });

/** For rewards that come late. */
export const rStdpDelayed = delayed('r-stdp-delayed', 'reward-modulated STDP for delayed reward', '20 ms', 0.01);

/** With traces as short as a volley, for answers that depend on when spikes come. */
export const rStdpFast = delayed('r-stdp-fast', 'reward-modulated STDP with traces of 10 ms', '10 ms', 0.05);
