import * as simple from 'simple-statistics';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { integerAt, normalAt } from '../../core/random.ts';
import {
  areaUnderCurve,
  holmCorrected,
  mean,
  meanWithCi,
  pairedDifference,
  pairedTestPower,
  pairsNeeded,
  sampleSd,
  tQuantile,
  wilsonInterval,
} from '../../experiments/statistics.ts';

function near(actual: number | null | undefined, expected: number, tolerance: number, what = ''): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= tolerance, `${what} ${actual} is not ${expected}`);
}

test('quantiles of t equal the published table to its three decimals', () => {
  // [degrees of freedom, 0.95, 0.975, 0.995, 0.9995], as in every printed table of Student's t.
  const table: [number, number, number, number, number][] = [
    [1, 6.314, 12.706, 63.657, 636.619],
    [2, 2.92, 4.303, 9.925, 31.599],
    [3, 2.353, 3.182, 5.841, 12.924],
    [4, 2.132, 2.776, 4.604, 8.61],
    [5, 2.015, 2.571, 4.032, 6.869],
    [9, 1.833, 2.262, 3.25, 4.781],
    [10, 1.812, 2.228, 3.169, 4.587],
    [19, 1.729, 2.093, 2.861, 3.883],
    [30, 1.697, 2.042, 2.75, 3.646],
    [120, 1.658, 1.98, 2.617, 3.373],
  ];
  for (const [nu, ...quantiles] of table) {
    for (const [i, p] of [0.95, 0.975, 0.995, 0.9995].entries()) near(tQuantile(p, nu), quantiles[i], 0.00051, `nu ${nu}, p ${p}:`);
  }
});

test('quantiles of t equal the closed forms for one, two and four degrees of freedom', () => {
  for (const p of [0.001, 0.05, 0.3, 0.5, 0.75, 0.975, 0.9999]) {
    const one = Math.tan(Math.PI * (p - 0.5));
    near(tQuantile(p, 1), one, 1e-12 * (1 + Math.abs(one)), `nu 1, p ${p}:`);
    const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
    near(tQuantile(p, 2), two, 1e-12 * (1 + Math.abs(two)), `nu 2, p ${p}:`);
    const a = 4 * p * (1 - p);
    const q = Math.cos(Math.acos(Math.sqrt(a)) / 3) / Math.sqrt(a);
    const four = Math.sign(p - 0.5) * 2 * Math.sqrt(Math.max(0, q - 1));
    if (p !== 0.5) near(tQuantile(p, 4), four, 1e-11 * (1 + Math.abs(four)), `nu 4, p ${p}:`);
  }
});

test('with many degrees of freedom t becomes normal', () => {
  near(tQuantile(0.975, 1e6), 1.959963984540054 + 2.4e-6, 2e-7);
});

test('mean and standard deviation equal those of simple-statistics', () => {
  for (let seed = 0; seed < 20; seed++) {
    const values = Array.from({ length: 2 + seed }, (_, i) => 1e3 + normalAt(seed, 1, i, 0));
    near(mean(values), simple.mean(values), 1e-12 * 1e3);
    near(sampleSd(values), simple.sampleStandardDeviation(values), 1e-12);
  }
});

test('the interval of a mean is the textbook one', () => {
  const result = meanWithCi([1, 2, 3, 4, 5]);
  assert.is(result.mean, 3);
  assert.is(result.n, 5);
  near(result.sd, Math.sqrt(2.5), 1e-15);
  // t(0.975, 4) = 2.776445105
  near(result.ci95?.[0], 3 - 2.776445105 * Math.sqrt(0.5), 1e-9);
  near(result.ci95?.[1], 3 + 2.776445105 * Math.sqrt(0.5), 1e-9);
  const wider = meanWithCi([1, 2, 3, 4, 5], 0.99);
  near(wider.ci95?.[1], 3 + 4.604094871 * Math.sqrt(0.5), 1e-9);
});

