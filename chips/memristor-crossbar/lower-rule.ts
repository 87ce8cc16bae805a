/**
 * What `w = E` of a rule becomes on an array of cells. The rule's digital engine evaluates E and asks for a change; a write policy turns the
 * change into whole pulses; the pulses move the conductances as the device does; what can then be read back is the new w.
 *
 * Write policies, for a change dw and the weight step s of one nominal pulse (the engine drives open loop: it does not know the cell):
 *   accumulate     pending += dw; n = trunc(pending/s); pending -= n·s. A digital register beside each synapse keeps the rest. The default:
 *                  rules change weights by far less than one pulse, and this is the only policy that loses none of it.
 *   deterministic  n = |dw|/s rounded half up. Changes below half a step are lost.
 *   stochastic     n = |dw|/s rounded up with a probability equal to its fraction. Right on average, noisy.
 * With pulses of any size n = dw/s is not rounded.
 *
 * Refresh of one-sided pairs: when after a write the larger cell is above 0.75 and the smaller above 0.25, both are reset by one pulse and
 * the difference is written again with verification; local, and its pulses are counted (after aihwkit's one-sided device).
 */
import type { LoweredCounter, LoweredVariable } from '../../core/chip-contract.ts';
import type { Ageing } from './age-cell.ts';
import { baseName } from './age-cell.ts';
import type { Mapping } from './device-figures.ts';
import { figureOf } from './device-figures.ts';
import { AT_MOST, LAWS, nominalStep } from './device-models.ts';
import type { CellSet, PerCell, Side } from './draw-cells.ts';
import { WRITE_HEAT_STEPS } from './energy-table.ts';
import type { CellTexts, MotionText, Response } from './move-cell.ts';
import { literal, moveText } from './move-cell.ts';
import type { Settings } from './options.ts';
import { heatText, seenWeight, weightText, writeError } from './read-out.ts';
import { nominalWeightStep } from './weights.ts';

export const REFRESH = { larger: 0.75, smaller: 0.25 } as const;

export const writeCounters: readonly LoweredCounter[] = [
  { name: 'ruleEvaluations', kind: 'synapticUpdate' },
  { name: 'writePulses', kind: 'writePulse' },
];
export const heatCounter: LoweredCounter = { name: 'writeHeat', kind: 'writeHeat' };

/** Names the per-cell numbers of one side, e.g. `plusUpRate`, and lists those that need an array. */
export function nameCells(
  cells: CellSet,
  side: Side,
  settings: Pick<Settings, 'device'>,
): { texts: CellTexts; variables: LoweredVariable[] } {
  const variables: LoweredVariable[] = [];
  const text = (part: string, value: PerCell): string => {
    if (typeof value === 'number') return literal(value);
    const name = `${side}${part}`;
    variables.push({ name, storage: 'f64', initial: value, scale: 1 });
    return name;
  };
  const low = text('Low', cells.low);
  const high = text('High', cells.high);
  const motion = (part: 'Up' | 'Down', numbers: CellSet['up'], bound: string): MotionText => {
    const { step, target, rate } = numbers;
    const { kind } = LAWS[settings.device.law];
    if (kind !== 'geometric') return { kind, step: text(`${part}Step`, step as PerCell) };
    return {
      kind: 'geometric',
      target: target === undefined ? bound : text(`${part}Target`, target),
      rate: text(`${part}Rate`, rate as PerCell),
    };
  };
  const state = side === 'plus' ? 'gPlus' : 'gMinus';
  return { texts: { state, low, high, up: motion('Up', cells.up, high), down: motion('Down', cells.down, low) }, variables };
}

export interface WriteContext {
  readonly settings: Settings;
  readonly bounds: readonly [number, number];
  /** Network units of the full weight scale. */
  readonly scale: number;
  readonly plus: CellTexts;
  /** Absent in the reference mapping, whose second column is fixed. */
  readonly minus?: CellTexts;
  /** Absent where time changes nothing. */
  readonly ageing?: Ageing;
}

