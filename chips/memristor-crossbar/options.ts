/**
 * What a user may choose about the crossbar, read and checked. Every non-ideality has its own switch: true takes the device's numbers, false
 * removes it exactly (no draw, no term in the program), and a number multiplies its spread, for sweeps.
 */
import type { OptionsReader } from '../../core/check-options.ts';
import { readOptions } from '../../core/check-options.ts';
import type { Problem } from '../../core/errors.ts';
import { didYouMean, UserError } from '../../core/errors.ts';
import type { ArrayOptions, ArraySettings } from './array-options.ts';
import { readArrayOptions } from './array-options.ts';
import { opened, scaled, straightened, symmetric, withFigure, withLevels } from './device-changes.ts';
import type { Device, DeviceFigure, Mapping } from './device-figures.ts';
import { FIGURE_NAMES, figureOf, MAPPINGS, STEPWISE_LAWS } from './device-figures.ts';
import type { DeviceOptions } from './read-device.ts';
import { readDevice } from './read-device.ts';
import type { RetentionName } from './retention/retention-models.ts';
import { RETENTION_NAMES } from './retention/retention-models.ts';
import type { WriteOptions, WriteSettings } from './write-options.ts';
import { readWriteOptions } from './write-options.ts';

export const WRITE_POLICIES = ['accumulate', 'deterministic', 'stochastic', 'trains', 'verify'] as const;
export const PERIPHERIES = ['integrate-and-fire', 'adc'] as const;
export type WritePolicy = (typeof WRITE_POLICIES)[number];
export type Periphery = (typeof PERIPHERIES)[number];

const MAX_DEVICE_SET = 1_000_000;

/** true: as the device has it. false or 0: exactly off. A number: its spread times that number. */
export type Switch = boolean | number;

export interface CrossbarOptions extends ArrayOptions, WriteOptions {
  /** A preset's name or the figures of an own cell; default `soft-bounds`. */
  device?: string | DeviceOptions;
  deviceToDevice?: Switch;
  cycleToCycle?: Switch;
  readNoise?: Switch;
  /** Read-back error, redrawn at each write. */
  writeNoise?: Switch;
  /** Error of the first programming. */
  programmingNoise?: Switch;
  stuckCells?: Switch;
  /** true: drift, relaxation and slow noise as the device has them; false: none; a number: their spread times that; or a retention model's name. */
  retention?: Switch | RetentionName;
  /** false: every pulse is one step of nominal size. */
  nonlinearity?: boolean;
  /** false: up and down steps mirror each other, by the mean of what the device has for both. */
  asymmetry?: boolean;
  /** false: the lower bound conducts nothing, so that a pair at rest makes no noise and loads no line. */
  conductanceRange?: boolean;
  /** Pulses across the conductance range, in place of the device's own; false for pulses of any size. */
  levels?: number | false;
  writePolicy?: WritePolicy;
  mapping?: Mapping;
  periphery?: Periphery;
  adcBits?: number;
  /** Cells on one line of a tile. */
  tileRows?: number;
  tileColumns?: number;
  /** Tiles on the chip. */
  tiles?: number;
  /** Which set of devices is drawn, 0 unless given: the same seed has other cells in every set (Monte-Carlo over devices). */
  deviceSet?: number;
}

export interface Settings extends ArraySettings, WriteSettings {
  /** The cell as it is simulated: switches, levels and nonlinearity applied. */
  readonly device: Device;
  /** The cell as it was named, for reports. */
  readonly nominalDevice: Device;
  readonly writePolicy: WritePolicy;
  readonly mapping: Mapping;
  readonly periphery: Periphery;
  readonly adcBits: number;
  readonly tileRows: number;
  readonly tileColumns: number;
  readonly tiles: number;
  readonly deviceSet: number;
  /** What time does to a cell; absent for nothing. `strength` multiplies the spread over cells, not the mean drift. */
  readonly retention?: { readonly name: RetentionName; readonly strength: number };
}

const NOISES = {
  deviceToDevice: FIGURE_NAMES.filter((name) => name.endsWith('Dtod')),
  cycleToCycle: ['stepStd', 'rangeStd'],
  readNoise: ['readNoiseStd'],
  writeNoise: ['writeNoiseStd'],
  programmingNoise: ['programmingStd'],
  stuckCells: ['stuckOn', 'stuckOff', 'stuckAnywhere'],
} as const satisfies Record<string, readonly DeviceFigure[]>;

