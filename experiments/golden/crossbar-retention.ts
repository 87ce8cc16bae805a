/** Recordings of programming noise, drift, relaxation and spread. */
import { compactDevice } from '../../chips/memristor-crossbar/models/compact-model.ts';
import { powerLawDrift } from '../../chips/memristor-crossbar/models/power-law-drift.ts';
import { hermesOneDevice, hermesTwoDevices } from '../../chips/memristor-crossbar/retention/hermes.ts';
import { pcmRetention } from '../../chips/memristor-crossbar/retention/pcm.ts';
import { CMO_PROGRAMMING, reramCmo } from '../../chips/memristor-crossbar/retention/reram-cmo.ts';
import { reramWan, WAN_SPREAD } from '../../chips/memristor-crossbar/retention/reram-wan.ts';
import type { Retention } from '../../chips/memristor-crossbar/retention/retention-model.ts';
import { retentionOf } from '../../chips/memristor-crossbar/retention/retention-model.ts';
import { SIGMA_CURVES, sigmaAt } from '../../chips/memristor-crossbar/retention/sigma-curves.ts';
import { programCells } from '../../chips/memristor-crossbar/retention/trajectory.ts';
import { Difference } from './compare.ts';
import { listIn, near, nearList, numberIn, onlyFields, within } from './crossbar-fields.ts';
import type { Family, Fields, Recording, RecordingFile } from './recording.ts';

const MICRO = 1e-6;
/** Rows are targets, columns are times. */
type Cell = (siemens: number, seconds: number) => Readonly<Record<string, number>>;

function checkTable(recording: Recording, cell: Cell): void {
  const targets = listIn('inputs', recording, 'targetMicroSiemens');
  const times = listIn('inputs', recording, 'timesSeconds');
  const table = listIn('expected', recording, 'table');
  if (table.length !== targets.length) throw new Difference(`expected.table: ${table.length} rows for ${targets.length} targets`);
  for (const [row, target] of targets.entries()) {
    if (table[row].length !== times.length)
      throw new Difference(`expected.table[${row}]: ${table[row].length} columns for ${times.length} times`);
    for (const [column, seconds] of times.entries()) {
      const found = cell(target * MICRO, seconds);
      for (const [name, value] of Object.entries(table[row][column] as Fields)) {
        if (!Object.hasOwn(found, name)) throw new Difference(`expected.table: no check for "${name}"`);
        near(recording, found[name], value, `${name} of ${target} uS after ${seconds} s`);
      }
    }
  }
}

const noiseTerms =
  (retention: Retention): Cell =>
  (siemens, seconds) => ({
    sigmaProgram: retention.programmingStd(siemens) / MICRO,
    driftNuMean: retention.driftMean(siemens),
    driftNuStd: retention.driftStd(siemens),
    readNoiseQ: retention.noiseFactor(siemens),
    relativeReadNoise: retention.noise(siemens, seconds),
    medianDriftFactor: retention.driftFactor(retention.driftMean(siemens), seconds),
  });

const times = (recording: Recording): { gMax: number; t0: number; tRead: number } => ({
  gMax: numberIn('parameters', recording, 'gMaxMicroSiemens') * MICRO,
  t0: numberIn('parameters', recording, 't0Seconds'),
  tRead: numberIn('parameters', recording, 'tReadSeconds'),
});

function checkPcm(recording: Recording): void {
  onlyFields('parameters', recording, ['gMaxMicroSiemens', 't0Seconds', 'tReadSeconds', 'programCoefficients', 'nuMean', 'nuStd', 'q']);
  onlyFields('inputs', recording, ['targetMicroSiemens', 'timesSeconds']);
  const coefficients: unknown = recording.parameters?.programCoefficients;
  const own = Array.isArray(coefficients) ? { programming: coefficients.map((value, n) => `(${value}) * x ^ ${n}`).join(' + ') } : {};
  checkTable(recording, noiseTerms(retentionOf(pcmRetention, { ...times(recording), ...own })));
}

