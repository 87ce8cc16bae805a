/**
 * The lines of a tile: how its cells lie on them, what resistance they add, and the program that takes in what the kernel has worked out for a
 * whole tile (core/wires/tiles.ts): new shares of current, and what half-selected cells have been moved by.
 */
import type { LoweredColumn, LoweredTiles } from '../../core/chip-contract.ts';
import type { Program } from '../../core/program/ir.ts';
import type { SynapseTable } from '../../core/synapses/synapse-table.ts';
import type { WireOhms } from '../../core/wires/grid.ts';
import type { TileLayout } from '../../core/wires/tiles.ts';
import { readKind, referenceState, SHARES, siemensOf } from './cell-reads.ts';
import { figureOf } from './device-figures.ts';
import { WRITE_HEAT_STEPS } from './energy-table.ts';
import { halfSelectShare } from './half-select.ts';
import type { CellTexts } from './move-cell.ts';
import { burstText, literal } from './move-cell.ts';
import type { Settings } from './options.ts';
import { heatText } from './read-out.ts';
import { gainOf } from './weights.ts';

/** A reference column takes one line of each tile; a pair takes two. */
export function tileLayout({ mapping, tileRows, tileColumns }: Settings): TileLayout {
  return { rows: tileRows, targets: Math.max(1, mapping === 'reference' ? tileColumns - 1 : Math.floor(tileColumns / 2)) };
}

export function tileWires({ wires, wireOhm, driverOhm, senseOhm }: Settings): WireOhms {
  if (wires === 'none') return { inputOhm: 0, outputOhm: 0 };
  return { inputOhm: wires === 'network' ? wireOhm : 0, outputOhm: wireOhm, driverOhm: wires === 'network' ? driverOhm : 0, senseOhm };
}

/**
 * Resistance in series with each cell of a gated array, [nSynapses] ohms: access device, supply line from its driver, output line to its sense
 * node. The supply runs beside the output line, so the two pieces of wire together are as long for every row.
 */
export function pathOhms({ nRows, rowStart, nSynapses }: SynapseTable, settings: Settings): Float64Array {
  const { inputOhm, outputOhm, driverOhm = 0, senseOhm = 0 } = tileWires(settings);
  const ohms = new Float64Array(nSynapses);
  for (let row = 0; row < nRows; row++) {
    const position = row % settings.tileRows;
    const lines = Math.min(settings.tileRows, nRows - (row - position));
    const path = settings.accessOhm + driverOhm + (position + 1) * inputOhm + (lines - position) * outputOhm + senseOhm;
    ohms.fill(path, rowStart[row], rowStart[row + 1]);
  }
  return ohms;
}

export const seesHalfSelect = (settings: Settings): boolean => readKind(settings) === 'shared' && settings.halfSelectDisturb > 0;

/** Lines of a weight write that note its pulses for the neighbours. @param pulses, count names of the signed number and its size */
export function noteSent(pulses: string, count: string, settings: Settings, pulsed?: string): string[] {
  if (!seesHalfSelect(settings)) return [];
  const when = pulsed === undefined ? '' : `${pulsed} and `;
  return [
    `sentUp = if(${when}${pulses} > 0, sentUp + ${count}, sentUp)`,
    `sentDown = if(${when}${pulses} < 0, sentDown + ${count}, sentDown)`,
  ];
}

export interface TileCells {
  readonly plus: CellTexts;
  readonly minus?: CellTexts;
}

/** What the kernel keeps up for this projection; undefined where cells do not act on each other, or never change. */
export function loweredTiles(
  settings: Settings,
  cells: TileCells,
  scale: number,
  compile: (text: string) => Program,
): LoweredTiles | undefined {
  if (readKind(settings) !== 'shared') return undefined;
  const { span, zero } = siemensOf(settings.device);
  const counts = seesHalfSelect(settings);
  const column = (side: 'plus' | 'minus', state: string): LoweredColumn => ({
    variable: state,
    siemens: span,
    zero,
    share: `${SHARES[side]}Next`,
    ...(counts ? sentTo(side, settings) : {}),
  });
  const shared: LoweredColumn = { siemens: span, zero: referenceState(settings) + zero, share: `${SHARES.minus}Next` };
  return {
    ...tileLayout(settings),
    columns: [column('plus', 'gPlus'), cells.minus === undefined ? shared : column('minus', 'gMinus')],
    wires: tileWires(settings),
    everyTicks: settings.refreshTicks,
    everyWrites: settings.refreshWrites,
    counter: 'synapticUpdates',
    renew: compile(renewText(settings, cells, scale)),
  };
}

