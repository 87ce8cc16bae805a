/**
 * Two claims made for memristor crossbars, held against a device: "under 10 fJ per local weight update" and "10 to 100 times below digital". What
 * a claim asks for is a budget for the heat of the pulses, V²·G·t summed over the driven cells, and the charge of their lines, C·V²; the limits
 * below say which voltage, conductance or width alone would meet it, the other two as they are. A gate is charged, so only its voltage counts.
 */
import type { Sourced } from '../../core/energy/energy-table.ts';
import { sourced } from '../../core/energy/energy-table.ts';
import type { Device, DeviceFigure } from './device-figures.ts';
import { figureOf } from './device-figures.ts';

/** Joules per weight update that the claim names. */
export const UPDATE_CLAIM_JOULES = 10e-15;
/** Factor below digital that the second claim starts from. */
export const DIGITAL_CLAIM_FACTOR = 10;

const picojoules = (value: number, lo: number, hi: number, source: string): Sourced =>
  sourced(value * 1e-12, { lo: lo * 1e-12, hi: hi * 1e-12, source, confidence: 'assumed' });

const HOROWITZ = 'Horowitz, ISSCC 2014 (45 nm)';

/** The digital reference: one 8-bit multiply-accumulate, and one access to a stored weight. */
export const DIGITAL = {
  mac: picojoules(
    1,
    0.23,
    4.6,
    `1 pJ per operation, the usual round figure; low: 8-bit multiply and add, high: 32-bit float, both ${HOROWITZ}`,
  ),
  sram: picojoules(2.5, 1.25, 12.5, `8 of 64 bits of a 32 KB memory; low 8 KB, high 1 MB; ${HOROWITZ}`),
  dram: picojoules(
    200,
    160,
    640,
    `200 pJ per word, the usual round figure; low 8 of 64 bits at 1.3 nJ (${HOROWITZ}), high a 32-bit word (Han et al., NeurIPS 2015)`,
  ),
} as const;

export interface Joules {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
}

const plus = (...parts: readonly Joules[]): Joules => ({
  value: parts.reduce((sum, { value }) => sum + value, 0),
  lo: parts.reduce((sum, { lo }) => sum + lo, 0),
  hi: parts.reduce((sum, { hi }) => sum + hi, 0),
});

/** Joules of the digital reference: an event reads a weight and accumulates; an update reads it, computes, and writes it back. */
export const digitalReference = {
  event: { sram: plus(DIGITAL.mac, DIGITAL.sram), dram: plus(DIGITAL.mac, DIGITAL.dram) },
  update: { sram: plus(DIGITAL.mac, DIGITAL.sram, DIGITAL.sram), dram: plus(DIGITAL.mac, DIGITAL.dram, DIGITAL.dram) },
} as const;

/** What a pulse would have to be to stay within a budget; each alone, the others unchanged. SI units. */
export interface Limits {
  /** Lines are charged with the same voltage, so they shrink with it. */
  readonly volts: number;
  /** Absent where the pulse charges a gate, and where the lines alone exceed the budget. */
  readonly siemens?: number;
  readonly seconds?: number;
}

/** @param cells joules in the cells; @param lines joules that charge lines; @param budget what both may cost; undefined when it is not above 0 */
export function limitsFor(
  { cells, lines, gated }: { readonly cells: number; readonly lines: number; readonly gated: boolean },
  budget: number,
  { volts, siemens, seconds }: Required<Limits>,
): Limits | undefined {
  if (budget <= 0) return undefined;
  const limit = { volts: volts * Math.sqrt(budget / (cells + lines)) };
  const share = (budget - lines) / cells;
  return gated || share <= 0 ? limit : { ...limit, siemens: siemens * share, seconds: seconds * share };
}

/** Voltage, mid conductance and width of a pulse: the larger of the two polarities in energy. */
export function writePulse(device: Device): Required<Limits> {
  const of = (figure: DeviceFigure): number => figureOf(device, figure);
  const siemens = (of('gMin') + of('gMax')) / 2;
  const up = { volts: of('writeVoltageUp'), seconds: of('writeTimeUp') };
  const down = { volts: of('writeVoltageDown'), seconds: of('writeTimeDown') };
  const strong = up.volts ** 2 * up.seconds >= down.volts ** 2 * down.seconds ? up : down;
  return { ...strong, siemens };
}

export const readPulse = (device: Device): Required<Limits> => ({
  volts: figureOf(device, 'readVoltage'),
  seconds: figureOf(device, 'readTime'),
  siemens: (figureOf(device, 'gMin') + figureOf(device, 'gMax')) / 2,
});
