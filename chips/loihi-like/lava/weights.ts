/**
 * Static connections of Lava: stored weights and the sums they send, with delays, and the automatic choice of exponent and bits on the way to
 * hardware (weightutils). Matrices are [post][pre].
 */
import { UserError } from '../../../core/errors.ts';
import type { SignMode } from '../weights.ts';
import { clipWeight, signOf, truncateWeight, weightRange } from '../weights.ts';
import type { Matrix } from './connection.ts';

export interface StaticConnectionOptions {
  readonly weights: Matrix;
  /** Taken from the weights if absent. */
  readonly sign?: SignMode;
  readonly weightBits?: number;
  readonly weightExponent?: number;
  /** 0 for spikes without payload: whatever is not zero counts as 1. */
  readonly messageBits?: number;
  /** 0 … 63 ticks beyond the first. */
  readonly delays?: Matrix;
}

export interface StaticConnection {
  /** Stored weights. */
  readonly effective: readonly (readonly number[])[];
  /** @param spikes [pre] 0, or 1, or a payload; returns [post] what arrives in this tick, from the spikes of earlier ticks */
  tick(spikes: ArrayLike<number>): number[];
}

const DELAY_MAX = 63;

export function staticConnection(options: StaticConnectionOptions): StaticConnection {
  const { weights, sign, weightBits = 8, weightExponent = 0, messageBits = 0, delays } = options;
  const flat = weights.flat();
  const mode = sign ?? signOf(Math.min(...flat), Math.max(...flat));
  const effective = weights.map((row) => row.map((weight) => truncateWeight(clipWeight(weight, mode), { sign: mode, bits: weightBits })));
  const longest = Math.max(0, ...(delays ?? []).flat());
  if (longest > DELAY_MAX) {
    throw new UserError([{ code: 'E-LAVA-DELAY', message: `a delay of ${longest} ticks`, hint: `the delay field ends at ${DELAY_MAX}` }]);
  }
  const silent = (): number[] => new Array<number>(weights.length).fill(0);
  /** [delay][post], the first row arrives next */
  const pending = Array.from({ length: longest + 1 }, silent);
  return {
    effective,
    tick(spikes) {
      const arriving = pending.shift() as number[];
      pending.push(silent());
      const payloads = Array.from(spikes, (payload) => (messageBits > 0 ? payload : payload !== 0 ? 1 : 0));
      effective.forEach((row, post) => {
        // synapses with one target and one delay are summed before the exponent is applied
        const sums = new Map<number, number>();
        row.forEach((weight, pre) => {
          const delay = delays?.[post][pre] ?? 0;
          sums.set(delay, (sums.get(delay) ?? 0) + weight * payloads[pre]);
        });
        for (const [delay, sum] of sums) pending[delay][post] += Math.floor(sum * 2 ** weightExponent);
      });
      return arriving;
    },
  };
}

export interface OptimisedWeights {
  readonly weights: number[][];
  readonly weightBits: number;
  readonly weightExponent: number;
}

/**
 * The largest left shift that the weights allow becomes the exponent, and the low bits that all of them leave empty are not stored.
 * @param loihi2 also divides the stored weights by the empty bits
 */
export function optimiseWeightBits(weights: Matrix, sign: SignMode, loihi2 = false): OptimisedWeights {
  const flat = weights.flat();
  const [lowest, highest] = [Math.min(...flat), Math.max(...flat)];
  const range = weightRange(sign);
  const refuse = (message: string, hint: string): never => {
    throw new UserError([{ code: 'E-LAVA-WEIGHTS', message, hint }]);
  };
  if (lowest < range.low || highest > range.high) {
    refuse(`weights from ${lowest} to ${highest}`, `${sign} weights lie between ${range.low} and ${range.high}`);
  }
  const weightExponent = lowest === 0 && highest === 0 ? 0 : -shiftThatFits(lowest, highest, sign);
  const mixed = sign === 'mixed' ? 1 : 0;
  let empty = 8;
  while (empty > 0 && flat.some((weight) => weight % 2 ** empty !== 0)) empty--;
  const weightBits = 8 + weightExponent - (empty - mixed);
  if (loihi2 && weightBits > 8) {
    refuse(`mixed weights that need ${weightBits} bits`, 'Loihi 2 stores 8: use even weights, or halve them and raise the exponent');
  }
  const divisor = loihi2 ? 2 ** (8 - weightBits) : 1;
  const stored = weights.map((row) =>
    row.map((weight) => {
      // a shift to the right is none for numpy: the weight is lost
      const shifted = weightExponent > 0 ? 0 : weight * 2 ** -weightExponent;
      const divided = Math.trunc(shifted / divisor);
      return (loihi2 && mixed === 1 ? Math.trunc(divided / 2) : divided) + 0;
    }),
  );
  return { weights: stored, weightBits, weightExponent: weightExponent + 0 };
}

function shiftThatFits(lowest: number, highest: number, sign: SignMode): number {
  if (sign === 'excitatory') return floorLog2(255 / highest);
  if (sign === 'inhibitory') return floorLog2(-255 / lowest);
  const scale = Math.min(highest > 0 ? 127 / highest : Infinity, lowest < 0 ? -128 / lowest : Infinity);
  return floorLog2(scale) + 1;
}

/** Exact where a logarithm might not be. */
function floorLog2(value: number): number {
  let exponent = 0;
  while (2 ** (exponent + 1) <= value) exponent++;
  while (2 ** exponent > value) exponent--;
  return exponent;
}
