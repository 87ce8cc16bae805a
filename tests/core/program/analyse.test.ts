/** The order analysis: lists of rules that do and do not depend on the order, and a brute-force shuffle that checks the lists themselves. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, analyseExpr } from '../../../core/program/analyse.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../../core/program/check-types.ts';
import { evaluate } from '../../../core/program/evaluate.ts';
import { FLOAT64, int } from '../../../core/program/number-format.ts';
import type { Scope, SymbolInfo } from '../../../core/program/symbols.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { shuffledIndices } from '../../../core/random.ts';

const named = (name: string, scope: Scope, format: SymbolInfo['format'] = FLOAT64): SymbolInfo => ({
  name,
  scope,
  format,
  writable: scope !== 'constant',
});
const symbols = symbolTable([
  named('w', 'synapse'),
  named('e', 'synapse'),
  named('x', 'pre'),
  named('y', 'post'),
  named('z', 'post'),
  named('s', 'post', int(4)),
  named('m', 'modulator'),
  named('c', 'constant'),
  named('n', 'counter'),
]);
const compile = (text: string) => compileOrThrow(text, symbols, { title: 'rule' });

const good = [
  'w += c * x',
  'w = clip(w + x * y - e, 0, 7)\ne = w',
  'y += w',
  'y = y - w * x + c',
  'y += w\nz += x',
  'y -= w\ny += e',
  'y *= w',
  'y = max(y, w)',
  'y = c + z',
  'let a = c * 2\ny = a',
  'x = c',
  'n += if(w > 2, 1, 0)\nw += 1',
  'y = 2 * w + y',
  'e = x\nm += e * w',
];

/** Rule, and the name that the reason must give. */
const bad: [string, string][] = [
  ['y += w\nw += y', 'y'],
  ['y = w', 'y'],
  ['x = y', 'x'],
  ['y += x * z\nz += w', 'z'],
  ['y = w - y', 'y'],
  ['y = y * 2 + w', 'y'],
  ['y += w\ny *= e', 'y'],
  ['y = clip(y + w - 4, 0, 9)', 'y'],
  ['s += w - 4', 's'],
  ['let a = y\ny += w\nw = a', 'y'],
  ['let a = c\na = w\ny = a', 'y'],
  ['m = e', 'm'],
  ['y = min(y, w)\ny += e', 'y'],
];

/** Twelve synapses between three rows and two targets, whole numbers, visited in the given order; everything that is left in the end. */
function outcome(text: string, order: Iterable<number>): string {
  const memory = new Map<string, number[]>(
    [...symbols.keys()].map((name, i) => [name, Array.from({ length: 12 }, (_, k) => ((k * 7 + i * 5) % 6) + 1)]),
  );
  const program = compile(text);
  for (const k of order) {
    const at = (scope: Scope) => (scope === 'synapse' ? k : scope === 'pre' ? k % 3 : scope === 'post' ? k % 2 : 0);
    const array = (name: string) => memory.get(name) as number[];
    evaluate(
      program,
      (name, scope) => array(name)[at(scope)],
      (name, scope, value) => (array(name)[at(scope)] = value),
      () => 0.5,
    );
  }
  return JSON.stringify([...memory]);
}

const shuffles = Array.from({ length: 40 }, (_, i) => [...shuffledIndices(1, i, 12)]);
const inOrder = Array.from({ length: 12 }, (_, k) => k);
const changesWithOrder = (text: string) => shuffles.some((order) => outcome(text, order) !== outcome(text, inOrder));

for (const text of good) {
  test(`no order: ${text.replace(/\n/g, '; ')}`, () => {
    const { orderIndependent, orderReason } = analyse(compile(text));
    assert.is(orderReason, undefined);
    assert.ok(orderIndependent);
    assert.not(changesWithOrder(text), 'shuffling the synapses must not change the outcome');
  });
}

for (const [text, name] of bad) {
  test(`order matters: ${text.replace(/\n/g, '; ')}`, () => {
    const { orderIndependent, orderReason } = analyse(compile(text));
    assert.not(orderIndependent);
    assert.ok(orderReason?.startsWith(`${name} (`), orderReason);
    assert.ok(changesWithOrder(text), 'some shuffle must change the outcome, or the example is not a bad one');
  });
}

test('the reason says what is wrong in words', () => {
  assert.is(analyse(compile('y += w\nw += y')).orderReason, 'y (post) is written by each synapse and read by the next');
  assert.is(analyse(compile('y = w')).orderReason, 'y (post) is overwritten, so the last synapse decides');
  assert.is(analyse(compile('y += w\ny *= e')).orderReason, 'y (post) is changed in two ways (sum, product) that do not commute');
});

test('reads and writes come with scope and place; locals are left out', () => {
  const { reads, writes } = analyse(compile('let a = x\nw += a * c'));
  assert.equal(
    reads.map(({ name, scope, span }) => [name, scope, span.start]),
    [
      ['x', 'pre', 8],
      ['w', 'synapse', 10],
      ['c', 'constant', 19],
    ],
  );
  assert.equal(writes, [{ name: 'w', scope: 'synapse', span: { start: 10, end: 11 } }]);
});

test('the cost counts operations by class; a whole power is its multiplications', () => {
  assert.equal(analyse(compile('w = clip(w + c * x^3, 0, 1) / y - exp(uniform())')).cost, {
    add: 2,
    mul: 3,
    div: 1,
    compare: 1,
    exp: 1,
    draw: 1,
    round: 0,
  });
  assert.is(analyse(compile('w = w^8')).cost.mul, 3);
  assert.is(analyse(compile('w = w^0.5')).cost.exp, 1);
  assert.is(analyseExpr(compileExpressionOrThrow('w * x + 1', symbols, { title: 't' })).cost.mul, 1);
});

test.run();
