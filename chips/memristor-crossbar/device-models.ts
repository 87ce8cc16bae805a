/**
 * How the conductance of a cell answers identical programming pulses: one law per row. A law is given twice. `onePulse` is the published
 * step, in the device's own units (x between lower and upper) and as text of the small language, so that it can be read and run. `motion`
 * gives the same law as what n pulses do at once, on a conductance u normalised so that the nominal lower bound is 0 and the upper is 1:
 *
 *   constant    u ← u + n·step
 *   geometric   u ← target + (u - target)·exp(n·rate)
 *
 * Linear, soft-bounds and saturating-exponential devices are all geometric: one pulse multiplies the distance to a fixed point by the same
 * number. The fixed point lies inside, at, or outside the range, and on the far side (rate > 0) when the curve bends the other way. So a
 * burst of any length costs one exponential. The result is clipped to the cell's own bounds by the caller.
 *
 * Exponential-step and power-step cells have no closed form: their pulses are written out one after the other, at most AT_MOST of them in
 * one write (`STEPWISE`); the policy `accumulate` keeps the rest for the next.
 */
import { exp, log, power } from '../../core/program/elementary.ts';
import type { DeviceFigure, LawName } from './device-figures.ts';
import { PULSED_LAWS, STEPWISE_LAWS } from './device-figures.ts';

/** The numbers of one cell, after its deviations from the mean device have been drawn. Device units; steps are positive. */
export interface CellFigures {
  readonly upper: number;
  readonly lower: number;
  readonly stepUp: number;
  readonly stepDown: number;
  readonly slopeUp: number;
  readonly slopeDown: number;
  readonly labelUp: number;
  readonly labelDown: number;
}

/** What pulses of one polarity do to a normalised conductance. `step` is signed. */
export type Motion =
  | { readonly kind: 'constant'; readonly step: number }
  | { readonly kind: 'geometric'; readonly target: number; readonly rate: number }
  /** One pulse at a time, by `onePulse`; the step is in device units and positive. */
  | { readonly kind: 'stepwise'; readonly step: number };

/** Pulses that one write can send to a cell whose law has no closed form. */
export const AT_MOST = 8;

/** Value of a figure of the mean device. */
export type FigureOf = (figure: DeviceFigure) => number;

export interface Law {
  readonly name: LawName;
  readonly citation: string;
  /** Where the law is known to hold. */
  readonly valid: string;
  readonly kind: Motion['kind'];
  /** The cell's own bounds are the fixed points, so they need not be kept twice. */
  readonly targetsAreBounds: boolean;
  /** x after one pulse; names: x, upper, lower, wMax, wMin, stepUp, stepDown, slopeUp, slopeDown, tableUp, tableDown, or curvature (A) and pulses (P). */
  readonly onePulse: { readonly up: string; readonly down: string };
  /** The same law for n pulses, on the normalised conductance. */
  motion(cell: CellFigures, of: FigureOf): { readonly up: Motion; readonly down: Motion };
}

/** Smallest slope of a linear device that keeps its fixed point within double precision. */
const FLATTEST = 1e-6;
/** Factor on the distance that stands for "one pulse goes all the way". */
const AT_ONCE = 1e-12;

const PULSED =
  'Rasch et al., "A flexible and fast PyTorch toolkit for simulating training and inference on analog crossbar arrays", AICAS 2021';

