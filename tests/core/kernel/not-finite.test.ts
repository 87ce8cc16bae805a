/** Neurons whose state leaves the numbers stop the run, by name: a NaN never reaches a result. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from '../../../core/network/builder.ts';
import { problemsOf } from '../../support/near.ts';
import { start } from '../../support/simulate.ts';

for (const precision of ['f32', 'f64'] as const) {
  test(`a membrane that overflows in ${precision} names its population, variable and neuron`, () => {
    const largest = precision === 'f32' ? 3e38 : 1.7e308;
    const net = network({ precision });
    const source = net.input('source', 1, { times: ['1 ms', '2 ms', '3 ms'], neurons: [0, 0, 0] });
    const cells = net.neurons('cells', 3, { model: 'lif', tauMem: '1000 s', vThreshold: 1 });
    net.connect(source, cells, { connect: { kind: 'explicit', sources: [0], targets: [1] }, weight: -largest });
    const simulation = start(net);
    simulation.run(1);
    const [problem] = problemsOf(() => simulation.run(9));
    assert.equal([problem.code, problem.message], ['E-NOT-FINITE', 'population cells: v of neuron 1 is -Infinity by tick 10']);
  });
}

test.run();
