/** Recordings of cells under programming pulses: laws, bursts, populations, cycle-to-cycle noise, and STDP written into a device. */
import type { Device } from '../../chips/memristor-crossbar/device-figures.ts';
import { figureOf } from '../../chips/memristor-crossbar/device-figures.ts';
import { curvatureToLabel, labelToCurvature } from '../../chips/memristor-crossbar/device-models.ts';
import { drawCell } from '../../chips/memristor-crossbar/draw-cells.ts';
import { chordConductance } from '../../chips/memristor-crossbar/models/chord.ts';
import type { CellBench } from '../../chips/memristor-crossbar/one-cell.ts';
import { cellBench } from '../../chips/memristor-crossbar/one-cell.ts';
import type { DeviceOptions } from '../../chips/memristor-crossbar/read-device.ts';
import { memristorDevice } from '../../chips/memristor-crossbar/read-device.ts';
import { normalAt, streamOf } from '../../core/random.ts';
import { Difference } from './compare.ts';
import { listIn, near, nearList, numberIn, onlyFields, within } from './crossbar-fields.ts';
import type { Family, Fields, Recording } from './recording.ts';

/** aihwkit's names of the spreads, which are off in a trace. */
const SPREADS = [
  'dw_min_dtod',
  'dw_min_dtod_log_normal',
  'dw_min_std',
  'dw_min_std_add',
  'dw_min_std_slope',
  'up_down_dtod',
  'w_max_dtod',
  'w_min_dtod',
  'gamma_up_dtod',
  'gamma_down_dtod',
  'slope_up_dtod',
  'slope_down_dtod',
  'write_noise_std',
  'mult_noise',
  'mult_noise_up',
  'reset',
  'reset_dtod',
  'reset_std',
  'lifetime',
  'lifetime_dtod',
  'diffusion',
  'diffusion_dtod',
  'reference_std',
  'corrupt_devices_prob',
  'corrupt_devices_range',
  'enforce_consistency',
];

interface LawNames {
  readonly law: NonNullable<DeviceOptions['law']>;
  /** Recorded name of each figure. */
  readonly figures: Readonly<Record<string, keyof DeviceOptions>>;
}

const COMMON = { dw_min: 'step', up_down: 'upDown', w_max: 'wMax', w_min: 'wMin' } as const;
const SOFT: LawNames = { law: 'soft-bounds', figures: COMMON };
const LAWS_BY_MODEL: Readonly<Record<string, LawNames>> = {
  constant: { law: 'constant', figures: COMMON },
  linear: { law: 'linear', figures: { ...COMMON, gamma_up: 'slopeUp', gamma_down: 'slopeDown' } },
  soft: SOFT,
  soft_bounds: SOFT,
  softbounds: SOFT,
  soft_bounds_reference: SOFT,
  exp: {
    law: 'exponential-step',
    figures: {
      ...COMMON,
      a: 'shapeSlope',
      b: 'shapeOffset',
      es_a: 'shapeSlope',
      es_b: 'shapeOffset',
      gamma_up: 'growthUp',
      gamma_down: 'growthDown',
      A_up: 'amplitudeUp',
      A_down: 'amplitudeDown',
    },
  },
  pow: { law: 'power-step', figures: { ...COMMON, gamma_up: 'powerUp', gamma_down: 'powerDown', pow_gamma: 'powerUp' } },
  piecewise: { law: 'piecewise', figures: COMMON },
};
const lawOf = (model: unknown): LawNames | undefined => {
  const key = String(model)
    .toLowerCase()
    .replace(/[ -]/g, '_')
    .replace(/_?(step|device|ref)$/g, '');
  return Object.hasOwn(LAWS_BY_MODEL, key) ? LAWS_BY_MODEL[key] : undefined;
};

/** The mean device of a trace, in the device's own scale. */
function pulsedDevice(recording: Recording): Device {
  const { model, ...parameters } = recording.parameters as Fields;
  const names = lawOf(model);
  if (names === undefined) throw new Difference(`parameters.model is "${model}"; there are ${Object.keys(LAWS_BY_MODEL).join(', ')}`);
  const tables = names.law === 'piecewise' ? ['piecewise_up', 'piecewise_down', 'nodes_up', 'nodes_down', 'up', 'down'] : [];
  onlyFields('parameters', recording, ['model', 'subtract_symmetry_point', ...Object.keys(names.figures), ...tables, ...SPREADS]);
  const figures = Object.entries(names.figures).flatMap(([from, to]) => (parameters[from] === undefined ? [] : [[to, parameters[from]]]));
  const [up, down] = ['up', 'down'].map((side) => parameters[`piecewise_${side}`] ?? parameters[`nodes_${side}`] ?? parameters[side]);
  return memristorDevice({
    base: 'ideal-device',
    law: names.law,
    ...(names.law === 'piecewise' ? { table: { up, down } } : {}),
    ...Object.fromEntries(figures),
  });
}

