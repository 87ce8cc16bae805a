/** Recordings of compact models: thresholds, gaps, boundaries and filaments under sines, pulses and segments of constant voltage. */
import type { CompactDevice, CompactModel } from '../../chips/memristor-crossbar/models/compact-model.ts';
import { compactDevice } from '../../chips/memristor-crossbar/models/compact-model.ts';
import { dataDriven } from '../../chips/memristor-crossbar/models/data-driven.ts';
import { diffusive } from '../../chips/memristor-crossbar/models/diffusive.ts';
import { polynomialCurrent } from '../../chips/memristor-crossbar/models/polynomial-current.ts';
import { exponentOf, pulseCountPower } from '../../chips/memristor-crossbar/models/pulse-count-power.ts';
import { stanfordPku } from '../../chips/memristor-crossbar/models/stanford-pku.ts';
import { volatileExponential } from '../../chips/memristor-crossbar/models/volatile-exponential.ts';
import { vteam } from '../../chips/memristor-crossbar/models/vteam.ts';
import { Difference } from './compare.ts';
import { listIn, near, nearList, numberIn, onlyFields, within } from './crossbar-fields.ts';
import type { Family, Fields, Recording } from './recording.ts';

/** A device with the recording's parameters under our names; every recorded one has to have a name. */
function deviceOf(
  model: CompactModel,
  recording: Recording,
  names: Readonly<Record<string, string>>,
  apart: readonly string[] = [],
): CompactDevice {
  onlyFields('parameters', recording, [...Object.keys(names), ...apart]);
  const given = Object.entries(names).flatMap(([from, to]) =>
    recording.parameters?.[from] === undefined ? [] : [[to, numberIn('parameters', recording, from)] as const],
  );
  return compactDevice(model, Object.fromEntries(given));
}

const VTEAM = {
  r_off: 'rOff',
  r_on: 'rOn',
  d: 'd',
  k_on: 'kOn',
  k_off: 'kOff',
  alpha_on: 'alphaOn',
  alpha_off: 'alphaOff',
  v_on: 'vOn',
  v_off: 'vOff',
  x_on: 'xOn',
};

interface Sine {
  readonly device: CompactDevice;
  readonly state: string;
  /** At the recorded steps. */
  readonly current: number[];
  readonly states: number[];
  /** Over all steps. */
  readonly extremes: { readonly current: readonly [number, number]; readonly state: readonly [number, number] };
}

/** Euler steps under a sine; current and state after each. */
function underSine(device: CompactDevice, state: string, recording: Recording): Sine {
  onlyFields('inputs', recording, ['amplitude', 'frequencyHz', 'stepSeconds', 'samples', 'sampledAt', 'startState']);
  const [amplitude, hertz, seconds, samples] = ['amplitude', 'frequencyHz', 'stepSeconds', 'samples'].map((key) =>
    numberIn('inputs', recording, key),
  );
  if (recording.inputs?.startState !== undefined) device.setState(state, recording.inputs.startState);
  const wanted = new Set(listIn('inputs', recording, 'sampledAt'));
  const [current, states]: number[][] = [[], []];
  const currents: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const ends: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let n = 0; n < samples; n++) {
    const volts = amplitude * Math.sin(2 * Math.PI * hertz * n * seconds);
    device.step(volts, seconds);
    const [i, x] = [device.current(volts), device.state(state)];
    widen(currents, i);
    widen(ends, x);
    if (wanted.has(n)) {
      current.push(i);
      states.push(x);
    }
  }
  return { device, state, current, states, extremes: { current: currents, state: ends } };
}

function widen(range: [number, number], value: number): void {
  range[0] = Math.min(range[0], value);
  range[1] = Math.max(range[1], value);
}

function checkVteamSine(recording: Recording): void {
  onlyFields('expected', recording, ['current', 'stateMeters', 'peakCurrent', 'minCurrent']);
  const { current, states, extremes } = underSine(deviceOf(vteam, recording, VTEAM), 'x', recording);
  const { expected } = recording;
  nearList(recording, current, expected?.current, 'current');
  nearList(recording, states, expected?.stateMeters, 'stateMeters');
  near(recording, extremes.current[1], expected?.peakCurrent, 'peakCurrent');
  near(recording, extremes.current[0], expected?.minCurrent, 'minCurrent');
}

