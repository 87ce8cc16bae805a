/**
 * The text that moves one cell by a burst of pulses. Cycle-to-cycle noise: each pulse varies by a fraction `stepStd` of its own step. For a
 * geometric law the error a pulse makes shrinks with the distance to the target like everything else, so that after n pulses the spread is
 * stepStd·√n times the size of the last step, (u - target)·exp(n·rate)·(exp(-rate) - 1): one normal number per burst. `rangeStd` adds one
 * Gaussian of rangeStd·√n, whatever the step (NeuroSim). Stepwise laws draw for every pulse.
 */
import type { Device, DeviceFigure } from './device-figures.ts';
import { figureOf, figuresOf } from './device-figures.ts';
import { AT_MOST, LAWS, rangeOf, tableText } from './device-models.ts';

/** A motion whose numbers are texts: literals, or names of synapse variables. */
export type MotionText =
  | { readonly kind: 'constant'; readonly step: string }
  | { readonly kind: 'geometric'; readonly target: string; readonly rate: string }
  | { readonly kind: 'stepwise'; readonly step: string };

/** The cells of one side of a projection as texts: a literal where all are alike, else the name of a synapse variable. */
export interface CellTexts {
  readonly state: string;
  readonly low: string;
  readonly high: string;
  readonly up: MotionText;
  readonly down: MotionText;
}

/** A number that may stand anywhere in a text. */
export const literal = (value: number): string => (value < 0 || Object.is(value, -0) ? `(${value})` : String(value));

/** What the cell does for positive and for negative counts of pulses; absent where it is left alone. */
export interface Response {
  readonly positive?: 'up' | 'down';
  readonly negative?: 'up' | 'down';
}

/**
 * Lines that declare `raw` and `moved`: the conductance after the pulses, and the same clipped to the cell's bounds.
 * @param pulses name of the signed number of pulses; `count` of its size
 */
export function moveText(
  cell: CellTexts,
  device: Device,
  response: Response,
  names: { pulses: string; count: string; raw: string; moved: string },
): string[] {
  const { pulses, count, raw, moved } = names;
  const choose = (after: (polarity: 'up' | 'down') => string): string => {
    const whenPositive = response.positive === undefined ? cell.state : after(response.positive);
    const whenNegative = response.negative === undefined ? cell.state : after(response.negative);
    return `if(${pulses} > 0, ${whenPositive}, if(${pulses} < 0, ${whenNegative}, ${cell.state}))`;
  };
  const clipped = (value: string): string => `clip(${value}, ${cell.low}, ${cell.high})`;
  if (cell.up.kind !== 'stepwise') {
    return [`let ${raw} = ${choose((polarity) => burstText(cell.state, count, cell[polarity], device))}`, `let ${moved} = ${clipped(raw)}`];
  }
  const lines = [`let ${raw} = ${cell.state}`, `let ${moved} = ${cell.state}`];
  for (let k = 0; k < AT_MOST; k++) {
    const one = (polarity: 'up' | 'down'): string => pulseText(moved, polarity, cell, device);
    const pulse =
      response.positive === undefined || response.negative === undefined
        ? one(response.positive ?? response.negative ?? 'up')
        : `if(${pulses} > 0, ${one(response.positive)}, ${one(response.negative)})`;
    const driven = response.positive === undefined ? ` and ${pulses} < 0` : response.negative === undefined ? ` and ${pulses} > 0` : '';
    lines.push(`${raw} = if(${count} > ${k}${driven}, ${pulse}, ${moved})`, `${moved} = ${clipped(raw)}`);
  }
  return lines;
}

/** Text of u after `count` pulses at once, before it is clipped. */
export function burstText(state: string, count: string, motion: MotionText, device: Device): string {
  const [stepStd, rangeStd] = [figureOf(device, 'stepStd'), figureOf(device, 'rangeStd')];
  const noise = (size: string): string => `${size} * sqrt(${count}) * normal()`;
  const ofRange = rangeStd === 0 ? '' : ` + ${noise(String(rangeStd))}`;
  if (motion.kind !== 'geometric') {
    const ofStep = stepStd === 0 ? '' : ` + ${noise(`${stepStd} * ${motion.step}`)}`;
    return `${state} + ${count} * ${motion.step}${ofStep}${ofRange}`;
  }
  const ofStep = stepStd === 0 ? '' : ` * (1 + ${noise(`${stepStd} * (exp(-${motion.rate}) - 1)`)})`;
  return `${motion.target} + (${state} - ${motion.target}) * exp(${count} * ${motion.rate})${ofStep}${ofRange}`;
}

/** Text of u after one pulse of a stepwise law: the published text, with the device's scale put in terms of u. */
function pulseText(u: string, polarity: 'up' | 'down', cell: CellTexts, device: Device): string {
  const of = (figure: DeviceFigure): number => figureOf(device, figure);
  const [low, width] = [of('wMin'), rangeOf(of)];
  const scaled = (value: string): string => `(${literal(low)} + ${width} * ${value})`;
  const names: Record<string, string> = { x: scaled(u), upper: scaled(cell.high), lower: scaled(cell.low) };
  for (const figure of figuresOf(device.law)) names[figure] = literal(of(figure));
  if (device.table !== undefined) {
    names.tableUp = tableText(device.table.up, scaled(u), literal(low), width);
    names.tableDown = tableText(device.table.down, scaled(u), literal(low), width);
  }
  for (const part of ['up', 'down'] as const) {
    const motion = cell[part];
    if (motion.kind === 'stepwise') names[part === 'up' ? 'stepUp' : 'stepDown'] = motion.step;
  }
  const after = LAWS[device.law].onePulse[polarity].replace(/[A-Za-z]\w*/g, (word) => names[word] ?? word);
  const next = `(${after} - ${literal(low)}) / ${width}`;
  const [std, add, slope] = [of('stepStd'), of('stepStdAdd'), of('stepStdSlope')];
  const ofRange = of('rangeStd') === 0 ? '' : ` + ${of('rangeStd')} * normal()`;
  if (std === 0) return `${next}${ofRange}`;
  const spread =
    add === 0 && slope === 0 ? `(${next} - ${u})` : `(abs(${next} - ${u}) + ${add / width} + ${slope} * abs(${scaled(u)}) / ${width})`;
  return `${next} + ${std} * ${spread} * normal()${ofRange}`;
}
