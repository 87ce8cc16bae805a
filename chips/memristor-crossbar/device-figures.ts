/**
 * The numbers that describe a kind of cell, one row each, with unit, limits and meaning. Names follow one grammar: `step` is the mean,
 * `stepDtod` its spread from device to device (drawn once per cell), `stepStd` its spread from cycle to cycle (drawn at each write); both as
 * standard deviations. Steps and bounds are in the device's own scale, wMin … wMax, which gMin … gMax stands for.
 */
import type { Sourced } from '../../core/energy/energy-table.ts';
import type { Dimension } from '../../core/units.ts';
import type { RetentionName } from './retention/retention-models.ts';

export const LAW_NAMES = [
  'constant',
  'linear',
  'soft-bounds',
  'saturating-exponential',
  'exponential-step',
  'power-step',
  'piecewise',
] as const;
export type LawName = (typeof LAW_NAMES)[number];

/** Laws whose pulse is a step of a stated size. */
export const PULSED_LAWS: readonly LawName[] = ['constant', 'linear', 'soft-bounds', 'exponential-step', 'power-step', 'piecewise'];
/** Laws without a closed form for several pulses. */
export const STEPWISE_LAWS: readonly LawName[] = ['exponential-step', 'power-step', 'piecewise'];
const LINEAR: readonly LawName[] = ['linear'];
const SATURATING: readonly LawName[] = ['saturating-exponential'];
const EXPONENTIAL: readonly LawName[] = ['exponential-step'];
const POWER: readonly LawName[] = ['power-step'];

export interface FigureRow {
  readonly dimension: Dimension | 'number';
  /** Laws that have this figure; absent for all. */
  readonly laws?: readonly LawName[];
  /** Value when a device does not give it; without one it is required. */
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
  /** Bound that is not itself allowed. */
  readonly above?: number;
  readonly meaning: string;
}

const spread = (meaning: string, laws?: readonly LawName[]): FigureRow => ({
  dimension: 'number',
  default: 0,
  min: 0,
  meaning,
  ...(laws && { laws }),
});
/** A spread that is a fraction of the whole scale: more than 1 of it is a slip of the unit. */
const fraction = (meaning: string): FigureRow => ({ ...spread(meaning), max: 1 });
const share = (meaning: string): FigureRow => ({ dimension: 'number', default: 0, min: 0, max: 1, meaning });