/** Pulses of potentiation go up in the plus cell and, in a two-sided pair, down in the minus cell; a one-sided pair only ever sends up. */
function sentTo(side: 'plus' | 'minus', { mapping }: Settings): Pick<LoweredColumn, 'sent' | 'halfSelected'> {
  const name = side === 'plus' ? 'Plus' : 'Minus';
  const halfSelected = [`halfUp${name}`, `halfDown${name}`] as const;
  const sent = side === 'plus' ? (['sentUp', 'sentDown'] as const) : (['sentDown', 'sentUp'] as const);
  return { sent: mapping === 'one-sided' ? ([sent[0], sent[0]] as const) : sent, halfSelected };
}

/** Moves half-selected cells, then puts the new shares in place of the old; the read-back error that the last write left stays in w. */
function renewText(settings: Settings, { plus, minus }: TileCells, scale: number): string {
  const { zero } = siemensOf(settings.device);
  const sides = [{ side: 'plus', cell: plus } as const, ...(minus === undefined ? [] : [{ side: 'minus', cell: minus } as const])];
  const counts = seesHalfSelect(settings);
  const lines: string[] = [];
  if (counts) for (const { side, cell } of sides) lines.push(...disturbText(side, cell, settings));
  const now = (side: 'plus' | 'minus', cell: CellTexts | undefined): string => {
    const state = cell === undefined ? String(referenceState(settings)) : counts ? movedName(side) : cell.state;
    const before = cell === undefined ? state : cell.state;
    return `((${state} + ${zero}) * ${SHARES[side]}Next - (${before} + ${zero}) * ${SHARES[side]})`;
  };
  lines.push(`w += ${scale * gainOf(settings.mapping)} * (${now('plus', plus)} - ${now('minus', minus)})`);
  for (const side of ['plus', 'minus'] as const) lines.push(`${SHARES[side]} = ${SHARES[side]}Next`);
  if (counts) {
    for (const { side, cell } of sides) lines.push(`${cell.state} = ${movedName(side)}`);
    lines.push(`heat = ${heatText(settings)}`);
  }
  return lines.join('\n');
}

const movedName = (side: 'plus' | 'minus'): string => `moved${side === 'plus' ? 'Plus' : 'Minus'}0`;

/** A half-selected pulse moves a cell by a fraction of a pulse and heats it by a quarter of one, times what the selector lets through. */
function disturbText(side: 'plus' | 'minus', cell: CellTexts, settings: Settings): string[] {
  const { device, mapping, halfSelectDisturb, access, selectorNonlinearity } = settings;
  const name = side === 'plus' ? 'Plus' : 'Minus';
  const silent = { ...device, figures: { ...device.figures, stepStd: undefined, rangeStd: undefined } };
  const one = mapping === 'one-sided';
  const burst = (state: string, polarity: 'Up' | 'Down'): string =>
    burstText(state, `(${halfSelectDisturb} * half${polarity}${name})`, cell[polarity === 'Up' ? 'up' : 'down'], silent);
  const up = `clip(${burst(cell.state, 'Up')}, ${cell.low}, ${cell.high})`;
  const moved = movedName(side);
  const lines = [`let ${moved} = ${up}`];
  if (!one) lines.push(`${moved} = clip(${burst(moved, 'Down')}, ${cell.low}, ${cell.high})`);
  if (figureOf(device, 'gateCapacitance') > 0) return lines;
  const { zero } = siemensOf(device);
  const energy = (polarity: 'Up' | 'Down'): number =>
    figureOf(device, `writeVoltage${polarity}`) ** 2 * figureOf(device, `writeTime${polarity}`);
  const quarter = (WRITE_HEAT_STEPS * halfSelectShare(access, selectorNonlinearity)) / 4 / (1 + zero);
  const down = one ? '' : ` + ${energy('Down') / energy('Up')} * halfDown${name}`;
  return [...lines, `halfSelectHeat += round(${literal(quarter)} * (${cell.state} + ${zero}) * (halfUp${name}${down}))`];
}
