import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../../core/errors.ts';
import { compileExpression, compileExpressionOrThrow, compileOrThrow, compileProgram } from '../../../core/program/check-types.ts';
import { formatDiagnostic, toProblem } from '../../../core/program/diagnostics.ts';
import { evaluate } from '../../../core/program/evaluate.ts';
import { FLOAT32, FLOAT64, int } from '../../../core/program/number-format.ts';
import { printExpr, printProgram } from '../../../core/program/print.ts';
import { symbolTable } from '../../../core/program/symbols.ts';

const symbols = symbolTable([
  { name: 'w', scope: 'synapse', format: FLOAT64, writable: true },
  { name: 'e', scope: 'synapse', format: FLOAT32, writable: true },
  { name: 'x1', scope: 'pre', format: FLOAT64, writable: false, meaning: 'the pre-synaptic trace, tau 20 ms' },
  { name: 'x2', scope: 'pre', format: FLOAT32, writable: false },
  { name: 'y1', scope: 'post', format: FLOAT64, writable: false },
  { name: 'hits', scope: 'counter', format: FLOAT64, writable: true },
]);

const messages = (text: string) =>
  compileProgram(text, symbols, { title: 'rule r' }).diagnostics.map((diagnostic) => `${diagnostic.code} ${formatDiagnostic(diagnostic)}`);

/** Text, and the code, message, line, carets and hint of its one mistake. */
const mistakes: [string, string[]][] = [
  ['w += x3', ['E-UNKNOWN-NAME rule r: unknown name "x3"', '    w += x3', '         ^^', '  did you mean "x1"?']],
  ['w += x1 *', ['E-SYNTAX rule r: expected a number, a name or "(", found the end of the text', '    w += x1 *', '             ^']],
  ['w += (x1', ['E-SYNTAX rule r: expected ")" to close the bracket, found the end of the text', '    w += (x1', '            ^']],
  ['w += x1)', ['E-SYNTAX rule r: ")" without "("', '    w += x1)', '           ^']],
  ['w = 2 x1', ['E-SYNTAX rule r: unexpected "x1"', '    w = 2 x1', '          ^^', '  write "2 * x1" for a product']],
  ['w = x1 && y1', ['E-SYNTAX rule r: unexpected "&&"', '    w = x1 && y1', '           ^^', '  write "and"']],
  [
    'w x1',
    ['E-SYNTAX rule r: expected "=" after "w", found "x1"', '    w x1', '      ^^', '  a statement has the form "name = expression"'],
  ],
  [
    'w = x1 ? 1',
    ['E-SYNTAX rule r: expected ":" between the two values of "?", found the end of the text', '    w = x1 ? 1', '              ^'],
  ],
  [
    '3 = w',
    ['E-SYNTAX rule r: expected the name of a variable, found "3"', '    3 = w', '    ^', '  a statement has the form "name = expression"'],
  ],
  ['w = exp', ['E-SYNTAX rule r: "exp" is an operation and needs its arguments in brackets', '    w = exp', '        ^^^']],
  ['w = expp(1)', ['E-UNKNOWN-NAME rule r: unknown operation "expp"', '    w = expp(1)', '        ^^^^', '  did you mean "exp"?']],
  [
    'x1 = 0',
    [
      'E-NOT-WRITABLE rule r: "x1" cannot be written: it is the pre-synaptic trace, tau 20 ms',
      '    x1 = 0',
      '    ^^',
      '  what can be written here: w, e',
    ],
  ],
  ['w += exp(x1, 2)', ['E-ARITY rule r: exp takes 1 argument, not 2', '    w += exp(x1, 2)', '         ^^^^^^^^^^']],
  ['w = clip(w)', ['E-ARITY rule r: clip takes 3 arguments, not 1', '    w = clip(w)', '        ^^^^^^^']],
  [
    'w = (x1 > 0) * 2',
    ['E-TYPE rule r: "*" needs a number here, not a truth value', '    w = (x1 > 0) * 2', '         ^^^^^^', '  use if(condition, 1, 0)'],
  ],
  [
    'w = x1 ? 1 : 2',
    [
      'E-TYPE rule r: if needs a truth value here, not a number',
      '    w = x1 ? 1 : 2',
      '        ^^',
      '  compare it with something, e.g. x != 0',
    ],
  ],
  [
    'w = x1 > 0',
    ['E-TYPE rule r: a truth value cannot be stored as a number', '    w = x1 > 0', '        ^^^^^^', '  use if(condition, 1, 0)'],
  ],
  ['w = x1 / (3 - 3)', ['E-DIVISION-BY-ZERO rule r: division by zero', '    w = x1 / (3 - 3)', '              ^^^^^']],
  ['w = log(0) + x1', ['E-NOT-FINITE rule r: "log" gives -Infinity here', '    w = log(0) + x1', '        ^^^^^^']],
  ['w = 1e999', ['E-NOT-FINITE rule r: this number is larger than a double can hold', '    w = 1e999', '        ^^^^^']],
  [
    'hits = 0',
    [
      'E-COUNTER rule r: counter "hits" may only be increased',
      '    hits = 0',
      '    ^^^^',
      '  write "hits += …" with a number that is not negative',
    ],
  ],
  [
    'hits += -1',
    [
      'E-COUNTER rule r: counter "hits" may only be increased',
      '    hits += -1',
      '    ^^^^',
      '  write "hits += …" with a number that is not negative',
    ],
  ],
  [
    'w = hits',
    [
      'E-COUNTER rule r: counter "hits" cannot be read',
      '    w = hits',
      '        ^^^^',
      '  a counter is the sum over all items and is known only after the run',
    ],
  ],
  [
    'let w = 1',
    ['E-NAME-TAKEN rule r: "w" cannot be declared: it is a value of the synapse', '    let w = 1', '        ^', '  choose another name'],
  ],
  ['a = 1', ['E-UNKNOWN-NAME rule r: unknown name "a"', '    a = 1', '    ^', '  a new variable is declared with "let a = …"']],
];

