import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { renderReport } from '../../report/render-report.ts';
import { bareResult, fullDocument, withResults } from './fixture.ts';

const VOID = new Set(['meta', 'br', 'hr', 'img', 'input', 'link']);

/** Names the first tag that is not closed in order; null when all are. The style element's text holds no angle brackets that matter. */
function unbalancedTag(html: string): string | null {
  const open: string[] = [];
  const body = html.replace(/<!doctype html>/i, '').replace(/<style>[\s\S]*?<\/style>/, '');
  for (const [tag, slash, name, rest] of body.matchAll(
    /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*\s*\/?)>|</g,
  )) {
    if (tag === '<') return `stray "<" after ${open.join(' > ')}`;
    if (slash) {
      if (open.pop() !== name) return `</${name}>`;
    } else if (!rest.endsWith('/') && !VOID.has(name)) open.push(name);
  }
  return open.length === 0 ? null : `<${open[open.length - 1]}>`;
}

const text = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[ \n]+/g, ' ');

const headings = (html: string): string[] => [...html.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)].map(([, heading]) => heading);

test('the balance check of these tests finds what it is meant to find', () => {
  assert.is(unbalancedTag('<p><b>x</b></p>'), null);
  assert.is(unbalancedTag('<p><b>x</p></b>'), '</p>');
  assert.is(unbalancedTag('<p>'), '<p>');
  assert.is(unbalancedTag('<p>a < b</p>'), 'stray "<" after p');
});

test('a full document gives every panel, in the order of reading', () => {
  assert.equal(headings(renderReport(fullDocument())), [
    'Results',
    'Learning curves',
    'Where the energy goes',
    'STDP window',
    'Weights before and after learning',
    'What the neurons respond to',
    'Spikes before and after learning',
    'Which classes are confused',
    'Room on the chip',
    'Findings and caveats',
    'Rule, configuration, hashes',
  ]);
});

test('a document without optional parts leaves their panels out', () => {
  const document: ResultDocument = { ...withResults([bareResult('ideal', 'Ideal', null)]), warnings: [] };
  const html = renderReport(document);
  assert.equal(headings(html), ['Results', 'Rule, configuration, hashes']);
  assert.is(unbalancedTag(html), null);
  assert.match(text(html), /no score/);
});

test('a document without results still says what was run', () => {
  const html = renderReport(withResults([]));
  assert.is(unbalancedTag(html), null);
  assert.match(text(html), /No chip produced a result\./);
  assert.match(html, /hillock run digits\.json|hillock<\/span>/);
});

