/**
 * CUBA: 80 % excitatory and 20 % inhibitory neurons with exponential synaptic currents, in self-sustained irregular activity (Vogels & Abbott,
 * J. Neurosci. 25:10786, 2005; benchmark 2 of Brette et al., J. Comput. Neurosci. 23:349, 2007). Every neuron has 64 excitatory and 16 inhibitory
 * inputs whatever the size of the network, so a larger network costs more per neuron only through memory.
 */
import { network } from '../../simulation.ts';
import type { Workload } from '../workload.ts';
import { runFor, spread } from '../workload.ts';

const CELL = {
  model: 'cubalif',
  tauMem: '20 ms',
  tauExc: '5 ms',
  tauInh: '10 ms',
  vRest: -49,
  vThreshold: -50,
  vReset: -60,
  refractory: '5 ms',
} as const;

export function cuba(name: string, scale: number, rate: number, tolerance: number): Workload {
  const sizes = { E: 3200 * scale, I: 800 * scale };
  return {
    name,
    summary: `CUBA (Vogels & Abbott 2005), ${sizes.E + sizes.I} neurons, ${80 * (sizes.E + sizes.I)} synapses`,
    seconds: 10,
    expected: [
      { what: 'meanRateHz', value: rate, tolerance },
      { what: 'cv', value: 0.83, tolerance: 0.03 },
    ],
    counted: ['E', 'I'],
    brian2: ['bench_brian2.py', name],
    neuron: ['bench_neuron.py', name],
    network: ({ seed, record }) => {
      const net = network({ dt: '0.1 ms', seed, precision: 'f32' });
      const excitatory = net.neurons('E', sizes.E, CELL);
      const inhibitory = net.neurons('I', sizes.I, CELL);
      for (const post of [excitatory, inhibitory]) {
        net.connect(excitatory, post, { ...inputs(64), weight: 1.62, port: 'excitatory', delay: '0.1 ms' });
        net.connect(inhibitory, post, { ...inputs(16), weight: -9, port: 'inhibitory', delay: '0.1 ms' });
        if (record) net.record(post, 'spikes');
      }
      return net.freeze();
    },
    prepare: (simulation, seed) => {
      const start = spread(sizes.E + sizes.I, -60, -50, seed);
      simulation.setState('E', 'v', start.subarray(0, sizes.E));
      simulation.setState('I', 'v', start.subarray(sizes.E));
    },
    run: runFor,
  };
}

const inputs = (degree: number) => ({ connect: { kind: 'fixed-in-degree', degree, multapses: true, selfConnections: true } }) as const;
