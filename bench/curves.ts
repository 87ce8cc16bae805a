/**
 * What a run costs against size, rate and plastic share. Random networks of LIF neurons whose weights are too small to matter, so that the
 * constant drive alone sets the rate: tau 20 ms, threshold 20 mV, reset 10 mV, refractory 2 ms fire at 1 / (2 ms + 20 ms · ln((µ-10)/(µ-20))).
 */
import { network } from '../simulation.ts';
import type { Workload } from './workload.ts';
import { runFor, spread } from './workload.ts';
import { pairStdp } from './workloads/w3.ts';

export interface Point {
  readonly neurons: number;
  /** Inputs per neuron */
  readonly degree: number;
  /** Hz */
  readonly rate: number;
  /** Share of the synapses that learn, 0 … 1 */
  readonly plastic: number;
}

/** Biological time of every point. */
export const SECONDS = 0.5;

export const CURVES: Readonly<Record<string, readonly Point[]>> = {
  size: [
    ...[1000, 3000, 10000, 30000, 100000].map((neurons) => ({ neurons, degree: 100, rate: 20, plastic: 0 })),
    ...[10, 300, 1000].map((degree) => ({ neurons: 10000, degree, rate: 20, plastic: 0 })),
    ...[30000, 100000].map((neurons) => ({ neurons, degree: 1000, rate: 20, plastic: 0 })),
  ],
  rate: [5, 10, 20, 40, 80].map((rate) => ({ neurons: 10000, degree: 200, rate, plastic: 0 })),
  plastic: [0, 0.1, 0.25, 0.5, 0.75, 1].map((plastic) => ({ neurons: 5000, degree: 200, rate: 20, plastic })),
};

/** Points travel to the process that runs them as a name. */
export const pointName = ({ neurons, degree, rate, plastic }: Point): string => `point ${neurons} ${degree} ${rate} ${plastic}`;

export function pointWorkload(name: string): Workload | undefined {
  const [word, ...numbers] = name.split(' ');
  if (word !== 'point') return undefined;
  const [neurons, degree, rate, plastic] = numbers.map(Number);
  const plasticDegree = Math.round(degree * plastic);
  return {
    name,
    summary: `${neurons} neurons, ${degree} inputs each, ${rate} Hz, ${plastic * 100} % plastic`,
    seconds: SECONDS,
    expected: [],
    counted: ['cells'],
    brian2: [],
    network: ({ seed, record }) => {
      const net = network({ dt: '0.1 ms', seed, precision: 'f32' });
      const drive = driveOf(rate);
      const cells = net.neurons('cells', neurons, {
        model: 'lif',
        tauMem: '20 ms',
        vThreshold: 20,
        vReset: 10,
        vRest: drive,
        vInitial: 0,
        refractory: '2 ms',
      });
      const inputs = (count: number) =>
        ({
          connect: { kind: 'fixed-in-degree', degree: count, multapses: true, selfConnections: true },
          weight: 1e-5,
          delay: '1.5 ms',
        }) as const;
      if (plasticDegree < degree) net.connect(cells, cells, { ...inputs(degree - plasticDegree), name: 'fixed' });
      if (plasticDegree > 0) net.connect(cells, cells, { ...inputs(plasticDegree), name: 'learning', rule: pairStdp(1e-7) });
      if (record) net.record(cells, 'spikes');
      return net.freeze();
    },
    prepare: (simulation, seed) => simulation.setState('cells', 'v', spread(neurons, 10, 20, seed)),
    run: runFor,
  };
}

/** The drive in mV that makes a neuron fire at `rate` Hz. */
function driveOf(rate: number): number {
  const growth = Math.exp((1 / rate - 0.002) / 0.02);
  return (20 * growth - 10) / (growth - 1);
}
