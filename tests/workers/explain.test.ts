import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { explainPlan } from '../../workers/explain.ts';

/** 2000 sources onto 1000 neurons, all to all. */
function dense(options: { weight: number | { uniform: [number, number] }; rule?: string }): Plan {
  const net = network({ dt: '0.1 ms', seed: 1, precision: 'f32' });
  const input = net.input('input', 2000);
  const out = net.neurons('out', 1000, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(input, out, { delay: '1.5 ms', ...options });
  return buildPlan(net.freeze(), ideal());
}

const bytesEach = (plan: Plan): number => Number(/([\d.]+) bytes each/.exec(explainPlan(plan))?.[1]);

test('a synapse takes at most 4 bytes with one constant weight, 8 with its own, 16 with pair STDP', () => {
  assert.ok(bytesEach(dense({ weight: 0.1 })) <= 4);
  assert.ok(bytesEach(dense({ weight: { uniform: [0, 1] } })) <= 8);
  assert.ok(bytesEach(dense({ weight: 0.1, rule: 'pair-stdp' })) <= 16);
});

test('the text shows sizes, delays and every program in the order of the tick', () => {
  const text = explainPlan(dense({ weight: 0.1, rule: 'pair-stdp' }));
  assert.match(
    text,
    /^Ideal: 3000 neurons, 2000000 synapses, tick 0\.1 ms, [\d.]+ MiB; no limits\npopulation input: 2000 poisson sources\npopulation out: 1000 neurons\n {2}advance\n/,
  );
  assert.match(text, /\n {2}fires when v > f32\(1\)\n {2}reset\n {4}v = 0\n|\n {2}fires when v > 1\n {2}reset\n {4}v = 0\n/);
  assert.match(text, /\nprojection input-out: 2000000 synapses in 2000 rows, delay 15 ticks, /);
  const stages = ['  deliver', '  onPre', '  onPost', '  trace x1 (pre) each tick', '  trace x1 (pre) at a spike'].map((stage) =>
    text.indexOf(`\n${stage}\n`),
  );
  assert.ok(
    stages.every((at, n) => at > (n === 0 ? 0 : stages[n - 1])),
    String(stages),
  );
});

test.run();
