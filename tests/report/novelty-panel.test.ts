/** The panel of anomaly detection: figures before and after, curves of error spikes, pictures; and nothing without them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChipResult, NoveltyResult, NoveltyStatistics, ResultDocument } from '../../experiments/result.ts';
import { learningCurvesPanel } from '../../report/panels/learning-curves.ts';
import { noveltyPanel } from '../../report/panels/novelty.ts';
import { resultTablePanel } from '../../report/panels/result-table.ts';
import { renderReport } from '../../report/render-report.ts';
import { verdict } from '../../report/verdict.ts';
import { fullDocument, statistic } from './fixture.ts';

const figures = (area: number, known: number, novel: number, squaredError: number): NoveltyStatistics => ({
  area: statistic([area - 0.02, area + 0.02]),
  known: statistic([known - 1, known + 1]),
  novel: statistic([novel - 1, novel + 1]),
  squaredError: statistic([squaredError, squaredError]),
});

/** Two by two pixels, three classes of which the last is held out. */
const found: NoveltyResult = {
  heldOut: [2, 0],
  images: { known: 6, novel: 3 },
  before: figures(0.5, 70, 64, 0.15),
  after: figures(0.9, 23, 41, 0.02),
  scores: { edges: [0, 20, 40, 60], known: [2, 4, 0], novel: [0, 1, 2] },
  pictures: {
    rows: 2,
    columns: 2,
    images: [0, 1, 2].map((label) => ({ label, pixels: [1, 0, 0, 1], before: [0, 0, 0, 0], after: [1, 0, -1, 1] })),
    dreams: [
      [1, 0, 0, 0],
      [-1, -1, 0, 0],
    ],
  },
};

function documentWith(novelty: NoveltyResult | undefined): ResultDocument {
  const document = fullDocument(2);
  return { ...document, results: document.results.map((result): ChipResult => ({ ...result, ...(novelty && { novelty }) })) };
}

test('a document without anomaly detection has no such panel, and its score is an accuracy', () => {
  const document = documentWith(undefined);
  assert.is(noveltyPanel(document), null);
  assert.match(resultTablePanel(document)?.body ?? '', />Accuracy</);
  assert.match(learningCurvesPanel(document)?.caption ?? '', /levels off lower/);
});

test('figures before and after learning stand in the table, by chip, and by seed in the file', () => {
  const panel = noveltyPanel(documentWith(found));
  if (panel === null) throw new Error('no panel');
  for (const text of ['2, 0', '50.0 %', '90.0 %', '70 → 23', '64 → 41', '0.15 → 0.02']) assert.ok(panel.body.includes(text), text);
  const [{ header, rows }] = panel.files;
  assert.equal(header, ['chip', 'figure', 'seed_index', 'held_out', 'before', 'after']);
  assert.is(rows.length, 2 * 4 * 2);
  assert.equal(rows[0], ['ideal', 'area', 0, 2, 0.48, 0.88]);
  assert.equal(rows[3], ['ideal', 'known', 1, 0, 71, 24]);
});

test('curves are shares of the images of their kind; pictures are drawn cell by cell, the held-out class last and in brackets', () => {
  const body = noveltyPanel(documentWith(found))?.body ?? '';
  assert.match(body, /Known classes: 6 images, mean about 23\.3\. Held-out class: 3 images, mean about 43\.3\./);
  assert.match(body, /The first test image of each class, 0, 1, 2; class 2 was held out\./);
  assert.match(body, />\(2\)<\/text>/);
  const svg = body.slice(body.indexOf('id="novelty-images-0'), body.indexOf('id="novelty-dreams-0'));
  // full ink, none, and less than none: the ends and the middle of the two-sided scale
  const classes = [...svg.matchAll(/<path d="([^"]+)" class="(d\d+)"/g)].map(([, d, name]) => `${name} ${d}`);
  assert.equal(classes.slice(-3), ['d0 M0 1h1v1h-1z', 'd10 M1 0h1v1h-1z', 'd20 M0 0h1v1h-1zM1 1h1v1h-1z']);
  assert.is(classes.filter((one) => one === 'd10 M0 0h2v1h-2zM0 1h2v1h-2z').length, 3);
  assert.match(body, /2 fields of 2 by 2 pixels/);
});

test('the score is called by its name where it is one of chips, and the whole page is drawn', () => {
  const document = documentWith(found);
  assert.match(resultTablePanel(document)?.body ?? '', />Area under the curve</);
  assert.match(learningCurvesPanel(document)?.caption ?? '', /levels off higher/);
  assert.match(verdict(document).join(' '), /area under the curve/);
  const html = renderReport(document);
  assert.ok(html.includes('id="novelty"'));
  assert.not.match(html, /NaN|undefined/);
});

test('what has no value is said to have none', () => {
  const none = { area: null, known: null, novel: null, squaredError: null };
  const scores = { edges: [0, 1], known: [0], novel: [0] };
  const pictures = { ...found.pictures, images: [], dreams: [] };
  const body = noveltyPanel(documentWith({ ...found, before: none, after: none, scores, pictures }))?.body ?? '';
  assert.match(body, /– → –/);
  assert.not.match(body, /NaN|undefined/);
});

test.run();
