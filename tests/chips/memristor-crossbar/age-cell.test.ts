/** Time in the loop: weights drift by the published law, reads change nothing, writes set the clock back, and off means off. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { retentionOf } from '../../../chips/memristor-crossbar/retention/retention-model.ts';
import { RETENTION_MODELS } from '../../../chips/memristor-crossbar/retention/retention-models.ts';
import { slowNoise } from '../../../chips/memristor-crossbar/retention/trajectory.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { evaluateExpr } from '../../../core/program/evaluate.ts';
import { Simulation } from '../../../workers/simulation.ts';
import type { Bench } from './bench.ts';
import { bench, OFF } from './bench.ts';

const PCM: CrossbarOptions = { ...OFF, device: 'pcm', retention: 'pcm' };
const G_MIN = 0.1e-6;
const G_MAX = 25e-6;

/** Weights at the present tick, from the expression that goes with the plan. */
function weightsNow({ simulation }: Bench): number[] {
  const [{ lowered, table }] = simulation.plan.projections;
  const values = new Map(lowered.variables.map(({ name }) => [name, simulation.synapseVariable('array', name)]));
  return Array.from({ length: table.nSynapses }, (_, k) =>
    evaluateExpr(
      lowered.weightNow ?? lowered.weight,
      (name) => (name === 'tick' ? simulation.tick : (values.get(name)?.[k] ?? Number.NaN)),
      () => 0,
    ),
  );
}

/** What the model makes of a cell with its own draws, read from the synapse variables. */
function expectedCell({ simulation }: Bench, side: 'plus' | 'minus', u: number, ticks: number): number {
  const retention = retentionOf({ ...RETENTION_MODELS.pcm, gMax: G_MAX });
  const variable = (name: string): number => simulation.synapseVariable('array', `${side}${name}`)[0];
  const written = G_MIN + u * (G_MAX - G_MIN);
  const nu = Math.abs(retention.driftMean(written) + retention.driftStd(written) * variable('NuZ'));
  assert.ok(Math.abs(variable('Nu') - nu) < 1e-12, `${variable('Nu')} ${nu}`);
  const seconds = ticks * 1e-3;
  const y = slowNoise((node) => variable(`Y${node}`), seconds, 20);
  const g = written * retention.driftFactor(nu, seconds) * (1 + retention.noise(written, seconds) * y);
  return (Math.max(0, g) - G_MIN) / (G_MAX - G_MIN);
}

test('a phase-change pair drifts between its writes as the retention model says', () => {
  const cells = bench({ chip: PCM, weights: 0.6 });
  for (const ticks of [0, 1, 5000, 40_000]) {
    cells.simulation.run(ticks - cells.simulation.tick);
    const expected = expectedCell(cells, 'plus', 0.6, ticks) - expectedCell(cells, 'minus', 0, ticks);
    const [found] = weightsNow(cells);
    assert.ok(Math.abs(found - expected) < 1e-6, `${found} after ${ticks} ms, expected ${expected}`);
  }
});

test('reading changes nothing: with and without spikes in between a cell ends at the same conductance', () => {
  const quiet = bench({ chip: PCM, weights: 0.5 });
  const busy = bench({ chip: PCM, weights: 0.5, spikes: Array.from({ length: 400 }, (_, n) => 10 + 11 * n) });
  for (const one of [quiet, busy]) one.simulation.run(5000);
  assert.equal(weightsNow(busy), weightsNow(quiet));
  assert.equal(Array.from(busy.gPlus()), Array.from(quiet.gPlus()));
});

test('what a spike delivers is the weight of its own tick', () => {
  const net = network({ dt: '1 ms', seed: 4 });
  const source = net.input('source', 1, { times: ['9999 ms', '29999 ms'], neurons: [0, 0] });
  const target = net.neurons('target', 1, { model: 'lif', tauMem: '1 us', vThreshold: 1e9 });
  net.connect(source, target, { name: 'array', weight: 0.7, delay: '1 ms' });
  const simulation = new Simulation(buildPlan(net.freeze(), memristorCrossbar({ ...PCM, mapping: 'two-sided' })));
  const seen: number[] = [];
  for (const tick of [10_000, 30_000]) {
    simulation.run(tick - simulation.tick);
    seen.push(simulation.state('target', 'v')[0]);
  }
  const now = weightsNow({ simulation } as Bench)[0];
  assert.ok(Math.abs(seen[1] - now) < 1e-9 && seen[1] !== seen[0], `${seen} ${now}`);
});

test('a write starts from what the cell has become, and sets its clock back', () => {
  const cells = bench({ chip: { ...PCM, mapping: 'reference' }, weights: 0 });
  cells.simulation.run(20_000);
  const [before] = weightsNow(cells);
  cells.change(0.4);
  const at = cells.simulation.synapseVariable('array', 'plusAt')[0];
  assert.is(at, 20_000);
  assert.ok(weightsNow(cells)[0] > before + 0.1, `${before} ${weightsNow(cells)[0]}`);
});

test('a rule sees the drifted weight', () => {
  const cells = bench({ chip: { ...OFF, device: { base: 'ideal-device', decayTime: '2 s' }, retention: true }, weights: 0.8 });
  cells.simulation.run(1000);
  cells.change(1e-12);
  // both cells of the pair fall back towards gMin with exp(-1/2)
  assert.ok(Math.abs(cells.weights()[0] - 0.8 * Math.exp(-0.5)) < 1e-9, String(cells.weights()[0]));
});

test('a volatile cell decays exponentially, is raised by pulses, and is forgotten', () => {
  const chip: CrossbarOptions = {
    ...OFF,
    retention: true,
    mapping: 'reference',
    device: { base: 'soft-bounds', decayTime: '30 ms', step: 0.2, wMax: 1, wMin: -1 },
  };
  const cells = bench({ chip, weights: 0.5 });
  cells.simulation.run(30);
  const u = (w: number): number => w / 2 + 0.5;
  assert.ok(Math.abs(u(weightsNow(cells)[0]) - u(0.5) * Math.exp(-1)) < 1e-9, String(weightsNow(cells)[0]));
  cells.change(0.5);
  const raised = u(weightsNow(cells)[0]);
  assert.ok(raised > u(0.5) * Math.exp(-31 / 30), String(raised));
  cells.simulation.run(600);
  assert.ok(u(weightsNow(cells)[0]) < 1e-6, String(weightsNow(cells)[0]));
});

test('off is off: the programs of a device without retention hold nothing of it', () => {
  const names = (chip: CrossbarOptions): string[] =>
    bench({ chip }).simulation.plan.projections[0].lowered.variables.map(({ name }) => name);
  assert.equal(names({ ...PCM, retention: false }), names({ ...OFF, device: { base: 'pcm' } }));
  assert.ok(names(PCM).includes('plusNu'));
  assert.not.ok(names({ ...OFF, retention: true, device: 'epiram' }).includes('plusAt'));
});

test('every retention model runs in the loop, at any strength, and an unknown one is refused', () => {
  for (const name of Object.keys(RETENTION_MODELS) as (keyof typeof RETENTION_MODELS)[]) {
    const cells = bench({ chip: { ...OFF, device: 'soft-bounds', retention: name }, weights: 0.3, n: 20 });
    cells.simulation.run(3000);
    cells.change(0.05);
    cells.simulation.run(3000);
    assert.ok(weightsNow(cells).every(Number.isFinite), name);
    assert.ok(new Set(weightsNow(cells)).size > 10, `${name}: cells differ`);
  }
  assert.throws(() => memristorCrossbar({ retention: 'pcn' as never }), /unknown retention model "pcn" - did you mean "pcm"/);
});

test.run();
