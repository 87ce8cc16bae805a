import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChipProduct, ChipRule } from '../../../chips/loihi-like/chip-rule.ts';
import { formatScale } from '../../../chips/loihi-like/coefficients.ts';
import { chipRule, lowerChipRule } from '../../../chips/loihi-like/lower-rule.ts';
import { productText } from '../../../chips/loihi-like/product-text.ts';
import type { ProjectionScale } from '../../../chips/loihi-like/scales.ts';
import type { LoihiOptions } from '../../../chips/loihi-like/switches.ts';
import { readSettings } from '../../../chips/loihi-like/switches.ts';
import { largestWeight, signOf } from '../../../chips/loihi-like/weights.ts';
import type { Network } from '../../../core/network/network.ts';
import { checkRuleOrThrow } from '../../../core/plasticity/check-rule.ts';
import { pairStdp, pairStdpMultiplicative, pairStdpNearest } from '../../../core/plasticity/library/pair-stdp.ts';
import { rStdp, rStdpDelayed } from '../../../core/plasticity/library/r-stdp.ts';
import { tripletStdp } from '../../../core/plasticity/library/triplet-stdp.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import type { PlasticityRule } from '../../../core/plasticity/rule.ts';
import { compileExpressionOrThrow } from '../../../core/program/check-types.ts';
import { evaluateExpr } from '../../../core/program/evaluate.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import { symbolTable } from '../../../core/program/symbols.ts';

function onChip(plain: PlasticityRule, options: LoihiOptions = {}): ChipRule {
  const settings = readSettings(options);
  const format = { sign: signOf(...plain.bounds), bits: settings.learnedWeightBits };
  const scale: ProjectionScale = { format, rise: 0, scale: largestWeight(format) / Math.max(...plain.bounds.map(Math.abs)) };
  const checked = plain.sumOfProducts === undefined ? checkRuleOrThrow(plain) : { rule: plain, symbols: new Map(), moments: {} };
  return chipRule(checked, { projection: 'p', scale, dt: 1e-3 }, settings);
}

/** `dt y0: 2^-3*x1`, with what the right shift leaves of the coefficient. */
function show({ target, dependency, factors, mantissa, exponent, shift }: ChipProduct): string {
  const kind = dependency.kind === 'u' ? `u${dependency.exponent}` : dependency.kind;
  const shown = factors.map(({ name, offset, sgn }) => {
    const inner = offset === 0 ? name : `(${name}${offset < 0 ? '' : '+'}${offset})`;
    return sgn ? `sgn${inner}` : inner;
  });
  const effective = mantissa * 2 ** (exponent - shift);
  const e = Math.log2(Math.abs(effective));
  const coefficient = Number.isInteger(e) ? formatScale(Math.sign(effective), e) : formatScale(mantissa, exponent - shift);
  return `d${target} ${kind}: ${[coefficient, ...shown].join('*')}`;
}

const shown = (plain: PlasticityRule, options?: LoihiOptions): string[] => onChip(plain, options).products.map(show);

const findings = (plain: PlasticityRule, options?: LoihiOptions): string[] =>
  onChip(plain, options).findings.map(({ severity, designRule, message }) => `${severity} ${designRule}: ${message}`);

test('reward-modulated STDP becomes the products of the integer recipe: a tag fed by 2^-3, moved over by 2^-9 times the reward', () => {
  // the rate at which the float rule says 2^-9·r·t: rate = 2^-9·127·scale(tag) / 255
  const chip = onChip(rStdp);
  const tag = chip.variables[0];
  assert.equal(
    chip.traces.map(({ name, impulse }) => [name, impulse]),
    [['x1', 4]],
  );
  assert.ok(Math.abs(tag.scale - (0.125 * 4) / 0.03) < 1e-9);
  const rate = (2 ** -9 * 127 * tag.scale) / 255;
  assert.equal(shown({ ...rStdp, parameters: { ...rStdp.parameters, rate } }), ['dt y0: 2^-3*x1', 'dw modulator: 2^-9*reward*t']);
});

