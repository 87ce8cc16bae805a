import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { network } from '../../../core/network/builder.ts';
import { replay } from '../../../core/network/read-population.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { problemsOf, withinErrors } from '../../support/near.ts';
import { range, start } from '../../support/simulate.ts';

/** [ticks][size] whether a Poisson neuron fired. */
function poissonRaster(size: number, ticks: number, rate: number, seed: number): Uint8Array[] {
  const net = network({ seed });
  const source = net.input('source', size, { rates: `${rate} Hz` });
  net.record(source, 'spikes');
  const simulation = start(net);
  simulation.run(ticks);
  const raster = range(1, ticks).map(() => new Uint8Array(size));
  const { t, i } = simulation.recordedSpikes('source');
  t.forEach((tick, n) => {
    raster[tick - 1][i[n]]++;
  });
  return raster;
}

const total = (raster: Uint8Array[], f: (t: number, i: number) => number, from = 0): number =>
  raster.reduce((sum, row, t) => sum + (t < from ? 0 : row.reduce((s, _, i) => s + f(t, i), 0)), 0);

test('a Poisson source fires with probability rate dt, independently in each tick and neuron', () => {
  const [size, ticks, p] = [200, 400, 0.05];
  const raster = poissonRaster(size, ticks, 50, 4);
  const n = size * ticks;
  withinErrors(total(raster, (t, i) => raster[t][i]) / n, p, Math.sqrt((p * (1 - p)) / n), 'rate');
  // a pair of independent trials is 1, 1 with probability p²
  const pair = Math.sqrt((p * p * (1 - p * p)) / n);
  withinErrors(total(raster, (t, i) => raster[t][i] * raster[t - 1][i], 1) / (n - size), p * p, pair, 'from tick to tick');
  withinErrors(total(raster, (t, i) => raster[t][i] * raster[t][(i + 1) % size]) / n, p * p, pair, 'from neuron to neuron');
  const variance = range(0, size - 1).map((i) => raster.reduce((sum, row) => sum + row[i], 0));
  const expected = ticks * p * (1 - p);
  withinErrors(
    variance.reduce((s, c) => s + (c - ticks * p) ** 2, 0) / size,
    expected,
    expected * Math.sqrt(2 / size),
    'variance of counts',
  );
});

test('another seed or another name gives other spikes, the same ones the same', () => {
  const a = poissonRaster(20, 50, 100, 1);
  assert.equal(poissonRaster(20, 50, 100, 1), a);
  assert.not.equal(poissonRaster(20, 50, 100, 2), a);
  const net = network();
  for (const name of ['one', 'two']) net.record(net.input(name, 20, { rates: '100 Hz' }), 'spikes');
  const simulation = start(net);
  simulation.run(50);
  assert.not.equal([...simulation.recordedSpikes('one').t], [...simulation.recordedSpikes('two').t]);
});

test('a rate of zero is silence, a rate above one spike per tick is a spike in every tick', () => {
  const net = network();
  net.input('silent', 50);
  net.input('busy', 50, { rates: '2 kHz' });
  const simulation = start(net);
  simulation.run(200);
  assert.is(Math.max(...simulation.spikeCounts('silent')), 0);
  assert.is(Math.min(...simulation.spikeCounts('busy')), 200);
});

test('the host sets rates per neuron between two runs', () => {
  const net = network();
  net.input('source', 3);
  const simulation = start(net);
  simulation.setRates('source', Float64Array.of(0, 1000, 0));
  simulation.run(10);
  simulation.setRates('source', Float64Array.of(0, 0, 1000));
  simulation.run(5);
  assert.equal([...simulation.spikeCounts('source')], [0, 10, 5]);
});

test('rates that are not one finite, non-negative number per neuron are refused', () => {
  const net = network();
  net.input('source', 3);
  const simulation = start(net);
  for (const rates of [
    [1, 2],
    [1, Number.NaN, 2],
    [1, -1, 2],
  ]) {
    const [problem] = problemsOf(() => simulation.setRates('source', Float64Array.from(rates)));
    assert.ok(['E-RANGE', 'E-NOT-FINITE'].includes(problem.code), problem.code);
  }
});

