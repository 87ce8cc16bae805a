import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  formatCount,
  formatDuration,
  formatEnergy,
  formatEnergyRange,
  formatNumber,
  formatPercent,
  formatPercentRange,
  formatPoints,
  formatPower,
  joinWords,
  NONE,
  plural,
} from '../../report/format.ts';

test('numbers are written with significant digits, a true minus sign and an exponent only when far from one', () => {
  const table: [unknown, string][] = [
    [0, '0'],
    [0.1234, '0.123'],
    [-2.5, '−2.5'],
    [1234.5, '1230'],
    [1.5e-7, '1.5e−7'],
    [-2.34e9, '−2.34e9'],
    [Number.NaN, NONE],
    [Number.POSITIVE_INFINITY, NONE],
    [null, NONE],
    [undefined, NONE],
    ['7', NONE],
  ];
  for (const [value, text] of table) assert.is(formatNumber(value), text, String(value));
});

test('counts are grouped by narrow no-break spaces', () => {
  assert.is(formatCount(999), '999');
  assert.is(formatCount(1840123), '1\u202f840\u202f123');
  assert.is(formatCount(-12000), '−12\u202f000');
  assert.is(formatCount(Number.NaN), NONE);
});

test('shares become per cent and differences become signed points, without a negative zero', () => {
  assert.is(formatPercent(0.9123), '91.2 %');
  assert.is(formatPercentRange([0.898, 0.926]), '89.8 to 92.6 %');
  assert.is(formatPercentRange(null), NONE);
  assert.is(formatPercentRange([Number.NaN, 1]), NONE);
  assert.is(formatPoints(0.004), '+0.4');
  assert.is(formatPoints(-0.0312), '−3.1');
  assert.is(formatPoints(-0.0001), '0.0');
  assert.is(formatPoints(0.0001), '0.0');
});

test('joules and watts carry an engineering prefix', () => {
  assert.is(formatEnergy(1.2e-10), '120 pJ');
  assert.is(formatEnergy(7.53e-4), '753 µJ');
  assert.is(formatEnergy(0), '0 J');
  assert.is(formatEnergy(undefined), NONE);
  assert.is(formatEnergyRange(9e-11, 1.6e-10), '90 pJ to 160 pJ');
  assert.is(formatEnergyRange(null, 1), NONE);
  assert.is(formatPower(1e-5), '10 µW');
});

test('durations change their unit with their size and never show sixty seconds', () => {
  const table: [number, string][] = [
    [0.84, '840 ms'],
    [11.24, '11.2 s'],
    [99.96, '1 min 40 s'],
    [192, '3 min 12 s'],
    [3599.7, '1 h 0 min'],
    [7500, '2 h 5 min'],
  ];
  for (const [seconds, text] of table) assert.is(formatDuration(seconds), text);
});

test('lists and plurals read as sentences do', () => {
  assert.is(joinWords([]), '');
  assert.is(joinWords(['a']), 'a');
  assert.is(joinWords(['a', 'b']), 'a and b');
  assert.is(joinWords(['a', 'b', 'c']), 'a, b and c');
  assert.is(plural(1, 'seed'), '1 seed');
  assert.is(plural(5, 'seed'), '5 seeds');
});

test.run();
