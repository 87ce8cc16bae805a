/** Coefficients of a product and what is shifted out behind it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChipProduct } from '../../../chips/loihi-like/chip-rule.ts';
import { nearestCoefficient, productShift } from '../../../chips/loihi-like/coefficients.ts';
import { productText } from '../../../chips/loihi-like/product-text.ts';
import { compileExpressionOrThrow } from '../../../core/program/check-types.ts';
import { evaluateExpr } from '../../../core/program/evaluate.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import { symbolTable } from '../../../core/program/symbols.ts';

test('the shift of a product follows from the width of its factors', () => {
  const trace = { kind: 'pre-trace', name: 'x1', offset: 0, sgn: false } as const;
  const weight = { kind: 'variable', name: 'w', offset: 0, sgn: false } as const;
  const table = [[], [trace], [weight], [trace, trace], [trace, weight], [trace, trace, trace], [trace, trace, weight]];
  assert.equal(
    table.map((factors) => productShift(factors, 'lava')),
    [0, 0, 0, 3, 5, 10, 12],
  );
  assert.equal(
    table.map((factors) => productShift(factors, 'nengo')),
    [0, 0, 0, 2, 4, 9, 11],
  );
  assert.equal(
    table.map((factors) => productShift(factors, 'none')),
    [0, 0, 0, 0, 0, 0, 0],
  );
});

test('the nearest coefficient is found by search over all of them', () => {
  for (const wanted of [0.001, 0.0078125, 0.011, 0.3, -0.7, 1.1, 5.6, 13, 1792, 5000]) {
    let least = Number.POSITIVE_INFINITY;
    for (let m = 1; m <= 7; m++) for (let e = -7; e <= 8; e++) least = Math.min(least, Math.abs(m * 2 ** e - Math.abs(wanted)));
    for (const shift of [0, 5]) {
      const { mantissa, exponent } = nearestCoefficient(wanted, shift);
      assert.ok(Math.abs(mantissa * 2 ** exponent - wanted) <= least + 1e-12 || mantissa === 0, `${wanted}`);
      assert.is(Math.sign(mantissa * wanted) >= 0, true);
    }
  }
  assert.equal(nearestCoefficient(0.125, 0), { mantissa: 1, exponent: -3, relativeError: 0 });
  // where a shift follows, low bits are worth keeping
  assert.equal(nearestCoefficient(0.125, 5), { mantissa: 4, exponent: -5, relativeError: 0 });
});

test('products of many factors wrap at 32 bits before they are shifted', () => {
  const factor = (name: string) => ({ kind: 'variable', name, offset: 0, sgn: false }) as const;
  const values: Record<string, number> = { w: 255, t: 255, d: 255 };
  const product: ChipProduct = {
    target: 'w',
    dependency: { kind: 'x0' },
    factors: ['w', 't', 'd', 'w'].map(factor),
    mantissa: 1,
    exponent: -7,
    shift: 25,
    wanted: 0,
  };
  const symbols = symbolTable(Object.keys(values).map((name) => ({ name, scope: 'synapse', format: FLOAT64, writable: false }) as const));
  const expr = compileExpressionOrThrow(productText(product, { saturation: 'lava', traceTime: 'spike-time' }), symbols, {
    title: 'product',
  });
  // 255^4 = 4228250625 is -66716671 in 32 bits
  assert.is(
    evaluateExpr(
      expr,
      (name) => values[name],
      () => Number.NaN,
    ),
    Math.floor((255 ** 4 - 2 ** 32) / 2 ** 25),
  );
});

test.run();
