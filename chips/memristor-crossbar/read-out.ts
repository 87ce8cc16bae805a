/**
 * What a spike reads. A spike is one read pulse on its input line; every cell on the line passes a charge G·V·t into its column, and the
 * neuron takes the difference of the two columns of a pair. Silent lines are held at ground and cost nothing. Reads do not disturb.
 *
 * The difference is kept, as the weight `w`, from one write to the next, so that delivering a spike costs one addition. Noise of a read is
 * relative to the conductance of each cell and drawn afresh for every spike: a pair of high conductances is noisier than a pair of low ones
 * with the same difference. With the periphery `adc` every arriving spike is converted by itself (asynchronous read-out), sign and magnitude
 * over the range of one synapse; with `integrate-and-fire` the column's charge goes into the neuron as it is. There the noises of the cells
 * read in one tick are independent and Gaussian, so spikes add their variances to a port of their own and the column draws once.
 */
import type { NeuronModel } from '../../core/neurons/model.ts';
import type { Ageing } from './age-cell.ts';
import { seenName } from './age-cell.ts';
import { cellRead, readKind, readSpanShare, referenceState } from './cell-reads.ts';
import { figureOf } from './device-figures.ts';
import { normalisedStep } from './device-models.ts';
import type { Side } from './draw-cells.ts';
import { READ_HEAT_STEPS } from './energy-table.ts';
import type { Settings } from './options.ts';
import { gainOf, referencePoint } from './weights.ts';

/** Current of the cell of one side, as text; of the fixed cell of a reference column on the minus side. */
export function sideRead(side: 'plus' | 'minus', settings: Settings, state = side === 'plus' ? 'gPlus' : 'gMinus'): string {
  const fixed = settings.mapping === 'reference' && side === 'minus';
  return cellRead(fixed ? String(referenceState(settings)) : state, side, settings);
}

/** Text of the weight that the cells hold; `written` adds the read-back error that a write leaves. */
export function weightText(scale: number, settings: Settings, written: boolean, plus?: string, minus?: string): string {
  const { mapping, device } = settings;
  const value = `${scale * gainOf(mapping)} * (${sideRead('plus', settings, plus)} - ${sideRead('minus', settings, minus)})`;
  const noise = figureOf(device, 'writeNoiseStd') * normalisedStep(device.law, (figure) => figureOf(device, figure));
  if (!written || noise === 0) return value;
  const cells = mapping === 'reference' ? 1 : 2;
  return `${value} + ${scale * gainOf(mapping) * noise * Math.sqrt(cells)} * normal()`;
}

/** Text of a weight as one read sees it: what is held, and the noise of a read of both cells. @param plus, minus texts of their states */
export function readBackText(held: string, plus: string, minus: string | undefined, scale: number, settings: Settings): string {
  const spread = figureOf(settings.device, 'readNoiseStd') * scale * gainOf(settings.mapping);
  return spread === 0 ? held : `(${held} + ${spread} * sqrt(${squaredConductance(settings, plus, minus)}) * normal())`;
}

/** Standard deviation of the read-back error of a write, as a share of the weight scale. */
export function writeError({ mapping, device }: Settings): number {
  const noise = figureOf(device, 'writeNoiseStd') * normalisedStep(device.law, (figure) => figureOf(device, figure));
  return gainOf(mapping) * noise * Math.sqrt(mapping === 'reference' ? 1 : 2);
}

/** Text of the weight that a read finds now, from what time has made of the cells (`age-cell.ts`). */
export function seenWeight(tag: string, scale: number, settings: Settings): string {
  const error = writeError(settings) === 0 ? '' : ' + readError';
  const [plus, minus] = (['plus', 'minus'] as const).map((side) => sideRead(side, settings, seenName(side, tag)));
  return `${scale * gainOf(settings.mapping)} * (${plus} - ${minus})${error}`;
}

/** Conductance of the cells of a synapse at gMin, and what a full normalised conductance adds, both in units of gMax. */
function conductanceSum({ mapping, device }: Settings): { offset: number; span: number } {
  const ratio = figureOf(device, 'gMin') / figureOf(device, 'gMax');
  return { offset: ratio * (mapping === 'reference' ? 1 : 2), span: 1 - ratio };
}

/** Text of the heat of one read of a synapse, in quanta. The cells of a reference column are shared by a row and left out. */
export function heatText(settings: Settings): string {
  if (readKind(settings) === 'series') {
    const other = settings.mapping === 'reference' ? '' : ` + ${sideRead('minus', settings)}`;
    return `round(${READ_HEAT_STEPS * readSpanShare(settings)} * (${sideRead('plus', settings)}${other}))`;
  }
  const { offset, span } = conductanceSum(settings);
  const sum = settings.mapping === 'reference' ? 'gPlus' : '(gPlus + gMinus)';
  // the array that keeps it holds 31 bits; said here, so that the loop may run in WebAssembly
  return `clip(round(${READ_HEAT_STEPS * offset} + ${READ_HEAT_STEPS * span} * ${sum}), 0, ${2 ** 31 - 1})`;
}

/** The same as a number. @param readPlus, readMinus currents of both cells, as `sideRead` */
export function readHeat(settings: Settings, plus: number, minus: number, readPlus: number, readMinus: number): number {
  const paired = settings.mapping !== 'reference';
  if (readKind(settings) === 'series') {
    return Math.floor(READ_HEAT_STEPS * readSpanShare(settings) * (paired ? readPlus + readMinus : readPlus) + 0.5);
  }
  const { offset, span } = conductanceSum(settings);
  return Math.floor(READ_HEAT_STEPS * offset + READ_HEAT_STEPS * span * (paired ? plus + minus : plus) + 0.5);
}

