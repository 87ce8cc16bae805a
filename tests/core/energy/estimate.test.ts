import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { EnergyTable } from '../../../core/energy/energy-table.ts';
import { sourced } from '../../../core/energy/energy-table.ts';
import { estimate } from '../../../core/energy/estimate.ts';
import type { EventKind } from '../../../core/energy/event-kinds.ts';
import { EVENT_KINDS } from '../../../core/energy/event-kinds.ts';

const origin = { source: 'a test', confidence: 'assumed' } as const;

/** Figures in whole joules, so that every expected sum is exact. */
const table: EnergyTable = {
  name: 'test chip',
  note: 'whole joules',
  perEvent: {
    synapticEvent: sourced(2, { lo: 1, hi: 4, ...origin }),
    traceUpdate: sourced(3, { lo: 3, hi: 5, ...origin }),
    synapticUpdate: sourced(10, { lo: 8, hi: 11, ...origin }),
    writePulse: sourced(100, { lo: 50, hi: 200, ...origin }),
  },
};

const ideal: EnergyTable = { name: 'ideal', note: 'no chip, no energy', perEvent: {} };

test('the total is the sum of count times figure, with intervals added end to end', () => {
  const report = estimate({ synapticEvent: 10, traceUpdate: 4 }, table, { seconds: 1, updates: 0 });
  assert.equal(report.total, { value: 32, lo: 22, hi: 60 });
  assert.equal(report.missing, []);
  assert.equal(report.breakdown, [
    { account: 'read', kind: 'synapticEvent', count: 10, perEvent: 2, joules: 20, lo: 10, hi: 40, ...origin },
    { account: 'trace', kind: 'traceUpdate', count: 4, perEvent: 3, joules: 12, lo: 12, hi: 20, ...origin },
  ]);
});

test('the energy per update counts traces, rule evaluations and writes, and not what inference costs', () => {
  const counts = { synapticEvent: 1000, traceUpdate: 4, synapticUpdate: 2, writePulse: 1 };
  const report = estimate(counts, table, { seconds: 1, updates: 2 });
  assert.equal(report.perUpdate, { value: 66, lo: 39, hi: 121, unit: 'J' });
});

test('exactly the kinds of the accounts trace, compute and write are learning', () => {
  for (const [kind, { account, learning }] of Object.entries(EVENT_KINDS)) {
    assert.is(learning, ['trace', 'compute', 'write'].includes(account), kind);
  }
});

test('without updates, and without figures, there is no energy per update', () => {
  const counts = { synapticUpdate: 2, traceUpdate: 1 };
  assert.is(estimate(counts, table, { seconds: 1, updates: 0 }).perUpdate, null);
  const report = estimate(counts, ideal, { seconds: 1, updates: 2 });
  assert.is(report.perUpdate, null);
  assert.equal(report.total, { value: 0, lo: 0, hi: 0 });
  assert.equal(report.missing, ['traceUpdate', 'synapticUpdate']);
});

test('an event that happened but has no figure is named, and one that did not happen is not', () => {
  const report = estimate({ spikeHop: 3, neuronSpike: 0, synapticEvent: 1 }, table, { seconds: 0, updates: 0 });
  assert.equal(report.missing, ['spikeHop']);
  assert.is(report.total.value, 2);
});

test('static power is charged for the duration of the run, to no update', () => {
  const leaky = { ...table, static: sourced(5, { lo: 4, hi: 6, ...origin }) };
  const report = estimate({ synapticUpdate: 1 }, leaky, { seconds: 3, updates: 1 });
  assert.equal(report.total, { value: 25, lo: 20, hi: 29 });
  assert.is(report.perUpdate?.value, 10);
  assert.equal(report.breakdown[1], { account: 'static', kind: 'static', count: 3, perEvent: 5, joules: 15, lo: 12, hi: 18, ...origin });
});

test('the parts of the breakdown add up to the total, for counts of every kind', () => {
  const kinds = Object.keys(EVENT_KINDS) as EventKind[];
  const perEvent = Object.fromEntries(kinds.map((kind, i) => [kind, sourced(i + 1, { lo: i, hi: i + 2, ...origin })]));
  const counts = Object.fromEntries(kinds.map((kind, i) => [kind, 2 ** i]));
  const report = estimate(counts, { name: 'all', note: '', perEvent }, { seconds: 0, updates: 1 });
  assert.equal(
    report.breakdown.map(({ kind }) => kind),
    kinds,
  );
  assert.is(
    report.total.value,
    kinds.reduce((sum, _, i) => sum + (i + 1) * 2 ** i, 0),
  );
});

test('a count that is no whole number is a bug and stops', () => {
  for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => estimate({ writePulse: count }, table, { seconds: 0, updates: 0 }), /the count of writePulse is/);
    assert.throws(() => estimate({}, table, { seconds: 0, updates: count }), /the count of updates is/);
  }
  assert.throws(() => estimate({}, table, { seconds: Number.NaN, updates: 0 }), /cannot last NaN s/);
});

test('a figure outside its interval, without a source, negative or not finite is refused', () => {
  assert.throws(() => sourced(5, { lo: 6, hi: 7, ...origin }), /the figure 5 \(6 … 7\) from "a test" lies outside its interval/);
  assert.throws(() => sourced(8, { lo: 6, hi: 7, ...origin }), /lies outside its interval/);
  assert.throws(() => sourced(5, { lo: -1, hi: 7, ...origin }), /has a negative bound/);
  assert.throws(() => sourced(Number.NaN, { lo: 0, hi: 7, ...origin }), /is not made of finite numbers/);
  assert.throws(() => sourced(5, { lo: 0, hi: Number.POSITIVE_INFINITY, ...origin }), /is not made of finite numbers/);
  assert.throws(() => sourced(5, { lo: 5, hi: 5, source: ' ', confidence: 'assumed' }), /has no source/);
});

test('running, learning and static power are told apart, and each has its own denominator', () => {
  const leaky = { ...table, static: sourced(5, { lo: 4, hi: 6, ...origin }) };
  const counts = { synapticEvent: 10, traceUpdate: 4, synapticUpdate: 2 };
  const report = estimate(counts, leaky, { seconds: 3, updates: 2, samples: 4 });
  assert.equal(report.parts, {
    running: { value: 20, lo: 10, hi: 40 },
    learning: { value: 32, lo: 28, hi: 42 },
    static: { value: 15, lo: 12, hi: 18 },
  });
  assert.equal(report.perSynapticEvent, { value: 2, lo: 1, hi: 4, unit: 'J' });
  assert.equal(report.perSample, { value: 13, lo: 9.5, hi: 20.5, unit: 'J' });
  assert.is(report.perUpdate?.value, 16);
});

test('without events, samples or figures there is nothing to divide', () => {
  const learning = estimate({ synapticUpdate: 2 }, table, { seconds: 1, updates: 2 });
  assert.is(learning.perSynapticEvent, null);
  assert.is(learning.perSample, null);
  assert.is(estimate({ synapticEvent: 2 }, ideal, { seconds: 1, updates: 0, samples: 1 }).perSample, null);
});

test.run();
