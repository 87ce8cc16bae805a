// time limit: 300 s
/** What the curves of checks hold, beside the figures that they lead to. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import type { Curve, CurveLine } from '../../../experiments/verify/curve.ts';
import { axis, curve, energyCurve, lineOverSeeds } from '../../../experiments/verify/curve.ts';
import { probeAccuracy } from '../../../experiments/verify/probe.ts';
import type { Verdict } from '../../../experiments/verify/verdict.ts';
import { logSlope } from '../../../experiments/verify/verdict.ts';
import { verifyRule } from '../../../experiments/verify/verify.ts';
import { near } from '../../support/near.ts';

const found = new Map<string, Verdict[]>();

/** A check of a rule; each rule is verified once. */
function check(rule: string, name: string): Verdict {
  const verdicts = found.get(rule) ?? verifyRule(ruleLibrary[rule]);
  found.set(rule, verdicts);
  const one = verdicts.find((verdict) => verdict.name === name);
  assert.ok(one, `${rule} has no check ${name}`);
  return one as Verdict;
}

function lineNamed({ lines }: Curve, label: string): CurveLine {
  const line = lines.find((one) => one.label === label);
  assert.ok(line, `no line ${label}`);
  return line as CurveLine;
}

test('points that are no numbers or have no logarithm are left out, and lines without points', () => {
  const { lines } = curve({
    kind: 'convergence',
    title: 't',
    x: axis('x', '', 'logarithmic'),
    y: axis('y', '', 'logarithmic'),
    lines: [
      { label: 'a', style: 'line', x: [0, 1, 2, 3, 4], y: [1, 1, 0, Number.NaN, 5], low: [1, 1, 1, 1, 4], high: [1, 1, 1, 1, 6] },
      { label: 'b', style: 'line', x: [1, 2, 3], y: [1, 1, 1], low: [1, 0, 1], high: [1, 1, Number.POSITIVE_INFINITY] },
      { label: 'zeros', style: 'line', x: [1, 2], y: [0, 0] },
    ],
  });
  assert.equal(lines, [
    { label: 'a', style: 'line', x: [1, 4], y: [1, 5], low: [1, 4], high: [1, 6] },
    { label: 'b', style: 'line', x: [1], y: [1], low: [1], high: [1] },
  ]);
});

test('over seeds: mean, lowest, highest', () => {
  const line = lineOverSeeds(
    'layer 1',
    [0, 10],
    [
      [90, 60],
      [93, 51],
      [87, 57],
    ],
  );
  assert.equal(
    [line.y, line.low, line.high],
    [
      [90, 56],
      [87, 51],
      [93, 60],
    ],
  );
});

test('an energy is drawn as the share of its fall that is still to come', () => {
  const [line] = energyCurve(new Map([['free', [5, 4, 3, 2, 1]]])).lines;
  assert.equal(line.x.slice(0, 4), [0, 2, 4, 6]);
  assert.equal(line.y.slice(0, 4), [1, 0.5, 0, 0]);
});

for (const rule of ['dfa', 'drtp', 'fa']) {
  test(`${rule}: the angle of each hidden layer begins near 90 degrees and ends where the check says`, () => {
    const { value, curves } = check(rule, 'alignment');
    const [{ lines, reference }] = curves;
    assert.equal(
      lines.map(({ label }) => label),
      rule === 'fa' ? ['layer 1', 'layer 2'] : ['layer 1'],
    );
    for (const { x, y, high = [] } of lines) {
      assert.is(x[0], 0);
      assert.ok(Math.abs(y[0] - 90) < 5, `${y[0]}`);
      assert.ok(y[y.length - 1] < y[0] - 15, `${y}`);
      assert.ok(high.every((angle, k) => angle >= y[k]));
    }
    assert.is(Math.max(...lines.map(({ high = [] }) => high[high.length - 1])), value);
    assert.is(reference?.y, 90);
  });
}

test('ep: angles of all layers end within the figure of the check', () => {
  const { value, curves } = check('ep', 'alignment');
  const ends = curves[0].lines.map(({ high = [] }) => high[high.length - 1]);
  assert.is(ends.length, 2);
  assert.is(Math.max(...ends), value);
});

test('probes: the gain of the layer that gains least is the figure', () => {
  const { value, curves } = check('fa', 'probe');
  const gains = curves[0].lines.map(({ y }) => y[1] - y[0]);
  near(Math.min(...gains), value, 1e-12);
});