test('a replayed source fires exactly the given spikes, whatever their order', () => {
  const net = network();
  const source = net.input('source', 3, { times: ['7 ms', '1 ms', '3 ms', '3 ms', '7 ms', '3 ms'], neurons: [0, 2, 2, 0, 1, 0] });
  net.record(source, 'spikes');
  const simulation = start(net);
  simulation.run(20);
  const { t, i } = simulation.recordedSpikes('source');
  assert.equal([...t], [1, 3, 3, 7, 7]);
  assert.equal([...i], [2, 0, 2, 0, 1], 'neurons ascend within a tick, and fire once');
  assert.equal([...simulation.spikeCounts('source')], [2, 1, 2]);
});

test('times are rounded to the nearest tick', () => {
  const net = network({ dt: '0.1 ms' });
  const source = net.input('source', 1, { times: ['0.3 ms', '1.24 ms', '1.26 ms'], neurons: [0, 0, 0] });
  net.record(source, 'spikes');
  const simulation = start(net);
  simulation.run(20);
  assert.equal([...simulation.recordedSpikes('source').t], [3, 12, 13]);
});

test('a spike before the first tick is refused, not lost', () => {
  const net = network();
  net.input('source', 1, { times: ['0 ms', '2 ms'], neurons: [0, 0] });
  const [problem] = problemsOf(() => net.freeze());
  assert.is(problem.code, 'E-RANGE');
  assert.match(problem.message, 'first tick');
});

test('replay sorts by tick, then neuron, and keeps one of equal spikes', () => {
  const source = replay([5, 2, 5, 2, 5], [1, 0, 0, 0, 1]);
  assert.equal(source, { kind: 'replay', ticks: Int32Array.of(2, 5, 5), neurons: Int32Array.of(0, 0, 1) });
});

test('a played source fires what the host hands over, from the next tick on, on any number of shards', () => {
  const rasters = [1, 2, 3].map((shards) => {
    const net = network({ dt: '1 ms' });
    const source = net.input('source', 5, { room: 6 });
    net.connect(source, net.neurons('out', 4, { model: 'lif', tauMem: '10 ms', vThreshold: 0.9 }), {
      connect: { kind: 'fixed-probability', probability: 0.5 },
      weight: 1,
    });
    net.record(source, 'spikes');
    const simulation = new Simulation(buildPlan(net.freeze(), ideal()), { shards });
    simulation.play('source', [3, 1, 3, 1, 2], [4, 2, 0, 2, 1]); // one of them twice
    simulation.run(2);
    simulation.play('source', [1, 2], [3, 3]); // in place of the two of tick 3
    simulation.run(3);
    simulation.play('source', [], []);
    simulation.run(2);
    const { t, i } = simulation.recordedSpikes('source');
    return { raster: Array.from(t, (tick, n) => [tick, i[n]]), hash: simulation.hash() };
  });
  assert.equal(rasters[0].raster, [
    [1, 2],
    [2, 1],
    [3, 3],
    [4, 3],
  ]);
  for (const one of rasters) assert.equal(one, rasters[0]);
});

test('spikes that a played source cannot have are refused', () => {
  const net = network({ dt: '1 ms' });
  net.input('poisson', 2);
  net.input('source', 3, { room: 2 });
  const simulation = new Simulation(buildPlan(net.freeze(), ideal()));
  const said = (ticks: number[], neurons: number[], name = 'source'): string =>
    problemsOf(() => simulation.play(name, ticks, neurons))
      .map(({ message }) => message)
      .join();
  assert.is(said([1], [0], 'poisson'), 'population poisson is not a played source; nothing can be handed to it');
  assert.is(said([1, 2], [0]), 'the spikes for source: 2 ticks for 1 neurons');
  assert.is(said([0], [0]), 'the spikes for source: spike 0 is in tick 0; ticks are whole numbers from 1');
  assert.is(said([1], [3]), 'the spikes for source: spike 0 is of neuron 3; there are 0 … 2');
  assert.is(said([1, 2, 3], [0, 0, 0]), 'the spikes for source: 3 of them, but there is room for 2');
});

test.run();
