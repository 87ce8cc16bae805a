/**
 * What a spike reads. A spike is one read pulse on its input line; every cell on the line passes a charge G·V·t into its column, and the
 * neuron takes the difference of the two columns of a pair. Silent lines are held at ground and cost nothing. Reads do not disturb.
 *
 * The difference is kept, as the weight `w`, from one write to the next, so that delivering a spike costs one addition. Noise of a read is
 * relative to the conductance of each cell and drawn afresh for every spike: a pair of high conductances is noisier than a pair of low ones
 * with the same difference. With the periphery `adc` every arriving spike is converted by itself (asynchronous read-out), sign and magnitude
 * over the range of one synapse; with `integrate-and-fire` the column's charge goes into the neuron as it is.
 */
import { figureOf } from './device-figures.ts';
import { normalisedStep } from './device-models.ts';
import { READ_HEAT_STEPS } from './energy-table.ts';
import type { Settings } from './options.ts';
import { gainOf, referencePoint } from './weights.ts';

/** Text of the weight that the cells hold; `written` adds the read-back error that a write leaves. */
export function weightText(scale: number, { mapping, device }: Settings, written: boolean): string {
  const other = mapping === 'reference' ? String(referencePoint(device)) : 'gMinus';
  const value = `${scale * gainOf(mapping)} * (gPlus - ${other})`;
  const noise = figureOf(device, 'writeNoiseStd') * normalisedStep(device.law, (figure) => figureOf(device, figure));
  if (!written || noise === 0) return value;
  const cells = mapping === 'reference' ? 1 : 2;
  return `${value} + ${scale * gainOf(mapping) * noise * Math.sqrt(cells)} * normal()`;
}

/** Conductance of the cells of a synapse at gMin, and what a full normalised conductance adds, both in units of gMax. */
function conductanceSum({ mapping, device }: Settings): { offset: number; span: number } {
  const ratio = figureOf(device, 'gMin') / figureOf(device, 'gMax');
  return { offset: ratio * (mapping === 'reference' ? 1 : 2), span: 1 - ratio };
}

/** Text of the heat of one read of a synapse, in quanta. The cells of a reference column are shared by a row and left out. */
export function heatText(settings: Settings): string {
  const { offset, span } = conductanceSum(settings);
  const sum = settings.mapping === 'reference' ? 'gPlus' : '(gPlus + gMinus)';
  return `round(${READ_HEAT_STEPS * offset} + ${READ_HEAT_STEPS * span} * ${sum})`;
}

/** The same as a number. */
export function readHeat(settings: Settings, plus: number, minus: number): number {
  const { offset, span } = conductanceSum(settings);
  return Math.floor(READ_HEAT_STEPS * offset + READ_HEAT_STEPS * span * (settings.mapping === 'reference' ? plus : plus + minus) + 0.5);
}

/** Text that delivers one spike over one synapse to `port`. */
export function deliverText(port: string, scale: number, settings: Settings): string {
  const { mapping, periphery, adcBits } = settings;
  const read = `w${readNoiseText(scale, settings)}`;
  const counted = [`readPulses += ${mapping === 'reference' ? 1 : 2}`, 'readHeat += heat'];
  if (periphery !== 'adc') return [...counted, `${port} += ${read}`].join('\n');
  return [
    ...counted,
    'adcConversions += 1',
    `let value = ${read}`,
    ...signMagnitudeText('value', 'converted', adcBits, scale),
    `${port} += converted`,
  ].join('\n');
}

function readNoiseText(scale: number, { mapping, device }: Settings): string {
  const spread = figureOf(device, 'readNoiseStd');
  if (spread === 0) return '';
  const ratio = figureOf(device, 'gMin') / figureOf(device, 'gMax');
  const zero = ratio / (1 - ratio);
  const other = mapping === 'reference' ? String(referencePoint(device)) : 'gMinus';
  return ` + ${scale * gainOf(mapping) * spread} * sqrt((gPlus + ${zero})^2 + (${other} + ${zero})^2) * normal()`;
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