/** Text that asks for the weight `value`. `nth` keeps the locals of several writes in one moment apart. */
export function writeText(value: string, nth: number, context: WriteContext): string {
  const { settings, bounds, scale, plus, minus, ageing } = context;
  const { mapping, device } = settings;
  const name = (part: string): string => `${part}${nth}`;
  const [asked, goal, pulses, count] = ['asked', 'goal', 'pulses', 'count'].map(name);
  const sides = minus === undefined ? [plus] : [plus, minus];
  const which: readonly Side[] = ['plus', 'minus'];
  // pulses start from what a cell has become
  const starts = sides.map((cell, i) => (ageing === undefined ? cell : { ...cell, state: baseName(which[i], String(nth)) }));
  const pulsed = sides.map((_, i) => pulsedText(mapping, i, pulses));
  const driven = pulsed.map((text) => (mapping === 'one-sided' ? `${text} or ${name('refresh')} == 1` : text));
  const ifDriven = (condition: string, text: string): string => (ageing === undefined ? text : `(${condition}) and ${text}`);
  const rawNames = sides.map((cell) => name(`raw${cell.state}`));
  const newNames = sides.map((cell) => name(`new${cell.state}`));
  const moved = starts.map((cell, i) => ifDriven(driven[i], `${newNames[i]} != ${cell.state}`)).join(' or ');
  const clipped = sides.map((_, i) => ifDriven(pulsed[i], `${rawNames[i]} != ${newNames[i]}`)).join(' or ');
  const refresh = mapping === 'one-sided' ? refreshText(name, sides, settings) : undefined;
  return [
    `let ${asked} = ${value}`,
    `let ${goal} = if(${asked} - ${asked} == 0, clip(${asked}, ${literal(bounds[0])}, ${literal(bounds[1])}), w)`,
    'updateAttempts += 1',
    'ruleEvaluations += 1',
    `notFinite += if(${asked} - ${asked} == 0, 0, 1)`,
    ...pulsesText(name, scale, settings),
    `let ${count} = abs(${pulses})`,
    ...(ageing === undefined ? [] : sides.flatMap((_, i) => ageing.lines(which[i], String(nth)))),
    ...starts.flatMap((cell, i) => moveText(cell, device, RESPONSES[mapping][i], { pulses, count, raw: rawNames[i], moved: newNames[i] })),
    `saturatedUpdates += if(${asked} < ${literal(bounds[0])} or ${asked} > ${literal(bounds[1])} or ${clipped}, 1, 0)`,
    `writePulses += ${sides.length === 2 && mapping !== 'one-sided' ? '2 * ' : ''}${device.continuous ? `ceil(${count})` : count}`,
    ...writeHeatText(name, sides, starts, settings),
    ...(refresh ?? []),
    `synapticUpdates += if(${moved}, 1, 0)`,
    ...(ageing === undefined
      ? [...sides.map((cell, i) => `${cell.state} = ${newNames[i]}`), `w = if(${pulses} == 0, w, ${weightText(scale, settings, true)})`]
      : [
          ...sides.flatMap((cell, i) => [
            `${cell.state} = if(${driven[i]}, ${newNames[i]}, ${cell.state})`,
            ...ageing.restart(which[i], driven[i]),
          ]),
          ...sides.flatMap((_, i) => ageing.lines(which[i], `${nth}After`)),
          ...(writeError(settings) === 0 ? [] : [`readError = if(${pulses} == 0, readError, ${scale * writeError(settings)} * normal())`]),
          `w = ${seenWeight(`${nth}After`, scale, settings)}`,
        ]),
    `heat = if(${pulses} == 0, heat, ${heatText(settings)})`,
  ].join('\n');
}

/** Text that is true when pulses go to the cell of side `i`. */
const pulsedText = (mapping: Mapping, i: number, pulses: string): string =>
  mapping === 'one-sided' ? `${pulses} ${i === 0 ? '>' : '<'} 0` : `${pulses} != 0`;

/** How the plus and the minus cell are driven. */
const RESPONSES: Readonly<Record<Mapping, readonly Response[]>> = {
  'two-sided': [
    { positive: 'up', negative: 'down' },
    { positive: 'down', negative: 'up' },
  ],
  'one-sided': [{ positive: 'up' }, { negative: 'up' }],
  reference: [{ positive: 'up', negative: 'down' }],
};

type Name = (part: string) => string;

/** Declares the number of pulses, positive for potentiation, and keeps what was not written. */
function pulsesText(name: Name, scale: number, { writePolicy, mapping, device }: Settings): string[] {
  const [goal, due, size, pulses] = ['goal', 'due', 'size', 'pulses'].map(name);
  const step = nominalWeightStep(mapping, device);
  const sizes =
    step.up === step.down ? literal(step.up * scale) : `if(${due} > 0, ${literal(step.up * scale)}, ${literal(step.down * scale)})`;
  const keeps = keepsRest(writePolicy, device.continuous);
  const limited = (text: string): string => (LAWS[device.law].kind === 'stepwise' ? `clip(${text}, (-${AT_MOST}), ${AT_MOST})` : text);
  const whole = device.continuous
    ? `${due} / ${size}`
    : {
        accumulate: `trunc(${due} / ${size})`,
        deterministic: `sign(${due}) * floor(abs(${due}) / ${size} + 0.5)`,
        stochastic: `sign(${due}) * stochastic(abs(${due}) / ${size})`,
      }[writePolicy];
  return [
    `let ${due} = ${keeps ? `pending + (${goal} - w)` : `${goal} - w`}`,
    `let ${size} = ${sizes}`,
    `let ${pulses} = ${limited(whole)}`,
    ...(keeps ? [`pending = ${due} - ${pulses} * ${size}`] : []),
  ];
}

