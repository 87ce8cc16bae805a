import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LavaRule, LavaTarget } from '../../../core/plasticity/lava-rule.ts';
import { normaliseScale, parseLavaRule } from '../../../core/plasticity/lava-rule.ts';
import { formatTerms } from '../../../core/plasticity/sum-of-products.ts';
import { formatDiagnostic } from '../../../core/program/diagnostics.ts';

function read(text: string, target: LavaTarget = 'dw'): LavaRule {
  const result = parseLavaRule(target, text);
  if (Array.isArray(result)) throw new Error(result.map(formatDiagnostic).join('\n'));
  return result;
}

/** Dependency, m, e, factors: short enough to compare by eye. */
const shown = (text: string): string[] =>
  read(text).terms.map(({ dependency, mantissa, exponent, factors }) => {
    const when = dependency.kind === 'u' ? `u${dependency.exponent}` : dependency.kind;
    return `${when}: ${mantissa}*2^${exponent} ${formatTerms([{ sign: 1, coefficient: 1, factors, span: { start: 0, end: 0 } }])}`;
  });

const rules: [string, string[]][] = [
  ['2*x1*y0-2*y1*x0', ['y0: 2*2^0 x1', 'x0: -2*2^0 y1']],
  [
    '2^-3*x1*y0-2^-3*y1*x0-2^-4*sgn(w-80)*x1*y0-2^-4*x1*y0',
    ['y0: 1*2^-3 x1', 'x0: -1*2^-3 y1', 'y0: -1*2^-4 sgn(w-80)*x1', 'y0: -1*2^-4 x1'],
  ],
  ['2*y0*x1-32*x0', ['y0: 2*2^0 x1', 'x0: -4*2^3 1']],
  ['2^-5*u7*y1*x1 - 2^-6*u7*t*x1', ['u7: 1*2^-5 y1*x1', 'u7: -1*2^-6 t*x1']],
  ['2^0*y0 - 2^0*u7*t', ['y0: 1*2^0 1', 'u7: -1*2^0 t']],
  ['4*2^-7*x1*y0 - 4*2^-7*y1*x0 + 4*x0 - 4*y0', ['y0: 4*2^-7 x1', 'x0: -4*2^-7 y1', 'x0: 4*2^0 1', 'y0: -4*2^0 1']],
  ['u1*x1*y1*(2^-7)', ['u1: 1*2^-7 x1*y1']],
  ['(1) * (-2) * x0 * y1 +(1) * (1) * y0 * x1', ['x0: -2*2^0 y1', 'y0: 1*2^0 x1']],
  ['2^-7*y0*x1*(127-w)', ['y0: -1*2^-7 x1*(w-127)']],
  ['u0*t*r', ['u0: 1*2^0 t*r1']],
  ['x0*y0*w', ['x0: 1*2^0 y0*w']],
];

for (const [text, terms] of rules) {
  test(`reads ${text}`, () => {
    assert.equal(shown(text), terms);
  });
}

/** Text, then the diagnostic as the user sees it. */
const mistakes: [string, string[]][] = [
  [
    'u10*w',
    ['unknown symbol "u10"', '    u10*w', '    ^^^', '  u takes one digit, u0 to u9: every 2^k-th epoch; Lava would read this as u1*0'],
  ],
  [
    'u22*t',
    ['unknown symbol "u22"', '    u22*t', '    ^^^', '  u takes one digit, u0 to u9: every 2^k-th epoch; Lava would read this as u2*2'],
  ],
  ['((2))*x0', ['double brackets', '    ((2))*x0', '    ^^^^^', '  Lava silently drops a number in double brackets; write single ones']],
  [
    'x0*(w-2^-1)',
    [
      'a fraction (0.5) cannot be added to a variable',
      '    x0*(w-2^-1)',
      '          ^^^^',
      '  the chip drops the fraction; add a whole number',
    ],
  ],
  ['x0*2.5', ['2.5 is not a whole number', '    x0*2.5', '       ^^^', '  write it as 5*2^-1']],
  ['x0*0.3', ['0.3 is not a whole number', '    x0*0.3', '       ^^^', '  write it as m*2^e; 5*2^-4 = 0.3125 is near']],
  ['x0/2', ['a learning rule cannot divide', '    x0/2', '      ^', '  write a power of two for the reciprocal: x/2 is 2^-1*x']],
  [
    'x0*u2*y1',
    [
      '"u2" is a second dependency in this product',
      '    x0*u2*y1',
      '       ^^',
      '  a product applies at a spike or every 2^k-th epoch, not at both',
    ],
  ],
  [
    'u0*u1*w',
    [
      '"u1" is a second dependency in this product',
      '    u0*u1*w',
      '       ^^',
      '  a product applies at a spike or every 2^k-th epoch, not at both',
    ],
  ],
  ['x0*z', ['unknown symbol "z"', '    x0*z', '       ^', '  variables are x1 x2 y1 y2 y3 w d t r1; dependencies are x0 y0 u0 … u9']],
  ['r0*w', ['unknown symbol "r0"', '    r0*w', '    ^^', '  Lava has no reward dependency; use u0 and the reward trace r1']],
  [
    'x1*y1',
    [
      'this product does not say when it applies',
      '    x1*y1',
      '    ^^^^^',
      '  multiply it by x0 (at a pre spike), y0 (at a post spike) or u0 … u9 (every 2^k-th epoch)',
    ],
  ],
  ['x0*w^2', ['only powers of two are allowed here', '    x0*w^2', '       ^^^', '  write w*w for a square']],
  [
    '9*x0',
    [
      'the numbers of this product make 9*2^0, which does not fit',
      '    9*x0',
      '    ^^^^',
      '  the scale of a product is m*2^e with m from -8 to 7 and e from -7 to 8',
    ],
  ],
  [
    'x0*(x1+y1)',
    [
      'a bracket holds one variable and one number, (w - 127), or one number',
      '    x0*(x1+y1)',
      '       ^^^^^^^',
      '  multiply larger sums out: x0*(x1 + y1) is x0*x1 + x0*y1',
    ],
  ],
  [
    'sgn(x1)*x0',
    [
      'sgn takes w, d or t, with a number added or not',
      '    sgn(x1)*x0',
      '    ^^^^^^^',
      '  traces are never negative; their sign is no information',
    ],
  ],
  [
    'u0*sgn(5-w)',
    ['the variable of sgn must stand with a plus', '    u0*sgn(5-w)', '       ^^^^^^^^', '  turn it round: sgn(5 - w) is -sgn(w - 5)'],
  ],
  [
    'u0*t + u1*t',
    ['u1 stands beside u0', '    u0*t + u1*t', '           ^^^^', '  all u of dw, dd and dt together must have the same digit'],
  ],
  ['x0*y1 +', ['expected a number, a name or "(", found the end of the text', '    x0*y1 +', '           ^']],
];

