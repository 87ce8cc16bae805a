import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { optimiseWeightBits, staticConnection } from '../../../../chips/loihi-like/lava/weights.ts';

test('small weights are shifted up as far as they fit, and empty low bits are not stored', () => {
  assert.equal(optimiseWeightBits([[3, -1, 0]], 'mixed'), { weights: [[192, -64, 0]], weightBits: 3, weightExponent: -6 });
  assert.equal(optimiseWeightBits([[168, 56]], 'excitatory'), { weights: [[168, 56]], weightBits: 5, weightExponent: 0 });
  assert.equal(optimiseWeightBits([[-8, 10, -4]], 'mixed', true), { weights: [[-4, 5, -2]], weightBits: 4, weightExponent: -4 });
  assert.equal(optimiseWeightBits([[0, 0]], 'inhibitory'), { weights: [[0, 0]], weightBits: 0, weightExponent: 0 });
});

test('weights outside their format, or too fine for Loihi 2, are refused', () => {
  assert.throws(() => optimiseWeightBits([[256]], 'excitatory'), /weights from 256 to 256[\s\S]*excitatory weights lie between 0 and 255/);
  assert.throws(() => optimiseWeightBits([[199, -217]], 'mixed', true), /mixed weights that need 9 bits/);
});

test('delays keep their sums apart: a negative exponent rounds each of them down', () => {
  const connection = staticConnection({ weights: [[3, 3, 3]], sign: 'excitatory', weightExponent: -1, delays: [[0, 0, 2]] });
  const seen = [
    [1, 1, 1],
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ].map((spikes) => connection.tick(spikes)[0]);
  // 3 + 3 halved is 3, one tick later; 3 halved is 1, three ticks later
  assert.equal(seen, [0, 3, 0, 1]);
  assert.throws(() => staticConnection({ weights: [[1]], delays: [[64]] }), /a delay of 64 ticks/);
});

test('the sign mode follows the weights, and payloads multiply', () => {
  const connection = staticConnection({ weights: [[300, 5]], weightBits: 8, messageBits: 8 });
  assert.equal(connection.effective, [[255, 5]]);
  connection.tick([2, 3]);
  assert.equal(connection.tick([0, 0]), [525]);
});

test('without message bits a spike is a spike, whatever it carries', () => {
  const connection = staticConnection({ weights: [[4, 5]] });
  connection.tick([2, -1]);
  assert.equal(connection.tick([0, 0]), [9]);
});

test.run();
