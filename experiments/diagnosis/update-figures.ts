/**
 * What becomes of the weight changes that a rule asks for: figures over pairs of changes of one projection, one by the chip and one by an ideal chip with
 * the same weights, shown the same sample. Nothing is kept but sums, so any number of pairs takes the memory of two.
 *
 *   angle      between the two changes of a sample, in degrees, mean over samples; and between the sums over all samples, where what is random averages out
 *   carried    Σ ⟨chip, ideal⟩ / Σ ⟨ideal, ideal⟩: the share of the ideal change that arrives, along its own direction; 1 where the rest is noise
 *   lost       share of the changes asked for (ideal ≠ 0) that store nothing (chip = 0)
 *   signal to noise   ‖mean change‖ / √(Σ variance over samples), as Shwartz-Ziv & Tishby (arXiv:1703.00810, 2017) take it of gradients; what the variance
 *              adds to the square of a mean of n samples, Σ variance / n, is taken off
 */

/** Angle in degrees from a cosine's parts; null where one of the vectors is zero. */
export function angleOf(dot: number, aa: number, bb: number): number | null {
  return aa === 0 || bb === 0 ? null : (Math.acos(Math.min(1, Math.max(-1, dot / Math.sqrt(aa * bb)))) * 180) / Math.PI;
}

export function dotProduct(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

export interface UpdateFigures {
  /** Looked at. */
  readonly samples: number;
  /** Samples in which the ideal chip changed a weight; angles are over those in which both did. */
  readonly updates: number;
  /** Null where no sample had both changes. */
  readonly angleDegrees: number | null;
  readonly angleOfSumDegrees: number | null;
  /** Of the chip's change, and of the ideal one, to the steepest descent; null where no gradient was given. */
  readonly gradientDegrees: { readonly chip: number | null; readonly ideal: number | null } | null;
  readonly carriedShare: number | null;
  readonly lostShare: number | null;
  /** Null for fewer than two samples, or where no change differs from another. */
  readonly signalToNoise: number | null;
  readonly idealSignalToNoise: number | null;
  /** Spread of the changes over samples, √(Σ variance), over that of the ideal ones; null where there is none. */
  readonly spreadRatio: number | null;
}

export interface UpdateSums {
  /** @param descent minus the gradient, where there is one; all [nSynapses] */
  add(chip: Float64Array, ideal: Float64Array, descent?: Float64Array): void;
  figures(): UpdateFigures;
}

export function createUpdateSums(synapses: number): UpdateSums {
  const [chipSum, idealSum] = [new Float64Array(synapses), new Float64Array(synapses)];
  const totals = { samples: 0, updates: 0, chipSquares: 0, idealSquares: 0, products: 0, asked: 0, lost: 0 };
  const angles = { updates: createMean(), chipDescent: createMean(), idealDescent: createMean() };
  let hasDescent = false;
  return {
    add(chip, ideal, descent) {
      let [cc, ii, ci, asked, lost] = [0, 0, 0, 0, 0];
      for (let k = 0; k < synapses; k++) {
        const [c, i] = [chip[k], ideal[k]];
        chipSum[k] += c;
        idealSum[k] += i;
        cc += c * c;
        ii += i * i;
        ci += c * i;
        if (i === 0) continue;
        asked++;
        if (c === 0) lost++;
      }
      totals.samples++;
      if (asked > 0) totals.updates++;
      totals.chipSquares += cc;
      totals.idealSquares += ii;
      totals.products += ci;
      totals.asked += asked;
      totals.lost += lost;
      angles.updates.add(angleOf(ci, cc, ii));
      if (descent === undefined) return;
      hasDescent = true;
      const dd = dotProduct(descent, descent);
      angles.chipDescent.add(angleOf(dotProduct(chip, descent), cc, dd));
      angles.idealDescent.add(angleOf(dotProduct(ideal, descent), ii, dd));
    },
    figures: () => ({
      samples: totals.samples,
      updates: totals.updates,
      angleDegrees: angles.updates.value(),
      angleOfSumDegrees: angleOf(dotProduct(chipSum, idealSum), dotProduct(chipSum, chipSum), dotProduct(idealSum, idealSum)),
      gradientDegrees: hasDescent ? { chip: angles.chipDescent.value(), ideal: angles.idealDescent.value() } : null,
      carriedShare: totals.idealSquares === 0 ? null : totals.products / totals.idealSquares,
      lostShare: totals.asked === 0 ? null : totals.lost / totals.asked,
      signalToNoise: signalToNoise(chipSum, totals.chipSquares, totals.samples),
      idealSignalToNoise: signalToNoise(idealSum, totals.idealSquares, totals.samples),
      spreadRatio: spreadRatio(
        varianceOf(chipSum, totals.chipSquares, totals.samples),
        varianceOf(idealSum, totals.idealSquares, totals.samples),
      ),
    }),
  };
}

function signalToNoise(sum: Float64Array, squares: number, samples: number): number | null {
  const variance = varianceOf(sum, squares, samples);
  if (variance === null) return null;
  const meanSquare = dotProduct(sum, sum) / samples ** 2;
  return Math.sqrt(Math.max(0, meanSquare - variance / samples) / variance);
}

/** Sum over synapses; null where there is none. @param squares sum over samples of the squared length of a change */
function varianceOf(sum: Float64Array, squares: number, samples: number): number | null {
  if (samples < 2) return null;
  const meanSquare = dotProduct(sum, sum) / samples ** 2;
  const variance = (squares - samples * meanSquare) / (samples - 1);
  // changes that are all alike leave nothing but rounding
  return variance > 1e-12 * meanSquare ? variance : null;
}

const spreadRatio = (variance: number | null, ideal: number | null): number | null =>
  variance === null || ideal === null ? null : Math.sqrt(variance / ideal);

/** Mean of the values that are there. */
function createMean(): { add(value: number | null): void; value(): number | null } {
  let [sum, count] = [0, 0];
  return {
    add: (value) => {
      if (value === null) return;
      sum += value;
      count++;
    },
    value: () => (count === 0 ? null : sum / count),
  };
}
