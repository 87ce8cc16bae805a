/** Laws of conductance change: the burst in one step equals the published pulse repeated, and both equal published traces. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Device, DeviceFigure, LawName } from '../../../chips/memristor-crossbar/device-figures.ts';
import { FIGURE_NAMES, figureOf, LAW_NAMES, STEPWISE_LAWS } from '../../../chips/memristor-crossbar/device-figures.ts';
import type { Motion } from '../../../chips/memristor-crossbar/device-models.ts';
import {
  AT_MOST,
  curvatureToLabel,
  curveRange,
  LAWS,
  labelToCurvature,
  tableValue,
} from '../../../chips/memristor-crossbar/device-models.ts';
import { DEVICE_PRESETS } from '../../../chips/memristor-crossbar/device-presets.ts';
import { drawCell } from '../../../chips/memristor-crossbar/draw-cells.ts';
import type { MotionText } from '../../../chips/memristor-crossbar/move-cell.ts';
import { moveText } from '../../../chips/memristor-crossbar/move-cell.ts';
import { cellBench } from '../../../chips/memristor-crossbar/one-cell.ts';
import { readCrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { memristorDevice } from '../../../chips/memristor-crossbar/read-device.ts';
import { skipWithoutShared } from '../../support/skip-without.ts';
import { calculate, OFF, resultOf } from './bench.ts';

const meanDevice = (name: string): Device => readCrossbarOptions({ ...OFF, device: name }).device;
const of =
  (device: Device) =>
  (figure: DeviceFigure): number =>
    figureOf(device, figure);
const motionOf = (device: Device): { up: Motion; down: Motion } => {
  const cell = drawCell(device, of(device), () => 0);
  return LAWS[device.law].motion(cell, of(device));
};
const texts = (motion: Motion): MotionText =>
  motion.kind === 'geometric'
    ? { kind: 'geometric', target: `(${motion.target})`, rate: `(${motion.rate})` }
    : { kind: motion.kind, step: `(${motion.step})` };

/** n pulses in one write, from the text that runs on the chip; n below 0 depresses. A stepwise cell takes at most 8 in one write. */
function burst(device: Device, u: number, n: number): number {
  const { up, down } = motionOf(device);
  const cell = { state: 'u', low: '0', high: '1', up: texts(up), down: texts(down) };
  const names = { pulses: 'n', count: 'size', raw: 'raw', moved: 'moved' };
  const text = `let size = abs(n)\n${moveText(cell, device, { positive: 'up', negative: 'down' }, names).join('\n')}`;
  if (up.kind !== 'stepwise') return resultOf(text, { u, n }, 'moved');
  let after = u;
  for (let left = Math.abs(n); left > 0; left -= AT_MOST)
    after = resultOf(text, { u: after, n: Math.sign(n) * Math.min(left, AT_MOST) }, 'moved');
  return after;
}

const deviceUnits = (device: Device, u: number): number =>
  figureOf(device, 'wMin') + u * (figureOf(device, 'wMax') - figureOf(device, 'wMin'));
const normalised = (device: Device, x: number): number =>
  (x - figureOf(device, 'wMin')) / (figureOf(device, 'wMax') - figureOf(device, 'wMin'));

/** One pulse after another, from the published text in the device's own scale, clipped to the bounds after each. */
function pulseByPulse(device: Device, u: number, n: number): number {
  const cell = drawCell(device, of(device), () => 0);
  const law = LAWS[device.law];
  const [low, high] = [figureOf(device, 'wMin'), figureOf(device, 'wMax')];
  const curvature = device.law === 'saturating-exponential' ? labelToCurvature(n > 0 ? cell.labelUp : cell.labelDown) : 1;
  const pulses = figureOf(device, n > 0 ? 'pulsesUp' : 'pulsesDown');
  let x = deviceUnits(device, u);
  for (let k = 0; k < Math.abs(n); k++) {
    const figures = Object.fromEntries(FIGURE_NAMES.map((figure) => [figure, figureOf(device, figure)]));
    const names = { ...figures, x, ...cell, wMax: high, wMin: low, curvature, pulses, range: curveRange(curvature) };
    x = Math.min(high, Math.max(low, calculate(n > 0 ? law.onePulse.up : law.onePulse.down, names)));
  }
  return normalised(device, x);
}

for (const name of Object.keys(DEVICE_PRESETS)) {
  test(`${name}: a burst of n pulses equals n single pulses to 1e-12`, () => {
    const device = meanDevice(name);
    for (const start of [0.05, 0.4, 0.5, 0.93]) {
      for (const n of [1, -1, 2, 7, -7, 20, -33]) {
        const once = burst(device, start, n);
        assert.ok(
          Math.abs(once - pulseByPulse(device, start, n)) < 1e-12,
          `${start} by ${n}: ${once} and ${pulseByPulse(device, start, n)}`,
        );
      }
    }
  });
}

