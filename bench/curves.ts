/**
 * What a run costs against size, rate and plastic share. Random networks of LIF neurons whose weights are too small to matter, so that the
 * constant drive alone sets the rate: tau 20 ms, threshold 20 mV, reset 10 mV, refractory 2 ms fire at 1 / (2 ms + 20 ms · ln((µ-10)/(µ-20))).
 *
 * The model is seconds = a·(neurons·ticks) + b·(synaptic events) + c·(plastic events) + d, a plastic event being one evaluation of a rule for
 * one synapse. It is fitted to the smallest relative error, and a term of which a curve has nothing is left out.
 */
import { network } from '../index.ts';
import { runHere } from './compare.ts';
import { leastSquares } from './statistics.ts';
import { markdownTable } from './table.ts';
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

const SECONDS = 0.5;
const DT = 1e-4;

export const CURVES: Readonly<Record<string, readonly Point[]>> = {
  size: [
    ...[1000, 3000, 10000, 30000, 100000].map((neurons) => ({ neurons, degree: 100, rate: 20, plastic: 0 })),
    ...[10, 300, 1000].map((degree) => ({ neurons: 10000, degree, rate: 20, plastic: 0 })),
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

const TERMS = ['neurons·ticks', 'synaptic events', 'plastic events', 'run'] as const;

export interface Fit {
  /** Nanoseconds per unit of each term; undefined for terms the curve does not vary. */
  readonly nanoseconds: readonly (number | undefined)[];
  /** (measured - model) / measured per point */
  readonly residuals: readonly number[];
}

/** @param rows [points][TERMS] @param seconds [points] */
export function fit(rows: readonly (readonly number[])[], seconds: readonly number[]): Fit {
  // A term that stays the same over the curve cannot be told from the constant of a run.
  const varies = TERMS.map((_, c) => c === TERMS.length - 1 || new Set(rows.map((row) => row[c])).size > 1);
  const used = TERMS.map((_, c) => c).filter((c) => varies[c]);
  const relative = rows.map((row, k) => used.map((c) => row[c] / seconds[k]));
  const coefficients = leastSquares(
    relative,
    seconds.map(() => 1),
  );
  return {
    nanoseconds: TERMS.map((_, c) => (varies[c] ? coefficients[used.indexOf(c)] * 1e9 : undefined)),
    residuals: relative.map((row) => 1 - row.reduce((sum, value, c) => sum + value * coefficients[c], 0)),
  };
}

/** Measures every point `turns` times, all points by turns, and returns the table with the fitted model. */
export function measureCurve(points: readonly Point[], turns: number, seed: number, say: (line: string) => void): string {
  const best = points.map(() => Number.POSITIVE_INFINITY);
  const peaks = points.map(() => 0);
  const rows: number[][] = points.map(() => []);
  for (let turn = 0; turn < turns; turn++) {
    points.forEach((point, k) => {
      const run = runHere(pointName(point), 1, { seconds: SECONDS, seed, record: false });
      best[k] = Math.min(best[k], run.loopSeconds);
      peaks[k] = Math.max(peaks[k], run.peakBytes);
      rows[k] = [point.neurons * Math.round(SECONDS / DT), run.synapticEvents, run.plasticEvents, 1];
      say(`turn ${turn + 1}  ${pointName(point)}: loop ${run.loopSeconds.toFixed(3)} s`);
    });
  }
  const { nanoseconds, residuals } = fit(rows, best);
  const table = markdownTable(
    ['neurons', 'inputs', 'rate, Hz', 'plastic', 'loop (fastest), s', 'model off by', 'events', 'plastic events', 'peak, MB'],
    points.map(({ neurons, degree, rate, plastic }, k) => [
      `${neurons}`,
      `${degree}`,
      `${rate}`,
      `${plastic}`,
      best[k].toFixed(3),
      `${(100 * residuals[k]).toFixed(0)} %`,
      `${rows[k][1]}`,
      `${rows[k][2]}`,
      `${Math.round(peaks[k] / 1e6)}`,
    ]),
  );
  const terms = TERMS.map((term, c) => {
    const value = nanoseconds[c];
    if (value === undefined) return `${term}: the same everywhere`;
    return c === TERMS.length - 1 ? `${(value / 1e6).toFixed(1)} ms per run` : `${value.toFixed(3)} ns per ${term}`;
  });
  return `${table}\n\nModel: ${terms.join('; ')}`;
}