/** Port on which the variances of the reads of one tick are summed. */
export const variancePort = (port: string): string => `${port}_variance`;

/** Whether columns draw the noise of their reads, one draw per tick. */
export const drawsPerColumn = ({ periphery, device }: Settings): boolean => periphery !== 'adc' && figureOf(device, 'readNoiseStd') > 0;

/** Synapse variable with the sum of the squared conductances of a sliced weight, by significance. */
export const SQUARES = 'squares';

/** How a projection departs from one pair of cells that stay as they were written. */
export interface DeliverOptions {
  readonly slices?: number;
  readonly ageing?: Ageing;
  /** Spikes carry +1 or -1: the read pulse has that sign, and so has what comes into the column. */
  readonly signed?: boolean;
}

/** Text that delivers one spike over one synapse to `port`. */
export function deliverText(
  port: string,
  scale: number,
  settings: Settings,
  { slices = 1, ageing, signed = false }: DeliverOptions = {},
): string {
  const { mapping, periphery, adcBits, device } = settings;
  const sides: readonly Side[] = mapping === 'reference' ? ['plus'] : ['plus', 'minus'];
  const aged = ageing === undefined ? [] : sides.flatMap((side) => ageing.lines(side, 'Now'));
  const found = ageing === undefined ? 'w' : seenWeight('Now', scale, settings);
  const counted = [...aged, `readPulses += ${slices * (mapping === 'reference' ? 1 : 2)}`, 'readHeat += heat'];
  // the cells of a sliced weight do not change, so the square of its read noise is one number per synapse
  const squared = slices > 1 ? SQUARES : squaredConductance(settings);
  const spread = figureOf(device, 'readNoiseStd') * scale * gainOf(mapping);
  if (periphery === 'adc') {
    const noise = spread === 0 ? '' : ` + ${spread} * sqrt(${squared}) * normal()`;
    return [
      ...counted,
      'adcConversions += 1',
      `let value = ${found}${noise}`,
      ...signMagnitudeText('value', 'converted', adcBits, scale),
      `${port} += ${signed ? 'payload * ' : ''}converted`,
    ].join('\n');
  }
  const variance = spread === 0 ? [] : [`${variancePort(port)} += ${spread * spread} * (${squared})`];
  return [...counted, `${port} += ${signed ? `payload * (${found})` : found}`, ...variance].join('\n');
}

/** Text of the sum of the squares of the conductances of a synapse's cells, in units of the conductance range. */
function squaredConductance(settings: Settings, plus = 'gPlus', minus = 'gMinus'): string {
  const { mapping, device } = settings;
  // the noise is relative to the current, and so shrinks with what wires and access devices leave of it
  if (readKind(settings) !== 'plain') return `${sideRead('plus', settings, plus)}^2 + ${sideRead('minus', settings, minus)}^2`;
  const ratio = figureOf(device, 'gMin') / figureOf(device, 'gMax');
  const zero = ratio / (1 - ratio);
  const other = mapping === 'reference' ? String(referencePoint(device)) : minus;
  return `(${plus} + ${zero})^2 + (${other} + ${zero})^2`;
}

/** The model with the noise of its columns: each port is read as its sum plus one draw of the summed variance. */
export function withReadNoise(model: NeuronModel, ports: readonly string[]): NeuronModel {
  const read = (port: string): string => `${port}_read`;
  const reads = ports.map(
    (port) => `let ${read(port)} = if(${variancePort(port)} > 0, ${port} + sqrt(${variancePort(port)}) * normal(), ${port})`,
  );
  const advance = ports.reduce((text, port) => text.replace(new RegExp(`\\b${port}\\b`, 'g'), read(port)), model.advance);
  return { ...model, inputs: [...model.inputs, ...ports.map(variancePort)], advance: [...reads, advance].join('\n') };
}

/**
 * Uniform converter: 2^bits levels over the closed range low … high, to the nearest, ties to the even code (CrossSim 3.2's quantiser rule).
 * Declares `result`, and `result`-named helpers.
 */
export function uniformText(value: string, result: string, bits: number, low: number, high: number): string[] {
  return converterText(value, result, 2 ** bits - 1, low, high);
}

/** Sign and magnitude: symmetric range and 2^bits - 1 levels, so that zero is a code. */
export function signMagnitudeText(value: string, result: string, bits: number, full: number): string[] {
  return converterText(value, result, 2 ** bits - 2, -full, full);
}

function converterText(value: string, result: string, steps: number, low: number, high: number): string[] {
  const size = (high - low) / steps;
  const [exact, near, code] = ['Exact', 'Near', 'Code'].map((part) => `${result}${part}`);
  return [
    `let ${exact} = (clip(${value}, ${low < 0 ? `(${low})` : low}, ${high}) - ${low < 0 ? `(${low})` : low}) / ${size}`,
    `let ${near} = round(${exact})`,
    `let ${code} = if(${near} - ${exact} == 0.5 and ${near} - 2 * floor(${near} / 2) == 1, ${near} - 1, ${near})`,
    `let ${result} = ${low} + ${code} * ${size}`,
  ];
}
