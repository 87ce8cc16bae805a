import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { initialWeightFindings, lavaFindings, literalFinding } from '../../../../chips/loihi-like/lava/findings.ts';
import type { LavaRuleParameters } from '../../../../chips/loihi-like/lava/rule-set.ts';
import { loihiLike } from '../../../../chips/loihi-like/loihi-like.ts';
import type { LoihiOptions } from '../../../../chips/loihi-like/switches.ts';
import { network } from '../../../../core/network/builder.ts';
import type { Network } from '../../../../core/network/network.ts';
import { buildPlan, checkDeployment } from '../../../../core/plan/build-plan.ts';
import type { RuleOptions } from '../../../../core/plasticity/read-rule.ts';
import { rule } from '../../../../core/plasticity/read-rule.ts';

const say = ({ code, message, hint }: { code: string; message: string; hint?: string }): string => `${code}: ${message} -> ${hint}`;

/** Lava's parameters, and everything that is said about them. */
const PARAMETERS: readonly [string, LavaRuleParameters, readonly string[]][] = [
  ['a rule without traps says nothing', { dw: '2^-2*y0*x1 - 2^-2*x0*y1', x1_impulse: 16, x1_tau: 10, y1_impulse: 16, y1_tau: 10 }, []],
  [
    'a product that is too wide loses its effect without a word',
    { dw: '2^-7*y0*x1*y2*(127-w)', x1_tau: 10, y2_tau: 10 },
    [
      'W-LOIHI-PRODUCT-SHIFT: rule, dw: the factors of -2^-7*y0*x1*y2*(w - 127) take 23 bits, so it is shifted right by 12 and has 1/4096 of its written effect -> write -2^5*y0*x1*y2*(w - 127) if the written effect is meant',
    ],
  ],
  [
    'a compensated coefficient that does not exist is not proposed',
    { dw: '2^4*x0*y1*y2*y3', y1_tau: 10, y2_tau: 10, y3_tau: 10 },
    [
      'W-LOIHI-PRODUCT-SHIFT: rule, dw: the factors of 2^4*x0*y1*y2*y3 take 21 bits, so it is shifted right by 10 and has 1/1024 of its written effect -> gather part of the product in the tag t, and use the tag in a second product',
    ],
  ],
  [
    'signs alone are lost in the shift',
    { dw: 'u0*sgn(w)*sgn(t)' },
    [
      'W-LOIHI-DEAD-PRODUCT: rule, dw: u0*sgn(w)*sgn(t) is lost in the right shift by 7 -> use fewer factors, or larger ones than signs and spikes',
    ],
  ],
  [
    'a negative third factor is lost when the post neuron fires, and the last value of the epoch counts',
    { class_name: 'Loihi3FLearningRule', dw: 'u0*y2', y2_tau: 65535, t_epoch: 4 },
    [
      'W-LOIHI-LOST-PUNISHMENT: rule: a negative y2 counts as 0 in every tick in which its post neuron fires, because Lava clips what was received to 0 … 127 there -> send y2 with an offset that keeps it positive and take the offset off in a second product, or send the sign in another trace',
      'W-LOIHI-THIRD-FACTOR-TIME: rule: of the values of y2 within an epoch of 4 ticks only the last counts, whenever the spikes were -> use an epoch of 1 tick, or hold the value for the whole epoch',
      'W-LOIHI-REPEATED-SPIKES: rule: in an epoch of 4 ticks only the last spike of a neuron has a time; earlier ones count as if they came at the start of the epoch -> use an epoch no longer than the shortest interval between two spikes of a neuron',
    ],
  ],
  [
    'a time constant of 0 is no trace that stays',
    { dw: 'y0*x1', x1_impulse: 5 },
    [
      'W-LOIHI-TAU-ZERO: rule: a time constant of 0 for x1 does not mean "no decay": the trace is gone after one tick in integers, and not a number in floating point -> for a trace that stays write a time constant much longer than the run, such as 65535',
    ],
  ],
  [
    'the fraction of an impulse counts twice',
    { dw: 'y0*x1', x1_impulse: 16.25, x1_tau: 10 },
    [
      'W-LOIHI-IMPULSE-FRACTION: rule: of x1_impulse 16.25, Lava adds 17 in 50 % of the spikes, not in 25 % -> use a whole impulse, or impulseFraction: "unbiased"',
    ],
  ],
  [
    'the seed of the weights is ignored',
    { dw: 'x0*w', rng_seed: 21 },
    [
      'W-LOIHI-ROUNDING-SEED: rule: rng_seed 21 does not seed the rounding of weights: Lava always uses seed 2 there, and one draw for all synapses of an epoch -> use rounding "independent", where every synapse has draws of its own and the seed counts',
    ],
  ],
  [
    'the delay variable delays nothing',
    { dd: 'x0*2' },
    [
      'W-LOIHI-DELAY-IDLE: rule, dd: d is a number from 0 to 255 that delays no spike -> use d as a second variable of the rule; the delays of a projection are set in the network and do not learn',
    ],
  ],
  [
    'the tag saturates one too low',
    { dt: 'x0*2' },
    [
      'W-LOIHI-SATURATION: rule, dt: Lava\'s tag ends at -257 and its accumulator at -32769, each one below what 9 and 16 bits hold -> set saturation: "twos-complement" to see whether a result depends on it',
    ],
  ],
  [
    'a text that Lava misreads',
    { dw: 'u10*w' },
    [
      'W-LOIHI-READING: rule, dw: Lava reads something else: u10 is read as u1 * 0 -> write what is meant; strict parsing refuses it',
      'W-LOIHI-DEAD-PRODUCT: rule, dw: 0*u1*w is always zero -> leave it out, or correct its number',
    ],
  ],
];

