/** Benchmark code that nobody runs breaks unseen: every workload is built and run for a few milliseconds, and its arithmetic is checked. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digitalJoules, imagesTo, measureAccuracy } from '../../bench/accuracy.ts';
import { advanceRate, deliveryRate } from '../../bench/c-limit.ts';
import { compare } from '../../bench/compare.ts';
import { CURVES, pointName, pointWorkload } from '../../bench/curves.ts';
import { GUARDED, readGuard, regressions } from '../../bench/guard.ts';
import { measureKernels } from '../../bench/kernels.ts';
import { measureLive } from '../../bench/live.ts';
import { runOnce } from '../../bench/measure-run.ts';
import { measureMnistEpoch } from '../../bench/mnist-epoch.ts';
import { measureStartup } from '../../bench/startup.ts';
import { intervalCv, leastSquares, ratioOf, spreadOf } from '../../bench/statistics.ts';
import { comparisonTable, replaceSection } from '../../bench/table.ts';
import { WORKLOADS } from '../../bench/workloads/table.ts';
import { images } from '../../bench/workloads/w4.ts';
import { ideal } from '../../chips/ideal/ideal.ts';
import { attachShard } from '../../core/kernel/shard.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';

/** What is built in a second or two; the larger ones share their code with these. */
const SMALL = ['W1', 'W3s', 'W4-400'];

for (const name of SMALL) {
  test(`${name} runs for a few milliseconds and fires`, () => {
    const run = runOnce(WORKLOADS[name], { seconds: 0.02, threads: 1, seed: 1, record: true });
    assert.ok(run.spikes > 0);
    assert.ok(run.synapticEvents > 0);
  });
}

for (const name of Object.keys(WORKLOADS)) {
  test(`${name} describes a network with the populations whose spikes it counts`, () => {
    const net = WORKLOADS[name].network({ seed: 1, record: true });
    for (const population of WORKLOADS[name].counted) {
      assert.ok(net.populations.some((one) => one.name === population));
      assert.ok(net.probes.some((probe) => probe.kind === 'spikes' && probe.of === population));
    }
  });
}

test('a point of a curve fires at the rate it names', () => {
  const workload = pointWorkload(pointName({ neurons: 200, degree: 10, rate: 40, plastic: 0.5 }));
  assert.ok(workload !== undefined);
  const run = runOnce(workload, { seconds: 0.5, threads: 1, seed: 1, record: false });
  assert.ok(Math.abs(run.meanRateHz - 40) < 3, `${run.meanRateHz} Hz`);
  assert.ok(run.plasticEvents > 0);
});

test('accuracy and its cost are read from a run of the command line', () => {
  const found = measureAccuracy({ rules: ['dfa'], seeds: 1, words: ['--train', '600', '--test', '50', '--epochs', '2'] }, () => {});
  if ('missing' in found) return assert.match(found.missing, /npm run build/);
  const rows = found.table.split('\n').slice(2);
  assert.is(rows.length, 3);
  assert.match(rows[0], /^\| dfa +\| ideal +\| 0\.\d{3} +\| – +\| – +\| – /);
  assert.match(rows[2], /memristor-crossbar +\| 0\.\d{3} +\| – +\| [\d.]+ .J +\| [\d.]+ .J +\| (\d+|not reached) /);
});

test('images to a goal, and what back-propagation would cost', () => {
  const curve = {
    samples: [250, 500, 750],
    perSeed: [
      [0.5, 0.95, 0.97],
      [0.6, 0.8, 0.9],
    ],
    label: '',
  };
  assert.is(imagesTo(0.9, { curve }), 750);
  assert.is(imagesTo(0.98, { curve }), undefined);
  const populations = [
    { name: 'pixels', size: 784 },
    { name: 'hidden', size: 400 },
  ];
  assert.ok(Math.abs(digitalJoules({ populations }) / (317_600 * 606e-12) - 1) < 1e-12);
});

