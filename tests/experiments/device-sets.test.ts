/** Monte-Carlo over devices: sets differ, set 0 is the chip itself, and nothing depends on order or threads. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { memristorCrossbar } from '../../chips/memristor-crossbar/memristor-crossbar.ts';
import { namedRule } from '../../core/network/read-projection.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { networkOf } from '../../experiments/plan-runs.ts';
import { runExperiment } from '../../experiments/run-experiment.ts';
import { deviceSetsPanel } from '../../report/panels/device-sets.ts';
import { rewardChoice } from '../../scenarios/reward-choice.ts';

const experiment = rewardChoice.build({ pixels: 64, realImages: false, train: 60 });
const rule = namedRule(rewardChoice.rule, () => {});
if (rule === undefined) throw new Error('the scenario names no rule');
const run = { experiment, rule, seed: 3, threads: 1, resume: false, command: 'test' };

const cellsOf = (plan: ReturnType<typeof buildPlan>): number[] => {
  const projection = plan.projections.find(({ name }) => name === experiment.task.plastic);
  const high = projection?.lowered.variables.find(({ name }) => name === 'plusHigh')?.initial;
  return Array.from(high as Float64Array).slice(0, 5);
};

test('set 0 is the chip itself; other sets have other cells of the same population', () => {
  const chip = memristorCrossbar({ device: 'ecram' });
  const sets = [chip, chip.withDeviceSet?.(0), chip.withDeviceSet?.(1), chip.withDeviceSet?.(2)];
  const cells = sets.map((set) => cellsOf(buildPlan(networkOf(experiment, rule, 3), set ?? chip)));
  assert.equal(cells[1], cells[0]);
  assert.is(new Set(cells.slice(1).map((list) => list[0])).size, 3);
  const again = cellsOf(buildPlan(networkOf(experiment, rule, 3), chip.withDeviceSet?.(2) ?? chip));
  assert.equal(again, cells[3], 'a set is the same whenever it is drawn');
});

test('a run over seeds and sets: means by seed, spread by set, chips without devices run once', async () => {
  const chips = [ideal(), memristorCrossbar({ device: 'reram-array-om' })];
  const { results, devices } = await runExperiment({ ...run, chips, seeds: 2, devices: 3 });
  assert.is(devices, 3);
  assert.is(results[0].devices, undefined);
  const crossbar = results[1];
  assert.is(crossbar.accuracy?.n, 2);
  const spread = crossbar.devices;
  assert.is(spread?.sets, 3);
  for (const statistic of [spread?.accuracy, spread?.energyPerUpdate, spread?.pulsesPerCell]) {
    assert.is(statistic?.perSeed.length, 3);
    assert.ok((statistic?.ci95?.[0] ?? 1) <= (statistic?.mean ?? 0));
  }
  const mean = (values: readonly number[] = []): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean(crossbar.accuracy?.perSeed) - mean(spread?.accuracy?.perSeed)) < 1e-12);
  assert.is(new Set(spread?.pulsesPerCell?.perSeed).size, 3, 'three sets wear three different numbers of pulses');
  assert.ok((spread?.enduranceUsed?.lo ?? 1) < (spread?.enduranceUsed?.value ?? 0));
});

test('the same on one thread and on two, and with more sets the first ones stay as they are', async () => {
  const chips = [memristorCrossbar({ device: 'ecram' })];
  const one = await runExperiment({ ...run, chips, seeds: 1, devices: 2 });
  const two = await runExperiment({ ...run, chips, seeds: 1, devices: 2, threads: 2 });
  assert.is(one.results[0].stateHash, two.results[0].stateHash);
  assert.equal(one.results[0].devices, two.results[0].devices);
  const three = await runExperiment({ ...run, chips, seeds: 1, devices: 3 });
  assert.equal(three.results[0].devices?.pulsesPerCell?.perSeed.slice(0, 2), one.results[0].devices?.pulsesPerCell?.perSeed);
  assert.match(deviceSetsPanel(three)?.body ?? '', /Endurance used/);
});

test.run();
