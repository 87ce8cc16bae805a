import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Term } from '../../../core/plasticity/sum-of-products.ts';
import { formatTerms, toSumOfProducts } from '../../../core/plasticity/sum-of-products.ts';
import { compileExpressionOrThrow } from '../../../core/program/check-types.ts';
import { formatDiagnostic } from '../../../core/program/diagnostics.ts';
import { evaluateExpr } from '../../../core/program/evaluate.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { uniformAt } from '../../../core/random.ts';

const NAMES = ['x1', 'y1', 'w', 't'];
const symbols = symbolTable(NAMES.map((name) => ({ name, scope: 'synapse' as const, format: FLOAT64, writable: true })));

function termsOf(text: string, expand: 'brackets' | 'full' = 'brackets'): Term[] {
  const result = toSumOfProducts(compileExpressionOrThrow(text, symbols, { title: 'rule' }), { expand, source: { title: 'rule', text } });
  if (Array.isArray(result)) throw new Error(result.map(formatDiagnostic).join('\n'));
  return result.terms;
}

const sumOf = (terms: readonly Term[], values: ReadonlyMap<string, number>): number =>
  terms.reduce((sum, { sign, coefficient, factors }) => {
    const product = factors.map(({ name, offset = 0, sgn }) => {
      const shifted = (values.get(name) as number) + offset;
      return sgn ? Math.sign(shifted) : shifted;
    });
    return sum + sign * product.reduce((a, b) => a * b, coefficient);
  }, 0);

const polynomial = fc.letrec<{ sum: string }>((tie) => ({
  sum: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: fc.constantFrom(...NAMES), weight: 4 },
    { arbitrary: fc.constantFrom('1', '2', '127', '0.5', '2^-6', '3'), weight: 3 },
    {
      arbitrary: fc.tuple(tie('sum'), fc.constantFrom('+', '-', '*', '*'), tie('sum')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      weight: 6,
    },
    { arbitrary: fc.tuple(tie('sum'), fc.constantFrom('2', '4', '10')).map(([a, n]) => `(${a}) / ${n}`), weight: 1 },
    { arbitrary: tie('sum').map((a) => `-(${a})`), weight: 1 },
    {
      arbitrary: fc.tuple(fc.constantFrom(...NAMES), fc.integer({ min: -9, max: 9 })).map(([name, n]) => `sign(${name} - (${n}))`),
      weight: 1,
    },
    { arbitrary: fc.constantFrom(...NAMES).map((name) => `(127 - ${name})^2`), weight: 1 },
  ),
})).sum;

for (const expand of ['brackets', 'full'] as const) {
  test(`the ${expand} form has the value of the expression`, () => {
    const property = fc.property(polynomial, fc.nat(1000), (text, seed) => {
      const terms = termsOf(text, expand);
      const values = new Map(NAMES.map((name, i) => [name, 4 * uniformAt(seed, i, 0, 0) - 2]));
      const expected = evaluateExpr(
        compileExpressionOrThrow(text, symbols, { title: 't' }),
        (name) => values.get(name) as number,
        () => 0,
      );
      // rounding grows with the size of what is added up, not with the size of the sum
      const size = terms.reduce((sum, term) => sum + Math.abs(sumOf([term], values)), 1);
      assert.ok(Math.abs(sumOf(terms, values) - expected) <= 1e-12 * size, `${text}: ${formatTerms(terms)}`);
    });
    fc.assert(property, { numRuns: 500, seed: 41 });
  });
}

const forms: [string, string, string][] = [
  ['2^-6 * x1 * (127 - w)', '-2^-6*x1*(w-127)', '127*2^-6*x1 - 2^-6*x1*w'],
  ['2 * (x1 + y1) * w', '2*x1*w + 2*y1*w', '2*x1*w + 2*y1*w'],
  ['x1 * (w - 1) * (w + 3)', 'x1*(w-1)*(w+3)', 'x1*w*w + 3*x1*w - x1*w - 3*x1'],
  ['x1 / 4 - sign(w - 80) * t', '2^-2*x1 - sgn(w-80)*t', '2^-2*x1 - sgn(w-80)*t'],
  ['-(x1 - 3)', '-x1 + 3', '-x1 + 3'],
  ['x1 * (w - 0.5)', 'x1*w - 2^-1*x1', 'x1*w - 2^-1*x1'],
  ['w^2', 'w*w', 'w*w'],
  ['sign(3 - w) * x1', '-sgn(w-3)*x1', '-sgn(w-3)*x1'],
];

for (const [text, brackets, full] of forms) {
  test(`${text} is ${brackets}`, () => {
    assert.is(formatTerms(termsOf(text)), brackets);
    assert.is(formatTerms(termsOf(text, 'full')), full);
  });
}

const refused: [string, string][] = [
  ['x1 * exp(w)', '"exp" has no place in a sum of products'],
  ['x1 / w', 'a division by anything but a number has no place in a sum of products'],
  ['w^0.5', 'a power other than a small whole number has no place in a sum of products'],
  ['sign(w * x1)', 'the sign of anything but a variable plus a whole number has no place in a sum of products'],
  ['x1 + uniform()', 'a random draw has no place in a sum of products'],
  ['clip(w, 0, 1)', '"clip" has no place in a sum of products'],
];

for (const [text, message] of refused) {
  test(`${text} has no such form`, () => {
    const result = toSumOfProducts(compileExpressionOrThrow(text, symbols, { title: 'rule' }), { source: { title: 'rule', text } });
    if (!Array.isArray(result)) return assert.unreachable();
    assert.equal(
      result.map((diagnostic) => [diagnostic.code, diagnostic.message]),
      [['E-NOT-PRODUCTS', message]],
    );
  });
}

test('every part that does not fit is reported', () => {
  const result = toSumOfProducts(compileExpressionOrThrow('exp(w) + log(w)', symbols, { title: 'rule' }));
  assert.is(Array.isArray(result) && result.length, 2);
});

test('locals are opened up', () => {
  const local = compileExpressionOrThrow('w - 3', symbols, { title: 't' });
  const expr = {
    kind: 'apply',
    op: 'mul',
    type: 'f64',
    span: { start: 0, end: 1 },
    args: [
      compileExpressionOrThrow('x1', symbols, { title: 't' }),
      { kind: 'read', name: 'a', scope: 'local', type: 'f64', span: { start: 0, end: 1 } },
    ],
  } as const;
  const result = toSumOfProducts(expr, { locals: new Map([['a', local]]) });
  assert.is(Array.isArray(result) ? '' : formatTerms(result.terms), 'x1*(w-3)');
});

test.run();