function checkHermes(recording: Recording): void {
  onlyFields('parameters', recording, ['devices', 'gMaxMicroSiemens', 't0Seconds', 'tReadSeconds']);
  onlyFields('inputs', recording, ['targetMicroSiemens', 'timesSeconds']);
  const devices = numberIn('parameters', recording, 'devices');
  if (devices !== 1 && devices !== 2) throw new Difference(`parameters.devices is ${devices}; the chip has 1 or 2 per polarity`);
  checkTable(recording, noiseTerms(retentionOf(devices === 1 ? hermesOneDevice : hermesTwoDevices, times(recording))));
}

/** Whole populations of programmed cells, read at a time. */
function checkPcmMoments(recording: Recording): void {
  onlyFields('parameters', recording, ['gMaxMicroSiemens', 't0Seconds', 'tReadSeconds']);
  onlyFields('inputs', recording, ['targetMicroSiemens', 'timesSeconds', 'devices']);
  const retention = retentionOf(pcmRetention, times(recording));
  const cells = numberIn('inputs', recording, 'devices');
  checkTable(recording, (siemens, seconds) => {
    const sorted = programCells(retention, siemens, cells, 1).at(seconds).sort();
    const mean = sorted.reduce((sum, value) => sum + value, 0) / cells;
    const std = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells);
    const quantile = (share: number): number => {
      const at = share * (cells - 1);
      const k = Math.floor(at);
      return sorted[k] + (sorted[Math.min(k + 1, cells - 1)] - sorted[k]) * (at - k);
    };
    const [p05, p50, p95] = [0.05, 0.5, 0.95].map(quantile);
    return Object.fromEntries(Object.entries({ mean, std, p05, p50, p95 }).map(([name, value]) => [name, value / MICRO]));
  });
}

function checkCmo(recording: Recording): void {
  onlyFields('parameters', recording, [
    'acceptancePercent',
    'meanSlope',
    'relaxation',
    'readK',
    'tReadSeconds',
    'gMaxMicroSiemens',
    'gMinMicroSiemens',
  ]);
  onlyFields('inputs', recording, ['targetMicroSiemens', 'timesSeconds']);
  const p = recording.parameters as Fields;
  const programming = CMO_PROGRAMMING[String(p.acceptancePercent)];
  if (programming === undefined) {
    throw new Difference(`parameters.acceptancePercent is ${p.acceptancePercent}; measured are ${Object.keys(CMO_PROGRAMMING).join(', ')}`);
  }
  const model = {
    ...reramCmo,
    programming,
    tRead: p.tReadSeconds,
    relaxation: { shift: `(${p.meanSlope}) * log(t)`, std: `${p.relaxation[0]} + (${p.relaxation[1]}) * log(t)`, from: 0 },
    noiseStd: `${p.readK} * log(g) / ${Math.LN10}`,
  };
  const retention = retentionOf(model);
  checkTable(recording, (siemens, seconds) => {
    const meanShift = retention.shift(siemens, seconds);
    return {
      sigmaProgram: retention.programmingStd(siemens) / MICRO,
      meanShift: meanShift / MICRO,
      sigmaRelaxation: retention.relaxationStd(siemens, seconds) / MICRO,
      sigmaReadAtMean: retention.noiseStd(siemens + meanShift, seconds) / MICRO,
    };
  });
}

