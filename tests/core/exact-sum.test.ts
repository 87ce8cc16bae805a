import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addExactly, roundedSum } from '../../core/exact-sum.ts';
import { uniformAt } from '../../core/random.ts';

test('a sum keeps what doubles lose', () => {
  const sum = [1e100, 1, -1e100, 2 ** -60].reduce(addExactly, []);
  assert.equal(sum, [2 ** -60, 1]);
  assert.is(roundedSum(sum), 1 + 2 ** -60);
  assert.equal([0.1, 0.2, -0.3].reduce(addExactly, []), [2 ** -55]);
});

test('numbers of very different sizes and their opposites, in another order, leave nothing', () => {
  const values = Array.from({ length: 400 }, (_, k) => (uniformAt(3, 1, k, 0) - 0.5) * 2 ** Math.floor(200 * uniformAt(3, 2, k, 0) - 100));
  const opposites = values.map((value) => -value).sort();
  assert.equal([...values, ...opposites].reduce(addExactly, []), []);
});

test.run();
