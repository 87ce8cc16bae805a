/** Two projections that begin as each other's transpose. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { UserError } from '../../../core/errors.ts';
import { network } from '../../../core/network/builder.ts';
import { readNetwork } from '../../../core/network/read-network.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { Simulation } from '../../../workers/simulation.ts';

const neurons = { model: 'lif', tauMem: '10 ms', vThreshold: 1 } as const;

test('weights the other way round, scaled, for every seed and way of drawing', () => {
  for (const seed of [1, 2]) {
    for (const weight of [{ uniform: [-1, 2] as const }, { normal: { mean: 0, sd: 1 } }, 0.5]) {
      const net = network({ seed });
      const [a, b] = [net.neurons('a', 3, neurons), net.neurons('b', 4, neurons)];
      net.connect(a, b, { name: 'there', weight });
      net.connect(b, a, { name: 'back', weight: { transposeOf: 'there', times: -0.25 } });
      const simulation = new Simulation(buildPlan(net.freeze(), ideal()));
      const [there, back] = [simulation.weights('there'), simulation.weights('back')];
      if (there.length === 12) for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) assert.is(back[j * 3 + i], -0.25 * there[i * 4 + j]);
      assert.is(back.length, 12);
    }
  }
});

test('what cannot be turned round is refused with what could', () => {
  const populations = ['a', 'b'].map((name) => ({ name, size: 3, ...neurons }));
  const said = (...projections: object[]): string[] => {
    const problems: { message: string; where?: { path?: string } }[] = [];
    readNetwork({ populations, projections }, 'network', problems as never[]);
    return problems.map(({ message, where }) => `${where?.path} ${message}`);
  };
  const there = { name: 'there', pre: 'a', post: 'b', weight: 1 };
  const back = { name: 'back', pre: 'b', post: 'a', weight: { transposeOf: 'there' } };
  assert.equal(said(there, back), []);
  const needs = 'but needs an all-to-all projection from "a" to "b", or between others of their sizes, that comes before this one';
  assert.equal(said(back, there), [`network.projections[0].weight.transposeOf is "there", ${needs} (there is none)`]);
  assert.equal(said(there, { ...back, weight: { transposeOf: 'ther' } }), [
    `network.projections[1].weight.transposeOf is "ther", ${needs} (there)`,
  ]);
  assert.equal(said({ ...there, connect: 'one-to-one' }, back), [
    `network.projections[1].weight.transposeOf is "there", ${needs} (there is none)`,
  ]);
  assert.equal(said(there, { ...back, weight: { transposeOf: 'there', scale: 2 } }).length, 1);
});

test('a network in code says so too', () => {
  const net = network();
  const [a, b] = [net.neurons('a', 3, neurons), net.neurons('b', 4, neurons)];
  net.connect(a, b, { weight: { transposeOf: 'nothing' } });
  assert.throws(
    () => net.freeze(),
    (error: unknown) => error instanceof UserError && /transposeOf is "nothing"/.test(error.message),
  );
});

test.run();
