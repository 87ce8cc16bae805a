/** Pauses after training: cells are as old as they are, everything else goes on where it was, and chips without such cells do not change. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { memristorCrossbar } from '../../chips/memristor-crossbar/memristor-crossbar.ts';
import { laterPlan, readSpan } from '../../experiments/later.ts';
import { Simulation } from '../../workers/simulation.ts';
import { bench, OFF } from '../chips/memristor-crossbar/bench.ts';

test('spans are read with their unit, and nothing else is', () => {
  assert.is(readSpan('1 s'), 1);
  assert.is(readSpan('1.5 h'), 5400);
  assert.is(readSpan('30 days'), 30 * 86_400);
  assert.is(readSpan('1 month'), 30 * 86_400);
  for (const wrong of ['1', '1s', 'h', '-1 h', 3600, undefined])
    assert.match((readSpan(wrong) as { problem: string }).problem, /needs a number, a space and a unit/);
  assert.match((readSpan('2 weeks') as { problem: string }).problem, /unknown unit "weeks"/);
});

test('a pause without ticks equals the same time run tick by tick, to the last cell', () => {
  const start = () => bench({ chip: { ...OFF, device: 'pcm', retention: 'pcm' }, weights: 0.6, n: 8 });
  const [simulated, paused] = [start(), start()];
  for (const one of [simulated, paused]) {
    one.simulation.run(100);
    one.change(0.1);
  }
  simulated.simulation.run(60_000);
  simulated.change(1e-9);
  const after = new Simulation(laterPlan(paused.simulation.plan, paused.simulation, 60));
  after.modulate('array', { change: new Float64Array(8).fill(1e-9) });
  after.run(1);
  const [a, b] = [simulated.weights(), after.weights('array')];
  for (let k = 0; k < 8; k++) assert.ok(Math.abs(a[k] - b[k]) < 1e-9, `cell ${k}: ${a[k]} ${b[k]}`);
});

test('a month of rest: phase change loses part of its weights, in proportion to its drift, and the read-out knows', () => {
  const cells = bench({ chip: { ...OFF, device: 'pcm', retention: 'pcm' }, weights: 0.5, n: 200 });
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const plan = cells.simulation.plan;
  const weights = [0, 3600, 30 * 86_400].map((seconds) =>
    mean(new Simulation(laterPlan(plan, cells.simulation, seconds)).weights('array')),
  );
  assert.ok(weights[0] > weights[1] && weights[1] > weights[2], String(weights));
  // exponent about 0.049 at half of gMax: ((30 d + 20 s)/20 s)^-0.049
  assert.ok(Math.abs(weights[2] / weights[0] - ((30 * 86_400) / 20) ** -0.049) < 0.05, String(weights));
});

test('an ideal chip and a cell without retention do not change', () => {
  for (const chip of [ideal(), memristorCrossbar({ device: 'ecram' })]) {
    const cells = bench({ chip, weights: 0.25, n: 5 });
    cells.simulation.run(10);
    cells.change(0.1);
    const later = new Simulation(laterPlan(cells.simulation.plan, cells.simulation, 86_400));
    assert.equal(Array.from(later.weights('array')), Array.from(cells.weights()));
    later.run(5);
    assert.equal(Array.from(later.weights('array')), Array.from(cells.weights()));
  }
});

test.run();
