/** Weights on conductances, and what a spike reads of them. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readLineHeat } from '../../../chips/memristor-crossbar/energy-table.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { signMagnitudeText, uniformText } from '../../../chips/memristor-crossbar/read-out.ts';
import { programmed } from '../../../chips/memristor-crossbar/weights.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { skipWithoutShared } from '../../support/skip-without.ts';
import { OFF, resultOf } from './bench.ts';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const closeTo = (actual: number, expected: number, tolerance: number, what = ''): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what} ${actual}, expected ${expected}`);

/** One spike over n fixed synapses into leakless neurons: their membranes are what was read. */
function readOnce(chip: CrossbarOptions, weights: Float64Array): { values: Float64Array; simulation: Simulation } {
  const net = network({ dt: '1 ms', seed: 4 });
  const source = net.input('source', 1, { times: ['1 ms'], neurons: [0] });
  const cells = net.neurons('cells', weights.length, { model: 'lif', tauMem: '20 ms', vThreshold: 1e9 });
  net.connect(source, cells, { name: 'array', weight: weights, delay: '1 ms' });
  const simulation = new Simulation(buildPlan(net.freeze(), memristorCrossbar(chip)));
  simulation.run(2);
  return { values: simulation.state('cells', 'v'), simulation };
}

for (const mapping of ['two-sided', 'one-sided', 'reference'] as const) {
  test(`${mapping}: what is programmed is what a spike reads`, () => {
    const weights = Float64Array.of(-2, -1.3, -0.01, 0, 0.4, 1.9, 2);
    const { values } = readOnce({ ...OFF, device: 'ideal-device', mapping }, weights);
    weights.forEach((weight, k) => {
      closeTo(values[k], weight, 1e-12);
    });
  });
}

skipWithoutShared(test, 'recorded: three mappings of a signed weight', 'golden/crossbar/weight_mapping.json', (path) => {
  const { parameters, inputs, expected } = read(path);
  const siemens = (u: number): number => parameters.gMin + u * (parameters.gMax - parameters.gMin);
  for (const [mapping, rows] of [
    ['one-sided', expected.oneSided],
    ['two-sided', expected.twoSided],
    ['reference', expected.offset],
  ] as const) {
    inputs.weights.forEach((weight: number, k: number) => {
      const { plus, minus } = programmed(mapping, 0.5, weight);
      closeTo(siemens(plus) / rows[k][0], 1, 1e-12, `${mapping} ${weight} plus`);
      closeTo(siemens(minus) / rows[k][1], 1, 1e-12, `${mapping} ${weight} minus`);
    });
  }
});

skipWithoutShared(test, 'recorded: uniform converter', 'golden/crossbar/adc_uniform_6bit.json', (path) => {
  const { parameters, inputs, expected } = read(path);
  const text = uniformText('value', 'converted', parameters.bits, parameters.min, parameters.max).join('\n');
  inputs.values.forEach((value: number, k: number) => {
    closeTo(resultOf(text, { value }, 'converted'), expected.values[k], 1e-12, String(value));
    assert.is(resultOf(text, { value }, 'convertedCode'), expected.codes[k]);
  });
});

skipWithoutShared(test, 'recorded: sign-and-magnitude converter', 'golden/crossbar/adc_sign_magnitude_5bit.json', (path) => {
  const { parameters, inputs, expected } = read(path);
  const text = signMagnitudeText('value', 'converted', parameters.bits, parameters.max).join('\n');
  inputs.values.forEach((value: number, k: number) => {
    closeTo(resultOf(text, { value }, 'converted'), expected.values[k], 1e-9, String(value));
  });
});

test('a converter of few bits rounds what is read, and each synapse costs one conversion', () => {
  const weights = Float64Array.of(-1, -0.4, 0.2, 0.6, 1);
  const { values, simulation } = readOnce({ ...OFF, device: 'ideal-device', periphery: 'adc', adcBits: 3 }, weights);
  [-1, -1 / 3, 1 / 3, 2 / 3, 1].forEach((value, k) => {
    closeTo(values[k], value, 1e-12);
  });
  assert.is(simulation.eventCounts().adcConversion, 5);
  assert.is(readOnce(OFF, weights).simulation.eventCounts().adcConversion, undefined);
});

test('read noise is relative to each conductance, zero on average, and leaves the array alone (z-test, 5 sigma)', () => {
  const n = 20000;
  const weights = new Float64Array(n).fill(0.5);
  weights[0] = 1;
  const sigma = 0.03;
  const { values, simulation } = readOnce({ ...OFF, readNoise: true, device: { base: 'ideal-device', readNoiseStd: sigma } }, weights);
  const [gMin, gMax] = [1e-6, 10e-6];
  const siemens = (u: number): number => gMin + u * (gMax - gMin);
  // w = 0.5: plus at 0.75, minus at 0.25
  const expected = (sigma * Math.hypot(siemens(0.75), siemens(0.25))) / (gMax - gMin);
  const half = values.subarray(1);
  const mean = half.reduce((sum, v) => sum + v, 0) / half.length;
  const sd = Math.sqrt(half.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (half.length - 1));
  closeTo(mean, 0.5, (5 * expected) / Math.sqrt(n), 'mean');
  assert.ok(Math.abs(sd / expected - 1) < 5 / Math.sqrt(2 * n), `sd ${sd}, expected ${expected}`);
  assert.equal([...simulation.weights('array')], [...weights]);
});

test('the heat of a spike is V²·t times the conductances on its line, to a quantum per synapse', () => {
  const weights = Float64Array.from({ length: 50 }, (_, k) => -1 + k / 24.5);
  const { simulation } = readOnce({ ...OFF, device: 'soft-bounds' }, weights);
  const siemens = (u: number): number => 1e-6 + u * 9e-6;
  const line = [...weights].flatMap((w) => [siemens((1 + w) / 2), siemens((1 - w) / 2)]);
  const quantum = simulation.plan.chip.energy.perEvent.readHeat?.value ?? 0;
  const { readHeat = 0, readPulse } = simulation.eventCounts();
  assert.ok(Number.isInteger(readHeat));
  assert.is(readPulse, 100);
  closeTo(readHeat * quantum, readLineHeat(0.2, 10e-9, line), 50 * quantum);
});

test('weights beyond what a cell can hold are clipped to its bounds', () => {
  const { simulation } = readOnce(
    { ...OFF, deviceToDevice: true, device: { base: 'soft-bounds', wMaxDtod: 0.3, wMinDtod: 0, stepDtod: 0 } },
    new Float64Array(200).fill(1),
  );
  const held = [...simulation.weights('array')];
  assert.ok(Math.min(...held) < 0.9 && Math.max(...held) <= 1);
});

test.run();
