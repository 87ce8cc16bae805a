/** Recorded devices through the golden runner, the same kinds with other parameters, and recordings it must refuse in words. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runGolden } from '../../index.ts';
import { skipWithoutShared } from '../support/skip-without.ts';

/** Complaints of recordings in a folder of their own, by name. */
function complaints(recordings: Readonly<Record<string, unknown>>): Record<string, string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'hillock-golden-'));
  try {
    for (const [name, recording] of Object.entries(recordings)) writeFileSync(join(folder, `${name}.json`), JSON.stringify(recording));
    return Object.fromEntries(runGolden(folder).map(({ file, complaint }) => [file.replace('.json', ''), complaint]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Kinds whose check trains a network for minutes, or that belong to arrays. */
const ELSEWHERE =
  /^(neurosim_mlp_run|access_|adc_|aihw_forward|aihw_pulse_train|aihw_stochastic|accumulate_|ir_drop|ladder|lif_|mvm_|program_pulse|spike_read|weight_mapping|write_half)/;

skipWithoutShared(test, 'every recording of a device is reproduced', 'golden/crossbar', (folder) => {
  const names = readdirSync(folder).filter((file) => file.endsWith('.json') && !ELSEWHERE.test(file));
  assert.ok(names.length >= 33, String(names.length));
  const found = complaints(
    Object.fromEntries(names.map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(folder, file), 'utf8'))])),
  );
  for (const [name, complaint] of Object.entries(found)) assert.is(complaint, undefined, `${name}: ${complaint}`);
});

/** A recording of pulses by a step written here again. */
function stepTrace(parameters: Record<string, unknown>, step: (w: number, up: boolean) => number, [low, high]: readonly [number, number]) {
  const move = (w: number, up: boolean): number => Math.min(high, Math.max(low, step(w, up)));
  const sweep = (start: number, up: boolean): number[] => {
    const trace = [start];
    for (let n = 0; n < 40; n++) trace.push(move(trace[n], up));
    return trace;
  };
  const upTrace = sweep(low, true);
  const mixed = [1, 1, -1, 1, -1, -1, -1, 1];
  const mixedTrace = [0.1];
  for (const sign of mixed) mixedTrace.push(move(mixedTrace[mixedTrace.length - 1], sign > 0));
  return {
    parameters,
    inputs: { pulses: 40, sampledAt: Array.from({ length: 41 }, (_, n) => n), mixedSequence: mixed, mixedStart: 0.1 },
    expected: { upTrace, downTrace: sweep(upTrace[40], false), mixedTrace },
    tolerance: { absolute: 1e-9 },
  };
}

test('other laws and parameters of the same kinds: soft bounds, tables, powers, skewed steps', () => {
  const soft = { model: 'soft_bounds', dw_min: 0.05, up_down: 0.2, w_max: 1.25, w_min: -0.75, write_noise_std: 56, dw_min_std: 3.75 };
  const nodes = { piecewise_up: [1, 0.4, 0.1], piecewise_down: [0.2, 0.5, 1] };
  const between = (points: number[], w: number): number => {
    const at = Math.min(1.999999, Math.max(0, w + 1));
    const k = Math.floor(at);
    return points[k] + (points[k + 1] - points[k]) * (at - k);
  };
  const found = complaints({
    aihw_step_soft: stepTrace(soft, (w, up) => (up ? w + 0.05 * (1 - w / 1.25) : w - 0.04 * (1 - w / -0.75)), [-0.75, 1.25]),
    aihw_step_table: stepTrace(
      { model: 'piecewise', dw_min: 0.06, up_down: 0, w_max: 1, w_min: -1, ...nodes },
      (w, up) => (up ? w + 0.06 * between(nodes.piecewise_up, w) : w - 0.06 * between(nodes.piecewise_down, w)),
      [-1, 1],
    ),
    aihw_step_power: stepTrace(
      { model: 'pow', dw_min: 0.05, up_down: -0.1, w_max: 0.8, w_min: -1, gamma_up: 2, gamma_down: 0.5 },
      (w, up) => (up ? w + 0.045 * ((0.8 - w) / 1.8) ** 2 : w - 0.05 * Math.sqrt(Math.max(0, (w + 1) / 1.8))),
      [-1, 0.8],
    ),
  });
  assert.equal(found, { aihw_step_power: undefined, aihw_step_soft: undefined, aihw_step_table: undefined });
});

test('a wrong value, an unknown law, field, curve or name: one clear line each, never a crash', () => {
  const good = stepTrace({ model: 'constant', dw_min: 0.05, up_down: 0, w_max: 1, w_min: -1 }, (w, up) => w + (up ? 0.05 : -0.05), [-1, 1]);
  const wrong = { ...good, expected: { ...good.expected, upTrace: good.expected.upTrace.map((w, n) => (n === 7 ? w + 1e-6 : w)) } };
  const found = complaints({
    aihw_step_good: good,
    aihw_step_wrong: wrong,
    aihw_step_law: { ...good, parameters: { ...good.parameters, model: 'quantum' } },
    aihw_step_field: { ...good, parameters: { ...good.parameters, humidity: 0.4 } },
    aihw_step_empty: {},
    aihw_step_bad: { ...good, parameters: { ...good.parameters, w_max: -3 } },
    sigma_curve_unknown: { tolerance: {}, parameters: { unit: 'uS' }, inputs: { targets: [1] }, expected: { sigma: [1] } },
    vteam_pulses_b: { tolerance: {}, parameters: { r_of: 1 }, inputs: {}, expected: {} },
    pcm_noise_terms_b: {
      tolerance: {},
      parameters: { gMaxMicroSiemens: 25 },
      inputs: { targetMicroSiemens: [1], timesSeconds: [1] },
      expected: { table: [[{}]] },
    },
    neurosim_mlp_run_x: {
      tolerance: {},
      parameters: { device: 'vacuum tube' },
      inputs: { epochs: 1 },
      expected: { accuracyPercentByEpoch: {}, totals: {} },
    },
    weather_tomorrow: { inputs: {} },
  });
  const say: Readonly<Record<string, RegExp | undefined>> = {
    aihw_step_good: undefined,
    aihw_step_wrong: /^upTrace\[7\]: .*, recorded .*, tolerance 1.00e-9/,
    aihw_step_law: /parameters.model is "quantum"; there are constant, linear/,
    aihw_step_field: /parameters: no check for "humidity"/,
    aihw_step_empty: /the recording has no parameters, no inputs, no expected, no tolerance/,
    aihw_step_bad: /wMax is -3, but must be more than 0/,
    sigma_curve_unknown: /no curve "unknown"; there are pcm-joshi/,
    vteam_pulses_b: /no check for "r_of"|amplitude/,
    pcm_noise_terms_b: /t0Seconds is undefined, but must be a number/,
    neurosim_mlp_run_x: /parameters.device is "vacuum tube"/,
    weather_tomorrow: /no check for a file of this name/,
  };
  for (const [name, pattern] of Object.entries(say)) {
    if (pattern === undefined) assert.is(found[name], undefined, name);
    else assert.match(found[name] ?? 'passed', pattern, `${name}: ${found[name]}`);
    assert.not.match(found[name] ?? '', /^TypeError|Cannot read/, name);
  }
});

test.run();
