/** Times are added by hand from table 2 of Davies et al. (2018). */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { barrier, realTimeFindings, stepTiming } from '../../../chips/loihi-like/timing.ts';
import type { ConnectOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import { checkDeployment } from '../../../core/plan/build-plan.ts';
import type { Time } from '../../../core/units.ts';
import { near } from '../../support/near.ts';

const ns = 1e-9;
const same = (actual: number, expected: number): void => near(actual / expected, 1, 1e-12);

function placed(nPre: number, nPost: number, options: Partial<ConnectOptions> = {}, dt: Time = '1 ms') {
  const net = network({ dt });
  const source = net.input('in', nPre, { rates: '10 Hz' });
  const out = net.neurons('out', nPost, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(source, out, { weight: 0.5, ...options });
  return checkDeployment(net.freeze(), loihiLike());
}

test('the barrier is published for 1 and for 32 tiles, and lies between them in between', () => {
  same(barrier(1).value, 113 * ns);
  same(barrier(32).value, 465 * ns);
  const between = barrier(9);
  same(between.value, (113 + (352 * 8) / 31) * ns);
  same(between.lo, 113 * ns);
  same(between.hi, 465 * ns);
});

test('on one core a tick is its events one after another, the way of a spike and the barrier', () => {
  const { placement } = placed(100, 10, { rule: 'pair-stdp' });
  const { perStep, realTimeFactor } = stepTiming(placement, { synapticEvent: 4000, synapticUpdate: 1000 }, 10, 1e-3);
  same(perStep.value, (113 + 2.1 + 400 * 3.5 + 100 * 6.1 + 10 * 8.4) * ns);
  same(perStep.lo, (113 + 2.1 + 400 * 3.5 + 100 * 6.1 + 10 * 5.3) * ns);
  same(realTimeFactor, 1e-3 / perStep.value);
});

test('an idle network takes its neurons and the barrier', () => {
  same(stepTiming(placed(100, 10).placement, {}, 0, 1e-3).perStep.value, (113 + 2.1 + 10 * 5.3) * ns);
});

test('the busiest core decides: half the synapses on it take half the events, and the interval holds the even and the worst spread', () => {
  // 1024 + 1024 compartments on two cores of one tile
  const { placement } = placed(10, 2048);
  const { perStep } = stepTiming(placement, { synapticEvent: 2000 }, 1, 1e-3);
  same(perStep.value, (113 + 2.1 + 1000 * 3.5 + 1024 * 8.4) * ns);
  same(perStep.lo, (113 + 2.1 + 1000 * 3.5 + 1024 * 5.3) * ns);
  same(perStep.hi, (113 + 2.1 + 2000 * 3.5 + 1024 * 8.4) * ns);
});

test('the longest tick has every synapse deliver and learn', () => {
  const { placement } = placed(100, 10, { rule: 'pair-stdp' });
  same(stepTiming(placement, {}, 0, 1e-3).longestStep.value, (113 + 2.1 + 1000 * (3.5 + 6.1) + 10 * 8.4) * ns);
});

test('whether the network keeps up with real time is said', () => {
  assert.equal(realTimeFindings(placed(100, 10).placement, 1e-3), []);
  const [note] = placed(100, 1000, {}, '0.1 ms').findings.filter(({ designRule }) => designRule === 'real-time');
  assert.is(note.code, 'I-LOIHI-TIME');
  assert.is(
    note.message,
    'if every source spikes and every synapse learns in one tick, it takes 359 us for 100 us; an idle one takes 5.42 us',
  );
  const [warning] = placed(1, 1000, {}, '1 us').findings.filter(({ designRule }) => designRule === 'real-time');
  assert.is(warning.code, 'W-LOIHI-TIME');
  assert.is(warning.message, 'a tick of 1 us takes 5.42 us on the chip even when nothing spikes: it falls behind real time');
});

test.run();
