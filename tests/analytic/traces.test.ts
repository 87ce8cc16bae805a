import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TraceOptions } from '../../core/plasticity/read-rule.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { integerAt } from '../../core/random.ts';
import { near } from '../support/near.ts';
import { pairings } from '../support/one-synapse.ts';
import { range } from '../support/simulate.ts';

/** [ticks] a pre and a post trace at the end of every tick, copied out by the rule itself. */
function tracesUnder(spikes: readonly number[], options: Omit<TraceOptions, 'on'>, ticks: number): { x: number[]; y: number[] } {
  const watch = rule({
    traces: { x1: { on: 'pre', ...options }, y1: { on: 'post', ...options } },
    variables: { x: {}, y: {} },
    onLearningEpoch: 'x = x1\ny = y1',
  });
  const simulation = pairings(watch, [{ pre: spikes, post: spikes }]);
  const result = { x: [] as number[], y: [] as number[] };
  for (let n = 0; n < ticks; n++) {
    simulation.run(1);
    result.x.push(simulation.synapseVariable('plastic', 'x')[0]);
    result.y.push(simulation.synapseVariable('plastic', 'y')[0]);
  }
  return result;
}

/** 40 spikes at random ticks from 2 to 301. */
const random = [...new Set(range(1, 40).map((n) => 2 + integerAt(3, 1, n, 0, 300)))].sort((a, b) => a - b);

test('an all-to-all trace is the sum of the exponentials of all spikes so far, on both sides', () => {
  const { x, y } = tracesUnder(random, { tau: '20 ms', impulse: 0.7 }, 400);
  for (const tick of range(1, 400)) {
    const expected = random.filter((spike) => spike <= tick).reduce((sum, spike) => sum + 0.7 * Math.exp((spike - tick) / 20), 0);
    near(x[tick - 1], expected, 1e-13, `x in tick ${tick}`);
    near(y[tick - 1], expected, 1e-13, `y in tick ${tick}`);
  }
});

test('a nearest-spike trace remembers only the last spike', () => {
  const { x, y } = tracesUnder(random, { tau: '20 ms', impulse: 0.7, pairing: 'nearest' }, 400);
  for (const tick of range(1, 400)) {
    const last = random.filter((spike) => spike <= tick).at(-1);
    const expected = last === undefined ? 0 : 0.7 * Math.exp((last - tick) / 20);
    near(x[tick - 1], expected, 1e-13, `x in tick ${tick}`);
    near(y[tick - 1], expected, 1e-13, `y in tick ${tick}`);
  }
});

test('after one time constant exact decay leaves 0.367879441, forward Euler 0.358485922', () => {
  near(tracesUnder([2], { tau: '20 ms' }, 22).x[21], 0.367879441, 5e-10);
  near(tracesUnder([2], { tau: '20 ms', decay: 'euler' }, 22).x[21], 0.358485922, 5e-10);
});

test('regular spikes at 50 Hz with tau 20 ms: peak 1.581977 and time average 1', () => {
  const regular = range(0, 49).map((n) => 2 + 20 * n);
  const { x } = tracesUnder(regular, { tau: '20 ms' }, 1001);
  near(x[981], 1.581977, 5e-7, 'peak');
  // the continuous average r tau = 1 lies between the sums over tick starts and over tick ends
  const period = x.slice(981, 1001).reduce((sum, value) => sum + value, 0) / 20;
  near(period * ((1 - Math.exp(-1 / 20)) / (1 / 20)), 1, 1e-12, 'average');
});

test('a trace without a time constant counts', () => {
  const { x, y } = tracesUnder([2, 5, 9], { impulse: 2 }, 12);
  assert.equal([x[0], x[1], x[5], x[11]], [0, 2, 4, 6]);
  assert.equal(y, x);
});

test('pre traces live where the spike arrives: each row has its own delay', () => {
  const watch = rule({ traces: { x1: { on: 'pre', tau: '20 ms' } }, variables: { x: {} }, onLearningEpoch: 'x = x1' });
  for (const delayMs of [1, 3, 10]) {
    const simulation = pairings(watch, [{ pre: [15], post: [] }], { delayMs });
    simulation.run(14);
    assert.is(simulation.synapseVariable('plastic', 'x')[0], 0);
    simulation.run(1);
    assert.is(simulation.synapseVariable('plastic', 'x')[0], 1);
  }
});

test.run();
