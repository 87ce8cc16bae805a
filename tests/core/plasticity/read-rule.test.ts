import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RuleOptions } from '../../../core/plasticity/read-rule.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { complaintsOf } from '../../support/near.ts';

/** What the compiler would refuse, as it would come from JSON. */
const complaints = (options: unknown): string[] => complaintsOf(() => rule(options as RuleOptions));

test('times become seconds, and what is left out has its default', () => {
  assert.equal(
    rule({
      traces: { x1: { on: 'pre', tau: '20 ms' }, n: { on: 'post' } },
      variables: { e: { tau: '0.5 s' } },
      modulators: { r: {} },
      onPre: 'w += 1',
    }),
    {
      name: 'unnamed',
      parameters: {},
      traces: {
        x1: { on: 'pre', tau: 0.02, impulse: 1, pairing: 'all-to-all', decay: 'exact' },
        n: { on: 'post', tau: Number.POSITIVE_INFINITY, impulse: 1, pairing: 'all-to-all', decay: 'exact' },
      },
      variables: { e: { initial: 0, tau: 0.5 } },
      modulators: { r: { per: 'projection', range: 1 } },
      code: { onPre: 'w += 1' },
      epochTicks: 1,
      bounds: [0, 1],
    },
  );
});

test('a list of lines, as JSON files write programs, is one text', () => {
  assert.is(rule({ onPre: ['let a = 1', 'w += a'] } as unknown as RuleOptions).code.onPre, 'let a = 1\nw += a');
});

test('every field that is wrong is reported with its place', () => {
  assert.equal(
    complaints({
      traces: { x1: { on: 'pree', tau: 20, impulse: 'a', decay: 'no' }, x2: { on: 'pre', tau: '0 ms' } },
      parameters: { aPlus: '3' },
      variables: { e: { tau: '1 V', initial: 'x' } },
      modulators: { r: { per: 'neuron', range: 0 } },
      bounds: [1, 0],
      epochTicks: 0.5,
      onPre: 3,
      onPst: 'w += 1',
    }).sort(),
    [
      'rule has an unknown key "onPst" - did you mean "onPost"? (name, summary, citation, parameters, traces, variables, modulators, onPre, onPost, ' +
        'onModulator, onLearningEpoch, dw, dt, dd, epochTicks, bounds)',
      'rule.bounds needs two numbers, the lower first, not [1,0]',
      'rule.epochTicks needs a whole number, not 0.5',
      'rule.modulators.r.per unknown per "neuron" (projection, post)',
      'rule.modulators.r.range is 0, but must be more than 0',
      'rule.onPre needs a text, not 3',
      'rule.parameters.aPlus needs a number, not "3"',
      'rule.traces.x1.decay unknown decay "no" (exact, euler)',
      'rule.traces.x1.impulse needs a number, not "a"',
      'rule.traces.x1.on unknown on "pree" - did you mean "pre"? (pre, post)',
      'rule.traces.x1.tau needs a unit - did you mean "20 ms"?',
      'rule.traces.x2.tau is 0 ms, but must be more than 0 ms',
      'rule.variables.e.initial needs a number, not "x"',
      'rule.variables.e.tau is a time; "V" is a voltage',
    ],
  );
});

test('the two notations exclude each other', () => {
  assert.equal(complaints({ onPre: 'w += 1', dw: '2*x1*y0' }), [
    'rule is written in both notations\n  give either onPre, onPost, … or dw, dt, dd',
  ]);
});

for (const [name, fault] of [
  ['w', 'has a meaning of its own'],
  ['tick', 'has a meaning of its own'],
  ['max', 'has a meaning of its own'],
  ['uniform', 'has a meaning of its own'],
  ['let', 'has a meaning of its own'],
  ['v_post', 'has a meaning of its own'],
  ['e_at', 'has a meaning of its own'],
  ['asked0', 'has a meaning of its own'],
  ['a b', 'is not a word'],
  ['2a', 'is not a word'],
  ['x1', 'is given twice'],
] as const) {
  test(`a parameter cannot be called "${name}": it ${fault}`, () => {
    assert.equal(complaints({ traces: { x1: { on: 'pre' } }, parameters: { [name]: 1 }, onPre: 'w += 1' }), [
      `rule the name "${name}" ${fault}\n  choose another name`,
    ]);
  });
}

test.run();
