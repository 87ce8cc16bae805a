import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileExpressionOrThrow } from '../../../core/program/check-types.ts';
import { evaluateExpr } from '../../../core/program/evaluate.ts';
import type { Apply } from '../../../core/program/ir.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import { DRAWING_OPS, OP_NAMES, OPS } from '../../../core/program/op-table.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { uniformAt } from '../../../core/random.ts';

const argument = (bool: boolean, i: number) => (bool ? '1 < 2' : String(3 + i));

for (const name of OP_NAMES) {
  const row = OPS[name];

  test(`${name}: what the table says can be written, typed, emitted and evaluated`, () => {
    const isBool = (i: number) => row.types === 'logic' || (row.types === 'choose' && i === 0);
    const args = Array.from({ length: row.arity }, (_, i) => `(${argument(isBool(i), i)} ${isBool(i) ? '' : '+ 0'})`);
    if (DRAWING_OPS.has(name)) args.pop();
    // a double counts as one already
    if (name === 'f64') args[0] = 'f32(3 + 0)';
    const text =
      row.notation === 'call'
        ? `${row.symbol}(${args.join(', ')})`
        : row.notation === 'ternary'
          ? `${args[0]} ? ${args[1]} : ${args[2]}`
          : [...(row.arity === 2 ? [args[0]] : []), row.symbol, args[row.arity - 1]].join(' ');
    const expr = compileExpressionOrThrow(text, new Map(), { title: name }) as Apply;
    assert.is(expr.op, name);
    assert.is(expr.type, row.types === 'compare' || row.types === 'logic' ? 'bool' : row.types === 'single' ? 'f32' : 'f64');
    assert.is(row.value.length, row.arity);
    assert.type(
      evaluateExpr(
        expr,
        () => 0,
        () => 0.25,
      ),
      'number',
    );
    assert.ok(row.emit(...args).length > 0);
  });

  test(`${name}: its range holds its values`, () => {
    if (!row.range || row.types === 'logic') return;
    const ends = [-5, -1, 0, 1, 3];
    const counts = name === 'pow' ? [0, 1, 2, 3] : [1, 2, 3];
    const second = row.types === 'first' || name === 'pow' ? counts : ends;
    for (const a of ends) {
      for (const b of second) {
        for (const c of ends) {
          const args = name === 'if' ? [1, a, b] : DRAWING_OPS.has(name) ? [a, 0.5] : [a, b, c].slice(0, row.arity);
          const range = row.range(...args.map((value) => ({ low: value, high: value, fraction: 0 })));
          const value = row.value(...args);
          if (!range || (name === 'clip' && b > c)) continue;
          assert.ok(range.low / 2 ** range.fraction <= value && value <= range.high / 2 ** range.fraction, `${name}(${args}) = ${value}`);
        }
      }
    }
  });
}

const published: [string, number][] = [
  ['round(2.5)', 3],
  ['round(-2.5)', -2],
  ['trunc(-2.5)', -2],
  ['shr(-5, 1)', -3],
  ['shr(100, 3)', 12],
  ['wrap(128, 8)', -128],
  ['wrap(-129, 8)', 127],
  ['wrap(255, 8)', -1],
  ['wrapUnsigned(-1, 8)', 255],
  ['clip(5, 0, 3)', 3],
  ['2^3^2', 512],
  ['-2^2', -4],
  ['2^-6 * 64', 1],
  ['1 - 2 - 3', -4],
  ['1 < 2 ? 3 : 1 > 2 ? 4 : 5', 3],
  ['if(not 1 < 2 or 2 == 2 and 1 != 1, 1, 0)', 0],
];

for (const [text, value] of published) {
  test(`${text} is ${value}`, () => {
    assert.is(
      evaluateExpr(
        compileExpressionOrThrow(text, new Map(), { title: 't' }),
        () => 0,
        () => 0,
      ),
      value,
    );
  });
}

test('poisson is the inverse of its distribution: the smallest count whose probability reaches the draw', () => {
  const expr = compileExpressionOrThrow('poisson(m)', symbolTable([{ name: 'm', scope: 'constant', format: FLOAT64, writable: false }]), {
    title: 't',
  });
  const at = (mean: number, u: number) =>
    evaluateExpr(
      expr,
      () => mean,
      () => u,
    );
  // P(K = 0) = e^-2 = 0.1353, P(K <= 1) = 0.4060, P(K <= 2) = 0.6767 (Poisson's formula)
  assert.equal(
    [0.13, 0.14, 0.4, 0.41, 0.67, 0.68].map((u) => at(2, u)),
    [0, 1, 1, 2, 2, 3],
  );
  assert.is(at(0, 1 - 2 ** -33), 0);
  assert.ok(Number.isNaN(at(-1, 0.5)) && Number.isNaN(at(701, 0.5)));
  // mean and variance of 20,000 draws, at 3.5 standard errors
  const draws = Array.from({ length: 20_000 }, (_, item) => at(3.7, uniformAt(1, 2, item, 0)));
  const mean = draws.reduce((sum, k) => sum + k, 0) / draws.length;
  const variance = draws.reduce((sum, k) => sum + (k - mean) ** 2, 0) / draws.length;
  assert.ok(Math.abs(mean - 3.7) < 3.5 * Math.sqrt(3.7 / draws.length), String(mean));
  assert.ok(Math.abs(variance - 3.7) < 3.5 * Math.sqrt((3.7 + 2 * 3.7 ** 2) / draws.length), String(variance));
});

test('stochastic rounds up if the draw is below the fraction', () => {
  const expr = compileExpressionOrThrow('stochastic(2.25)', new Map(), { title: 't' });
  assert.is(
    evaluateExpr(
      expr,
      () => 0,
      () => 0.2,
    ),
    3,
  );
  assert.is(
    evaluateExpr(
      expr,
      () => 0,
      () => 0.3,
    ),
    2,
  );
});

test.run();
