/**
 * The network of W2 with pair STDP on the synapses between excitatory neurons: additive, all-to-all, both traces 20 ms, weights between 0 and
 * 0.2 mV, depression 5 % stronger than potentiation. W3 has 10 M plastic synapses with a learning rate of 1e-3; W3s connects 1,000 + 250 neurons
 * all to all and learns at 1e-4.
 */
import type { ConnectOptions } from '../../core/network/builder.ts';
import { network, rule } from '../../simulation.ts';
import type { Workload } from '../workload.ts';
import { runFor, spread } from '../workload.ts';
import { POISSON_DRIVE } from './w2.ts';

const CELL = {
  model: 'lif',
  tauMem: '20 ms',
  vThreshold: 20,
  vReset: 10,
  vRest: 0,
  vInitial: 0,
  refractory: '2 ms',
  ...POISSON_DRIVE,
} as const;
const HIGHEST_WEIGHT = 0.2;

/** A pre spike acts when it arrives: its trace takes the impulse after the delay. */
export const pairStdp = (learningRate: number) =>
  rule({
    name: 'pair-stdp-of-w3',
    parameters: { aPlus: learningRate * HIGHEST_WEIGHT, aMinus: 1.05 * learningRate * HIGHEST_WEIGHT },
    traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
    onPre: 'w -= aMinus * y1',
    onPost: 'w += aPlus * x1',
    bounds: [0, HIGHEST_WEIGHT],
  });

function plasticBrunel(name: 'W3' | 'W3s', nE: number, nI: number, learningRate: number): Omit<Workload, 'expected'> {
  const inputs = (degree: number): Pick<ConnectOptions, 'connect' | 'delay'> => ({
    connect:
      name === 'W3s'
        ? { kind: 'all-to-all', selfConnections: true }
        : { kind: 'fixed-in-degree', degree, multapses: true, selfConnections: true },
    delay: '1.5 ms',
  });
  return {
    name,
    summary: `Brunel with pair STDP, ${nE + nI} neurons, ${nE / 1000} M plastic synapses`,
    seconds: 1,
    counted: ['E', 'I'],
    brian2: ['bench_brian2.py', name],
    network: ({ seed, record }) => {
      const net = network({ dt: '0.1 ms', seed, precision: 'f32' });
      const excitatory = net.neurons('E', nE, CELL);
      const inhibitory = net.neurons('I', nI, CELL);
      net.connect(excitatory, excitatory, { ...inputs(1000), weight: 0.1, rule: pairStdp(learningRate) });
      net.connect(excitatory, inhibitory, { ...inputs(1000), weight: 0.1 });
      for (const post of [excitatory, inhibitory]) {
        net.connect(inhibitory, post, { ...inputs(250), weight: -0.5 });
        if (record) net.record(post, 'spikes');
      }
      return net.freeze();
    },
    prepare: (simulation, seed) => {
      const start = spread(nE + nI, 0, 20, seed);
      simulation.setState('E', 'v', start.subarray(0, nE));
      simulation.setState('I', 'v', start.subarray(nE));
    },
    run: runFor,
  };
}

export const w3: Workload = {
  ...plasticBrunel('W3', 10000, 2500, 1e-3),
  expected: [{ what: 'meanRateHz', value: 36, tolerance: 2 }],
};

export const w3s: Workload = {
  ...plasticBrunel('W3s', 1000, 250, 1e-4),
  expected: [{ what: 'meanRateHz', value: 38, tolerance: 2 }],
};
