import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lavaNeurons } from '../../../../chips/loihi-like/lava/neurons.ts';

test('two thresholds give spikes of both signs', () => {
  const neurons = lavaNeurons({ arithmetic: 'bit_accurate', n: 3, du: 4095, dv: 4095, vthHigh: 10, vthLow: -5 });
  assert.equal(neurons.tick([11, -6, 10]), [1, -1, 0]);
  assert.equal(neurons.v, [0, 0, 640]);
});

test('a current loses one part in 4096 more than it says, and rounds towards zero', () => {
  const neurons = lavaNeurons({ arithmetic: 'bit_accurate', n: 2, du: 0, dv: 4095, vth: 1e5, u: [4096, -4095] });
  neurons.tick([0, 0]);
  assert.equal(neurons.u, [4095, -4094]);
});

test('the current runs over unevenly: +2^23 stays, -2^23 becomes +2^23', () => {
  const neurons = lavaNeurons({ arithmetic: 'bit_accurate', n: 3, du: 4095, dv: 4095, vth: 131071 });
  neurons.tick([131072, -131072, 131073]);
  assert.equal(neurons.u, [2 ** 23, 2 ** 23, 64 - 2 ** 23]);
});

test('a refractory membrane stands still while its current goes on', () => {
  const neurons = lavaNeurons({ arithmetic: 'floating_point', n: 1, du: 0, dv: 0, vth: 1, refractoryPeriod: 2 });
  const seen = [2, 0, 0, 0].map((input) => [neurons.tick([input])[0], neurons.u[0], neurons.v[0]]);
  assert.equal(seen, [
    [1, 2, 0],
    [0, 2, 0],
    [0, 2, 0],
    [1, 2, 0],
  ]);
  assert.throws(
    () => lavaNeurons({ arithmetic: 'bit_accurate', n: 1, du: 0, dv: 0, vth: 1, refractoryPeriod: 2 }),
    /integer neuron has none/,
  );
});

test('a periodic reset clears both states before the tick', () => {
  const neurons = lavaNeurons({ arithmetic: 'floating_point', n: 1, du: 0, dv: 0, vth: 100, resetInterval: 3, resetOffset: 1 });
  const seen = Array.from({ length: 5 }, () => {
    neurons.tick([1]);
    return neurons.u[0];
  });
  assert.equal(seen, [1, 2, 3, 1, 2]);
});

test.run();
