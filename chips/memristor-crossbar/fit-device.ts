/**
 * Fits the laws of a cell to measured pulses: soft bounds, saturating exponential (NeuroSim's form) and exponential step. Each run of pulses of one
 * polarity is a curve that begins at the first reading; a law is judged by how far its noise-free curve is from the readings, and the laws among
 * each other by Akaike's criterion, n·ln(RSS/n) + 2k, with k numbers fitted.
 *
 * The first two laws are geometric: after n pulses G = T + (G0 - T)·q^n. For a given q the best target T is a linear problem, so each polarity is one
 * search over ln q. The third is searched by the simplex of Nelder & Mead (Computer Journal 7:308, 1965). Cycle noise is what single steps differ
 * from the law's, as a share of the range.
 */
import type { Problem } from '../../core/errors.ts';
import { UserError } from '../../core/errors.ts';
import { curvatureToLabel } from './device-models.ts';
import type { DeviceOptions } from './read-device.ts';

export interface Measured {
  /** [pulses] 1, -1, or 0 for a reading without a pulse. */
  readonly polarity: ArrayLike<number>;
  /** [pulses] siemens after the pulse. */
  readonly conductance: ArrayLike<number>;
}

export interface DeviceFit {
  readonly law: 'soft-bounds' | 'saturating-exponential' | 'exponential-step';
  /** For the option `device`, with the law's figures; what pulses do not tell comes from its `base`. */
  readonly device: DeviceOptions;
  readonly fitted: number;
  /** Root mean square and largest residual, as shares of the range. */
  readonly rms: number;
  readonly worst: number;
  readonly aic: number;
  /** [readings after a pulse] siemens: reading minus law. */
  readonly residuals: readonly number[];
}

/** One run of pulses of one polarity: readings before the first pulse and after each. */
interface Sweep {
  readonly up: boolean;
  readonly g: readonly number[];
}

const LEAST_PULSES = 5;
/** Least distance from a bound to the fixed point beyond it, as a share of the range: a label of 9 has 1e-19, of 7 has 2e-5. */
const BEYOND = 1e-9;

/** All laws, best first. @param base preset that lends voltages, widths and read pulses */
export function fitDevice(measured: Measured, { name, base = 'soft-bounds' }: { name: string; base?: string }): DeviceFit[] {
  const sweeps = sweepsOf(measured);
  refuseThin(sweeps);
  const all = sweeps.flatMap(({ g }) => g);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const range = most - least;
  const fits = [softBounds(sweeps, least, most), saturating(sweeps, least, most), exponentialStep(sweeps, least, most)];
  return fits
    .map(({ law, figures, fitted, step }): DeviceFit => {
      const residuals = sweeps.flatMap(({ up, g }) => {
        let value = g[0];
        return g.slice(1).map((read) => {
          value = step(value, up);
          return read - value;
        });
      });
      const squares = residuals.reduce((sum, value) => sum + value * value, 0);
      const n = residuals.length;
      const singles = sweeps.flatMap(({ up, g }) => g.slice(1).map((read, k) => read - step(g[k], up)));
      const rangeStd = Math.sqrt(singles.reduce((sum, value) => sum + value * value, 0) / n) / range;
      return {
        law,
        device: { base, name, law, ...figures, ...NO_SPREAD, rangeStd: rounded(rangeStd) },
        fitted,
        rms: Math.sqrt(squares / n) / range,
        worst: Math.max(...residuals.map(Math.abs)) / range,
        // a law that fits to the last bit would have no logarithm
        aic: n * Math.log(Math.max(squares / n, (1e-12 * range) ** 2)) + 2 * fitted,
        residuals,
      };
    })
    .sort((a, b) => a.aic - b.aic);
}

/** Spreads that one measured cell does not tell; they are not the base's. */
const NO_SPREAD = { wMaxDtod: 0, wMinDtod: 0, writeNoiseStd: 0, programmingStd: 0, stuckOn: 0, stuckOff: 0, stuckAnywhere: 0 } as const;

