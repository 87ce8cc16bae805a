import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Problem } from '../../core/errors.ts';
import { formatProblem } from '../../core/errors.ts';
import type { JsonDocument } from '../../core/json-places.ts';
import { fieldPath, itemPath, parseJsonWithPlaces } from '../../core/json-places.ts';

function read(text: string): JsonDocument {
  const result = parseJsonWithPlaces(text, 'exp.json');
  if (!('placeOf' in result)) throw new Error(formatProblem(result));
  return result;
}

function problemOf(text: string): Problem {
  const result = parseJsonWithPlaces(text, 'exp.json');
  if ('placeOf' in result) throw new Error(`accepted ${text}`);
  return result;
}

test('each value is found at its line and column by its path', () => {
  const document = read('{\n  "seed": 7,\n  "populations": [\n    {"name": "in"},\n    {"tauMem": "20 ms", "a.b": [1, [2, 3]]}\n  ]\n}');
  const expected: [string, number, number][] = [
    ['', 1, 1],
    ['seed', 2, 11],
    ['populations', 3, 18],
    ['populations[0]', 4, 5],
    ['populations[0].name', 4, 14],
    ['populations[1].tauMem', 5, 16],
    ['populations[1]["a.b"]', 5, 32],
    ['populations[1]["a.b"][1][1]', 5, 40],
  ];
  for (const [path, line, column] of expected) assert.equal(document.placeOf(path), { file: 'exp.json', line, column }, path);
});

test('a path that is not there gets the place of the innermost value around it', () => {
  const document = read('{"a": {\n "tau": {"x": 1}},\n "b": 2}');
  assert.equal(document.placeOf('a.tauMem'), document.placeOf('a'));
  assert.equal(document.placeOf('a.tau.y[3].z'), document.placeOf('a.tau'));
  assert.equal(document.placeOf('c'), document.placeOf(''));
});

test('lines end at \\n, \\r\\n and \\r alike', () => {
  const document = read('{"a":\n1,\r\n"b":\r2}');
  assert.is(document.placeOf('a').line, 2);
  assert.is(document.placeOf('b').line, 4);
});

test('paths quote keys that are not plain words', () => {
  assert.is(fieldPath('', 'tau'), 'tau');
  assert.is(fieldPath('p[1]', 'tau'), 'p[1].tau');
  assert.is(fieldPath('p', 'a b'), 'p["a b"]');
  assert.is(itemPath('p.q', 3), 'p.q[3]');
});

test('each fault names its line, its column, what was expected and what was found', () => {
  const expected: [string, string][] = [
    ['', 'line 1, column 1: expected a value, found the end of the text'],
    ['{"a": 1,}', 'line 1, column 9: expected a key in double quotes, found "}"'],
    ['{a: 1}', 'line 1, column 2: expected a key in double quotes or "}", found "a"'],
    ['{"a" 1}', 'line 1, column 6: expected ":" after the key, found "1"'],
    ['{"a": 1\n "b": 2}', 'line 2, column 2: expected "," or "}", found "\\""'],
    ['{"a": }', 'line 1, column 7: expected a value, found "}"'],
    ['[1, 2', 'line 1, column 6: expected "," or "]", found the end of the text'],
    ['[', 'line 1, column 2: expected a value or "]", found the end of the text'],
    ['[1,]', 'line 1, column 4: expected a value, found "]"'],
    ['[NaN]', 'line 1, column 2: expected a value or "]", found "NaN"'],
    ['[01]', 'line 1, column 3: expected "," or "]", found "1"'],
    ['[.5]', 'line 1, column 2: expected a value or "]", found "."'],
    ["{'a': 1}", 'line 1, column 2: expected a key in double quotes or "}", found "\'"'],
    ['1 2', 'line 1, column 3: expected the end of the text, found "2"'],
    ['// seed\n1', 'line 1, column 1: expected a value, found "/"'],
    ['["ab', 'line 1, column 5: expected a closing quote, found the end of the text'],
    ['["a\nb"]', 'line 1, column 4: expected a closing quote before the end of the line, or an escape such as \\n, found "\\n"'],
    ['["\\x"]', 'line 1, column 3: expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u, found "\\\\x"'],
    ['["\\u12g4"]', 'line 1, column 3: expected four hexadecimal digits after \\u'],
  ];
  for (const [text, message] of expected) {
    const problem = problemOf(text);
    assert.is(problem.message, message, text);
    assert.is(problem.code, 'E-JSON');
  }
});

test('a key given twice is an error that names both places', () => {
  const problem = problemOf('{\n  "tau": 1,\n  "tau": 2\n}');
  assert.is(problem.code, 'E-DUPLICATE-KEY');
  assert.equal(problem.where, { file: 'exp.json', line: 3, column: 3 });
  assert.is(problem.message, 'line 3, column 3: the key "tau" was already given at line 2, column 3');
  assert.equal(read('{"a": {"x": 1}, "b": {"x": 2}}').value, { a: { x: 1 }, b: { x: 2 } });
});

test('a fault is shown in its source line with a caret', () => {
  assert.is(problemOf('{\n\t"a": 1.}\n').excerpt, '     "a": 1.}\n           ^');
});

test('nesting has an end instead of a stack overflow', () => {
  assert.match(problemOf('['.repeat(100_000)).message, 'nested more than 200 levels deep');
  assert.type(read(`${'['.repeat(200)}${']'.repeat(200)}`).value, 'object');
});

test('a byte-order mark is passed over', () => {
  assert.is(read('\ufeff7').value, 7);
});

test('a key called __proto__ is an ordinary field', () => {
  const value = read('{"__proto__": {"polluted": 1}}').value as object;
  assert.ok(Object.hasOwn(value, '__proto__'));
  assert.is(Object.getPrototypeOf(value), Object.prototype);
});

test('every text is accepted or refused as JSON.parse does, with the same value', () => {
  const json = fc.json({ maxDepth: 4 });
  const damaged = fc
    .tuple(
      json,
      fc.nat(),
      fc.nat(3),
      fc.constantFrom('', ',', '"', '{', '}', '[', ']', ':', '0', '-', '.', 'e', '\\', ' ', '\n', '\t', 'null', '\u0001', '\u007f'),
    )
    .map(([text, at, cut, insert]) => text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + cut));
  let refused = 0;
  fc.assert(
    fc.property(fc.oneof(json, damaged), (text) => {
      let expected: unknown;
      let isJson = true;
      try {
        expected = JSON.parse(text);
      } catch {
        isJson = false;
        refused++;
      }
      const result = parseJsonWithPlaces(text, 'x');
      if ('code' in result && result.code === 'E-DUPLICATE-KEY') return;
      assert.is('placeOf' in result, isJson, text);
      // Compared as text: -0 and the order of keys count too.
      if ('placeOf' in result) assert.is(JSON.stringify(result.value), JSON.stringify(expected));
    }),
    { seed: 5, numRuns: 3000 },
  );
  assert.ok(refused > 500, `only ${refused} damaged texts`);
});

test.run();
