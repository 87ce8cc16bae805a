/** Writing a weight: policies, noise, switches, and the exact bookkeeping of pulses and heat - through the kernel, as in a run. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { pulseHeat, WRITE_HEAT_STEPS } from '../../../chips/memristor-crossbar/energy-table.ts';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { uniformAt } from '../../../core/random.ts';
import { skipWithoutShared } from '../../support/skip-without.ts';
import { bench, OFF } from './bench.ts';

/** A constant-step cell of 100 levels: one pulse of a pair changes w by 0.02. */
const STEPS: CrossbarOptions = { ...OFF, device: 'idealized', levels: 100 };
const closeTo = (actual: number, expected: number, tolerance = 1e-12, what = ''): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what} ${actual}, expected ${expected}`);

test('with every non-ideality off the weights are those of the ideal chip, over 1000 updates', () => {
  const n = 20;
  const weights = Float64Array.from({ length: n }, (_, k) => -0.9 + 0.09 * k);
  const crossbar = bench({ chip: { ...OFF, device: 'soft-bounds', nonlinearity: false, levels: false }, n, weights });
  const reference = bench({ chip: ideal(), n, weights });
  for (let update = 0; update < 1000; update++) {
    const change = Float64Array.from({ length: n }, (_, k) => 0.2 * (uniformAt(3, 1, k, update) - 0.5));
    crossbar.change(change);
    reference.change(change);
    const [a, b] = [crossbar.weights(), reference.weights()];
    for (let k = 0; k < n; k++) assert.ok(Math.abs(a[k] - b[k]) < 1e-6, `update ${update}, synapse ${k}: ${a[k]} and ${b[k]}`);
  }
  assert.equal(crossbar.simulation.learningCounts().updateAttempts, reference.simulation.learningCounts().updateAttempts);
});

for (const mapping of ['one-sided', 'reference'] as const) {
  test(`the mapping ${mapping} holds the same weights when every non-ideality is off`, () => {
    const array = bench({ chip: { ...OFF, device: 'ideal-device', mapping }, weights: 0.25 });
    for (const change of [0.1, -0.3, 0.05, -0.2, 0.4]) array.change(change);
    closeTo(array.weights()[0], 0.3);
  });
}

test('accumulate writes whole pulses and keeps the rest', () => {
  const array = bench({ chip: { ...STEPS, writePolicy: 'accumulate' } });
  const seen = [0.015, 0.015, -0.045, -0.01].map((change) => {
    array.change(change);
    return array.weights()[0];
  });
  // pending after each: 0.015, 0.03 -> 1 pulse and 0.01, -0.035 -> -1 pulse and -0.015, -0.025 -> -1 pulse
  [0, 0.02, 0, -0.02].forEach((weight, k) => {
    closeTo(seen[k], weight, 1e-12, `change ${k}:`);
  });
});

skipWithoutShared(test, 'recorded: accumulate, then program', 'golden/crossbar/accumulate_then_program.json', (path) => {
  const { parameters, inputs, expected } = JSON.parse(readFileSync(path, 'utf8'));
  const array = bench({ chip: { ...STEPS, levels: 2 / parameters.epsilon, writePolicy: 'accumulate' } });
  let written = 0;
  inputs.requestedChanges.forEach((change: number, k: number) => {
    array.change(change);
    const pulses = Math.round((array.weights()[0] - written) / parameters.epsilon);
    written = array.weights()[0];
    assert.is(pulses, expected.steps[k].pulses, `change ${k}`);
    closeTo(array.simulation.synapseVariable('array', 'pending')[0], expected.steps[k].residual, 1e-9);
  });
  assert.is(array.simulation.eventCounts().writePulse, 2 * expected.totalAbsolutePulses);
});

test('deterministic rounds half up in size, and loses what is smaller than half a step', () => {
  const array = bench({ chip: { ...STEPS, writePolicy: 'deterministic' }, n: 6 });
  array.change(Float64Array.of(0.0099, -0.0099, 0.0101, -0.0101, 0.029, 0.0301));
  [0, 0, 0.02, -0.02, 0.02, 0.04].forEach((weight, k) => {
    closeTo(array.weights()[k], weight, 1e-12, `synapse ${k}:`);
  });
  for (let k = 0; k < 50; k++) array.change(0.0099);
  closeTo(array.weights()[0], 0);
});

test('stochastic rounding is right on average, for changes of both signs (z-test, 5 sigma)', () => {
  const n = 20000;
  for (const share of [0.3, -0.85]) {
    const array = bench({ chip: { ...STEPS, writePolicy: 'stochastic' }, n });
    array.change(share * 0.02);
    const mean = array.weights().reduce((sum, w) => sum + w, 0) / n / 0.02;
    const p = Math.abs(share);
    assert.ok(Math.abs(mean - share) < 5 * Math.sqrt((p * (1 - p)) / n), `${share}: ${mean}`);
  }
});

test('cycle-to-cycle noise has the spread of the device: step · sigma · √n for each of the two cells (z-test, 5 sigma)', () => {
  const n = 20000;
  const array = bench({ chip: { ...STEPS, device: { base: 'idealized', stepStd: 0.3 }, cycleToCycle: true }, n });
  array.change(9 * 0.02);
  const weights = array.weights();
  const mean = weights.reduce((sum, w) => sum + w, 0) / n;
  const sd = Math.sqrt(weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / (n - 1));
  const expected = Math.sqrt(2) * 0.3 * 0.01 * Math.sqrt(9);
  assert.ok(Math.abs(mean - 0.18) < (5 * expected) / Math.sqrt(n), `mean ${mean}`);
  assert.ok(Math.abs(sd / expected - 1) < 5 / Math.sqrt(2 * n), `sd ${sd}, expected ${expected}`);
});

test('cycle noise of a soft-bounds cell equals that of its pulses one by one (z-test, 5 sigma)', () => {
  const n = 20000;
  const [pulses, sigma, step] = [5, 0.1, 0.2];
  const array = bench({
    chip: {
      ...OFF,
      cycleToCycle: true,
      mapping: 'reference',
      writePolicy: 'deterministic',
      device: { base: 'soft-bounds', wMax: 1, wMin: -1, step, stepStd: sigma },
    },
    n,
  });
  array.change(pulses * step);
  let [sum, squares] = [0, 0];
  for (const w of array.weights()) [sum, squares] = [sum + w, squares + w * w];
  const sd = Math.sqrt(squares / n - (sum / n) ** 2);
  // single pulses, x <- x + step (1 + sigma z)(1 - x): the variance obeys a recurrence of its own
  let [mean, variance] = [0, 0];
  for (let k = 0; k < pulses; k++) {
    variance = variance * ((1 - step) ** 2 + (step * sigma) ** 2) + (step * sigma * (1 - mean)) ** 2;
    mean += step * (1 - mean);
  }
  closeTo(sum / n, mean, (5 * Math.sqrt(variance)) / Math.sqrt(n), 'mean');
  assert.ok(Math.abs(sd / Math.sqrt(variance) - 1) < 5 / Math.sqrt(2 * n) + 1e-3, `sd ${sd}, expected ${Math.sqrt(variance)}`);
});

skipWithoutShared(test, 'recorded: cycle noise of Ag:a-Si', 'golden/crossbar/ns_c2c_agsi.json', (path) => {
  const { parameters, inputs, expected, tolerance } = JSON.parse(readFileSync(path, 'utf8'));
  const range = parameters.gMaxSiemens - parameters.gMinSiemens;
  const share = (inputs.startConductance - parameters.gMinSiemens) / range;
  const array = bench({
    chip: { ...OFF, cycleToCycle: true, mapping: 'reference', writePolicy: 'deterministic', device: 'ag-a-si' },
    n: inputs.repeats,
    weights: 2 * (share - 0.5),
    seed: 5,
  });
  array.change((inputs.pulses * 2) / parameters.levelsPotentiation);
  const siemens = array.gPlus().map((u) => parameters.gMinSiemens + u * range);
  const mean = siemens.reduce((sum, g) => sum + g, 0) / siemens.length;
  const sd = Math.sqrt(siemens.reduce((sum, g) => sum + (g - mean) ** 2, 0) / siemens.length);
  closeTo(mean, expected.meanConductance, tolerance.meanAbsoluteInStd * expected.stdConductance, 'mean');
  assert.ok(Math.abs(sd / expected.stdConductance - 1) < tolerance.stdRelative, `sd ${sd}`);
});

test('each non-ideality changes only its own thing', () => {
  const plain = bench({ chip: { ...OFF, device: 'reram-array-om' }, n: 40, weights: 0.2 });
  const change = Float64Array.from({ length: 40 }, (_, k) => 0.4 * uniformAt(9, 9, k, 0) - 0.2);
  plain.change(change);
  const run = (on: CrossbarOptions) => {
    const array = bench({ chip: { ...OFF, device: 'reram-array-om', ...on }, n: 40, weights: 0.2 });
    const start = [...array.weights()];
    array.change(change);
    return { start, weights: [...array.weights()], g: [...array.gPlus()] };
  };
  const off = {
    start: new Array(40).fill(plain.simulation.plan.projections[0].lowered.variables[0].initial).map((values, k) => values[k]),
    weights: [...plain.weights()],
    g: [...plain.gPlus()],
  };
  const readOnly = run({ readNoise: true });
  assert.equal(readOnly, off, 'read noise leaves the array as it is');
  const written = run({ writeNoise: true });
  assert.equal([written.start, written.g], [off.start, off.g], 'write noise leaves the conductances as they are');
  assert.not.equal(written.weights, off.weights);
  const cycle = run({ cycleToCycle: true });
  assert.equal(cycle.start, off.start, 'cycle noise leaves the first programming as it is');
  assert.not.equal(cycle.g, off.g);
  const stuck = run({ stuckCells: true });
  const working = stuck.g.map((g, k) => g === off.g[k]);
  assert.ok(working.filter(Boolean).length > 20 && working.includes(false), 'cells that are not stuck move as before');
  const straight = run({ nonlinearity: false });
  assert.equal(straight.start, off.start);
  assert.not.equal(straight.g, off.g);
});

test('stuck cells take pulses and do not move', () => {
  const array = bench({
    chip: { ...STEPS, writePolicy: 'deterministic', stuckCells: true, device: { base: 'idealized', stuckOn: 1 } },
    n: 10,
    weights: 0.3,
  });
  const before = [...array.weights()];
  for (let k = 0; k < 5; k++) array.change(k % 2 === 0 ? 0.2 : -0.2);
  assert.equal([...array.weights()], before);
  const { synapticUpdates, saturatedUpdates } = array.simulation.learningCounts();
  assert.equal([synapticUpdates, saturatedUpdates], [0, 50]);
  assert.is(array.simulation.eventCounts().writePulse, 2 * 10 * 50);
});

test('a weight never leaves what its cells can hold, and clipping is counted', () => {
  const array = bench({ chip: STEPS });
  for (let k = 0; k < 8; k++) array.change(0.3);
  closeTo(array.weights()[0], 1);
  assert.equal([...array.gPlus(), ...array.gMinus()], [1, 0]);
  assert.ok(array.simulation.learningCounts().saturatedUpdates >= 4);
});

test('the same seed gives the same bits, another seed does not', () => {
  const hash = (seed: number): string => {
    const array = bench({ n: 30, seed, weights: 0.1, spikes: [2, 5] });
    for (let k = 0; k < 20; k++) array.change(0.03 * (k % 3) - 0.02);
    return array.simulation.hash();
  };
  assert.is(hash(1), hash(1));
  assert.is.not(hash(1), hash(2));
});

test('a change of nothing costs nothing and changes no bit, with all noise on', () => {
  const array = bench({ n: 10, weights: 0.4 });
  array.change(1e-9);
  const before = [...array.weights()];
  array.change(1e-9);
  assert.equal([...array.weights()], before);
  const { writePulse, writeHeat, synapticUpdate } = array.simulation.eventCounts();
  assert.equal([writePulse, writeHeat, synapticUpdate], [0, 0, 20]);
});

test('pulses and heat are whole numbers, and heat is V²·G·t of the conductances before and after', () => {
  const array = bench({ chip: { ...OFF, device: 'epiram', writePolicy: 'deterministic' }, weights: 0.1 });
  const [gMax, gMin] = [1 / 81e3, 1 / 81e3 / 50.2];
  let joules = 0;
  for (const change of [0.2, -0.35, 0.1, 0.5]) {
    const before = [array.gPlus()[0], array.gMinus()[0]];
    const pulsesBefore = array.simulation.eventCounts().writePulse ?? 0;
    array.change(change);
    const n = ((array.simulation.eventCounts().writePulse ?? 0) - pulsesBefore) / 2;
    const after = [array.gPlus()[0], array.gMinus()[0]];
    const siemens = (u: number): number => gMin + u * (gMax - gMin);
    const heat = (cell: number, up: boolean) => pulseHeat(up ? 5 : 3, 5e-6, siemens(before[cell]), siemens(after[cell]), n);
    joules += heat(0, change > 0) + heat(1, change < 0);
  }
  const { writeHeat = 0 } = array.simulation.eventCounts();
  assert.ok(Number.isInteger(writeHeat));
  const quantum = array.simulation.plan.chip.energy.perEvent.writeHeat?.value ?? 0;
  assert.ok(Math.abs(quantum / ((25 * 5e-6 * gMax) / WRITE_HEAT_STEPS) - 1) < 1e-12);
  closeTo(writeHeat * quantum, joules, 4 * quantum, 'joules');
});

test('a three-terminal cell has pulses but no heat', () => {
  const array = bench({ chip: { ...OFF, device: 'ecram' } });
  array.change(0.1);
  assert.ok((array.simulation.eventCounts().writePulse ?? 0) > 0);
  assert.is(array.simulation.eventCounts().writeHeat, undefined);
});

test('a cell without a closed form takes at most 8 pulses in one write; the register keeps the rest', () => {
  const array = bench({ chip: { ...OFF, device: 'reram-exponential' } });
  const pulses: number[] = [];
  let before = 0;
  for (const change of [0.05, 1e-12, 1e-12, 1e-12]) {
    array.change(change);
    const { writePulse = 0 } = array.simulation.eventCounts();
    pulses.push((writePulse - before) / 2);
    before = writePulse;
  }
  // steps at x = 0: 0.00135 (1 + 1.18445 exp(-2.5)) up, 0.0009999 (1 + 0.081404 exp(2.5)) down, each of half the weight scale
  const step = (0.00135 * (1 + 1.18445 * Math.exp(-2.5)) + 0.00135 * (1 - 0.259359) * (1 + 0.081404 * Math.exp(2.5))) / 2;
  const due = Math.trunc(0.05 / step);
  assert.equal(pulses, [8, 8, 8, due - 24]);
  assert.ok(Math.abs(array.weights()[0] - due * step) < 0.1 * 0.05);
});

test('each pulse of such a cell has its own noise (z-test, 5 sigma)', () => {
  const n = 20000;
  const chip: CrossbarOptions = {
    ...OFF,
    cycleToCycle: true,
    mapping: 'reference',
    writePolicy: 'deterministic',
    device: { base: 'reram-exponential', stepStd: 0.5 },
  };
  const noisy = bench({ chip, n });
  const silent = bench({ chip: { ...chip, cycleToCycle: false }, n: 1 });
  const change = 7.2 * 0.00135 * (1 + 1.18445 * Math.exp(-2.5));
  noisy.change(change);
  silent.change(change);
  const [start, mean] = [0, silent.weights()[0]];
  const sample = noisy.weights();
  const average = sample.reduce((sum, w) => sum + w, 0) / n;
  const sd = Math.sqrt(sample.reduce((sum, w) => sum + (w - average) ** 2, 0) / n);
  // seven nearly equal steps
  const expected = (0.5 * (mean - start)) / Math.sqrt(7);
  assert.ok(Math.abs(average - mean) < (5 * expected) / Math.sqrt(n), `mean ${average}, expected ${mean}`);
  assert.ok(Math.abs(sd / expected - 1) < 5 / Math.sqrt(2 * n) + 0.002, `sd ${sd}, expected ${expected}`);
});

test('phase-change pairs are one-sided unless told otherwise: only the gradual set is used, until a refresh', () => {
  const array = bench({ chip: { ...OFF, device: 'pcm' } });
  array.change(0.1);
  assert.ok(array.gPlus()[0] > 0);
  assert.is(array.gMinus()[0], 0);
  array.change(-0.2);
  assert.ok(array.gMinus()[0] > 0);
});

test('write noise is redrawn at each write, with the spread of the device for each of the two cells (z-test, 5 sigma)', () => {
  const n = 20000;
  const array = bench({
    chip: { ...STEPS, writePolicy: 'deterministic', device: { base: 'idealized', writeNoiseStd: 3 }, writeNoise: true },
    n,
  });
  const sample = (): Float64Array => array.weights().slice();
  array.change(0.02);
  const first = sample();
  array.change(0.02);
  const second = sample();
  const expected = Math.sqrt(2) * 3 * 0.01;
  for (const [weights, mean] of [
    [first, 0.02],
    [second, 0.04],
  ] as const) {
    const sd = Math.sqrt(weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / n);
    assert.ok(Math.abs(sd / expected - 1) < 5 / Math.sqrt(2 * n), `sd ${sd}, expected ${expected}`);
  }
  const correlation = first.reduce((sum, w, k) => sum + (w - 0.02) * (second[k] - 0.04), 0) / n / expected ** 2;
  assert.ok(Math.abs(correlation) < 5 / Math.sqrt(n), String(correlation));
});

test('programming noise spreads the first weights and no later one (z-test, 5 sigma)', () => {
  const n = 20000;
  const array = bench({
    chip: { ...STEPS, writePolicy: 'deterministic', device: { base: 'idealized', programmingStd: 0.02 }, programmingNoise: true },
    n,
    weights: 0.2,
  });
  const first = array.weights().slice();
  const sd = Math.sqrt(first.reduce((sum, w) => sum + (w - 0.2) ** 2, 0) / n);
  assert.ok(Math.abs(sd / (Math.sqrt(2) * 0.02) - 1) < 5 / Math.sqrt(2 * n), String(sd));
  array.change(0.02);
  for (const [k, w] of array.weights().entries()) closeTo(w - first[k], 0.02);
});

test('a refresh costs two resets and the pulses of the difference', () => {
  const array = bench({ chip: { ...STEPS, mapping: 'one-sided', writePolicy: 'deterministic' }, weights: 0.5 });
  // 50 levels of plus, then 26 of each side: 0.76 and 0.26 are beyond both limits
  array.change(-0.26);
  const before = array.simulation.eventCounts().writePulse ?? 0;
  array.change(0.26);
  closeTo(array.weights()[0], 0.5, 1e-9);
  closeTo(array.gPlus()[0], 0.5, 1e-9);
  assert.is(array.gMinus()[0], 0);
  assert.is((array.simulation.eventCounts().writePulse ?? 0) - before, 26 + 2 + 50);
});

test('one-sided pairs drift up together and are refreshed: the weight stays, the conductances come down', () => {
  const array = bench({ chip: { ...STEPS, mapping: 'one-sided' }, weights: 0.1 });
  let refreshed = 0;
  for (let k = 0; k < 40; k++) {
    const [plus, minus] = [array.gPlus()[0], array.gMinus()[0]];
    array.change(0.1);
    array.change(-0.1);
    if (array.gPlus()[0] + array.gMinus()[0] < plus + minus) refreshed++;
    assert.not(Math.max(array.gPlus()[0], array.gMinus()[0]) > 0.75 && Math.min(array.gPlus()[0], array.gMinus()[0]) > 0.25);
    closeTo(array.weights()[0], 0.1, 1e-9, `cycle ${k}:`);
  }
  assert.ok(refreshed > 2, `refreshed ${refreshed} times`);
});

test('an f32 network learns on the crossbar too', () => {
  const array = bench({ chip: STEPS, precision: 'f32', spikes: [1, 2] });
  array.change(0.04);
  closeTo(array.weights()[0], 0.04);
});

test.run();
