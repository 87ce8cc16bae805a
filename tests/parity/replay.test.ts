/**
 * A rule whose post side waits gives the bits of one that acts at once. The reference evaluator acts at once; the kernel is looked at rarely, so
 * that much has been waiting when it is.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { network } from '../../core/network/builder.ts';
import type { Network } from '../../core/network/network.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { Simulation } from '../../workers/simulation.ts';
import { range } from '../support/simulate.ts';
import { createReference } from './reference.ts';

const additive = rule({
  name: 'additive',
  traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
  onPre: 'w -= 0.02 * y1',
  onPost: 'w += 0.03 * x1',
  bounds: [0, 0.6],
});

/** Two pre traces, one that never decays; a variable with a time constant; draws before the spike of the source; a choice that counts. */
const intricate = rule({
  name: 'intricate',
  traces: { x1: { on: 'pre', tau: '10 ms', pairing: 'nearest' }, n: { on: 'pre', impulse: 0.01 }, y1: { on: 'post', tau: '30 ms' } },
  variables: { e: { tau: '40 ms' } },
  modulators: { reward: {} },
  onPre: 'e -= y1 * uniform()\nw += 0.01 * e',
  onPost: 'let more = x1 + n\ne += more > 0.5 ? more : -0.1\nw *= 1 + 0.01 * more',
  onModulator: 'w += reward * e',
  bounds: [-0.5, 0.5],
});

const onlyPost = rule({
  name: 'only-post',
  traces: { x1: { on: 'pre', tau: '15 ms' } },
  onPost: 'w += 0.02 * (x1 - 0.3)',
  bounds: [0, 1],
});

/** Sources that spike often, or so rarely that rows have to be swept; then the neurons fire by themselves. */
function sparse(learnt: PlasticityRule, precision: 'f32' | 'f64', rates: readonly [number, number], delays: boolean): Network {
  const net = network({ seed: 5, precision });
  const input = net.input('input', 14, { rates: range(0, 13).map((i) => `${i % 5 === 0 ? rates[1] : rates[0]} Hz` as const) });
  const output = net.neurons('output', 11, {
    model: 'lif',
    tauMem: '15 ms',
    vThreshold: 1,
    refractory: '1 ms',
    noise: 0.2,
    vRest: rates[0] < 1 ? 1.1 : 0,
  });
  net.connect(input, output, {
    connect: { kind: 'fixed-probability', probability: 0.5 },
    weight: { uniform: [0.1, 0.5] },
    delay: delays ? { uniform: ['1 ms', '6 ms'] } : '2 ms',
    rule: learnt,
  });
  return net.freeze();
}

for (const learnt of [additive, intricate, onlyPost]) {
  for (const precision of ['f32', 'f64'] as const) {
    for (const backend of ['js', 'wasm'] as const) {
      for (const [rates, ticks] of [
        [[30, 300], 2000],
        [[0.5, 0.05], 9000],
      ] as const) {
        if (rates[0] < 1 && precision === 'f64') continue;
        const how = `${learnt.name}, ${precision}, ${backend}, ${rates[0]} Hz`;
        test(`what has waited is done with the same bits: ${how}`, () => {
          const plan = buildPlan(sparse(learnt, precision, rates, rates[0] > 1), ideal());
          assert.ok(plan.projections[0].replaysPost);
          assert.is(plan.projections[0].reverse, undefined);
          const simulation = new Simulation(plan, { backend });
          const reference = createReference(plan);
          const look = (tick: number): void => {
            for (const { name } of plan.projections[0].lowered.variables) {
              const expected = [...(reference.projections[0].variables.get(name) ?? [])];
              assert.equal([...simulation.synapseVariable('input-output', name)], expected, `${name} by tick ${tick}`);
            }
            for (const { name, on } of plan.projections[0].lowered.traces) {
              const expected = [...(reference.projections[0].traces.get(name) ?? [])];
              assert.equal([...simulation.traceValues('input-output', name)], expected, `${name} (${on}) by tick ${tick}`);
            }
          };
          for (let tick = 1; tick <= ticks; tick++) {
            // frozen for a while, and again free
            const learning = tick % 700 < 500;
            simulation.learning = learning;
            reference.learning = learning;
            simulation.run(1);
            reference.step();
            if (tick % (ticks / 2 - 1) === 0) look(tick);
            if (learnt === intricate && tick % 611 === 0) {
              simulation.modulate('input-output', { reward: 0.1 });
              reference.modulate(0, { reward: 0.1 });
            }
          }
          look(ticks);
          const updates = simulation.learningCounts();
          for (const counter of ['updateAttempts', 'synapticUpdates', 'saturatedUpdates'] as const) {
            assert.is(updates[counter], reference.projections[0].counters.get(counter), counter);
          }
          assert.ok(updates.synapticUpdates > 50, `${updates.synapticUpdates} updates`);
        });
      }
    }
  }
}

test('a state that is put back to rest forgets what has been waiting, and learns on', () => {
  const plan = buildPlan(sparse(additive, 'f32', [60, 200], true), ideal());
  const [once, often] = [new Simulation(plan), new Simulation(plan)];
  for (let n = 0; n < 5; n++) {
    once.run(100);
    for (let tick = 0; tick < 100; tick++) {
      often.run(1);
      often.weights('input-output');
    }
    for (const simulation of [once, often]) simulation.resetState();
    assert.is(once.hash(), often.hash(), `after sample ${n}`);
  }
});

test('a weight that would not be a number is found when what has waited is done, with its synapse', () => {
  const broken = rule({
    name: 'broken',
    traces: { x1: { on: 'pre', tau: '20 ms' } },
    onPost: 'w += 1 / (x1 - x1)',
    bounds: [0, 1],
  });
  const simulation = new Simulation(buildPlan(sparse(broken, 'f64', [100, 100], false), ideal()));
  let message = '';
  try {
    simulation.run(1000);
  } catch (error) {
    message = (error as Error).message;
  }
  assert.match(
    message,
    /rule broken of projection input-output, onPost: the new weight is not a number at synapse \d+ -> \d+, tick \d+; there w = /,
  );
  assert.not.match(message, /@|spike\d/);
});

test.run();