function checkVteamPulses(recording: Recording): void {
  onlyFields('inputs', recording, ['amplitude', 'pulseWidthSeconds', 'pulses', 'startState']);
  const device = deviceOf(vteam, recording, VTEAM);
  const [amplitude, seconds, pulses, start] = ['amplitude', 'pulseWidthSeconds', 'pulses', 'startState'].map((key) =>
    numberIn('inputs', recording, key),
  );
  device.setState('x', start);
  const found = Array.from({ length: pulses }, () => {
    device.apply(amplitude, seconds);
    return device.conductance();
  });
  nearList(recording, found, recording.expected?.conductance, 'conductance');
}

const PKU = {
  r_off: 'rOff',
  r_on: 'rOn',
  gap_init: 'gapStart',
  g_0: 'g0',
  V_0: 'v0',
  I_0: 'i0',
  read_voltage: 'readVolts',
  T_init: 'kelvin',
  R_th: 'rThermal',
  gamma_init: 'gammaStart',
  beta: 'beta',
  t_ox: 'oxide',
  F_min: 'leastField',
  vel_0: 'velocity',
  E_a: 'activation',
  a_0: 'hop',
};

function checkPkuSine(recording: Recording): void {
  onlyFields('expected', recording, ['gapMin', 'gapMax', 'current', 'gap']);
  const { current, states, extremes } = underSine(deviceOf(stanfordPku, recording, PKU), 'gap', recording);
  const { expected } = recording;
  nearList(recording, current, expected?.current, 'current');
  nearList(recording, states, expected?.gap, 'gap');
  near(recording, extremes.state[0], expected?.gapMin, 'gapMin');
  near(recording, extremes.state[1], expected?.gapMax, 'gapMax');
}

function checkDataDriven(recording: Recording): void {
  onlyFields('inputs', recording, ['startOhm', 'pulses', 'pulseWidthSeconds']);
  const names = { r_off: 'rOff', r_on: 'rOn', A_p: 'aUp', A_n: 'aDown', t_p: 'tUp', t_n: 'tDown', k_p: 'kUp', k_n: 'kDown' };
  onlyFields('parameters', recording, [...Object.keys(names), 'r_p', 'r_n']);
  const [[endUp, endUpSlope], [endDown, endDownSlope]] = ['r_p', 'r_n'].map((key) => listIn('parameters', recording, key));
  const own = Object.entries(names).map(([from, to]) => [to, numberIn('parameters', recording, from)]);
  const device = compactDevice(dataDriven, {
    ...Object.fromEntries(own),
    endUp,
    endUpSlope,
    endDown,
    endDownSlope,
    start: numberIn('inputs', recording, 'startOhm'),
  });
  const seconds = numberIn('inputs', recording, 'pulseWidthSeconds');
  const found = listIn('inputs', recording, 'pulses').map((volts) => {
    device.apply(volts, seconds);
    return device.state('resistance');
  });
  nearList(recording, found, recording.expected?.resistanceOhm, 'resistanceOhm');
}

function checkPowerLaw(recording: Recording): void {
  onlyFields('inputs', recording, ['startOhm', 'bursts']);
  onlyFields('parameters', recording, ['rMinOhm', 'rMaxOhm', 'pulseVolts', 'exponent', 'exponentLaw']);
  const volts = numberIn('parameters', recording, 'pulseVolts');
  const exponent = numberIn('parameters', recording, 'exponent');
  within(exponentOf(volts), exponent, 1e-12, 'exponent of the pulse voltage');
  const device = compactDevice(pulseCountPower, {
    rMin: numberIn('parameters', recording, 'rMinOhm'),
    rMax: numberIn('parameters', recording, 'rMaxOhm'),
    exponent,
    start: numberIn('inputs', recording, 'startOhm'),
  });
  const found = listIn('inputs', recording, 'bursts').map((pulses) => {
    device.apply(volts, 0, pulses);
    return device.state('resistance');
  });
  nearList(recording, found, recording.expected?.resistanceOhm, 'resistanceOhm');
}