test('one value has a mean and nothing else; equal values have an interval of no width', () => {
  assert.equal(meanWithCi([7]), { mean: 7, ci95: null, n: 1, sd: null });
  assert.equal(meanWithCi([7, 7, 7]), { mean: 7, ci95: [7, 7], n: 3, sd: 0 });
});

test('the 95 % interval of five normal values covers the true mean 95 times in 100', () => {
  const trials = 4000;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { ci95 } = meanWithCi(Float64Array.from({ length: 5 }, (_, i) => 3 + 2 * normalAt(9, 1, i, trial)));
    if (ci95 !== null && ci95[0] <= 3 && 3 <= ci95[1]) covered++;
  }
  // Binomial: sd 13.8; a normal quantile in place of t would cover 88 %.
  assert.ok(Math.abs(covered - 0.95 * trials) < 4 * 13.8, `${covered}`);
});

test('a paired difference is the mean of differences, with the t and p of the paired test', () => {
  // The sleep data of Student (1908), Cushny and Peebles: t = 4.0621, p = 0.002833, interval 0.7001 ... 2.4599.
  const drug1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const drug2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const result = pairedDifference(drug2, drug1);
  near(result.mean, 1.58, 1e-12);
  near(result.t, 4.0621, 5e-5);
  near(result.pValue, 0.002833, 5e-7);
  near(result.ci95?.[0], 0.7001142, 1e-6);
  near(result.ci95?.[1], 2.4598858, 1e-6);
  near(pairedDifference(drug1, drug2).t, -4.0621, 5e-5);
});

test('a paired difference of one pair, or of equal differences, claims no significance', () => {
  assert.equal(pairedDifference([3], [1]), { mean: 2, ci95: null, n: 1, sd: null, t: null, pValue: null });
  assert.equal(pairedDifference([3, 4], [1, 2]), { mean: 2, ci95: [2, 2], n: 2, sd: 0, t: null, pValue: null });
});

test('two conditions that do not differ on average have t = 0 and p = 1', () => {
  const { t, pValue } = pairedDifference([1, 2], [2, 1]);
  assert.is(t, 0);
  assert.is(pValue, 1);
});

/** simple-statistics divides by the population deviation (n), the t test by the sample deviation (n - 1). */
const tOf = (differences: number[]): number => simple.tTest(differences, 0) * Math.sqrt((differences.length - 1) / differences.length);

test('t of a paired difference equals the one-sample t of simple-statistics on the differences', () => {
  for (let seed = 0; seed < 20; seed++) {
    const a = Array.from({ length: 3 + seed }, (_, i) => 0.9 + 0.02 * normalAt(seed, 2, i, 0));
    const b = a.map((value, i) => value - 0.01 + 0.01 * normalAt(seed, 3, i, 0));
    const differences = a.map((value, i) => value - b[i]);
    near(pairedDifference(a, b).t, tOf(differences), 1e-9);
  }
});

test("Holm's correction multiplies the smallest p by the number of tests, and never falls again", () => {
  assert.equal(holmCorrected([0.5]), [0.5]);
  // 4·0.005, 3·0.01, 2·0.03, and 0.04 that may not be below its predecessor
  const [a, b, c, d] = holmCorrected([0.01, 0.04, 0.03, 0.005]);
  near(a, 0.03, 1e-15);
  near(b, 0.06, 1e-15);
  near(c, 0.06, 1e-15);
  near(d, 0.02, 1e-15);
  assert.equal(holmCorrected([0.9, null, 0.8]), [1, null, 1]);
  assert.equal(holmCorrected([null]), [null]);
});

test('numbers of pairs equal the published ones for a power of 0.8 at 5 %', () => {
  // Effect in standard deviations of the differences, pairs: as G*Power 3.1 and R's power.t.test give them.
  for (const [effect, pairs] of [
    [0.2, 199],
    [0.3, 90],
    [0.5, 34],
    [0.8, 15],
    [1, 10],
  ])
    assert.is(pairsNeeded(effect, 1), pairs, `effect ${effect}`);
  assert.is(pairsNeeded(-1, 2), 34);
  assert.is(pairsNeeded(0, 1), null);
  assert.is(pairsNeeded(1e-9, 1), null);
});