for (const [text, lines] of mistakes) {
  test(`"${text}" is answered with ${lines[0].split(' ')[0]}`, () => {
    assert.is(messages(text).join('\n---\n'), lines.join('\n'));
  });
}

test('a name elsewhere, dotted or indexed, is not local', () => {
  const why = 'is not local: a program sees only the values at its own synapse or neuron';
  assert.equal(
    compileProgram('w += hidden.v\nw = w[3 + 1]\nw[0] = 1', symbols, { title: 't' }).diagnostics.map(({ code, message, span }) => [
      code,
      message,
      span.start,
    ]),
    [
      ['E-NON-LOCAL', `"hidden.v" ${why}`, 5],
      ['E-NON-LOCAL', `"w[3 + 1]" ${why}`, 18],
      ['E-NON-LOCAL', `"w[0]" ${why}`, 27],
    ],
  );
});

test('all mistakes of a text are reported, in its order, and thrown as one error', () => {
  const text = 'w += (x1\nw = q7\n\n# w = nonsense +\nx1 = 1; let z = (1 < 2) + 1\nw = z';
  const { program, diagnostics } = compileProgram(text, symbols, { title: 'rule r' });
  assert.is(program, undefined);
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['E-SYNTAX', 'E-UNKNOWN-NAME', 'E-NOT-WRITABLE', 'E-TYPE'],
  );
  try {
    compileOrThrow(text, symbols, { title: 'rule r' });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, UserError);
    assert.is((error as UserError).problems.length, 4);
  }
  assert.throws(
    () => compileExpressionOrThrow('1 +', symbols, { title: 't' }),
    (error: Error) => error instanceof UserError,
  );
});

