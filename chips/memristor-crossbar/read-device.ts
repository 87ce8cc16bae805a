/**
 * A user's own cell: a preset's name, or an object with the figures of a law, alone or on top of a preset (`base`). Physical figures carry
 * units. What is wrong with it is collected; a cell that contradicts itself never reaches a run.
 */
import type { OptionsReader } from '../../core/check-options.ts';
import { readOptions } from '../../core/check-options.ts';
import type { Sourced } from '../../core/energy/energy-table.ts';
import type { Problem } from '../../core/errors.ts';
import { didYouMean, UserError } from '../../core/errors.ts';
import { formatQuantity } from '../../core/units.ts';
import type { Device, DeviceFigure, LawName } from './device-figures.ts';
import { FIGURE_NAMES, figureOf, figureRow, figuresOf, LAW_NAMES } from './device-figures.ts';
import { DEVICE_NAMES, DEVICE_PRESETS } from './device-presets.ts';
import type { RetentionName } from './retention/retention-models.ts';
import { RETENTION_NAMES } from './retention/retention-models.ts';

/** Plain numbers, and texts with a unit for conductances, voltages, times and the capacitance. */
export type DeviceOptions = Partial<Record<DeviceFigure, number | string>> & {
  /** Preset that the object changes. */
  base?: string;
  name?: string;
  law?: LawName;
  logNormalStep?: boolean;
  continuous?: boolean;
  /** What time does to it: the name of a retention model. */
  retention?: RetentionName;
  /** Of the law `piecewise`: sizes of a pulse in units of `step`, evenly spread from wMin to wMax. */
  table?: { up: readonly number[]; down: readonly number[] };
};

export const DEFAULT_DEVICE = 'soft-bounds';

/** A cell by a preset's name or by its figures, as the option `device` of the crossbar takes it. Throws all that is wrong with it at once. */
export function memristorDevice(given: string | DeviceOptions): Device {
  const problems: Problem[] = [];
  const device = readDevice(readOptions({ device: given }, '', problems), 'device', problems);
  if (device === undefined || problems.length > 0) throw new UserError(problems);
  return device;
}

/** Reads the option `key`; undefined (with problems added) when there is no such cell. */
export function readDevice(reader: OptionsReader, key: string, problems: Problem[]): Device | undefined {
  const given = reader.raw(key);
  const path = reader.path === '' ? key : `${reader.path}.${key}`;
  if (given === undefined) return DEVICE_PRESETS[DEFAULT_DEVICE];
  if (typeof given === 'string') return presetNamed(given, path, problems);
  return readOwnDevice(readOptions(given, path, problems), path, problems);
}

function presetNamed(name: string, path: string, problems: Problem[]): Device | undefined {
  const preset = Object.hasOwn(DEVICE_PRESETS, name) ? DEVICE_PRESETS[name] : undefined;
  if (preset === undefined) {
    const near = didYouMean(name, DEVICE_NAMES);
    const message = `unknown device "${name}"${near === undefined ? '' : ` - did you mean "${near}"?`} (${DEVICE_NAMES.join(', ')})`;
    problems.push({ code: 'E-CHOICE', message, where: { path }, got: name, expected: DEVICE_NAMES.join(', ') });
  }
  return preset;
}

function readOwnDevice(reader: OptionsReader, path: string, problems: Problem[]): Device | undefined {
  const before = problems.length;
  const baseName = reader.string('base', { optional: true });
  const base = baseName === undefined ? undefined : presetNamed(baseName, `${path}.base`, problems);
  // without its base the object is incomplete in ways that are not the user's fault
  if (problems.length > before) return undefined;
  const law =
    base === undefined
      ? reader.choice('law', LAW_NAMES, { noun: 'law' })
      : reader.choice('law', LAW_NAMES, { noun: 'law', default: base.law });
  const name = reader.string('name', { default: base === undefined ? 'own device' : `${base.name}, changed` });
  const logNormalStep = reader.boolean('logNormalStep', { default: base?.logNormalStep ?? false });
  const continuous = reader.boolean('continuous', { default: base?.continuous ?? false });
  const retention = reader.has('retention') ? reader.choice('retention', RETENTION_NAMES, { noun: 'retention model' }) : base?.retention;
  const figures: Partial<Record<DeviceFigure, Sourced>> = {};
  for (const figure of FIGURE_NAMES) {
    if (!figuresOf(law).includes(figure)) {
      if (reader.has(figure)) rejectForeign(reader, figure, law);
      continue;
    }
    // every figure of the law is a known key, also where the base supplies it
    reader.raw(figure);
    const known = base?.figures[figure];
    const value = readFigure(reader, figure, known?.value ?? figureRow(figure).default);
    if (known !== undefined && !reader.has(figure)) figures[figure] = known;
    else
      figures[figure] = {
        value,
        lo: value,
        hi: value,
        source: reader.has(figure) ? 'given by the user' : 'default',
        confidence: 'assumed',
      };
  }
  const table = law === 'piecewise' ? (readTable(reader, problems) ?? base?.table) : undefined;
  reader.finish();
  if (law === 'piecewise' && table === undefined && problems.length === before) {
    problems.push({
      code: 'E-MISSING',
      message: 'is missing; the law piecewise needs { up: [...], down: [...] }',
      where: { path: `${path}.table` },
    });
  }
  if (problems.length > before) return undefined;
  const device: Device = {
    name,
    title: base?.title ?? name,
    law,
    logNormalStep,
    continuous,
    mapping: base?.mapping ?? 'two-sided',
    figures,
    ...(retention && { retention }),
    ...(table && { table }),
  };
  problems.push(...contradictions(device, path));
  return problems.length > before ? undefined : device;
}

