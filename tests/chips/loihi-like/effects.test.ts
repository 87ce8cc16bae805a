/** Effects of the Loihi-like chip as data: that each can be turned off by itself, and what is left when all are. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import type { LoihiOptions } from '../../../chips/loihi-like/switches.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { uniformAt } from '../../../core/random.ts';
import { Simulation } from '../../../workers/simulation.ts';

const NAMES = (loihiLike().effects?.() ?? []).map(({ name }) => name);

function without(names: readonly string[], options: LoihiOptions = {}): ChipBackend {
  const chip = loihiLike(options).without?.(names);
  if (chip === undefined) throw new Error('the chip cannot be built without an effect');
  return chip;
}

/** Every neuron in about one of 25 ticks that are even or odd, as spike times of a played source. */
function spikes(size: number, parity: 0 | 1): { times: `${number} ms`[]; neurons: number[] } {
  const times: `${number} ms`[] = [];
  const neurons: number[] = [];
  for (let tick = 2 + parity; tick < 400; tick += 2) {
    for (let i = 0; i < size; i++) {
      if (uniformAt(5, parity, i, tick) > 0.08) continue;
      times.push(`${tick} ms`);
      neurons.push(i);
    }
  }
  return { times, neurons };
}

/**
 * Pair STDP with a reward-gated tag, under a teacher, so that all chips see the same spikes in the outputs. No input arrives in the tick in which an
 * output spikes: there the traces of the chip hold both impulses, which no switch changes.
 */
function lesson(): Network {
  const net = network({ dt: '1 ms', seed: 3 });
  const pre = net.input('pre', 8, spikes(8, 0));
  const teacher = net.input('teacher', 5, spikes(5, 1));
  const post = net.neurons('post', 5, { model: 'lif', tauMem: '0.1 ms', vThreshold: 100 });
  const stdp = rule({
    name: 'tagged STDP',
    traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
    variables: { e: { tau: '100 ms' } },
    modulators: { reward: { per: 'projection', range: 1 } },
    onPre: 'e -= 0.1 * y1',
    onPost: 'e += 0.11 * x1',
    onModulator: 'w += 0.05 * reward * e',
    bounds: [-1, 1],
    epochTicks: 4,
  });
  net.connect(pre, post, { name: 'plastic', weight: { uniform: [-0.4, 0.4] }, rule: stdp });
  net.connect(teacher, post, { name: 'teaching', connect: 'one-to-one', weight: 200 });
  return net.freeze();
}

function learnt(chip: ChipBackend): Float64Array {
  const simulation = new Simulation(buildPlan(lesson(), chip));
  for (let trial = 0; trial < 10; trial++) {
    simulation.run(40);
    simulation.modulate('plastic', { reward: trial % 3 === 0 ? -0.377 : 0.713 });
  }
  return simulation.weights('plastic');
}

const farthest = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
const computation = ({ populations, projections }: Plan): string =>
  JSON.stringify({ populations: populations.map(({ lowered }) => lowered), projections: projections.map(({ lowered }) => lowered) });

test('with all effects off the weights are those of the ideal chip', () => {
  const wanted = learnt(ideal());
  assert.ok(farthest(wanted, learnt(loihiLike())) > 1e-3);
  const apart = farthest(wanted, learnt(without(NAMES)));
  assert.ok(apart < 1e-6, `${apart}`);
});

test('an effect changes the computation when it is the only one, or the only one that is missing', () => {
  const [none, all] = [without(NAMES), loihiLike()].map((chip) => computation(buildPlan(lesson(), chip)));
  for (const name of NAMES) {
    const only = without(NAMES.filter((other) => other !== name));
    assert.equal(
      only.effects?.().map((effect) => effect.name),
      [name],
    );
    assert.is.not(computation(buildPlan(lesson(), only)), none, `only ${name}`);
    assert.is.not(computation(buildPlan(lesson(), without([name]))), all, `all but ${name}`);
  }
});

test('without an effect the bits do not depend on shards either', () => {
  const hash = (chip: ChipBackend, shards: number): string => {
    const simulation = new Simulation(buildPlan(lesson(), chip), { shards });
    simulation.run(60);
    simulation.modulate('plastic', { reward: 0.6 });
    simulation.run(20);
    return simulation.hash();
  };
  for (const names of [NAMES, ...NAMES.map((name) => [name])]) assert.is(hash(without(names), 3), hash(without(names), 1), names.join());
});

test('a user who chose another rounding gets the rest of the chip as chosen', () => {
  const chip = without(['trace bits'], { rounding: 'nearest', learnedWeightBits: 6 });
  const { settings } = chip.profile.parameters as { settings: LoihiOptions };
  assert.equal([settings.rounding, settings.learnedWeightBits, settings.traceNumbers], ['nearest', 6, 'real']);
  assert.throws(() => without(['weather']), /no effect "weather"/);
});

test('traces of fewer bits are multiples of their step, and stay below their top', () => {
  const simulation = new Simulation(buildPlan(lesson(), loihiLike({ traceBits: 2, impulses: { x1: 90 } })));
  const seen = new Set<number>();
  for (let n = 0; n < 100; n++) {
    simulation.run(4);
    for (const value of simulation.traceValues('plastic', 'x1')) seen.add(value);
  }
  assert.equal(
    [...seen].sort((a, b) => a - b),
    [0, 32, 64, 96],
  );
  assert.throws(() => loihiLike({ traceBits: 2, rounding: 'lava-stream' }), /traceBits is 2, but the draws of rounding "lava-stream"/);
});

test.run();