test('ep: the error of the update falls as β from one side and as β² from both, in every layer', () => {
  for (const [name, order] of [
    ['order, centred', 2],
    ['order, one-sided', 1],
  ] as const) {
    const [{ lines }] = check('ep', name).curves;
    assert.is(lines.length, 2);
    for (const { x, y } of lines) {
      assert.ok(Math.min(...x) <= 1e-3);
      near(logSlope(x.slice(-4), y.slice(-4)), order, 0.05);
    }
  }
});

test('ep and pc: no energy rises', () => {
  for (const rule of ['ep', 'pc']) {
    for (const { y } of check(rule, 'energy').curves[0].lines) {
      assert.is(y[0], 1);
      assert.ok(y.every((share, n) => n === 0 || share <= y[n - 1] + 1e-12));
      assert.ok(y[y.length - 1] < 0.01);
    }
  }
});

test('pc: the first steps go to back-propagation with the step size in every layer, and settling only with the precision', () => {
  for (const name of ['small step', 'order']) {
    const [{ lines }] = check('pc', name).curves;
    assert.is(lines.length, 3);
    for (const { x, y } of lines) {
      assert.ok(y[0] > 10, 'at full size or precision it is another direction');
      near(logSlope(x.slice(-3), y.slice(-3)), 1, 0.05);
    }
  }
});

test('pc: with predictions held fixed every layer comes to back-propagation, the nearest to the output first', () => {
  const [held] = check('pc', 'fixed predictions').curves;
  const [first, second] = ['weights 1', 'weights 2'].map((label) => lineNamed(held, label).y);
  assert.ok(first[0] > 0.9 && first[first.length - 1] < 1e-3);
  assert.ok(second.every((off, k) => off < first[k]));
});

test('r-stdp: over trials the mean change goes to the gradient, and without the expected reward it does not', () => {
  const [shown] = check('r-stdp', 'policy gradient, sampled').curves;
  const to = lineNamed(shown, 'expected reward taken off');
  const off = lineNamed(shown, 'not taken off');
  assert.ok(to.y[to.y.length - 1] < 0.01 && to.y[to.y.length - 1] < to.y[0] / 5, `${to.y}`);
  near(off.y[off.y.length - 1], check('r-stdp', 'bias without baseline').value, 0.2);
});

test('coupled: the last squared error is the figure', () => {
  const { value, curves } = check('coupled', 'learns');
  const [{ x, y }] = curves[0].lines;
  assert.equal([x[0], y[0]], [0, 1]);
  assert.is(y[y.length - 1], value);
});

test('windows: every dot lies on the closed form', () => {
  const { value, curves } = check('pair-stdp', 'window');
  const [{ lines }] = curves;
  const theory = new Map(lines.filter(({ style }) => style === 'expected').flatMap(({ x, y }) => x.map((at, k) => [at, y[k]])));
  const [measured] = lines.filter(({ style }) => style === 'points');
  assert.is(measured.x.length, 41);
  assert.ok(measured.y.some((change) => change > 1e-3) && measured.y.some((change) => change < -1e-3));
  for (const [k, at] of measured.x.entries()) near(measured.y[k], theory.get(at) ?? Number.NaN, value + 1e-18);
});

/** Two classes in the plane, apart along the first coordinate; labels turned round where `wrong`. */
const samples = (count: number, wrong = false) => ({
  rates: Array.from({ length: count }, (_, k) => Float64Array.of((k % 2) + 0.1 * Math.sin(k), Math.cos(3 * k))),
  labels: Array.from({ length: count }, (_, k) => (wrong ? 1 - (k % 2) : k % 2)),
});

test('a probe reads out what can be separated, and only that', () => {
  assert.is(probeAccuracy(2, samples(50), samples(20)), 1);
  assert.is(probeAccuracy(2, samples(50), samples(20, true)), 0);
  const dead = { rates: samples(50).rates.map(() => new Float64Array(2)), labels: samples(50).labels };
  assert.is(probeAccuracy(2, dead, dead), 0.5);
});

test('a probe of rates that have run away is no number', () => {
  const { rates, labels } = samples(10);
  rates[3][0] = Number.POSITIVE_INFINITY;
  assert.ok(Number.isNaN(probeAccuracy(2, { rates, labels }, samples(10))));
});

test.run();
