/** What a user may choose about the lines of the arrays and about what stands between a line and a cell. Everything is off, exactly, unless asked for. */
import type { OptionsReader } from '../../core/check-options.ts';
import type { Resistance } from '../../core/units.ts';
import { formatQuantity } from '../../core/units.ts';
import { weightReadBack } from './access-device.ts';
import type { Device } from './device-figures.ts';
import { figureOf, STEPWISE_LAWS } from './device-figures.ts';
import type { Access } from './half-select.ts';
import { ACCESSES, halfSelectShare } from './half-select.ts';

export const WIRE_LEVELS = ['none', 'ladder', 'network'] as const;
export type WireLevel = (typeof WIRE_LEVELS)[number];
export const ADC_LAWS = ['survey', 'sar', 'ramp'] as const;
/** Four pairs of eight levels hold twelve bits. */
const MOST_SLICES = 4;
const PLACEMENTS = ['read-current', 'conductance'] as const;

export interface ArrayOptions {
  /** Resistance of lines: none, of output lines only (ladder), or of both (network). */
  wires?: WireLevel;
  /** Per segment from crossing to crossing, default 0.119 ohm; of every driver; of every sense node. */
  wireResistance?: Resistance;
  driverResistance?: Resistance;
  senseResistance?: Resistance;
  /** What stands at a crossing beside the cell: a transistor, a two-terminal selector, or nothing. */
  access?: Access;
  /** Of the transistor when on, in series with each cell; default 0 ohm. */
  accessResistance?: Resistance;
  /** Where start weights are placed: linear in the read current (the default), or in the conductance of the cell alone. */
  placement?: (typeof PLACEMENTS)[number];
  /** Current of the selector at full over that at half voltage. */
  selectorNonlinearity?: number;
  /** What a pulse at half voltage moves a cell, as a share of a full pulse. */
  halfSelectDisturb?: number;
  /** Lines of shared wires are worked out again after this many changed weights, looked at every so many ticks. */
  refreshWrites?: number;
  refreshTicks?: number;
  /** Lines of each tile that take the place of those with most stuck cells. */
  spareRows?: number;
  spareColumns?: number;
  /** Pairs of cells per weight of projections that do not learn; each counts `sliceBase` times the next, and holds `sliceLevels` levels a side. */
  slices?: number;
  sliceBase?: number;
  sliceLevels?: number;
  /** Drivers and sense nodes at both ends of every line, so that rules can read the transpose (`simulation.readBackwards`). */
  bidirectional?: boolean;
  /** Energy law of converters, and how many the columns of a tile share (held in sample-and-hold circuits until their turn). */
  adcLaw?: (typeof ADC_LAWS)[number];
  converters?: number;
}

export interface ArraySettings {
  readonly wires: WireLevel;
  /** Ohms. */
  readonly wireOhm: number;
  readonly driverOhm: number;
  readonly senseOhm: number;
  readonly access: Access;
  readonly accessOhm: number;
  readonly selectorNonlinearity: number;
  readonly halfSelectDisturb: number;
  readonly refreshWrites: number;
  readonly refreshTicks: number;
  readonly spareRows: number;
  readonly spareColumns: number;
  readonly slices: number;
  readonly sliceBase: number;
  readonly sliceLevels: number;
  readonly bidirectional: boolean;
  readonly adcLaw: (typeof ADC_LAWS)[number];
  readonly converters: number;
}

/** Copper 100 nm wide at a pitch of 0.1 um, 1.19 ohm/um (NeuroSim V3.0 manual). */
const WIRE_OHM = '0.119 ohm';
/** Share of a full pulse that one at half voltage moves a bare cell: assumed; thresholds of real cells are steep, so most give less. */
const BARE_DISTURB = 1e-3;