test('pair STDP becomes two products with three-bit mantissas', () => {
  // 0.0105·255/6 = 0.446 and 0.01·255/6 = 0.425; the nearest coefficient of both is 7/16
  assert.equal(shown(pairStdp), ['dw x0: -7*2^-4*y1', 'dw y0: 7*2^-4*x1']);
});

test('a bracket with the weight is kept as a factor, in the integers of the weight', () => {
  const [depression, potentiation] = onChip(pairStdpMultiplicative).products;
  assert.equal(
    potentiation.factors.map(({ name, offset }) => [name, offset]),
    [
      ['w', -255],
      ['x1', 0],
    ],
  );
  assert.is(potentiation.shift, 5);
  assert.ok(potentiation.mantissa < 0);
  assert.ok(Math.abs((potentiation.mantissa * 2 ** (potentiation.exponent - 5)) / (-0.01 / 6) - 1) < 0.1);
  assert.equal(
    depression.factors.map(({ name }) => name),
    ['w', 'y1'],
  );
});

test('nearest pairing takes the whole trace as its impulse, so that saturation sets it', () => {
  assert.equal(
    onChip(pairStdpNearest).traces.map(({ impulse }) => impulse),
    [127, 127],
  );
});

test('a trace of the side that spikes is taken without the impulse of that spike', () => {
  const [, potentiation] = onChip(tripletStdp).products;
  assert.equal(
    potentiation.factors.map(({ name, offset }) => [name, offset]),
    [
      ['x1', 0],
      ['y2', -1],
    ],
  );
});

test('an eligibility with a time constant decays by a product that applies every 2^k-th epoch', () => {
  const decay = onChip(rStdpDelayed).products.at(-1) as ChipProduct;
  // 1 - exp(-4/500) = 0.00797; 2^-7 = 0.00781 is the first coefficient within 5 %
  assert.is(show(decay), 'dt u2: -2^-7*t');
});

test('a tag that says what it holds has its bits for that, and not for traces at their top', () => {
  const [guessed, said] = [{}, { range: 32 }].map((e) =>
    onChip(rule({ name: 'r', variables: { e }, modulators: { m: {} }, traces: { x1: { on: 'pre' } }, onModulator: 'e += m * x1\nw += e' })),
  );
  // a sixteenth of 255 for 127 counts, or 256 for 32, to the next power of two, with modulators in steps of 1/127
  assert.is(guessed.variables[0].scale, 127 / 1024);
  assert.is(said.variables[0].scale, 127 / 16);
});

test('a tag that is assigned to has room for the old value and the new one', () => {
  const text = { name: 'r', variables: { e: { range: 64 } }, modulators: { m: {} }, traces: { x1: { on: 'pre' as const } } };
  const texts = ['e += x1\nw += m * e', 'e = x1\nw += m * e', 'e += x1 - 0.125 * e\nw += m * e'];
  assert.equal(
    texts.map((onModulator) => onChip(rule({ ...text, onModulator })).variables[0].scale),
    [4, 2, 4],
  );
});

test('an assignment is read as the change it makes', () => {
  const text = { name: 'r', variables: { e: {} }, modulators: { m: {} }, traces: { x1: { on: 'pre' as const, tau: '20 ms' as const } } };
  const products = shown(rule({ ...text, onPost: 'e += 0.1 * x1', onModulator: 'w += 0.05 * m * e; e = 0' }));
  assert.is(products.at(-1), 'dt modulator: -1*t');
  assert.is(shown(rule({ ...text, onPost: 'e += 0.1 * x1', onLearningEpoch: 'e *= 0.75' })).at(-1), 'dt u0: -2^-2*t');
});

