/**
 * What a run costs, as a sum over what it has to do: seconds = Σ ns of a term · how often it happens, and bytes = what Node takes + what the
 * network needs (core/plan/memory-need.ts). The terms are named for the loops of the kernel; their nanoseconds are fitted to measured
 * curves (bench/scale.ts), all curves together.
 */
import type { Work } from './measure-run.ts';
import { leastSquares } from './statistics.ts';

/** One measured point of a curve. */
export interface Measured {
  readonly curve: string;
  readonly neurons: number;
  /** Inputs per neuron */
  readonly degree: number;
  /** Hz */
  readonly rate: number;
  /** Share of the synapses that learn, 0 … 1 */
  readonly plastic: number;
  /** The fastest of all turns. */
  readonly loopSeconds: number;
  readonly peakBytes: number;
  /** From the sizes alone, before anything was drawn. */
  readonly needBytes: number;
  readonly work: Work;
}

/** State of so many neurons fits the second-level cache (1 MB, some 50 bytes of state, ports and counts each). */
export const NEURONS_IN_CACHE = 20_000;

interface Term {
  readonly name: string;
  readonly of: (point: Pick<Measured, 'neurons' | 'work'>) => number;
}

export const TERMS: readonly Term[] = [
  { name: 'a neuron advanced by a tick', of: ({ work }) => work.neuronTicks },
  {
    name: `the same beyond ${NEURONS_IN_CACHE} neurons, more`,
    of: ({ work, neurons }) => work.neuronTicks * Math.max(0, 1 - NEURONS_IN_CACHE / neurons),
  },
  { name: 'a spike over a synapse of a row', of: ({ work }) => work.rowEvents },
  { name: 'a row that a spike arrives on', of: ({ work }) => work.rows },
  { name: 'a vector of 128 targets kept as bits', of: ({ work }) => work.bitVectors },
  { name: 'a plastic row that a spike arrives on, more', of: ({ work }) => work.plasticRows },
  { name: 'a rule evaluated for a synapse', of: ({ work }) => work.plasticEvents },
  { name: 'a run', of: () => 1 },
];

export interface CostModel {
  /** Nanoseconds per term, in the order of TERMS; 0 for a term that explains nothing. */
  readonly nanoseconds: readonly number[];
  /** Bytes that a process takes before the network. */
  readonly baseBytes: number;
}

/** The model with the smallest relative errors and no negative cost: the term that would be most negative is left out, until none is. */
export function fitModel(points: readonly Measured[]): CostModel {
  let used = TERMS.map((_, t) => t).filter((t) => points.some((point) => TERMS[t].of(point) > 0));
  for (;;) {
    const rows = points.map((point) => used.map((t) => TERMS[t].of(point) / point.loopSeconds));
    // columns of one size, so that the normal equations stay well conditioned
    const scales = used.map((_, c) => Math.sqrt(rows.reduce((sum, row) => sum + row[c] ** 2, 0)));
    const scaled = rows.map((row) => row.map((value, c) => value / scales[c]));
    const found = leastSquares(
      scaled,
      points.map(() => 1),
    );
    const least = found.indexOf(Math.min(...found));
    if (found[least] >= 0) {
      const nanoseconds = TERMS.map((_, t) => (used.includes(t) ? (1e9 * found[used.indexOf(t)]) / scales[used.indexOf(t)] : 0));
      return { nanoseconds, baseBytes: fitBase(points) };
    }
    used = used.filter((_, c) => c !== least);
  }
}

/** The base with the smallest relative errors of the peaks. */
function fitBase(points: readonly Measured[]): number {
  const [base] = leastSquares(
    points.map(({ peakBytes }) => [1 / peakBytes]),
    points.map(({ peakBytes, needBytes }) => 1 - needBytes / peakBytes),
  );
  return base;
}

export function secondsOf({ nanoseconds }: CostModel, point: Pick<Measured, 'neurons' | 'work'>): number {
  return TERMS.reduce((sum, { of }, t) => sum + nanoseconds[t] * 1e-9 * of(point), 0);
}

export const bytesOf = ({ baseBytes }: CostModel, { needBytes }: Pick<Measured, 'needBytes'>): number => baseBytes + needBytes;

/** (model - measured) / measured of time and memory. */
export function offBy(model: CostModel, point: Measured): { readonly time: number; readonly memory: number } {
  return { time: secondsOf(model, point) / point.loopSeconds - 1, memory: bytesOf(model, point) / point.peakBytes - 1 };
}