function checkDiffusive(recording: Recording): void {
  onlyFields('inputs', recording, ['segments', 'sampleTimes', 'startF', 'startR']);
  onlyFields('expected', recording, ['f', 'r', 'resistanceOhm']);
  const names = {
    alpha: 'alpha',
    lamda: 'lambda',
    lambda: 'lambda',
    Ron: 'rOn',
    Roff: 'rOff',
    mu: 'mu',
    beta: 'beta',
    gamma1: 'gammaFast',
    gamma2: 'gammaSlow',
  };
  const device = deviceOf(diffusive, recording, names);
  device.setState('f', recording.inputs?.startF ?? 0);
  device.setState('r', recording.inputs?.startR ?? 0);
  const segments = listIn('inputs', recording, 'segments') as { volts: number; seconds: number }[];
  const { stateAbsolute, log10ResistanceAbsolute } = recording.tolerance as Fields;
  let now = 0;
  const advanceTo = (time: number): void => {
    let start = 0;
    for (const { volts, seconds } of segments) {
      const [from, to] = [Math.max(now, start), Math.min(time, start + seconds)];
      if (to > from) device.apply(volts, to - from);
      start += seconds;
    }
    if (time > start + 1e-9) throw new Difference(`sampleTimes: ${time} s is after the last segment`);
    now = Math.max(now, time);
  };
  const { f, r, resistanceOhm } = recording.expected as Fields;
  const times = listIn('inputs', recording, 'sampleTimes');
  for (const list of [f, r, resistanceOhm])
    if (list.length !== times.length) throw new Difference('expected: as many values as sampleTimes');
  for (const [n, time] of times.entries()) {
    advanceTo(time);
    within(device.state('f'), f[n], stateAbsolute, `f at ${time} s`);
    within(device.state('r'), r[n], stateAbsolute, `r at ${time} s`);
    within(
      -Math.log10(device.conductance()),
      Math.log10(resistanceOhm[n]),
      log10ResistanceAbsolute,
      `log10 of the resistance at ${time} s`,
    );
  }
}

function checkVolatile(recording: Recording): void {
  onlyFields('inputs', recording, ['spikeTimes']);
  onlyFields('expected', recording, ['before', 'after', 'pairedPulseRatio']);
  const device = deviceOf(volatileExponential, recording, {
    restSiemens: 'rest',
    maxSiemens: 'most',
    tauSeconds: 'tau',
    incrementSiemens: 'increment',
  });
  const [before, after]: number[][] = [[], []];
  let last = 0;
  for (const time of listIn('inputs', recording, 'spikeTimes')) {
    device.apply(0, time - last);
    before.push(device.conductance());
    device.apply(1, 1e-6);
    after.push(device.conductance());
    last = time;
  }
  nearList(recording, before, recording.expected?.before, 'before');
  nearList(recording, after, recording.expected?.after, 'after');
  if (recording.expected?.pairedPulseRatio !== undefined)
    near(recording, after[1] / after[0], recording.expected.pairedPulseRatio, 'pairedPulseRatio');
}

function checkPolynomialCurrent(recording: Recording): void {
  onlyFields('parameters', recording, ['a2_polynomial_highToLow', 'a3_polynomial_highToLow']);
  onlyFields('inputs', recording, ['conductances', 'volts']);
  onlyFields('expected', recording, ['currentAmpere']);
  const polynomials = {
    square: listIn('parameters', recording, 'a2_polynomial_highToLow'),
    cube: listIn('parameters', recording, 'a3_polynomial_highToLow'),
  };
  const volts = listIn('inputs', recording, 'volts');
  const rows = listIn('expected', recording, 'currentAmpere');
  const conductances = listIn('inputs', recording, 'conductances');
  if (rows.length !== conductances.length)
    throw new Difference(`currentAmpere: ${rows.length} rows for ${conductances.length} conductances`);
  for (const [row, siemens] of conductances.entries()) {
    const found = volts.map((one) => polynomialCurrent(polynomials, siemens, one));
    nearList(recording, found, rows[row], `currentAmpere[${row}]`);
  }
}

export const physicsRecordings: Family = {
  iv_milo: checkPolynomialCurrent,
  vteam_sine: checkVteamSine,
  vteam_pulses: checkVteamPulses,
  stanford_pku_sine: checkPkuSine,
  data_driven_pulses: checkDataDriven,
  power_law_device: checkPowerLaw,
  diffusive_two_state: checkDiffusive,
  volatile_exponential_events: checkVolatile,
};
