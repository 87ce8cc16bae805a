/**
 * Reward-modulated STDP as a policy gradient (Williams, Machine Learning 8:229, 1992; Florian, Neural Computation 19:1468, 2007; Frémaux, Sprekeler
 * & Gerstner, J. Neurosci. 30:13326, 2010). One neuron, six bins, two inputs with fixed spikes; it fires in a bin with probability σ(w·x1 - θ), and is
 * rewarded if it fired at least twice. The mean change that the rule makes is the gradient of the mean reward, if the reward that was expected is taken
 * off; without that it is biased. The rule runs in the kernel: a trial is a post neuron that fires when it is told to, with a third factor of its own.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { exp } from '../../core/program/elementary.ts';
import { streamOf, uniformAt } from '../../core/random.ts';
import { sigmoid } from '../teacher/activations.ts';
import { finiteDifferences } from '../teacher/gradient-check.ts';
import { cosine, relativeError } from '../teacher/matrix.ts';
import { axis, curve } from './curve.ts';
import type { Train } from './forced-spikes.ts';
import { forcedSpikes, PLASTIC } from './forced-spikes.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

const BINS = 6;
/** Tick of the first bin. */
const FIRST = 3;
/** Bins in which each input spikes. */
const INPUTS: readonly (readonly number[])[] = [
  [0, 1, 4],
  [2, 3],
];
const WEIGHTS = [0.9, -0.6];
const THETA = 1.2;
const REWARDED_FROM = 2;
const TRIALS = 100_000;
const SHOWN_TRIALS = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000, TRIALS];
const SOURCE = 'Frémaux, Sprekeler & Gerstner (2010), J. Neurosci. 30:13326';

const popcount = (pattern: number): number => {
  let count = 0;
  for (let bin = 0; bin < BINS; bin++) count += (pattern >> bin) & 1;
  return count;
};
const rewardOf = (pattern: number): number => (popcount(pattern) >= REWARDED_FROM ? 1 : 0);
const PATTERNS = Array.from({ length: 1 << BINS }, (_, pattern) => pattern);

/** [bin][input] the pre trace as a post spike in that bin sees it, in closed form. */
function tracesOf({ traces }: PlasticityRule): number[][] {
  const decay = exp(-0.001 / traces.x1.tau);
  return Array.from({ length: BINS }, (_, bin) =>
    INPUTS.map((bins) => bins.filter((spike) => spike <= bin).reduce((sum, spike) => sum + traces.x1.impulse * decay ** (bin - spike), 0)),
  );
}

const firingAt = (x: readonly number[], w: ArrayLike<number>): number => sigmoid(x[0] * w[0] + x[1] * w[1] - THETA);

/** Probability of each pattern of spikes. */
function probabilities(traces: readonly (readonly number[])[], w: ArrayLike<number>): number[] {
  return PATTERNS.map((pattern) =>
    traces.reduce((product, x, bin) => {
      const p = firingAt(x, w);
      return product * ((pattern >> bin) & 1 ? p : 1 - p);
    }, 1),
  );
}

const expectedReward = (p: readonly number[]): number => PATTERNS.reduce((sum, pattern) => sum + p[pattern] * rewardOf(pattern), 0);

/** [input][trial] weight change of every trial, by the kernel. */
function changesOf(rule: PlasticityRule, patterns: ArrayLike<number>, reward: (pattern: number) => number): Float64Array[] {
  const pre: Train[] = INPUTS.map((bins) => bins.map((bin) => FIRST + bin));
  const post: Train[] = Array.from(patterns, (pattern) =>
    Array.from({ length: BINS }, (_, bin) => bin)
      .filter((bin) => (pattern >> bin) & 1)
      .map((bin) => FIRST + bin),
  );
  const simulation = forcedSpikes(rule, pre, post, { connect: 'all-to-all', weight: 0 });
  simulation.run(FIRST + BINS);
  simulation.modulate(PLASTIC, { reward: Float64Array.from(patterns, reward) });
  const weights = simulation.weights(PLASTIC);
  return INPUTS.map((_, i) => weights.slice(i * post.length, (i + 1) * post.length));
}

export function verifyPolicyGradient(rule: PlasticityRule): Verdict[] {
  const traces = tracesOf(rule);
  const w = Float64Array.from(WEIGHTS);
  const p = probabilities(traces, w);
  const expected = expectedReward(p);
  const [gradient] = finiteDifferences([w], () => expectedReward(probabilities(traces, w)));
  const scale = rule.parameters.rate * rule.parameters.aPlus;
  const inExpectation = (baseline: number): Float64Array =>
    Float64Array.from(
      changesOf(rule, PATTERNS, (pattern) => rewardOf(pattern) - baseline),
      (changes) => changes.reduce((sum, change, pattern) => sum + (p[pattern] * change) / scale, 0),
    );
  const stream = streamOf('verify/policy-gradient');
  const drawn = Int32Array.from({ length: TRIALS }, (_, trial) =>
    traces.reduce((pattern, x, bin) => pattern | (uniformAt(1, stream, trial, bin) < firingAt(x, w) ? 1 << bin : 0), 0),
  );
  /** [input] mean change over the first so many trials, over the learning rate. */
  const meanOver = (changes: readonly Float64Array[], trials: number): Float64Array =>
    Float64Array.from(changes, (one) => one.subarray(0, trials).reduce((sum, change) => sum + change / scale / trials, 0));
  const sampled = changesOf(rule, drawn, (pattern) => rewardOf(pattern) - expected);
  const ofPatterns = changesOf(rule, PATTERNS, rewardOf);
  const unbaselined = ofPatterns.map((changes) => Float64Array.from(drawn, (pattern) => changes[pattern]));
  const off = (changes: readonly Float64Array[]): number[] =>
    SHOWN_TRIALS.map((trials) => relativeError([meanOver(changes, trials)], [gradient]));
  const subject = rule.name;
  return [
    verdict({
      subject,
      name: 'policy gradient',
      what: `relative difference of the mean change, over all ${PATTERNS.length} outcomes, from the gradient of the mean reward`,
      value: relativeError([inExpectation(expected)], [gradient]),
      bar: { atMost: 1e-8 },
      source: SOURCE,
    }),
    verdict({
      subject,
      name: 'policy gradient, sampled',
      what: `cosine of the mean change over ${TRIALS} trials with the gradient of the mean reward`,
      value: cosine([meanOver(sampled, TRIALS)], [gradient]),
      bar: { atLeast: 0.99 },
      source: SOURCE,
      curves: [
        curve({
          kind: 'convergence',
          title: 'mean change against the policy gradient',
          x: axis('trials', '', 'logarithmic'),
          y: axis('difference, relative', '', 'logarithmic'),
          lines: [
            { label: 'expected reward taken off', style: 'line', x: SHOWN_TRIALS, y: off(sampled) },
            { label: 'not taken off', style: 'line', x: SHOWN_TRIALS, y: off(unbaselined) },
          ],
        }),
      ],
    }),
    verdict({
      subject,
      name: 'bias without baseline',
      what: 'relative difference from the gradient where the expected reward is not taken off: it has to be seen',
      value: relativeError([inExpectation(0)], [gradient]),
      bar: { atLeast: 0.5 },
      source: SOURCE,
    }),
  ];
}
