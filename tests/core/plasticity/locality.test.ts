import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatProblem } from '../../../core/errors.ts';
import { neuronFamilies } from '../../../core/neurons/families.ts';
import { checkRule, checkRuleOrThrow } from '../../../core/plasticity/check-rule.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import type { PlasticityRule } from '../../../core/plasticity/rule.ts';
import { complaintsOf } from '../../support/near.ts';

const post = neuronFamilies.lif.build({ integrator: 'exact', resetTo: 'value', spiking: 'threshold' }, new Set());

/** A rule with two pre traces, one post trace, an eligibility, a parameter and a reward. */
const withText = (onPost: string): PlasticityRule =>
  rule({
    name: 'r',
    parameters: { aPlus: 1 },
    traces: { x1: { on: 'pre', tau: '20 ms' }, x2: { on: 'pre', tau: '40 ms' }, y1: { on: 'post', tau: '20 ms' } },
    variables: { e: { meaning: 'eligibility' } },
    modulators: { reward: {} },
    onPost,
  });

const complaints = (text: string): string => checkRule(withText(text), post).problems.map(formatProblem).join('\n');

const WRITABLE = '  what can be written here: w, e';
const SEES = 'a synapse sees w, dt, e, x1, x2, y1, reward, aPlus, and the state of its post neuron as v_post';
const BRING = '  bring the value here as a trace of the pre or post neuron, or as a modulator';

/** What the user wrote, and every line of what comes back after `rule r, onPost: `. */
const table: readonly (readonly [text: string, lines: readonly string[]])[] = [
  ['w += x3', ['no trace "x3"; pre traces are x1, x2', '    w += x3', '         ^^', '  did you mean "x1"?']],
  ['w += y2', ['no trace "y2"; post traces are y1', '    w += y2', '         ^^']],
  [
    'w += aPlus * v_pre',
    [
      '"v_pre" is not local: a synapse cannot read the state of its pre-synaptic neuron; keep what it needs in a pre trace',
      '    w += aPlus * v_pre',
      '                 ^^^^^',
    ],
  ],
  [
    'w += hidden.v',
    [
      '"hidden.v" is not local: a program sees only the values at its own synapse or neuron',
      '    w += hidden.v',
      '         ^^^^^^^^',
      BRING,
    ],
  ],
  [
    'w += x1[2]',
    ['"x1[2]" is not local: a program sees only the values at its own synapse or neuron', '    w += x1[2]', '         ^^^^^', BRING],
  ],
  ['w[3] = 1', ['"w[3]" is not local: a program sees only the values at its own synapse or neuron', '    w[3] = 1', '    ^^^^', BRING]],
  ['x1 += 1', ['"x1" cannot be written: it is pre-synaptic trace', '    x1 += 1', '    ^^', WRITABLE]],
  ['y1 = 0', ['"y1" cannot be written: it is post-synaptic trace', '    y1 = 0', '    ^^', WRITABLE]],
  ['aPlus = 2', ['"aPlus" cannot be written: it is parameter', '    aPlus = 2', '    ^^^^^', WRITABLE]],
  ['reward = 1', ['"reward" cannot be written: it is modulator', '    reward = 1', '    ^^^^^^', WRITABLE]],
  ['v_post = 0', ['"v_post" cannot be written: it is state v of the post-synaptic neuron', '    v_post = 0', '    ^^^^^^', WRITABLE]],
  ['w = x1 > 0', ['a truth value cannot be stored as a number', '    w = x1 > 0', '        ^^^^^^', '  use if(condition, 1, 0)']],
  [
    'w += if(x1, 1, 0)',
    ['if needs a truth value here, not a number', '    w += if(x1, 1, 0)', '            ^^', '  compare it with something, e.g. x != 0'],
  ],
  [
    'w += x1 + (y1 > 0)',
    ['"+" needs a number here, not a truth value', '    w += x1 + (y1 > 0)', '               ^^^^^^', '  use if(condition, 1, 0)'],
  ],
  ['e2 += 1', [`unknown name "e2"; ${SEES}`, '    e2 += 1', '    ^^', '  did you mean "e"?']],
  ['w += tick', [`unknown name "tick"; ${SEES}`, '    w += tick', '         ^^^^']],
  ['w += u_post', [`unknown name "u_post"; ${SEES}`, '    w += u_post', '         ^^^^^^', '  did you mean "v_post"?']],
  ['w += 1 / 0', ['division by zero', '    w += 1 / 0', '             ^']],
  ['w += (x1', ['expected ")" to close the bracket, found the end of the text', '    w += (x1', '            ^']],
];

for (const [text, lines] of table) {
  test(`"${text}" is refused: ${lines[0]}`, () => {
    assert.is(complaints(text), `rule r, onPost: ${lines.join('\n')}`);
  });
}

test('everything a synapse may see and write is allowed', () => {
  const everything = 'let gain = aPlus * reward\ne = e + gain * x1 - x2 * y1\nw += if(v_post > 0.5 and not (w > 1), e * dt, 0)';
  assert.is(complaints(everything), '');
  assert.ok(checkRuleOrThrow(withText(everything), post).moments.onPost !== undefined);
});

test('several mistakes of several moments are reported together, in the order of moments and of the text', () => {
  const broken = { ...withText('w += x3\ne += v_pre\nx1 = 2'), code: { onPre: 'w += z', onPost: 'w += x3\ne += v_pre\nx1 = 2' } };
  assert.equal(
    checkRule(broken, post).problems.map(({ code, message }) => `${code} ${message.split(';')[0]}`),
    [
      'E-UNKNOWN-NAME rule r, onPre: unknown name "z"',
      'E-UNKNOWN-NAME rule r, onPost: no trace "x3"',
      'E-UNKNOWN-NAME rule r, onPost: "v_pre" is not local: a synapse cannot read the state of its pre-synaptic neuron',
      'E-NOT-WRITABLE rule r, onPost: "x1" cannot be written: it is pre-synaptic trace',
    ],
  );
});

test('the state that can be read depends on the neuron the synapse ends on', () => {
  const { problems } = checkRule(withText('w += v_post'));
  assert.match(problems[0].message, 'unknown name "v_post"');
  const izhikevich = neuronFamilies.izhikevich.build({ integrator: 'euler' }, new Set());
  assert.equal(checkRule(withText('w += u_post'), izhikevich).problems, []);
});

test('a rule without code is no rule', () => {
  assert.equal(
    complaintsOf(() => checkRuleOrThrow(rule({ name: 'empty' }))),
    ['rule empty has no code\n  give at least one of onPre, onPost, onModulator, onLearningEpoch'],
  );
});

test.run();