export function readArrayOptions(reader: OptionsReader, device: Device | undefined): ArraySettings {
  const access = reader.choice('access', ACCESSES, { default: '1T1R', noun: 'access device' });
  const selectorNonlinearity = reader.number('selectorNonlinearity', { default: 1000, min: 1 });
  const stepwise = device !== undefined && STEPWISE_LAWS.includes(device.law);
  const usual = stepwise ? 0 : BARE_DISTURB * halfSelectShare(access, selectorNonlinearity);
  const settings = {
    wires: reader.choice('wires', WIRE_LEVELS, { default: 'none', noun: 'level of wire resistance' }),
    wireOhm: reader.quantity('wireResistance', 'resistance', { default: WIRE_OHM, min: '0 ohm' }),
    driverOhm: reader.quantity('driverResistance', 'resistance', { default: '0 ohm', min: '0 ohm' }),
    senseOhm: reader.quantity('senseResistance', 'resistance', { default: '0 ohm', min: '0 ohm' }),
    access,
    accessOhm: reader.quantity('accessResistance', 'resistance', { default: '0 ohm', min: '0 ohm' }),
    selectorNonlinearity,
    halfSelectDisturb: reader.number('halfSelectDisturb', { default: usual, min: 0, max: 1 }),
    refreshWrites: reader.number('refreshWrites', { default: 256, integer: true, min: 1 }),
    refreshTicks: reader.number('refreshTicks', { default: 64, integer: true, min: 1 }),
    spareRows: reader.number('spareRows', { default: 0, integer: true, min: 0 }),
    spareColumns: reader.number('spareColumns', { default: 0, integer: true, min: 0 }),
    slices: reader.number('slices', { default: 1, integer: true, min: 1, max: MOST_SLICES }),
    sliceBase: reader.number('sliceBase', { default: 8, min: 2 }),
    sliceLevels: reader.number('sliceLevels', { default: 8, integer: true, min: 2 }),
    bidirectional: reader.boolean('bidirectional', { default: false }),
    adcLaw: reader.choice('adcLaw', ADC_LAWS, { default: 'survey', noun: 'energy law of converters' }),
    converters: reader.number('converters', { default: 16, integer: true, min: 1 }),
  };
  refuseContradictions(reader, settings, device, stepwise);
  return settings;
}

function refuseContradictions(reader: OptionsReader, settings: ArraySettings, device: Device | undefined, stepwise: boolean): void {
  const { access, accessOhm, halfSelectDisturb } = settings;
  const placement = reader.choice('placement', PLACEMENTS, { default: 'read-current', noun: 'placement' });
  if (settings.slices > 1 && settings.wires !== 'none') {
    reader.reject('slices', {
      code: 'E-SLICES',
      message: `is ${settings.slices}, but the lines of sliced arrays are not worked out (wires is "${settings.wires}")`,
      hint: 'give wires: "none", or one pair per weight',
    });
  }
  if (settings.slices === 1) {
    for (const key of ['sliceBase', 'sliceLevels']) {
      if (reader.has(key))
        reader.reject(key, { code: 'E-SLICES', message: 'means nothing with one pair per weight', hint: 'give slices: 2 or more' });
    }
  }
  if (access !== '1T1R' && accessOhm > 0) {
    reader.reject('accessResistance', {
      code: 'E-ACCESS',
      message: `is ${formatQuantity(accessOhm, 'resistance')}, but with access "${access}" there is no transistor that could have it`,
      hint: 'leave it out, or give access: "1T1R"',
    });
  }
  if (access === '1T1R' && halfSelectDisturb > 0) {
    reader.reject('halfSelectDisturb', {
      code: 'E-ACCESS',
      message: `is ${halfSelectDisturb}, but with a transistor at each crossing no cell is half-selected`,
      hint: 'leave it out, or give access: "none" or "selector"',
    });
  }
  if (stepwise && halfSelectDisturb > 0) {
    reader.reject('halfSelectDisturb', {
      code: 'E-DEVICE',
      message: `is ${halfSelectDisturb}, but the law ${device?.law} has no answer to a fraction of a pulse`,
      hint: 'give 0',
    });
  }
  if (access !== 'selector' && reader.has('selectorNonlinearity')) {
    reader.reject('selectorNonlinearity', {
      code: 'E-ACCESS',
      message: `means nothing with access "${access}"`,
      hint: 'give access: "selector"',
    });
  }
  if (placement === 'conductance' && accessOhm > 0 && device !== undefined) {
    const cell = { gMin: figureOf(device, 'gMin'), gMax: figureOf(device, 'gMax'), accessOhm };
    const seen = weightReadBack((cell.gMin + cell.gMax) / 2, cell);
    reader.reject('placement', {
      code: 'E-PLACEMENT',
      message: `is "conductance", but behind ${formatQuantity(accessOhm, 'resistance')} a weight of 0 placed so reads back as ${seen.toFixed(2)} of full scale: the network would start with biased weights`,
      hint: 'leave it out: targets are placed so that the read current is linear in the weight',
    });
  }
}