test('the power of a test without a difference is its level, and power is how often the test finds what is there', () => {
  for (const n of [2, 3, 10, 100]) near(pairedTestPower(n, 0), 0.05, 1e-6, `n ${n}:`);
  const [n, effect, trials] = [6, 1.2, 4000];
  const critical = tQuantile(0.975, n - 1);
  let found = 0;
  for (let trial = 0; trial < trials; trial++) {
    const differences = Array.from({ length: n }, (_, i) => effect + normalAt(4, 1, i, trial));
    if (Math.abs(tOf(differences)) > critical) found++;
  }
  const power = pairedTestPower(n, effect);
  assert.ok(Math.abs(found / trials - power) < 4 * Math.sqrt((power * (1 - power)) / trials), `${found / trials}, ${power}`);
});

test('the Wilson interval solves its defining equation and stays inside 0 and 1', () => {
  const z = 1.959963984540054;
  for (const [successes, n] of [
    [1, 10],
    [5, 10],
    [97, 100],
    [4321, 5000],
  ]) {
    for (const bound of wilsonInterval(successes, n)) {
      near(Math.abs(successes / n - bound) / Math.sqrt((bound * (1 - bound)) / n), z, 1e-9, `${successes}/${n}:`);
    }
  }
  // At the ends the other bound is z^2 / (n + z^2) away.
  const gap = (z * z) / (10 + z * z);
  assert.is(wilsonInterval(0, 10)[0], 0);
  near(wilsonInterval(0, 10)[1], gap, 1e-12);
  assert.is(wilsonInterval(10, 10)[1], 1);
  near(wilsonInterval(10, 10)[0], 1 - gap, 1e-12);
});

test('the area under the curve counts pairs, and ties by half', () => {
  // by hand: 5 is above 1, 3 and 4; 3 is above 1 and ties with 3; 4 is above 1 and 3 and ties with 4: (3 + 1.5 + 2.5) / 9
  near(areaUnderCurve([5, 3, 4], [1, 3, 4]) ?? Number.NaN, 7 / 9, 1e-15);
  assert.is(areaUnderCurve([2, 3], [0, 1]), 1);
  assert.is(areaUnderCurve([0, 1], [2, 3]), 0);
  assert.is(areaUnderCurve([1, 1, 1], [1, 1]), 0.5);
  assert.equal([areaUnderCurve([], [1]), areaUnderCurve([1], [])], [null, null]);
});

test('the area under the curve is what the trapezium rule makes of the curve itself, on scores with many ties', () => {
  const draw = (n: number, event: number) => Array.from({ length: n }, (_, k) => integerAt(6, 2, k, event, 12) + 3 * event);
  const [negatives, positives] = [draw(70, 0), draw(40, 1)];
  const share = (scores: readonly number[], from: number) => scores.filter((score) => score >= from).length / scores.length;
  const thresholds = [...new Set([...negatives, ...positives])].sort((a, b) => b - a);
  let [area, x, y] = [0, 0, 0];
  for (const threshold of thresholds) {
    const [nextX, nextY] = [share(negatives, threshold), share(positives, threshold)];
    area += ((nextX - x) * (y + nextY)) / 2;
    [x, y] = [nextX, nextY];
  }
  near(areaUnderCurve(positives, negatives) ?? Number.NaN, area, 1e-12);
  assert.ok(area > 0.6 && area < 0.95);
});

test('nonsense is refused', () => {
  assert.throws(() => mean([]), /no values/);
  assert.throws(() => meanWithCi([1, Number.NaN]), /not all finite/);
  assert.throws(() => meanWithCi([1, 2], 95), /not at 95/);
  assert.throws(() => pairedDifference([1], [1, 2]), /equal lengths, not 1 and 2/);
  assert.throws(() => wilsonInterval(3, 2), /3 successes out of 2/);
  assert.throws(() => pairedTestPower(1, 1), /1 pairs make no t test/);
  assert.throws(() => tQuantile(1, 3), /no t quantile for p = 1/);
});

test.run();
