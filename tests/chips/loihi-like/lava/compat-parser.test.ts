import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LavaSeries } from '../../../../chips/loihi-like/lava/compat-parser.ts';
import { parseLavaCompat, tracesByDependency } from '../../../../chips/loihi-like/lava/compat-parser.ts';
import { productText } from '../../../../chips/loihi-like/lava/findings.ts';
import { parseLavaRule } from '../../../../core/plasticity/lava-rule.ts';

const show = ({ products }: LavaSeries): string => products.map(productText).join(' | ');

/** Text, what Lava reads, and what it says about that reading. */
const TRAPS: readonly [string, string, string][] = [
  ['u10*w', '0*u1*w', 'u10 is read as u1 * 0'],
  ['u22*t', '2*u2*t', 'u22 is read as u2 * 2'],
  ['((2))*x0', 'x0', '((2)) is dropped'],
  ['x0*(w-2^-1)', 'x0*(w - 0.5)', '(w-2^-1) keeps the fraction -0.5, which the integer engine truncates after adding'],
  ['x0*(2*w)', 'x0*(w + 2)', '(2*w) is read as w + 2'],
  ['x0*(w*3)', 'x0*(w + 3)', '(w*3) is read as w + 3'],
  ['x0*(w-3*2)', 'x0*(w - 3)', '(w-3*2) ends for Lava after 3: the rest is dropped'],
  ['x0*(-w)', 'x0*w', '(-w) is read as w: its sign is dropped'],
  ['u1*x1*u1', 'u1*x1', 'the second u1 of a product is ignored'],
];

for (const [text, read, reading] of TRAPS) {
  test(`lava-compat reads ${text} as Lava does and says so; strict parsing does not read it so`, () => {
    const series = parseLavaCompat('dw', text);
    assert.is(show(series), read);
    assert.equal(series.readings, [reading]);
    const strict = parseLavaRule('dw', text);
    if (!('terms' in strict)) return;
    const same = strict.terms.every(({ mantissa, factors }, n) => {
      const other = series.products[n];
      return (
        mantissa === other.mantissa &&
        JSON.stringify(factors.map(({ offset = 0 }) => offset)) === JSON.stringify(other.factors.map(({ constant = 0 }) => constant))
      );
    });
    assert.not(same, 'the strict parser would have to read something else');
  });
}

test('two digits after u are a k and a factor', () => {
  assert.is(show(parseLavaCompat('dt', 'u12*t')), '2*u1*t');
});

const SOUND = [
  '2*x1*y0-2*y1*x0',
  '2^-3*x1*y0-2^-3*y1*x0-2^-4*sgn(w-80)*x1*y0-2^-4*x1*y0',
  '2*y0*x1-32*x0',
  '2^-5*u7*y1*x1 - 2^-6*u7*t*x1',
  '2^0*y0 - 2^0*u7*t',
  '4*2^-7*x1*y0 - 4*2^-7*y1*x0 + 4*x0 - 4*y0',
  'u1*x1*y1*(2^-7)',
  'x0*y0*(127-w)',
  'u0*x0*y1 - 2^-1*u0*y0*(w+3*2^1)',
];

for (const text of SOUND) {
  test(`both parsers read ${text} alike`, () => {
    const strict = parseLavaRule('dw', text);
    assert.ok('terms' in strict);
    const { products, readings } = parseLavaCompat('dw', text);
    assert.equal(readings, []);
    assert.equal(
      products.map(({ dependency, decimation, mantissa, exponent, factors }) => [
        dependency,
        decimation,
        mantissa,
        exponent,
        factors.map(({ name, constant = 0, sgn }) => [name, constant, sgn]),
      ]),
      strict.terms.map(({ dependency, mantissa, exponent, factors }) => [
        dependency.kind,
        dependency.kind === 'u' ? dependency.exponent : undefined,
        mantissa,
        exponent,
        factors.map(({ name, offset = 0, sgn = false }) => [name, offset, sgn]),
      ]),
    );
  });
}

for (const text of [
  '',
  'x0*y1 +',
  '--x0',
  'x0*z',
  'x0*2.5',
  'x0*w^2',
  'x0*(w',
  'x0)',
  'x0*()',
  '9*x0',
  'x0*2^-8',
  'x0*u1',
  'u0*t+u1*t',
  'x0*(u1+2)',
  'x0*(x1+y1)',
  'sgn(5-w)*x0',
  'x0*2^-07',
]) {
  test(`lava-compat refuses "${text}" where Lava raises`, () => {
    assert.throws(() => parseLavaCompat('dw', text), /^dw = |E-LAVA-RULE/);
  });
}

test('traces are listed by dependency', () => {
  assert.equal(tracesByDependency(parseLavaCompat('dw', 'x0*y2*y1 + u0*w + x0*x2')), { x0: ['x2', 'y1', 'y2'], u: [] });
});

test.run();
