/** A probe counts what a run by hand counts: here one pre and one post neuron that spike when they are told to. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import type { StdpWindow } from '../../experiments/experiment.ts';
import { probe } from '../../experiments/probe.ts';
import { near } from '../support/near.ts';
import { ms } from '../support/simulate.ts';

const task: StdpWindow = { kind: 'stdp-window', input: 'pre', teacher: 'teacher', plastic: 'p', deltaTicks: [0], repeats: 10 };

/** The pre neuron spikes at the ticks given, and the post neuron with it. */
function plan(ticks: readonly number[], impulse: number, epochTicks: number) {
  const net = network({ dt: '1 ms', seed: 1 });
  const at = { times: ticks.map(ms), neurons: ticks.map(() => 0) };
  const pre = net.input('pre', 1, at);
  const teacher = net.input('teacher', 1, at);
  const post = net.neurons('post', 1, { model: 'lif', tauMem: '0.1 ms', vThreshold: 20 });
  const traces = { x1: { on: 'pre', impulse }, y1: { on: 'post', impulse: 16, tau: '20 ms' } } as const;
  net.connect(pre, post, { name: 'p', weight: 0.5, rule: rule({ traces, epochTicks, dw: '2^-7*y0*x1' }) });
  net.connect(teacher, post, { name: 'teaching', weight: 40 });
  return buildPlan(net.freeze(), loihiLike());
}

test('a trace that does not decay and adds 64 at a spike stands at 127 from the second spike on', () => {
  const { traces, ticks, updateAttempts } = probe(plan([10, 20], 64, 1), task, undefined, 1);
  const x1 = traces.find(({ name }) => name === 'x1');
  assert.is(x1?.largest, 127);
  // spikes arrive a tick later: above zero from tick 11, at the top from tick 21
  near(x1?.share ?? 0, (ticks - 20) / (ticks - 10), 1e-12);
  assert.is(updateAttempts, 2);
});

// epochs end at ticks 4, 8, 12, …; the post neuron spikes a tick after the pre neuron
test('two spikes in one epoch are repeated, two in different ones are not', () => {
  assert.equal(probe(plan([11, 12], 16, 4), task, undefined, 1).repeatedSpikes, { pre: 1, post: 0 });
  assert.equal(probe(plan([10, 20], 16, 4), task, undefined, 1).repeatedSpikes, { pre: 0, post: 0 });
});

test.run();
