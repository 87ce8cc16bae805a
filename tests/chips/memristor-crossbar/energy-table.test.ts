/** Energy figures: laws against recorded values, and every figure with its source. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { figureOf } from '../../../chips/memristor-crossbar/device-figures.ts';
import { DEVICE_NAMES, DEVICE_PRESETS } from '../../../chips/memristor-crossbar/device-presets.ts';
import {
  adcSarJoules,
  adcSurveyJoules,
  crossbarEnergyTable,
  pulseHeat,
  READ_HEAT_STEPS,
  readLineHeat,
  WRITE_HEAT_STEPS,
} from '../../../chips/memristor-crossbar/energy-table.ts';
import { readCrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { skipWithoutShared } from '../../support/skip-without.ts';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const relative = (actual: number, expected: number, tolerance: number, what = ''): void =>
  assert.ok(Math.abs(actual / expected - 1) <= tolerance, `${what} ${actual}, expected ${expected}`);

skipWithoutShared(
  test,
  'recorded: heat of one programming pulse at both ends of the range',
  'golden/crossbar/program_pulse_energy.json',
  (path) => {
    const { expected } = read(path);
    for (const [key, preset] of [
      ['agsi', 'ag-a-si'],
      ['taoxhfox', 'taox-hfox'],
      ['epiram', 'epiram'],
      ['gstpcm', 'gst-pcm'],
    ]) {
      const device = DEVICE_PRESETS[preset];
      const heat = (up: boolean, end: 'gMin' | 'gMax'): number => {
        const siemens = figureOf(device, end);
        return pulseHeat(
          figureOf(device, up ? 'writeVoltageUp' : 'writeVoltageDown'),
          figureOf(device, up ? 'writeTimeUp' : 'writeTimeDown'),
          siemens,
          siemens,
          1,
        );
      };
      const joules = expected.joules[key];
      // the recorded Ag:a-Si values start from conductances rounded to five digits
      const tolerance = key === 'agsi' ? 2e-5 : 1e-6;
      relative(heat(true, 'gMin'), joules.potentiationAtGmin, tolerance, preset);
      relative(heat(true, 'gMax'), joules.potentiationAtGmax, tolerance, preset);
      relative(heat(false, 'gMin'), joules.depressionAtGmin, tolerance, preset);
      relative(heat(false, 'gMax'), joules.depressionAtGmax, tolerance, preset);
    }
  },
);

skipWithoutShared(test, 'recorded: heat of a spike on its line', 'golden/crossbar/spike_read_energy.json', (path) => {
  const { parameters, inputs, expected } = read(path);
  const { readVolts, pulseSeconds, outputs } = parameters;
  inputs.spikes.forEach((spike: number, i: number) => {
    const line = Array.from({ length: outputs }, (_, o) => 2e-5 * (0.1 + (0.9 * ((3 * i + 5 * o) % 8)) / 7));
    if (spike === 1) relative(readLineHeat(readVolts, pulseSeconds, line), expected.energyPerInputLineJoules[i], 1e-9);
  });
  const { perEvent } = crossbarEnergyTable(readCrossbarOptions({}));
  // per cell: its piece of the line, and its share of a driver of 3.9 uW that is on for a read pulse of 10 ns and serves 128 cells
  const driver = (3.9e-6 * 10e-9) / 128;
  relative(((perEvent.readPulse?.value ?? 0) - driver) * outputs, expected.wireEnergyPerSpikeJoules, 1e-9, 'wire');
});

skipWithoutShared(test, 'recorded: converters of the survey law', 'golden/crossbar/adc_survey_energy.json', (path) => {
  const { inputs, expected, tolerance } = read(path);
  for (const [b, bits] of inputs.bits.entries()) {
    for (const [n, nm] of inputs.nodesNm.entries()) {
      for (const [r, rate] of inputs.ratesHz.entries()) {
        relative(adcSurveyJoules(bits, nm, rate) * 1e12, expected.picoJoule[b][n][r], tolerance.relative, `${bits} bits, ${nm} nm`);
      }
    }
  }
});

skipWithoutShared(test, 'recorded: converters of the SAR fit', 'golden/crossbar/adc_sar_energy.json', (path) => {
  const { parameters, inputs, expected } = read(path);
  for (const [b, bits] of inputs.bits.entries()) {
    for (const [n, nm] of inputs.nodesNm.entries()) {
      for (const [c, ohm] of inputs.columnOhm.entries()) {
        relative(adcSarJoules(parameters.coefficients[nm], bits, ohm), expected.table[b][n][c].totalJoules, 1e-6);
      }
    }
  }
});

for (const device of DEVICE_NAMES) {
  test(`${device}: every figure and every energy has a source and lies in its interval`, () => {
    const settings = readCrossbarOptions({ device, periphery: 'adc' });
    for (const figure of [...Object.values(settings.nominalDevice.figures), ...Object.values(crossbarEnergyTable(settings).perEvent)]) {
      assert.ok(figure.source.length > 10 || figure.source === 'by definition', figure.source);
      assert.ok(figure.lo <= figure.value && figure.value <= figure.hi, `${figure.lo} ${figure.value} ${figure.hi}`);
    }
  });
}

test('quanta of heat add up to the heat of one pulse at gMax', () => {
  const { perEvent } = crossbarEnergyTable(readCrossbarOptions({ device: 'taox-hfox' }));
  relative((perEvent.writeHeat?.value ?? 0) * WRITE_HEAT_STEPS, 1.28e-12, 1e-12);
  relative((perEvent.readHeat?.value ?? 0) * READ_HEAT_STEPS, 0.2 * 0.2 * 10e-9 * 10e-6, 1e-12);
  assert.is(perEvent.writeHeat?.confidence, 'measured');
  assert.is(perEvent.readHeat?.confidence, 'assumed');
});

test('the register of the policy accumulate is paid for', () => {
  const evaluation = (writePolicy: 'accumulate' | 'stochastic') =>
    crossbarEnergyTable(readCrossbarOptions({ writePolicy })).perEvent.synapticUpdate?.value ?? 0;
  assert.ok(evaluation('accumulate') > evaluation('stochastic'));
});

test('a ferroelectric gate is charged, not heated: 29 aJ in the cell, and its line', () => {
  const { perEvent } = crossbarEnergyTable(readCrossbarOptions({ device: 'hzo-fefet', tileRows: 64 }));
  assert.is(perEvent.writeHeat, undefined);
  relative(perEvent.writePulse?.value ?? 0, 2.1717e-18 * 3.65 ** 2 + 64 * 0.1e-6 * 0.2e-9 * 3.65 ** 2, 1e-9);
});

test.run();