/**
 * With the symmetry point taken off, the recorded weight is v - v*, v in the device's own scale and v* where up and down steps are equal
 * (soft bounds with a reference).
 */
function symmetryPoint(device: Device, recording: Recording): number {
  if (recording.parameters?.subtract_symmetry_point !== true) return 0;
  const skew = figureOf(device, 'upDown');
  const [up, down] = [1 + Math.min(skew, 0), 1 - Math.max(skew, 0)];
  return (up - down) / (up / figureOf(device, 'wMax') - down / figureOf(device, 'wMin'));
}

function checkSteps(recording: Recording): void {
  onlyFields('inputs', recording, ['pulses', 'sampledAt', 'mixedSequence', 'mixedStart']);
  onlyFields('expected', recording, ['upTrace', 'downTrace', 'mixedTrace']);
  const device = pulsedDevice(recording);
  const reference = symmetryPoint(device, recording);
  const siemens = (value: number): number => {
    const [low, high] = [figureOf(device, 'wMin'), figureOf(device, 'wMax')];
    const [gMin, gMax] = [figureOf(device, 'gMin'), figureOf(device, 'gMax')];
    return gMin + ((value + reference - low) / (high - low)) * (gMax - gMin);
  };
  const value = (bench: CellBench): number => bench.values()[0] - reference;
  const sweep = (start: number, polarity: 1 | -1): { trace: number[]; end: number } => {
    const bench = cellBench(device, { start });
    let sent = 0;
    const trace = listIn('inputs', recording, 'sampledAt').map((n: number) => {
      if (n > sent) bench.pulse(polarity * (n - sent));
      sent = n;
      return value(bench);
    });
    const rest = numberIn('inputs', recording, 'pulses') - sent;
    if (rest > 0) bench.pulse(polarity * rest);
    return { trace, end: bench.conductances()[0] };
  };
  const up = sweep(siemens(figureOf(device, 'wMin') - reference), 1);
  nearList(recording, up.trace, recording.expected?.upTrace, 'upTrace');
  nearList(recording, sweep(up.end, -1).trace, recording.expected?.downTrace, 'downTrace');
  const mixed = cellBench(device, { start: siemens(numberIn('inputs', recording, 'mixedStart')) });
  const trace = [value(mixed)];
  for (const n of listIn('inputs', recording, 'mixedSequence')) {
    mixed.pulse(n);
    trace.push(value(mixed));
  }
  nearList(recording, trace, recording.expected?.mixedTrace, 'mixedTrace');
}

/** Moments over a population of cells, drawn as the chip draws them. */
function checkPopulation(recording: Recording): void {
  const { parameters, inputs, expected, tolerance } = recording;
  const SPREAD_FIGURES: Readonly<Record<string, keyof DeviceOptions>> = {
    ...COMMON,
    dw_min_dtod: 'stepDtod',
    dw_min_dtod_log_normal: 'logNormalStep',
    dw_min_std: 'stepStd',
    up_down_dtod: 'upDownDtod',
    w_max_dtod: 'wMaxDtod',
    w_min_dtod: 'wMinDtod',
  };
  const ignored = [...SPREADS, 'model', 'subtract_symmetry_point'];
  onlyFields('parameters', recording, [...Object.keys(SPREAD_FIGURES), ...ignored]);
  onlyFields('inputs', recording, ['devices', 'seed']);
  const figures = Object.entries(SPREAD_FIGURES).flatMap(([from, to]) =>
    parameters?.[from] === undefined ? [] : [[to, parameters[from]]],
  );
  const device = memristorDevice({ base: 'ideal-device', ...Object.fromEntries(figures) });
  const of = (figure: Parameters<typeof figureOf>[1]): number => figureOf(device, figure);
  const stream = streamOf('golden/population');
  const steps = new Float64Array(inputs?.devices);
  const down = new Float64Array(inputs?.devices);
  const [upper, lower] = [new Float64Array(inputs?.devices), new Float64Array(inputs?.devices)];
  for (let k = 0; k < steps.length; k++) {
    const cell = drawCell(device, of, (site) => normalAt(1, stream, k, 0, site));
    [steps[k], down[k], upper[k], lower[k]] = [cell.stepUp / of('step'), cell.stepDown / of('step'), cell.upper, cell.lower];
  }
  const found: Record<string, number> = {
    meanStepOverDwMin: moments(steps).mean,
    stdStepOverDwMin: moments(steps).sd,
    meanStepDownOverDwMin: moments(down).mean,
    stdStepDownOverDwMin: moments(down).sd,
    medianStepOverDwMin: median(steps),
    meanUpperBound: moments(upper).mean,
    stdUpperBound: moments(upper).sd,
    meanLowerBound: moments(lower).mean,
    stdLowerBound: moments(lower).sd,
    meanLogStepOverDwMin: moments(steps.map(Math.log)).mean,
    stdLogStepOverDwMin: moments(steps.map(Math.log)).sd,
  };
  onlyFields('expected', recording, Object.keys(found));
  for (const [name, value] of Object.entries(expected ?? {})) {
    // a mean logarithm near zero has no relative size
    within(found[name], value, tolerance?.relative * Math.max(Math.abs(value as number), /Log/.test(name) ? 0.1 : 0), name);
  }
}