for (const [text, lines] of mistakes) {
  test(`refuses ${text} and says what was meant`, () => {
    const result = parseLavaRule('dw', text);
    assert.is(Array.isArray(result) ? result.map(formatDiagnostic).join('\n---\n') : 'no mistake found', `rule dw: ${lines.join('\n')}`);
  });
}

test('every bad product of a rule is reported', () => {
  const result = parseLavaRule('dt', 'u10*w + x0*z - 2.5*y0');
  assert.equal(Array.isArray(result) && result.map(({ code }) => code), ['E-UNKNOWN-NAME', 'E-UNKNOWN-NAME', 'E-DECIMAL']);
});

test('numbers move into the exponent while they are above 7 and even', () => {
  assert.equal(normaliseScale(16, 0), { mantissa: 4, exponent: 2 });
  assert.equal(normaliseScale(-8, 0), { mantissa: -4, exponent: 1 });
  assert.equal(normaliseScale(9, 0), { mantissa: 9, exponent: 0 });
  assert.equal(normaliseScale(16, 8), { mantissa: 16, exponent: 8 });
});

interface GoldenCase {
  readonly rule: string;
  readonly target: LavaTarget;
  readonly ok: number;
  readonly decimate_exponent?: number | null;
  readonly products?: {
    dependency: string;
    mantissa: number;
    exponent: number;
    factors: { var: string; const: number | null; sgn: number }[];
  }[];
}

const goldenFolder = new URL('../shared/golden/loihi/unit/', pathToFileURL(`${process.cwd()}/`));
const goldenFiles = existsSync(goldenFolder) ? readdirSync(goldenFolder).filter((file) => file.startsWith('rule_parser')) : [];
/** Lava accepts these two by accident; see the head of lava-rule.ts. */
const ACCIDENTS = /\bu\d\d|\(\(|[-+]2\^-\d+\)/;

for (const file of goldenFiles) {
  test(`reads and refuses the rules of ${file} as Lava does`, () => {
    const { cases } = JSON.parse(readFileSync(new URL(file, goldenFolder), 'utf8')) as { cases: GoldenCase[] };
    for (const { rule, target, ok, products = [], decimate_exponent } of cases) {
      const result = parseLavaRule(target, rule);
      if (!ok || ACCIDENTS.test(rule)) {
        assert.ok(Array.isArray(result), `${rule} must be refused`);
        continue;
      }
      if (Array.isArray(result)) throw new Error(result.map(formatDiagnostic).join('\n'));
      assert.is(result.decimateExponent, decimate_exponent ?? undefined, rule);
      const ours = result.terms.map(({ dependency, mantissa, exponent, factors }) => ({
        dependency: dependency.kind,
        mantissa,
        exponent,
        factors: factors.map(({ name, offset = null, sgn }) => ({ var: name, const: offset, sgn: sgn ? 1 : 0 })),
      }));
      assert.equal(
        ours,
        products.map(({ dependency, mantissa, exponent, factors }) => ({ dependency, mantissa, exponent, factors })),
        rule,
      );
    }
  });
}

test.run();
