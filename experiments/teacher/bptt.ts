/**
 * Surrogate-gradient back-propagation through time (Neftci, Mostafa & Zenke, IEEE Signal Process. Mag. 36(6):51, 2019): the spike's slope is a
 * triangle, and the reset counts as a constant (detached) unless told otherwise. With the path through the recurrent weights cut, this is symmetric
 * e-prop (Bellec et al., Nature Commun. 11:3625, 2020), which e-prop.ts reckons forward in time.
 */
import type { LossName } from './loss.ts';
import { lossOf } from './loss.ts';
import { addOuter, rowTimes } from './matrix.ts';
import type { SpikingNetwork, SpikingParameters, SpikingTape } from './spiking-network.ts';
import { spikeSlope } from './spiking-network.ts';

export interface BackwardOptions {
  /** The gradient flows through resets; false unless given. */
  readonly throughReset?: boolean;
  /** The gradient flows through recurrent weights from tick to tick; true unless given. Their own gradient is there either way. */
  readonly throughRecurrence?: boolean;
}

/** Adds the gradient of the sample on the tape to `gradient`. @returns the loss */
export function backwardInTime(
  network: SpikingNetwork,
  tape: SpikingTape,
  loss: LossName,
  target: ArrayLike<number>,
  gradient: SpikingParameters,
  { throughReset = false, throughRecurrence = true }: BackwardOptions = {},
): number {
  const { sizes, ticks, kappa, alpha, threshold, reset, weights, recurrent } = network;
  const last = weights.length - 1;
  const outputSlope = new Float64Array(sizes[last + 1]);
  const value = lossOf(loss, tape.output, target, outputSlope);
  // d loss / d read-out and d loss / d membrane, of this tick and of the next
  const slopes = sizes.slice(1).map((size) => new Float64Array(size));
  const next = sizes.slice(1, -1).map((size) => new Float64Array(size));
  for (let t = ticks - 1; t >= 0; t--) {
    const readout = slopes[last];
    for (let k = 0; k < readout.length; k++) {
      readout[k] = outputSlope[k] / ticks + kappa * readout[k];
      gradient.biases[last][k] += readout[k];
    }
    addOuter(gradient.weights[last], tape.spikes[last], readout, t * sizes[last], sizes[last]);
    for (let l = last - 1; l >= 0; l--) {
      const n = sizes[l + 1];
      const d = slopes[l];
      const later = next[l];
      later.set(d);
      const goesAround = recurrent.length > 0 && throughRecurrence;
      for (let j = 0; j < n; j++) {
        const v = tape.membranes[l][t * n + j];
        const s = tape.spikes[l + 1][t * n + j];
        const psi = spikeSlope(network, v, s);
        const kept = reset === 'soft' ? 1 : 1 - s;
        let dSpike = 0;
        // most neurons are far from their threshold most of the time
        if (psi !== 0) {
          dSpike = rowTimes(weights[l + 1], j, slopes[l + 1]);
          if (goesAround) dSpike += rowTimes(recurrent[l], j, later);
          if (throughReset) dSpike -= alpha * (reset === 'soft' ? threshold : v) * later[j];
        }
        d[j] = psi * dSpike + alpha * kept * later[j];
        gradient.biases[l][j] += d[j];
      }
      addOuter(gradient.weights[l], tape.spikes[l], d, t * sizes[l], sizes[l]);
      if (recurrent.length > 0 && t > 0) addOuter(gradient.recurrent[l], tape.spikes[l + 1], d, (t - 1) * n, n);
    }
  }
  return value;
}