for (const [name, parameters, expected] of PARAMETERS) {
  test(name, () => assert.equal(lavaFindings(parameters).map(say), expected));
}

const LITERALS: readonly [number, string | undefined][] = [
  [2, undefined],
  [0.25, undefined],
  [-3, undefined],
  [
    1.5,
    "W-LOIHI-LITERAL: A_plus 1.5 becomes 2 in Lava's rule text (+33 %): a literal keeps the whole part and a power of two -> write the rule text yourself, with 3*2^-1",
  ],
  [
    -0.7,
    "W-LOIHI-LITERAL: A_plus -0.7 becomes -0.5 in Lava's rule text (-29 %): a literal keeps the whole part and a power of two -> write the rule text yourself, with -3*2^-2",
  ],
];

for (const [value, expected] of LITERALS) {
  test(`the coefficient ${value} as a literal of Lava`, () => {
    const finding = literalFinding('A_plus', value);
    assert.is(finding && say(finding), expected);
  });
}

test('first weights are truncated but not clipped where they learn', () => {
  assert.equal(initialWeightFindings([[3, -300, 4]], 'mixed', 8).map(say), [
    'W-LOIHI-TRUNCATED: weights: 1 of 3 first weights are no multiples of 2 and are truncated towards minus infinity; learned weights are not -> give multiples of 2',
    'W-LOIHI-UNCLIPPED: weights: 1 of 3 first weights lie outside -256 … 255; a learning connection clips them only when it learns, a static one at once -> give weights from -256 to 255',
  ]);
  assert.equal(initialWeightFindings([[0, 255]], 'excitatory', 8), []);
});

const traces = {
  x1: { on: 'pre', tau: '10 ms', impulse: 16 },
  y1: { on: 'post', tau: '10 ms', impulse: 16.5 },
} as const;