function moments(values: Float64Array): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

const median = (values: Float64Array): number => values.toSorted()[Math.floor(values.length / 2)];

/** A cell of NeuroSim's device table from a recording's own numbers. */
function tableCell(recording: Recording, known: readonly string[] = []): Device {
  onlyFields('parameters', recording, [...TABLE_FIELDS, ...known]);
  const p = recording.parameters as Fields;
  const labels = (['Potentiation', 'Depression'] as const).map((side) => {
    const curvature = p[`normalisedA_${side.toLowerCase()}`] as number | undefined;
    const given = p[`nonlinearityLabel${side}`] as number | undefined;
    if (curvature === undefined && given === undefined)
      throw new Difference(`parameters: neither normalisedA nor a label for ${side.toLowerCase()}`);
    // the tool reads its table at two decimals
    const floored = given === undefined ? [] : [given, Math.sign(given) * (Math.floor(Math.abs(given) * 100) / 100)];
    if (curvature === undefined) return floored[1];
    if (given !== undefined && !floored.some((label) => Math.abs(labelToCurvature(label) / curvature - 1) < 1e-6)) {
      throw new Difference(`A of label ${given} (${side.toLowerCase()}): ${labelToCurvature(floored[1])}, recorded ${curvature}`);
    }
    return Math.sign(curvature) * curvatureToLabel(Math.abs(curvature));
  });
  return memristorDevice({
    base: 'epiram',
    name: String(p.device),
    gMin: `${p.gMinSiemens} S`,
    gMax: `${p.gMaxSiemens} S`,
    pulsesUp: p.levelsPotentiation,
    pulsesDown: p.levelsDepression,
    labelUp: labels[0],
    labelDown: labels[1],
    rangeStd: 0,
    writeVoltageUp: `${Math.abs(p.writeVoltagePotentiation ?? 5)} V`,
    writeVoltageDown: `${Math.abs(p.writeVoltageDepression ?? 3)} V`,
    writeTimeUp: `${p.pulseWidthPotentiationSeconds ?? 1e-6} s`,
    writeTimeDown: `${p.pulseWidthDepressionSeconds ?? 1e-6} s`,
    readVoltage: '0.1 V',
  });
}

const TABLE_FIELDS = [
  'device',
  'gMaxSiemens',
  'gMinSiemens',
  'levelsPotentiation',
  'levelsDepression',
  'nonlinearityLabelPotentiation',
  'nonlinearityLabelDepression',
  'normalisedA_potentiation',
  'normalisedA_depression',
  'writeVoltagePotentiation',
  'writeVoltageDepression',
  'pulseWidthPotentiationSeconds',
  'pulseWidthDepressionSeconds',
  'cycleToCycleSigmaFractionOfRange',
];

