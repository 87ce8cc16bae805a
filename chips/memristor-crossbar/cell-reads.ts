/**
 * The current that a cell brings into its column, as text over its state u (0 at gMin, 1 at gMax), in units of the whole range of read currents,
 * gMin's share included where it does not cancel:
 *
 *   plain    u. Ideal lines, nothing in series.
 *   series   a transistor (1T1R) and the cell's own path along the lines in series: G/(1 + G·R). Exact when spikes are read one at a time, each in
 *            its own read pulse, because the cells of silent rows are switched off. Wires of simultaneous reads: core/wires/ladder.ts.
 *   shared   bare cells or selectors on resistive lines: G times the share that the transfer matrix of the tile gives. Silent lines are held at
 *            ground, so spikes superpose exactly; between two refreshes the share of each cell is taken to be unchanged.
 */

import { seriesConductance } from '../../core/wires/shortcuts.ts';
import type { ArraySettings } from './array-options.ts';
import type { Device, Mapping } from './device-figures.ts';
import { figureOf } from './device-figures.ts';
import { referencePoint } from './weights.ts';

export type ReadKind = 'plain' | 'series' | 'shared';

interface ReadSettings extends ArraySettings {
  readonly device: Device;
  readonly mapping: Mapping;
}

export function readKind({ access, accessOhm, wires, halfSelectDisturb }: ArraySettings): ReadKind {
  if (access === '1T1R') return accessOhm > 0 || wires !== 'none' ? 'series' : 'plain';
  return wires !== 'none' || halfSelectDisturb > 0 ? 'shared' : 'plain';
}

/** Conductance range in siemens, and what stands for 0 S below u = 0. */
export function siemensOf(device: Device): { readonly span: number; readonly zero: number } {
  const [gMin, gMax] = [figureOf(device, 'gMin'), figureOf(device, 'gMax')];
  return { span: gMax - gMin, zero: gMin / (gMax - gMin) };
}

/** Range of read currents per volt behind the access device alone, siemens. */
function readSpan({ device, accessOhm }: ReadSettings): number {
  const at = (figure: 'gMin' | 'gMax'): number => seriesConductance(figureOf(device, figure), accessOhm);
  return at('gMax') - at('gMin');
}

/** The same as a share of gMax. */
export const readSpanShare = (settings: ReadSettings): number => readSpan(settings) / figureOf(settings.device, 'gMax');

/** Names of the synapse variables that reads need. */
export const PATH = 'pathOhm';
export const SHARES = { plus: 'sharePlus', minus: 'shareMinus' } as const;

/** @param u text of the state of a cell; @param side which column it stands in */
export function cellRead(u: string, side: 'plus' | 'minus', settings: ReadSettings): string {
  const { span, zero } = siemensOf(settings.device);
  switch (readKind(settings)) {
    case 'plain':
      return u;
    case 'series': {
      const ohm = settings.wires === 'none' ? String(settings.accessOhm) : PATH;
      return `(${span / readSpan(settings)} * (${u} + ${zero}) / (1 + ${span} * (${u} + ${zero}) * ${ohm}))`;
    }
    case 'shared':
      return `((${u} + ${zero}) * ${SHARES[side]})`;
  }
}

/** The same as a number. @param ohm in series, @param share of the tile's transfer matrix */
export function cellReadValue(
  u: number,
  { ohm = 0, share = 1 }: { readonly ohm?: number; readonly share?: number },
  settings: ReadSettings,
): number {
  const { span, zero } = siemensOf(settings.device);
  switch (readKind(settings)) {
    case 'plain':
      return u;
    case 'series':
      return ((span / readSpan(settings)) * (u + zero)) / (1 + span * (u + zero) * ohm);
    case 'shared':
      return (u + zero) * share;
  }
}

/** State of a cell whose read current, behind the access device, is the given part of the range. */
export function placed(part: number, settings: ReadSettings): number {
  const { device, accessOhm } = settings;
  if (accessOhm === 0) return part;
  const { span, zero } = siemensOf(device);
  const read = seriesConductance(span * zero, accessOhm) + readSpan(settings) * part;
  return read / (1 - read * accessOhm) / span - zero;
}

/** State of the cells of a reference column. */
export const referenceState = (settings: ReadSettings): number => placed(referencePoint(settings.device), settings);
