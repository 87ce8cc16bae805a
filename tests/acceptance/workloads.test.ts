// time limit: 600 s
/** The workloads of the bench: the same bits on any number of shards, and those of the evaluator. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Workload } from '../../bench/workload.ts';
import { WORKLOADS } from '../../bench/workloads/table.ts';
import { images } from '../../bench/workloads/w4.ts';
import { ideal } from '../../chips/ideal/ideal.ts';
import { runTicks } from '../../core/kernel/run-ticks.ts';
import { attachShard } from '../../core/kernel/shard.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { evaluate, evaluateExpr } from '../../core/program/evaluate.ts';
import { hashBytes } from '../../core/typed-arrays-utils.ts';
import { Simulation } from '../../workers/simulation.ts';

/** Hash of every neuron's state and of the spikes so far, tick by tick. */
function hashes(workload: Workload, plan: Plan, shards: number, ticks: number): { bits: string[]; spikes: number } {
  const simulation = new Simulation(plan, { shards });
  workload.prepare?.(simulation, 1);
  if (workload.name.startsWith('W4'))
    simulation.setRates(
      'input',
      images()[0].map((rate) => 4 * rate),
    );
  const bits: string[] = [];
  let spikes = 0;
  for (let tick = 0; tick < ticks; tick++) {
    simulation.run(1);
    let hash: string | undefined;
    spikes = 0;
    for (const { name, lowered } of plan.populations) {
      for (const variable of lowered?.variables ?? []) hash = hashBytes(simulation.state(name, variable.name), hash);
      const counts = Float64Array.from(simulation.spikeCounts(name));
      spikes += counts.reduce((sum, count) => sum + count, 0);
      hash = hashBytes(counts, hash);
    }
    bits.push(hash ?? '');
  }
  return { bits, spikes };
}

const TICKS: Readonly<Record<string, number>> = { W1: 400, W1x10: 60, W2: 50, W2c: 50, W3: 50, W3s: 150, 'W4-400': 100, 'W4-1600': 60 };

for (const workload of Object.values(WORKLOADS)) {
  test(`${workload.name}: every neuron has the same state in every tick on 1, 2 and 3 shards`, () => {
    const plan = buildPlan(workload.network({ seed: 1, record: false }), ideal());
    const ticks = TICKS[workload.name];
    const one = hashes(workload, plan, 1, ticks);
    assert.ok(one.spikes > 100, `${one.spikes} spikes`);
    for (const shards of [2, 3]) assert.equal(hashes(workload, plan, shards, ticks), one, `${shards} shards`);
  });
}

/** What neuron `i` of a population does by the evaluator, given the spikes of all others: its membrane after each tick. */
function membraneByEvaluator(
  plan: Plan,
  p: number,
  i: number,
  start: ReadonlyMap<string, number>,
  firedAt: readonly (readonly Set<number>[])[],
  ticks: number,
): Float64Array {
  const { lowered } = plan.populations[p];
  if (lowered === undefined) throw new Error('a source');
  const values = new Map(start);
  const read = (name: string): number => values.get(name) ?? Number.NaN;
  const write = (name: string, _scope: string, value: number): void => void values.set(name, Math.fround(value));
  const draw = (): number => Number.NaN;
  // the synapses onto the neuron, in the order in which rows are delivered
  const incoming = plan.projections
    .filter(({ post }) => post === p)
    .map(({ table, pre, port, lowered: { deliver } }) => {
      const rows: { source: number; delay: number }[] = [];
      for (let r = 0; r < table.nRows; r++) {
        for (let k = table.rowStart[r]; k < table.rowStart[r + 1]; k++)
          if (table.target[k] === i) rows.push({ source: table.rowSource[r], delay: table.rowDelay[r] });
      }
      const into = lowered.ports.find(({ name }) => name === port)?.into;
      return { pre, rows, deliver, portOf: (name: string): string => (name === port && into !== undefined ? into : name) };
    });
  const membrane = new Float64Array(ticks);
  for (let tick = 1; tick <= ticks; tick++) {
    for (const { pre, rows, deliver, portOf } of incoming) {
      for (const { source, delay } of rows) {
        if (!firedAt[pre][tick - delay]?.has(source)) continue;
        evaluate(
          deliver,
          (name) => read(portOf(name)),
          (name, scope, value) => write(portOf(name), scope, value),
          draw,
        );
      }
    }
    evaluate(lowered.advance, read, write, draw);
    if (lowered.threshold !== undefined && evaluateExpr(lowered.threshold, read, draw) !== 0) {
      assert.ok(firedAt[p][tick].has(i), `neuron ${i} fires in tick ${tick}`);
      evaluate(lowered.reset, read, write, draw);
    }
    membrane[tick - 1] = values.get('v') ?? Number.NaN;
  }
  return membrane;
}

test('W1: membranes and spikes of the kernel over one second are those of the evaluator, bit by bit', () => {
  const plan = buildPlan(WORKLOADS.W1.network({ seed: 1, record: false }), ideal());
  const shard = attachShard(plan);
  const starts = plan.populations.map(({ size }, p) =>
    Float32Array.from({ length: size }, (_, i) => -60 + (10 * ((7919 * (i + p)) % size)) / size),
  );
  shard.populations.forEach(({ variables }, p) => {
    variables.get('v')?.set(starts[p]);
  });
  const seconds = 10_000;
  const firedAt = plan.populations.map((): Set<number>[] => [new Set()]);
  // one neuron in ten over the whole second, all of them at first
  const followed = plan.populations.map(({ size }) => Array.from({ length: size / 10 }, (_, n) => 10 * n + (n % 10)));
  const seen = plan.populations.map(
    ({ size }, p) => new Map([...Array(size).keys()].map((i) => [i, new Float64Array(followed[p].includes(i) ? seconds : 300)])),
  );
  for (let tick = 1; tick <= seconds; tick++) {
    runTicks(shard, 1);
    shard.populations.forEach(({ fired, firedCount, variables }, p) => {
      firedAt[p].push(new Set(fired.subarray(0, firedCount[0])));
      const v = variables.get('v') ?? [];
      for (const i of tick <= 300 ? seen[p].keys() : followed[p]) (seen[p].get(i) as Float64Array)[tick - 1] = v[i];
    });
  }
  assert.ok(firedAt.flat().reduce((sum, set) => sum + set.size, 0) > 10_000, 'the network is active');
  plan.populations.forEach(({ lowered }, p) => {
    for (const [i, membrane] of seen[p]) {
      const start = new Map(
        (lowered?.variables ?? []).map(({ name, initial }) => [name, typeof initial === 'number' ? Math.fround(initial) : initial[i]]),
      );
      start.set('v', starts[p][i]);
      const expected = membraneByEvaluator(plan, p, i, start, firedAt, membrane.length);
      if (!expected.every((value, n) => Object.is(value, membrane[n]))) {
        const tick = expected.findIndex((value, n) => !Object.is(value, membrane[n])) + 1;
        assert.unreachable(
          `neuron ${i} of ${plan.populations[p].name}: ${membrane[tick - 1]} where the evaluator has ${expected[tick - 1]} in tick ${tick}`,
        );
      }
    }
  });
});

test.run();
