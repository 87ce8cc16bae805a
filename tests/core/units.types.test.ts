/**
 * The unit types hold when TypeScript compiles, so the test compiles: this file must have no type error, and each line marked
 * `@ts-expect-error` must have one (TypeScript reports a mark that marks nothing).
 */
import ts from 'typescript';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Conductance, Energy, Quantity, Time, Voltage } from '../../core/units.ts';
import { parseQuantity } from '../../core/units.ts';

const time: Time = '20 ms';
const negative: Voltage = '-65.5 mV';
const exponent: Energy = '2.5e-3 pJ';
const amount = 3;
const computed: Time = `${amount} us`;
const either: Quantity<'time' | 'voltage'> = '3 mV';

// @ts-expect-error a bare number has no unit
const bare: Time = 20;
// @ts-expect-error the unit is missing
const missing: Time = '20';
// @ts-expect-error mV is not a time
const wrongDimension: Time = '20 mV';
// @ts-expect-error units are case-sensitive: ms is not mS
const wrongCase: Conductance = '20 ms';
// @ts-expect-error no such unit
const unknownUnit: Time = '20 mss';
// @ts-expect-error no such number
const noNumber: Time = 'x ms';
// @ts-expect-error a voltage is not a time
const mixed: Time = negative;
// @ts-expect-error a union of dimensions does not lend one dimension's unit to another
const outside: Quantity<'time' | 'voltage'> = '3 pJ';
// @ts-expect-error no such dimension
const dimensionless = (): unknown => parseQuantity('3 s', 'loudness', 'x');

/** Diagnostics of one file of this project, under the project's own compiler options. */
function diagnosticsOf(file: string): string[] {
  const config = ts.parseJsonConfigFileContent(ts.readConfigFile('tsconfig.json', ts.sys.readFile).config, ts.sys, process.cwd());
  const program = ts.createProgram([file], config.options);
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'));
}

test('wrong units are compile errors and right ones are not', () => {
  assert.equal(diagnosticsOf('tests/core/units.types.test.ts'), []);
});

test('what the types let through is accepted at run time, what they reject is refused', () => {
  for (const [text, dimension] of [
    [time, 'time'],
    [negative, 'voltage'],
    [exponent, 'energy'],
    [computed, 'time'],
    [either, 'voltage'],
  ] as const) {
    assert.type(parseQuantity(text, dimension, 'x'), 'number');
  }
  for (const text of [bare, missing, wrongDimension, unknownUnit, noNumber, mixed, outside])
    assert.type(parseQuantity(text, 'time', 'x'), 'object');
  assert.type(parseQuantity(wrongCase, 'conductance', 'x'), 'object');
  assert.throws(dimensionless);
});

test.run();