/** Two lists of at least two sizes each, none below 0: a pulse that goes the wrong way is noise, not a law. */
function readTable(reader: OptionsReader, problems: Problem[]): Device['table'] {
  if (!reader.has('table')) return undefined;
  const inside = reader.object('table');
  const points = (key: 'up' | 'down'): number[] =>
    inside.list(
      key,
      (item, itemPath) => {
        if (typeof item === 'number' && Number.isFinite(item) && item >= 0) return item;
        problems.push({ code: 'E-RANGE', message: `is ${String(item)}, but must be a size of at least 0`, where: { path: itemPath } });
        return 0;
      },
      { minLength: 2 },
    );
  const table = { up: points('up'), down: points('down') };
  inside.finish();
  return table;
}

function rejectForeign(reader: OptionsReader, figure: DeviceFigure, law: LawName): void {
  reader.raw(figure);
  const laws = (figureRow(figure).laws ?? []).join(', ');
  reader.reject(figure, { code: 'E-DEVICE', message: `means nothing for the law ${law}; it belongs to ${laws}` });
}

function readFigure(reader: OptionsReader, figure: DeviceFigure, fallback: number | undefined): number {
  const { dimension, min, max, above } = figureRow(figure);
  if (fallback !== undefined && !reader.has(figure)) return fallback;
  if (dimension === 'number') return refusesSlip(reader, figure, max) ? 0 : reader.number(figure, { min, max, above });
  const value = reader.quantity(figure, dimension);
  if (above !== undefined && value <= above) {
    reader.reject(figure, {
      code: 'E-RANGE',
      message: `is ${formatQuantity(value, dimension)}, but must be more than ${formatQuantity(above, dimension)}`,
    });
  }
  if (min !== undefined && value < min) {
    reader.reject(figure, {
      code: 'E-RANGE',
      message: `is ${formatQuantity(value, dimension)}, but must be at least ${formatQuantity(min, dimension)}`,
    });
  }
  return value;
}

/** "0.05 or 5 %?": a fraction written in per cent, with or without the sign. */
function refusesSlip(reader: OptionsReader, figure: DeviceFigure, max: number | undefined): boolean {
  const given = reader.raw(figure);
  const percent = typeof given === 'string' ? /^\s*([+-]?\d+\.?\d*)\s*%\s*$/.exec(given)?.[1] : undefined;
  if (percent !== undefined) {
    const message = `is ${JSON.stringify(given)}, but a spread is a plain fraction - did you mean ${Number(percent) / 100}?`;
    reader.reject(figure, { code: 'E-UNIT', message, got: String(given) });
    return true;
  }
  if (typeof given !== 'number' || max !== 1 || !figure.endsWith('Std') || !(given > 1)) return false;
  const message = `is ${given}, which is ${100 * given} % - spreads are fractions; did you mean ${given / 100} (${given} %)?`;
  reader.reject(figure, { code: 'E-UNIT', message, got: String(given) });
  return true;
}

/** Faults between figures that are each in their own range. */
export function contradictions(device: Device, path: string): Problem[] {
  const of = (figure: DeviceFigure): number => figureOf(device, figure);
  const problems: Problem[] = [];
  const reject = (figure: DeviceFigure | '', message: string, hint?: string): void => {
    problems.push({ code: 'E-DEVICE', message, where: { path: figure === '' ? path : `${path}.${figure}` }, ...(hint && { hint }) });
  };
  const siemens = (figure: DeviceFigure): string => formatQuantity(of(figure), 'conductance');
  if (of('gMin') >= of('gMax')) {
    reject('gMin', `is ${siemens('gMin')}, but must be below gMax, which is ${siemens('gMax')}`);
  }
  if (device.law === 'soft-bounds' || device.law === 'linear') {
    if (of('wMin') === 0)
      reject(
        'wMin',
        `is 0, but the law ${device.law} needs its zero inside the range`,
        'give wMin below 0 and wMax above 0, e.g. -1 and 1',
      );
  }
  if (device.law === 'saturating-exponential') {
    for (const label of ['labelUp', 'labelDown'] as const) {
      if (Math.abs(of(label)) < 0.01)
        reject(
          label,
          `is ${of(label)}, but a nonlinearity label lies between 0.01 and 9 in size`,
          'for a straight line use the law constant',
        );
    }
  } else if (of('step') >= of('wMax') - of('wMin')) {
    reject('step', `is ${of('step')}, but must be smaller than the range wMin … wMax, which is ${of('wMax') - of('wMin')} wide`);
  }
  if (of('stuckOn') + of('stuckOff') + of('stuckAnywhere') > 1)
    reject('', 'the shares stuckOn, stuckOff and stuckAnywhere add up to more than 1');
  const weakest = Math.min(of('writeVoltageUp'), of('writeVoltageDown'));
  if (of('gateCapacitance') === 0 && of('readVoltage') > weakest / 2) {
    reject(
      'readVoltage',
      `is ${formatQuantity(of('readVoltage'), 'voltage')}, more than half the weakest write pulse of ${formatQuantity(weakest, 'voltage')}: reads would write`,
    );
  }
  return problems;
}