test('the page is well-formed, loads nothing, holds no script, and is far below its size limit, with one chip as with five', () => {
  for (const chips of [1, 2, 3, 5, 8]) {
    const html = renderReport(fullDocument(chips));
    assert.is(unbalancedTag(html), null, `${chips} chips`);
    assert.ok(html.length < 3e6);
    assert.not.match(html, /<script|<link|<img|<iframe|@import|url\(/i);
    const targets = [...html.matchAll(/\s(?:src|href|xlink:href|action|data)="([^"]*)"/g)].map(([, target]) => target);
    assert.ok(targets.length > 10);
    for (const target of targets) assert.match(target, /^(?:#[a-z]+$|data:text\/csv;charset=utf-8;base64,)/);
  }
});

test('ids are unique, and every label and anchor points at one', () => {
  const html = renderReport(fullDocument(5));
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const [, list] of html.matchAll(/aria-labelledby="([^"]*)"/g)) for (const id of list.split(' ')) assert.ok(ids.includes(id), id);
  for (const [, id] of html.matchAll(/href="#([^"]*)"/g)) assert.ok(ids.includes(id), id);
});

test('every figure has a title and a description, every table its headers', () => {
  const html = renderReport(fullDocument());
  const figures = html.match(/<svg /g)?.length ?? 0;
  assert.ok(figures > 15);
  assert.is(html.match(/<svg [^>]*role="img"[^>]*><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/g)?.length, figures);
  for (const [table] of html.matchAll(/<table>[\s\S]*?<\/table>/g)) {
    assert.match(table, /<th scope="col"/);
    assert.match(table, /<th scope="row"/);
  }
});

test('the same document gives the same bytes', () => {
  assert.is(renderReport(fullDocument()), renderReport(structuredClone(fullDocument())));
});

test('the result table shows means, intervals and a dash where there is no figure', () => {
  const document = withResults([
    bareResult('ideal', 'Ideal', [0.9, 0.91, 0.92]),
    bareResult('loihi', 'Loihi-like', [0.87, 0.88, 0.89], [1.2e-10, 9e-11, 1.6e-10]),
  ]);
  const shown = text(renderReport(document));
  assert.match(shown, /Ideal 91\.0 % 88\.5 to 93\.5 % .* reference 1\u202f840\u202f123 – not hardware – not hardware 11\.2 s/);
  assert.match(shown, /Loihi-like 88\.0 % .* −3\.0 −3\.0 to −3\.0 lower 1\u202f840\u202f123 120 pJ 90 pJ to 160 pJ – no figure/);
});

test('names that carry markup come out as text', () => {
  const hostile = `"><script>alert('x')</script>&`;
  const clean = fullDocument();
  const document: ResultDocument = {
    ...clean,
    scenario: hostile,
    title: hostile,
    summary: hostile,
    command: hostile,
    rule: { name: hostile, citation: `${hostile} https://example.org/`, text: hostile },
    inputs: { [hostile]: { sha256: hostile, what: hostile } },
    configuration: { [hostile]: hostile },
    warnings: [{ code: hostile, message: hostile, hint: hostile }],
    results: clean.results.map((result, k) => ({
      ...result,
      chip: `${hostile}${k}`,
      title: `${hostile}${k}`,
      stateHash: hostile,
      caveats: [hostile],
      findings: [{ severity: 'error', code: hostile, message: hostile, hint: hostile }],
      curve: result.curve && { ...result.curve, label: hostile },
      rasters: result.rasters.map((raster) => ({ ...raster, title: hostile, population: hostile })),
      weights: result.weights && {
        ...result.weights,
        projection: hostile,
        mosaic: result.weights.mosaic && { ...result.weights.mosaic, labels: [hostile, hostile] },
      },
      resources: [{ resource: hostile, where: hostile, used: 1, available: 2 }],
    })),
  };
  const html = renderReport(document);
  assert.is(unbalancedTag(html), null);
  assert.not.match(html, /<script/i);
  assert.match(html, /&quot;&gt;&lt;script&gt;alert\(&#39;x&#39;\)&lt;\/script&gt;&amp;/);
  assert.not.match(html, /(?:src|href)="https?:/);
});

/** The document with every number in its results replaced. */
function withNumbers(value: unknown, replacement: unknown): unknown {
  if (typeof value === 'number') return replacement;
  if (Array.isArray(value)) return value.map((item) => withNumbers(item, replacement));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item, replacement)]));
}

/** The page with its data files written out, because base64 can spell anything. */
const decoded = (html: string): string => html.replace(/base64,([^"]*)/g, (_, data) => Buffer.from(data, 'base64').toString('utf8'));

test('numbers that are missing or not finite are never printed and never stop the report', () => {
  const clean = fullDocument();
  for (const replacement of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, 0, -1, 1e300]) {
    const document = { ...clean, results: withNumbers(clean.results, replacement) as ResultDocument['results'] };
    const html = renderReport(document);
    assert.is(unbalancedTag(html), null);
    assert.not.match(decoded(html), /NaN|Infinity|undefined|\bnull\b/, String(replacement));
  }
});

test('one missing number in any part of the results leaves the rest standing', () => {
  const clean = fullDocument();
  const parts = ['accuracy', 'energy', 'curve', 'rasters', 'weights', 'window', 'confusion', 'resources', 'learningCost'] as const;
  for (const part of parts) {
    const results = clean.results.map((result, k) => (k === 1 ? { ...result, [part]: withNumbers(result[part], Number.NaN) } : result));
    const html = renderReport({ ...clean, results });
    assert.is(unbalancedTag(html), null, part);
    assert.not.match(decoded(html), /NaN|undefined/, part);
    assert.match(text(html), /Crossbar, linear RRAM/);
  }
});

test('spikes beyond the limit are sampled and the report says so', () => {
  const clean = fullDocument(1);
  const n = 40_000;
  const raster = {
    ...clean.results[0].rasters[0],
    ticks: n,
    t: Array.from({ length: n }, (_, k) => k),
    i: Array.from({ length: n }, (_, k) => k % 10),
  };
  const html = renderReport({ ...clean, results: [{ ...clean.results[0], rasters: [raster] }] });
  const path = /<path d="([^"]*)" class="spikes/.exec(html)?.[1] ?? '';
  assert.is(path.match(/M/g)?.length, 10_000);
  assert.match(text(html), /A random sample of at most 10\u202f000 spikes per raster is drawn\./);
  assert.ok(html.length < 3e6);
});

test('the data links hold the numbers of the figures', () => {
  const html = renderReport(fullDocument());
  const files = new Map(
    [...html.matchAll(/download="([^"]*)" href="data:text\/csv;charset=utf-8;base64,([^"]*)"/g)].map(([, name, data]) => [
      name,
      Buffer.from(data, 'base64').toString('utf8'),
    ]),
  );
  assert.equal(
    [...files.keys()].sort(),
    [
      'confusion',
      'curves',
      'energy-figures',
      'energy',
      'findings',
      'hashes',
      'mosaic',
      'resources',
      'results',
      'spikes',
      'weights',
      'window',
    ].map((name) => `digits-${name}.csv`),
  );
  const window = files.get('digits-window.csv')?.split('\r\n') ?? [];
  assert.is(window[0], 'chip,delta_t_s,delta_w_mean,delta_w_sd,delta_w_expected,repeats');
  assert.is(window.length, 1 + 3 * 40 + 1);
  assert.is(window[1].split(',')[1], '-0.05');
});

test('the parts of an energy bar add up to the energy per update', () => {
  const document = fullDocument(2);
  const { perUpdate } = document.results[1].energy;
  const html = renderReport(document);
  const svg = /<svg [^>]*aria-labelledby="energy-update-wide-title[\s\S]*?<\/svg>/.exec(html)?.[0] ?? '';
  const ends = [...svg.matchAll(/<rect x="([\d.]+)" y="22" width="([\d.]+)"/g)].map(([, x, width]) => Number(x) + Number(width) + 1);
  // One axis unit is hi over the drawn width, so the last segment must end at value / hi of 1038 units.
  assert.ok(perUpdate !== null && Math.abs(ends[ends.length - 1] - (perUpdate.value / perUpdate.hi) * 1038) < 0.3);
  assert.is(ends.length, 3);
});

test.run();
