import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileExpressionOrThrow, compileProgram, storedSymbols } from '../../../core/program/check-types.ts';
import type { Expr, Program } from '../../../core/program/ir.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import { printExpr, printProgram } from '../../../core/program/print.ts';
import { simplify } from '../../../core/program/simplify.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { programText, SYNAPSE_SCOPES, symbolsOf } from './programs.ts';

/** The tree without its places in the text; -0 told apart from 0. */
const bare = (program: Program): string =>
  JSON.stringify(program.statements, (key, value) => (key === 'span' ? undefined : Object.is(value, -0) ? '-0' : value));

const generated = symbolsOf(SYNAPSE_SCOPES).chain((symbols) =>
  fc.record({ symbols: fc.constant(symbolTable(symbols)), text: programText(symbols) }),
);

test('a printed program reads back as the same program', () => {
  const property = fc.property(generated, ({ symbols, text }) => {
    const { program } = compileProgram(text, symbols, { title: 'generated' });
    if (!program) return;
    const again = compileProgram(printProgram(program), storedSymbols(symbols), { title: 'printed' });
    assert.equal(again.diagnostics, []);
    assert.is(bare(again.program as Program), bare(program));
  });
  fc.assert(property, { numRuns: 500, seed: 21 });
});

test('a simplified program prints, reads back and prints the same', () => {
  const property = fc.property(generated, ({ symbols, text }) => {
    const { program } = compileProgram(text, symbols, { title: 'generated' });
    if (!program) return;
    const printed = printProgram(simplify(program));
    const again = compileProgram(printed, storedSymbols(symbols), { title: 'printed' });
    assert.equal(again.diagnostics, []);
    assert.is(printProgram(again.program as Program), printed);
  });
  fc.assert(property, { numRuns: 500, seed: 22 });
});

const names = symbolTable(['a', 'b', 'c'].map((name) => ({ name, scope: 'synapse' as const, format: FLOAT64, writable: true })));

const canonical: [string, string][] = [
  ['(a + (b * c))', 'a + b * c'],
  ['(a + b) * c', '(a + b) * c'],
  ['a - (b - c)', 'a - (b - c)'],
  ['(a - b) - c', 'a - b - c'],
  ['a / (b * c)', 'a / (b * c)'],
  ['-(a ^ 2)', '-a^2'],
  ['(-a) ^ 2', '(-a)^2'],
  ['a ^ (b ^ c)', 'a^b^c'],
  ['(a ^ b) ^ c', '(a^b)^c'],
  ['a ^ -b', 'a^-b'],
  ['2 ^ -6 * a', '0.015625 * a'],
  ['a * (-2)', 'a * -2'],
  ['if(a < b, a, b)', 'a < b ? a : b'],
  ['(a < b ? a : b) + 1', '(a < b ? a : b) + 1'],
  ['if((a < b or b < c) and not (a == c), 1, 0)', '(a < b or b < c) and not a == c ? 1 : 0'],
];

for (const [text, printed] of canonical) {
  test(`${text} is printed as ${printed}`, () => {
    const expr: Expr = compileExpressionOrThrow(text, names, { title: 't' });
    assert.is(printExpr(expr), printed);
    assert.is(printExpr(compileExpressionOrThrow(printed, names, { title: 't' })), printed);
  });
}

test.run();
