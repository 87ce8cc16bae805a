/** Retention: moments of the trajectories equal the formulas, reading changes nothing, and the slow noise has its variance at every time. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { retentionOf } from '../../../chips/memristor-crossbar/retention/retention-model.ts';
import { RETENTION_MODELS } from '../../../chips/memristor-crossbar/retention/retention-models.ts';
import { SIGMA_CURVES, sigmaAt } from '../../../chips/memristor-crossbar/retention/sigma-curves.ts';
import { programCells, slowNoise } from '../../../chips/memristor-crossbar/retention/trajectory.ts';
import { normalAt } from '../../../core/random.ts';

const CELLS = 20_000;
const moments = (values: Float64Array): { mean: number; sd: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
};

for (const [name, model] of Object.entries(RETENTION_MODELS)) {
  test(`${name}: cells read in any order and any number of times find the same`, () => {
    const retention = retentionOf(model);
    const times = [1, 3600, 86_400, 30 * 86_400];
    const once = programCells(retention, 0.5 * model.gMax, 50, 7);
    const forward = times.map((seconds) => Array.from(once.at(seconds)));
    const often = programCells(retention, 0.5 * model.gMax, 50, 7);
    for (let n = 0; n < 5; n++) often.at(17 * n);
    assert.equal(
      [...times].reverse().map((seconds) => Array.from(often.at(seconds))),
      [...forward].reverse(),
    );
    assert.not.equal(forward[0], forward[3]);
  });
}

test('CMO ReRAM: mean and spread of a population follow the logarithm of time', () => {
  const retention = retentionOf(RETENTION_MODELS['reram-cmo']);
  const cells = programCells(retention, 50e-6, CELLS, 3);
  for (const seconds of [60, 86_400]) {
    const { mean, sd } = moments(cells.at(seconds));
    const expected = 50 - 0.08900206 * Math.log(seconds);
    const variance =
      (0.0112185391 + 0.01129027418 * 50) ** 2 +
      (0.41183342 + 0.04201137 * Math.log(seconds)) ** 2 +
      (0.0277316483 * Math.log10(expected)) ** 2 * Math.log((seconds + 1e-6) / 2e-6);
    assert.ok(Math.abs(mean * 1e6 - expected) < (5 * Math.sqrt(variance)) / Math.sqrt(CELLS), `${mean} after ${seconds} s`);
    assert.ok(Math.abs(sd * 1e6 - Math.sqrt(variance)) < (5 * Math.sqrt(variance)) / Math.sqrt(2 * CELLS), `${sd} after ${seconds} s`);
  }
});

test('Wan ReRAM: the spread is the recorded polynomial at its three times and lies between them in between', () => {
  const retention = retentionOf(RETENTION_MODELS['reram-wan']);
  const [second, hour, day] = [1, 3600, 86_400].map((seconds) => retention.relaxationStd(10e-6, seconds));
  assert.ok(second < hour && hour < day);
  const { sd } = moments(programCells(retention, 20e-6, CELLS, 3).at(86_400));
  assert.ok(Math.abs(sd / retention.relaxationStd(20e-6, 86_400) - 1) < 5 / Math.sqrt(2 * CELLS), String(sd));
});

test('slow noise: variance 1 at every time, the same value a moment later, and another one decades later', () => {
  const at = (seconds: number): Float64Array =>
    Float64Array.from({ length: CELLS }, (_, k) => slowNoise((node) => normalAt(1, 2, k, 0, node), seconds, 20));
  for (const seconds of [0, 1, 500, 1e4, 1e6, 1e8]) {
    const { sd } = moments(at(seconds));
    assert.ok(Math.abs(sd - 1) < 5 / Math.sqrt(2 * CELLS), `${sd} after ${seconds} s`);
  }
  const correlation = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * b[k], 0) / CELLS;
  assert.ok(correlation(at(10), at(11)) > 0.98);
  assert.ok(Math.abs(correlation(at(0), at(1e10))) < 0.05);
});

test('a curve of spread refuses a target outside what was measured', () => {
  assert.throws(() => sigmaAt(SIGMA_CURVES['pcm-joshi'], 30), /30 uS is outside the measured range 0 … 25 uS/);
  assert.throws(() => sigmaAt(SIGMA_CURVES['rram-wan'], Number.NaN), /outside/);
  assert.ok(sigmaAt(SIGMA_CURVES['sonos-day5'], 800) > sigmaAt(SIGMA_CURVES['sonos-day0'], 800));
});

test.run();
