import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleLibrary } from '../../../../core/plasticity/library/rules.ts';
import type { PlasticityRule } from '../../../../core/plasticity/rule.ts';
import { near } from '../../../support/near.ts';
import type { Pairing } from '../../../support/one-synapse.ts';
import { changes } from '../../../support/one-synapse.ts';
import { range } from '../../../support/simulate.ts';

const open = (name: string, parameters?: Record<string, number>): PlasticityRule => ({
  ...ruleLibrary[name],
  ...(parameters === undefined ? {} : { parameters }),
  bounds: [-10, 10],
});
const e = (t: number): number => Math.exp(-t / 20);

test('all-to-all pairing: every pre spike pairs with every post spike', () => {
  const pairing: Pairing = { pre: [10, 30, 35], post: [20, 33] };
  const [change] = changes(open('pair-stdp', { aPlus: 1, aMinus: 1.05 }), [pairing], 60);
  const ltp = e(10) + (e(23) + e(3));
  const ltd = e(10) + (e(15) + e(2));
  near(change, ltp - 1.05 * ltd, 1e-13);
});

test('nearest pairing: a spike sees only the last one of the other side', () => {
  const pairing: Pairing = { pre: [10, 14, 30], post: [20, 24, 40] };
  const [change] = changes(open('pair-stdp-nearest', { aPlus: 1, aMinus: 1.05 }), [pairing], 60);
  near(change, e(6) + e(10) + e(10) - 1.05 * e(6), 1e-13);
});

test('multiplicative pair STDP scales with the weight and with what is left above it', () => {
  const rule = { ...ruleLibrary['pair-stdp-multiplicative'], parameters: { aPlus: 0.1, aMinus: 0.2 } };
  for (const weight of [0.1, 0.5, 0.9]) {
    const [up, down, both] = changes(
      rule,
      [
        { pre: [10], post: [15] },
        { pre: [15], post: [10] },
        { pre: [10, 20], post: [15] },
      ],
      60,
      { weight },
    );
    near(up, 0.1 * (1 - weight) * e(5), 1e-15);
    near(down, -0.2 * weight * e(5), 1e-15);
    const middle = weight + 0.1 * (1 - weight) * e(5);
    near(both, middle - 0.2 * middle * e(5) - weight, 1e-15);
  }
});

test('soft bounds hold without hard ones, however many pairs', () => {
  const many = range(1, 1000).map((n) => 5 * n);
  const later = many.map((tick) => tick + 1);
  const [up, down] = changes(
    open('pair-stdp-multiplicative'),
    [
      { pre: many, post: later },
      { pre: later, post: many },
    ],
    5100,
  );
  // the fixed point of w ← w (1 - d), w ← w + p (1 - w), read after the later of the two; traces of spikes 1, 6, 11 … or 4, 9, 14 … ms ago
  const [after1, after4] = [e(1) / (1 - e(5)), e(4) / (1 - e(5))];
  const fixed = (p: number, d: number): number => p / (1 - (1 - d) * (1 - p));
  near(0.5 + up, fixed(0.01 * after1, 0.0105 * after4), 1e-12);
  near(0.5 + down, fixed(0.01 * after4, 0.0105 * after1) * (1 - 0.0105 * after1), 1e-12);
});

test('triplet STDP: 60 pairs at 1 … 50 Hz give the published frequency dependence to four digits', () => {
  const rates = [1, 10, 20, 40, 50];
  const published = { 10: [0, 0.1186, 0.2278, 0.5321, 0.7627], [-10]: [-0.3166, -0.3322, -0.3417, 0.1737, 0.7492] };
  for (const delta of [10, -10] as const) {
    const pairs = rates.map((rate): Pairing => {
      const first = range(0, 59).map((n) => 20 + n * (1000 / rate));
      const second = first.map((tick) => tick + 10);
      return delta > 0 ? { pre: first, post: second } : { pre: second, post: first };
    });
    const measured = changes(open('triplet-stdp'), pairs, 60_000);
    measured.forEach((change, n) => {
      near(change, published[delta][n], 5e-5, `${rates[n]} Hz, Δt = ${delta} ms:`);
    });
  }
});

test('triplet STDP: one pair alone cannot potentiate; a post spike before it can', () => {
  const [pair, triplet] = changes(
    open('triplet-stdp'),
    [
      { pre: [100], post: [110] },
      { pre: [100], post: [60, 110] },
    ],
    200,
  );
  assert.is(pair, 0);
  const ltp = 6.5e-3 * Math.exp(-10 / 16.8) * Math.exp(-50 / 114);
  near(triplet, ltp - 7.1e-3 * Math.exp(-40 / 33.7), 1e-15);
});

test('every rule of the library names its source and stands under its own name', () => {
  for (const [name, rule] of Object.entries(ruleLibrary)) {
    assert.is(rule.name, name);
    assert.match(rule.citation ?? '', /\d{4}/, name);
    assert.ok((rule.summary ?? '').length > 10, name);
  }
});

test.run();
