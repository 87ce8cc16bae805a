/** The panels of a comparison: bars of the waterfall where they belong, the words on differences, and nothing without them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ablationOf } from '../../experiments/ablation.ts';
import { differenceInWords } from '../../experiments/compare-chips.ts';
import type { ChipDifference, ChipResult, ResultDocument } from '../../experiments/result.ts';
import { differencesPanel } from '../../report/panels/differences.ts';
import { waterfallPanel } from '../../report/panels/waterfall.ts';
import { renderReport } from '../../report/render-report.ts';
import { fullDocument, statistic } from './fixture.ts';

const EFFECTS = [
  { name: 'weight bits', meaning: 'few bits' },
  { name: 'read <noise>', meaning: 'every read is another' },
];

/** 90 % on the ideal chip, 88 % with nothing on, then 80 % and 84 %: the second effect is a gain. */
function compared(): ResultDocument {
  const document = fullDocument(2);
  const [ideal, chip] = document.results;
  const levels = [0.88, 0.8, 0.86, 0.84].map((mean) => [mean - 0.01, mean + 0.01]);
  const plain: Omit<ChipDifference, 'words'> = {
    reference: 'ideal',
    mean: -0.06,
    ci95: [-0.1, -0.02],
    p: 0.01,
    pHolm: 0.02,
    n: 2,
    seedsNeeded: 3,
  };
  const other: ChipResult = {
    ...chip,
    accuracy: statistic(levels[3]),
    difference: { ...plain, words: differenceInWords(plain) },
    ablation: ablationOf(EFFECTS, 'both', 1, (on) => levels[on], [0.9, 0.9]),
  };
  return { ...document, results: [ideal, other] };
}

/** x and width of the bars of a class in the wide drawing. */
const bars = (html: string, className: string): number[][] =>
  [...html.split('only-wide')[1].matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="12" class="(\w+)"/g)]
    .filter((match) => match[3] === className)
    .map((match) => [Number(match[1]), Number(match[2])]);

test('bars lie end to end from the ideal accuracy to that of the chip; losses are filled and gains outlined', () => {
  const { body } = waterfallPanel(compared()) ?? { body: '' };
  const [losses, gains] = [bars(body, 'bar'), bars(body, 'fill')];
  assert.equal([losses.length, gains.length], [2, 1]);
  const [rest, weights] = losses;
  // 90 → 88, 88 → 80, 80 → 84: two, eight and four points
  assert.ok(Math.abs(weights[1] / rest[1] - 4) < 0.05);
  assert.ok(Math.abs(gains[0][1] / rest[1] - 2) < 0.05);
  assert.ok(Math.abs(weights[0] + weights[1] - rest[0]) < 0.2);
  assert.ok(Math.abs(gains[0][0] - weights[0]) < 0.2);
  assert.match(body, /ideal, 90\.0 %/);
  assert.match(body, /−8\.0/);
  assert.match(body, /read &lt;noise&gt;/);
});

test('an interval is drawn in place, and no interval makes the bars small or leaves the figure', () => {
  const { body } = waterfallPanel(compared()) ?? { body: '' };
  const wide = body.split('only-wide')[1];
  const whiskers = [...wide.matchAll(/<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="\2" class="range"/g)].map((m) => [+m[1], +m[3]]);
  const [, [weights]] = bars(body, 'bar');
  assert.is(whiskers.length, 3);
  // a change alike in both seeds has an interval without width, at the end of its bar
  assert.ok(Math.abs(whiskers[1][0] - weights) < 0.2 && Math.abs(whiskers[1][1] - weights) < 0.2);
  const document = compared();
  const unsure = document.results.map((result) => ({
    ...result,
    ...(result.ablation && {
      ablation: {
        ...result.ablation,
        effects: result.ablation.effects.map((effect) => ({ ...effect, delta: { ...effect.delta, ci95: [-9, 9] as const } })),
      },
    }),
  }));
  const all = waterfallPanel({ ...document, results: unsure })?.body ?? '';
  const [, [, largest]] = bars(all, 'bar');
  assert.ok(largest > 1040 / 5, `${largest}`);
  for (const [, x1, , x2] of all.matchAll(/<line x1="([-\d.]+)" y1="([\d.]+)" x2="([-\d.]+)" y2="\2" class="range"/g))
    assert.ok(Number(x1) >= 0 && Number(x2) <= 1040);
});

test('the words on the differences are in their panel, with both p values', () => {
  const { body } = differencesPanel(compared()) ?? { body: '' };
  assert.match(body, /2 seeds tell 6 points apart/);
  assert.match(body, />0\.01</);
  assert.match(body, />0\.02</);
});

test('both panels are in the report of a comparison, and in no other', () => {
  const html = renderReport(compared());
  assert.match(html, /<h2 id="waterfall-heading">Why it got worse<\/h2>/);
  assert.match(html, /<h2 id="differences-heading">What the seeds can tell apart<\/h2>/);
  assert.is(waterfallPanel(fullDocument()), null);
  assert.is(differencesPanel(fullDocument()), null);
});

test.run();
