import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatProblem } from '../../core/errors.ts';
import type { Dimension } from '../../core/units.ts';
import { formatQuantity, formatSi, parseQuantity } from '../../core/units.ts';

function messageOf(text: unknown, dimension: Dimension, path = 'tauMem'): string {
  const result = parseQuantity(text, dimension, path);
  if (typeof result === 'number') throw new Error(`${text} was accepted as ${result}`);
  assert.is(result.code, 'E-UNIT');
  return formatProblem(result);
}

test('a quantity is the float64 nearest to the decimal that was written', () => {
  const expected: [string, Dimension, number][] = [
    ['20 ms', 'time', 0.02],
    ['0.1 ms', 'time', 0.0001],
    ['3 us', 'time', 3e-6],
    ['7 ns', 'time', 7e-9],
    ['-65 mV', 'voltage', -0.065],
    ['.3 nA', 'current', 3e-10],
    ['1.1 nS', 'conductance', 1.1e-9],
    ['10 Mohm', 'resistance', 1e7],
    ['281 pF', 'capacitance', 2.81e-10],
    ['1e3 Hz', 'frequency', 1000],
    ['2.5E+1 kHz', 'frequency', 25000],
    ['23.6 pJ', 'energy', 2.36e-11],
    ['4. aJ', 'energy', 4e-18],
    ['30 mW', 'power', 0.03],
    ['45 nm', 'length', 4.5e-8],
    ['300 K', 'temperature', 300],
    ['+5ms', 'time', 0.005],
    ['  5   s ', 'time', 5],
  ];
  for (const [text, dimension, value] of expected) assert.is(parseQuantity(text, dimension, 'x'), value, text);
});

test('micro and ohm may be written with their typographic signs', () => {
  for (const micro of ['\u00b5', '\u03bc']) assert.is(parseQuantity(`5 ${micro}s`, 'time', 'x'), 5e-6);
  for (const ohm of ['\u2126', '\u03a9']) assert.is(parseQuantity(`5 M${ohm}`, 'resistance', 'x'), 5e6);
});

test('each slip has its own exact message', () => {
  const expected: [unknown, Dimension, string][] = [
    [20, 'time', 'tauMem needs a unit - did you mean "20 ms"?'],
    ['20', 'time', 'tauMem needs a unit - did you mean "20 ms"?'],
    [1.5, 'energy', 'tauMem needs a unit - did you mean "1.5 pJ"?'],
    [5, 'resistance', 'tauMem needs a unit - did you mean "5 Mohm"?'],
    ['20 mV', 'time', 'tauMem is a time; "mV" is a voltage'],
    ['20 ms', 'conductance', 'tauMem is a conductance; "ms" is a time'],
    ['20 ms', 'energy', 'tauMem is an energy; "ms" is a time'],
    ['20 mss', 'time', 'tauMem has an unknown unit "mss" - did you mean "ms"? (s, ms, us, ns)'],
    ['20 MS', 'time', 'tauMem has an unknown unit "MS" - did you mean "ms"? (s, ms, us, ns)'],
    ['20 fortnights', 'time', 'tauMem has an unknown unit "fortnights" (s, ms, us, ns)'],
    ['20 constructor', 'temperature', 'tauMem has an unknown unit "constructor" (K)'],
    [Number.NaN, 'time', 'tauMem is a time such as "20 ms", not NaN'],
    [Number.NEGATIVE_INFINITY, 'time', 'tauMem is a time such as "20 ms", not -Infinity'],
    ['fast', 'time', 'tauMem is a time such as "20 ms"; "fast" does not start with a number'],
    ['', 'time', 'tauMem is a time such as "20 ms"; "" does not start with a number'],
    ['Infinity ms', 'time', 'tauMem is a time such as "20 ms"; "Infinity ms" does not start with a number'],
    ['20 ms 30 ms', 'time', 'tauMem is one number and one unit such as "20 ms", not "20 ms 30 ms"'],
    ['20 30 ms', 'time', 'tauMem is one number and one unit such as "20 ms", not "20 30 ms"'],
    ['1e400 s', 'time', 'tauMem is too large: "1e400 s" is beyond the range of a float64'],
    [null, 'voltage', 'tauMem is a voltage such as "20 mV", not null'],
    [undefined, 'voltage', 'tauMem is a voltage such as "20 mV", not undefined'],
    [['20 ms'], 'time', 'tauMem is a time such as "20 ms", not a list'],
    [{}, 'time', 'tauMem is a time such as "20 ms", not an object'],
    [true, 'time', 'tauMem is a time such as "20 ms", not true'],
  ];
  for (const [text, dimension, message] of expected) assert.is(messageOf(text, dimension), message);
});

test('a problem keeps the path of the field apart from the words', () => {
  assert.equal(parseQuantity(20, 'time', 'populations[1].tauMem'), {
    code: 'E-UNIT',
    message: 'needs a unit - did you mean "20 ms"?',
    where: { path: 'populations[1].tauMem' },
    got: '20',
    expected: 'time',
  });
});

test('quantities are printed with engineering prefixes, rounded before the prefix is chosen', () => {
  const expected: [number, Dimension, number | undefined, string][] = [
    [1.2e-10, 'energy', undefined, '120 pJ'],
    [0, 'energy', undefined, '0 J'],
    [-0, 'energy', undefined, '0 J'],
    [9.9996e-7, 'energy', undefined, '1 uJ'],
    [999e-9, 'energy', undefined, '999 nJ'],
    [0.02, 'time', undefined, '20 ms'],
    [-0.0651234, 'voltage', undefined, '-65.1 mV'],
    [1234567, 'resistance', 5, '1.2346 Mohm'],
    [1e-21, 'energy', undefined, '0.001 aJ'],
    [7200, 'time', undefined, '7200 s'],
    [1e12, 'frequency', undefined, '1000000 MHz'],
    [1e-13, 'capacitance', undefined, '100 fF'],
    [0.001, 'capacitance', undefined, '1000 uF'],
    [0.5, 'temperature', undefined, '0.5 K'],
    [Number.NaN, 'energy', undefined, 'NaN J'],
    [Number.POSITIVE_INFINITY, 'energy', undefined, 'Infinity J'],
  ];
  for (const [si, dimension, digits, text] of expected) assert.is(formatQuantity(si, dimension, digits), text);
});

test('any unit may carry an SI prefix', () => {
  assert.is(formatSi(2.4e-11, 'J/update'), '24 pJ/update');
  assert.is(formatSi(1.234e9, 'events/s'), '1.23 Gevents/s');
  assert.is(formatSi(0, 'J'), '0 J');
  assert.is(formatSi(999.6, 'Hz'), '1 kHz');
  assert.is(formatSi(5e15, 'B', 2), '5000 TB');
});

test('a printed quantity reads back as the number rounded to its digits', () => {
  const dimensions: Dimension[] = ['time', 'voltage', 'current', 'resistance', 'capacitance', 'energy', 'temperature'];
  const values = fc.double({ min: -1e12, max: 1e12, noNaN: true }).filter((value) => value === 0 || Math.abs(value) > 1e-280);
  fc.assert(
    fc.property(values, fc.constantFrom(...dimensions), fc.integer({ min: 1, max: 15 }), (value, dimension, digits) => {
      // + 0 because -0 is printed as 0.
      assert.is(parseQuantity(formatQuantity(value, dimension, digits), dimension, 'x'), Number(value.toPrecision(digits)) + 0);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test.run();
