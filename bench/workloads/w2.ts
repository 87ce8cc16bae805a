/**
 * Random balanced network of Brunel (J. Comput. Neurosci. 8:183, 2000), model A in the fast asynchronous regime: 10,000 excitatory and 2,500
 * inhibitory neurons with delta synapses and a delay of 1.5 ms. W2 is driven by 1,000 Poisson inputs of 20 Hz per neuron; W2c by a constant
 * drive of 40 mV, the mean of those inputs, and is deterministic after its start.
 */
import { network } from '../../simulation.ts';
import type { Workload } from '../workload.ts';
import { runFor, spread } from '../workload.ts';

/** 1,000 inputs of 20 Hz, 0.1 mV each. */
export const POISSON_DRIVE = { driveRate: '20 kHz', driveWeight: 0.1 } as const;

const CELL = { model: 'lif', tauMem: '20 ms', vThreshold: 20, vReset: 10, vInitial: 0, refractory: '2 ms' } as const;

function brunel(name: 'W2' | 'W2c'): Omit<Workload, 'expected'> {
  const cell = { ...CELL, ...(name === 'W2' ? { vRest: 0, ...POISSON_DRIVE } : { vRest: 40 }) };
  return {
    name,
    summary: `Brunel (2000), 12,500 neurons, 15.6 M synapses, ${name === 'W2' ? 'Poisson input' : 'constant drive'}`,
    seconds: 1,
    counted: ['E', 'I'],
    brian2: ['bench_brian2.py', name],
    network: ({ seed, record }) => {
      const net = network({ dt: '0.1 ms', seed, precision: 'f32' });
      const excitatory = net.neurons('E', 10000, cell);
      const inhibitory = net.neurons('I', 2500, cell);
      for (const post of [excitatory, inhibitory]) {
        net.connect(excitatory, post, { ...inputs(1000), weight: 0.1 });
        net.connect(inhibitory, post, { ...inputs(250), weight: -0.5 });
        if (record) net.record(post, 'spikes');
      }
      return net.freeze();
    },
    prepare: (simulation, seed) => {
      const start = spread(12500, 0, 20, seed);
      simulation.setState('E', 'v', start.subarray(0, 10000));
      simulation.setState('I', 'v', start.subarray(10000));
    },
    run: runFor,
  };
}

const inputs = (degree: number) =>
  ({ connect: { kind: 'fixed-in-degree', degree, multapses: true, selfConnections: true }, delay: '1.5 ms' }) as const;

export const w2: Workload = {
  ...brunel('W2'),
  neuron: ['bench_neuron.py', 'W2'],
  expected: [
    { what: 'meanRateHz', value: 37.3, tolerance: 1.5 },
    { what: 'cv', value: 0.42, tolerance: 0.03 },
  ],
};

export const w2c: Workload = {
  ...brunel('W2c'),
  expected: [
    { what: 'meanRateHz', value: 37.5, tolerance: 1.5 },
    { what: 'cv', value: 0.36, tolerance: 0.03 },
  ],
};