function checkUpdateCurves(recording: Recording): void {
  onlyFields('inputs', recording, ['fullSweep', 'pulseSequence', 'startConductance']);
  const device = tableCell(recording);
  const { expected } = recording;
  const sweep = (start: number, polarity: 1 | -1, steps: number): { g: number[]; joules: number[] } => {
    const bench = cellBench(device, { start });
    const g = [bench.conductances()[0]];
    const joules: number[] = [];
    for (let n = 0; n < steps; n++) {
      joules.push(bench.pulse(polarity)[0]);
      g.push(bench.conductances()[0]);
    }
    return { g, joules };
  };
  const { conductancePotentiation, conductanceDepression, sequenceConductance, sequenceEnergyJoules, ...ends } = expected as Fields;
  const up = sweep(figureOf(device, 'gMin'), 1, conductancePotentiation.length - 1);
  const down = sweep(figureOf(device, 'gMax'), -1, conductanceDepression.length - 1);
  nearList(recording, up.g, conductancePotentiation, 'conductancePotentiation');
  nearList(recording, down.g, conductanceDepression, 'conductanceDepression');
  const bench = cellBench(device, { start: numberIn('inputs', recording, 'startConductance') });
  const g = [bench.conductances()[0]];
  const joules: number[] = [];
  for (const n of listIn('inputs', recording, 'pulseSequence')) {
    joules.push(bench.pulse(n)[0]);
    g.push(bench.conductances()[0]);
  }
  nearList(recording, g, sequenceConductance, 'sequenceConductance');
  const firstAndLast = (list: number[]): number[] => [list[0], list[list.length - 1]];
  const energies: Record<string, number[]> = {
    firstAndLastPulseEnergyPotentiationJoules: firstAndLast(up.joules),
    firstAndLastPulseEnergyDepressionJoules: firstAndLast(down.joules),
  };
  if (sequenceEnergyJoules !== undefined) nearList(recording, joules, sequenceEnergyJoules, 'sequenceEnergyJoules');
  for (const [name, list] of Object.entries(ends)) {
    if (!Object.hasOwn(energies, name)) throw new Difference(`expected: no check for "${name}"`);
    nearList(recording, energies[name], list, name);
  }
}

function checkLabels(recording: Recording): void {
  onlyFields('parameters', recording, ['k', 'closedForm']);
  onlyFields('inputs', recording, ['labels']);
  nearList(recording, listIn('inputs', recording, 'labels').map(labelToCurvature), recording.expected?.normalisedA, 'normalisedA');
}

/** One burst from one state, many times, with the noise that the chip's own text draws. */
function checkCycleNoise(recording: Recording): void {
  onlyFields('parameters', recording, [
    'device',
    'gMaxSiemens',
    'gMinSiemens',
    'sigmaFraction',
    'levelsPotentiation',
    'levelsDepression',
    'normalisedA_potentiation',
    'normalisedA_depression',
  ]);
  onlyFields('inputs', recording, ['startConductance', 'pulses', 'repeats']);
  onlyFields('expected', recording, ['meanConductance', 'stdConductance']);
  const p = recording.parameters as Fields;
  const label = (curvature: number): number => Math.sign(curvature) * curvatureToLabel(Math.abs(curvature));
  const device = memristorDevice({
    base: 'epiram',
    name: String(p.device),
    gMin: `${p.gMinSiemens} S`,
    gMax: `${p.gMaxSiemens} S`,
    pulsesUp: p.levelsPotentiation ?? p.levelsDepression,
    pulsesDown: p.levelsDepression ?? p.levelsPotentiation,
    labelUp: label(p.normalisedA_potentiation ?? p.normalisedA_depression),
    labelDown: label(p.normalisedA_depression ?? p.normalisedA_potentiation),
    rangeStd: p.sigmaFraction,
  });
  const start = numberIn('inputs', recording, 'startConductance');
  const bench = cellBench(device, { start, seed: 1, cells: numberIn('inputs', recording, 'repeats') });
  bench.pulse(numberIn('inputs', recording, 'pulses'));
  const { mean, sd } = moments(bench.conductances());
  const { meanConductance, stdConductance } = recording.expected as Fields;
  within(mean, meanConductance, recording.tolerance?.meanAbsoluteInStd * stdConductance, 'meanConductance');
  within(sd, stdConductance, recording.tolerance?.stdRelative * stdConductance, 'stdConductance');
}

function checkChord(recording: Recording): void {
  onlyFields('parameters', recording, ['conductanceAtVr', 'readVoltage', 'writeVoltage', 'NL', 'formula']);
  onlyFields('inputs', recording, ['voltages']);
  const [siemens, readVolts, writeVolts, ratio] = ['conductanceAtVr', 'readVoltage', 'writeVoltage', 'NL'].map((key) =>
    numberIn('parameters', recording, key),
  );
  const found = listIn('inputs', recording, 'voltages').map((volts) => chordConductance({ siemens, readVolts, writeVolts, ratio }, volts));
  nearList(recording, found, recording.expected?.conductance, 'conductance');
}

