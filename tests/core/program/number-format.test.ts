import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileExpressionOrThrow, compileOrThrow, storedSymbols } from '../../../core/program/check-types.ts';
import { formatDiagnostic } from '../../../core/program/diagnostics.ts';
import { FLOAT64, inferWidth, inferWidths, int, valueRange } from '../../../core/program/number-format.ts';
import { symbolTable } from '../../../core/program/symbols.ts';

const symbols = symbolTable([
  { name: 'w', scope: 'synapse', format: int(8, { signed: true }), writable: true },
  { name: 'x1', scope: 'pre', format: int(7), writable: false },
  { name: 'q', scope: 'synapse', format: int(8, { fraction: 4 }), writable: true },
  { name: 'v', scope: 'synapse', format: FLOAT64, writable: true },
  { name: 'big', scope: 'synapse', format: int(24, { signed: true }), writable: true },
]);
const formatOf = (name: string) => symbols.get(name)?.format;

function widthOf(text: string): string {
  const width = inferWidth(compileExpressionOrThrow(text, symbols, { title: 'rule r' }), formatOf, { title: 'rule r', text });
  return 'code' in width ? formatDiagnostic(width) : `${width.signed ? 's' : 'u'}${width.bits}.${width.fraction}`;
}

const widths: [string, string][] = [
  ['x1', 'u7.0'],
  ['w', 's8.0'],
  ['x1 * w', 's15.0'],
  ['w * w', 's16.0'],
  ['x1 * x1', 'u14.0'],
  ['x1 + x1', 'u8.0'],
  ['w - x1', 's9.0'],
  ['-w', 's9.0'],
  ['abs(w)', 'u8.0'],
  ['q', 'u8.4'],
  ['q * x1', 'u15.4'],
  ['q + x1', 'u12.4'],
  ['x1 / 8', 'u7.3'],
  ['shr(x1 * w, 5)', 's10.0'],
  ['clip(x1 * w, -128, 127)', 's8.0'],
  ['wrap(x1 * w, 6)', 's6.0'],
  ['max(w, 0)', 'u7.0'],
  ['x1 > 3 ? w : 0', 's8.0'],
  ['sign(w)', 's2.0'],
  ['w^2', 'u15.0'],
  ['floor(q)', 'u4.0'],
];

for (const [text, width] of widths) {
  test(`${text} is ${width} wide`, () => {
    assert.is(widthOf(text), width);
  });
}

test('a product that could leave the exact whole numbers is underlined', () => {
  assert.is(
    widthOf('w + big * big * big'),
    [
      'rule r: this can need 70 bits, more than the 53 that stay exact',
      '    w + big * big * big',
      '        ^^^^^^^^^^^^^^^',
      '  shift or clip the factors before they are multiplied',
    ].join('\n'),
  );
});

test('floats, divisions and exponentials have no width', () => {
  assert.match(widthOf('w + v'), '"v" has no fixed width');
  assert.match(widthOf('w / x1'), '"/" has no fixed width');
  assert.match(widthOf('exp(w)'), '"exp" has no fixed width');
});

test('no value of two small numbers leaves the width of their expression', () => {
  for (const text of ['x1 * w - w', 'clip(x1 - w, 0, 100) * w', 'shr(x1 * w, 3) + q', 'min(w, x1) * max(w, 3)']) {
    const width = inferWidth(compileExpressionOrThrow(text, symbols, { title: 't' }), formatOf, { title: 't', text });
    if ('code' in width) throw new Error(width.message);
    const value = new Function('x1', 'w', 'q', 'clip', 'shr', 'min', 'max', `return ${text}`) as (...args: unknown[]) => number;
    const clip = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));
    for (let x1 = 0; x1 < 128; x1 += 9.07) {
      for (let w = -128; w < 128; w += 5) {
        for (const [x, y] of [
          [Math.floor(x1), w],
          [0, w],
          [127, w],
        ]) {
          const n = value(x, y, 255 / 16, clip, (a: number, k: number) => Math.floor(a / 2 ** k), Math.min, Math.max) * 2 ** width.fraction;
          assert.ok(width.low <= n && n <= width.high, `${text} at x1 = ${x}, w = ${y}`);
        }
      }
    }
  }
});

test('locals carry their width to the statements below', () => {
  const program = compileOrThrow('let p = x1 * w; w = shr(p, 7)', symbols, { title: 't' });
  const found = inferWidths(program, formatOf).map((width) => ('code' in width ? width.message : width.bits));
  assert.equal(found, [15, 8]);
});

test('ranges in stored steps and in values', () => {
  assert.equal(valueRange(int(8, { signed: true, fraction: 4 })), { low: -8, high: 7.9375 });
  assert.is(storedSymbols(symbols).get('w')?.format, FLOAT64);
});

test.run();