test('locals and parameters are multiplied out', () => {
  const plain = rule({
    name: 'r',
    parameters: { rate: 0.02, shift: 0.5 },
    traces: { x1: { on: 'pre', tau: '20 ms' } },
    onPost: 'let change = rate * x1 / 2\nw += change - shift * change',
  });
  const wanted = onChip(plain).products.map((product) => product.wanted);
  assert.ok(Math.abs(wanted[0] - (0.01 * 255) / 6) < 1e-12);
  assert.ok(Math.abs(wanted[1] + (0.005 * 255) / 6) < 1e-12);
});

test('a synapse variable that nothing writes is a constant', () => {
  const plain = rule({
    name: 'r',
    traces: { x1: { on: 'pre', tau: '20 ms' } },
    variables: { gain: { initial: 0.02 } },
    onPost: 'w += gain * x1',
  });
  assert.equal(onChip(plain).variables, []);
  assert.ok(Math.abs(onChip(plain).products[0].wanted - (0.02 * 255) / 6) < 1e-12);
});

test('a rule in Loihi notation is taken as it stands', () => {
  const trace = (on: 'pre' | 'post') => ({ on, tau: '10 ms' as const, impulse: 16 });
  const plain = rule({
    name: 'native',
    traces: { x1: trace('pre'), y1: trace('post') },
    modulators: { r1: { range: 127 } },
    dw: '2^-2*x1*y0 - 3*2^-4*x0*(y1-5) + u0*r1*t',
    dt: '2^-3*y0*x1 - u0*t*2^-4 + sgn(w-80)*x0',
    bounds: [-255, 255],
  });
  assert.equal(
    onChip(plain).traces.map(({ name, impulse }) => [name, impulse]),
    [
      ['x1', 16],
      ['y1', 16],
    ],
  );
  assert.equal(shown(plain), [
    'dw y0: 2^-2*x1',
    'dw x0: -3*2^-4*(y1-5)',
    'dw modulator: 2^-5*r1*t',
    'dt y0: 2^-3*x1',
    'dt u0: -2^-4*t',
    'dt x0: 1*sgn(w-80)',
  ]);
  assert.equal(
    onChip(plain).findings.map(({ code }) => code),
    ['W-LOIHI-PRODUCT-SHIFT', 'W-LOIHI-LOST-PUNISHMENT', 'W-LOIHI-SATURATION'],
  );
});

test('an undeclared trace and two decimations in Loihi notation are refused', () => {
  const plain = rule({ name: 'native', traces: {}, dw: 'u1*x1', dt: 'u2*t' });
  const errors = findings(plain).filter((finding) => finding.startsWith('error'));
  assert.equal(errors, [
    'error sum-of-products: projection p, rule native: the products name x1, but the rule declares no such trace',
    'error sum-of-products: projection p, rule native: dw, dt and dd use u1 and u2, but all u of a rule must have the same digit',
  ]);
});

test('2^-7*y0*x1*(127-w) at x1 = 100, w = 50 adds 240, which is 1.875 of a weight step, not 60', () => {
  const plain = rule({
    name: 'soft',
    traces: { x1: { on: 'pre', tau: '10 ms', impulse: 16 } },
    dw: '2^-7*y0*x1*(127-w)',
    bounds: [-255, 255],
  });
  const [product] = onChip(plain).products;
  const values: Record<string, number> = { x1_atPost: 100, w: 50 };
  const symbols = symbolTable(Object.keys(values).map((name) => ({ name, scope: 'synapse', format: FLOAT64, writable: false }) as const));
  const value = evaluateExpr(
    compileExpressionOrThrow(productText(product, { saturation: 'lava', traceTime: 'spike-time' }), symbols, { title: 'product' }),
    (name) => values[name],
    () => Number.NaN,
  );
  assert.is(value, 240);
  assert.is(value / 128, 1.875);
});

test('event form gives the shift back through the coefficient, Loihi notation does not', () => {
  const trace = { x1: { on: 'pre' as const, tau: '20 ms' as const }, y1: { on: 'post' as const, tau: '20 ms' as const } };
  const [product] = onChip(rule({ name: 'r', traces: trace, onLearningEpoch: 'w += 0.015 * x1 * y1' })).products;
  assert.is(product.shift, 3);
  assert.ok(Math.abs((product.mantissa * 2 ** (product.exponent - 3)) / product.wanted - 1) < 0.1);
});