function checkWan(recording: Recording): void {
  onlyFields('parameters', recording, ['gMaxMicroSiemens', 'coefficientsLowToHigh']);
  onlyFields('inputs', recording, ['targetMicroSiemens', 'timesSeconds']);
  const given: Fields = recording.parameters?.coefficientsLowToHigh ?? {};
  for (const [label, coefficients] of Object.entries<number[]>(given)) {
    const seconds = { '1s': 1, '1day': 86_400, '2day': 172_800 }[label];
    const own = WAN_SPREAD.find((row) => row.seconds === seconds)?.coefficients;
    if (own === undefined) throw new Difference(`parameters.coefficientsLowToHigh: no check for the time "${label}"`);
    coefficients.forEach((value, n) => {
      within(own[n], value, 0, `coefficient of x^${n} after ${label}`);
    });
  }
  const retention = retentionOf(reramWan, { gMax: numberIn('parameters', recording, 'gMaxMicroSiemens') * MICRO });
  const sigma = listIn('expected', recording, 'sigmaMicroSiemens');
  const seconds = listIn('inputs', recording, 'timesSeconds');
  for (const [row, target] of listIn('inputs', recording, 'targetMicroSiemens').entries()) {
    nearList(
      recording,
      seconds.map((time) => retention.relaxationStd(target * MICRO, time) / MICRO),
      sigma[row],
      `sigma of ${target} uS`,
    );
  }
}

function checkSigmaCurve(recording: Recording, { name }: RecordingFile): void {
  onlyFields('parameters', recording, ['unit']);
  onlyFields('inputs', recording, ['targets']);
  const key = name
    .replace(/^sigma_curve_/, '')
    .replaceAll('_', '-')
    .replace(/^sonos-program(ming)?$/, 'sonos-day0')
    .replace(/^(sonos-day)-/, '$1');
  const curve = Object.hasOwn(SIGMA_CURVES, key) ? SIGMA_CURVES[key] : undefined;
  if (curve === undefined) throw new Difference(`no curve "${key}"; there are ${Object.keys(SIGMA_CURVES).join(', ')}`);
  if (recording.parameters?.unit !== curve.unit)
    throw new Difference(`parameters.unit is ${recording.parameters?.unit}; the curve is in ${curve.unit}`);
  nearList(
    recording,
    listIn('inputs', recording, 'targets').map((target) => sigmaAt(curve, target)),
    recording.expected?.sigma,
    'sigma',
  );
}

/** The same reads with and without other reads in between. */
function checkComposition(recording: Recording): void {
  onlyFields('parameters', recording, ['nu', 't0Seconds']);
  onlyFields('inputs', recording, ['programEvents', 'readTimes']);
  const programs = listIn('inputs', recording, 'programEvents') as { time: number; conductance: number }[];
  const reads = listIn('inputs', recording, 'readTimes') as number[];
  const [nu, t0] = [numberIn('parameters', recording, 'nu'), numberIn('parameters', recording, 't0Seconds')];
  const run = (extra: readonly number[]): number[] => {
    const device = compactDevice(powerLawDrift, { nu, t0 });
    const found = new Map<number, number>();
    let now = 0;
    const events = [
      ...programs.map(({ time, conductance }) => ({ time, conductance })),
      ...[...reads, ...extra].map((time) => ({ time, conductance: undefined })),
    ].sort((a, b) => a.time - b.time || (a.conductance === undefined ? 1 : -1));
    for (const { time, conductance } of events) {
      device.apply(0, time - now);
      now = time;
      if (conductance === undefined) found.set(time, device.conductance());
      else {
        device.setState('g', conductance);
        device.setState('age', 0);
      }
    }
    return reads.map((time) => found.get(time) ?? Number.NaN);
  };
  const alone = run([]);
  nearList(recording, alone, recording.expected?.conductanceAtReads, 'conductanceAtReads');
  const between = reads.slice(1).map((time, n) => (time + reads[n]) / 2);
  nearList(recording, run(between), alone, 'conductanceAtReads with other reads in between');
}

export const retentionRecordings: Family = {
  pcm_noise_terms: checkPcm,
  pcm_full_model_moments: checkPcmMoments,
  hermes_noise_terms: checkHermes,
  reram_cmo_terms: checkCmo,
  reram_wan_sigma: checkWan,
  sigma_curve: checkSigmaCurve,
  drift_event_composition: checkComposition,
};
