/** Sneak currents and reads the other way. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sneakCurrents } from '../../../core/wires/sneak.ts';
import { solveGrid } from '../../../core/wires/solve-grid.ts';
import { addColumns, addRows, transferMatrix } from '../../../core/wires/transfer.ts';

const near = (a: number, b: number, relative = 1e-12): boolean => Math.abs(a - b) <= relative * Math.abs(b);

test('2 x 2, floating: three cells in series', () => {
  const conductance = Float64Array.of(1e-6, 2e-5, 4e-5, 5e-5);
  const { cell, sneak } = sneakCurrents({ inputs: 2, outputs: 2, conductance, input: 0, output: 0, volts: 0.2, unselected: 'floating' });
  assert.ok(near(cell, 0.2e-6));
  assert.ok(near(sneak, 0.2 / (1 / 2e-5 + 1 / 4e-5 + 1 / 5e-5)), String(sneak));
});

test('n x n alike, floating: row, middle and column of cells in series, so that a cell of low conductance cannot be read', () => {
  const n = 32;
  const conductance = new Float64Array(n * n).fill(1e-5);
  conductance[0] = 1e-7;
  const { cell, sneak } = sneakCurrents({ inputs: n, outputs: n, conductance, input: 0, output: 0, volts: 0.2, unselected: 'floating' });
  const paths = 1e-5 / (2 / (n - 1) + 1 / (n - 1) ** 2);
  assert.ok(near(sneak, 0.2 * paths, 1e-10));
  assert.ok(sneak / cell > 1000);
});

test('lines at ground and transistors have no sneak path; a selector of a thousand leaves next to none', () => {
  const n = 8;
  const read = { inputs: n, outputs: n, conductance: new Float64Array(n * n).fill(1e-5), input: 3, output: 5, volts: 0.2 } as const;
  assert.is(sneakCurrents({ ...read, unselected: 'grounded' }).sneak, 0);
  assert.is(sneakCurrents({ ...read, unselected: 'floating', selectorNonlinearity: Number.POSITIVE_INFINITY }).sneak, 0);
  const plain = sneakCurrents({ ...read, unselected: 'floating' }).sneak;
  const selected = sneakCurrents({ ...read, unselected: 'floating', selectorNonlinearity: 1000 }).sneak;
  assert.ok(selected < plain / 100 && selected > 0, `${selected} of ${plain}`);
});

test('2 x 2 with selectors: one current through three power laws', () => {
  const [g1, g2, g3] = [2e-5, 4e-5, 5e-5];
  const [volts, ratio] = [0.2, 20];
  const p = Math.log2(ratio);
  const { sneak } = sneakCurrents({
    inputs: 2,
    outputs: 2,
    conductance: Float64Array.of(1e-6, g1, g2, g3),
    input: 0,
    output: 0,
    volts,
    unselected: 'floating',
    selectorNonlinearity: ratio,
  });
  // I = G·V·(v/V)^p, so v = V·(I/(G·V))^(1/p); the three drops add up to V
  const drops = [g1, g2, g3].map((g) => volts * (sneak / (g * volts)) ** (1 / p));
  assert.ok(near(drops[0] + drops[1] + drops[2], volts, 1e-6), String(drops));
});

test('an array driven at its outputs gives the transpose, wires and terminals included', () => {
  const [inputs, outputs] = [6, 4];
  const conductance = Float64Array.from({ length: inputs * outputs }, (_, k) => 1e-6 + 1e-5 * ((7 * k) % 11));
  const wires = { inputOhm: 30, outputOhm: 20, driverOhm: 100, senseOhm: 10 };
  const transfer = transferMatrix({ inputs, outputs, conductance, ...wires });
  const volts = [0.1, 0, -0.2, 0.05];
  // the mirrored array: outputs are driven where they were sensed, which is next to the last input
  const mirrored = Float64Array.from({ length: inputs * outputs }, (_, at) => {
    const [o, i] = [Math.floor(at / outputs), at % outputs];
    return conductance[(outputs - 1 - i) * inputs + (inputs - 1 - o)];
  });
  const other = solveGrid(
    { inputs: outputs, outputs: inputs, conductance: mirrored, inputOhm: 20, outputOhm: 30, driverOhm: 10, senseOhm: 100 },
    volts.toReversed(),
  ).outputCurrents.toReversed();
  const rows = addRows(transfer, volts, inputs);
  for (let i = 0; i < inputs; i++) assert.ok(near(rows[i], other[i], 1e-12), `input ${i}`);
  assert.is(addColumns(transfer, new Float64Array(inputs), outputs)[0], 0);
});

test.run();