export function readCrossbarOptions(options: CrossbarOptions): Settings {
  const problems: Problem[] = [];
  const reader = readOptions(options, 'memristorCrossbar', problems);
  const nominalDevice = readDevice(reader, 'device', problems);
  const factors = Object.keys(NOISES).map((key) => [key as keyof typeof NOISES, readSwitch(reader, key)] as const);
  const retention = readRetention(reader, nominalDevice?.retention);
  const nonlinearity = reader.boolean('nonlinearity', { default: true });
  const asymmetry = reader.boolean('asymmetry', { default: true });
  const conductanceRange = reader.boolean('conductanceRange', { default: true });
  const levels = readLevels(reader);
  const settings = {
    writePolicy: reader.choice('writePolicy', WRITE_POLICIES, { default: 'accumulate', noun: 'write policy' }),
    mapping: reader.choice('mapping', MAPPINGS, { default: nominalDevice?.mapping ?? 'two-sided', noun: 'mapping' }),
    periphery: reader.choice('periphery', PERIPHERIES, { default: 'integrate-and-fire', noun: 'periphery' }),
    adcBits: reader.number('adcBits', { default: 8, integer: true, min: 2, max: 14 }),
    tileRows: reader.number('tileRows', { default: 128, integer: true, min: 1 }),
    tileColumns: reader.number('tileColumns', { default: 128, integer: true, min: 2 }),
    tiles: reader.number('tiles', { default: 1024, integer: true, min: 1 }),
    deviceSet: reader.number('deviceSet', { default: 0, integer: true, min: 0, max: MAX_DEVICE_SET }),
  };
  const array = readArrayOptions(reader, nominalDevice);
  const writes = readWriteOptions(reader, settings);
  const law = nominalDevice?.law;
  if (levels === false && nonlinearity && law !== undefined && STEPWISE_LAWS.includes(law)) {
    reader.reject('levels', {
      code: 'E-RANGE',
      message: `is false, but the law ${law} has no pulses of any size; only nonlinearity: false has`,
    });
  }
  if (
    retention !== undefined ||
    (nominalDevice !== undefined && figureOf(nominalDevice, 'decayTime') > 0 && reader.raw('retention') !== false)
  ) {
    refuseAgeing(reader, { ...settings, ...array, ...writes });
  }
  reader.finish();
  if (problems.length > 0 || nominalDevice === undefined) throw new UserError(problems);
  let device = withLevels(asymmetry ? nominalDevice : symmetric(nominalDevice), levels);
  if (!conductanceRange) device = opened(device);
  for (const [noise, factor] of factors) device = scaled(device, NOISES[noise], factor);
  if (!nonlinearity) device = asymmetry ? straightened(device) : symmetric(straightened(device));
  if (retention === undefined && reader.raw('retention') === false) device = withFigure(device, 'decayTime', 0, 'retention off');
  return { device, nominalDevice, ...settings, ...array, ...writes, ...(retention && { retention }) };
}

/** Ways of writing and of holding weights that are not worked out for cells that change with time. */
function refuseAgeing(reader: OptionsReader, { writePolicy, update, slices }: Pick<Settings, 'writePolicy' | 'update' | 'slices'>): void {
  const refuse = (key: string, what: string): void =>
    reader.reject(key, {
      code: 'E-RETENTION',
      message: `is ${what}, which is not worked out for cells that change with time`,
      hint: 'give retention: false',
    });
  if (writePolicy === 'verify') refuse('writePolicy', '"verify"');
  if (update === 'two-array') refuse('update', '"two-array"');
  if (slices > 1) refuse('slices', String(slices));
}

/** The mean device: no cell deviates, no pulse and no read varies. */
export function withoutSpread(device: Device): Device {
  return Object.values(NOISES).reduce((one: Device, names) => scaled(one, names, 0), device);
}

function readSwitch(reader: OptionsReader, key: string): number {
  const given = reader.raw(key);
  if (given === undefined || given === true) return 1;
  if (given === false) return 0;
  if (typeof given === 'number' && given >= 0 && Number.isFinite(given)) return given;
  reader.reject(key, {
    code: 'E-RANGE',
    message: `is ${String(given)}, but must be true, false, or a factor of at least 0`,
    got: String(given),
  });
  return 1;
}

function readRetention(reader: OptionsReader, own: RetentionName | undefined): Settings['retention'] {
  const given = reader.raw('retention');
  if (typeof given === 'string') {
    const name = RETENTION_NAMES.find((one) => one === given);
    if (name !== undefined) return { name, strength: 1 };
    const near = didYouMean(given, RETENTION_NAMES);
    reader.reject('retention', {
      code: 'E-CHOICE',
      message: `unknown retention model "${given}"${near === undefined ? '' : ` - did you mean "${near}"?`} (${RETENTION_NAMES.join(', ')}, true, false or a factor)`,
      got: given,
    });
    return undefined;
  }
  const strength = readSwitch(reader, 'retention');
  return given === false || own === undefined ? undefined : { name: own, strength };
}

function readLevels(reader: OptionsReader): number | false | undefined {
  const given = reader.raw('levels');
  if (given === undefined || given === false) return given;
  if (typeof given === 'number' && Number.isInteger(given) && given >= 2) return given;
  reader.reject('levels', {
    code: 'E-RANGE',
    message: `is ${String(given)}, but must be a whole number of at least 2, or false for pulses of any size`,
    got: String(given),
  });
  return undefined;
}
