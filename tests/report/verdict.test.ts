import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChipResult } from '../../experiments/result.ts';
import { judge, overlap, seedDifference } from '../../report/compare.ts';
import { verdict } from '../../report/verdict.ts';
import { bareResult, withResults } from './fixture.ts';

// Differences between these lists are constant, nearly constant, or larger than their mean, so each judgement is known beforehand.
const IDEAL = [0.9, 0.91, 0.92, 0.91, 0.9];
const shifted = (by: number, wobble = 0.002): number[] => IDEAL.map((value, k) => value + by + (k % 2 === 0 ? wobble : -wobble));

interface Case {
  readonly name: string;
  readonly results: readonly ChipResult[];
  /** Each must stand in one of the sentences. */
  readonly says: readonly string[];
  readonly never?: readonly string[];
}

const CASES: readonly Case[] = [
  { name: 'no results', results: [], says: ['No chip produced a result.'] },
  {
    name: 'a chip alone',
    results: [bareResult('loihi', 'Loihi-like', IDEAL)],
    says: ['Loihi-like reaches 90.8 % (95 % interval 89.8 to 91.8 %, 5 seeds).', 'No chip in this run has an energy figure.'],
    never: ['highest', 'loss'],
  },
  {
    name: 'a chip alone with one seed',
    results: [bareResult('loihi', 'Loihi-like', [0.9])],
    says: ['Loihi-like reaches 90.0 % (1 seed, so no interval).'],
  },
  {
    name: 'a clear loss',
    results: [bareResult('ideal', 'Ideal', IDEAL), bareResult('a', 'Chip A', shifted(-0.03)), bareResult('b', 'Chip B', shifted(-0.12))],
    says: [
      'Ideal reaches the highest accuracy: 90.8 %',
      'The largest loss against Ideal is on Chip B: 12.0 points (95 % interval 11.7 to 12.2, 5 paired seeds).',
    ],
    never: ['cannot be told apart'],
  },
  {
    name: 'a difference inside the noise',
    results: [bareResult('ideal', 'Ideal', IDEAL), bareResult('a', 'Chip A', shifted(-0.001, 0.02))],
    says: ['At the top, Chip A (91.1 %) and Ideal (90.8 %) cannot be told apart: they differ by 0.3 points', 'No chip scores below Ideal.'],
    never: ['highest accuracy'],
  },
  {
    name: 'a mean loss inside the noise',
    results: [bareResult('ideal', 'Ideal', IDEAL), bareResult('a', 'Chip A', shifted(-0.01, 0.02))],
    says: [
      'Ideal (90.8 %) and Chip A (90.2 %) cannot be told apart',
      'No loss against Ideal can be told apart from zero; the largest is on Chip A: 0.6 points',
    ],
  },
  {
    name: 'three at the top',
    results: [bareResult('ideal', 'Ideal', IDEAL), bareResult('a', 'Chip A', IDEAL), bareResult('b', 'Chip B', IDEAL)],
    says: ['At the top, Ideal (90.8 %), Chip A (90.8 %) and Chip B (90.8 %) cannot be told apart with 5 seeds.'],
  },
  {
    name: 'the largest mean loss is uncertain and a smaller one is not',
    results: [bareResult('ideal', 'Ideal', IDEAL), bareResult('a', 'Steady', shifted(-0.03)), bareResult('b', 'Wild', shifted(-0.1, 0.2))],
    says: ['is on Wild: 6.0 points', 'cannot be told apart from zero; the largest loss that can is on Steady: 3.0 points'],
  },
  {
    name: 'one seed per chip',
    results: [bareResult('ideal', 'Ideal', [0.9]), bareResult('a', 'Chip A', [0.7])],
    says: ['Ideal scores highest with 90.0 %, but every chip ran with one seed only, so the chips cannot be told apart'],
    never: ['loss'],
  },
  {
    name: 'no ideal chip among the results',
    results: [bareResult('a', 'Chip A', shifted(-0.03)), bareResult('b', 'Chip B', shifted(-0.12))],
    says: ['Chip A reaches the highest accuracy'],
    never: ['against'],
  },
  {
    name: 'no score',
    results: [bareResult('ideal', 'Ideal', null)],
    says: ['This scenario has no score, so the chips are not ranked.'],
  },
  {
    name: 'energies apart',
    results: [bareResult('a', 'Chip A', IDEAL, [1.2e-10, 9e-11, 1.6e-10]), bareResult('b', 'Chip B', IDEAL, [3e-12, 1e-12, 9e-12])],
    says: ['estimated at 3 pJ (1 pJ to 9 pJ) on Chip B and 120 pJ (90 pJ to 160 pJ) on Chip A: Chip B needs about 40 times less.'],
  },
  {
    name: 'energies that overlap',
    results: [bareResult('a', 'Chip A', IDEAL, [1.2e-10, 9e-11, 1.6e-10]), bareResult('b', 'Chip B', IDEAL, [8e-11, 5e-11, 1e-10])],
    says: ['the ranges overlap, so they cannot be told apart.'],
    never: ['times less'],
  },
  {
    name: 'three energies',
    results: [
      bareResult('a', 'Chip A', null, [2e-12, 1e-12, 3e-12]),
      bareResult('b', 'Chip B', null, [8e-11, 5e-11, 1e-10]),
      bareResult('c', 'Chip C', null, [4e-12, 1e-12, 9e-12]),
    ],
    says: [
      '2 pJ (1 pJ to 3 pJ) on Chip A at the least and 80 pJ (50 pJ to 100 pJ) on Chip B at the most: Chip A needs about 40 times less.',
    ],
  },
  {
    name: 'one energy only',
    results: [bareResult('ideal', 'Ideal', IDEAL), bareResult('a', 'Chip A', IDEAL, [1e-12, 5e-13, 2e-12])],
    says: ['One synaptic update is estimated at 1 pJ (500 fJ to 2 pJ) on Chip A, the only chip here with an energy figure.'],
  },
  {
    name: 'a broken energy figure',
    results: [bareResult('a', 'Chip A', IDEAL, [Number.NaN, 0, 1])],
    says: ['No chip in this run has an energy figure.'],
    never: ['NaN'],
  },
  {
    name: 'findings of severity error',
    results: [{ ...bareResult('a', 'Chip A', IDEAL), findings: [{ severity: 'error', code: 'E-FIT', message: 'too large' }] }],
    says: ['The design check reports errors for Chip A; read the findings before relying on those rows.'],
  },
];