function described(description: Partial<RuleOptions>): Network {
  const net = network({ dt: '1 ms', seed: 1 });
  const source = net.input('in', 1, { rates: '10 Hz' });
  const out = net.neurons('out', 1, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(source, out, { name: 'p', weight: 0.5, rule: rule({ name: 'r', traces, epochTicks: 1, bounds: [0, 1], ...description }) });
  return net.freeze();
}

function checked(description: Partial<RuleOptions>, options: LoihiOptions = {}): string[] {
  return checkDeployment(described(description), loihiLike(options))
    .findings.filter(({ designRule }) => designRule === 'lava-traps')
    .map(({ code }) => code);
}

/** What `check` says of rules in Loihi's notation, by the switches of the chip. */
const CHECKED: readonly [string, Partial<RuleOptions>, LoihiOptions, readonly string[]][] = [
  ['nothing, of narrow products', { dw: 'y0*x1 - x0*y1' }, {}, []],
  ['the shift of a wide product', { dw: 'y0*x1*w' }, {}, ['W-LOIHI-PRODUCT-SHIFT']],
  ['no shift, if the chip has none', { dw: 'y0*x1*w' }, { productScaling: 'none' }, []],
  ['no shift of one bit less that is none', { dw: 'x0*y0*sgn(w)*2' }, { productScaling: 'nengo' }, []],
  ['repeated spikes', { dw: 'y0*x1', epochTicks: 8 }, {}, ['W-LOIHI-REPEATED-SPIKES']],
  ['an idle delay variable', { dw: 'y0*x1', dd: 'x0*2' }, {}, ['W-LOIHI-DELAY-IDLE']],
  ['the low end of the tag', { dt: 'y0*x1', dw: 'u0*t' }, {}, ['W-LOIHI-SATURATION']],
  ['no low end of a tag of 9 bits', { dt: 'y0*x1', dw: 'u0*t' }, { saturation: 'twos-complement' }, []],
  ['the fraction of an impulse as in Lava', { dw: 'x0*y1' }, { impulseFraction: 'lava' }, ['W-LOIHI-IMPULSE-FRACTION']],
  ['a reward that Lava would lose', { dw: 'u0*r1', modulators: { r1: { per: 'post', range: 1 } } }, {}, ['W-LOIHI-LOST-PUNISHMENT']],
  [
    'a reward of which only the last value of an epoch would count',
    { dw: 'u0*r1', modulators: { r1: { per: 'post', range: 1 } }, epochTicks: 2 },
    {},
    ['W-LOIHI-REPEATED-SPIKES', 'W-LOIHI-LOST-PUNISHMENT', 'W-LOIHI-THIRD-FACTOR-TIME'],
  ],
];

for (const [name, description, options, expected] of CHECKED) {
  test(`check reports ${name}`, () => assert.equal(checked(description, options), expected));
}

const REFUSED: readonly [string, string][] = [
  [
    'u10*w',
    'rule dw: unknown symbol "u10"\n    u10*w\n    ^^^\n  u takes one digit, u0 to u9: every 2^k-th epoch; Lava would read this as u1*0',
  ],
  ['((2))*x0', 'rule dw: double brackets\n    ((2))*x0\n    ^^^^^\n  Lava silently drops a number in double brackets; write single ones'],
  [
    'x0*(w-2^-1)',
    'rule dw: a fraction (0.5) cannot be added to a variable\n    x0*(w-2^-1)\n          ^^^^\n  the chip drops the fraction; add a whole number',
  ],
  [
    'x0*(2*w)',
    'rule dw: a bracket holds one variable and one number, (w - 127), or one number\n    x0*(2*w)\n       ^^^^^\n  multiply larger sums out: x0*(x1 + y1) is x0*x1 + x0*y1',
  ],
  [
    'x0*(w-3*2)',
    'rule dw: a bracket holds one variable and one number, (w - 127), or one number\n    x0*(w-3*2)\n       ^^^^^^^\n  multiply larger sums out: x0*(x1 + y1) is x0*x1 + x0*y1',
  ],
  [
    'x0*(-w)',
    'rule dw: a variable alone in a bracket has a minus\n    x0*(-w)\n       ^^^^\n  Lava drops that sign; write it before the product',
  ],
  ['1.5*x0', 'rule dw: 1.5 is not a whole number\n    1.5*x0\n    ^^^\n  write it as 3*2^-1'],
];

for (const [text, expected] of REFUSED) {
  test(`${text} is refused, and it is said what Lava would read`, () => {
    assert.throws(
      () => buildPlan(described({ dw: text }), loihiLike()),
      (error: Error) => error.message === expected,
    );
    // the deploy check goes on, with the same words as a finding
    const [first] = checkDeployment(described({ dw: text }), loihiLike()).findings;
    assert.equal([first.severity, first.designRule], ['error', 'rule-text']);
    assert.is([first.message, first.excerpt, `  ${first.hint}`].join('\n'), expected);
  });
}

test.run();
