import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CubalifOptions } from '../../../core/network/builder.ts';
import { allNear, complaintsOf, near } from '../../support/near.ts';
import { drivenNeurons, follow, range, start } from '../../support/simulate.ts';

const options = { model: 'cubalif', tauMem: '20 ms', tauExc: '5 ms', tauInh: '10 ms', vThreshold: 100 } as const satisfies CubalifOptions;

/** Membrane t ms after a spike of weight w: the difference of two exponentials, in ms. */
const psp = (w: number, tauSyn: number, t: number, tauMem = 20): number =>
  ((w * tauSyn) / (tauSyn - tauMem)) * (Math.exp(-t / tauSyn) - Math.exp(-t / tauMem));

for (const [port, tauSyn] of [
  ['excitatory', 5],
  ['inhibitory', 10],
] as const) {
  test(`exact integration of the ${port} current is the two-exponential potential at every tick`, () => {
    const { net } = drivenNeurons(1, options, [{ port, weights: [0, 0.7] }]);
    const { values } = follow(start(net), 'neurons', 'v', 120);
    allNear(
      values.slice(1),
      range(1, 119).map((t) => psp(0.7, tauSyn, t)),
      1e-12,
      'v',
    );
  });
}

test('potentials of several spikes on both ports add up, whatever the tick', () => {
  for (const [dt, factor] of [
    ['1 ms', 1],
    ['0.5 ms', 0.5],
  ] as const) {
    const drives = [
      { port: 'excitatory', weights: [0, 0.7, 0, 0, 0.4] },
      { port: 'inhibitory', weights: [0, 0, -0.9] },
    ];
    const { net } = drivenNeurons(1, { ...options, vRest: 0.1 }, drives, { dt });
    const { values } = follow(start(net), 'neurons', 'v', 60);
    for (const n of range(6, 60)) {
      const since = (tick: number): number => (n - tick + 1) * factor;
      near(values[n - 1], 0.1 + psp(0.7, 5, since(2)) + psp(0.4, 5, since(5)) + psp(-0.9, 10, since(3)), 1e-12, `tick ${n}`);
    }
  }
});

test('a synaptic time constant longer than that of the membrane is as good as a shorter one', () => {
  const { net } = drivenNeurons(1, { ...options, tauMem: '4 ms' }, [{ weights: [0, 1] }]);
  const { values } = follow(start(net), 'neurons', 'v', 40);
  allNear(
    values.slice(1),
    range(1, 39).map((t) => psp(1, 5, t, 4)),
    1e-12,
    'v',
  );
});

test('equal time constants are refused with the two names in the message', () => {
  assert.equal(
    complaintsOf(() => start(drivenNeurons(1, { ...options, tauExc: '20 ms' }, []).net)),
    [
      'population neurons: tauExc / (tauExc - tauMem) * (leakExc - leak) is not a finite number with the parameters given (neuron 0)\n' +
        '  with exact integration, synaptic and membrane time constants must differ',
    ],
  );
  start(drivenNeurons(1, { ...options, tauExc: '20 ms', integrator: 'euler' }, []).net).run(1);
});

test('Euler steps all three equations from the old values', () => {
  const { net } = drivenNeurons(1, { ...options, integrator: 'euler' }, [
    { port: 'excitatory', weights: [0, 0.7, 0.2] },
    { port: 'inhibitory', weights: [0, 0, -0.3] },
  ]);
  const { values } = follow(start(net), 'neurons', 'v', 50);
  let [v, exc, inh] = [0, 0, 0];
  for (const tick of range(1, 50)) {
    exc += tick === 2 ? 0.7 : tick === 3 ? 0.2 : 0;
    inh += tick === 3 ? -0.3 : 0;
    [v, exc, inh] = [v + (1 / 20) * (exc + inh - v), exc - exc / 5, inh - inh / 10];
    near(values[tick - 1], v, 1e-14, `tick ${tick}`);
  }
});

test('currents go on through the refractory period, the membrane does not', () => {
  const { net } = drivenNeurons(1, { ...options, vThreshold: 1, refractory: '5 ms' }, [{ weights: [0, 30] }]);
  const { values, spikes } = follow(start(net), 'neurons', 'v', 9);
  assert.equal(spikes, [2]);
  assert.equal(values.slice(1, 7), [0, 0, 0, 0, 0, 0]);
  // six ticks later the current has decayed by exp(-6/5)
  near(values[7], psp(30 * Math.exp(-6 / 5), 5, 1), 1e-12);
});

test.run();
