/** Refractory neurons by list: the bits of asking every neuron, whichever way a tick is done. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { findHold, UNKNOWN } from '../../../core/kernel/hold.ts';
import { runTicks } from '../../../core/kernel/run-ticks.ts';
import type { Shard } from '../../../core/kernel/shard.ts';
import { attachShard } from '../../../core/kernel/shard.ts';
import type { NeuronOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import { integerAt } from '../../../core/random.ts';
import { Simulation } from '../../../workers/simulation.ts';

const SIZE = 203;
const membrane = { tauMem: '10 ms', vThreshold: 1, refractory: '3 ms' } as const;
const drive = { driveRate: '2 kHz', driveWeight: 0.06 } as const;
const models: Readonly<Record<string, NeuronOptions>> = {
  lif: { model: 'lif', ...membrane, ...drive },
  'lif that may stay above its threshold': { model: 'lif', ...membrane, ...drive, resetTo: 'subtraction', driveWeight: 0.5 },
  'lif of which one fires': { model: 'lif', ...membrane, ...drive, competition: { inhibition: 0.02 } },
  cubalif: { model: 'cubalif', ...membrane, tauExc: '3 ms', tauInh: '5 ms', vRest: 1.02 },
  'adaptive-lif': { model: 'adaptive-lif', ...membrane, vRest: 1.3, tauAdaptation: '40 ms', adaptationStep: 0.2 },
  'ternary-lif': { model: 'ternary-lif', ...membrane, vRest: 1.1, vThresholdLow: -0.5 },
};

function planOf(options: NeuronOptions, precision: 'f32' | 'f64'): Plan {
  const net = network({ dt: '1 ms', seed: 5, precision });
  const cells = net.neurons('cells', SIZE, options);
  const port = options.model === 'cubalif' ? { port: 'inhibitory' } : {};
  net.connect(cells, cells, { connect: { kind: 'fixed-in-degree', degree: 10 }, weight: -0.05, delay: '2 ms', ...port });
  return buildPlan(net.freeze(), ideal());
}

/** Every bit of every neuron, and who fired. */
const sightOf = ({ populations: [{ variables, spikeCounts, fired, firedCount }] }: Shard): unknown => [
  [...variables].map(([name, values]) => [name, [...values].map((value) => (Object.is(value, -0) ? '-0' : value))]),
  [...spikeCounts],
  [...fired.subarray(0, firedCount[0])],
];

/** Runs a list and the plain loop side by side. @returns in how many ticks the list was used */
function compare(plan: Plan, backend: 'js' | 'wasm', ticks: number, write: (shard: Shard, tick: number) => void = () => {}): number {
  const [listed, plain] = [attachShard(plan, { backend }), attachShard(plan, { backend })];
  const [{ hold }] = listed.populations;
  assert.ok(hold !== undefined, 'there is a list');
  Object.assign(plain.populations[0], { hold: undefined });
  let used = 0;
  for (let tick = 1; tick <= ticks; tick++) {
    for (const shard of [listed, plain]) {
      write(shard, tick);
      runTicks(shard, 1);
    }
    if (hold.bounds[0] >= 0) used++;
    assert.equal(sightOf(listed), sightOf(plain), `tick ${tick}`);
  }
  assert.ok(plain.populations[0].spikeCounts.some((count) => count > 0));
  return used;
}

for (const [name, options] of Object.entries(models)) {
  for (const precision of ['f32', 'f64'] as const) {
    for (const backend of ['js', 'wasm'] as const) {
      test(`${name}, ${precision}, ${backend}: held by list as if asked one by one`, () => {
        assert.ok(compare(planOf(options, precision), backend, 600) > 0);
      });
    }
  }
}

test('the list goes on for thousands of ticks, and through a tick in which all fire', () => {
  const burst = ({ populations: [{ variables, hold }] }: Shard, tick: number): void => {
    if (tick !== 20) return;
    variables.get('v')?.fill(5);
    // said as the host says it
    if (hold !== undefined) hold.bounds[0] = UNKNOWN;
  };
  const ticks = 3000;
  const used = compare(planOf({ model: 'lif', ...membrane, ...drive, refractory: '7 ms' }, 'f32'), 'wasm', ticks, burst);
  assert.is(used, ticks);
});

