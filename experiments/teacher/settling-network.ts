/**
 * Layers of smooth rate neurons whose neighbours drive each other through the same weights, so that they settle in a minimum of an energy (Scellier & Bengio,
 * Front. Comput. Neurosci. 11:24, 2017), and back-propagation through the settled state (recurrent back-propagation: Almeida, ICNN 2:609, 1987; Pineda, Phys.
 * Rev. Lett. 59:2229, 1987): the reference that rules for such networks are compared with.
 *
 *   E = ½ Σ u² - Σ ρᵀ W ρ + β C,  ρ = σ(4u - 2),  C = ½ |ρ_out - target|²
 */
import { sigmoid } from './activations.ts';
import { addForward, addOuter, rowTimes } from './matrix.ts';

export interface SettlingNetwork {
  /** [layers] of [nPre × nPost]: from the input on; all but the first act in both directions. */
  readonly weights: readonly Float64Array[];
  readonly input: Float64Array;
  readonly target: Float64Array;
}

/** [layers] potentials, the input left out. */
export type Potentials = readonly Float64Array[];

export interface SettlingOptions {
  /** Share of the force that a potential moves by in a step; 0.3 unless given. */
  readonly step?: number;
  /** It is at rest when no force is above; 1e-14 unless given. */
  readonly tolerance?: number;
  /** 5000 unless given. */
  readonly steps?: number;
  /** Whether weights change meanwhile; not unless given. */
  readonly weightsMove?: boolean;
  /** Sees every state on the way. */
  readonly onStep?: (state: Potentials) => void;
}

const rateAt = (u: number): number => sigmoid(4 * u - 2);
export const ratesOf = (u: Float64Array): Float64Array => u.map(rateAt);
const slopeAt = (rate: number): number => 4 * rate * (1 - rate);

/** Potentials of zero. @param sizes neurons of the input and of each layer */
export const atRest = (sizes: readonly number[]): Potentials => sizes.slice(1).map((size) => new Float64Array(size));

/** ½ |ρ - target|² over the outputs. */
export function costOf({ target }: SettlingNetwork, state: Potentials): number {
  return ratesOf(state[state.length - 1]).reduce((sum, rate, k) => sum + 0.5 * (rate - target[k]) ** 2, 0);
}

export function energyOf(net: SettlingNetwork, state: Potentials, beta: number): number {
  const rates = [net.input, ...state.map(ratesOf)];
  const square = state.reduce((sum, u) => sum + u.reduce((inner, value) => inner + 0.5 * value * value, 0), 0);
  const pairs = net.weights.map((weights, l) => rates[l].reduce((sum, rate, i) => sum + rate * rowTimes(weights, i, rates[l + 1]), 0));
  return pairs.reduce((energy, pair) => energy - pair, square) + beta * costOf(net, state);
}

/** Writes what drives each layer from both sides. @param fromInput drive of the first layer by the input @param rates [layers] */
function drive(
  weights: readonly Float64Array[],
  fromInput: Float64Array,
  rates: readonly Float64Array[],
  out: readonly Float64Array[],
): void {
  out.forEach((into, l) => {
    if (l === 0) into.set(fromInput);
    else addForward(weights[l], rates[l - 1], into.fill(0));
    if (l + 1 < rates.length) for (let j = 0; j < into.length; j++) into[j] += rowTimes(weights[l + 1], j, rates[l + 1]);
  });
}

function inputDrive({ weights, input }: SettlingNetwork, size: number): Float64Array {
  const drive = new Float64Array(size);
  addForward(weights[0], input, drive);
  return drive;
}

const emptyLike = (state: Potentials): Float64Array[] => state.map(({ length }) => new Float64Array(length));

/** Gradient descent on the energy until nothing moves. @returns a new state */
export function settle(net: SettlingNetwork, from: Potentials, beta: number, options: SettlingOptions = {}): Potentials {
  const { step = 0.3, tolerance = 1e-14, steps = 5000, weightsMove = false, onStep } = options;
  const state = from.map((u) => u.slice());
  const last = state.length - 1;
  const [rates, driven] = [emptyLike(state), emptyLike(state)];
  const fromInput = inputDrive(net, state[0].length);
  for (let n = 0; n < steps; n++) {
    for (const [l, u] of state.entries()) for (let j = 0; j < u.length; j++) rates[l][j] = rateAt(u[j]);
    drive(net.weights, weightsMove ? inputDrive(net, state[0].length) : fromInput, rates, driven);
    // plain loops: a sum that a closure writes is a number on the heap for every write
    let largest = 0;
    for (const [l, u] of state.entries()) {
      const [rate, driving] = [rates[l], driven[l]];
      for (let j = 0; j < u.length; j++) {
        const nudge = l === last ? beta * (net.target[j] - rate[j]) : 0;
        const force = slopeAt(rate[j]) * (driving[j] + nudge) - u[j];
        u[j] += step * force;
        largest = Math.max(largest, Math.abs(force));
      }
    }
    onStep?.(state);
    if (largest < tolerance) break;
  }
  return state;
}

/**
 * Gradient of the cost in the settled state by each weight. The errors λ solve H λ = dC/du, where H is the curvature of the energy; they settle as the network
 * does. @param state settled without nudging
 */
export function settledGradient(
  net: SettlingNetwork,
  state: Potentials,
  options: Omit<SettlingOptions, 'onStep' | 'weightsMove'> = {},
): Float64Array[] {
  const { step = 0.3, tolerance = 1e-14, steps = 5000 } = options;
  const rates = state.map(ratesOf);
  const slopes = rates.map((layer) => layer.map(slopeAt));
  const last = state.length - 1;
  const [driven, errors, back] = [emptyLike(state), emptyLike(state), emptyLike(state)];
  drive(net.weights, inputDrive(net, state[0].length), rates, driven);
  const nothing = new Float64Array(state[0].length);
  /** λ times the slope of its own neuron. */
  const sent = emptyLike(state);
  for (let n = 0; n < steps; n++) {
    drive(net.weights, nothing, sent, back);
    let largest = 0;
    for (const [l, values] of errors.entries()) {
      for (let j = 0; j < values.length; j++) {
        const [rate, slope] = [rates[l][j], slopes[l][j]];
        const curvature = 1 - 4 * slope * (1 - 2 * rate) * driven[l][j];
        const source = l === last ? (rate - net.target[j]) * slope : 0;
        const force = source - curvature * values[j] + slope * back[l][j];
        values[j] += step * force;
        largest = Math.max(largest, Math.abs(force));
      }
    }
    errors.forEach((values, l) => {
      for (let j = 0; j < values.length; j++) sent[l][j] = values[j] * slopes[l][j];
    });
    if (largest < tolerance) break;
  }
  return net.weights.map((weights, l) => {
    const gradient = new Float64Array(weights.length);
    addOuter(gradient, l === 0 ? net.input : rates[l - 1], sent[l]);
    if (l > 0) addOuter(gradient, sent[l - 1], rates[l]);
    return gradient;
  });
}
