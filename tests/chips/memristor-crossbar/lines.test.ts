/** Lines with resistance, access devices, half-selected cells and spare lines in the running kernel, each against its exact answer. */
import { availableParallelism } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { figureOf } from '../../../chips/memristor-crossbar/device-figures.ts';
import { DEVICE_PRESETS } from '../../../chips/memristor-crossbar/device-presets.ts';
import { halfSelectJoules } from '../../../chips/memristor-crossbar/half-select.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { gatedCurrent, ladderTransfer } from '../../../core/wires/ladder.ts';
import { solveGrid } from '../../../core/wires/solve-grid.ts';
import { addRows, transferMatrix } from '../../../core/wires/transfer.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { noisyArray, WIRED } from '../../support/networks.ts';
import { OFF } from './bench.ts';

const DEVICE = { base: 'taox-hfox', gMin: '10 uS', gMax: '100 uS', name: 'strong' } as const;
const [G_MIN, SPAN] = [10e-6, 90e-6];

const weightOf = (k: number): number => 0.9 * Math.sin(1.7 * k + 0.3);

/** `nPre` lines onto `nPost` targets; every target can be told by how much to change all its weights. */
function arrayNetwork(nPre: number, nPost: number, spikes: readonly { tick: number; line: number }[] = []): Network {
  const command = rule({ name: 'command', modulators: { change: { per: 'post', range: 1 } }, onModulator: 'w += change', bounds: [-1, 1] });
  const net = network({ dt: '1 ms', seed: 3 });
  const lines = net.input('lines', nPre, {
    times: spikes.map(({ tick }) => `${tick} ms` as const),
    neurons: spikes.map(({ line }) => line),
  });
  const targets = net.neurons('targets', nPost, { model: 'lif', tauMem: '1000 s', vThreshold: 1e9 });
  net.connect(lines, targets, {
    name: 'array',
    weight: Float64Array.from({ length: nPre * nPost }, (_, k) => weightOf(k)),
    delay: '1 ms',
    rule: command,
  });
  return net.freeze();
}

const start = (net: Network, options: CrossbarOptions, run = {}): Simulation =>
  new Simulation(buildPlan(net, memristorCrossbar({ ...OFF, device: DEVICE, writePolicy: 'deterministic', ...options })), run);

const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k])));

/** [columns × rows] siemens: plus and minus column of each target, from what the cells of a simulation hold. */
function siemens(simulation: Simulation, nPre: number, nPost: number): Float64Array {
  const states = ['gPlus', 'gMinus'].map((name) => simulation.synapseVariable('array', name));
  const conductance = new Float64Array(2 * nPost * nPre);
  for (let i = 0; i < nPre; i++) {
    for (let j = 0; j < nPost; j++) for (const c of [0, 1]) conductance[(2 * j + c) * nPre + i] = G_MIN + SPAN * states[c][i * nPost + j];
  }
  return conductance;
}

/** Weights that a transfer matrix of columns stands for, [nPre × nPost]. */
const weightsOf = (transfer: Float64Array, nPre: number, nPost: number): Float64Array =>
  Float64Array.from({ length: nPre * nPost }, (_, k) => {
    const [i, j] = [Math.floor(k / nPost), k % nPost];
    return (transfer[2 * j * nPre + i] - transfer[(2 * j + 1) * nPre + i]) / SPAN;
  });

test('bare cells on resistive lines: two spikes of one tick bring exactly the current of the solved network', () => {
  const [nPre, nPost] = [7, 5];
  const simulation = start(
    arrayNetwork(nPre, nPost, [
      { tick: 1, line: 2 },
      { tick: 1, line: 6 },
    ]),
    { access: 'none', wires: 'network', wireResistance: '30 ohm', driverResistance: '200 ohm', halfSelectDisturb: 0 },
  );
  simulation.run(2);
  const wires = { inputOhm: 30, outputOhm: 30, driverOhm: 200 };
  const grid = { inputs: nPre, outputs: 2 * nPost, conductance: siemens(simulation, nPre, nPost), ...wires };
  const currents = solveGrid(
    grid,
    Float64Array.from({ length: nPre }, (_, i) => (i === 2 || i === 6 ? 1 : 0)),
  ).outputCurrents;
  const expected = Array.from({ length: nPost }, (_, j) => (currents[2 * j] - currents[2 * j + 1]) / SPAN);
  assert.ok(worst(simulation.state('targets', 'v'), expected) < 1e-12);
  const ideal = Array.from({ length: nPost }, (_, j) => weightOf(2 * nPost + j) + weightOf(6 * nPost + j));
  assert.ok(worst(expected, ideal) > 0.02, 'the wires of this test matter');
});

