/**
 * Layers of rate neurons and plain back-propagation through them (Rumelhart, Hinton & Williams, Nature 323:533, 1986): the reference that
 * local rules are compared with. Outside the chip path: nothing here runs on a chip.
 *
 *   u_l = W_lᵀ a_(l-1) + b_l,  a_l = f(u_l),  a_0 = input
 */
import { UserError } from '../../core/errors.ts';
import type { ActivationName } from './activations.ts';
import { ACTIVATIONS } from './activations.ts';
import type { LossName } from './loss.ts';
import { lossOf } from './loss.ts';
import { addForward, addOuter, drawWeights, rowTimes } from './matrix.ts';

/** Arrays in one order: weights of each layer, then biases of each layer. Gradients have the same shape. */
export interface RateParameters {
  /** [layers] of [nPre × nPost] */
  readonly weights: readonly Float64Array[];
  /** [layers] of [nPost] */
  readonly biases: readonly Float64Array[];
}

export interface RateNetwork extends RateParameters {
  /** Neurons of the input and of each layer. */
  readonly sizes: readonly number[];
  readonly hidden: ActivationName;
  readonly output: ActivationName;
}

export interface RateNetworkOptions {
  readonly sizes: readonly number[];
  /** Activation of hidden layers; tanh unless given. */
  readonly hidden?: ActivationName;
  /** Activation of the last layer; linear unless given. */
  readonly output?: ActivationName;
  readonly seed: number;
  /** Weights are normal with standard deviation gain / √nPre; 1 unless given. Biases start at 0. */
  readonly gain?: number;
}

export function rateNetwork({ sizes, hidden = 'tanh', output = 'linear', seed, gain = 1 }: RateNetworkOptions): RateNetwork {
  checkSizes(sizes);
  return {
    sizes,
    hidden,
    output,
    weights: sizes.slice(1).map((nPost, l) => drawWeights(sizes[l], nPost, seed, `teacher/rate/weights ${l}`, gain)),
    biases: sizes.slice(1).map((nPost) => new Float64Array(nPost)),
  };
}

/** At least an input and one layer, all of a whole number of neurons. */
export function checkSizes(sizes: readonly number[]): void {
  if (sizes.length >= 2 && sizes.every((size) => Number.isInteger(size) && size >= 1)) return;
  throw new UserError({
    code: 'E-RANGE',
    message: `sizes ${JSON.stringify(sizes)}: a network has an input and one layer or more, each of 1 neuron or more`,
    hint: 'write for instance [64, 100, 10]',
  });
}

export const parametersOf = ({ weights, biases }: RateParameters): readonly Float64Array[] => [...weights, ...biases];

/** Zeros in the shape of the parameters. */
export function zerosLike({ weights, biases }: RateParameters): RateParameters {
  const zeros = (arrays: readonly Float64Array[]) => arrays.map(({ length }) => new Float64Array(length));
  return { weights: zeros(weights), biases: zeros(biases) };
}

/** What a pass forward leaves behind, to be used again. */
export interface RateTape {
  /** [layers] of [nPost]: summed input of each layer. */
  readonly sums: readonly Float64Array[];
  /** [layers + 1]: the input, and the rates of each layer. */
  readonly rates: readonly Float64Array[];
  /** [layers] of [nPost]: d loss / d sum after a pass backward. */
  readonly slopes: readonly Float64Array[];
}

export function rateTape({ sizes }: RateNetwork): RateTape {
  const layers = () => sizes.slice(1).map((size) => new Float64Array(size));
  return { sums: layers(), rates: [new Float64Array(sizes[0]), ...layers()], slopes: layers() };
}

export const activationOf = (network: RateNetwork, layer: number) =>
  ACTIVATIONS[layer === network.weights.length - 1 ? network.output : network.hidden];

/** @returns the rates of the last layer, [nOut]: a view of the tape */
export function forward(network: RateNetwork, input: ArrayLike<number>, { sums, rates }: RateTape): Float64Array {
  rates[0].set(input);
  network.weights.forEach((weights, l) => {
    const u = sums[l];
    u.set(network.biases[l]);
    addForward(weights, rates[l], u);
    const { value } = activationOf(network, l);
    for (let j = 0; j < u.length; j++) rates[l + 1][j] = value(u[j]);
  });
  return rates[rates.length - 1];
}

/**
 * Adds the gradient of the loss of the sample on the tape to `gradient`, and leaves d loss / d sum of each layer on the tape.
 * @returns the loss
 */
export function backward(
  network: RateNetwork,
  tape: RateTape,
  loss: LossName,
  target: ArrayLike<number>,
  gradient: RateParameters,
): number {
  const { sums, rates, slopes } = tape;
  const last = network.weights.length - 1;
  const value = lossOf(loss, rates[last + 1], target, slopes[last]);
  for (let l = last; l >= 0; l--) {
    const { slope } = activationOf(network, l);
    const d = slopes[l];
    for (let j = 0; j < d.length; j++) d[j] = (l === last ? d[j] : rowTimes(network.weights[l + 1], j, slopes[l + 1])) * slope(sums[l][j]);
    addOuter(gradient.weights[l], rates[l], d);
    for (let j = 0; j < d.length; j++) gradient.biases[l][j] += d[j];
  }
  return value;
}
