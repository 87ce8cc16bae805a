/**
 * From network units to integers, one membrane scale per population. A weight of 1 moves the membrane by 64 (times a shared exponent), so the
 * scale of the membrane follows from that of the weights:
 *
 *   integer weight = weight × gain × unit / 2^rise        membrane = value × unit × 64 × 2^exponent
 *
 * with `gain` what one unit of weight does to the membrane through its port in one tick. One projection, the anchor, fills its format: the first
 * that learns (its bounds then end at the largest integer), else the one with the largest weights. The others follow with a power of two of
 * their own (`rise`, in hardware the weight exponent of the synapse format), so that no projection is clipped. `exponent` is 0, or as far below
 * as the threshold needs to fit its 17 bits.
 */
import { EXIT, UserError } from '../../core/errors.ts';
import { parameterValues } from '../../core/lowering/population.ts';
import type { Network, Population, Projection } from '../../core/network/network.ts';
import { LOIHI } from './profile.ts';
import type { LoihiSettings } from './switches.ts';
import type { WeightFormat } from './weights.ts';
import { largestWeight, signOf } from './weights.ts';

/** A projection onto the population with its initial weights, [nSynapses], network units; not needed where a rule learns. */
export interface Incoming {
  readonly projection: Projection;
  readonly weights: Float64Array;
}

export interface ProjectionScale {
  readonly format: WeightFormat;
  /** Integer weight per network unit of weight. */
  readonly scale: number;
  /** A spike adds weight × 2^rise to its port. */
  readonly rise: number;
}

export interface MembraneScale {
  /** Chip membrane per network unit. */
  readonly membrane: number;
  /** Threshold mantissa per network unit: membrane / 64. */
  readonly mantissa: number;
  /** Shift of the summed input, 0 or negative. */
  readonly exponent: number;
  readonly projections: ReadonlyMap<string, ProjectionScale>;
}

/**
 * What a weight of 1 adds to the membrane within the tick it arrives in, by port. An array when it differs between neurons, which integers
 * shared by a projection cannot express.
 */
export function portGain(population: Population, port: string, dt: number): number | Float64Array {
  const { constants, perNeuron } = parameterValues(population, dt);
  const value = (name: string): number | Float64Array => perNeuron.get(name) ?? constants.get(name) ?? Number.NaN;
  if (population.model.name === 'cubalif') return value(port === 'inhibitory' ? 'gainInh' : 'gainExc');
  if (port === 'delta' || population.model.name === 'rate-if') return 1;
  const leak = value('leak');
  const resistance = value('resistance');
  if (typeof leak === 'number' && typeof resistance === 'number') return (1 - leak) * resistance;
  const at = (parameter: number | Float64Array, i: number): number => (typeof parameter === 'number' ? parameter : parameter[i]);
  return Float64Array.from({ length: population.size }, (_, i) => (1 - at(leak, i)) * at(resistance, i));
}

/** Refuses a format that has no weight but zero: of weights of both signs one bit holds the sign alone. */
export function weightFormat(incoming: Incoming, settings: LoihiSettings): WeightFormat {
  const format = { sign: signOf(...rangeOf(incoming)), bits: bitsOf(incoming, settings) };
  if (largestWeight(format) > 0) return format;
  throw new UserError(
    {
      code: 'E-WEIGHT-BITS',
      message: `projection ${incoming.projection.name} has weights of both signs, and ${format.bits} bit for them, which is the sign`,
      hint: 'give it 2 bits or more (weightBits, learnedWeightBits, or projectionBits for this one)',
      got: String(format.bits),
    },
    EXIT.doesNotFit,
  );
}

function bitsOf({ projection: { name, rule } }: Incoming, { projectionBits, weightBits, learnedWeightBits }: LoihiSettings): number {
  return projectionBits[name] ?? (rule === undefined ? weightBits : learnedWeightBits);
}

