/**
 * Symmetric e-prop (Bellec et al., Nature Commun. 11:3625, 2020): every synapse keeps an eligibility trace forward in time, which the error of the
 * read-out, brought back through the transposed read-out weights, turns into a gradient. For one hidden layer it gives what back-propagation through time
 * gives with the recurrent path cut; nothing of the way is the same, so each proves the other.
 */
import { UserError } from '../../core/errors.ts';
import type { LossName } from './loss.ts';
import { lossOf } from './loss.ts';
import { rowTimes } from './matrix.ts';
import type { SpikingNetwork, SpikingParameters, SpikingTape } from './spiking-network.ts';
import { spikeSlope } from './spiking-network.ts';

/** Adds the gradient of the sample on the tape to `gradient`. @returns the loss */
export function eProp(
  network: SpikingNetwork,
  tape: SpikingTape,
  loss: LossName,
  target: ArrayLike<number>,
  gradient: SpikingParameters,
): number {
  const { sizes, ticks, weights, recurrent } = network;
  if (sizes.length !== 3) {
    throw new UserError({ code: 'E-RANGE', message: `e-prop is for one hidden layer, not for sizes ${JSON.stringify(sizes)}` });
  }
  const [nIn, n, nOut] = sizes;
  const error = new Float64Array(nOut);
  const value = lossOf(loss, tape.output, target, error);
  for (let k = 0; k < nOut; k++) error[k] /= ticks;
  const [input, hidden] = tape.spikes;
  const readoutFilter = filteredSums(network, n, (t, j) => hidden[t * n + j]);
  for (let j = 0; j < n; j++) for (let k = 0; k < nOut; k++) gradient.weights[1][j * nOut + k] += readoutFilter[j] * error[k];
  const [ones] = filteredSums(network, 1, () => 1);
  for (let k = 0; k < nOut; k++) gradient.biases[1][k] += ones * error[k];
  // the learning signal of a hidden neuron does not change during a sample, because the loss is one of the mean
  const signal = Float64Array.from({ length: n }, (_, j) => rowTimes(weights[1], j, error));
  for (let j = 0; j < n; j++) {
    const eligibility = (spikeAt: (t: number) => number) => signal[j] * eligibilitySum(network, tape, j, spikeAt);
    for (let i = 0; i < nIn; i++) gradient.weights[0][i * n + j] += eligibility((t) => input[t * nIn + i]);
    for (let i = 0; i < (recurrent.length === 0 ? 0 : n); i++)
      gradient.recurrent[0][i * n + j] += eligibility((t) => (t === 0 ? 0 : hidden[(t - 1) * n + i]));
    gradient.biases[0][j] += eligibility(() => 1);
  }
  return value;
}

/** [n] Σ_t of a source's values low-passed by the read-out. */
function filteredSums({ ticks, kappa }: SpikingNetwork, n: number, valueAt: (t: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: n }, (_, j) => {
    let [filtered, sum] = [0, 0];
    for (let t = 0; t < ticks; t++) {
      filtered = kappa * filtered + valueAt(t, j);
      sum += filtered;
    }
    return sum;
  });
}

/** Σ_t of the eligibility of one synapse onto hidden neuron j, low-passed by the read-out. */
function eligibilitySum(network: SpikingNetwork, tape: SpikingTape, j: number, spikeAt: (t: number) => number): number {
  const { sizes, ticks, alpha, kappa, reset } = network;
  const n = sizes[1];
  let [reached, filtered, sum] = [0, 0, 0];
  for (let t = 0; t < ticks; t++) {
    const kept = t === 0 ? 0 : reset === 'soft' ? 1 : 1 - tape.spikes[1][(t - 1) * n + j];
    reached = alpha * kept * reached + spikeAt(t);
    filtered = kappa * filtered + spikeSlope(network, tape.membranes[0][t * n + j], tape.spikes[1][t * n + j]) * reached;
    sum += filtered;
  }
  return sum;
}