test('between two ticks of one run nobody counts; at its end all is written down', () => {
  const plan = planOf(models.lif, 'f64');
  const [atOnce, tickByTick] = [new Simulation(plan), new Simulation(plan)];
  for (const ticks of [1, 2, 3, 50, 300]) {
    atOnce.run(ticks);
    for (let tick = 0; tick < ticks; tick++) tickByTick.run(1);
    assert.ok(atOnce.state('cells', 'refractoryLeft').some((left) => left > 0) || ticks < 50);
    assert.is(atOnce.hash(), tickByTick.hash());
  }
});

test('a probe of the count sees it in every tick, in the middle of a run', () => {
  const net = network({ dt: '1 ms', seed: 5 });
  const cells = net.neurons('cells', SIZE, models.lif);
  net.record(cells, 'refractoryLeft', { every: '1 ms' });
  const plan = buildPlan(net.freeze(), ideal());
  const [atOnce, tickByTick] = [new Simulation(plan), new Simulation(plan)];
  atOnce.run(100);
  const { t, samples } = atOnce.recordedState('cells', 'refractoryLeft');
  assert.is(t.length, 100);
  for (const sample of samples) {
    tickByTick.run(1);
    assert.equal([...sample], [...tickByTick.state('cells', 'refractoryLeft')]);
  }
});

test('a population waits for its held neurons before it comes to rest', () => {
  // above its threshold without input, so it fires as soon as it may, long after everything has been still
  const alone = planOf({ model: 'lif', tauMem: '10 ms', vThreshold: 1, vRest: 1.2, vInitial: 1.2, refractory: '900 ms' }, 'f64');
  const simulation = new Simulation({ ...alone, projections: [] });
  simulation.run(2000);
  assert.ok(simulation.spikeCounts('cells').every((spikes) => spikes === 3));
});

test('what the host writes counts: neurons held and set free from outside', () => {
  const made = planOf({ model: 'lif', ...membrane, ...drive, refractory: '2 ms' }, 'f64');
  const [listed, plain] = [new Simulation(made), new Simulation(made)];
  for (let round = 0; round < 30; round++) {
    const left = Float64Array.from({ length: SIZE }, (_, i) => integerAt(3, round, 0, i, 400) / 50 - 6);
    for (const simulation of [listed, plain]) {
      simulation.setState(
        'cells',
        'refractoryLeft',
        left.map((value) => Math.max(0, value)),
      );
      for (let tick = 0; tick < 4; tick++) {
        // writing what is there makes the list anew, from the state alone
        if (simulation === plain) simulation.setState('cells', 'v', simulation.state('cells', 'v'));
        simulation.run(1);
      }
    }
    assert.is(listed.hash(), plain.hash());
    if (round % 10 === 9) for (const simulation of [listed, plain]) simulation.resetState();
  }
});

test('only programs that hold their membrane in this way have a list', () => {
  const holds = (options: NeuronOptions, chip = ideal(), seen: readonly string[] = []): boolean => {
    const net = network({ dt: '1 ms', seed: 1 });
    net.neurons('cells', 4, options);
    const [{ lowered }] = buildPlan(net.freeze(), chip).populations;
    return lowered !== undefined && findHold(lowered, new Set(seen)) !== undefined;
  };
  for (const [name, options] of Object.entries(models)) assert.ok(holds(options), name);
  assert.not(holds({ model: 'lif', tauMem: '10 ms', vThreshold: 1 }), 'nothing is held');
  assert.not(holds({ model: 'lif', ...membrane, resetEvery: '50 ms' }), 'the state is written before');
  assert.not(holds({ model: 'lif', ...membrane }, loihiLike()), 'whole numbers');
  assert.ok(holds({ model: 'lif', ...membrane }, ideal(), ['v']), 'membranes are right at all times');
  assert.not(holds({ model: 'lif', ...membrane }, ideal(), ['refractoryLeft']), 'a rule looks in the middle of a tick');
});

test.run();
