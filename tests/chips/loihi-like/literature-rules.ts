/** Rules of the literature as their authors would write them in event form, for the deploy check. Traces are 20 ms unless the paper says otherwise. */
import { rule } from '../../../core/plasticity/read-rule.ts';
import type { PlasticityRule } from '../../../core/plasticity/rule.ts';

const x1 = { on: 'pre', tau: '20 ms' } as const;
const y1 = { on: 'post', tau: '20 ms' } as const;
const pair = { x1, y1 } as const;

export const LITERATURE = {
  'additive pair STDP (Song, Miller & Abbott 2000)': rule({
    name: 'additive',
    traces: pair,
    onPre: 'w -= 0.0105 * y1',
    onPost: 'w += 0.01 * x1',
  }),
  'multiplicative STDP (van Rossum, Bi & Turrigiano 2000)': rule({
    name: 'multiplicative',
    traces: pair,
    onPre: 'w -= 0.0105 * w * y1',
    onPost: 'w += 0.01 * (1 - w) * x1',
  }),
  'power-law STDP (Gütig, Aharonov, Rotter & Sompolinsky 2003)': rule({
    name: 'power-law',
    traces: pair,
    parameters: { mu: 0.4 },
    onPre: 'w -= 0.0105 * w^mu * y1',
    onPost: 'w += 0.01 * (1 - w)^mu * x1',
  }),
  'exponential weight dependence (Querlioz et al. 2013)': rule({
    name: 'exponential',
    traces: pair,
    onPre: 'w -= 0.01 * y1',
    onPost: 'w += 0.02 * x1 * exp(-w)',
  }),
  'triplet STDP (Pfister & Gerstner 2006)': rule({
    name: 'triplet',
    traces: { x1: { on: 'pre', tau: '16.8 ms' }, y1: { on: 'post', tau: '33.7 ms' }, y2: { on: 'post', tau: '114 ms' } },
    onPre: 'w -= 0.0071 * y1',
    onPost: 'w += 0.0065 * x1 * y2',
  }),
  'voltage-based STDP (Clopath et al. 2010)': rule({
    name: 'clopath',
    traces: pair,
    onPre: 'w -= 0.001 * max(v_post - 0.2, 0)',
    onPost: 'w += 0.001 * x1 * max(v_post - 0.6, 0)',
  }),
  'BCM with a fixed threshold (Bienenstock, Cooper & Munro 1982)': rule({
    name: 'bcm',
    traces: pair,
    onPost: 'w += 0.001 * x1 * y1 * (y1 - 1.5)',
  }),
  'inhibitory STDP (Vogels et al. 2011)': rule({
    name: 'vogels',
    traces: pair,
    parameters: { eta: 0.01, alpha: 0.2 },
    onPre: 'w += eta * (y1 - alpha)',
    onPost: 'w += eta * x1',
  }),
  'R-STDP with eligibility (Izhikevich 2007)': rule({
    name: 'r-stdp',
    traces: pair,
    variables: { e: { tau: '500 ms' } },
    modulators: { reward: {} },
    onPre: 'e -= 0.3 * y1',
    onPost: 'e += x1',
    onModulator: 'w += 0.01 * reward * e',
  }),
  'Oja on traces (Oja 1982)': rule({
    name: 'oja',
    traces: pair,
    onPost: 'w += 0.01 * y1 * (x1 - y1 * w)',
  }),
  'competitive STDP (Diehl & Cook 2015)': rule({
    name: 'diehl-cook',
    traces: { x1 },
    onPost: 'w += 0.01 * (x1 - 0.4) * (1 - w)^0.2',
  }),
  'slow additive STDP (changes below one step)': rule({
    name: 'slow',
    traces: pair,
    onPre: 'w -= 0.00105 * y1',
    onPost: 'w += 0.001 * x1',
  }),
} as const satisfies Readonly<Record<string, PlasticityRule>>;