test('a caller can word an unknown name', () => {
  const { diagnostics } = compileProgram('w = x3', symbols, {
    title: 'rule r',
    describeUnknown: (name) => `no trace "${name}"; pre traces are x1, x2`,
  });
  assert.is(diagnostics[0].message, 'no trace "x3"; pre traces are x1, x2');
});

test('a diagnostic becomes a problem with its excerpt', () => {
  const [diagnostic] = compileProgram('w =\tx3', symbols, { title: 'rule r' }).diagnostics;
  assert.equal(toProblem(diagnostic, { file: 'net.json' }), {
    code: 'E-UNKNOWN-NAME',
    message: 'rule r: unknown name "x3"',
    excerpt: '    w =\tx3\n       \t^^',
    where: { file: 'net.json' },
    hint: 'did you mean "x1"?',
  });
});

test('single precision stays single among singles and literals, and becomes double beside a double', () => {
  const type = (text: string) => compileExpression(text, symbols, { title: 't' }).expr?.type;
  assert.is(type('x2 * 0.1'), 'f32');
  assert.is(type('x2 + e'), 'f32');
  assert.is(type('x2 * x1'), 'f64');
  assert.is(type('x2 > 0.1'), 'bool');
  assert.is(type('f32(x1)'), 'f32');
  assert.is(printProgram(compileOrThrow('e = x1', symbols, { title: 't' })), 'e = f32(x1)');
});

test('statements may be split inside brackets and after operators, and carry comments', () => {
  const program = compileOrThrow('w = clip(\n  w,\n  0, 1) # bounds\nw = w +\n  1', symbols, { title: 't' });
  assert.is(printProgram(program), 'w = clip(w, 0, 1)\nw += 1');
});

test('draws are numbered in text order; a draw can be named and shared', () => {
  const sites = (text: string) => [
    printExpr(compileExpressionOrThrow(text, symbols, { title: 't' })),
    compileOrThrow(`w = ${text}`, symbols, { title: 't' }).draws,
  ];
  assert.equal(sites('uniform() + normal() + stochastic(w)'), ['uniform(0) + normal(1) + stochastic(w, uniform(2))', 3]);
  assert.equal(sites('uniform() + uniform(4) + uniform(4)'), ['uniform(5) + uniform(4) + uniform(4)', 6]);
});

/** Stores `value` in a name of the format and returns what lands in memory. */
function stored(value: number, format: ReturnType<typeof int>, u = 0.5): number {
  const table = symbolTable([
    { name: 'q', scope: 'synapse', format, writable: true },
    { name: 'v', scope: 'constant', format: FLOAT64, writable: false },
  ]);
  let result = Number.NaN;
  evaluate(
    compileOrThrow('q = v', table, { title: 't' }),
    () => value,
    (_name, _scope, kept) => (result = kept),
    () => u,
  );
  return result;
}

test('writing a fixed-point name scales, rounds and limits; reading it scales back', () => {
  assert.is(stored(2.7, int(7)), 2);
  assert.is(stored(2.5, int(7, { rounding: 'nearest' })), 3);
  assert.is(stored(2.7, int(7, { rounding: 'stochastic' }), 0.6), 3);
  assert.is(stored(2.7, int(7, { rounding: 'stochastic' }), 0.8), 2);
  assert.is(stored(200, int(7)), 127);
  assert.is(stored(-3, int(7)), 0);
  assert.is(stored(200, int(8, { signed: true, overflow: 'wrap' })), -56);
  assert.is(stored(-1, int(8, { overflow: 'wrap' })), 255);
  assert.is(stored(1.3, int(8, { fraction: 4 })), 20);
  assert.ok(Object.is(stored(-0, int(8, { signed: true })), 0), 'integers have one zero');
  const table = symbolTable([{ name: 'q', scope: 'synapse', format: int(8, { fraction: 4, rounding: 'nearest' }), writable: true }]);
  assert.is(printProgram(compileOrThrow('q += 1', table, { title: 't' })), 'q = clip(round((q * 0.0625 + 1) * 16), 0, 255)');
});

test.run();
