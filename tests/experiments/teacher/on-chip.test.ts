/**
 * A spiking teacher is the network that the kernel runs: with its weights put into projections as they are, every neuron of the ideal chip fires when the
 * teacher's does. So a network can be trained through time first and go on learning on a chip.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from '../../../core/network/builder.ts';
import { streamOf, uniformAt } from '../../../core/random.ts';
import type { SpikingNetwork, SpikingTape } from '../../../experiments/teacher/spiking-network.ts';
import { runForward, spikingNetwork, spikingTape } from '../../../experiments/teacher/spiking-network.ts';
import type { Simulation } from '../../../workers/simulation.ts';
import { near } from '../../support/near.ts';
import { ms, start } from '../../support/simulate.ts';

const STREAM = streamOf('tests/teacher on chip');
const TICKS = 60;

/** Input and, for the biases, a source that fires in every tick; the read-out is left out. */
function onChip({ sizes, alpha, reset, threshold, weights, recurrent, biases }: SpikingNetwork, tape: SpikingTape): Simulation {
  const net = network();
  const spikes = Array.from(tape.spikes[0].keys()).filter((k) => tape.spikes[0][k] === 1);
  let below = net.input('layer 0', sizes[0], {
    times: spikes.map((k) => ms(1 + Math.floor(k / sizes[0]))),
    neurons: spikes.map((k) => k % sizes[0]),
  });
  for (let l = 1; l < sizes.length - 1; l++) {
    const layer = net.neurons(`layer ${l}`, sizes[l], {
      model: 'lif',
      tauMem: ms(-1 / Math.log(alpha)),
      vThreshold: threshold,
      resetTo: reset === 'soft' ? 'subtraction' : 'value',
    });
    net.connect(below, layer, { weight: weights[l - 1], port: 'delta' });
    if (recurrent.length > 0)
      net.connect(layer, layer, { weight: recurrent[l - 1], port: 'delta', connect: { kind: 'all-to-all', selfConnections: true } });
    // the bias begins with the first tick in which the layer can have input
    const steady = net.input(`bias ${l}`, 1, {
      times: Array.from({ length: TICKS }, (_, t) => ms(l + t)),
      neurons: new Array<number>(TICKS).fill(0),
    });
    net.connect(steady, layer, { weight: biases[l - 1], port: 'delta' });
    below = layer;
  }
  return start(net);
}

for (const reset of ['soft', 'hard'] as const) {
  for (const recurrent of [false, true]) {
    test(`two hidden layers, ${reset} reset${recurrent ? ', recurrent' : ''}: spike for spike`, () => {
      const teacher = spikingNetwork({ sizes: [12, 20, 15, 3], seed: 8, ticks: TICKS, reset, recurrent, gain: 1.5 });
      teacher.biases.forEach((values, l) => {
        for (let j = 0; j < values.length; j++) values[j] = 0.1 * uniformAt(8, STREAM, j, l);
      });
      const tape = spikingTape(teacher);
      tape.spikes[0].forEach((_, k, spikes) => {
        spikes[k] = uniformAt(8, STREAM, k, 99) < 0.3 ? 1 : 0;
      });
      runForward(teacher, tape);
      const simulation = onChip(teacher, tape);
      let fired = 0;
      // layer l hears of a sample's tick t, from 0, in tick t + l + 1 of the simulation
      for (let tick = 1; tick < TICKS + 2; tick++) {
        const before = [1, 2].map((l) => simulation.spikeCounts(`layer ${l}`).slice());
        simulation.run(1);
        for (const l of [1, 2]) {
          const t = tick - l - 1;
          if (t < 0 || t >= TICKS) continue;
          const n = teacher.sizes[l];
          const now = simulation.spikeCounts(`layer ${l}`);
          const v = simulation.state(`layer ${l}`, 'v');
          for (let j = 0; j < n; j++) {
            const spike = tape.spikes[l][t * n + j];
            assert.is(now[j] - before[l - 1][j], spike, `layer ${l}, neuron ${j}, tick ${t}`);
            const membrane = tape.membranes[l - 1][t * n + j];
            near(v[j], reset === 'soft' ? membrane - spike : membrane * (1 - spike), 1e-11, `layer ${l}, neuron ${j}, tick ${t}:`);
            fired += spike;
          }
        }
      }
      assert.ok(fired > 200, `${fired} spikes`);
    });
  }
}

test.run();
