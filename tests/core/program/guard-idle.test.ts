/** What gets a guard and what does not, and what the emitters make of it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileOrThrow } from '../../../core/program/check-types.ts';
import { emitLoop } from '../../../core/program/emit-js.ts';
import { guardIdle } from '../../../core/program/guard-idle.ts';
import type { Program } from '../../../core/program/ir.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import type { Scope, SymbolInfo } from '../../../core/program/symbols.ts';
import { symbolTable } from '../../../core/program/symbols.ts';

const symbol = (name: string, scope: Scope): SymbolInfo => ({ name, scope, format: FLOAT64, writable: true });
const symbols = symbolTable([...['w', 'g', 'rate'].map((name) => symbol(name, 'synapse')), symbol('x', 'pre'), symbol('hits', 'counter')]);

const guarded = (...lines: string[]): Program => guardIdle(compileOrThrow(lines.join('\n'), symbols, { title: 'test' }));
const guardsOf = (program: Program): string[] =>
  program.statements.map(({ name, guard }) => `${name}${guard === undefined ? '' : ` (${guard})`}`);

test('statements that say they change nothing are guarded, with the locals that only they read', () => {
  const program = guarded(
    'let due = x > 1',
    'let next = g + rate',
    'hits += if(due, 1, 0)',
    'g = if(due, next, g)',
    'w = if(due and g > 0, g, w)',
  );
  assert.equal(guardsOf(program), ['due', 'next (due)', 'hits (due)', 'g (due)', 'w (due)']);
});

test('others are not: another value where the guard does not hold, an "or", a sum that is no counter', () => {
  const program = guarded(
    'let due = x > 1',
    'g = if(due, 1, w)',
    'w = if(due or g > 0, 1, w)',
    'g += if(due, 1, 0)',
    'hits += if(due, 1, 2)',
  );
  assert.equal(guardsOf(program), ['due', 'g', 'w', 'g', 'hits']);
});

test('a local that is read outside of its run is not, nor what lies before the guard', () => {
  const split = guarded('let due = x > 1', 'let next = g + 1', 'g = if(due, next, g)', 'hits += 1', 'w = if(due, next, w)');
  assert.equal(guardsOf(split), ['due', 'next', 'g (due)', 'hits', 'w (due)']);
  const read = guarded('let next = g + 1', 'let due = next > 1', 'let more = next * 2', 'g = if(due, more, g)', 'hits += more > 3 ? 1 : 0');
  assert.equal(guardsOf(read), ['next', 'due', 'more', 'g (due)', 'hits']);
});

test('two guards have runs of their own', () => {
  const program = guarded('let a = x > 1', 'w = if(a, g, w)', 'let b = x > 2', 'let next = w + 1', 'g = if(b, next, g)');
  assert.equal(guardsOf(program), ['a', 'w (a)', 'b', 'next (b)', 'g (b)']);
});

test('what only the guarded statements touch is loaded and stored inside the branch', () => {
  const program = guarded('let due = w > 1', 'w = if(due, g + rate, w)', 'g = if(due, w, g)');
  const array = () => ({ kind: 'array', array: new Float64Array(4) }) as const;
  const { source } = emitLoop({
    name: 'test',
    program,
    loop: { kind: 'rows', rowStart: Int32Array.of(0, 4), target: Uint16Array.of(0, 1, 2, 3) },
    bindings: new Map(['w', 'g', 'rate'].map((name) => [name, array()])),
    random: { seed: 1, stream: 1, itemBase: 0 },
  });
  const [before, inside, after] = source.split(/if \(l0\) \{|\n {6}\}/);
  const loads = (part: string): string[] => [...part.matchAll(/= a\d+_(\w+)\[k\]/g)].map(([, name]) => name);
  const stores = (part: string): string[] => [...part.matchAll(/a\d+_(\w+)\[k\] =/g)].map(([, name]) => name);
  assert.equal([loads(before), stores(before)], [['w'], []]);
  assert.equal(
    [loads(inside).sort(), stores(inside).sort()],
    [
      ['g', 'rate'],
      ['g', 'w'],
    ],
  );
  assert.equal([loads(after), stores(after)], [[], []]);
});

test.run();