export const LAWS: Readonly<Record<LawName, Law>> = {
  constant: {
    name: 'constant',
    citation: `${PULSED}, constant-step device`,
    valid: 'near the middle of the range of a linear device (ECRAM, capacitor); elsewhere an idealisation',
    kind: 'constant',
    targetsAreBounds: false,
    onePulse: { up: 'x + stepUp', down: 'x - stepDown' },
    motion: (cell, of) => ({
      up: { kind: 'constant', step: cell.stepUp / rangeOf(of) },
      down: { kind: 'constant', step: -cell.stepDown / rangeOf(of) },
    }),
  },
  linear: {
    name: 'linear',
    citation: `${PULSED}, linear-step device`,
    valid: 'electrochemical (ECRAM) and capacitor cells over their whole range',
    kind: 'geometric',
    targetsAreBounds: false,
    onePulse: { up: 'x + stepUp * (1 - slopeUp * x / wMax)', down: 'x - stepDown * (1 - slopeDown * x / wMin)' },
    motion: (cell, of) => ({
      up: towards(of('wMax') / Math.max(cell.slopeUp, FLATTEST), cell.stepUp, of),
      down: towards(of('wMin') / Math.max(cell.slopeDown, FLATTEST), cell.stepDown, of),
    }),
  },
  'soft-bounds': {
    name: 'soft-bounds',
    citation: `${PULSED}, soft-bounds device; Fusi & Abbott, Nature Neuroscience 10:485, 2007`,
    valid: 'analog filamentary and interface ReRAM between its bounds; single abrupt resets are not described',
    kind: 'geometric',
    targetsAreBounds: true,
    onePulse: { up: 'x + stepUp * (1 - x / upper)', down: 'x - stepDown * (1 - x / lower)' },
    motion: (cell, of) => ({ up: towards(cell.upper, cell.stepUp, of), down: towards(cell.lower, cell.stepDown, of) }),
  },
  'saturating-exponential': {
    name: 'saturating-exponential',
    citation:
      'Chen, Peng, Yu, "NeuroSim: a circuit-level macro model for benchmarking neuro-inspired architectures", IEEE TCAD 37:3067, 2018',
    valid: 'identical pulses of the voltage and width the curve was measured with; nonlinearity labels 0.01 to 9 of either sign',
    kind: 'geometric',
    targetsAreBounds: false,
    onePulse: {
      up: 'range * (1 - exp(-(1 - curvature * pulses * log(1 - x / range)) / (curvature * pulses)))',
      down: 'range * (1 - exp(-(-1 - curvature * pulses * log(1 - x / range)) / (curvature * pulses)))',
    },
    motion: (cell, of) => ({
      up: saturating(labelToCurvature(cell.labelUp), of('pulsesUp'), 1),
      down: saturating(labelToCurvature(cell.labelDown), of('pulsesDown'), -1),
    }),
  },
  'exponential-step': {
    name: 'exponential-step',
    citation: `${PULSED}, exponential-step device; Gong et al., Nature Communications 9:2102, 2018`,
    valid: 'filamentary ReRAM and the gradual set of phase change, whose steps fall off exponentially along the range',
    kind: 'stepwise',
    targetsAreBounds: false,
    onePulse: {
      up: 'x + stepUp * max(0, 1 - amplitudeUp * exp(growthUp * (2 * shapeSlope * x / (wMax - wMin) + shapeOffset)))',
      down: 'x - stepDown * max(0, 1 - amplitudeDown * exp(-growthDown * (2 * shapeSlope * x / (wMax - wMin) + shapeOffset)))',
    },
    motion: (cell) => ({ up: { kind: 'stepwise', step: cell.stepUp }, down: { kind: 'stepwise', step: cell.stepDown } }),
  },
  'power-step': {
    name: 'power-step',
    citation: `${PULSED}, power-step device`,
    valid: 'cells whose step falls off as a power of the distance to the bound; the exponents come from a fit',
    kind: 'stepwise',
    targetsAreBounds: false,
    onePulse: {
      up: 'x + stepUp * (max(0, upper - x) / max(upper - lower, 1e-9)) ^ powerUp',
      down: 'x - stepDown * (max(0, x - lower) / max(upper - lower, 1e-9)) ^ powerDown',
    },
    motion: (cell) => ({ up: { kind: 'stepwise', step: cell.stepUp }, down: { kind: 'stepwise', step: cell.stepDown } }),
  },
  piecewise: {
    name: 'piecewise',
    citation: `${PULSED}, piecewise-step device`,
    valid: 'the pulses and the range its table was measured with; straight lines between the points',
    kind: 'stepwise',
    targetsAreBounds: false,
    onePulse: { up: 'x + stepUp * tableUp', down: 'x - stepDown * tableDown' },
    motion: (cell) => ({ up: { kind: 'stepwise', step: cell.stepUp }, down: { kind: 'stepwise', step: cell.stepDown } }),
  },
};

/** Text of the value of a table at x: straight lines between points evenly spread over low … low + width. */
export function tableText(points: readonly number[], x: string, low: string, width: number): string {
  const parts = points.length - 1;
  const at = `(${x} - ${low}) * ${parts / width}`;
  const rises = points.slice(1).map((point, j) => ` + (${point - points[j]}) * clip(${at} - ${j}, 0, 1)`);
  return `(${points[0]}${rises.join('')})`;
}