/** True when changes smaller than a pulse are kept in the variable `pending` (network units). */
export const keepsRest = (policy: Settings['writePolicy'], continuous: boolean): boolean => policy === 'accumulate' && !continuous;

/** Quanta of heat of a pulse per unit of (before + after + offset), the sum of two normalised conductances. */
function heatFactors({ device }: Settings): { up: number; down: number; offset: number } {
  const of = (figure: Parameters<typeof figureOf>[1]): number => figureOf(device, figure);
  const ratio = of('gMin') / of('gMax');
  const up = (WRITE_HEAT_STEPS / 2) * (1 - ratio);
  const energy = (volts: number, seconds: number): number => volts * volts * seconds;
  const down = (up * energy(of('writeVoltageDown'), of('writeTimeDown'))) / energy(of('writeVoltageUp'), of('writeTimeUp'));
  return { up, down, offset: (2 * ratio) / (1 - ratio) };
}

/** Joule heat of the burst in each driven cell: V²·t·n times the mean of the conductances before and after. */
function writeHeatText(name: Name, sides: readonly CellTexts[], starts: readonly CellTexts[], settings: Settings): string[] {
  if (figureOf(settings.device, 'gateCapacitance') > 0) return [];
  const { up, down, offset } = heatFactors(settings);
  const [pulses, count] = ['pulses', 'count'].map(name);
  const sums = sides.map((cell, i) => `(${literal(offset)} + ${starts[i].state} + ${name(`new${cell.state}`)})`);
  const signed = (whenUp: number, whenDown: number): string =>
    whenUp === whenDown ? literal(whenUp) : `if(${pulses} > 0, ${literal(whenUp)}, ${literal(whenDown)})`;
  const [plus, minus] = sums;
  const heat =
    settings.mapping === 'one-sided'
      ? `${literal(up)} * if(${pulses} > 0, ${plus}, ${minus})`
      : settings.mapping === 'reference'
        ? `${signed(up, down)} * ${plus}`
        : `(${signed(up, down)} * ${plus} + ${signed(down, up)} * ${minus})`;
  return [`writeHeat += round(${count} * ${heat})`];
}

/** Resets a one-sided pair whose cells are both high and writes its difference again. */
function refreshText(name: Name, [plus, minus]: readonly CellTexts[], settings: Settings): string[] {
  const { up, down, offset } = heatFactors(settings);
  const [refresh, difference, steps, againPlus, againMinus] = ['refresh', 'difference', 'steps', 'againPlus', 'againMinus'].map(name);
  const [newPlus, newMinus] = [name(`new${plus.state}`), name(`new${minus.state}`)];
  const step = nominalStep(settings.device.law, (figure) => figureOf(settings.device, figure)).up;
  const heated = figureOf(settings.device, 'gateCapacitance') === 0;
  const resetHeat = `${literal(down)} * (${literal(2 * offset)} + ${newPlus} + ${plus.low} + ${newMinus} + ${minus.low})`;
  const writeHeat = `${steps} * ${literal(up)} * (${literal(offset)} + if(${difference} > 0, ${plus.low} + ${againPlus}, ${minus.low} + ${againMinus}))`;
  return [
    `let ${refresh} = if(${name('pulses')} != 0 and max(${newPlus}, ${newMinus}) > ${REFRESH.larger} and min(${newPlus}, ${newMinus}) > ${REFRESH.smaller}, 1, 0)`,
    `let ${difference} = ${newPlus} - ${newMinus}`,
    `let ${steps} = round(abs(${difference}) / ${literal(step)})`,
    `let ${againPlus} = if(${difference} > 0, clip(${minus.low} + ${difference}, ${plus.low}, ${plus.high}), ${plus.low})`,
    `let ${againMinus} = if(${difference} > 0, ${minus.low}, clip(${plus.low} - ${difference}, ${minus.low}, ${minus.high}))`,
    `writePulses += ${refresh} * (2 + ${steps})`,
    ...(heated ? [`writeHeat += ${refresh} * round(${resetHeat} + ${writeHeat})`] : []),
    `${newPlus} = if(${refresh} == 1, ${againPlus}, ${newPlus})`,
    `${newMinus} = if(${refresh} == 1, ${againMinus}, ${newMinus})`,
  ];
}