for (const { name, results, says, never } of CASES) {
  test(`the verdict is no stronger than the results: ${name}`, () => {
    const text = verdict(withResults(results)).join('\n');
    for (const piece of says) assert.ok(text.includes(piece), `expected "${piece}" in:\n${text}`);
    for (const piece of never ?? []) assert.not.ok(text.includes(piece), `did not expect "${piece}" in:\n${text}`);
  });
}

test('a run that did not finish says so', () => {
  const text = verdict({ ...withResults([bareResult('a', 'Chip A', IDEAL)]), ok: false }).join('\n');
  assert.match(text, /The run did not finish cleanly/);
});

test('seeds that are not finite drop out of the pairs, and lists of different length are not paired', () => {
  const one = bareResult('a', 'A', [0.5, 0.6, 0.7]);
  const broken = { ...one, accuracy: { mean: 0.6, ci95: null, n: 3, perSeed: [0.4, Number.NaN, 0.6] } };
  const difference = seedDifference(one, broken);
  assert.is(difference?.n, 2);
  assert.ok(Math.abs((difference?.mean ?? 0) - 0.1) < 1e-12);
  assert.is(seedDifference(one, bareResult('b', 'B', [0.5])), null);
  assert.is(seedDifference(one, bareResult('b', 'B', null)), null);
});

test('a difference is judged by whether its interval leaves out zero', () => {
  assert.is(judge({ mean: 1, ci95: [0.5, 1.5], n: 3 }), 'higher');
  assert.is(judge({ mean: -1, ci95: [-1.5, -0.5], n: 3 }), 'lower');
  assert.is(judge({ mean: 1, ci95: [0, 2], n: 3 }), 'undecided');
  assert.is(judge({ mean: 1, ci95: null, n: 1 }), 'undecided');
  assert.is(judge(null), 'undecided');
});

test('intervals that touch overlap', () => {
  assert.ok(overlap({ lo: 0, hi: 1 }, { lo: 1, hi: 2 }));
  assert.not.ok(overlap({ lo: 0, hi: 1 }, { lo: 1.1, hi: 2 }));
});

test.run();
