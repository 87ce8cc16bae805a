// time limit: 600 s
/** Every rule of the library passes every check, with its figures printed; and each check fails on a rule that is wrong in the way it looks for. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import type { PlasticityRule } from '../../../core/plasticity/rule.ts';
import type { Curve } from '../../../experiments/verify/curve.ts';
import { TEACHER } from '../../../experiments/verify/teacher.ts';
import { verifyTraces, verifyWindow } from '../../../experiments/verify/traces.ts';
import type { Verdict } from '../../../experiments/verify/verdict.ts';
import { barInWords, logSlope, verdict } from '../../../experiments/verify/verdict.ts';
import { SUBJECTS, verifyRule } from '../../../experiments/verify/verify.ts';
import { near } from '../../support/near.ts';

/** Checks of each subject, named here so that none is lost by silence. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'pair-stdp': ['window'],
  'pair-stdp-multiplicative': ['window'],
  'pair-stdp-nearest': ['window'],
  'triplet-stdp': ['window'],
  'r-stdp': ['policy gradient', 'policy gradient, sampled', 'bias without baseline'],
  'r-stdp-delayed': ['recursion'],
  mstdp: ['recursion'],
  mstdpet: ['recursion'],
  'c-ep': ['gradient', 'order', 'alignment', 'learns', 'probe'],
  coupled: ['gradient', 'order', 'learns'],
  'r-stdp-conv': ['kernel'],
  'stdp-conv': ['kernel'],
  fa: ['kernel', 'transposed feedback', 'alignment', 'alignment grows', 'learns', 'probe'],
  'sign-symmetric': ['kernel', 'transposed feedback', 'alignment', 'learns', 'probe'],
  drtp: ['kernel', 'alignment', 'alignment grows', 'learns', 'probe'],
  dfa: ['kernel', 'transposed feedback', 'alignment', 'alignment grows', 'learns', 'probe'],
  ep: [
    'kernel',
    'gradient, centred',
    'gradient, one-sided',
    'order, centred',
    'order, one-sided',
    'symmetry',
    'energy',
    'spikes',
    'spikes, order',
    'alignment',
    'learns',
    'probe',
  ],
  pc: ['kernel', 'fixed predictions', 'output precision 0.01', 'order', 'small step', 'energy', 'alignment', 'learns', 'probe', 'novelty'],
  'pc-feedback': ['kernel', 'negative transpose'],
  teacher: ['back-propagation', 'settled', 'through time', 'e-prop'],
};

test('every rule of the library has its checks, and so has the teacher', () => {
  assert.equal(Object.keys(SUBJECTS), [...Object.keys(ruleLibrary), TEACHER]);
});

for (const [subject, checks] of Object.entries(SUBJECTS)) {
  test(`${subject} passes`, () => {
    const verdicts = checks();
    for (const { name, value } of verdicts) console.log(`${subject}, ${name}: ${value}`);
    for (const one of verdicts) assert.ok(one.passes, `${one.name}: ${one.value} against ${JSON.stringify(one.bar)}`);
    const own = verdicts.map(({ name }) => name).filter((name) => !['locality', 'locality, kernel', 'traces'].includes(name));
    if (subject in EXPECTED) assert.equal(own, EXPECTED[subject]);
    assert.ok(verdicts.every((one) => one.subject === subject && one.what !== '' && one.source !== ''));
    assert.is(new Set(verdicts.map(({ name }) => name)).size, verdicts.length, 'names tell the checks apart');
    for (const curve of verdicts.flatMap(({ curves }) => curves)) wellFormed(curve);
  });
}

/** Numbers only, as many of each, and few; something was measured. */
function wellFormed({ title, x, y, lines }: Curve): void {
  assert.ok(title !== '' && x.label !== '' && y.label !== '');
  assert.ok(
    lines.some(({ style }) => style !== 'expected'),
    `${title} has nothing measured`,
  );
  for (const line of lines) {
    const lists = [line.x, line.y, line.low ?? line.y, line.high ?? line.y];
    assert.ok(line.x.length > 0 && line.x.length <= 70, `${title}, ${line.label}: ${line.x.length} points`);
    assert.ok(
      lists.every((list) => list.length === line.x.length && list.every(Number.isFinite)),
      `${title}, ${line.label}`,
    );
  }
}

/** A rule of the library with other text. */
const wrong = (name: string, code: PlasticityRule['code']): PlasticityRule => ({ ...ruleLibrary[name], code });
const failures = (verdicts: readonly Verdict[]): string[] => verdicts.filter(({ passes }) => !passes).map(({ name }) => name);