test('after a refresh weights are the exact transfer matrix of the conductances as they are; before it, Geff·(Gnew/Gold)', () => {
  const [nPre, nPost] = [9, 4];
  const wires = { inputOhm: 20, outputOhm: 20 };
  const exact = (simulation: Simulation): Float64Array =>
    weightsOf(transferMatrix({ inputs: nPre, outputs: 2 * nPost, conductance: siemens(simulation, nPre, nPost), ...wires }), nPre, nPost);
  const chip: CrossbarOptions = { access: 'none', wires: 'network', wireResistance: '20 ohm', halfSelectDisturb: 0, refreshTicks: 4 };
  const change = { change: Float64Array.of(0.3, -0.2, 0, 0.1) };
  const kept = start(arrayNetwork(nPre, nPost), { ...chip, refreshWrites: 1 });
  assert.ok(worst(kept.weights('array'), exact(kept)) < 1e-13);
  const old = transferMatrix({ inputs: nPre, outputs: 2 * nPost, conductance: siemens(kept, nPre, nPost), ...wires });
  const before = siemens(kept, nPre, nPost);
  kept.modulate('array', change);
  kept.run(3);
  const scaled = old.map((value, k) => (value * siemens(kept, nPre, nPost)[k]) / before[k]);
  assert.ok(worst(kept.weights('array'), weightsOf(scaled, nPre, nPost)) < 1e-13, 'the share of each cell is kept until the refresh');
  const stale = worst(kept.weights('array'), exact(kept));
  assert.ok(stale > 1e-5 && stale < 0.02, `stale by ${stale}`);
  kept.run(1);
  assert.ok(worst(kept.weights('array'), exact(kept)) < 1e-13, 'tick 4 is a multiple of refreshTicks');
  // fewer writes than asked for: nothing is worked out
  const lazy = start(arrayNetwork(nPre, nPost), { ...chip, refreshWrites: 1000 });
  lazy.modulate('array', change);
  lazy.run(100);
  assert.ok(Math.abs(worst(lazy.weights('array'), exact(lazy)) - stale) < 1e-13);
});

test('an array of several tiles is solved tile by tile; with a ladder only output lines count', () => {
  const [nPre, nPost] = [6, 5];
  const simulation = start(arrayNetwork(nPre, nPost), {
    access: 'none',
    wires: 'ladder',
    wireResistance: '50 ohm',
    halfSelectDisturb: 0,
    tileRows: 4,
    tileColumns: 4,
  });
  const conductance = siemens(simulation, nPre, nPost);
  const column = (c: number): Float64Array => {
    const cells = conductance.subarray(c * nPre, (c + 1) * nPre);
    return Float64Array.from([...ladderTransfer(cells.subarray(0, 4), 50), ...ladderTransfer(cells.subarray(4), 50)]);
  };
  const expected = Float64Array.from({ length: nPre * nPost }, (_, k) => {
    const [i, j] = [Math.floor(k / nPost), k % nPost];
    return (column(2 * j)[i] - column(2 * j + 1)[i]) / SPAN;
  });
  assert.ok(worst(simulation.weights('array'), expected) < 1e-13);
});

test('a shared reference column loses current in its own line', () => {
  const [nPre, nPost] = [6, 3];
  const simulation = start(arrayNetwork(nPre, nPost), {
    access: 'none',
    wires: 'network',
    wireResistance: '40 ohm',
    halfSelectDisturb: 0,
    mapping: 'reference',
  });
  const states = simulation.synapseVariable('array', 'gPlus');
  const conductance = new Float64Array((nPost + 1) * nPre).fill(G_MIN + SPAN / 2);
  for (let i = 0; i < nPre; i++) for (let j = 0; j < nPost; j++) conductance[j * nPre + i] = G_MIN + SPAN * states[i * nPost + j];
  const transfer = transferMatrix({ inputs: nPre, outputs: nPost + 1, conductance, inputOhm: 40, outputOhm: 40 });
  const expected = Float64Array.from({ length: nPre * nPost }, (_, k) => {
    const [i, j] = [Math.floor(k / nPost), k % nPost];
    return (2 * (transfer[j * nPre + i] - transfer[nPost * nPre + i])) / SPAN;
  });
  assert.ok(worst(simulation.weights('array'), expected) < 1e-13);
});

