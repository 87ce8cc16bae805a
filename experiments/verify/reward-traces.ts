/**
 * Rules whose eligibility comes from spike pairs, against the equations they are published as (Florian, Neural Computation 19:1468, 2007, section 3.2),
 * tick by tick: P± decay and rise at spikes, ζ = A₊·P₊ at a post spike and A₋·P₋ at a pre spike, the eligibility z ← β·z + ζ, and the weight moves by
 * γ·r·z with a reward in every tick.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { streamOf, uniformAt } from '../../core/random.ts';
import { relativeError } from '../teacher/matrix.ts';
import type { Train } from './forced-spikes.ts';
import { forcedSpikes, PLASTIC } from './forced-spikes.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

const [SYNAPSES, TICKS] = [12, 200];
const STREAM = streamOf('verify/reward-traces');

export function verifyRewardTraces(rule: PlasticityRule): Verdict[] {
  const trains = (side: number): Train[] =>
    Array.from({ length: SYNAPSES }, (_, k) =>
      Array.from({ length: TICKS - 2 }, (_, n) => n + 2).filter((tick) => uniformAt(1, STREAM, k, tick, side) < 0.1),
    );
  const [pre, post] = [trains(0), trains(1)];
  const reward = (tick: number, k: number): number => 2 * uniformAt(1, STREAM, k, tick, 2) - 1;
  const open = { ...rule, bounds: [-100, 100] as const };
  const simulation = forcedSpikes(open, pre, post, { connect: 'one-to-one', weight: 0 });
  for (let tick = 1; tick <= TICKS; tick++) {
    simulation.run(1);
    simulation.modulate(PLASTIC, { reward: Float64Array.from({ length: SYNAPSES }, (_, k) => reward(tick, k)) });
  }
  const expected = Float64Array.from({ length: SYNAPSES }, (_, k) =>
    byEquations(rule, new Set(pre[k]), new Set(post[k]), (tick) => reward(tick, k)),
  );
  return [
    verdict({
      subject: rule.name,
      name: 'recursion',
      what: `relative difference from the published equations after ${TICKS} ticks of random spikes with a random reward in each`,
      value: relativeError([simulation.weights(PLASTIC)], [expected]),
      bar: { atMost: 1e-12 },
      source: 'Florian (2007), Neural Computation 19:1468',
    }),
  ];
}

/** The weight of one synapse at the end, from 0. */
function byEquations(
  { parameters: { aPlus, aMinus, rate }, traces, variables }: PlasticityRule,
  pre: ReadonlySet<number>,
  post: ReadonlySet<number>,
  reward: (tick: number) => number,
): number {
  const decay = (tau: number): number => Math.exp(-0.001 / tau);
  let [plus, minus, z, w] = [0, 0, 0, 0];
  for (let tick = 1; tick <= TICKS; tick++) {
    plus *= decay(traces.x1.tau);
    minus *= decay(traces.y1.tau);
    z *= decay(variables.e.tau ?? Number.POSITIVE_INFINITY);
    // in a tick the pre spike comes first
    if (pre.has(tick)) {
      z -= aMinus * minus;
      plus += 1;
    }
    if (post.has(tick)) {
      z += aPlus * plus;
      minus += 1;
    }
    w += rate * reward(tick) * z;
  }
  return w;
}
