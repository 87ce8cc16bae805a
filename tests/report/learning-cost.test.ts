/** The table of what learning costs: one run with its digital reference, and several rules on one page. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { renderReport } from '../../report/render-report.ts';
import { renderRules } from '../../report/render-rules.ts';
import { bareResult, fullDocument, withResults } from './fixture.ts';

const joules = (value: number) => ({ value, lo: value / 2, hi: value * 2 });

function documentOf(rule: string, samples: number | null): ResultDocument {
  const result = bareResult('loihi-like', 'Loihi-like', [0.9, 0.91], [1.2e-10, 1e-10, 2e-10]);
  const toGoal = { goal: 0.9, samples, energy: samples === null ? null : joules(samples * 3e-6) };
  const energy = { ...result.energy, perSample: { ...joules(3e-6), unit: 'J' as const } };
  const document = withResults([{ ...result, energy, toGoal }]);
  return { ...document, rule: { ...document.rule, name: rule }, digital: { perSample: 4.5e-6, note: `so much for ${rule}` } };
}

const textOf = (html: string): string =>
  (/id="learning-cost"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

test('per update, per sample, samples and joules to the goal stand beside the digital reference', () => {
  const text = textOf(renderReport(documentOf('dfa', 1750)));
  for (const figure of ['dfa', 'Loihi-like', '120 pJ', '3 µJ', '1 750', '5.25 mJ', 'digital back-propagation', '4.5 µJ']) {
    assert.ok(text.includes(figure), `${figure} in ${text}`);
  }
  assert.not.match(text, 'not reached');
});

test('a goal that was not reached says so and costs nothing', () => {
  const text = textOf(renderReport(documentOf('dfa', null)));
  assert.match(text, 'not reached');
  assert.not.match(text, 'mJ');
});

test('several runs make one table: every rule on every chip', () => {
  const text = textOf(renderRules([documentOf('dfa', 1750), documentOf('ep', 750)]));
  for (const figure of ['dfa', 'ep', '5.25 mJ', '2.25 mJ', 'so much for dfa', 'so much for ep']) assert.ok(text.includes(figure), figure);
});

test('a document of an earlier edition has no such table', () => {
  assert.is(textOf(renderReport(fullDocument())), '');
});

test.run();