test('behind transistors every spike is a series circuit of its own: access, supply line, cell, output line', () => {
  const [nPre, nPost] = [6, 3];
  const simulation = start(arrayNetwork(nPre, nPost), { wires: 'network', wireResistance: '60 ohm', senseResistance: '100 ohm' });
  const conductance = siemens(simulation, nPre, nPost);
  const transfer = Float64Array.from(conductance, (_, at) => {
    const c = Math.floor(at / nPre);
    const cells = conductance.subarray(c * nPre, (c + 1) * nPre);
    return gatedCurrent({ cells, active: [at % nPre], supplyOhm: 60, outputOhm: 60, senseOhm: 100, volts: 1 });
  });
  assert.ok(worst(simulation.weights('array'), weightsOf(transfer, nPre, nPost)) < 1e-13);
});

test('behind 15 kohm start weights still read back as asked, for cells from 5 to 93 kohm', () => {
  const net = arrayNetwork(5, 4);
  const simulation = start(net, { device: 'gst-pcm', accessResistance: '15 kohm' });
  const asked = Float64Array.from({ length: 20 }, (_, k) => weightOf(k));
  assert.ok(worst(simulation.weights('array'), asked) < 1e-13);
  const bare = start(net, { device: 'gst-pcm' });
  assert.ok(worst(bare.weights('array'), asked) < 1e-13);
  assert.ok(worst(bare.synapseVariable('array', 'gPlus'), simulation.synapseVariable('array', 'gPlus')) > 0.2, 'but in other conductances');
});

test('with everything off the plan is the plan without these options', () => {
  const net = arrayNetwork(4, 3);
  const plan = (options: CrossbarOptions) => buildPlan(net, memristorCrossbar({ device: 'soft-bounds', ...options })).projections;
  assert.equal(plan({ wires: 'none', access: '1T1R', accessResistance: '0 ohm', spareRows: 3 }), plan({}));
  assert.equal(plan({ access: 'none', halfSelectDisturb: 0 }), plan({}));
});

test('half-selected cells move by a share of a pulse for every pulse on their row and column, and heat by a quarter of one', () => {
  const [nPre, nPost] = [3, 4];
  const disturb = 0.01;
  const one = rule({ name: 'one', modulators: { change: { per: 'post', range: 1 } }, onModulator: 'w += change', bounds: [-1, 1] });
  const net = network({ dt: '1 ms', seed: 3 });
  const lines = net.input('lines', nPre);
  const targets = net.neurons('targets', nPost, { model: 'lif', tauMem: '20 ms', vThreshold: 1e9 });
  net.connect(lines, targets, { name: 'array', weight: 0, delay: '1 ms', rule: one });
  const device = { base: 'idealized', name: 'linear' } as const;
  const simulation = start(net.freeze(), {
    device,
    access: 'none',
    halfSelectDisturb: disturb,
    refreshTicks: 1,
    refreshWrites: 1,
    tileRows: nPre,
    tileColumns: 2 * nPost,
  });
  const step = (2 * 0.0002) / 2;
  // 5 pulses on all cells of target 1
  simulation.modulate('array', { change: Float64Array.of(0, 5 * step, 0, 0) });
  const written = simulation.synapseVariable('array', 'gPlus').slice();
  assert.is(simulation.eventCounts().writePulse, 2 * 5 * nPre);
  simulation.run(1);
  const moved = simulation.synapseVariable('array', 'gPlus').map((u, k) => (u - written[k]) / (step / 2));
  for (let i = 0; i < nPre; i++) {
    // the row carries 5 pulses up on the plus cell of target 1 and 5 down on its minus cell
    for (const j of [0, 2, 3]) assert.ok(Math.abs(moved[i * nPost + j]) < 1e-9, 'up and down of the pair cancel on its row');
    // its own column: 5 pulses on each of two other rows; its row: 5 down on the minus cell
    assert.ok(Math.abs(moved[i * nPost + 1] - disturb * (5 * (nPre - 1) - 5)) < 1e-9, String(moved[i * nPost + 1]));
  }
  const quantum = memristorCrossbar({ ...OFF, device, access: 'none' }).profile.energy.perEvent.halfSelectHeat?.value ?? 0;
  const joules = quantum * (simulation.eventCounts().halfSelectHeat ?? 0);
  const preset = DEVICE_PRESETS.idealized;
  const mid = (figureOf(preset, 'gMin') + figureOf(preset, 'gMax')) / 2;
  const each = halfSelectJoules({
    rows: nPre,
    columns: 2 * nPost,
    selectedCells: 1,
    conductance: mid,
    volts: figureOf(preset, 'writeVoltageUp'),
    pulseSeconds: figureOf(preset, 'writeTimeUp'),
    cellPitchMetres: 1e-7,
    wireFaradPerMetre: 2e-10,
    access: 'none',
    pulses: 5,
  });
  // cells stand within a thousandth of the middle
  assert.ok(Math.abs(joules / (2 * nPre * each.halfSelected) - 1) < 2e-3, `${joules} and ${2 * nPre * each.halfSelected}`);
});

