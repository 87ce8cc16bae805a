import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import { UserError } from '../../../core/errors.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { checkRule } from '../../../core/plasticity/check-rule.ts';
import type { RuleOptions } from '../../../core/plasticity/read-rule.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { Simulation } from '../../../workers/simulation.ts';

const traces = { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } } as const;

/** A busy little network with this rule; the caller may drive it. */
function busy(options: RuleOptions, chip = ideal()): Simulation {
  const net = network({ dt: '1 ms', seed: 3 });
  const input = net.input('input', 20, { rates: '60 Hz' });
  const out = net.neurons('out', 5, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(input, out, { weight: { uniform: [0.1, 0.4] }, rule: rule({ name: 'r', traces, bounds: [0, 1], ...options }) });
  return new Simulation(buildPlan(net.freeze(), chip));
}

function weightsAfter(options: RuleOptions, ticks = 400): Float64Array {
  const simulation = busy(options);
  simulation.run(ticks);
  return simulation.weights('input-out');
}

const codeOf = (options: RuleOptions) => checkRule(rule({ name: 'r', traces, ...options })).checked?.rule.code;

test('pair STDP in Loihi notation is pair STDP in event form, to the last bit', () => {
  const products = weightsAfter({ dw: '2^-6*x1*y0 - 2^-6*x0*y1' });
  assert.equal(products, weightsAfter({ onPre: 'w -= 2^-6 * y1', onPost: 'w += 2^-6 * x1' }));
  assert.ok(products.some((w) => w !== products[0]));
});

test('products of one moment are all computed before any is written', () => {
  assert.equal(codeOf({ dw: '2*y0*t', dt: 'y0*w' }), {
    onPost: 'let change_w = (2) * t\nlet change_t = (1) * w\nw += change_w\nt += change_t',
  });
});

test('a tag is a synapse variable without being declared, and r1 arrives as a modulator', () => {
  const options = { modulators: { r1: {} }, dw: '2^-5*u0*r1*t', dt: 'y0*x1 - 2^-3*x0*y1' } as const;
  const simulation = busy(options);
  simulation.run(300);
  const before = simulation.weights('input-out');
  const tag = simulation.synapseVariable('input-out', 't');
  simulation.modulate('input-out', { r1: 0.5 });
  const after = simulation.weights('input-out');
  after.forEach((w, k) => {
    assert.ok(Math.abs(w - Math.min(1, Math.max(0, before[k] + 0.5 * tag[k] * 2 ** -5))) < 1e-12);
  });
  assert.ok(tag.some((t) => t > 1));
});

test('u_k acts at every 2^k-th epoch', () => {
  // w grows by 1/64 whenever the product acts: every 2^3 epochs of 5 ticks
  const grown = weightsAfter({ dw: '2^-6*u3', epochTicks: 5 }, 200).map((w, k) => w - weightsAfter({ onPre: 'w += 0 * y1' }, 1)[k]);
  grown.forEach((change) => {
    assert.ok(Math.abs(change - 5 / 64) < 1e-12, String(change));
  });
});

test('brackets and signs are kept', () => {
  assert.equal(codeOf({ dw: '2^-2*x0*(w-3)*sgn(t)' }), { onPre: 'let change_w = (0.25) * (w + (-3)) * sign(t)\nw += change_w' });
});

test('a product of both dependencies needs learning epochs, and the chips that learn at events say so', () => {
  for (const chip of [ideal(), memristorCrossbar()]) {
    assert.throws(
      () => busy({ dw: 'x0*y0*w' }, chip),
      (error: unknown) =>
        error instanceof UserError &&
        error.problems[0].message ===
          `projection input-out, rule r: the product x0*y0*w asks for a pre and a post spike in one learning epoch [${chip.profile.name}: learnsAtEvents]`,
    );
  }
});

test('what is wrong with the string is underlined', () => {
  const { problems } = checkRule(rule({ name: 'r', traces, dw: '2*x1*y1' }));
  assert.is(problems.length, 1);
  assert.is(problems[0].code, 'E-NO-DEPENDENCY');
  assert.is(problems[0].excerpt, '    2*x1*y1\n    ^^^^^^^');
});

test.run();
