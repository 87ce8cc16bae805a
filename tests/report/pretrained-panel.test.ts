/** The panel of networks that came trained: teacher, placed and adapted side by side for each chip, in the page and as a file. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument } from '../../experiments/result.ts';
import { pretrainedPanel } from '../../report/panels/pretrained.ts';
import { renderReport } from '../../report/render-report.ts';
import { bareResult, fullDocument, statistic, withResults } from './fixture.ts';

const pretrained = (epochs: number): ResultDocument =>
  withResults([
    {
      ...bareResult('ideal', 'Ideal', [0.9, 0.92]),
      pretrained: { epochs, teacher: statistic([0.98, 0.97]), placed: statistic([0.96, 0.96]) },
    },
    { ...bareResult('crossbar', 'Crossbar', [0.61]), pretrained: { epochs, teacher: statistic([0.98]), placed: null } },
    bareResult('other', 'Other', [0.5]),
  ]);

const textOf = (html: string): string =>
  (/id="pretrained"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

test('every chip that was pretrained has its three figures, in the order in which they came about', () => {
  const text = textOf(renderReport(pretrained(4)));
  assert.match(text, /Ideal 97\.5 % .*96\.0 % .*91\.0 %/);
  assert.match(text, /Crossbar 98\.0 % – 61\.0 %/);
  assert.not.match(text, 'Other');
  assert.match(text, 'for 4 epochs;');
  assert.match(textOf(renderReport(pretrained(1))), 'for 1 epoch;');
});

test('the file has a row per chip and stage', () => {
  const { files } = pretrainedPanel(pretrained(4)) ?? { files: [] };
  assert.equal(
    files[0].rows.map((row) => row.slice(0, 3)),
    [
      ['ideal', 'teacher', 0.975],
      ['ideal', 'placed', 0.96],
      ['ideal', 'adapted', 0.91],
      ['crossbar', 'teacher', 0.98],
      ['crossbar', 'placed', undefined],
      ['crossbar', 'adapted', 0.61],
    ],
  );
});

test('without pretraining there is no panel', () => {
  assert.is(pretrainedPanel(fullDocument()), null);
});

test.run();