test('a selector lets a thousandth of the disturbance through, a transistor none', () => {
  const count = (options: CrossbarOptions): number => {
    const simulation = start(arrayNetwork(6, 4), { refreshTicks: 1, refreshWrites: 1, ...options });
    simulation.modulate('array', { change: Float64Array.of(0.2, -0.1, 0.3, 0.05) });
    simulation.run(1);
    return simulation.eventCounts().halfSelectHeat ?? 0;
  };
  const bare = count({ access: 'none' });
  assert.ok(bare > 0);
  assert.ok(Math.abs(count({ access: 'selector', selectorNonlinearity: 100 }) / bare - 0.01) < 1e-3);
  assert.is(count({}), 0);
});

test('spare lines take the place of those with most stuck cells', () => {
  const share = 0.2;
  const stuck = (options: CrossbarOptions): Float64Array => {
    const device = { base: 'idealized', stuckOff: share } as const;
    const simulation = start(arrayNetwork(16, 8), { device, stuckCells: true, ...options });
    const [low, high] = ['plusLow', 'plusHigh'].map((name) => simulation.synapseVariable('array', name));
    return low.map((value, k) => (value === high[k] ? 1 : 0));
  };
  const onRow = (cells: Float64Array): number[] =>
    Array.from({ length: 16 }, (_, i) => cells.subarray(i * 8, (i + 1) * 8).reduce((a, b) => a + b, 0));
  const [without, withSpares] = [onRow(stuck({})), onRow(stuck({ spareRows: 3 }))];
  const changed = without.flatMap((n, i) => (withSpares[i] === n ? [] : [i]));
  assert.ok(changed.length > 0 && changed.length <= 3, changed.join());
  assert.ok(withSpares.reduce((a, b) => a + b) < without.reduce((a, b) => a + b));
  assert.equal(onRow(stuck({ spareRows: 0 })), without);
});

test('read the other way, an array with wires is the transpose of its transfer matrix, on any number of shards, and booked', () => {
  const [nPre, nPost] = [6, 4];
  const options: CrossbarOptions = {
    access: 'none',
    wires: 'network',
    wireResistance: '30 ohm',
    halfSelectDisturb: 0,
    bidirectional: true,
  };
  const simulation = start(arrayNetwork(nPre, nPost), options);
  const values = [0.5, 0, -1, 2];
  const transfer = transferMatrix({
    inputs: nPre,
    outputs: 2 * nPost,
    conductance: siemens(simulation, nPre, nPost),
    inputOhm: 30,
    outputOhm: 30,
  });
  const drives = values.flatMap((value) => [value / SPAN, -value / SPAN]);
  const sums = simulation.readBackwards('array', values);
  assert.ok(worst(sums, addRows(transfer, drives, nPre)) < 1e-12);
  assert.is(simulation.eventCounts().readPulse, 3 * nPre * 2);
  assert.ok((simulation.eventCounts().readHeat ?? 0) > 0);
  assert.equal(start(arrayNetwork(nPre, nPost), options, { shards: 3, threads: 1 }).readBackwards('array', values), sums);
  assert.throws(
    () => start(arrayNetwork(nPre, nPost), {}).readBackwards('array', values),
    /projection array: the chip memristor-crossbar cannot read it from its targets to its sources/,
  );
  assert.throws(() => simulation.readBackwards('array', [1, 2]), /2 values for 4/);
});

