/** The page of `hillock verify`: table, panels by kind of curve, figures on both kinds of axes; from checks that are made up. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Curve, CurveKind } from '../../experiments/verify/curve.ts';
import { axis } from '../../experiments/verify/curve.ts';
import type { Verdict } from '../../experiments/verify/verdict.ts';
import { verdict } from '../../experiments/verify/verdict.ts';
import { drawCurve } from '../../report/curve-figure.ts';
import { checksPanel, curvePanels } from '../../report/panels/checks.ts';
import { renderVerification } from '../../report/render-verification.ts';

const angles: Curve = {
  kind: 'alignment',
  title: 'errors <of> layers',
  x: axis('training images'),
  y: axis('angle', '°'),
  lines: [
    { label: 'layer 1', style: 'line', x: [0, 50, 100], y: [90, 70, 60], low: [88, 68, 59], high: [92, 72, 61] },
    { label: 'layer 2', style: 'line', x: [0, 50, 100], y: [91, 60, 50] },
  ],
  reference: { y: 90, label: 'as if by chance' },
};

const order = (kind: CurveKind = 'convergence'): Curve => ({
  kind,
  title: 'error',
  x: axis('β', '', 'logarithmic'),
  y: axis('error, relative', '', 'logarithmic'),
  lines: [{ label: 'weights 1', style: 'line', x: [0.1, 0.01, 0.001], y: [1e-2, 1e-4, 1e-6] }],
});

const windowOf: Curve = {
  kind: 'window',
  title: 'change by one pair',
  x: axis('post − pre', 'ms'),
  y: axis('weight change'),
  lines: [
    { label: 'closed form', style: 'expected', x: [-2, -1], y: [-0.1, -0.2] },
    { label: 'closed form', style: 'expected', x: [0, 1], y: [0.2, 0.1] },
    { label: 'measured', style: 'points', x: [-2, -1, 0, 1], y: [-0.1, -0.2, 0.2, 0.1] },
  ],
};

const check = (subject: string, name: string, value: number, curves: readonly Curve[] = []): Verdict =>
  verdict({ subject, name, what: `what <${name}> is`, value, bar: { atLeast: 0, atMost: 60 }, source: 'Somebody & al.', curves });

const CHECKS = [
  check('dfa', 'alignment', 57.0278, [angles]),
  check('ep', 'order', 2, [order(), order()]),
  check('pair', 'window', -1e-9, [windowOf]),
  check('pair', 'lost', Number.NaN),
];

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

test('the table has a row per check with figure, bar, verdict, meaning and source, all of it escaped', () => {
  const { body, files } = checksPanel(CHECKS);
  assert.is(count(body, /<th scope="row">/g), 4);
  assert.match(body, /<td>alignment<\/td><td class="num">57\.03<\/td><td class="num">0 … 60<\/td><td><span class="tag">ok<\/span>/);
  assert.match(body, /−1e−9.*?<span class="tag error">FAIL<\/span>/);
  assert.match(body, /no number.*?<span class="tag error">FAIL<\/span>/);
  assert.match(body, /what &lt;alignment&gt; is<\/span><small>Somebody &amp; al\.<\/small>/);
  assert.equal(files[0].rows[0], ['dfa', 'alignment', 57.0278, 0, 60, 'yes', 'what <alignment> is', 'Somebody & al.']);
  assert.is(files[0].rows[3][5], 'no');
});

test('curves of a kind stand beside each other, in the order of reading, with every number in the file', () => {
  const panels = curvePanels(CHECKS);
  assert.equal(
    panels.map(({ id }) => id),
    ['alignment', 'convergence', 'window'],
  );
  assert.is(count(panels[1].body, /class="card"/g), 2);
  assert.match(panels[0].body, /alignment: 57\.03, bar 0 … 60, ok/);
  assert.match(panels[2].body, /window: −1e−9, bar 0 … 60, FAIL/);
  assert.is(panels[0].files[0].rows.length, 6);
  assert.equal(panels[0].files[0].rows[0], [
    'dfa',
    'alignment',
    'errors <of> layers',
    'layer 1',
    'training images',
    0,
    'angle',
    90,
    88,
    92,
  ]);
  assert.equal(panels[0].files[0].rows[3].slice(-2), [undefined, undefined]);
});

test('a check without curves has no panel', () => {
  assert.equal(curvePanels([check('r', 'plain', 1)]), []);
});

test('lines with dots, a band where seeds differ, and the level to hold them against', () => {
  const figure = drawCurve(angles, 'a');
  assert.is(count(figure, /class="curve"/g), 2);
  assert.is(count(figure, /class="band"/g), 1);
  assert.is(count(figure, /<circle/g), 6);
  assert.is(count(figure, /class="outline"/g), 1);
  assert.match(figure, /class="stroke dashed"[^>]*><\/i>as if by chance/);
  assert.match(figure, /<text [^>]*class="axis-name">angle, °<\/text>/);
  assert.match(figure, /role="img" aria-labelledby="a-title a-desc"/);
  assert.match(figure, /<title id="a-title">errors &lt;of&gt; layers<\/title>/);
  assert.match(figure, /layer 1: 90 at 0, 60 at 100\. layer 2: 91 at 0, 50 at 100\. Level: as if by chance, 90\./);
});

test('the level lies where the same value of a line does', () => {
  const figure = drawCurve(angles, 'a');
  const first = /<circle cx="[\d.]+" cy="([\d.]+)"/.exec(figure)?.[1];
  assert.match(figure, new RegExp(`d="M[\\d.]+ ${first}L[\\d.]+ ${first}" class="outline"`));
});

test('on logarithmic axes a power law is straight, over whole decades', () => {
  const figure = drawCurve(order(), 'o');
  const points = [...figure.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  const slope = (a: number[], b: number[]): number => (b[1] - a[1]) / (b[0] - a[0]);
  assert.ok(Math.abs(slope(points[0], points[1]) - slope(points[1], points[2])) < 0.01, `${points}`);
  for (const label of ['0.001', '0.1', '1e−6', '1e−2']) assert.match(figure, new RegExp(`>${label}</text>`));
});

test('theory is a thin line in pieces with one entry in the legend, measurements are dots', () => {
  const figure = drawCurve(windowOf, 'w');
  assert.is(count(figure, /class="expected"/g), 2);
  assert.is(count(figure, /<\/i>closed form/g), 1);
  assert.is(count(figure, /<circle/g), 4);
  assert.is(count(figure, /class="curve"/g), 0);
});

test('one point and equal values are drawn on both kinds of axes', () => {
  for (const scale of ['linear', 'logarithmic'] as const) {
    const figure = drawCurve(
      { ...order(), x: axis('x', '', scale), y: axis('y', '', scale), lines: [{ label: 'a', style: 'line', x: [1], y: [1] }] },
      'p',
    );
    assert.is(count(figure, /<circle/g), 1);
    assert.not.match(figure, /NaN|Infinity/);
  }
});

test('the page says first whether all checks hold, or which do not', () => {
  const good = renderVerification(CHECKS.slice(0, 1), 'hillock verify dfa --out x');
  assert.match(good, /<h1>dfa against its mathematics<\/h1>/);
  assert.match(good, /The one check holds\./);
  assert.match(good, /<code>hillock verify dfa --out x<\/code>/);
  assert.match(renderVerification(CHECKS.slice(0, 2), 'c'), /All 2 checks hold\./);
  const bad = renderVerification(CHECKS, 'c');
  assert.match(bad, /<h1>Rules against their mathematics<\/h1>/);
  assert.match(bad, /2 of 4 checks fail: pair, window and pair, lost\./);
});

test('the page needs no script, says the same twice, and names no element twice', () => {
  const html = renderVerification(CHECKS, 'c');
  assert.is(renderVerification(CHECKS, 'c'), html);
  assert.not.match(html, /<script|NaN|undefined|Infinity/);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const [, anchor] of html.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(anchor));
});

test.run();
