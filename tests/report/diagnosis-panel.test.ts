/** The panel of a diagnosis: verdict and figures of every chip, dots where the numbers say, and nothing without a diagnosis. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DiagnosedLayer, Diagnosis } from '../../experiments/diagnosis/diagnosis.ts';
import type { MeanOverSeeds, ResultDocument } from '../../experiments/result.ts';
import { diagnosisPanel } from '../../report/panels/diagnosis.ts';
import { renderReport } from '../../report/render-report.ts';
import { fullDocument } from './fixture.ts';

const figure = (mean: number, half = 0.1): MeanOverSeeds => ({ mean, ci95: [mean - half, mean + half] });

function layer(projection: string, angle: number, changes: Partial<DiagnosedLayer> = {}): DiagnosedLayer {
  const activity = { population: 'neurons', active: figure(0.4), hertz: figure(20) };
  return {
    projection,
    updates: 100,
    angleDegrees: figure(angle, 5),
    angleOfSumDegrees: figure(angle / 2, 5),
    gradientDegrees: null,
    carriedShare: figure(0.8),
    lostShare: figure(0.3),
    signalToNoise: figure(0.05),
    idealSignalToNoise: figure(0.1),
    spreadRatio: figure(1),
    saturatedShare: figure(0),
    saturatedShareAtFirst: figure(0),
    activity: { pre: activity, post: activity },
    ...changes,
  };
}

function diagnosed(layers: readonly DiagnosedLayer[], chips = 2): ResultDocument {
  const document = fullDocument(chips);
  const diagnosis: Diagnosis = { samples: 64, layers, alternatives: [], findings: [], verdict: ['weights <saturate>', 'and more'] };
  return { ...document, results: document.results.map((result) => ({ ...result, diagnosis })) };
}

/** Abscissae of the dots of a class in one card. */
const dots = (body: string, card: string, className: string): number[] => {
  const svg = body.split(`<h3>${card}</h3>`)[1].split('</svg>')[0];
  return [...svg.matchAll(/<circle cx="([\d.]+)" cy="[\d.]+" r="[\d.]+" class="(\w+)"/g)]
    .filter((m) => m[2] === className)
    .map((m) => Number(m[1]));
};

test('a dot for every layer and chip stands where its figure says, with its companion hollow', () => {
  const { body } = diagnosisPanel(diagnosed([layer('first', 20), layer('second', 80)])) ?? { body: '' };
  const solid = dots(body, 'Angle to the ideal change', 'solid');
  assert.is(solid.length, 4);
  const [hollow] = dots(body, 'Angle to the ideal change', 'hollow');
  const perDegree = (solid[2] - solid[0]) / 60;
  assert.ok(perDegree > 1.5, `${perDegree}`);
  // 20 degrees, and half of it hollow
  assert.ok(Math.abs(solid[0] - hollow - 10 * perDegree) < 0.3);
  for (const text of ['20°', '80°', '30 %', '80 %']) assert.ok(body.includes(text), text);
});

test('measures that no layer has are left out; single seeds have no line; words are escaped', () => {
  const single = { mean: 0.5, ci95: null };
  const one = layer('first', 30, { signalToNoise: null, idealSignalToNoise: null, lostShare: single });
  const { body } = diagnosisPanel(diagnosed([one])) ?? { body: '' };
  assert.not.match(body, /Signal to noise|back-propagation/);
  assert.match(body, /weights &lt;saturate&gt;/);
  assert.not.match(body.split('<h3>Changes lost</h3>')[1].split('</svg>')[0], /class="interval"/);
  assert.match(body.split('<h3>Active neurons</h3>')[1].split('</svg>')[0], /class="interval"/);
});

test('the panel is in the report of a diagnosed comparison, and in no other', () => {
  assert.match(renderReport(diagnosed([layer('first', 30)])), /<h2 id="diagnosis-heading">What becomes of weight changes<\/h2>/);
  assert.is(diagnosisPanel(fullDocument()), null);
});

test.run();
