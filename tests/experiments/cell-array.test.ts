/** The arrays of the perceptron benchmark: how they start, what a write operation serves, and what it charges. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEVICE_PRESETS } from '../../chips/memristor-crossbar/device-presets.ts';
import { createCellArray } from '../../experiments/perceptron/cell-array.ts';

const arrayOf = (preset: string, rows: number, columns: number) =>
  createCellArray({
    device: DEVICE_PRESETS[preset],
    rows,
    columns,
    accessOhm: 15e3,
    readVolts: 0.5,
    start: 'as shipped',
    seed: 1,
    name: 'test',
  });

test('cells that start below gMin stand at it once they are limited, and no other moves', () => {
  const cells = arrayOf('pcmo', 40, 20);
  const before = cells.current.slice();
  cells.limit();
  const below = before.filter((amperes) => amperes < cells.smallestCurrent).length;
  // -1 and, on PCMO's small range, -2/3
  assert.ok(below > 150 && below < 310, `${below} of 800 below`);
  for (const [k, amperes] of cells.current.entries()) assert.is(amperes, Math.max(before[k], cells.smallestCurrent));
  assert.is(cells.weight[before.findIndex((amperes) => amperes < cells.smallestCurrent)], -1);
});

test('a write operation takes a column of each driver of sixteen, and lasts as long as its longest bursts', () => {
  const cells = arrayOf('pcmo', 3, 20);
  const pulses = new Int32Array(20);
  // columns 0 and 1 go together, 2 and 3 after them; nothing is due in the others
  pulses.set([3, -2, 1, 2]);
  cells.writeRow(1, pulses);
  assert.is(cells.written.pulses, 8);
  assert.ok(Math.abs(cells.written.seconds - 7e-3) < 1e-12, `${cells.written.seconds} s of pulses of 1 ms`);
  // PCMO is written with 2 V both ways. A column has 3 cells: 3 and 1 + 2 charges, then 1 and 2, with 18 other columns and a row of 20 cells each time
  assert.is(cells.written.lineVoltsSquared, 4 * (3 * (3 + 3 + 18) + 20 + 3 * (1 + 2 + 18) + 20));
});

test('the read current of a ferroelectric cell knows no access device', () => {
  const { largestCurrent } = arrayOf('hzo-fefet', 2, 2);
  assert.ok(Math.abs(largestCurrent - 0.5 / 559e3) < 1e-15);
  assert.ok(arrayOf('taox-hfox', 2, 2).largestCurrent < 0.5 / 100e3 / 1.1);
});

test.run();