function checkSoftBounds(recording: Recording): void {
  onlyFields('parameters', recording, ['wMin', 'wMax', 'sUp', 'sDown']);
  onlyFields('inputs', recording, ['start', 'bursts']);
  const [wMin, wMax, up, down] = ['wMin', 'wMax', 'sUp', 'sDown'].map((key) => numberIn('parameters', recording, key));
  // the larger of the two steps is the nominal one, the other is skewed
  const upDown = up >= down ? 1 - down / up : up / down - 1;
  const device = memristorDevice({ base: 'ideal-device', law: 'soft-bounds', step: Math.max(up, down), upDown, wMin, wMax });
  const [gMin, gMax] = [figureOf(device, 'gMin'), figureOf(device, 'gMax')];
  const start = gMin + ((numberIn('inputs', recording, 'start') - wMin) / (wMax - wMin)) * (gMax - gMin);
  const bench = cellBench(device, { start });
  const weights = listIn('inputs', recording, 'bursts').map((n) => {
    bench.pulse(n);
    return bench.values()[0];
  });
  nearList(recording, weights, recording.expected?.weights, 'weights');
}

/** All-to-all pair STDP whose changes are rounded half up to whole pulses; each event is compared. */
function checkStdp(recording: Recording): void {
  onlyFields('inputs', recording, ['preSpikes', 'postSpikes', 'startConductance']);
  onlyFields('expected', recording, ['events', 'totalEnergyJoules', 'finalConductance']);
  const device = tableCell(recording, ['aPlus', 'aMinus', 'tauPlusSeconds', 'tauMinusSeconds']);
  const p = recording.parameters as Fields;
  const bench = cellBench(device, { start: numberIn('inputs', recording, 'startConductance') });
  const before = (times: readonly number[], now: number, tau: number): number =>
    times.reduce((sum, time) => (time < now ? sum + Math.exp(-(now - time) / tau) : sum), 0);
  const { preSpikes, postSpikes } = recording.inputs as Fields;
  const spikes = [
    ...preSpikes.map((time: number) => ({ time, event: 'pre' })),
    ...postSpikes.map((time: number) => ({ time, event: 'post' })),
  ].sort((a, b) => a.time - b.time);
  const events: Fields[] = recording.expected?.events;
  if (events.length !== spikes.length) throw new Difference(`${spikes.length} events, recorded ${events.length}`);
  let total = 0;
  for (const [n, { time, event }] of spikes.entries()) {
    const asked =
      event === 'post' ? p.aPlus * before(preSpikes, time, p.tauPlusSeconds) : -p.aMinus * before(postSpikes, time, p.tauMinusSeconds);
    const levels = figureOf(device, asked > 0 ? 'pulsesUp' : 'pulsesDown');
    const pulses = Math.sign(asked) * Math.floor(Math.abs(asked) * levels + 0.5);
    const joules = pulses === 0 ? 0 : bench.pulse(pulses)[0];
    total += joules;
    const recorded = events[n];
    const what = `event ${n} (${event} at ${time} s)`;
    if (recorded.event !== event || Math.abs(recorded.time - time) > 1e-12)
      throw new Difference(`${what}: recorded ${recorded.event} at ${recorded.time} s`);
    near(recording, asked, recorded.requestedRelativeChange, `${what}: requested change`);
    if (Math.abs(recorded.pulses) !== Math.abs(pulses)) throw new Difference(`${what}: ${pulses} pulses, recorded ${recorded.pulses}`);
    near(recording, bench.conductances()[0], recorded.conductance, `${what}: conductance`);
    near(recording, joules, recorded.energyJoules, `${what}: energy`);
  }
  near(recording, total, recording.expected?.totalEnergyJoules, 'totalEnergyJoules');
  near(recording, bench.conductances()[0], recording.expected?.finalConductance, 'finalConductance');
}

export const pulseRecordings: Family = {
  aihw_step: checkSteps,
  aihw_population: checkPopulation,
  ns_update: checkUpdateCurves,
  ns_label_to_A: checkLabels,
  ns_c2c: checkCycleNoise,
  ns_iv_nonlinearity: checkChord,
  soft_bounds_burst: checkSoftBounds,
  stdp_on_device: checkStdp,
};
