import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError } from '../../core/errors.ts';
import { latencySpikes, poissonRates } from '../../experiments/encoders.ts';

const test = suite('encoders');
const DT = 1e-3;

function rates(pixels: number[], options: Parameters<typeof poissonRates>[3]): number[] {
  const out = new Float64Array(pixels.length);
  poissonRates(Uint8Array.from(pixels), 0, pixels.length, options, out);
  return Array.from(out);
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
}

test('a pixel fires in proportion to its brightness, white at the largest rate', () => {
  const [black, grey, white] = rates([0, 51, 255], { maxRate: 100, dt: DT });
  assert.is(black, 0);
  near(grey, 20);
  near(white, 100);
});

test('white fires every tick when no largest rate is given, and never more often', () => {
  near(rates([255], { dt: DT })[0], 1000);
  near(rates([255], { maxRate: 5000, dt: DT })[0], 1000);
});

test('a normalised image sends the given number of spikes per tick, whatever its ink', () => {
  for (const pixels of [
    [10, 20, 30, 40],
    [100, 200, 150, 250],
  ]) {
    const probabilities = rates(pixels, { normalise: 1.5, dt: DT }).map((rate) => rate * DT);
    near(
      probabilities.reduce((a, b) => a + b),
      1.5,
    );
    near(probabilities[1] / probabilities[0], 2);
  }
  // k = 1.5 / 100, so the brightest has p = 40 k = 0.6.
  near(rates([10, 20, 30, 40], { normalise: 1.5, dt: DT })[3] * DT, 0.6);
});

test('normalised pixels are clipped at one spike per tick or at the largest rate', () => {
  // p = 3 x / 200: 1.5 and twice 0.75.
  assert.equal(rates([100, 50, 50], { normalise: 3, dt: 0.5 }), [2, 1.5, 1.5]);
  assert.equal(rates([100, 50, 50], { normalise: 3, maxRate: 1, dt: 0.5 }), [1, 1, 1]);
});

test('a black image is silent', () => {
  assert.equal(rates([0, 0], { normalise: 10, dt: DT }), [0, 0]);
});

test('only the image at the offset is read and only its rates are written', () => {
  const out = Float64Array.from([-1, -1, -1]);
  poissonRates(Uint8Array.from([9, 9, 255, 0, 9]), 2, 2, { maxRate: 50, dt: DT }, out);
  assert.equal(Array.from(out), [50, 0, -1]);
});

test('with one tick per grey the spike comes at 255 minus the grey', () => {
  const { ticks, neurons } = latencySpikes(Uint8Array.from([0, 1, 200, 255, 254]), 0, 5, { window: 255, threshold: 1 });
  assert.equal(Array.from(ticks), [0, 1, 55, 254]);
  assert.equal(Array.from(neurons), [3, 4, 2, 1]);
});

test('the greys from the threshold up are cut into equal steps, and darker pixels are silent', () => {
  // Threshold 156: 100 greys in 4 ticks of 25: 255-231, 230-206, 205-181, 180-156.
  const pixels = Uint8Array.from([155, 156, 180, 181, 205, 206, 230, 231, 255]);
  const { ticks, neurons } = latencySpikes(pixels, 0, 9, { window: 4, threshold: 156 });
  assert.equal(Array.from(ticks), [0, 0, 1, 1, 2, 2, 3, 3]);
  assert.equal(Array.from(neurons), [7, 8, 5, 6, 3, 4, 1, 2]);
});

test('every pixel spikes at most once, in order of tick, then neuron, inside the window', () => {
  const pixels = Uint8Array.from({ length: 1000 }, (_, k) => (k * 167) % 256);
  const { ticks, neurons } = latencySpikes(pixels, 100, 800, { window: 7, threshold: 40 });
  assert.is(new Set(neurons).size, neurons.length);
  assert.is(neurons.length, pixels.subarray(100, 900).filter((grey) => grey >= 40).length);
  for (let k = 1; k < ticks.length; k++) assert.ok(ticks[k] > ticks[k - 1] || (ticks[k] === ticks[k - 1] && neurons[k] > neurons[k - 1]));
  assert.equal([ticks[0], ticks[ticks.length - 1]], [0, 6]);
  for (let k = 1; k < ticks.length; k++) if (ticks[k] > ticks[k - 1]) assert.ok(pixels[100 + neurons[k]] < pixels[100 + neurons[k - 1]]);
});

test('a threshold of white and an image without ink are no special cases', () => {
  assert.equal(Array.from(latencySpikes(Uint8Array.from([254, 255]), 0, 2, { window: 9, threshold: 255 }).ticks), [0]);
  assert.is(latencySpikes(new Uint8Array(4), 0, 4, { window: 9, threshold: 1 }).ticks.length, 0);
});

test('options outside their range are refused', () => {
  const refused = (body: () => unknown, path: string) =>
    assert.throws(
      body,
      (error: unknown) => error instanceof UserError && error.problems[0].where?.path === path && error.problems[0].code === 'E-RANGE',
    );
  refused(() => rates([1], { dt: 0 }), 'dt');
  refused(() => rates([1], { dt: DT, maxRate: -1 }), 'maxRate');
  refused(() => rates([1], { dt: DT, normalise: Number.NaN }), 'normalise');
  refused(() => latencySpikes(new Uint8Array(1), 0, 1, { window: 0, threshold: 1 }), 'window');
  refused(() => latencySpikes(new Uint8Array(1), 0, 1, { window: 5, threshold: 0 }), 'threshold');
});

test.run();
