/** A chip made for these tests: it learns in epochs with programs that write down what they see. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import type { ChipBackend, LoweredProjection, LoweredTrace } from '../../../core/chip-contract.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { compileOrThrow } from '../../../core/program/check-types.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import type { SymbolInfo } from '../../../core/program/symbols.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { sourcesOf } from '../../../core/synapses/synapse-table.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { range, spikesAt } from '../../support/simulate.ts';

const TIMES = ['x_atPre', 'x_atPost', 'x_atEnd', 'y_atPre', 'y_atPost', 'y_atEnd', 'preTime', 'postTime'] as const;
const DECAY = { x: 0.875, y: 0.75 } as const;

const symbol = (name: string, scope: SymbolInfo['scope'], writable: boolean): SymbolInfo => ({ name, scope, format: FLOAT64, writable });

function trace(name: 'x' | 'y', on: 'pre' | 'post'): LoweredTrace {
  const symbols = symbolTable([symbol(name, 'neuron', true)]);
  return {
    name,
    on,
    variable: { name, storage: 'f64', initial: 0, scale: 1 },
    decay: compileOrThrow(`${name} = ${name} * ${DECAY[name]}`, symbols, { title: 'decay' }),
    impulse: compileOrThrow(`${name} = ${name} + 1`, symbols, { title: 'impulse' }),
  };
}

/** The ideal chip, but its plastic projections learn in epochs: every visit counts, and copies all that it may read. */
function epochChip(ticks: number, visits: 'spiking' | 'all'): ChipBackend {
  const base = ideal();
  return {
    ...base,
    lowerProjection: (subject) => {
      const lowered = base.lowerProjection(subject) as LoweredProjection;
      if (subject.rule === undefined) return lowered;
      const seen = TIMES.map((name) => `saw_${name}`);
      const symbols = symbolTable([
        ...['visits', ...seen].map((name) => symbol(name, 'synapse', true)),
        ...TIMES.map((name) => symbol(name, name.startsWith('x_') || name === 'preTime' ? 'pre' : 'post', false)),
      ]);
      const text = ['visits = visits + 1', ...TIMES.map((name) => `saw_${name} = ${name}`)].join('\n');
      return {
        ...lowered,
        variables: [...lowered.variables, ...['visits', ...seen].map((name) => ({ name, storage: 'f64', initial: 0, scale: 1 }) as const)],
        moments: {},
        traces: [trace('x', 'pre'), trace('y', 'post')],
        epoch: { ticks, visits, program: compileOrThrow(text, symbols, { title: 'epoch' }) },
      };
    },
  };
}

const watched = rule({ name: 'watched', onPre: 'w += 0' });
const lif = { model: 'lif', tauMem: '10 us', vThreshold: 1, resistance: 1e-9 } as const;

/** 6 Poisson neurons onto 5 that fire at random, with mixed delays. */
function randomSimulation(ticks: number, visits: 'spiking' | 'all'): Simulation {
  const net = network({ seed: 4 });
  const pre = net.input('pre', 6, { rates: '120 Hz' });
  const teacher = net.input('teacher', 5, { rates: '150 Hz' });
  const post = net.neurons('post', 5, lif);
  net.connect(pre, post, {
    name: 'plastic',
    connect: { kind: 'fixed-probability', probability: 0.7 },
    weight: 0,
    port: 'current',
    delay: { uniform: ['1 ms', '3 ms'] },
    rule: watched,
  });
  net.connect(teacher, post, { connect: 'one-to-one', weight: 2 });
  net.record(pre, 'spikes');
  net.record(post, 'spikes');
  return new Simulation(buildPlan(net.freeze(), epochChip(ticks, visits)));
}

/** One trace over one epoch, tick by tick: [0] before the epoch (with the impulses of all spikes but the last), [q] after tick q. */
function replayed(start: number, positions: readonly number[], ticks: number, decay: number): number[] {
  let value = start;
  for (let n = 1; n < positions.length; n++) value += 1;
  const values = [value];
  for (let q = 1; q <= ticks; q++) {
    value *= decay;
    if (q === positions.at(-1)) value += 1;
    values.push(value);
  }
  return values;
}

