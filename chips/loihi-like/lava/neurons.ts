/**
 * Lava's leaky integrate-and-fire neurons, one tick at a time: bit-accurate (PyLifModelBitAcc) and in floating point, with two-sided thresholds
 * (ternary), a refractory period (floating point only) and a periodic reset. The reference that the chip's compiled neurons are compared with.
 */
import { UserError } from '../../../core/errors.ts';
import { LOIHI } from '../profile.ts';

export interface LavaNeuronOptions {
  readonly arithmetic: 'bit_accurate' | 'floating_point';
  readonly n: number;
  /** 0 … 4095, or a fraction in floating point. */
  readonly du: number | readonly number[];
  readonly dv: number | readonly number[];
  /** In units of 64; in floating point as it is. */
  readonly vth?: number | readonly number[];
  /** Two thresholds for spikes of +1 and -1, in place of `vth`. */
  readonly vthHigh?: number | readonly number[];
  readonly vthLow?: number | readonly number[];
  readonly biasMantissa?: number | readonly number[];
  /** Ignored in floating point. */
  readonly biasExponent?: number | readonly number[];
  readonly u?: number | readonly number[];
  readonly v?: number | readonly number[];
  /** Ticks after a spike in which the membrane stands still. */
  readonly refractoryPeriod?: number;
  /** Ticks between two resets of u and v. */
  readonly resetInterval?: number;
  readonly resetOffset?: number;
}

export interface LavaNeurons {
  /** [n] after the last tick and its resets. */
  readonly u: number[];
  readonly v: number[];
  /** @param input [n] summed activation; returns [n] spikes: 1, 0, -1 */
  tick(input: ArrayLike<number>): number[];
}

const LIMIT = LOIHI.stateLimit.value;
const EDGE = LIMIT + 1;
const ONE = LOIHI.decayOne.value;
const UNIT = LOIHI.weightUnit.value;

/** sign(x)·floor(|x|·m / 4096). */
const decayed = (value: number, factor: number): number => Math.trunc((value * factor) / ONE) + 0;

/** The current runs over at 24 bits, unevenly: +2^23 stays, -2^23 becomes +2^23. */
function wrapped(current: number): number {
  const below = current > EDGE ? current - 2 * EDGE : current;
  return below <= -EDGE ? below + 2 * EDGE : below;
}

const each = (value: number | readonly number[] | undefined, n: number, otherwise = 0): number[] =>
  typeof value === 'object' ? [...value] : new Array<number>(n).fill(value ?? otherwise);

export function lavaNeurons(options: LavaNeuronOptions): LavaNeurons {
  const { arithmetic, n, refractoryPeriod, resetInterval, resetOffset = 0 } = options;
  const isInteger = arithmetic === 'bit_accurate';
  if (isInteger && refractoryPeriod !== undefined) {
    const message = "a refractory period in integer arithmetic: Lava's integer neuron has none";
    throw new UserError([{ code: 'E-LAVA-REFRACTORY', message, hint: "use floating point, or nengo-loihi's integer neuron" }]);
  }
  const scale = isInteger ? UNIT : 1;
  const [du, dv] = [each(options.du, n), each(options.dv, n)];
  const high = each(options.vthHigh ?? options.vth, n, Infinity).map((threshold) => threshold * scale);
  const low = each(options.vthLow, n, -Infinity).map((threshold) => threshold * scale);
  const exponents = each(options.biasExponent, n);
  const bias = each(options.biasMantissa, n).map((mantissa, i) => (isInteger ? Math.floor(mantissa * 2 ** exponents[i]) : mantissa));
  const u = each(options.u, n);
  const v = each(options.v, n);
  const standsUntil = new Array<number>(n).fill(0);
  let now = 0;

  const advanceInteger = (i: number, input: number): void => {
    u[i] = wrapped(decayed(u[i], ONE - (du[i] + 1)) + input * UNIT);
    v[i] = Math.min(LIMIT, Math.max(-LIMIT, decayed(v[i], ONE - dv[i]) + u[i] + bias[i]));
  };
  const advanceFloat = (i: number, input: number): void => {
    u[i] = u[i] * (1 - du[i]) + input;
    if (now > standsUntil[i]) v[i] = v[i] * (1 - dv[i]) + u[i] + bias[i];
  };

  return {
    u,
    v,
    tick(input) {
      now++;
      if (resetInterval !== undefined && now % resetInterval === resetOffset % resetInterval) {
        u.fill(0);
        v.fill(0);
      }
      return u.map((_, i) => {
        if (isInteger) advanceInteger(i, input[i]);
        else advanceFloat(i, input[i]);
        const spike = v[i] > high[i] ? 1 : v[i] < low[i] ? -1 : 0;
        if (spike !== 0) {
          v[i] = 0;
          standsUntil[i] = now + (refractoryPeriod ?? 0);
        }
        return spike;
      });
    },
  };
}