const traces = { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } } as const;

const REFUSED: readonly [string, PlasticityRule, string][] = [
  [
    'something that is no sum of products',
    rule({ name: 'r', traces, onPost: 'w += exp(x1)' }),
    'error sum-of-products: rule r, onPost: "exp" has no place in a sum of products',
  ],
  [
    'a third pre trace',
    rule({ name: 'r', traces: { a: traces.x1, b: traces.x1, c: traces.x1 }, onPost: 'w += 0.01 * a' }),
    'error trace-count: projection p, rule r: 3 pre traces (a, b, c), but the learning engine has 2 (x1, x2)',
  ],
  [
    'a fourth post trace',
    rule({ name: 'r', traces: { a: traces.y1, b: traces.y1, c: traces.y1, d: traces.y1 }, onPre: 'w += 0.01 * a' }),
    'error trace-count: projection p, rule r: 4 post traces (a, b, c, d), but the learning engine has 3 (y1, y2, y3)',
  ],
  [
    'three synapse variables',
    rule({ name: 'r', traces, variables: { e: {}, f: {}, g: {} }, onPost: 'e += x1; f += x1; g += x1' }),
    'error synapse-variables: projection p, rule r: writes 3 synapse variables (e, f, g), but a synapse has one tag and one delay variable',
  ],
  [
    'a second synapse variable',
    rule({ name: 'r', traces, variables: { e: {}, f: {} }, onPost: 'e += x1; f += x1' }),
    'warning synapse-variables: projection p, rule r: f takes the place of the delay variable: 0 … 255, never negative, and 6 bits on the chip',
  ],
  [
    'a long epoch',
    rule({ name: 'r', traces, epochTicks: 64, onPost: 'w += 0.02 * x1' }),
    'error epoch-length: projection p, rule r: a learning epoch of 64 ticks, but at most 63 fit the counter',
  ],
  [
    'a coefficient that is too small',
    rule({ name: 'r', traces, onPost: 'w += 1e-5 * x1' }),
    'error coefficient: rule r, onPost: projection p needs a coefficient of 0.000425 on the chip, below the smallest there is, 0.00781',
  ],
  [
    'a coefficient that is too large',
    rule({ name: 'r', traces, onPost: 'w += 50 * x1' }),
    'error coefficient: rule r, onPost: projection p needs a coefficient of 2.13e+3 on the chip, above the largest there is, 1.79e+3',
  ],
  [
    'a coefficient that is coarse',
    rule({ name: 'r', traces, onPost: 'w += 0.00047 * x1' }),
    'warning coefficient: rule r, onPost: projection p needs a coefficient of 0.0200 on the chip; the nearest is 3*2^-7, off by 17 %',
  ],
  [
    'a modulator outside its moment',
    rule({ name: 'r', traces, modulators: { m: {} }, onPost: 'w += 0.01 * m * x1' }),
    'warning third-factor: rule r, onPost: modulator "m" is zero here: it is there only when it arrives',
  ],
  [
    'a third factor per post neuron',
    rStdp,
    'info third-factor: projection p, rule r-stdp: reward has a value per post neuron, the third factor of Loihi 2; on Loihi 1 each value takes a reward channel of its own',
  ],
  [
    'several modulators',
    rule({ name: 'r', traces, variables: { e: {} }, modulators: { a: {}, b: {} }, onPost: 'e += x1', onModulator: 'w += 0.1 * a * e' }),
    'info third-factor: projection p, rule r: 2 modulators (a, b); Loihi 1 has one reward trace, Loihi 2 brings them in through y2 and y3',
  ],
  [
    'a modulator with the name of a trace',
    rule({ name: 'r', traces: { pre: traces.x1 }, modulators: { x1: {} }, onPost: 'w += 0.02 * pre' }),
    'error third-factor: projection p, rule r: a modulator is called x1, which is the name of a trace on the chip',
  ],
  [
    'a trace of the side that spikes',
    tripletStdp,
    "info same-side-trace: rule triplet-stdp, onPost: the engine's y2 already holds the post spike of this update; its impulse 1 is taken off again, exactly unless the trace has saturated",
  ],
  [
    'a nearest-spike trace of the side that spikes',
    rule({ name: 'r', traces: { x1: { ...traces.x1, pairing: 'nearest' } }, onPre: 'w -= 0.2 * x1' }),
    'warning same-side-trace: rule r, onPre: "x1" is set to its top by the same spike, so its value before the spike is lost',
  ],
  [
    'spikes of both sides in one tick',
    pairStdp,
    'info coincident-spikes: projection p, rule pair-stdp: when both sides spike in one tick, the engine applies both products with the fresh traces of both; the rule takes the pre spike first',
  ],
  [
    'a statement that reads what the one before it wrote',
    rule({ name: 'r', traces, variables: { e: {} }, onPost: 'e += x1\nw += 0.02 * e' }),
    'info update-order: rule r, onPost: w sees e as it was before this moment: the chip evaluates all products from old values',
  ],
  [
    'a trace that saturates',
    rule({ name: 'r', traces: { x1: { on: 'pre', tau: '1 s' } }, onPost: 'w += 0.02 * x1' }),
    'warning trace-range: projection p, rule r: trace x1 (x1) decays so slowly that its smallest impulse, 1, reaches 127 at 0.13 spikes per tick',
  ],
  [
    'a trace that counts',
    rule({ name: 'r', traces: { x1: { on: 'pre' } }, onPost: 'w += 0.02 * x1' }),
    'info trace-range: projection p, rule r: trace x1 (x1) does not decay and ends at 127: it counts that many spikes between two clears',
  ],
  [
    'a trace with few steps',
    rule({ name: 'r', traces: { x1: { on: 'pre', tau: '60 ms' } }, onPost: 'w += 0.02 * x1' }),
    'info trace-range: projection p, rule r: trace x1 (x1) has room for 1 spikes per tick, which leaves 2 for the impulse of one: it decays in coarse random steps',
  ],
];