export const DEVICE_FIGURES = {
  step: { dimension: 'number', laws: PULSED_LAWS, above: 0, meaning: 'change by one pulse at x = 0' },
  stepDtod: spread('spread of the step, as a fraction of it', PULSED_LAWS),
  stepStd: spread('spread of each pulse, as a fraction of its own step', PULSED_LAWS),
  upDown: {
    dimension: 'number',
    laws: PULSED_LAWS,
    default: 0,
    min: -1,
    max: 1,
    meaning: 'skew: above 0 the down step is smaller by this fraction, below 0 the up step',
  },
  upDownDtod: spread('spread of the skew, added to one step and taken from the other, as a fraction of the step', PULSED_LAWS),
  wMax: { dimension: 'number', default: 1, above: 0, meaning: 'upper bound' },
  wMaxDtod: spread('spread of the upper bound, as a fraction of it'),
  wMin: { dimension: 'number', default: 0, max: 0, meaning: 'lower bound' },
  wMinDtod: spread('spread of the lower bound, as a fraction of it'),
  slopeUp: { dimension: 'number', laws: LINEAR, min: 0, meaning: 'how much of the up step is lost at the upper bound' },
  slopeUpDtod: spread('spread of slopeUp, added', LINEAR),
  slopeDown: { dimension: 'number', laws: LINEAR, min: 0, meaning: 'how much of the down step is lost at the lower bound' },
  slopeDownDtod: spread('spread of slopeDown, added', LINEAR),
  stepStdAdd: spread('added to the size of a step before stepStd is applied, in device units', EXPONENTIAL),
  stepStdSlope: spread('the same, in proportion to |x|', EXPONENTIAL),
  shapeSlope: { dimension: 'number', laws: EXPONENTIAL, meaning: 'a in z = 2·a·x/(wMax - wMin) + b' },
  shapeOffset: { dimension: 'number', laws: EXPONENTIAL, default: 0, meaning: 'b in z = 2·a·x/(wMax - wMin) + b' },
  growthUp: { dimension: 'number', laws: EXPONENTIAL, meaning: 'g in the up step (1 - A·exp(g·z))' },
  growthDown: { dimension: 'number', laws: EXPONENTIAL, meaning: 'g in the down step (1 - A·exp(-g·z))' },
  amplitudeUp: { dimension: 'number', laws: EXPONENTIAL, meaning: 'A of the up step' },
  amplitudeDown: { dimension: 'number', laws: EXPONENTIAL, meaning: 'A of the down step' },
  powerUp: { dimension: 'number', laws: POWER, min: 0, meaning: 'exponent of the distance to the upper bound' },
  powerDown: { dimension: 'number', laws: POWER, min: 0, meaning: 'exponent of the distance to the lower bound' },
  pulsesUp: { dimension: 'number', laws: SATURATING, min: 1, meaning: 'pulses from the lower to the upper bound' },
  pulsesDown: { dimension: 'number', laws: SATURATING, min: 1, meaning: 'pulses from the upper to the lower bound' },
  labelUp: { dimension: 'number', laws: SATURATING, min: -9, max: 9, meaning: 'nonlinearity label of potentiation' },
  labelDown: { dimension: 'number', laws: SATURATING, min: -9, max: 9, meaning: 'nonlinearity label of depression' },
  labelDtod: spread('spread of both labels, added', SATURATING),
  rangeStd: fraction('spread of each pulse, as a fraction of the conductance range'),
  gMin: { dimension: 'conductance', above: 0, meaning: 'conductance at wMin' },
  gMax: { dimension: 'conductance', above: 0, meaning: 'conductance at wMax' },
  writeVoltageUp: { dimension: 'voltage', above: 0, meaning: 'magnitude of a potentiating pulse' },
  writeVoltageDown: { dimension: 'voltage', above: 0, meaning: 'magnitude of a depressing pulse' },
  writeTimeUp: { dimension: 'time', above: 0, meaning: 'width of a potentiating pulse' },
  writeTimeDown: { dimension: 'time', above: 0, meaning: 'width of a depressing pulse' },
  gateCapacitance: {
    dimension: 'capacitance',
    default: 0,
    min: 0,
    meaning: 'charged by each pulse of a three-terminal cell; 0 for two terminals, where the pulse heats the cell',
  },
  readVoltage: { dimension: 'voltage', above: 0, meaning: 'read pulse of one spike' },
  readTime: { dimension: 'time', above: 0, meaning: 'width of the read pulse' },
  readNoiseStd: fraction('spread of each read, as a fraction of the conductance'),
  writeNoiseStd: spread('spread of what is read back, redrawn at each write, in units of the step'),
  programmingStd: fraction('spread of the first programming, as a fraction of the conductance range'),
  decayTime: {
    dimension: 'time',
    default: 0,
    min: 0,
    meaning: 'time constant with which a cell without power falls back to gMin; 0 for none',
  },
  endurance: { dimension: 'number', default: 0, min: 0, meaning: 'programming pulses that a cell survives; 0 where it is not known' },
  stuckOn: share('share of cells that stay at the upper bound'),
  stuckOff: share('share of cells that stay at the lower bound'),
  stuckAnywhere: share('share of cells that stay somewhere between the bounds'),
} as const satisfies Readonly<Record<string, FigureRow>>;

export type DeviceFigure = keyof typeof DEVICE_FIGURES;
export const FIGURE_NAMES = Object.keys(DEVICE_FIGURES) as DeviceFigure[];
export const figureRow = (figure: DeviceFigure): FigureRow => DEVICE_FIGURES[figure];

/** Figures a law uses. */
export const figuresOf = (law: LawName): DeviceFigure[] => FIGURE_NAMES.filter((figure) => figureRow(figure).laws?.includes(law) ?? true);

export const MAPPINGS = ['two-sided', 'one-sided', 'reference'] as const;
export type Mapping = (typeof MAPPINGS)[number];

/** A kind of cell. Every figure of its law is there, with its source; SI units. */
export interface Device {
  readonly name: string;
  readonly title: string;
  readonly law: LawName;
  /** The gain of the step is drawn as exp(spread·z) in place of 1 + spread·z. */
  readonly logNormalStep: boolean;
  /** Pulses may be trimmed to any width, so that a change of any size can be written. */
  readonly continuous: boolean;
  /** How its signed weights are held unless the user says otherwise. */
  readonly mapping: Mapping;
  readonly figures: Readonly<Partial<Record<DeviceFigure, Sourced>>>;
  /** Size of a pulse in units of `step` at points evenly spread from wMin to wMax, ends included; of the law `piecewise`. */
  /** What time does to it, by the name of a retention model; absent where the source says nothing. */
  readonly retention?: RetentionName;
  readonly table?: { readonly up: readonly number[]; readonly down: readonly number[] };
}

/** Value of a figure; its default where the device has none, 0 where its law does not know it. */
export const figureOf = (device: Device, figure: DeviceFigure): number => device.figures[figure]?.value ?? figureRow(figure).default ?? 0;
