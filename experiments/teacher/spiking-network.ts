/**
 * Layers of leaky integrate-and-fire neurons with a leaky read-out, run forward in time and kept on a tape for back-propagation through time
 * (bptt.ts). Within one tick, for each hidden layer l from the input on:
 *
 *   v_t = α·v'_(t-1) + W_lᵀ s^(l-1)_t + V_lᵀ s^l_(t-1) + b_l,   s_t = [v_t ≥ θ],   v'_t = v_t - θ s_t (soft reset) or v_t (1 - s_t) (hard reset)
 *
 * and the read-out y_t = κ·y_(t-1) + Wᵀ s_t + b; the output of a sample is the mean of y over its ticks. `spike: 'sigmoid'` puts a smooth function in
 * the place of the step, so that gradients can be compared with finite differences.
 */
import { UserError } from '../../core/errors.ts';
import { sigmoid } from './activations.ts';
import { addForward, drawWeights } from './matrix.ts';
import { checkSizes } from './rate-network.ts';

export interface SpikingNetworkOptions {
  /** Input, hidden layers, read-out. */
  readonly sizes: readonly number[];
  readonly seed: number;
  /** Ticks of a sample; 50 unless given. */
  readonly ticks?: number;
  /** Decay of the membrane per tick; 0.9 unless given. */
  readonly alpha?: number;
  /** Decay of the read-out per tick; 0.9 unless given. */
  readonly kappa?: number;
  readonly threshold?: number;
  /** Soft unless given. */
  readonly reset?: 'soft' | 'hard';
  /** Hidden layers have weights among themselves. */
  readonly recurrent?: boolean;
  /** The step, or σ(4(v - θ)) in its place; the step unless given. */
  readonly spike?: 'step' | 'sigmoid';
  /** Weights are normal with standard deviation gain / √nPre; 1 unless given. */
  readonly gain?: number;
}

export interface SpikingParameters {
  /** [layers] of [nPre × nPost]; the last leads to the read-out. */
  readonly weights: readonly Float64Array[];
  /** [hidden layers] of [n × n], or none. */
  readonly recurrent: readonly Float64Array[];
  /** [layers] of [nPost] */
  readonly biases: readonly Float64Array[];
}

export interface SpikingNetwork extends SpikingParameters, Required<Omit<SpikingNetworkOptions, 'seed' | 'gain' | 'recurrent'>> {}

/** Slope of the smooth spike at the threshold is a quarter of this, 1: as high as the triangle's. */
const STEEPNESS = 4;

export function spikingNetwork(options: SpikingNetworkOptions): SpikingNetwork {
  const {
    sizes,
    seed,
    ticks = 50,
    alpha = 0.9,
    kappa = 0.9,
    threshold = 1,
    reset = 'soft',
    recurrent = false,
    spike = 'step',
    gain = 1,
  } = options;
  checkSizes(sizes);
  if (sizes.length < 3 || !(Number.isInteger(ticks) && ticks >= 1)) {
    throw new UserError({
      code: 'E-RANGE',
      message: `a spiking network needs a hidden layer and 1 tick or more, not sizes ${JSON.stringify(sizes)} and ${ticks} ticks`,
    });
  }
  const hidden = sizes.slice(1, -1);
  return {
    sizes,
    ticks,
    alpha,
    kappa,
    threshold,
    reset,
    spike,
    weights: sizes.slice(1).map((nPost, l) => drawWeights(sizes[l], nPost, seed, `teacher/spiking/weights ${l}`, gain)),
    recurrent: recurrent ? hidden.map((n, l) => drawWeights(n, n, seed, `teacher/spiking/recurrent ${l}`, gain)) : [],
    biases: sizes.slice(1).map((nPost) => new Float64Array(nPost)),
  };
}

export const spikingParametersOf = ({ weights, recurrent, biases }: SpikingParameters): readonly Float64Array[] => [
  ...weights,
  ...recurrent,
  ...biases,
];

/** Zeros in the shape of the parameters. */
export function spikingZerosLike({ weights, recurrent, biases }: SpikingParameters): SpikingParameters {
  const zeros = (arrays: readonly Float64Array[]) => arrays.map(({ length }) => new Float64Array(length));
  return { weights: zeros(weights), recurrent: zeros(recurrent), biases: zeros(biases) };
}

/** A run forward; arrays are [ticks × size], a row per tick. */
export interface SpikingTape {
  /** The input's spikes first, then those of each hidden layer. */
  readonly spikes: readonly Float64Array[];
  /** Of each hidden layer, before its reset. */
  readonly membranes: readonly Float64Array[];
  /** [nOut] mean of the read-out over the ticks. */
  readonly output: Float64Array;
}

export function spikingTape({ sizes, ticks }: SpikingNetwork): SpikingTape {
  return {
    spikes: sizes.slice(0, -1).map((size) => new Float64Array(ticks * size)),
    membranes: sizes.slice(1, -1).map((size) => new Float64Array(ticks * size)),
    output: new Float64Array(sizes[sizes.length - 1]),
  };
}

/** Runs the sample whose input spikes are in tape.spikes[0], [ticks × nIn]. @returns tape.output */
export function runForward(network: SpikingNetwork, tape: SpikingTape): Float64Array {
  const { sizes, ticks, kappa, weights, biases } = network;
  const last = weights.length - 1;
  const nOut = sizes[last + 1];
  const readout = new Float64Array(nOut);
  tape.output.fill(0);
  for (let t = 0; t < ticks; t++) {
    for (let l = 0; l < last; l++) advanceLayer(network, tape, l, t);
    for (let k = 0; k < nOut; k++) readout[k] = kappa * readout[k] + biases[last][k];
    addForward(weights[last], tape.spikes[last], readout, t * sizes[last], 0, sizes[last], nOut);
    for (let k = 0; k < nOut; k++) tape.output[k] += readout[k] / ticks;
  }
  return tape.output;
}

function advanceLayer(
  { sizes, alpha, threshold, reset, spike, weights, recurrent, biases }: SpikingNetwork,
  tape: SpikingTape,
  l: number,
  t: number,
): void {
  const n = sizes[l + 1];
  const v = tape.membranes[l];
  const s = tape.spikes[l + 1];
  const now = t * n;
  const before = now - n;
  for (let j = 0; j < n; j++) {
    const kept = t === 0 ? 0 : reset === 'soft' ? v[before + j] - threshold * s[before + j] : v[before + j] * (1 - s[before + j]);
    v[now + j] = alpha * kept + biases[l][j];
  }
  addForward(weights[l], tape.spikes[l], v, t * sizes[l], now, sizes[l], n);
  if (recurrent.length > 0 && t > 0) addForward(recurrent[l], s, v, before, now, n, n);
  if (spike === 'step') for (let j = 0; j < n; j++) s[now + j] = v[now + j] >= threshold ? 1 : 0;
  else for (let j = 0; j < n; j++) s[now + j] = sigmoid(STEEPNESS * (v[now + j] - threshold));
}

/** d spike / d membrane: the triangle max(0, 1 - |v - θ|) in the place of the step's, or the smooth spike's own. */
export function spikeSlope({ spike, threshold }: SpikingNetwork, v: number, s: number): number {
  return spike === 'step' ? Math.max(0, 1 - Math.abs(v - threshold)) : STEEPNESS * s * (1 - s);
}
