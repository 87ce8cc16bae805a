import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OptionsReader } from '../../core/check-options.ts';
import { readOptions } from '../../core/check-options.ts';
import type { Problem } from '../../core/errors.ts';
import { formatProblem } from '../../core/errors.ts';
import type { JsonDocument } from '../../core/json-places.ts';
import { parseJsonWithPlaces } from '../../core/json-places.ts';

/** What a reading of `value` at path `p` complained of, as the user sees it, with its code in front. */
function complaints(value: unknown, read: (options: OptionsReader) => void, path = 'p'): string[] {
  const problems: Problem[] = [];
  read(readOptions(value, path, problems));
  return problems.map((problem) => `${problem.code}: ${formatProblem(problem)}`);
}

test('fields of every kind are read, quantities in SI', () => {
  const problems: Problem[] = [];
  const options = readOptions(
    { n: 3, tau: '20 ms', mode: 'fast', on: false, name: '', inner: { x: 1 }, list: ['a', 'b'], extra: [1] },
    'p',
    problems,
  );
  assert.is(options.number('n', { min: 3, max: 3, integer: true }), 3);
  assert.is(options.quantity('tau', 'time', { above: '0 ms' }), 0.02);
  assert.is(options.choice('mode', ['slow', 'fast']), 'fast');
  assert.is(options.boolean('on', { default: true }), false);
  assert.is(options.string('name', { default: 'x' }), '');
  const inner = options.object('inner');
  assert.is(inner.number('x'), 1);
  assert.is(inner.path, 'p.inner');
  inner.finish();
  assert.equal(
    options.list('list', (item, path) => `${path}=${item}`),
    ['p.list[0]=a', 'p.list[1]=b'],
  );
  assert.equal(options.raw('extra'), [1]);
  options.finish();
  assert.equal(problems, []);
});

test('an absent field reads as its default, or as undefined when it is optional', () => {
  const problems: Problem[] = [];
  const options = readOptions({ gone: undefined }, 'p', problems);
  assert.is(options.number('gone', { default: 5 }), 5);
  assert.is(options.quantity('tau', 'time', { default: '10 ms' }), 0.01);
  assert.is(options.choice('mode', ['a', 'b'], { default: 'b' }), 'b');
  assert.is(options.boolean('on', { default: true }), true);
  assert.is(options.string('name', { default: 'x' }), 'x');
  assert.is(options.number('n', { optional: true }), undefined);
  assert.is(options.quantity('t', 'time', { optional: true }), undefined);
  assert.is(options.object('o', { optional: true }), undefined);
  assert.is(
    options.list('l', (item) => item, { optional: true }),
    undefined,
  );
  assert.not.ok(options.has('gone'));
  options.finish();
  assert.equal(problems, []);
});

test('the types of what is read follow from the call', () => {
  const options = readOptions({ mode: 'a' }, 'p', []);
  const mode: 'a' | 'b' = options.choice('mode', ['a', 'b']);
  // @ts-expect-error an optional number may be undefined
  const count: number = options.number('n', { optional: true });
  // @ts-expect-error a default is given in the field's dimension
  options.quantity('tau', 'time', { default: '3 mV' });
  // @ts-expect-error a default is one of the choices
  options.choice('mode', ['a', 'b'], { default: 'c' });
  assert.is(mode, 'a');
  assert.is(count, undefined);
});

