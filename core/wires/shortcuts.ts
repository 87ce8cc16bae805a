/**
 * Estimates of wire loss that other tools use, to compare with the exact answer; neither is used in a run. Both are wrong where spikes are sparse
 * or currents are shared (see tests/core/wires/shortcuts.test.ts).
 */
import type { Grid } from './grid.ts';

/**
 * Each cell in series with its own wire path and nothing shared (NeuroSim V3.0 read model without access resistance).
 * @returns [outputs] amperes
 */
export function seriesShortcut(
  { inputs, outputs, conductance, inputOhm, outputOhm, driverOhm = 0, senseOhm = 0 }: Grid,
  volts: ArrayLike<number>,
): Float64Array {
  const currents = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const path = driverOhm + (o + 1) * inputOhm + (inputs - i) * outputOhm + senseOhm;
      currents[o] += seriesConductance(conductance[o * inputs + i], path) * volts[i];
    }
  }
  return currents;
}

/** Conductance of a cell behind a resistance. */
export const seriesConductance = (siemens: number, ohm: number): number => siemens / (1 + siemens * ohm);

/**
 * aihwkit's polynomial per output (version 1.1.0): y - c·sum w·x·(1 - (1 - j/n)²) with c = 0.05a³ - 0.2a² + 0.5a, a = n/ratio · sum |w||x|; j counts
 * from the input farthest from the converter. Its fit assumes that inputs are spread evenly over the line.
 * @param weights [n] of one output; @param ratio wire conductance per segment over the conductance of a full weight
 */
export function polynomialIrDrop(weights: ArrayLike<number>, x: ArrayLike<number>, ratio: number, scale = 1): number {
  const n = x.length;
  let [sum, magnitude, lost] = [0, 0, 0];
  for (let j = 0; j < n; j++) {
    const product = weights[j] * x[j];
    sum += product;
    magnitude += Math.abs(product);
    lost += product * (1 - (1 - j / n) ** 2);
  }
  const a = (magnitude * n) / ratio;
  const c = 0.05 * a ** 3 - 0.2 * a ** 2 + 0.5 * a;
  return sum - scale * c * lost;
}