interface Fit {
  readonly law: DeviceFit['law'];
  readonly figures: DeviceOptions;
  readonly fitted: number;
  /** Siemens after one pulse. */
  step(siemens: number, up: boolean): number;
}

function sweepsOf({ polarity, conductance }: Measured): Sweep[] {
  const sweeps: { up: boolean; g: number[] }[] = [];
  let last: number | undefined;
  for (let k = 0; k < polarity.length; k++) {
    const sign = polarity[k];
    if (sign !== 0) {
      const up = sign > 0;
      const open = sweeps.at(-1);
      // a curve needs the reading it starts from
      if (last === undefined || (open !== undefined && open.up === up && polarity[k - 1] === sign)) open?.g.push(conductance[k]);
      else sweeps.push({ up, g: [last, conductance[k]] });
    }
    last = conductance[k];
  }
  return sweeps;
}

function refuseThin(sweeps: readonly Sweep[]): void {
  const problems: Problem[] = [];
  for (const up of [true, false]) {
    const pulses = sweeps.filter((sweep) => sweep.up === up).reduce((sum, { g }) => sum + g.length - 1, 0);
    if (pulses < LEAST_PULSES) {
      const word = up ? 'up' : 'down';
      problems.push({
        code: 'E-FIT',
        message: `there are ${pulses} pulses ${word} with a reading before and after, but a fit needs at least ${LEAST_PULSES} of each polarity`,
      });
    }
  }
  const all = sweeps.flatMap(({ g }) => g);
  if (problems.length === 0 && !(Math.max(...all) > Math.min(...all))) {
    problems.push({ code: 'E-FIT', message: 'the conductance never changes, so there is no law to fit' });
  }
  if (problems.length > 0) throw new UserError(problems);
}

interface Geometric {
  readonly target: number;
  readonly q: number;
}

/** The geometric curve nearest to the sweeps of one polarity; `fixed` holds the target where it is known. */
function geometric(sweeps: readonly Sweep[], up: boolean, fixed?: number): Geometric {
  const mine = sweeps.filter((sweep) => sweep.up === up);
  const best = (lnQ: number): { target: number; squares: number } => {
    const q = Math.exp(lnQ);
    // G_n = T·(1 - q^n) + G0·q^n: linear in T
    let [above, below] = [0, 0];
    for (const { g } of mine) {
      for (let n = 1; n < g.length; n++) {
        const part = 1 - q ** n;
        above += part * (g[n] - g[0] * q ** n);
        below += part * part;
      }
    }
    const target = fixed ?? (below === 0 ? g0(mine) : above / below);
    let squares = 0;
    for (const { g } of mine) for (let n = 1; n < g.length; n++) squares += (g[n] - target - (g[0] - target) * q ** n) ** 2;
    return { target, squares };
  };
  // a coarse look over both bends, then thirds
  const grid = [...logGrid(-1, -1e-4), ...logGrid(0.3, 1e-4).reverse()];
  let at = 0;
  for (let k = 1; k < grid.length; k++) if (best(grid[k]).squares < best(grid[at]).squares) at = k;
  let [low, high] = [grid[Math.max(0, at - 1)], grid[Math.min(grid.length - 1, at + 1)]];
  for (let n = 0; n < 200; n++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (best(a).squares < best(b).squares) high = b;
    else low = a;
  }
  const lnQ = (low + high) / 2;
  return { target: best(lnQ).target, q: Math.exp(lnQ) };
}

const g0 = (sweeps: readonly Sweep[]): number => sweeps[0].g[0];
/** Ends of the logarithmic grid are decimal powers times `far`: from far to near 0. */
const logGrid = (far: number, near: number): number[] => Array.from({ length: 60 }, (_, k) => far * (near / far) ** (k / 59));

const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const siemens = (value: number): string => `${rounded(value)} S`;
const rounded = (value: number): number => Number(value.toPrecision(12));

