import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleFromLava, ruleToLava } from '../../../../chips/loihi-like/lava/exchange.ts';
import {
  floatToLiteral,
  literalValue,
  readLavaRuleSet,
  rewardModulatedStdp,
  stdpLoihi,
} from '../../../../chips/loihi-like/lava/rule-set.ts';
import { checkRuleOrThrow } from '../../../../core/plasticity/check-rule.ts';

const LITERALS: readonly [number, string, number][] = [
  [0, '0', 0],
  [8, '(8)', 8],
  [0.3, '(1) * 2 ^ -2', 0.25],
  [1.5, '(1) * 2 ^ 1', 2],
  [2.5, '(2) * 2 ^ 0', 2],
  [5.7, '(5) * 2 ^ 0', 5],
  [-0.7, '(-1) * 2 ^ -1', -0.5],
];

for (const [value, text, meant] of LITERALS) {
  test(`${value} as Lava's literal`, () => {
    assert.is(floatToLiteral(value), text);
    assert.is(literalValue(value), meant);
  });
}

test('everything that is wrong with the parameters is said at once', () => {
  assert.throws(
    () => readLavaRuleSet({ dw: 'u0*w', dt: 'u1*t', x1_impulse: -1, y1_tau: -2, t_epoch: 0 }),
    /use u0 and u1[\s\S]*x1_impulse is -1[\s\S]*y1_tau is -2[\s\S]*t_epoch is 0/,
  );
  assert.throws(() => readLavaRuleSet({}), /no learning rule is given/);
});

test('the ready-made rules put lossy literals into their texts', () => {
  const stdp = stdpLoihi({ learning_rate: 1, A_plus: 1.5, A_minus: -2, tau_plus: 10, tau_minus: 12 });
  assert.is(stdp.dw, '(1) * (-2) * x0 * y1 +(1) * (1) * 2 ^ 1 * y0 * x1');
  assert.equal([stdp.x1_tau, stdp.y1_tau, stdp.x1_impulse], [10, 12, 16]);
  const reward = rewardModulatedStdp({
    learning_rate: 1,
    A_plus: 2,
    A_minus: -2,
    pre_trace_decay_tau: 10,
    post_trace_decay_tau: 10,
    pre_trace_kernel_magnitude: 16,
    post_trace_kernel_magnitude: 16,
    eligibility_trace_decay_tau: 0.5,
  });
  assert.is(readLavaRuleSet(reward).threeFactor, true);
  assert.is(reward.dt, '(1) * (-2) * x0 * y1 + (1) * (2) * y0 * x1 - u0 * t * (1) * 2 ^ -1');
});

test('strict and lava-compat reading agree on a sound rule', () => {
  const parameters = { dw: '2^-3*x1*y0 - 2^-4*sgn(w-80)*x1*y0', dt: 'u2*t', x1_tau: 10 };
  const [strict, compat] = (['strict', 'lava-compat'] as const).map((mode) => readLavaRuleSet(parameters, mode));
  assert.equal(strict, compat);
});

test('the reward trace r1 has no place in a rule for Lava', () => {
  assert.throws(() => readLavaRuleSet({ dw: 'u0*t*r1' }), /dw = u0\*t\*r1: Lava has no reward trace/);
});

test('a rule of Lava goes into a network and back', () => {
  const parameters = {
    class_name: 'Loihi2FLearningRule',
    dw: 'x0*y1 - y0*x1',
    x1_impulse: 16,
    x1_tau: 10,
    y1_impulse: 20,
    y1_tau: 8,
    t_epoch: 2,
  };
  const rule = ruleFromLava(parameters, { dt: 1e-3 });
  assert.equal(rule.traces.x1, { on: 'pre', tau: 0.01, impulse: 16, pairing: 'all-to-all', decay: 'exact' });
  assert.is(checkRuleOrThrow(rule).rule.sumOfProducts?.dw, parameters.dw);
  assert.equal(ruleToLava(rule, 1e-3), parameters);
});

test('of a three-factor rule the reward becomes r1 per post neuron, and y1 has to be explained', () => {
  const parameters = { class_name: 'Loihi3FLearningRule', dw: 'u0*t*y2', dt: 'x0*y1', y1_tau: 65535, t_epoch: 1 };
  assert.throws(() => ruleFromLava(parameters, { dt: 1e-3 }), /reads y1, which its post neurons compute and send/);
  const rule = ruleFromLava(parameters, { dt: 1e-3, y1: { tau: 10, impulse: 16 } });
  assert.equal(rule.sumOfProducts, { dw: 'u0*t*r1', dt: 'x0*y1' });
  assert.equal(rule.modulators, { r1: { per: 'post', range: 127 } });
  assert.is(ruleToLava(rule, 1e-3).dw, 'u0*t*y2');
  assert.throws(() => ruleToLava({ ...rule, sumOfProducts: undefined } as never, 1e-3), /is in event form/);
});

test.run();