function rangeOf({ projection: { rule }, weights }: Incoming): readonly [low: number, high: number] {
  if (rule !== undefined) return rule.bounds;
  let [low, high] = [0, 0];
  for (const weight of weights) {
    low = Math.min(low, weight);
    high = Math.max(high, weight);
  }
  return [low, high];
}

function largestMagnitude({ projection, weights }: Incoming): number {
  if (projection.rule !== undefined) return Math.max(...projection.rule.bounds.map(Math.abs));
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  return largest;
}

export function membraneScale(
  population: Population,
  incoming: readonly Incoming[],
  { dt, populations }: Pick<Network, 'dt' | 'populations'>,
  settings: LoihiSettings,
): MembraneScale {
  const demands = incoming.map((one) => {
    const gain = portGain(population, one.projection.port, dt);
    const format = weightFormat(one, settings);
    const pre = populations.find(({ name }) => name === one.projection.pre);
    // a weight that is multiplied by a payload has that much less to do
    const sharedGain = (typeof gain === 'number' && gain > 0 ? gain : 1) / (pre === undefined ? 1 : payloadScale(pre));
    // units of weight integer per membrane unit at which this projection would just fill its format
    return { one, format, gain: sharedGain, fills: largestWeight(format) / (largestMagnitude(one) * sharedGain) };
  });
  const usable = demands.filter(({ fills }) => Number.isFinite(fills));
  const learning = usable.find(({ one }) => one.projection.rule !== undefined);
  const threshold = thresholdAboveRest(population, dt);
  let unit =
    learning?.fills ??
    (usable.length > 0 ? Math.min(...usable.map(({ fills }) => fills)) : largestWeight({ sign: 'excitatory', bits: 8 }) / threshold);
  const riseOf = (fills: number): number => (Number.isFinite(fills) ? Math.max(0, Math.ceil(Math.log2(unit / fills) - 1e-9)) : 0);
  const excess = Math.max(0, ...demands.map(({ fills }) => riseOf(fills))) - LOIHI.weightExponentMax.value;
  if (excess > 0) unit /= 2 ** excess;
  let exponent = 0;
  while (exponent > LOIHI.weightExponentMin.value + 1 && threshold * unit * 2 ** exponent > LOIHI.thresholdMantissaMax.value) exponent--;
  const mantissa = unit * 2 ** exponent;
  return {
    membrane: mantissa * LOIHI.weightUnit.value,
    mantissa,
    exponent,
    projections: new Map(
      demands.map(({ one, format, gain, fills }) => {
        const rise = riseOf(fills);
        return [one.projection.name, { format, rise, scale: (gain * unit) / 2 ** rise }];
      }),
    ),
  };
}

/** A change that a sigma-delta neuron just sends is so many units of its payload. */
export const SIGMA_DELTA_STEPS = 16;

/** Units of an integer payload per unit of the network's. */
export function payloadScale({ model, parameters }: Population): number {
  const { vThreshold } = parameters;
  if (model.name !== 'sigma-delta' || vThreshold === undefined) return 1;
  return SIGMA_DELTA_STEPS / (typeof vThreshold === 'number' ? vThreshold : vThreshold[0]);
}

/** Largest distance from rest to threshold; twice that where the host may raise the threshold. */
export function thresholdAboveRest(population: Population, dt: number): number {
  const { constants, perNeuron } = parameterValues(population, dt);
  const list = (name: string): readonly number[] => {
    const values = perNeuron.get(name);
    return values === undefined ? [constants.get(name) ?? 0] : [...values];
  };
  const thresholds = list('vThreshold');
  const rests = list('vRest');
  const headroom = population.tunable.includes('vThreshold') || population.tunable.includes('thresholdShift') ? 2 : 1;
  const distance = Math.max(
    ...thresholds.map((value, i) => value - rests[rests.length === 1 ? 0 : i]),
    ...(thresholds.length === 1 ? rests.map((rest) => thresholds[0] - rest) : []),
  );
  return Math.max(distance, Number.MIN_VALUE) * headroom;
}