/** A fixed projection of 40 weights, as the chip holds them. */
function fixedArray(options: CrossbarOptions): { simulation: Simulation; plan: Plan; asked: Float64Array } {
  const net = network({ dt: '1 ms', seed: 3 });
  const asked = Float64Array.from({ length: 40 }, (_, k) => weightOf(k));
  asked[0] = 1;
  const lines = net.input('lines', 8, { times: ['1 ms'], neurons: [2] });
  const targets = net.neurons('targets', 5, { model: 'lif', tauMem: '20 ms', vThreshold: 1e9 });
  net.connect(lines, targets, { name: 'array', weight: asked, delay: '1 ms' });
  const plan = buildPlan(net.freeze(), memristorCrossbar({ ...OFF, device: DEVICE, ...options }));
  return { simulation: new Simulation(plan), plan, asked };
}

test('sliced weights are as fine as their last slice, cost a pair of cells and of reads each, and shrink the error of programming', () => {
  const sliced = fixedArray({ slices: 2, sliceBase: 8, sliceLevels: 8 });
  const resolution = 1 / 9 / 7;
  assert.ok(worst(sliced.simulation.weights('array'), sliced.asked) <= resolution / 2 + 1e-12);
  assert.ok(worst(sliced.simulation.weights('array'), sliced.asked) > resolution / 10, 'levels are finite');
  sliced.simulation.run(2);
  assert.is(sliced.simulation.eventCounts().readPulse, 5 * 4);
  assert.is(sliced.plan.placement.uses[1].used, 40 * 4);
  const error = (options: CrossbarOptions): number => {
    const { simulation, asked } = fixedArray({ device: { ...DEVICE, programmingStd: 0.05 }, programmingNoise: true, ...options });
    return Math.sqrt(simulation.weights('array').reduce((sum, w, k) => sum + (w - asked[k]) ** 2, 0) / 40);
  };
  // equal significances average: the error falls by the root of the number of pairs
  const ratio = error({ slices: 4, sliceBase: 2, sliceLevels: 64 }) / error({});
  assert.ok(ratio < 0.85, String(ratio));
  assert.throws(() => memristorCrossbar({ slices: 2, wires: 'network' }), /slices is 2, but the lines of sliced arrays are not worked out/);
  assert.throws(() => memristorCrossbar({ sliceBase: 4 }), /sliceBase means nothing with one pair per weight/);
});

test('a projection that learns stays on one pair', () => {
  const net = arrayNetwork(3, 2);
  const plan = (options: CrossbarOptions) => buildPlan(net, memristorCrossbar({ device: 'soft-bounds', ...options })).projections;
  assert.equal(plan({ slices: 3 }), plan({}));
});

/** Hash of everything after some stretches of a noisy network with STDP. */
function hashes(run: object, stretches: readonly number[], options: CrossbarOptions = WIRED): string[] {
  const simulation = new Simulation(buildPlan(noisyArray(), memristorCrossbar(options)), run);
  const all = stretches.map((ticks) => {
    simulation.run(ticks);
    return simulation.hash();
  });
  assert.ok(simulation.learningCounts().synapticUpdates > 50, 'the network learns');
  simulation.dispose();
  return all;
}

test('wires, half-select and all noise on: the same bits for 1, 2 and 3 shards, in one call or many, twice', () => {
  const one = hashes({}, [40, 40, 40]);
  assert.equal(hashes({}, [40, 40, 40]), one);
  assert.equal(hashes({ shards: 2, threads: 1 }, [40, 40, 40]), one);
  assert.equal(hashes({ shards: 3, threads: 1 }, [40, 40, 40]), one);
  assert.is(hashes({}, new Array<number>(120).fill(1)).at(-1), one[2]);
  assert.is(hashes({}, [120])[0], one[2]);
  assert.is.not(hashes({}, [120], { ...WIRED, wires: 'none' })[0], one[2]);
});

if (availableParallelism() >= 2) {
  test('and for two threads', () => assert.equal(hashes({ shards: 2, threads: 2 }, [40, 40, 40]), hashes({}, [40, 40, 40])));
}

test.run();
