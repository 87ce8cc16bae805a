/** What the estimates of other tools lose against the exact answer. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ladderCurrent } from '../../../core/wires/ladder.ts';
import { polynomialIrDrop, seriesShortcut } from '../../../core/wires/shortcuts.ts';
import { solveGrid } from '../../../core/wires/solve-grid.ts';

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

test('the series estimate sees 0.13 % of a loss of 9.9 % (128 x 128, 10 uS, 1 ohm, all on)', () => {
  const n = 128;
  const grid = { inputs: n, outputs: n, conductance: new Float64Array(n * n).fill(1e-5), inputOhm: 1, outputOhm: 1 };
  const volts = new Float64Array(n).fill(0.5);
  const ideal = n * n * 1e-5 * 0.5;
  assert.ok(Math.abs(1 - sum(solveGrid(grid, volts).outputCurrents) / ideal - 0.099) < 0.0005);
  assert.ok(Math.abs(1 - sum(seriesShortcut(grid, volts)) / ideal - 0.0013) < 0.0001);
});

test('the polynomial is right for uniform inputs and four times too small when only the far half is on (256 cells, 5 uS, 0.35 ohm)', () => {
  const [n, siemens, ohm] = [256, 5e-6, 0.35];
  const cells = new Float64Array(n).fill(siemens);
  const ones = new Float64Array(n).fill(1);
  const losses = (on: (i: number) => boolean): [number, number] => {
    const x = Float64Array.from({ length: n }, (_, i) => (on(i) ? 1 : 0));
    const ideal = sum(x);
    return [1 - ladderCurrent(cells, x, ohm) / (ideal * siemens), 1 - polynomialIrDrop(ones, x, 1 / (ohm * siemens)) / ideal];
  };
  const [uniform, uniformEstimate] = losses(() => true);
  assert.ok(Math.abs(uniform - 0.0368) < 5e-5 && Math.abs(uniformEstimate - 0.0364) < 5e-5, `${uniform} ${uniformEstimate}`);
  const [far, farEstimate] = losses((i) => i < n / 2);
  assert.ok(Math.abs(far - 0.0504) < 5e-5 && Math.abs(farEstimate - 0.0116) < 5e-5, `${far} ${farEstimate}`);
});

test.run();