/** The same as a number. @param z 0 at the low end, 1 at the high end */
export function tableValue(points: readonly number[], z: number): number {
  const at = Math.min(1, Math.max(0, z)) * (points.length - 1);
  const j = Math.min(points.length - 2, Math.floor(at));
  return points[j] + (points[j + 1] - points[j]) * (at - j);
}

/** Width of the device's own scale that the normalised 0 … 1 stands for. */
export const rangeOf = (of: FigureOf): number => of('wMax') - of('wMin');

/** A step that shrinks in proportion to the distance from `fixedPoint`, and has its full size at x = 0. */
function towards(fixedPoint: number, step: number, of: FigureOf): Motion {
  const kept = Math.max(1 - step / Math.abs(fixedPoint), AT_ONCE);
  return { kind: 'geometric', target: (fixedPoint - of('wMin')) / rangeOf(of), rate: log(kept) };
}

/** G(p) = range·(1 - exp(-p/(A·P))), range = 1/(1 - exp(-1/A)): n pulses add ±n to p whatever p is. */
function saturating(curvature: number, pulses: number, polarity: 1 | -1): Motion {
  return { kind: 'geometric', target: curveRange(curvature), rate: -polarity / (curvature * pulses) };
}

export const curveRange = (curvature: number): number => 1 / (1 - exp(-1 / curvature));

/** Largest gap between the normalised curve and the straight line, per unit of the label (fit to NeuroSim's table, 2.2e-5 relative). */
const LABEL_SCALE = 10.101525;

/** The nonlinearity label of a curve with positive curvature A: label = 10.1015·(1/E - A + A·ln(E·A)), E = 1 - exp(-1/A). */
export function curvatureToLabel(curvature: number): number {
  const e = 1 - exp(-1 / curvature);
  return LABEL_SCALE * (1 / e - curvature + curvature * log(e * curvature));
}

/** Inverse of `curvatureToLabel`, by bisection in ln A; the sign of A is that of the label. */
export function labelToCurvature(label: number): number {
  const wanted = Math.abs(label);
  let low = -7;
  let high = 7;
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2;
    // the label falls as the curve straightens, that is as A grows
    if (curvatureToLabel(exp(middle)) > wanted) low = middle;
    else high = middle;
  }
  return (label < 0 ? -1 : 1) * exp((low + high) / 2);
}

/** The figure `step`, or one pulse of those that cross the range, normalised. */
export const normalisedStep = (law: LawName, of: FigureOf): number =>
  PULSED_LAWS.includes(law) ? of('step') / rangeOf(of) : 1 / of('pulsesUp');

/** Normalised conductance that one pulse adds (up) or takes (down) where the device has its nominal step. */
export function nominalStep(law: LawName, of: FigureOf): { readonly up: number; readonly down: number } {
  if (!PULSED_LAWS.includes(law)) return { up: 1 / of('pulsesUp'), down: 1 / of('pulsesDown') };
  const step = normalisedStep(law, of);
  if (STEPWISE_LAWS.includes(law)) return { up: step * middleStep(law, 'up', of), down: step * middleStep(law, 'down', of) };
  return { up: step * (1 + Math.min(of('upDown'), 0)), down: step * (1 - Math.max(of('upDown'), 0)) };
}

/** Size of a pulse in the middle of the range, in units of `step`: what the write engine takes for a pulse of a stepwise cell. */
function middleStep(law: LawName, polarity: 'up' | 'down', of: FigureOf): number {
  const skew = polarity === 'up' ? 1 + Math.min(of('upDown'), 0) : 1 - Math.max(of('upDown'), 0);
  if (law === 'piecewise') return skew;
  if (law === 'power-step') return skew * power(0.5, of(polarity === 'up' ? 'powerUp' : 'powerDown'));
  const z = (of('shapeSlope') * (of('wMax') + of('wMin'))) / rangeOf(of) + of('shapeOffset');
  return polarity === 'up'
    ? skew * Math.max(0, 1 - of('amplitudeUp') * exp(of('growthUp') * z))
    : skew * Math.max(0, 1 - of('amplitudeDown') * exp(-of('growthDown') * z));
}
