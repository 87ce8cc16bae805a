/** A clock that lets traces begin again. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { Simulation } from '../../workers/simulation.ts';

const counting = rule({
  traces: { x1: { on: 'pre' } },
  modulators: { now: { per: 'post' } },
  bounds: [0, 100],
  onModulator: 'w += now * x1',
});
const pairs = rule({ traces: { x1: { on: 'pre' } }, bounds: [0, 100], onPost: 'w += x1' });

function build(learned: typeof counting) {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 2, { times: ['1 ms', '2 ms', '3 ms', '5 ms', '6 ms'], neurons: [0, 0, 1, 0, 0] });
  const teacher = net.input('teacher', 1, { times: ['4 ms', '7 ms'], neurons: [0, 0] });
  const out = net.neurons('out', 1, { model: 'lif', tauMem: '1 ms', vThreshold: 1e3 });
  net.connect(source, out, { name: 'p', weight: 1, rule: learned });
  net.connect(teacher, out, { weight: 2e3 });
  return net.freeze();
}

test('a trace counts the spikes since it was cleared, and only those', () => {
  const simulation = new Simulation(buildPlan(build(counting), ideal()));
  simulation.run(4);
  simulation.clearTraces('p');
  simulation.run(4);
  simulation.modulate('p', { now: new Float64Array([1]) });
  assert.equal([...simulation.weights('p')], [3, 1]);
});

test('what an earlier post spike taught is kept, whether it has been written yet or not', () => {
  const simulation = new Simulation(buildPlan(build(pairs), ideal()));
  simulation.run(5); // the teacher's first spike arrives: two spikes of the one source and one of the other have been counted
  simulation.clearTraces('p');
  simulation.run(5); // and two more of the first by the second
  assert.equal([...simulation.weights('p')], [1 + 2 + 2, 1 + 1]);
});

test('an unknown projection is named, and a chip that learns in epochs clears too', () => {
  const simulation = new Simulation(buildPlan(build(counting), loihiLike()));
  assert.throws(() => simulation.clearTraces('q'), /q/);
  simulation.run(4);
  simulation.clearTraces('p');
  assert.ok(simulation.traceValues('p', 'x1').every((value) => value === 0));
});

test.run();