test('every law but those that come from fits has a device among the presets', () => {
  const laws = new Set<LawName>(Object.values(DEVICE_PRESETS).map(({ law }) => law));
  assert.equal([...laws].sort(), LAW_NAMES.filter((law) => law !== 'power-step' && law !== 'piecewise').sort());
});

test('a measured table: each pulse is as large as the line between its two points, and a cell bench moves as the law says', () => {
  const device = memristorDevice({ base: 'ideal-device', law: 'piecewise', step: 0.1, table: { up: [1, 0.5, 0], down: [0.2, 1.4] } });
  const bench = cellBench(device, { start: 1e-6 });
  let x = -1;
  for (let n = 0; n < 30; n++) {
    bench.pulse(1);
    x += 0.1 * (0.5 - 0.5 * x);
    closeTo(bench.values()[0], Math.min(1, x), 1e-12, `up ${n}`);
  }
  for (let n = 0; n < 30; n++) {
    x = Math.max(-1, x - 0.1 * (0.2 + 1.2 * ((x + 1) / 2)));
    bench.pulse(-1);
    closeTo(bench.values()[0], x, 1e-12, `down ${n}`);
  }
  assert.is(tableValue([1, 0.5, 0], 0.25), 0.75);
  assert.is(tableValue([1, 0.5, 0], 2), 0);
});

test('a table with a gap, a negative size or none at all is refused in words', () => {
  const refuse = (table: unknown): string => {
    try {
      memristorDevice({ base: 'ideal-device', law: 'piecewise', step: 0.1, ...(table === undefined ? {} : { table: table as never }) });
    } catch (error) {
      return String((error as Error).message);
    }
    return 'accepted';
  };
  assert.match(refuse(undefined), /table.*missing/);
  assert.match(refuse({ up: [1, -0.1], down: [1, 1] }), /up\[1\].*is -0.1, but must be a size of at least 0/);
  assert.match(refuse({ up: [1, Number.NaN], down: [1, 1] }), /up\[1\].*NaN/);
  assert.match(refuse({ up: [1], down: [1, 1] }), /up/);
});

test('noisy cells on the bench are the same for the same seed, and their mean follows the law', () => {
  const device = memristorDevice({ base: 'epiram', rangeStd: 0.02 });
  const run = (seed?: number): Float64Array => {
    const bench = cellBench(device, { cells: 400, ...(seed === undefined ? {} : { seed }) });
    for (let n = 0; n < 10; n++) bench.pulse(2);
    return bench.conductances();
  };
  assert.equal(run(5), run(5));
  const [noisy, exact] = [run(5), run()[0]];
  const mean = noisy.reduce((sum, g) => sum + g, 0) / 400;
  const range = figureOf(device, 'gMax') - figureOf(device, 'gMin');
  assert.ok(Math.abs(mean - exact) < (5 * 0.02 * Math.sqrt(20) * range) / Math.sqrt(400), `${mean} ${exact}`);
});

test('a soft-bounds cell halves the distance to its bound in ln 2 / ln(1/(1 - step/upper)) pulses', () => {
  const device = meanDevice('soft-bounds');
  const pulses = Math.log(2) / -Math.log(1 - 0.002 / 1.25);
  assert.ok(Math.abs(burst(device, 0.2, pulses) - 0.6) < 1e-12);
});

test('with a straight law the pulses of the data sheet cross the whole range, and levels sets how many they are', () => {
  const device = readCrossbarOptions({ ...OFF, device: 'epiram', nonlinearity: false }).device;
  assert.ok(Math.abs(burst(device, 0, 64) - 1) < 1e-12);
  assert.ok(Math.abs(burst(device, 0, 32) - 0.5) < 1e-12);
  const finer = readCrossbarOptions({ ...OFF, device: 'soft-bounds', nonlinearity: false, levels: 16 }).device;
  assert.ok(Math.abs(burst(finer, 0.25, 8) - 0.75) < 1e-12);
});

test('a label of the other sign bends the curve the other way', () => {
  const device = meanDevice('gst-pcm');
  // depression of this cell starts slowly at the top and ends fast
  const first = 1 - burst(device, 1, -1);
  const last = burst(device, 1, -119);
  assert.ok(first < 1 / 120 && last > 1 / 120, `${first} ${last}`);
});

test('label and curvature are inverse to each other, and odd', () => {
  for (const label of [0.01, 0.1, 0.5, 1.46, 4.88, 9]) {
    assert.ok(Math.abs(curvatureToLabel(labelToCurvature(label)) / label - 1) < 1e-9, String(label));
    assert.is(labelToCurvature(-label), -labelToCurvature(label));
  }
});