/** The targets are the bounds: four numbers. */
function softBounds(sweeps: readonly Sweep[], least: number, most: number): Fit {
  const [rise, fall] = [geometric(sweeps, true), geometric(sweeps, false)];
  // a bound inside the readings, or a curve that bends away from it, is none of this law
  const gMax = rise.q < 1 ? Math.max(rise.target, most) : most;
  const gMin = fall.q < 1 ? Math.max(Math.min(fall.target, least), 1e-3 * least) : least;
  const [up, down] = [geometric(sweeps, true, gMax), geometric(sweeps, false, gMin)];
  const [keptUp, keptDown] = [Math.min(up.q, 1 - 1e-9), Math.min(down.q, 1 - 1e-9)];
  const [stepUp, stepDown] = [1 - keptUp, 1 - keptDown];
  const upDown = stepUp >= stepDown ? 1 - stepDown / stepUp : stepUp / stepDown - 1;
  return {
    law: 'soft-bounds',
    figures: {
      gMin: siemens(gMin),
      gMax: siemens(gMax),
      wMin: -1,
      wMax: 1,
      step: rounded(Math.max(stepUp, stepDown)),
      upDown: rounded(upDown),
      ...STEP_SPREAD,
      rangeStd: 0,
    },
    fitted: 4,
    step: (g, isUp) => (isUp ? gMax - (gMax - g) * keptUp : gMin + (g - gMin) * keptDown),
  };
}

const STEP_SPREAD = { stepDtod: 0, stepStd: 0, upDownDtod: 0 } as const;

/** Bounds are the outermost readings, targets lie anywhere beyond: six numbers. */
function saturating(sweeps: readonly Sweep[], least: number, most: number): Fit {
  const range = most - least;
  const one = (up: boolean): { pulses: number; label: number; curve: Geometric } => {
    const { q } = geometric(sweeps, up);
    const from = up ? least : most;
    const to = up ? most : least;
    // whole crossing in P pulses: to = T + (from - T)·q^P; a target inside the range would never cross
    const beyond = (target: number): number =>
      q < 1
        ? up
          ? Math.max(target, most + BEYOND * range)
          : Math.min(target, least - BEYOND * range)
        : up
          ? Math.min(target, least - BEYOND * range)
          : Math.max(target, most + BEYOND * range);
    const target = beyond(geometric(sweeps, up).target);
    const kept = geometric(sweeps, up, target).q;
    const pulses = Math.max(1, Math.log((to - target) / (from - target)) / Math.log(kept));
    const curvature = -1 / (pulses * Math.log(kept));
    const size = clip(curvatureToLabel(Math.abs(curvature)), 0.01, 9);
    // the label's sign is that of A of the potentiation form; depression bends the other way
    return { pulses, label: (up ? Math.sign(curvature) : -Math.sign(curvature)) * size, curve: { target, q: kept } };
  };
  const [up, down] = [one(true), one(false)];
  return {
    law: 'saturating-exponential',
    figures: {
      gMin: siemens(least),
      gMax: siemens(most),
      wMin: 0,
      wMax: 1,
      pulsesUp: rounded(up.pulses),
      pulsesDown: rounded(down.pulses),
      labelUp: rounded(up.label),
      labelDown: rounded(down.label),
      labelDtod: 0,
    },
    fitted: 6,
    step: (g, isUp) => {
      const { target, q } = isUp ? up.curve : down.curve;
      return clip(target + (g - target) * q, least, most);
    },
  };
}

