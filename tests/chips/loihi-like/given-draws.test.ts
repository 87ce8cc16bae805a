/** Rounding by Lava's streams and by tapes, on the chip itself. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lavaTape } from '../../../chips/loihi-like/lava/rounding.ts';
import type { LoihiOptions } from '../../../chips/loihi-like/switches.ts';
import type { RuleOptions } from '../../../core/plasticity/read-rule.ts';
import { integerAt } from '../../../core/random.ts';
import { forced, simulate } from '../../support/loihi-forced.ts';
import { eachRecording } from '../../support/loihi-recordings.ts';

const rule: RuleOptions = {
  traces: {
    x1: { on: 'pre', tau: '9 ms', impulse: 16.5 },
    y1: { on: 'post', tau: '13 ms', impulse: 12.25 },
  },
  epochTicks: 2,
  bounds: [0, 255],
  dw: '2^-4*x1*y0 - 2^-5*y1*x0',
  dt: '2^-3*x0*y1 - u0*t*2^-2',
};

const spikes = (seed: number): [number, number][] =>
  Array.from({ length: 240 }, (_, n): [number, number] => [2 + (n >> 1), integerAt(seed, 1, 0, n, 5)]);

const network = () => forced({ nPre: 5, nPost: 5, pre: spikes(1), post: spikes(2), rule, weight: 100 });

function weightsAfter(options: LoihiOptions, ticks = 120): number[][] {
  const simulation = simulate(network(), options);
  simulation.run(ticks);
  return ['w', 't'].map((name) => [...simulation.synapseVariable('plastic', name)]);
}

eachRecording(
  test,
  'learning',
  ({ rng }) => rng?.mode === 'lava_pcg64_tape',
  ({ parameters, rng }) => {
    const { rng_seed = 0, t_epoch } = parameters.rule;
    const made = lavaTape(rng_seed, parameters.steps, t_epoch);
    for (const [name, values] of Object.entries(made)) assert.equal(values, rng[name].slice(0, values.length), name);
  },
);

test("the chip with Lava's streams is the chip with the tape of these streams, and other seeds give other traces", () => {
  const streamed = weightsAfter({ rounding: 'lava-stream', roundingSeed: 7 });
  assert.equal(streamed, weightsAfter({ rounding: 'tape', tape: lavaTape(7, 120, 2) }));
  assert.ok(JSON.stringify(streamed) !== JSON.stringify(weightsAfter({ rounding: 'lava-stream', roundingSeed: 8 })));
  assert.ok(JSON.stringify(streamed) !== JSON.stringify(weightsAfter({})));
});

test('all modes run the same rule to near the same weights', () => {
  const mean = (options: LoihiOptions): number => weightsAfter(options)[0].reduce((sum, w) => sum + w, 0) / 25;
  const independent = mean({});
  for (const rounding of ['lava-stream', 'nearest', 'never-up'] as const) {
    const other = mean({ rounding });
    // rounding down loses half a step per update on average, of which a synapse has about forty
    assert.ok(Math.abs(other - independent) < 40, `${rounding}: ${other}, independent ${independent}`);
  }
});

test('a run beyond the tape ends in words', () => {
  assert.throws(
    () => weightsAfter({ rounding: 'lava-stream', roundingTicks: 50 }),
    /projection plastic: the tape of random numbers ends after 25 learning epochs[\s\S]*give a longer tape/,
  );
  weightsAfter({ rounding: 'lava-stream', roundingTicks: 120 });
});

test('a tape belongs to rounding by tape, and is numbers', () => {
  const tape = lavaTape(1, 10, 1);
  const said = (options: LoihiOptions): string => {
    try {
      simulate(network(), options);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  assert.match(said({ rounding: 'tape' }), /tape is missing; rounding "tape" takes its numbers from x_decay/);
  assert.match(said({ tape }), /tape is given, but rounding is "independent"/);
  assert.match(
    said({ rounding: 'tape', tape: { ...tape, x_decay: ['a'] as unknown as number[] } }),
    /x_decay holds something that is not a number/,
  );
  assert.match(said({ rounding: 'tape', tape: { ...tape, weight_round: undefined as unknown as number[] } }), /weight_round/);
});

test.run();
