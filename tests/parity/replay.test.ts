/**
 * A rule whose post side waits gives the bits of one that acts at once. The reference evaluator acts at once; the kernel is looked at rarely, so
 * that much has been waiting when it is.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { Simulation } from '../../workers/simulation.ts';
import { additive, intricate, onlyPost, sparse } from '../support/networks.ts';
import { createReference } from './reference.ts';

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