/** Steps fall off exponentially along the range: three numbers a polarity, and the bounds. */
function exponentialStep(sweeps: readonly Sweep[], least: number, most: number): Fit {
  const half = (most - least) / 2;
  const x = (g: number): number => (g - least) / half - 1;
  type Law = readonly [lnStep: number, amplitude: number, growth: number];
  const move = ([lnStep, amplitude, growth]: Law, at: number, up: boolean): number => {
    const step = Math.exp(lnStep) * Math.max(0, 1 - amplitude * Math.exp(up ? growth * at : -growth * at));
    return clip(at + (up ? step : -step), -1, 1);
  };
  const squares = (law: Law, up: boolean): number => {
    let sum = 0;
    for (const { up: isUp, g } of sweeps) {
      if (isUp !== up) continue;
      let at = x(g[0]);
      for (let n = 1; n < g.length; n++) {
        at = move(law, at, up);
        sum += (x(g[n]) - at) ** 2;
      }
    }
    return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
  };
  const fit = (up: boolean): Law => {
    const mine = sweeps.filter((sweep) => sweep.up === up);
    const mean =
      mine.reduce((sum, { g }) => sum + Math.abs(g[g.length - 1] - g[0]), 0) / mine.reduce((sum, { g }) => sum + g.length - 1, 0) / half;
    const starts: Law[] = [0.1, 0.5, -1, -5].flatMap((amplitude): Law[] =>
      [1, 3].map((growth): Law => [Math.log(Math.max(mean, 1e-6)), amplitude, amplitude < 0 ? -growth : growth]),
    );
    const found = starts.map((start) => nelderMead((point) => squares(point as unknown as Law, up), start));
    return found.reduce((a, b) => (b.value < a.value ? b : a)).point as unknown as Law;
  };
  const [up, down] = [fit(true), fit(false)];
  const step = Math.max(Math.exp(up[0]), Math.exp(down[0]));
  const upDown = up[0] >= down[0] ? 1 - Math.exp(down[0] - up[0]) : Math.exp(up[0] - down[0]) - 1;
  return {
    law: 'exponential-step',
    figures: {
      gMin: siemens(least),
      gMax: siemens(most),
      wMin: -1,
      wMax: 1,
      step: rounded(Math.min(step, 1.9)),
      upDown: rounded(upDown),
      shapeSlope: 1,
      shapeOffset: 0,
      growthUp: rounded(up[2]),
      growthDown: rounded(down[2]),
      amplitudeUp: rounded(up[1]),
      amplitudeDown: rounded(down[1]),
      ...STEP_SPREAD,
      stepStdAdd: 0,
      stepStdSlope: 0,
    },
    fitted: 8,
    step: (g, isUp) => least + half * (1 + move(isUp ? up : down, x(g), isUp)),
  };
}

/** Smallest value of `f` near `start`, by reflecting, stretching and shrinking a simplex. */
export function nelderMead(
  f: (point: readonly number[]) => number,
  start: readonly number[],
  rounds = 600,
): { point: readonly number[]; value: number } {
  const n = start.length;
  const corner = (point: readonly number[]) => ({ point, value: f(point) });
  let simplex = [
    corner(start),
    ...start.map((value, k) => corner(start.map((one, j) => (j === k ? value + (value === 0 ? 0.25 : 0.2 * value) : one)))),
  ];
  for (let round = 0; round < rounds; round++) {
    simplex.sort((a, b) => a.value - b.value);
    const worst = simplex[n];
    if (!(worst.value - simplex[0].value > 1e-16 * Math.abs(simplex[0].value) + 1e-300)) break;
    const centre = start.map((_, j) => simplex.slice(0, n).reduce((sum, { point }) => sum + point[j], 0) / n);
    const along = (t: number) => corner(centre.map((value, j) => value + t * (worst.point[j] - value)));
    const reflected = along(-1);
    if (reflected.value < simplex[0].value) {
      const stretched = along(-2);
      simplex[n] = stretched.value < reflected.value ? stretched : reflected;
    } else if (reflected.value < simplex[n - 1].value) simplex[n] = reflected;
    else {
      const inside = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (inside.value < Math.min(worst.value, reflected.value)) simplex[n] = inside;
      else
        simplex = simplex.map(({ point }, k) =>
          k === 0 ? simplex[0] : corner(point.map((value, j) => (value + simplex[0].point[j]) / 2)),
        );
    }
  }
  return simplex.reduce((a, b) => (b.value < a.value ? b : a));
}
