/** Fits find the numbers that made the pulses, choose the law that made them, and refuse what cannot be fitted. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Measured } from '../../../chips/memristor-crossbar/fit-device.ts';
import { fitDevice, nelderMead } from '../../../chips/memristor-crossbar/fit-device.ts';
import { cellBench } from '../../../chips/memristor-crossbar/one-cell.ts';
import type { DeviceOptions } from '../../../chips/memristor-crossbar/read-device.ts';
import { memristorDevice } from '../../../chips/memristor-crossbar/read-device.ts';
import { normalAt } from '../../../core/random.ts';

/** Readings of two sweeps up and down, with noise of each reading as a share of the range. */
function measure(
  options: DeviceOptions | string,
  { pulses = 60, noise = 0, seed }: { pulses?: number; noise?: number; seed?: number } = {},
): Measured {
  const device = memristorDevice(options);
  const range = (device.figures.gMax?.value ?? 0) - (device.figures.gMin?.value ?? 0);
  const bench = cellBench(device, seed === undefined ? {} : { seed });
  const polarity: number[] = [0];
  const conductance: number[] = [bench.conductances()[0]];
  for (const sign of [1, -1, 1, -1]) {
    for (let n = 0; n < pulses; n++) {
      bench.pulse(sign);
      polarity.push(sign);
      conductance.push(bench.conductances()[0] + noise * range * normalAt(9, 9, polarity.length, 0));
    }
  }
  return { polarity, conductance };
}

const QUIET = { stepDtod: 0, stepStd: 0, upDownDtod: 0, wMaxDtod: 0, wMinDtod: 0, writeNoiseStd: 0 };
const near = (actual: unknown, expected: number, share: number, what: string): void => {
  const value = typeof actual === 'string' ? Number(actual.split(' ')[0]) : Number(actual);
  assert.ok(Math.abs(value / expected - 1) < share, `${what}: ${value}, expected ${expected}`);
};

test('soft bounds without noise: bounds and steps to a millionth, and chosen as the best', () => {
  const [best] = fitDevice(measure({ base: 'soft-bounds', ...QUIET, wMin: -1, wMax: 1, step: 0.08, upDown: 0.25 }), { name: 'mine' });
  assert.is(best.law, 'soft-bounds');
  near(best.device.gMax, 10e-6, 1e-6, 'gMax');
  near(best.device.gMin, 1e-6, 1e-6, 'gMin');
  near(best.device.step, 0.08, 1e-5, 'step');
  near(best.device.upDown, 0.25, 1e-4, 'upDown');
  assert.ok(best.rms < 1e-6, String(best.rms));
});

for (const [preset, pulses] of [
  ['epiram', 64],
  ['ag-a-si', 97],
  ['pcmo', 50],
] as const) {
  test(`NeuroSim's form, ${preset}: labels and pulses are found again`, () => {
    const device = memristorDevice(preset);
    const fits = fitDevice(measure(preset, { pulses }), { name: 'mine' });
    const own = fits.find(({ law }) => law === 'saturating-exponential');
    // a curve that saturates within its range is one of soft bounds, too, which has two numbers less
    assert.is(fits[0].law, preset === 'pcmo' ? 'soft-bounds' : 'saturating-exponential');
    assert.ok(fits[0].rms < 2e-3 && (own?.rms ?? 1) < 2e-3, `${fits[0].rms} ${own?.rms}`);
    for (const figure of ['labelUp', 'pulsesUp', 'gMax', 'gMin'] as const)
      near(own?.device[figure], device.figures[figure]?.value ?? 0, 0.02, figure);
    assert.is(Math.sign(Number(own?.device.labelDown)), Math.sign(device.figures.labelDown?.value ?? 0));
  });
}

test('exponential steps: the curve is found to a thousandth of the range, and chosen', () => {
  const exponential = measure({ base: 'reram-exponential', ...QUIET, step: 0.03 }, { pulses: 80 });
  const [best] = fitDevice(exponential, { name: 'mine' });
  assert.is(best.law, 'exponential-step');
  assert.ok(best.rms < 5e-3, String(best.rms));
});

test('a fitted device is a device: it runs, and makes the pulses it was fitted to', () => {
  for (const source of ['epiram', 'soft-bounds'] as const) {
    const given = source === 'epiram' ? source : { base: source, ...QUIET, step: 0.1 };
    const measured = measure(given);
    for (const fit of fitDevice(measured, { name: 'mine' })) {
      const again = measure({ ...fit.device, rangeStd: 0 });
      const range = Math.max(...Array.from(measured.conductance)) - Math.min(...Array.from(measured.conductance));
      const worst = Math.max(...Array.from(measured.conductance, (g, k) => Math.abs(g - again.conductance[k])));
      if (fit === fitDevice(measured, { name: 'mine' })[0]) assert.ok(worst < 0.02 * range, `${fit.law}: ${worst / range}`);
    }
  }
});

test('with noise of 1 % of the range the right law still wins, and cycle noise is told', () => {
  const [best] = fitDevice(measure({ base: 'epiram', rangeStd: 0, labelUp: 2.5, labelDown: -2.5 }, { noise: 0.003 }), { name: 'mine' });
  assert.is(best.law, 'saturating-exponential');
  const noisy = fitDevice(measure({ base: 'epiram', rangeStd: 0.02 }, { pulses: 40, seed: 4 }), { name: 'mine' });
  const told = Number(noisy.find(({ law }) => law === 'saturating-exponential')?.device.rangeStd);
  assert.ok(told > 0.012 && told < 0.03, String(told));
});

test('too few pulses, one polarity only, or a cell that never moves: said in words, together', () => {
  const refused = (polarity: number[], conductance: number[]): string => {
    try {
      fitDevice({ polarity, conductance }, { name: 'mine' });
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };
  const up = Array.from({ length: 9 }, () => 1);
  assert.match(
    refused(
      [0, ...up],
      [0, ...up].map((_, k) => 1e-6 + 1e-7 * k),
    ),
    /there are 0 pulses down/,
  );
  assert.match(refused([], []), /0 pulses up[\s\S]*0 pulses down/);
  assert.match(
    refused(
      [0, ...up, ...up.map(() => -1)],
      Array.from({ length: 19 }, () => 1e-6),
    ),
    /never changes/,
  );
});

test('the simplex finds the valley of Rosenbrock', () => {
  const { point } = nelderMead(([a, b]) => (1 - a) ** 2 + 100 * (b - a * a) ** 2, [-1.2, 1]);
  assert.ok(Math.abs(point[0] - 1) < 1e-4 && Math.abs(point[1] - 1) < 1e-4, String(point));
});

test.run();