test('each fault has its code and its words', () => {
  const expected: [unknown, (options: OptionsReader) => void, string][] = [
    [{ n: 'x' }, (o) => o.number('n'), 'E-TYPE: p.n needs a number, not "x"'],
    [{ n: Number.NaN }, (o) => o.number('n'), 'E-TYPE: p.n needs a number, not NaN'],
    [{ n: Number.POSITIVE_INFINITY }, (o) => o.number('n'), 'E-TYPE: p.n needs a number, not Infinity'],
    [{ n: 1.5 }, (o) => o.number('n', { integer: true }), 'E-TYPE: p.n needs a whole number, not 1.5'],
    [{ n: 2 ** 53 }, (o) => o.number('n', { integer: true }), 'E-TYPE: p.n needs a whole number, not 9007199254740992'],
    [{ n: null }, (o) => o.number('n', { default: 1 }), 'E-TYPE: p.n needs a number, not null'],
    [{ n: -1 }, (o) => o.number('n', { min: 0 }), 'E-RANGE: p.n is -1, but must be at least 0'],
    [{ n: 0 }, (o) => o.number('n', { above: 0 }), 'E-RANGE: p.n is 0, but must be more than 0'],
    [{ n: 9 }, (o) => o.number('n', { max: 8 }), 'E-RANGE: p.n is 9, but must be at most 8'],
    [{ n: 1 }, (o) => o.number('n', { below: 1 }), 'E-RANGE: p.n is 1, but must be less than 1'],
    [{}, (o) => o.number('n'), 'E-MISSING: p.n is missing; it needs a number'],
    [{}, (o) => o.quantity('tau', 'time'), 'E-MISSING: p.tau is missing; it needs a time with its unit'],
    [{ tau: 20 }, (o) => o.quantity('tau', 'time'), 'E-UNIT: p.tau needs a unit - did you mean "20 ms"?'],
    [{ tau: '1 mV' }, (o) => o.quantity('tau', 'time', { default: '1 s' }), 'E-UNIT: p.tau is a time; "mV" is a voltage'],
    [{ tau: '5 us' }, (o) => o.quantity('tau', 'time', { min: '1 ms' }), 'E-RANGE: p.tau is 5 us, but must be at least 1 ms'],
    [{ tau: '1 s' }, (o) => o.quantity('tau', 'time', { below: '1000 ms' }), 'E-RANGE: p.tau is 1 s, but must be less than 1000 ms'],
    [{ on: 1 }, (o) => o.boolean('on'), 'E-TYPE: p.on needs true or false, not 1'],
    [{ name: ['a'] }, (o) => o.string('name'), 'E-TYPE: p.name needs a text, not a list'],
    [{ mode: 3 }, (o) => o.choice('mode', ['a', 'b']), 'E-TYPE: p.mode needs one of a, b, not 3'],
    [{ mode: 'zzzzz' }, (o) => o.choice('mode', ['a', 'b']), 'E-CHOICE: p.mode unknown mode "zzzzz" (a, b)'],
    [
      { model: 'liff' },
      (o) => o.choice('model', ['lif', 'cubalif'], { noun: 'neuron model' }),
      'E-CHOICE: p.model unknown neuron model "liff" - did you mean "lif"? (lif, cubalif)',
    ],
    [{ inner: [] }, (o) => o.object('inner'), 'E-TYPE: p.inner needs an object, not a list'],
    [{}, (o) => o.object('inner').number('x'), 'E-MISSING: p.inner is missing; it needs an object'],
    [{ inner: {} }, (o) => o.object('inner').number('x'), 'E-MISSING: p.inner.x is missing; it needs a number'],
    [{ l: 'ab' }, (o) => o.list('l', String), 'E-TYPE: p.l needs a list, not "ab"'],
    [{ l: [1] }, (o) => o.list('l', String, { minLength: 2 }), 'E-RANGE: p.l has 1 item, but needs at least 2'],
    [{ l: [1, 2] }, (o) => o.list('l', String, { maxLength: 1 }), 'E-RANGE: p.l has 2 items, but may have at most 1'],
    [7, (o) => o.number('n'), 'E-TYPE: p needs an object, not 7'],
    [null, (o) => o.finish(), 'E-TYPE: p needs an object, not null'],
  ];
  for (const [value, read, complaint] of expected) assert.equal(complaints(value, read), [complaint]);
});

test('a key that nobody read is unknown, with the nearest known one suggested', () => {
  const read = (options: OptionsReader): void => {
    options.quantity('tau', 'time', { default: '1 ms' });
    options.quantity('vRest', 'voltage', { default: '0 mV' });
    options.finish();
  };
  assert.equal(complaints({ tua: '3 ms' }, read), ['E-UNKNOWN-KEY: p has an unknown key "tua" - did you mean "tau"? (tau, vRest)']);
  assert.equal(complaints({ tua: '3 ms' }, read, ''), ['E-UNKNOWN-KEY: unknown key "tua" - did you mean "tau"? (tau, vRest)']);
  assert.equal(complaints({ somethingElse: 1 }, read), ['E-UNKNOWN-KEY: p has an unknown key "somethingElse" (tau, vRest)']);
});

test('names that every object inherits are neither fields nor known keys', () => {
  assert.equal(
    complaints({}, (options) => options.string('toString')),
    ['E-MISSING: p.toString is missing; it needs a text'],
  );
  const complaint = complaints({ constructor: 1 }, (options) => options.finish());
  assert.is(complaint.length, 1);
});

test('the rest of the fields can be taken whole, once', () => {
  const options = readOptions({ a: 1, b: 2, c: 3 }, 'p', []);
  options.number('a');
  assert.equal(options.rest(), { b: 2, c: 3 });
  assert.equal(options.rest(), {});
});

test('all faults are collected in one reading', () => {
  const found = complaints({ n: 'x', tau: 3, mood: 1 }, (options) => {
    assert.ok(Number.isNaN(options.number('n')));
    options.quantity('tau', 'time');
    options.choice('mode', ['a', 'b']);
    options.reject('n', { code: 'E-PAIR', message: 'and tau do not go together' });
    options.finish();
  });
  assert.equal(found, [
    'E-TYPE: p.n needs a number, not "x"',
    'E-UNIT: p.tau needs a unit - did you mean "3 ms"?',
    'E-MISSING: p.mode is missing; it needs one of a, b',
    'E-PAIR: p.n and tau do not go together',
    'E-UNKNOWN-KEY: p has an unknown key "mood" - did you mean "mode"? (n, tau, mode)',
  ]);
});

test('with a JSON document behind it, each problem carries the line and column of its field', () => {
  const document = parseJsonWithPlaces('{\n "p": {\n  "tau": 20,\n  "tua": 1}}', 'exp.json') as JsonDocument;
  const problems: Problem[] = [];
  const inner = readOptions(document.value, '', problems, document.placeOf).object('p');
  inner.quantity('tau', 'time');
  inner.finish();
  assert.equal(problems.map(formatProblem), [
    'exp.json:3:10  p.tau needs a unit - did you mean "20 ms"?',
    'exp.json:4:10  p has an unknown key "tua" - did you mean "tau"? (tau)',
  ]);
});

test.run();
