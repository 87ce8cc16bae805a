/** The table of claims: held to closed forms, to the counters of a run, and to its own limits. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DIGITAL, limitsFor, UPDATE_CLAIM_JOULES } from '../../chips/memristor-crossbar/claims.ts';
import { figureOf } from '../../chips/memristor-crossbar/device-figures.ts';
import { DEVICE_PRESETS } from '../../chips/memristor-crossbar/device-presets.ts';
import { energyClaims } from '../../experiments/energy-claims.ts';

const claims = energyClaims();
const of = (name: string) => {
  const found = claims.devices.find(({ device }) => device === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const near = (a: number, b: number, relative: number): boolean => Math.abs(a - b) <= relative * Math.abs(b);

test('every preset has a row, every part of it lies in its interval, and every figure has a source', () => {
  assert.equal(
    claims.devices.map(({ device }) => device),
    Object.keys(DEVICE_PRESETS),
  );
  for (const { device, update, read, sources } of claims.devices) {
    for (const [name, part] of Object.entries({ ...update, ...read })) {
      if (typeof part !== 'object' || part === null || !('lo' in part)) continue;
      assert.ok(part.lo <= part.value && part.value <= part.hi, `${device} ${name}`);
    }
    for (const { source } of Object.values(sources)) assert.ok(source.length > 0);
    assert.ok(near(update.total.value, update.cells.value + update.lines.value + update.engine.value, 1e-12));
  }
});

test('TaOx/HfOx: a pair at mid conductance takes one pulse each, 1.6² V² · 5.5 uS · 50 ns, and a read is 2 · 0.2² V² · 5.5 uS · 10 ns', () => {
  const { update, read } = of('taox-hfox');
  assert.ok(near(update.cells.value, 2 * 1.6 ** 2 * 5.5e-6 * 50e-9, 0.01), String(update.cells.value));
  assert.ok(near(update.lines.value, 2 * 128 * 0.02e-15 * 1.6 ** 2, 1e-9));
  assert.ok(near(read.cells.value, 2 * 0.2 ** 2 * 5.5e-6 * 10e-9, 1e-3));
  assert.is(update.seconds, 100e-9);
});

test('only the gate charge of the FeFET is under 10 fJ, and its line alone is not', () => {
  const under = claims.devices.filter(({ update }) => update.cells.value < UPDATE_CLAIM_JOULES).map(({ device }) => device);
  assert.equal(under, ['hzo-fefet']);
  const { update } = of('hzo-fefet');
  assert.ok(near(update.cells.value, 2 * 2.1717e-18 * 3.65 ** 2, 1e-9));
  assert.ok(update.lines.value > UPDATE_CLAIM_JOULES && !update.under10fJ);
});

test('resistive devices miss 10 fJ by factors of a hundred to seven million', () => {
  for (const name of ['ag-a-si', 'taox-tio2', 'taox-hfox', 'pcmo', 'alox-hfo2', 'gst-pcm', 'epiram']) {
    const factor = of(name).update.cells.value / UPDATE_CLAIM_JOULES;
    assert.ok(factor > 100 && factor < 7.1e6, `${name} ${factor}`);
  }
});

test('1 V, 0.5 uS, 10 ns is 5 fJ, and so is 0.5 V, 2 uS, 10 ns', () => {
  for (const [volts, siemens] of [
    [1, 0.5e-6],
    [0.5, 2e-6],
  ]) {
    const pulse = { volts, siemens, seconds: 10e-9 };
    const cells = volts ** 2 * siemens * pulse.seconds;
    assert.ok(near(cells, 5e-15, 1e-12));
    const limits = limitsFor({ cells, lines: 0, gated: false }, UPDATE_CLAIM_JOULES, pulse);
    assert.ok(limits !== undefined && near(limits.siemens ?? 0, 2 * siemens, 1e-12) && near(limits.volts, volts * Math.SQRT2, 1e-12));
  }
  assert.is(limitsFor({ cells: 1, lines: 0, gated: false }, 0, { volts: 1, siemens: 1, seconds: 1 }), undefined);
});

test('a device changed to its limit meets the claim exactly: voltage, conductance and width, run again', () => {
  const preset = DEVICE_PRESETS['gst-pcm'];
  const { limits } = of('gst-pcm').update;
  assert.ok(limits?.siemens !== undefined && limits.seconds !== undefined);
  const pulse = { volts: figureOf(preset, 'writeVoltageUp'), seconds: figureOf(preset, 'writeTimeUp') };
  const strong = pulse.volts ** 2 * pulse.seconds > figureOf(preset, 'writeVoltageDown') ** 2 * figureOf(preset, 'writeTimeDown');
  assert.ok(strong, 'the set pulse of this device is the strong one');
  const share = (limits.seconds ?? 0) / pulse.seconds;
  const { update } = of('gst-pcm');
  assert.ok(near(share * update.cells.value + update.lines.value, UPDATE_CLAIM_JOULES, 1e-9));
  assert.ok(near((limits.volts / pulse.volts) ** 2 * (update.cells.value + update.lines.value), UPDATE_CLAIM_JOULES, 1e-9));
});

test('no update beats digital tenfold with weights in SRAM; shared reads do, and 200 pJ words in DRAM lose to most', () => {
  const beats = (factor: (device: (typeof claims.devices)[number]) => number): number =>
    claims.devices.filter((d) => factor(d) >= 10).length;
  assert.is(
    beats(({ update }) => update.versusSram.value),
    0,
  );
  assert.is(
    beats(({ read }) => read.versusSram.value),
    0,
  );
  assert.is(
    beats(({ read }) => read.sharedVersusSram.value),
    claims.devices.length,
  );
  assert.ok(beats(({ update }) => update.versusDram.value) > claims.devices.length / 2);
  assert.is(DIGITAL.dram.value, 200e-12);
});

test.run();
