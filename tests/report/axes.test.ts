import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decadeDomain, decadeTicks, extent, niceDomain, niceTicks } from '../../report/axes.ts';

test('ticks stand at round numbers and their labels have just the digits they need', () => {
  const table: [lo: number, hi: number, about: number, labels: string[]][] = [
    [0, 1, 5, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [0, 10, 5, ['0', '2', '4', '6', '8', '10']],
    [-0.01, 0.01, 5, ['−0.010', '−0.005', '0.000', '0.005', '0.010']],
    [0.1, 0.7, 6, ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7']],
    [0, 4000, 8, ['0', '500', '1000', '1500', '2000', '2500', '3000', '3500', '4000']],
    [0, 40000, 4, ['0', '10\u202f000', '20\u202f000', '30\u202f000', '40\u202f000']],
    [3, 3, 5, ['3']],
    [1, 0, 2, ['0.0', '0.5', '1.0']],
    [0, 2e-5, 4, ['0', '5e−6', '1e−5', '1.5e−5', '2e−5']],
    [Number.NaN, 1, 5, []],
  ];
  for (const [lo, hi, about, labels] of table) assert.equal(niceTicks(lo, hi, about).labels, labels, `${lo} … ${hi}`);
});

test('tick values carry no rounding dust', () => {
  assert.equal(niceTicks(0, 0.9, 9).values, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
});

test('ticks lie inside the range, in rising order, about as many as asked', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      fc.integer({ min: 3, max: 10 }),
      (lo, span, about) => {
        const hi = lo + span;
        const { values, labels } = niceTicks(lo, hi, about);
        const dust = 1e-8 * (Math.abs(lo) + span);
        assert.is(labels.length, values.length);
        assert.ok(values.length >= 1 && values.length <= 2 * about + 1, `${values.length} ticks`);
        values.forEach((value, k) => {
          assert.ok(value >= lo - dust && value <= hi + dust);
          assert.ok(k === 0 || value > values[k - 1]);
        });
      },
    ),
    { seed: 7 },
  );
});

test('a nice domain contains the range and ends on whole steps', () => {
  assert.equal(niceDomain(0.13, 0.87, 5), [0.1, 0.9]);
  assert.equal(niceDomain(0.03, 0.97, 5), [0, 1]);
  assert.equal(niceDomain(-0.0093, 0.0091, 5), [-0.01, 0.01]);
  assert.equal(niceDomain(0, 0), [0, 1]);
  const [lo, hi] = niceDomain(5, 5);
  assert.ok(lo < 5 && hi > 5);
});

test('the extent passes over what is not finite', () => {
  assert.equal(extent([3, Number.NaN, -1, Number.POSITIVE_INFINITY]), [-1, 3]);
  assert.is(extent([Number.NaN]), null);
});

test('decades: every power of ten, or every few where there are many; plain labels near one', () => {
  assert.equal(decadeTicks(0.02, 300).labels, ['0.1', '1', '10', '100']);
  assert.equal(decadeTicks(1e-5, 1).labels, ['1e−5', '1e−4', '1e−3', '1e−2', '1e−1', '1']);
  const many = decadeTicks(1e-31, 1);
  assert.ok(many.values.length <= 6 && many.values[0] === 1e-31, `${many.values}`);
  assert.equal(decadeTicks(2, 3).values, []);
});

test('a domain of decades is widened to powers of ten, and never empty', () => {
  assert.equal(decadeDomain(0.02, 300), [0.01, 1000]);
  assert.equal(decadeDomain(1e-3, 1), [1e-3, 1]);
  assert.equal(decadeDomain(1, 1), [1, 10]);
});

test.run();
