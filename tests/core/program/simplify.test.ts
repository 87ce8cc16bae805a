import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../../core/errors.ts';
import { compileOrThrow, compileProgram } from '../../../core/program/check-types.ts';
import { evaluate } from '../../../core/program/evaluate.ts';
import type { Program } from '../../../core/program/ir.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import { printProgram } from '../../../core/program/print.ts';
import { bindConstants, simplify, substituteConstants } from '../../../core/program/simplify.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { uniformAt } from '../../../core/random.ts';
import { programText, SYNAPSE_SCOPES, sameBits, symbolsOf } from './programs.ts';

/** Numbers that find a wrong identity. */
const EDGES = [0, -0, 1, -1, NaN, Infinity, -Infinity, 0.1, Number.MIN_VALUE, 1e300, -2.5];

/** Everything the program writes, in order, for one choice of inputs. */
function written(program: Program, seed: number, constants: ReadonlyMap<string, number>): number[] {
  const values = new Map<string, number>(constants);
  const out: number[] = [];
  const read = (name: string): number => {
    if (!values.has(name))
      values.set(
        name,
        Math.fround(
          EDGES[
            Math.floor(uniformAt(seed, name.charCodeAt(0) * 7 + name.length * 31 + name.charCodeAt(name.length - 1), 0, 0) * EDGES.length)
          ],
        ),
      );
    return values.get(name) as number;
  };
  evaluate(
    program,
    read,
    (name, _scope, value) => {
      values.set(name, value);
      out.push(value);
    },
    (_distribution, site) => uniformAt(seed, 9, site, 0),
  );
  return out;
}

test('simplifying and binding constants never change a bit of a result', () => {
  const generated = symbolsOf(SYNAPSE_SCOPES).chain((symbols) =>
    fc.record({ symbols: fc.constant(symbolTable(symbols)), text: programText(symbols), seed: fc.nat(1000) }),
  );
  const property = fc.property(generated, ({ symbols, text, seed }) => {
    const { program } = compileProgram(text, symbols, { title: 'generated' });
    if (!program) return;
    const constants = new Map([
      ['constant_a', Math.fround(EDGES[seed % 4])],
      ['constant_b', Math.fround(0.3)],
    ]);
    for (const round of [0, 1, 2]) {
      const expected = written(program, seed + round, constants);
      assert.ok(sameBits(written(simplify(program), seed + round, constants), expected), printProgram(program));
      assert.ok(
        sameBits(written(simplify(substituteConstants(program, constants)), seed + round, new Map()), expected),
        printProgram(program),
      );
    }
  });
  fc.assert(property, { numRuns: 500, seed: 31 });
});

const symbols = symbolTable([
  { name: 'w', scope: 'synapse', format: FLOAT64, writable: true },
  { name: 'tau', scope: 'constant', format: FLOAT64, writable: false },
  { name: 'on', scope: 'constant', format: FLOAT64, writable: false },
]);

const simplified: [string, string][] = [
  ['w = w * 1', 'w = w'],
  ['w = w + 0', 'w += 0'],
  ['w = 2 + w + 0', 'w = 2 + w'],
  ['w = 0 + w + 0', 'w = 0 + w'],
  ['w = w * 2 + 0', 'w = w * 2 + 0'],
  ['w = w - 0', 'w = w'],
  ['w = 0 * w', 'w = 0 * w'],
  ['w = w * (2 + 3)', 'w *= 5'],
  ['w = 1 < 2 ? w : w / 3', 'w = w'],
  ['let a = w * 2; let b = 3; w += b', 'w += 3'],
  ['let a = 2; a = w; w = a', 'let a = w\nw = a'],
  ['w = not not (w > 0) ? 1 : 2', 'w = w > 0 ? 1 : 2'],
];

for (const [text, printed] of simplified) {
  test(`${text} becomes ${printed.replace('\n', '; ')}`, () => {
    assert.is(printProgram(simplify(compileOrThrow(text, symbols, { title: 't' }))), printed);
  });
}

test('a constant that turns out to be zero below a fraction is reported, unless its branch is never taken', () => {
  const values = new Map([
    ['tau', 0],
    ['on', 0],
  ]);
  try {
    bindConstants(compileOrThrow('w = w / tau', symbols, { title: 'rule r' }), values);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, UserError);
    assert.is((error as UserError).message, 'rule r: division by zero\n    w = w / tau\n            ^^^');
  }
  assert.is(printProgram(bindConstants(compileOrThrow('w = on > 0 ? w / tau : w', symbols, { title: 'rule r' }), values)), 'w = w');
});

test.run();
