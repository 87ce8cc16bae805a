/**
 * The integer neuron of nengo-loihi's emulator (CompartmentState), one tick at a time: plain 24-bit wrap of the current, a 22-bit wrap of what
 * arrives, limits of the membrane, and a refractory delay. A delay of r ticks holds the membrane at zero for r - 1 ticks after the spike.
 */
import { decayInteger, wrapSigned } from './number-formats.ts';

export interface NengoNeuronOptions {
  readonly n: number;
  /** [n] or one for all, 0 … 4095. */
  readonly decayU: number | readonly number[];
  readonly decayV: number | readonly number[];
  /** Membrane units. */
  readonly threshold: number | readonly number[];
  readonly refractoryDelay: number | readonly number[];
  readonly bias: number | readonly number[];
  readonly low: number | readonly number[];
  readonly high: number | readonly number[];
}

export interface NengoNeurons {
  readonly u: number[];
  readonly v: number[];
  /** @param input [n] current units, weight · 64; returns [n] spikes */
  tick(input: ArrayLike<number>): number[];
}

const INPUT_BITS = 21;
const CURRENT_BITS = 23;

export function nengoNeurons({ n, ...given }: NengoNeuronOptions): NengoNeurons {
  const each = (value: number | readonly number[]): readonly number[] =>
    typeof value === 'number' ? new Array<number>(n).fill(value) : value;
  const [decayU, decayV, threshold, delay] = [given.decayU, given.decayV, given.threshold, given.refractoryDelay].map(each);
  const [bias, low, high] = [given.bias, given.low, given.high].map(each);
  const u = new Array<number>(n).fill(0);
  const v = new Array<number>(n).fill(0);
  const left = new Array<number>(n).fill(0);
  return {
    u,
    v,
    tick: (input) =>
      u.map((_, i) => {
        u[i] = wrapSigned(decayInteger(u[i], decayU[i], 1) + wrapSigned(input[i], INPUT_BITS), CURRENT_BITS);
        const added = wrapSigned(u[i] + bias[i], CURRENT_BITS);
        const moved = Math.min(high[i], Math.max(low[i], decayInteger(v[i], decayV[i]) + added));
        v[i] = left[i] > 0 ? 0 : moved;
        const spike = v[i] > threshold[i];
        if (spike) {
          v[i] = 0;
          left[i] = delay[i];
        }
        left[i] = Math.max(0, left[i] - 1);
        return spike ? 1 : 0;
      }),
  };
}
