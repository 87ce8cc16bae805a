/** The model of docs/scale.md against the recorded curves, both in the repository: no clock is read here. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Measured } from '../../bench/cost-model.ts';
import { fitModel, offBy, secondsOf, TERMS } from '../../bench/cost-model.ts';
import { CURVES } from '../../bench/curves.ts';
import { curvesSection, measurePoints, readRecord, SCALE_PAGE, scaleSection } from '../../bench/scale.ts';

const record = readRecord();
const model = fitModel(record.points);

/** What stands between the markers of a section, without the padding of its tables. */
function written(path: string, section: string): string {
  const text = readFileSync(path, 'utf8');
  const start = `<!-- ${section}: start -->`;
  return unpadded(text.slice(text.indexOf(start) + start.length, text.indexOf(`<!-- ${section}: end -->`)));
}

const unpadded = (text: string): string =>
  text
    .trim()
    .replace(/ +\|/g, ' |')
    .replace(/\|[-| ]+\|$/gm, '|-|');

test('every point of every curve is recorded', () => {
  assert.equal(
    record.points.map(({ curve, neurons, degree, rate, plastic }) => ({ curve, neurons, degree, rate, plastic })),
    Object.entries(CURVES).flatMap(([curve, points]) => points.map((point) => ({ curve, ...point }))),
  );
  const synapses = record.points.map(({ neurons, degree }) => neurons * degree);
  assert.equal([Math.min(...synapses), Math.max(...synapses)], [1e5, 1e8]);
});

for (const point of record.points) {
  const { curve, neurons, degree, rate, plastic } = point;
  test(`${curve}: ${neurons} neurons, ${degree} inputs, ${rate} Hz, ${100 * plastic} % plastic: time and memory within 25 %`, () => {
    const { time, memory } = offBy(model, point);
    assert.ok(Math.abs(time) <= 0.25, `time is off by ${(100 * time).toFixed(1)} %`);
    assert.ok(Math.abs(memory) <= 0.25, `memory is off by ${(100 * memory).toFixed(1)} %`);
  });
}

test('the pages say what follows from the record', () => {
  assert.is(written(SCALE_PAGE, 'model'), unpadded(scaleSection(record)));
  assert.is(written('bench/README.md', 'scale'), unpadded(curvesSection(record)));
});

test('the fit finds its own nanoseconds, and gives no term a negative cost', () => {
  const truth = TERMS.map((_, t) => (t + 1) * 0.5);
  const invented = record.points.map(
    (point): Measured => ({ ...point, loopSeconds: secondsOf({ nanoseconds: truth, baseBytes: 0 }, point) }),
  );
  const found = fitModel(invented);
  for (const point of invented) assert.ok(Math.abs(secondsOf(found, point) / point.loopSeconds - 1) < 1e-3);
  assert.ok(found.nanoseconds.every((ns) => ns >= 0));
  assert.ok(model.nanoseconds.every((ns) => ns >= 0));
});

test('a point is measured in a process of its own, with its work counted', () => {
  const point = { curve: 'size', neurons: 300, degree: 10, rate: 40, plastic: 0.5 };
  const [{ loopSeconds, peakBytes, needBytes, work }] = measurePoints([point], 1, 1, 0.1, () => {});
  assert.ok(loopSeconds > 0 && peakBytes > needBytes && needBytes > 300 * 10 * 4);
  const { neuronTicks, rowEvents, rows, plasticRows, bitVectors, plasticEvents } = work;
  assert.is(neuronTicks, 300 * 1000);
  assert.is(bitVectors, 0);
  // each spike goes out on two rows, one of them plastic, with five synapses each on average; few sources have none
  assert.ok(Math.abs(rows / plasticRows - 2) < 0.05, `${rows} rows, ${plasticRows} of them plastic`);
  assert.ok(Math.abs(rowEvents / rows - 5) < 0.5, `${rowEvents / rows} synapses per row`);
  assert.ok(plasticEvents > 0);
});

test.run();
