/**
 * Turns the pixels of one image (0 … 255) into spikes. `poissonRates` gives the rates of a Poisson source, whose neurons fire in a tick
 * with probability rate·dt: what an image says is then in the counts. `latencySpikes` gives one spike per bright pixel, brighter being
 * earlier (Thorpe, Delorme & Van Rullen, "Spike-based strategies for rapid processing", Neural Networks 14 (2001) 715-725).
 */
import { UserError } from '../core/errors.ts';

export const WHITE = 255;

export interface PoissonOptions {
  /**
   * Mean number of spikes per tick from the whole image: every image then drives the network alike, however much ink it has. Left out,
   * a white pixel fires at `maxRate` and the others in proportion.
   */
  readonly normalise?: number;
  /** Hz; rate of a white pixel, or with `normalise` the rate at which pixels are clipped. At most, and by default, one spike per tick. */
  readonly maxRate?: number;
  /** Length of a tick in seconds. */
  readonly dt: number;
}

/**
 * Writes the rates (Hz) of the n pixels from `offset` on to out[0 … n-1]. With `normalise` the firing probability of a pixel is x·k, k such
 * that the probabilities sum to `normalise`; what is clipped at `maxRate` is not given to other pixels, so a sparse image may stay below
 * that sum. A black image has rates of 0.
 */
export function poissonRates(pixels: Uint8Array, offset: number, n: number, options: PoissonOptions, out: Float64Array): void {
  const { normalise, dt, maxRate = 1 / dt } = options;
  if (!(dt > 0)) throw outOfRange('dt', dt, 'more than 0 s');
  if (!(maxRate >= 0)) throw outOfRange('maxRate', maxRate, '0 Hz and more');
  const limit = Math.min(maxRate, 1 / dt);
  let hzPerGrey = limit / WHITE;
  if (normalise !== undefined) {
    if (!(normalise >= 0 && normalise < Infinity)) throw outOfRange('normalise', normalise, '0 spikes per tick and more');
    let sum = 0;
    for (let k = 0; k < n; k++) sum += pixels[offset + k];
    hzPerGrey = sum === 0 ? 0 : normalise / sum / dt;
  }
  for (let k = 0; k < n; k++) out[k] = Math.min(pixels[offset + k] * hzPerGrey, limit);
}

export interface LatencyOptions {
  /** Number of ticks in which spikes may fall, 1 and more. */
  readonly window: number;
  /** Pixels darker than this (1 … 255) stay silent. */
  readonly threshold: number;
}

/**
 * One spike for each of the n pixels from `offset` on that reaches the threshold, sorted by tick, then neuron: the parallel arrays of a
 * replay source. The greys threshold … 255 are cut into `window` equal steps, white at tick 0.
 */
export function latencySpikes(
  pixels: Uint8Array,
  offset: number,
  n: number,
  options: LatencyOptions,
): { ticks: Int32Array; neurons: Int32Array } {
  const { window, threshold } = options;
  if (!(Number.isInteger(window) && window >= 1)) throw outOfRange('window', window, 'whole numbers of ticks from 1');
  if (!(threshold >= 1 && threshold <= WHITE)) throw outOfRange('threshold', threshold, `1 to ${WHITE}`);
  const greys = WHITE + 1 - threshold;
  const tickOf = (grey: number) => Math.floor(((WHITE - grey) * window) / greys);

  // Counting sort by tick; it is stable, so neurons stay in order within a tick.
  const start = new Int32Array(window + 1);
  for (let k = 0; k < n; k++) {
    const grey = pixels[offset + k];
    if (grey >= threshold) start[tickOf(grey) + 1]++;
  }
  for (let tick = 0; tick < window; tick++) start[tick + 1] += start[tick];
  const ticks = new Int32Array(start[window]);
  const neurons = new Int32Array(start[window]);
  for (let k = 0; k < n; k++) {
    const grey = pixels[offset + k];
    if (grey < threshold) continue;
    const tick = tickOf(grey);
    const at = start[tick]++;
    ticks[at] = tick;
    neurons[at] = k;
  }
  return { ticks, neurons };
}

function outOfRange(path: string, given: number, allowed: string): UserError {
  return new UserError({
    code: 'E-RANGE',
    message: `is ${given}; allowed are ${allowed}`,
    where: { path },
    got: String(given),
    expected: allowed,
  });
}
