/** Compact models: closed forms equal small steps, time without voltage equals integration, and nothing runs outside its range. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompactModel } from '../../../chips/memristor-crossbar/models/compact-model.ts';
import { compactDevice } from '../../../chips/memristor-crossbar/models/compact-model.ts';
import { COMPACT_MODELS } from '../../../chips/memristor-crossbar/models/compact-models.ts';
import { dataDriven } from '../../../chips/memristor-crossbar/models/data-driven.ts';
import { diffusive } from '../../../chips/memristor-crossbar/models/diffusive.ts';
import { MILO_CURRENT, polynomialCurrent } from '../../../chips/memristor-crossbar/models/polynomial-current.ts';
import { powerLawDrift } from '../../../chips/memristor-crossbar/models/power-law-drift.ts';
import { pulseCountPower } from '../../../chips/memristor-crossbar/models/pulse-count-power.ts';
import { stanfordPku } from '../../../chips/memristor-crossbar/models/stanford-pku.ts';
import { volatileExponential } from '../../../chips/memristor-crossbar/models/volatile-exponential.ts';
import { vteam } from '../../../chips/memristor-crossbar/models/vteam.ts';

const near = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(Math.abs(expected), 1e-300), `${what}: ${actual}, expected ${expected}`);

for (const [model, volts, seconds] of [
  [vteam, 0.03, 1e-6],
  [vteam, -0.4, 1e-11],
  [dataDriven, 0.9, 1e-3],
  [dataDriven, -1.2, 1e-3],
] as [CompactModel, number, number][]) {
  test(`${model.name} at ${volts} V: one long pulse equals a thousand short ones`, () => {
    const [once, often, before] = [compactDevice(model), compactDevice(model), compactDevice(model)];
    for (const device of [once, often, before]) device.apply(0.05, 2e-6);
    once.apply(volts, seconds);
    for (let n = 0; n < 1000; n++) often.apply(volts, seconds / 1000);
    near(often.conductance(), once.conductance(), 1e-9, 'conductance');
    assert.ok(Math.abs(once.conductance() / before.conductance() - 1) > 1e-3, 'the pulse moves it');
  });
}

test('between the thresholds nothing moves; at the ends nothing moves on', () => {
  const device = compactDevice(vteam);
  device.apply(0.01, 1);
  device.apply(-0.19, 1);
  assert.is(device.state('x'), 0);
  device.apply(1, 1);
  near(device.conductance(), 1 / 1000, 1e-12, 'fully off');
});

test('data-driven: the closed form solves dR/dt = s·(exp(k·(r - R)) - 1), and a cell beyond the boundary stays', () => {
  const [volts, h] = [0.9, 1e-9];
  const device = compactDevice(dataDriven, { start: 6000 });
  device.apply(volts, h);
  const speed = 743.47 * (Math.exp(6.51 * volts) - 1);
  near((device.state('resistance') - 6000) / h, speed * (Math.exp(0.000511 * (16719 - 6000)) - 1), 1e-4, 'slope');
  const beyond = compactDevice(dataDriven, { start: 16900 });
  beyond.apply(volts, 1);
  assert.is(beyond.state('resistance'), 16900);
});

test('a diffusive cell forgets by exact exponentials: the same as integrating the two states', () => {
  const [exact, stepped] = [compactDevice(diffusive), compactDevice(diffusive)];
  for (const device of [exact, stepped]) device.apply(0.8, 0.6);
  const { f, r } = { f: exact.state('f'), r: exact.state('r') };
  assert.ok(f > 0.3 && r > 0, `${f} ${r}`);
  exact.apply(0, 0.05);
  for (let n = 0; n < 50_000; n++) stepped.step(0, 1e-6);
  near(stepped.state('f'), exact.state('f'), 1e-4, 'filament');
  near(stepped.state('r'), exact.state('r'), 1e-4, 'residue');
  near(exact.state('f'), f * Math.exp(-50.2 * 0.05), 1e-12, 'closed form');
});

test('threshold, relaxation and facilitation of a diffusive cell', () => {
  const paired = (pause: number): number => {
    const device = compactDevice(diffusive);
    device.apply(0.9, 0.5);
    const first = device.conductance();
    device.apply(0, pause);
    device.apply(0.9, 0.5);
    return device.conductance() / first;
  };
  assert.ok(paired(0.005) > paired(0.1) && paired(0.1) > paired(60) - 1e-9, `${paired(0.005)} ${paired(0.1)} ${paired(60)}`);
  near(paired(60), 1, 1e-6, 'after a minute everything is forgotten');
});

test('a burst of n pulses equals n pulses, for the models that count them', () => {
  for (const model of [pulseCountPower, volatileExponential]) {
    const [once, often] = [compactDevice(model), compactDevice(model)];
    once.apply(1, 0, 17);
    for (let n = 0; n < 17; n++) often.apply(1, 0);
    near(often.conductance(), once.conductance(), 1e-10, model.name);
  }
});

test('Stanford-PKU: the resistances at the read voltage are those of the parameters, and the gap stands still below its field', () => {
  const device = compactDevice(stanfordPku, { rOn: 1000, rOff: 1e5, gapStart: 0 });
  near(0.1 / device.current(0.1), 1000, 1e-9, 'narrowest gap');
  device.setState('gap', 1);
  device.step(0, 1e-9);
  near(0.1 / device.current(0.1), 1e5, 1e-9, 'widest gap');
  const gap = device.state('gap');
  device.apply(0.3, 1e-3);
  assert.is(device.state('gap'), gap);
});

test('power-law drift: reads change nothing, and a month is a straight line on two logarithms', () => {
  const device = compactDevice(powerLawDrift, { nu: 0.05, t0: 20, start: 10e-6 });
  device.apply(0, 3600);
  near(device.conductance(), 10e-6 * ((3600 + 20) / 20) ** -0.05, 1e-12, 'after an hour');
  device.apply(0, 30 * 86_400 - 3600);
  near(device.conductance(), 10e-6 * ((30 * 86_400 + 20) / 20) ** -0.05, 1e-12, 'after a month');
});

const refused = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

test('a device refuses to run outside its range, and impossible parameters, all at once and in words', () => {
  assert.match(
    refused(() => compactDevice(stanfordPku).apply(5, 1e-6)),
    /not meant for 5 V, only up to 3 V/,
  );
  assert.match(
    refused(() => compactDevice(vteam).apply(Number.NaN, 1)),
    /not meant for NaN V/,
  );
  assert.match(
    refused(() => compactDevice(vteam).apply(1, -1)),
    /lasts -1 s/,
  );
  assert.match(
    refused(() => compactDevice(vteam, { rOn: 2000 })),
    /rOff must be above rOn/,
  );
  const both = refused(() => compactDevice(vteam, { vOn: 0.1, kOf: 3 }));
  assert.match(both, /vOn is 0.1 V, but must be at most/);
  assert.match(both, /no parameter of device model vteam called "kOf" - did you mean "kOff"/);
  assert.match(
    refused(() => compactDevice(diffusive).state('x')),
    /no state .* called "x"/,
  );
});

test('every model says where it comes from, where it holds, and gives its parameters units and meanings', () => {
  for (const [name, model] of Object.entries(COMPACT_MODELS)) {
    assert.is(model.name, name);
    assert.ok(model.citation.length > 20 && model.valid.length > 5);
    for (const [parameter, { unit, meaning }] of Object.entries(model.parameters))
      assert.ok(unit !== '' && meaning !== '', `${name}.${parameter}`);
    const device = compactDevice(model);
    assert.ok(device.conductance() > 0, name);
  }
});

test('the read current of HfO2 cells is ohmic at small voltages and bends the other way for the other sign', () => {
  const chord = (volts: number): number => polynomialCurrent(MILO_CURRENT, 1e-4, volts) / volts;
  near(chord(1e-9), 1e-4, 1e-6, 'conductance');
  const slope = (chord(1e-3) - chord(-1e-3)) / 2e-3;
  // a2 at log10 G = -4
  near(slope, -0.0001388 * 64 + 0.001541 * 16 - 0.005711 * 4 + 0.007063, 1e-6, 'a2');
});

test.run();
