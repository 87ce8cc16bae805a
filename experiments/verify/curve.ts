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

/** Steps of settling that are shown. */
const ENERGY_STEPS = 40;

export const axis = (label: string, unit = '', scale: Axis['scale'] = 'linear'): Axis => ({ label, unit, scale });

/** A curve without the points that are no numbers, or have no place on a logarithmic axis, and without lines that have none left. */
export function curve({ lines, ...rest }: Curve): Curve {
  const fits = ({ scale }: Axis, value: number): boolean => Number.isFinite(value) && (scale === 'linear' || value > 0);
  const kept = lines.map((line): CurveLine => {
    const { x, y, low, high } = line;
    const at = x
      .map((_, k) => k)
      .filter((k) => fits(rest.x, x[k]) && [y[k], low?.[k] ?? y[k], high?.[k] ?? y[k]].every((value) => fits(rest.y, value)));
    const of = (values: readonly number[]): number[] => at.map((k) => values[k]);
    return { ...line, x: of(x), y: of(y), ...(low && { low: of(low) }), ...(high && { high: of(high) }) };
  });
  return { ...rest, lines: kept.filter(({ x }) => x.length > 0) };
}

/** Mean over the seeds with the lowest and the highest. @param perSeed [seed][point] */
export function lineOverSeeds(label: string, x: readonly number[], perSeed: readonly (readonly number[])[]): CurveLine {
  const at = x.map((_, k) => perSeed.map((values) => values[k]));
  return {
    label,
    style: 'line',
    x,
    y: at.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    low: at.map((values) => Math.min(...values)),
    high: at.map((values) => Math.max(...values)),
  };
}

/** One line per layer from values by point. @param values [point][layer] @param names [layer] */
export const linesByLayer = (x: readonly number[], values: readonly (readonly number[])[], names: readonly string[]): CurveLine[] =>
  names.map((label, l) => ({ label, style: 'line', x, y: values.map((layers) => layers[l]) }));

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

/** Names of layers of weights, from the input on. */
export const weightLayers = (count: number): string[] => Array.from({ length: count }, (_, l) => `weights ${l + 1}`);

/** How much of the fall of the energy is still to come, over the first steps of settling. @param energies by name: at the start and after each step */
export function energyCurve(energies: ReadonlyMap<string, readonly number[]>): Curve {
  const steps = Array.from({ length: ENERGY_STEPS / 2 + 1 }, (_, n) => 2 * n);
  return curve({
    kind: 'settling',
    title: 'energy of the settling network',
    x: axis('steps of settling'),
    y: axis('fall still to come, share'),
    lines: [...energies].map(([label, values]): CurveLine => {
      const last = values[values.length - 1];
      return { label, style: 'line', x: steps, y: steps.map((n) => ((values[n] ?? last) - last) / (values[0] - last)) };
    }),
  });
}
