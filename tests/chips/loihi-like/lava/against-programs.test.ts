/**
 * The reference against the chip's lowered programs, on rules and spikes drawn at random: two independent ways to the same integers. Draws are
 * constants, so that nothing depends on who asks first.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lavaReference } from '../../../../chips/loihi-like/lava/reference.ts';
import type { LavaRuleParameters } from '../../../../chips/loihi-like/lava/rule-set.ts';
import type { SignMode } from '../../../../chips/loihi-like/weights.ts';
import { truncateWeight } from '../../../../chips/loihi-like/weights.ts';
import { integerAt, uniformAt } from '../../../../core/random.ts';
import { lavaLearning } from '../../../support/lava-order.ts';
import { loweredRule } from '../../../support/loihi-recordings.ts';

const [N_PRE, N_POST, TICKS] = [3, 4, 40];

/** A source of choices, one per seed. */
function chooser(seed: number) {
  let event = 0;
  const below = (n: number): number => integerAt(seed, 1, 0, event++, n);
  return {
    below,
    pick: <T>(list: readonly T[]): T => list[below(list.length)],
    chance: (p: number): boolean => uniformAt(seed, 2, 0, event++) < p,
  };
}

type Chooser = ReturnType<typeof chooser>;

function randomProduct({ below, pick, chance }: Chooser, k: number): string {
  const factors = Array.from({ length: below(4) }, () => {
    const name = pick(['x1', 'x2', 'y1', 'y2', 'y3', 'w', 't', 'd', 'x0', 'y0']);
    if (name === 'x0' || name === 'y0') return name;
    if (['w', 't', 'd'].includes(name) && chance(0.2)) return `sgn(${name}-${below(40)})`;
    if (chance(0.3)) return pick([`(${name}-${below(60)})`, `(${below(130)}-${name})`, `(${name}+${below(60)})`]);
    return name;
  });
  return [`${1 + below(7)}*2^${below(12) - 7}`, pick(['x0', 'y0', `u${k}`]), ...factors].join('*');
}

function randomRule(choose: Chooser): LavaRuleParameters {
  const { below, chance } = choose;
  const k = below(3);
  const series = (): string =>
    Array.from({ length: 1 + below(3) }, () => randomProduct(choose, k)).reduce(
      (sum, product) => `${sum} ${chance(0.5) ? '+' : '-'} ${product}`,
    );
  const trace = (name: string) => ({ [`${name}_impulse`]: chance(0.7) ? 1 + below(100) : 12.4, [`${name}_tau`]: 1 + below(30) });
  return {
    dw: series(),
    ...(chance(0.6) ? { dt: series() } : {}),
    ...(chance(0.4) ? { dd: series() } : {}),
    ...['x1', 'x2', 'y1', 'y2', 'y3'].reduce((all, name) => Object.assign(all, trace(name)), {}),
    t_epoch: 1 + below(5),
  };
}

for (let seed = 1; seed <= 60; seed++) {
  const choose = chooser(seed);
  const rule = randomRule(choose);
  test(`seed ${seed}: ${rule.dw}`, () => {
    const sign: SignMode = choose.pick(['mixed', 'excitatory', 'inhibitory']);
    const weights = Array.from({ length: N_POST }, () =>
      Array.from({ length: N_PRE }, () => (sign === 'inhibitory' ? -choose.below(200) : choose.below(200))),
    );
    const draws = { decay: choose.pick([0.1, 0.5, 0.9]), impulse: choose.below(128), weight: choose.pick([0.2, 0.5, 0.8]) };
    const reference = lavaReference({ rule, weights, sign, rounding: { mode: 'constant', ...draws } });
    const flat = (matrix: readonly (readonly number[])[]): number[] => matrix[0].flatMap((_, pre) => matrix.map((row) => row[pre]));
    const initial = {
      w: Float64Array.from(flat(weights), (weight) => truncateWeight(weight, { sign, bits: 8 })),
      t: new Float64Array(N_PRE * N_POST),
      d: new Float64Array(N_PRE * N_POST),
    };
    const programs = lavaLearning(loweredRule(rule, sign), initial, N_PRE, N_POST, {
      decay: () => draws.decay,
      impulse: () => draws.impulse,
      earlierImpulse: (side) => (side === 'pre' ? 0 : draws.impulse),
      round: () => draws.weight,
    });
    for (let tick = 1; tick <= TICKS; tick++) {
      const spikes = (n: number): number[] => Array.from({ length: n }, () => (choose.chance(0.25) ? 1 : 0));
      const [pre, post] = [spikes(N_PRE), spikes(N_POST)];
      reference.receive(pre, post);
      programs.tick(pre, post);
      for (const name of ['w', 't', 'd'] as const)
        assert.equal(flat(reference.variables[name]), [...programs.synapses[name]], `${name}, tick ${tick}`);
      for (const [name, values] of Object.entries(programs.traces)) {
        assert.equal(reference.traces[name as 'x1'], [...values], `${name}, tick ${tick}`);
      }
    }
  });
}

test.run();