for (const ticks of [1, 3, 4, 10]) {
  for (const visits of ['spiking', 'all'] as const) {
    test(`epochs of ${ticks}: every synapse ${visits === 'all' ? 'there is' : 'with a spike on either side'} is visited once and sees the traces at the right times`, () => {
      const simulation = randomSimulation(ticks, visits);
      const { table } = simulation.plan.projections[0];
      const sources = sourcesOf(table);
      const rowOf = range(0, table.nSynapses - 1).map((k) => [...table.rowStart].findLastIndex((from) => from <= k));
      const x = new Array<number>(table.nRows).fill(0);
      const y = new Array<number>(table.nPost).fill(0);
      const visitsBefore = new Array<number>(table.nSynapses).fill(0);
      let repeats = 0;
      let both = 0;
      for (const epoch of range(0, 99)) {
        simulation.run(ticks);
        const positions = (population: string, neuron: number, delay: number): number[] => {
          const { t, i } = simulation.recordedSpikes(population);
          return [...t]
            .filter((_, n) => i[n] === neuron)
            .map((tick) => tick + delay - epoch * ticks)
            .filter((q) => q >= 1 && q <= ticks);
        };
        const pre = range(0, table.nRows - 1).map((row) => positions('pre', table.rowSource[row], table.rowDelay[row]));
        const post = range(0, table.nPost - 1).map((target) => positions('post', target, 0));
        const xs = pre.map((spikes, row) => replayed(x[row], spikes, ticks, DECAY.x));
        const ys = post.map((spikes, target) => replayed(y[target], spikes, ticks, DECAY.y));
        const read = (name: string): ArrayLike<number> => simulation.synapseVariable('plastic', name);
        for (let k = 0; k < table.nSynapses; k++) {
          const [row, target] = [rowOf[k], table.target[k]];
          const preTime = pre[row].at(-1) ?? 0;
          const postTime = post[target].at(-1) ?? 0;
          const where = `synapse ${sources[k]} -> ${target} in epoch ${epoch}`;
          const active = visits === 'all' || preTime > 0 || postTime > 0;
          assert.is(read('visits')[k] - visitsBefore[k], active ? 1 : 0, `visits of ${where}`);
          visitsBefore[k] = read('visits')[k];
          if (!active) continue;
          assert.is(read('saw_preTime')[k], preTime, `preTime of ${where}`);
          assert.is(read('saw_postTime')[k], postTime, `postTime of ${where}`);
          assert.is(read('saw_x_atEnd')[k], xs[row][ticks], `x at the end, ${where}`);
          assert.is(read('saw_y_atEnd')[k], ys[target][ticks], `y at the end, ${where}`);
          if (preTime > 0) {
            assert.is(read('saw_x_atPre')[k], xs[row][preTime], `x at the pre spike, ${where}`);
            assert.is(read('saw_y_atPre')[k], ys[target][preTime], `y at the pre spike, ${where}`);
          }
          if (postTime > 0) {
            assert.is(read('saw_x_atPost')[k], xs[row][postTime], `x at the post spike, ${where}`);
            assert.is(read('saw_y_atPost')[k], ys[target][postTime], `y at the post spike, ${where}`);
          }
          if (preTime > 0 && postTime > 0) both++;
        }
        repeats += [...pre, ...post].filter((spikes) => spikes.length > 1).length;
        xs.forEach((values, row) => {
          x[row] = values[ticks];
        });
        ys.forEach((values, target) => {
          y[target] = values[ticks];
        });
      }
      assert.ok(both > 20, `${both} synapses with a spike on both sides`);
      if (ticks > 1) assert.ok(repeats > 20, `${repeats} repeated spikes`);
    });
  }
}

/** One synapse: spikes reach it in the ticks of `pre`, its neuron fires in those of `post`. */
function oneSynapse(ticks: number, pre: readonly number[], post: readonly number[]): Simulation {
  const net = network();
  const source = net.input('source', 1, spikesAt(pre.map((tick) => tick - 1)));
  const teacher = net.input('teacher', 1, spikesAt(post.map((tick) => tick - 1)));
  const neuron = net.neurons('neuron', 1, lif);
  net.connect(source, neuron, { name: 'plastic', weight: 0, port: 'current', rule: watched });
  net.connect(teacher, neuron, { weight: 2 });
  return new Simulation(buildPlan(net.freeze(), epochChip(ticks, 'spiking')));
}
const seen = (simulation: Simulation, name: string): number => simulation.synapseVariable('plastic', name)[0];

test('a repeated spike counts as if it had come at the start of the epoch', () => {
  const simulation = oneSynapse(4, [2, 3, 4], []);
  simulation.run(4);
  assert.is(seen(simulation, 'visits'), 1);
  assert.is(seen(simulation, 'saw_preTime'), 4);
  assert.is(seen(simulation, 'saw_x_atPre'), 2 * DECAY.x ** 4 + 1);
});

test('an epoch boundary falls after its last tick', () => {
  const simulation = oneSynapse(4, [4, 5], []);
  simulation.run(3);
  assert.is(seen(simulation, 'visits'), 0);
  simulation.run(1);
  assert.equal([seen(simulation, 'visits'), seen(simulation, 'saw_preTime')], [1, 4]);
  simulation.run(4);
  assert.equal([seen(simulation, 'visits'), seen(simulation, 'saw_preTime')], [2, 1]);
  assert.is(seen(simulation, 'saw_x_atPre'), 1 * DECAY.x + 1);
});

test('with learning off nothing is visited, and the traces go on', () => {
  const simulation = oneSynapse(4, [2, 10], [2]);
  simulation.learning = false;
  simulation.run(8);
  assert.is(seen(simulation, 'visits'), 0);
  simulation.learning = true;
  simulation.run(4);
  assert.is(seen(simulation, 'saw_x_atPre'), DECAY.x ** 8 + 1);
  assert.is(seen(simulation, 'saw_y_atEnd'), DECAY.y ** 10);
});

test('a reset in the middle of an epoch forgets its spikes and its traces', () => {
  const simulation = oneSynapse(4, [2, 8], [3]);
  simulation.run(3);
  simulation.resetState();
  simulation.run(1);
  assert.is(seen(simulation, 'visits'), 0);
  simulation.run(4);
  assert.equal([seen(simulation, 'visits'), seen(simulation, 'saw_x_atPre'), seen(simulation, 'saw_y_atEnd')], [1, 1, 0]);
});

test.run();
