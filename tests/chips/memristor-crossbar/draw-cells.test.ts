/** Cells are drawn once, each from its own random numbers, with the spreads the device states. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeviceFigure } from '../../../chips/memristor-crossbar/device-figures.ts';
import { figureOf } from '../../../chips/memristor-crossbar/device-figures.ts';
import { DEVICE_PRESETS } from '../../../chips/memristor-crossbar/device-presets.ts';
import type { PerCell } from '../../../chips/memristor-crossbar/draw-cells.ts';
import { drawCell, drawCells } from '../../../chips/memristor-crossbar/draw-cells.ts';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { readCrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { normalAt } from '../../../core/random.ts';
import { skipWithoutShared } from '../../support/skip-without.ts';
import { OFF } from './bench.ts';

const deviceWith = (options: CrossbarOptions) => readCrossbarOptions(options).device;
const array = (values: PerCell | undefined): Float64Array => {
  assert.instance(values, Float64Array);
  return values as Float64Array;
};
const moments = (values: ArrayLike<number>): { mean: number; sd: number } => {
  let [sum, squares] = [0, 0];
  for (let k = 0; k < values.length; k++) sum += values[k];
  const mean = sum / values.length;
  for (let k = 0; k < values.length; k++) squares += (values[k] - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
};
const N = 20000;

test('with every spread off a cell is one number, and no array is made', () => {
  const cells = drawCells(deviceWith({ ...OFF, device: 'soft-bounds' }), N, 1, 'p', 'plus');
  assert.equal([cells.low, cells.high], [0, 1]);
  assert.type(cells.up.rate, 'number');
  assert.is(cells.up.target, undefined);
});

test('the same seed gives the same cells; another seed, projection or side gives others', () => {
  const device = DEVICE_PRESETS['soft-bounds'];
  const high = (seed: number, projection: string, side: 'plus' | 'minus') => array(drawCells(device, 50, seed, projection, side).high);
  assert.equal(high(1, 'p', 'plus'), high(1, 'p', 'plus'));
  for (const other of [high(2, 'p', 'plus'), high(1, 'q', 'plus'), high(1, 'p', 'minus')]) assert.not.equal(other, high(1, 'p', 'plus'));
});

test('a cell does not change when the array grows', () => {
  const device = DEVICE_PRESETS['soft-bounds'];
  assert.equal(array(drawCells(device, 1000, 1, 'p', 'plus').high).slice(0, 10), array(drawCells(device, 10, 1, 'p', 'plus').high));
});

test('bounds vary with the spread of the device (z-test, 5 sigma)', () => {
  const device = deviceWith({
    ...OFF,
    device: { base: 'soft-bounds', wMaxDtod: 0.1, wMinDtod: 0, stepDtod: 0, upDownDtod: 0 },
    deviceToDevice: true,
  });
  const cells = drawCells(device, N, 3, 'p', 'plus');
  const { mean, sd } = moments(array(cells.high));
  const expected = (0.1 * 1.25) / 2;
  assert.ok(Math.abs(mean - 1) < (5 * expected) / Math.sqrt(N), `mean ${mean}`);
  assert.ok(Math.abs(sd / expected - 1) < 5 / Math.sqrt(2 * N), `sd ${sd}`);
  assert.is(cells.low, 0);
});

test('a factor in place of true multiplies the spread', () => {
  const once = deviceWith({ device: 'ecram' });
  const half = deviceWith({ device: 'ecram', deviceToDevice: 0.5 });
  assert.is(figureOf(half, 'stepDtod'), figureOf(once, 'stepDtod') / 2);
  assert.is(figureOf(half, 'stepStd'), figureOf(once, 'stepStd'));
});

test('spreads of different figures come from independent draws, so each can be switched off alone', () => {
  const all = drawCells(DEVICE_PRESETS.ecram, 200, 5, 'p', 'plus');
  const boundsOnly = drawCells(
    deviceWith({ device: { base: 'ecram', stepDtod: 0, upDownDtod: 0, slopeUpDtod: 0, slopeDownDtod: 0 } }),
    200,
    5,
    'p',
    'plus',
  );
  assert.equal(array(boundsOnly.high), array(all.high));
  assert.type(boundsOnly.up.rate, 'number');
  const gains = Float64Array.from(
    { length: N },
    (_, k) =>
      drawCell(
        DEVICE_PRESETS.ecram,
        (f) => figureOf(DEVICE_PRESETS.ecram, f),
        (site) => normalAt(5, 9, k, 0, site),
      ).stepUp,
  );
  const bounds = Float64Array.from(
    { length: N },
    (_, k) =>
      drawCell(
        DEVICE_PRESETS.ecram,
        (f) => figureOf(DEVICE_PRESETS.ecram, f),
        (site) => normalAt(5, 9, k, 0, site),
      ).upper,
  );
  const [g, b] = [moments(gains), moments(bounds)];
  let correlation = 0;
  for (let k = 0; k < N; k++) correlation += ((gains[k] - g.mean) * (bounds[k] - b.mean)) / (g.sd * b.sd * N);
  assert.ok(Math.abs(correlation) < 5 / Math.sqrt(N), String(correlation));
});

test('stuck cells have both bounds at one value, in the stated shares', () => {
  const device = deviceWith({
    ...OFF,
    stuckCells: true,
    device: { base: 'soft-bounds', stuckOn: 0.02, stuckOff: 0.05, stuckAnywhere: 0.03 },
  });
  const cells = drawCells(device, N, 7, 'p', 'plus');
  const [low, high] = [array(cells.low), array(cells.high)];
  const counts = { on: 0, off: 0, anywhere: 0, working: 0 };
  for (let k = 0; k < N; k++) {
    if (low[k] !== high[k]) counts.working++;
    else if (low[k] === 1) counts.on++;
    else if (low[k] === 0) counts.off++;
    else counts.anywhere++;
  }
  for (const [kind, share] of [
    ['on', 0.02],
    ['off', 0.05],
    ['anywhere', 0.03],
  ] as const) {
    assert.ok(Math.abs(counts[kind] - share * N) < 5 * Math.sqrt(N * share * (1 - share)), `${kind}: ${counts[kind]}`);
  }
});

test('no conductance is negative, however wide the spread', () => {
  const device = deviceWith({ ...OFF, deviceToDevice: true, device: { base: 'soft-bounds', wMinDtod: 2 } });
  const [gMin, gMax] = [figureOf(device, 'gMin'), figureOf(device, 'gMax')];
  const low = array(drawCells(device, N, 1, 'p', 'plus').low);
  const lowest = gMin + Math.min(...low) * (gMax - gMin);
  assert.ok(lowest > -1e-20, String(lowest));
  assert.ok(
    low.some((u) => u < 0),
    'some cells go below the mean gMin',
  );
});

test('a skew drawn for a cell is added to one step and taken from the other', () => {
  const device = deviceWith({ ...OFF, deviceToDevice: true, device: { base: 'gokmen-vlasov', stepDtod: 0, upDownDtod: 0.1 } });
  const skews = Float64Array.from({ length: N }, (_, k) => {
    const { stepUp, stepDown } = drawCell(
      device,
      (figure) => figureOf(device, figure),
      (site) => normalAt(1, 3, k, 0, site),
    );
    assert.ok(Math.abs(stepUp + stepDown - 2 * 0.0016) < 1e-15);
    return (stepUp - stepDown) / 2 / 0.0016;
  });
  assert.ok(Math.abs(moments(skews).sd / 0.1 - 1) < 5 / Math.sqrt(2 * N));
});

test('log-normal steps are positive and skewed, as in measured arrays', () => {
  const device = DEVICE_PRESETS['reram-array-om'];
  const of = (figure: DeviceFigure): number => figureOf(device, figure);
  const logs = Float64Array.from({ length: N }, (_, k) =>
    Math.log(
      drawCell(
        { ...device },
        (f) => (f === 'upDownDtod' ? 0 : of(f)),
        (site) => normalAt(1, 2, k, 0, site),
      ).stepUp / 0.0949,
    ),
  );
  const { mean, sd } = moments(logs);
  assert.ok(Math.abs(mean) < (5 * 0.7829) / Math.sqrt(N), String(mean));
  assert.ok(Math.abs(sd / 0.7829 - 1) < 5 / Math.sqrt(2 * N), String(sd));
});

skipWithoutShared(test, 'recorded: population of constant-step cells', 'golden/crossbar/aihw_population_gokmen_vlasov.json', (path) => {
  const { inputs, expected, tolerance } = JSON.parse(readFileSync(path, 'utf8'));
  const device = DEVICE_PRESETS['gokmen-vlasov'];
  const of = (figure: DeviceFigure): number => figureOf(device, figure);
  const cells = Array.from({ length: inputs.devices }, (_, k) => drawCell(device, of, (site) => normalAt(1, 11, k, 0, site)));
  const steps = moments(cells.map(({ stepUp }) => stepUp / of('step')));
  const upper = moments(cells.map((cell) => cell.upper));
  const lower = moments(cells.map((cell) => cell.lower));
  const near = (actual: number, wanted: number) =>
    assert.ok(Math.abs(actual / wanted - 1) < tolerance.relative, `${actual}, expected ${wanted}`);
  near(steps.mean, expected.meanStepOverDwMin);
  near(steps.sd, expected.stdStepOverDwMin);
  near(upper.mean, expected.meanUpperBound);
  near(upper.sd, expected.stdUpperBound);
  near(lower.mean, expected.meanLowerBound);
  near(lower.sd, expected.stdLowerBound);
});

test.run();