const SABOTAGE: readonly { readonly how: string; readonly rule: PlasticityRule; readonly fails: readonly string[] }[] = [
  {
    how: 'r-stdp with an eligibility that does not look at its input',
    rule: wrong('r-stdp', { onPost: 'e += aPlus', onModulator: 'w += rate * reward * e' }),
    fails: ['policy gradient', 'policy gradient, sampled'],
  },
  {
    how: 'dfa down the wrong side',
    rule: wrong('dfa', { onModulator: 'w -= rate * error * x1' }),
    fails: ['transposed feedback', 'learns'],
  },
  {
    how: 'dfa without its input',
    rule: wrong('dfa', { onModulator: 'w += rate * error' }),
    fails: ['transposed feedback', 'alignment', 'learns', 'probe'],
  },
  {
    how: 'ep with the square of its input',
    rule: wrong('ep', { onModulator: 'e += phase * x1 * x1; w += rate * commit * e' }),
    fails: ['gradient, centred', 'gradient, one-sided', 'order, centred', 'order, one-sided', 'symmetry', 'spikes', 'alignment'],
  },
  {
    how: 'ep that commits what it had before the last phase',
    rule: wrong('ep', { onModulator: 'w += rate * commit * e; e += phase * x1' }),
    fails: ['gradient, centred', 'gradient, one-sided', 'order, centred', 'order, one-sided'],
  },
  {
    how: 'c-ep that forgets what it last saw',
    rule: wrong('c-ep', { onModulator: 'w += rate * nudge * x1 * y1; e = x1 * y1' }),
    fails: ['gradient', 'order', 'alignment', 'learns', 'probe'],
  },
  {
    how: 'pc with the square of its input',
    rule: wrong('pc', { onModulator: 'w -= rate * error * x1 * abs(x1)' }),
    fails: ['fixed predictions', 'output precision 0.01', 'order', 'small step'],
  },
  {
    how: 'pc with the sign of the other notation',
    rule: wrong('pc', { onModulator: 'w += rate * error * x1' }),
    fails: ['fixed predictions', 'output precision 0.01', 'order', 'small step', 'alignment', 'learns', 'probe'],
  },
  {
    how: 'pc-feedback with the sign of the predictions',
    rule: wrong('pc-feedback', { onModulator: 'w -= rate * activity * x1' }),
    fails: ['negative transpose'],
  },
  {
    how: 'a rule that never changes a weight shows no locality',
    rule: { ...ruleLibrary.dfa, name: 'idle', parameters: { rate: 0 } },
    fails: ['locality, kernel', 'kernel'],
  },
];

for (const { how, rule: sabotaged, fails } of SABOTAGE) {
  test(`found: ${how}`, () => {
    const found = failures(verifyRule(sabotaged));
    for (const name of fails) assert.ok(found.includes(name), `${name} passed; failed: ${found.join(', ')}`);
    assert.not.ok(found.includes('locality') || found.includes('traces'), `${found.join(', ')}`);
  });
}

test('traces of every kind are the closed forms', () => {
  const every = rule({
    traces: {
      x1: { on: 'pre', tau: '20 ms', impulse: 0.7 },
      x2: { on: 'pre', tau: '5 ms', pairing: 'nearest', impulse: 3 },
      x3: { on: 'pre', impulse: 2 },
      y1: { on: 'post', tau: '30 ms', decay: 'euler' },
      y2: { on: 'post', tau: '100 ms', pairing: 'nearest' },
    },
    onPost: 'w += 1e-4 * (x1 + x2 + x3 + y1 + y2)',
  });
  const [traces] = verifyTraces(every);
  assert.ok(traces.passes, `${traces.value}`);
  assert.match(traces.what, /x1, x2, x3, y1, y2/);
});

test('a rule that writes no weight at spikes has no window, and one without traces no traces', () => {
  assert.equal(verifyWindow(ruleLibrary['r-stdp']), []);
  assert.equal(verifyTraces(rule({ onPost: 'w += 0.01' })), []);
  assert.is(verifyWindow(rule({ onPost: 'w += 0.01' }))[0].passes, true);
});

test('a figure passes between the ends of its bar, and NaN never', () => {
  const passes = (value: number, bar: Verdict['bar']): boolean =>
    verdict({ subject: 's', name: 'n', what: 'w', source: 's', value, bar }).passes;
  assert.equal([passes(1, { atLeast: 1 }), passes(0.999, { atLeast: 1 })], [true, false]);
  assert.equal([passes(1, { atMost: 1 }), passes(1.001, { atMost: 1 })], [true, false]);
  assert.equal([passes(2, { atLeast: 1.9, atMost: 2.1 }), passes(2.2, { atLeast: 1.9, atMost: 2.1 })], [true, false]);
  assert.equal([passes(Number.NaN, { atLeast: 0 }), passes(Number.NaN, { atMost: 0 })], [false, false]);
});

test('bars in words: one end, both ends, and just below one without a row of nines', () => {
  const words = (bar: Verdict['bar']): string => barInWords(verdict({ subject: 's', name: 'n', what: 'w', source: 's', value: 0, bar }));
  assert.is(words({ atMost: 1e-12 }), 'at most 1e-12');
  assert.is(words({ atLeast: 0.999 }), 'at least 0.999');
  assert.is(words({ atLeast: 1 - 1e-12 }), 'at least 1 - 1e-12');
  assert.is(words({ atLeast: 1 }), 'at least 1');
  assert.is(words({ atLeast: 0.9, atMost: 1.1 }), '0.9 … 1.1');
});

test('logSlope is the power of a power law', () => {
  near(
    logSlope(
      [1, 2, 4, 8],
      [1, 2, 4, 8].map((x) => 3 * x ** 1.5),
    ),
    1.5,
    1e-12,
  );
});

test.run();