/** A power-step cell; it has no preset. */
function powerStep({ dw_min, w_max, w_min, gamma_up, gamma_down }: Record<string, number>): Device {
  const numbers = { step: dw_min, wMax: w_max, wMin: w_min, powerUp: gamma_up, powerDown: gamma_down };
  const cell = { gMin: '1 uS', gMax: '10 uS', writeVoltageUp: '1 V', writeVoltageDown: '1 V', writeTimeUp: '1 us', writeTimeDown: '1 us' };
  return readCrossbarOptions({ device: { law: 'power-step', ...numbers, ...cell, readVoltage: '0.1 V', readTime: '10 ns' } }).device;
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const closeTo = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected}`);

skipWithoutShared(test, 'recorded: soft-bounds bursts', 'golden/crossbar/soft_bounds_burst.json', (path) => {
  const { parameters, inputs, expected } = read(path);
  const base = meanDevice('soft-bounds');
  const figure = (value: number) => ({ value, lo: value, hi: value, source: 'test', confidence: 'assumed' as const });
  const cellWith = (step: number): Device => ({
    ...base,
    figures: { ...base.figures, wMax: figure(parameters.wMax), wMin: figure(parameters.wMin), step: figure(step) },
  });
  let u = normalised(cellWith(1), inputs.start);
  inputs.bursts.forEach((n: number, k: number) => {
    u = burst(cellWith(n > 0 ? parameters.sUp : parameters.sDown), u, n);
    closeTo(deviceUnits(cellWith(1), u), expected.weights[k], 1e-12, `burst ${k}`);
  });
});

skipWithoutShared(test, 'recorded: nonlinearity labels', 'golden/crossbar/ns_label_to_A.json', (path) => {
  const { inputs, expected } = read(path);
  for (const [k, label] of inputs.labels.entries()) closeTo(labelToCurvature(label) / expected.normalisedA[k], 1, 1e-6, `label ${label}`);
});

for (const [file, preset] of [
  ['agsi', 'ag-a-si'],
  ['alohfo2', 'alox-hfo2'],
  ['epiram', 'epiram'],
  ['taoxhfox', 'taox-hfox'],
]) {
  skipWithoutShared(test, `recorded: update curves of ${preset}`, `golden/crossbar/ns_update_${file}.json`, (path) => {
    const { parameters, inputs, expected } = read(path);
    const device = meanDevice(preset);
    const [gMin, gMax] = [parameters.gMinSiemens, parameters.gMaxSiemens];
    const siemens = (u: number): number => gMin + u * (gMax - gMin);
    for (const [n, g] of expected.conductancePotentiation.entries()) closeTo(siemens(burst(device, 0, n)) / g, 1, 1e-6, `up ${n}`);
    for (const [n, g] of expected.conductanceDepression.entries()) closeTo(siemens(burst(device, 1, -n)) / g, 1, 1e-6, `down ${n}`);
    let u = (inputs.startConductance - gMin) / (gMax - gMin);
    inputs.pulseSequence.forEach((n: number, k: number) => {
      u = burst(device, u, n);
      closeTo(siemens(u) / expected.sequenceConductance[k + 1], 1, 1e-6, `burst ${k}`);
    });
  });
}

for (const [file, preset] of [
  ['capacitor', 'capacitor'],
  ['ecram', 'ecram'],
  ['idealized', 'idealized'],
  ['pcm', 'pcm'],
  ['reram_es', 'reram-exponential'],
  ['powstep_example', 'power-step'],
]) {
  skipWithoutShared(test, `recorded: pulse traces of ${preset}`, `golden/crossbar/aihw_step_${file}.json`, (path) => {
    const { parameters, inputs, expected, tolerance } = read(path);
    const device = preset === 'power-step' ? powerStep(parameters) : meanDevice(preset);
    const top = burst(device, 0, inputs.pulses);
    // a closed form is asked for every n from the start, a stepwise law goes on from the last sample
    const again = !STEPWISE_LAWS.includes(device.law);
    let [up, down, before] = [0, top, 0];
    for (const [k, n] of inputs.sampledAt.entries()) {
      up = again ? burst(device, 0, n) : burst(device, up, n - before);
      down = again ? burst(device, top, -n) : burst(device, down, before - n);
      before = n;
      closeTo(deviceUnits(device, up), expected.upTrace[k], tolerance.absolute, `up ${n}`);
      closeTo(deviceUnits(device, down), expected.downTrace[k], tolerance.absolute, `down ${n}`);
    }
    let u = normalised(device, inputs.mixedStart);
    inputs.mixedSequence.forEach((n: number, k: number) => {
      u = burst(device, u, n);
      closeTo(deviceUnits(device, u), expected.mixedTrace[k + 1], tolerance.absolute, `mixed ${k}`);
    });
  });
}

test.run();