for (const [what, plain, message] of REFUSED)
  test(`reported: ${what}`, () => assert.ok(findings(plain).includes(message), findings(plain).join('\n')));

test('a finding about one place shows it', () => {
  const { excerpt } = onChip(rule({ name: 'r', traces, onPost: 'w += 0.01 * x1 * sqrt(y1)' })).findings[0];
  assert.is(excerpt, '    w += 0.01 * x1 * sqrt(y1)\n                     ^^^^^^^^');
});

test('the state of the post neuron cannot be read', () => {
  const plain = rule({ name: 'r', traces, onPre: 'w += 0.01 * v_post' });
  const post = { state: { v: {} } } as unknown as Parameters<typeof checkRuleOrThrow>[1];
  const checked = checkRuleOrThrow(plain, post);
  const { findings } = chipRule(
    checked,
    { projection: 'p', dt: 1e-3, scale: { format: { sign: 'mixed', bits: 9 }, rise: 0, scale: 255 } },
    readSettings({}),
  );
  assert.equal(
    findings.map(({ designRule, message }) => [designRule, message]),
    [['post-state', 'rule r, onPre: "v_post" is the state of the post neuron, which the learning engine cannot read']],
  );
});

test('the epoch visits all synapses only if a product applies without a spike', () => {
  const visits = (plain: PlasticityRule): string | undefined =>
    lowerChipRule(onChip(plain), { checked: checkRuleOrThrow(plain), network: { dt: 1e-3 } as Network }, readSettings({})).epoch?.visits;
  assert.is(visits(pairStdp), 'spiking');
  assert.is(visits(rStdp), 'spiking');
  assert.is(visits(rStdpDelayed), 'all');
});

test.run();
