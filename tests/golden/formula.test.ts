/** Formulas in words of recordings. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formula } from '../../experiments/golden/formula.ts';

const values: readonly (readonly [text: string, names: Record<string, number>, value: number])[] = [
  ['G[o][i] = 1e-06 + (0.0001 - 1e-06) * ((7*i + 13*o) mod 17)/16 siemens', { o: 1, i: 2 }, 1e-6 + ((0.0001 - 1e-6) * 10) / 16],
  ['V[i] = 0.2 if i mod 3 == 0 else 0 (driven to ground, not floating)', { i: 6 }, 0.2],
  ['V[i] = 0.2 if i mod 3 == 0 else 0 (driven to ground, not floating)', { i: 7 }, 0],
  ['0.2 V where i mod 4 == 0', { i: 8 }, 0.2],
  ['0.2 V where i mod 4 == 0', { i: 9 }, 0],
  ['0.2*i/(n-1) V', { i: 3, n: 7 }, 0.1],
  ['abs of cos(0.3*j)', { j: 10 }, Math.abs(Math.cos(3))],
  ['abs of 1.0*sin(0.21*(row+1)*(col+1)+0.4*row)', { row: 1, col: 2 }, Math.abs(Math.sin(0.21 * 6 + 0.4))],
  ['0.9*(1-0.1*row)', { row: 2 }, 0.9 * (1 - 0.2)],
  ['i mod 3 == 0 and i > 2', { i: 3 }, 1],
  ['-2^2 + 2**3 - 1', {}, 3],
];

for (const [text, names, value] of values) {
  test(`${text} with ${JSON.stringify(names)}`, () => assert.ok(Math.abs(formula(text)(names) - value) < 1e-15));
}

test('what cannot be read is said, with the place', () => {
  assert.throws(() => formula('2 * (3 + i'), /cannot read the formula "2 \* \(3 \+ i" at "its end"/);
  assert.throws(() => formula('2 § 3'), /cannot read the formula/);
  assert.throws(() => formula('2 * k')({ i: 1 }), /names "k", which the recording does not say/);
});

test.run();
