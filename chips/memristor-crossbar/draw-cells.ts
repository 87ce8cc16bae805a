/**
 * The cells of an array: each is the mean device with its own deviations, drawn once. A draw is a function of (seed, device set, projection,
 * side of the pair, cell, figure), so cells do not depend on each other, on the number of threads, or on which other non-idealities are on.
 *
 * Follows the population rules of aihwkit's pulsed devices (bounds and steps are folded to their proper sign). A conductance cannot be
 * negative: lower bounds stop at 0 S. A stuck cell has both bounds at one value, so whatever a pulse does, clipping undoes it.
 */
import { exp } from '../../core/program/elementary.ts';
import { normalAt, streamOf, uniformAt } from '../../core/random.ts';
import type { Device, DeviceFigure } from './device-figures.ts';
import { figureOf } from './device-figures.ts';
import type { CellFigures } from './device-models.ts';
import { LAWS } from './device-models.ts';

export type Side = 'plus' | 'minus';

/** One number for all cells, or one per cell [nCells]. Normalised: 0 is gMin of the mean device, 1 is gMax. */
export type PerCell = number | Float64Array;

export interface CellSet {
  readonly low: PerCell;
  readonly high: PerCell;
  /** `step` of a constant law (signed) or of a stepwise one (device units); `target` and `rate` of a geometric one. `target` is absent where it is the bound itself. */
  readonly up: Readonly<Partial<Record<'step' | 'target' | 'rate', PerCell>>>;
  readonly down: Readonly<Partial<Record<'step' | 'target' | 'rate', PerCell>>>;
}

/** The draw of each figure: a cell's site in the random stream. */
const SITE = {
  wMax: 0,
  wMin: 1,
  step: 2,
  upDown: 3,
  slopeUp: 4,
  slopeDown: 5,
  labelUp: 6,
  labelDown: 7,
  stuck: 8,
  stuckAt: 9,
  programming: 10,
} as const;

export const streamOfCells = (projection: string, side: Side): number => streamOf(`${projection}/cells/${side}`);

/** @param set of devices: every set draws all of a cell's numbers afresh */
export function drawCells(device: Device, n: number, seed: number, projection: string, side: Side, set = 0): CellSet {
  const stream = streamOfCells(projection, side);
  const of = (figure: DeviceFigure): number => figureOf(device, figure);
  const law = LAWS[device.law];
  const stuck = of('stuckOn') + of('stuckOff') + of('stuckAnywhere') > 0;
  const lowVaries = stuck || of('wMinDtod') > 0;
  const highVaries = stuck || of('wMaxDtod') > 0;
  const stepsVary = STEP_SPREADS.some((figure) => of(figure) > 0);
  const ratesVary = {
    up: stepsVary || (law.targetsAreBounds && of('wMaxDtod') > 0),
    down: stepsVary || (law.targetsAreBounds && of('wMinDtod') > 0),
  };
  const column = (varies: boolean): Float64Array => new Float64Array(varies ? n : 1);
  const [low, high] = [column(lowVaries), column(highVaries)];
  const [step, target] = [0, 1].map(() => ({ up: column(stepsVary), down: column(stepsVary) }));
  const rate = { up: column(ratesVary.up), down: column(ratesVary.down) };
  const drawn = lowVaries || highVaries || stepsVary ? n : 1;
  for (let k = 0; k < drawn; k++) {
    const cell = drawCell(device, of, (site) => normalAt(seed, stream, k, set, site));
    const bounds = (stuck ? stuckValue(of, seed, stream, k, set) : undefined) ?? normalisedBounds(cell, of);
    const motion = law.motion(cell, of);
    // a column of length 1 keeps the first cell, which is every cell; writes beyond its end are dropped
    [low[k], high[k]] = bounds;
    for (const polarity of ['up', 'down'] as const) {
      const moved = motion[polarity];
      if (moved.kind === 'geometric') [target[polarity][k], rate[polarity][k]] = [moved.target, moved.rate];
      else step[polarity][k] = moved.step;
    }
  }
  const perCell = (values: Float64Array, varies: boolean): PerCell => (varies ? values : values[0]);
  const polarity = (which: 'up' | 'down'): CellSet['up'] => {
    if (law.kind !== 'geometric') return { step: perCell(step[which], stepsVary) };
    const own = { rate: perCell(rate[which], ratesVary[which]) };
    return law.targetsAreBounds ? own : { target: perCell(target[which], stepsVary), ...own };
  };
  return { low: perCell(low, lowVaries), high: perCell(high, highVaries), up: polarity('up'), down: polarity('down') };
}

const STEP_SPREADS: readonly DeviceFigure[] = ['stepDtod', 'upDownDtod', 'slopeUpDtod', 'slopeDownDtod', 'labelDtod'];

/** Figures of one cell. @param z standard normal number of a site */
export function drawCell(device: Device, of: (figure: DeviceFigure) => number, z: (site: number) => number): CellFigures {
  const deviate = (mean: DeviceFigure, spread: DeviceFigure, site: number): number =>
    of(spread) === 0 ? of(mean) : of(mean) * (1 + of(spread) * z(site));
  const add = (mean: DeviceFigure, spread: DeviceFigure, site: number): number =>
    of(spread) === 0 ? of(mean) : of(mean) + of(spread) * z(site);
  const spread = of('stepDtod');
  const gain = spread === 0 ? 1 : device.logNormalStep ? exp(spread * z(SITE.step)) : 1 + spread * z(SITE.step);
  const skew = of('upDownDtod') === 0 ? 0 : of('upDownDtod') * z(SITE.upDown);
  return {
    upper: Math.abs(deviate('wMax', 'wMaxDtod', SITE.wMax)),
    lower: -Math.abs(deviate('wMin', 'wMinDtod', SITE.wMin)),
    stepUp: Math.abs(Math.min(of('upDown'), 0) + gain + skew) * of('step'),
    stepDown: Math.abs(-Math.max(of('upDown'), 0) + gain - skew) * of('step'),
    slopeUp: Math.abs(add('slopeUp', 'slopeUpDtod', SITE.slopeUp)),
    slopeDown: Math.abs(add('slopeDown', 'slopeDownDtod', SITE.slopeDown)),
    labelUp: add('labelUp', 'labelDtod', SITE.labelUp),
    labelDown: add('labelDown', 'labelDtod', SITE.labelDown),
  };
}

function normalisedBounds({ lower, upper }: CellFigures, of: (figure: DeviceFigure) => number): readonly [number, number] {
  const width = of('wMax') - of('wMin');
  const zeroSiemens = -of('gMin') / (of('gMax') - of('gMin'));
  return [Math.max((lower - of('wMin')) / width, zeroSiemens), (upper - of('wMin')) / width];
}

/** The one value of a stuck cell, twice; undefined for a cell that works. */
function stuckValue(
  of: (figure: DeviceFigure) => number,
  seed: number,
  stream: number,
  k: number,
  set: number,
): readonly [number, number] | undefined {
  const u = uniformAt(seed, stream, k, set, SITE.stuck);
  const on = of('stuckOn');
  const off = on + of('stuckOff');
  const anywhere = off + of('stuckAnywhere');
  if (u >= anywhere) return undefined;
  const value = u < on ? 1 : u < off ? 0 : uniformAt(seed, stream, k, set, SITE.stuckAt);
  return [value, value];
}

/** Error of the first programming of a cell, normalised. */
export const programmingError = (device: Device, seed: number, stream: number, k: number, set = 0): number => {
  const spread = figureOf(device, 'programmingStd');
  return spread === 0 ? 0 : spread * normalAt(seed, stream, k, set, SITE.programming);
};
