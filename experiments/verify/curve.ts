/** What a check saw on the way to its figure, as plain data: one quantity over another, a few lines of a few points. */

/** What a curve tells about; a report puts those of a kind beside each other. */
export type CurveKind = 'alignment' | 'convergence' | 'settling' | 'window' | 'learning' | 'probe';

export interface Axis {
  readonly label: string;
  /** Empty for what has none. */
  readonly unit: string;
  readonly scale: 'linear' | 'logarithmic';
}

export interface CurveLine {
  readonly label: string;
  /** `expected` is theory, `points` are measurements to be held against it. */
  readonly style: 'line' | 'points' | 'expected';
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Lowest and highest over the seeds, where there are several. */
  readonly low?: readonly number[];
  readonly high?: readonly number[];
}

export interface Curve {
  readonly kind: CurveKind;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly CurveLine[];
  /** A level to hold the lines against. */
  readonly reference?: { readonly y: number; readonly label: string };
}

export const axis = (label: string, unit = '', scale: Axis['scale'] = 'linear'): Axis => ({ label, unit, scale });

/** A line; points that are not finite are left out. */
export function lineOf(label: string, x: readonly number[], y: readonly number[], style: CurveLine['style'] = 'line'): CurveLine {
  const kept = x.map((_, k) => k).filter((k) => Number.isFinite(x[k]) && Number.isFinite(y[k]));
  return { label, style, x: kept.map((k) => x[k]), y: kept.map((k) => y[k]) };
}

/** Mean over the seeds with the lowest and the highest; a point that is not finite in one of them is left out. @param perSeed [seed][point] */
export function lineOverSeeds(label: string, x: readonly number[], perSeed: readonly (readonly number[])[]): CurveLine {
  const at = x.map((_, k) => perSeed.map((values) => values[k]));
  const kept = x.map((_, k) => k).filter((k) => at[k].every(Number.isFinite));
  return {
    label,
    style: 'line',
    x: kept.map((k) => x[k]),
    y: kept.map((k) => at[k].reduce((sum, value) => sum + value, 0) / at[k].length),
    low: kept.map((k) => Math.min(...at[k])),
    high: kept.map((k) => Math.max(...at[k])),
  };
}

/** One line per layer from values by point. @param values [point][layer] @param names [layer] */
export const linesByLayer = (x: readonly number[], values: readonly (readonly number[])[], names: readonly string[]): CurveLine[] =>
  names.map((name, l) =>
    lineOf(
      name,
      x,
      values.map((layers) => layers[l]),
    ),
  );

/** The same over seeds. @param values [seed][point][layer] */
export const linesByLayerOverSeeds = (
  x: readonly number[],
  values: readonly (readonly (readonly number[])[])[],
  names: readonly string[],
): CurveLine[] =>
  names.map((name, l) =>
    lineOverSeeds(
      name,
      x,
      values.map((points) => points.map((layers) => layers[l])),
    ),
  );