test('what watching costs is measured over all three ways', async () => {
  const { table } = await measureLive(1, () => {}, 60);
  const rows = table.split('\n').slice(2, 8);
  assert.match(rows[2], /^\| r-stdp +\| live and watched +\| [\d.]+ \(.*\) +\| [\d.]+ \(/);
});

test('an epoch of images is measured, beside the dense form where numpy is', () => {
  const { table } = measureMnistEpoch(1, () => {}, 20);
  assert.match(table, /\| DFA, one image at a time +\| \d/);
  assert.ok(/numpy, dense, batches of 64 +\| \d/.test(table) || /skipped: dense form/.test(table));
});

test('start-up is measured against the built package', () => {
  const measured = measureStartup(1, () => {}, 2);
  if ('missing' in measured) return assert.match(measured.missing, /npm run build/);
  assert.match(measured.table, /\| the first spike of 1,000 neurons +\| \d/);
  assert.match(measured.table, /\| own weights +\| 20000 +\| [\d.]+ /);
});

test('a workload is compared in processes of its own, and its document and table say so', () => {
  const comparison = compare(WORKLOADS.W1, { against: [], threads: [1], turns: 2, seconds: 0.02, seed: 1, record: true, say: () => {} });
  assert.equal(
    comparison.results.map(({ engine, threads, loopSeconds }) => [engine, threads, loopSeconds.n]),
    [['hillock', 1, 2]],
  );
  assert.ok(comparison.results[0].waitSeconds.min > comparison.results[0].loopSeconds.min);
  assert.match(comparisonTable(comparison), /\| hillock f32 \| 1 /);
});

test('every loop of the kernel bench runs in JavaScript and in WebAssembly', () => {
  const lines: string[] = [];
  measureKernels('', { neurons: 500, perRow: 50, rowsPerCall: 5, rounds: 1 }, (line) => lines.push(line));
  assert.ok(lines.length > 20);
  for (const line of lines.slice(1)) assert.match(line, / [\d.]+ +[\d.]+ +[\d.]+ +\d+ +[\d.]+ ms$/);
});

test('our loops beside C run on a small network', () => {
  const shard = attachShard(buildPlan(WORKLOADS.W1.network({ seed: 1, record: false }), ideal()));
  assert.ok(deliveryRate(shard, 20, 1) > 0);
  assert.ok(advanceRate(shard, 20, 1) > 0);
});

test('the guard holds the best turn to the recorded ratio, and says by how much it is worse', () => {
  const turns = (min: number, max: number) => ({ median: (min + max) / 2, min, max, n: 3 });
  const recorded = { bits: 0.8, firstSpike: 2.4 };
  assert.equal(regressions(recorded, { bits: turns(0.3, 0.61), firstSpike: turns(2.9, 9) }), []);
  assert.equal(regressions(recorded, { bits: turns(0.3, 0.58), firstSpike: turns(3.1, 9), building: turns(9, 9) }), [
    'delivery by bits, ours / C: 0.580, recorded 0.800, 28 % worse',
    'first spike / bare Node: 3.10, recorded 2.40, 29 % worse',
  ]);
});

test('every ratio that is guarded is recorded', () => {
  const { ratios } = readGuard();
  assert.equal(Object.keys(ratios), Object.keys(GUARDED));
  for (const ratio of Object.values(ratios)) assert.ok(Number.isFinite(ratio) && ratio > 0);
});

test('every curve travels by name to the process that runs it', () => {
  for (const point of Object.values(CURVES).flat()) assert.ok(pointWorkload(pointName(point)) !== undefined);
});

test('the digits have 19 % active pixels of up to 127.5 Hz', () => {
  const rates = images().flatMap((image) => Array.from(image));
  const active = rates.filter((rate) => rate > 0);
  assert.ok(Math.abs(active.length / rates.length - 0.19) < 0.005);
  assert.ok(Math.max(...active.slice(0, 10000)) < 127.5);
});

test('the median of an even number of values lies between the middle two', () => {
  assert.equal(spreadOf([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4, n: 4 });
});

test('a ratio is that of the medians, its spread that of the turns', () => {
  assert.equal(ratioOf([2, 4, 9], [1, 4, 3]), { median: 4 / 3, min: 1, max: 3, n: 3 });
});

test('regular spikes have CV 0 and alternating intervals of 1 and 3 have CV 1/2', () => {
  assert.is(intervalCv({ t: [1, 2, 3, 4, 5], i: [0, 0, 0, 0, 0] }, 1), 0);
  assert.is(intervalCv({ t: [0, 1, 4, 5, 8], i: [0, 0, 0, 0, 0] }, 1), 0.5);
  assert.is(intervalCv({ t: [0, 1, 4], i: [0, 0, 0] }, 1), null);
});

test('least squares recovers the coefficients of a plane', () => {
  const rows = [
    [1, 2, 1],
    [2, 1, 1],
    [3, 5, 1],
    [4, 4, 1],
  ];
  const found = leastSquares(
    rows,
    rows.map(([x, y]) => 3 * x - 2 * y + 7),
  );
  for (const [k, value] of [3, -2, 7].entries()) assert.ok(Math.abs(found[k] - value) < 1e-9);
});

test('a section of the README is replaced in place, and added when it is new', () => {
  const once = replaceSection('# Bench\n', 'W1', 'old');
  assert.is(replaceSection(once, 'W1', 'new'), '# Bench\n\n<!-- W1: start -->\nnew\n<!-- W1: end -->\n');
});

test.run();
