/**
 * What `w = E` of a rule becomes on an array of cells. The rule's digital engine evaluates E and asks for a change; a write policy turns the
 * change into whole pulses; the pulses move the conductances as the device does; what can then be read back is the new w.
 *
 * Write policies, for a change dw and the weight step s of one nominal pulse (the engine drives open loop: it does not know the cell):
 *   accumulate     pending += dw; n = trunc(pending/s); pending -= n·s. A digital register beside each synapse keeps the rest. The default:
 *                  rules change weights by far less than one pulse, and this is the only policy that loses none of it.
 *   deterministic  n = |dw|/s rounded half up. Changes below half a step are lost.
 *   stochastic     n = |dw|/s rounded up with a probability equal to its fraction. Right on average, noisy.
 *   trains         n coincidences of two trains of `trainLength` slots, one pulse each; binomial with mean |dw|/s until every slot fires.
 *   verify         as deterministic, then read back (with the noise of a read) and written again, at most `verifyTries` bursts in all.
 * With pulses of any size n = dw/s is not rounded.
 *
 * Refresh of one-sided pairs: when after a write the larger cell is above 0.75 and the smaller above 0.25, both are reset by one pulse and
 * the difference is written again with verification; local, and its pulses are counted (after aihwkit's one-sided device).
 */
import type { LoweredCounter, LoweredVariable } from '../../core/chip-contract.ts';
import { InternalError } from '../../core/errors.ts';
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
import { heatText, readBackText, seenWeight, weightText, writeError } from './read-out.ts';
import { noteSent } from './tile-lines.ts';
import { nominalWeightStep } from './weights.ts';

export const REFRESH = { larger: 0.75, smaller: 0.25 } as const;

export const writeCounters: readonly LoweredCounter[] = [
  { name: 'ruleEvaluations', kind: 'synapticUpdate' },
  { name: 'writePulses', kind: 'writePulse' },
];
/** Read-backs of write-verify, and of the fast pair of two arrays. */
export const verifyCounter: LoweredCounter = { name: 'verifyReads', kind: 'verifyRead' };
export const heatCounter: LoweredCounter = { name: 'writeHeat', kind: 'writeHeat' };
export const halfSelectCounter: LoweredCounter = { name: 'halfSelectHeat', kind: 'halfSelectHeat' };

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
  /** The fast pair of a two-array update. */
  readonly fast?: readonly CellTexts[];
  /** Absent where time changes nothing. */
  readonly ageing?: Ageing;
}

/**
 * Text that asks for the weight `value`. `nth` keeps the locals of several writes in one moment apart. Most changes are kept in a register and send
 * no pulse: all that a pulse does comes last and hangs on `pulsed`, in the words that `guardIdle` (core/program) knows.
 */
export function writeText(value: string, nth: number, context: WriteContext): string {
  const { settings, bounds } = context;
  const name = (part: string): string => `${part}${nth}`;
  const [asked, goal, pulsed] = ['asked', 'goal', 'pulsed'].map(name);
  const beyond = `${asked} < ${literal(bounds[0])} or ${asked} > ${literal(bounds[1])}`;
  const written = settings.update === 'two-array' ? twoArrayText(nth, context) : singleArrayText(nth, context);
  return [
    `let ${asked} = ${value}`,
    `let ${goal} = if(${asked} - ${asked} == 0, clip(${asked}, ${literal(bounds[0])}, ${literal(bounds[1])}), w)`,
    'updateAttempts += 1',
    'ruleEvaluations += 1',
    `notFinite += if(${asked} - ${asked} == 0, 0, 1)`,
    `saturatedUpdates += if(${beyond}, 1, 0)`,
    ...written.lines,
    `let ${pulsed} = ${written.pulsed}`,
    ...written.moves,
    `saturatedUpdates += if(${pulsed} and not (${beyond}) and (${written.clipped}), 1, 0)`,
    ...written.after,
    `synapticUpdates += if(${pulsed} and (${written.changed}), 1, 0)`,
    ...written.finish,
    `heat = if(${written.heated}, ${heatText(settings)}, heat)`,
  ].join('\n');
}

/** What a way of writing leaves: its lines, and the texts that finish the write. */
interface Written {
  /** Lines that always run. */
  readonly lines: readonly string[];
  /** Whether any pulse was sent; the lines after it, which do nothing otherwise, may read it as `pulsed`. */
  readonly pulsed: string;
  readonly moves: readonly string[];
  readonly clipped: string;
  /** Lines that come when clipping has been counted. */
  readonly after: readonly string[];
  readonly changed: string;
  /** Lines that store the new states and the weight that can be read from them. */
  readonly finish: readonly string[];
  /** Whether pulses were sent to the cells of the weight; begins with `pulsed`. */
  readonly heated: string;
}

const SIDES: readonly Side[] = ['plus', 'minus'];

const sidesOf = ({ plus, minus }: WriteContext): readonly CellTexts[] => (minus === undefined ? [plus] : [plus, minus]);

const differ = (a: readonly string[], b: readonly CellTexts[]): string => a.map((name, i) => `${name} != ${b[i].state}`).join(' or ');

/** A name that keeps its value where no pulse was sent. */
const stored = (name: string, pulsed: string, value: string): string => `${name} = if(${pulsed}, ${value}, ${name})`;

function singleArrayText(nth: number, context: WriteContext): Written {
  if (context.ageing !== undefined) return agedText(nth, context, context.ageing);
  const tries = context.settings.writePolicy === 'verify' ? context.settings.verifyTries : 1;
  return burstsText(nth, tries, context);
}

/** One burst, or with the policy `verify` several with a read in between: what is read decides on the next, half a pulse off is good enough. */
function burstsText(nth: number, tries: number, context: WriteContext): Written {
  const { settings, scale } = context;
  const start = sidesOf(context);
  const plain = start.map(({ state }) => state);
  const pulsed = `pulsed${nth}`;
  const lines: string[] = [];
  const clipped: string[] = [];
  const pulses: string[] = [];
  let cells = start;
  let seen = 'w';
  for (let t = 1; t < tries; t++) {
    const suffix = `${nth}0${t}`;
    const burst = burstOn(cells, plain, `goal${nth} - ${readBack(t, seen, cells, context)}`, suffix, 'pending', context);
    cells = cells.map((cell, i) => ({ ...cell, state: burst.moved[i] }));
    const held = weightText(scale, settings, true, burst.moved[0], burst.moved[1]);
    lines.push(
      ...burst.lines,
      ...burst.moves,
      `let seen${suffix} = if(${burst.pulses} == 0, ${seen}, ${held})`,
      `verifyReads += if(${burst.pulses} == 0, 0, 1)`,
    );
    clipped.push(burst.clipped);
    pulses.push(burst.pulses);
    seen = `seen${suffix}`;
  }
  // the last burst has the plain names
  const last = burstOn(cells, plain, `goal${nth} - ${readBack(tries, seen, cells, context)}`, `${nth}`, 'pending', context, pulsed);
  const held = weightText(scale, settings, true);
  return {
    lines: [...lines, ...last.lines],
    pulsed: [...pulses, last.pulses].map((one) => `${one} != 0`).join(' or '),
    moves: last.moves,
    clipped: [...clipped, last.clipped].join(' or '),
    after: settings.mapping === 'one-sided' ? refreshText((part) => `${part}${nth}`, start, settings) : [],
    changed: differ(last.moved, start),
    finish: [
      ...start.map(({ state }, i) => stored(state, pulsed, last.moved[i])),
      stored('w', pulsed, tries === 1 ? held : `if(${last.pulses} == 0, ${seen}, ${held})`),
    ],
    heated: pulsed,
  };
}

/** What the engine takes for the weight before burst `t`: the stored number at first, later a read of the cells. */
const readBack = (t: number, seen: string, cells: readonly CellTexts[], { scale, settings }: WriteContext): string =>
  t === 1 ? seen : readBackText(seen, cells[0].state, cells[1]?.state, scale, settings);

/** One burst on cells that change with time: pulses start from what a cell has become, and set its clock back. */
function agedText(nth: number, context: WriteContext, ageing: Ageing): Written {
  const { settings, scale } = context;
  const { mapping } = settings;
  const sides = sidesOf(context);
  const which = SIDES.slice(0, sides.length);
  const pulsed = `pulsed${nth}`;
  const starts = sides.map((cell, i) => ({ ...cell, state: baseName(which[i], String(nth)) }));
  const plain = sides.map(({ state }) => state);
  const burst = burstOn(starts, plain, `goal${nth} - w`, `${nth}`, 'pending', context, pulsed);
  const driven = sides.map((_, i) =>
    mapping === 'one-sided' ? `${pulsed} and (${burst.pulses} ${i === 0 ? '>' : '<'} 0 or refresh${nth} == 1)` : pulsed,
  );
  const sent = sides.map((_, i) => (mapping === 'one-sided' ? `${burst.pulses} ${i === 0 ? '>' : '<'} 0` : pulsed));
  return {
    lines: burst.lines,
    pulsed: `${burst.pulses} != 0`,
    moves: [...which.flatMap((side) => ageing.lines(side, String(nth))), ...burst.moves],
    clipped: burst.raw.map((raw, i) => `(${sent[i]}) and ${raw} != ${burst.moved[i]}`).join(' or '),
    after: mapping === 'one-sided' ? refreshText((part) => `${part}${nth}`, sides, settings) : [],
    changed: starts.map((cell, i) => `(${driven[i]}) and ${burst.moved[i]} != ${cell.state}`).join(' or '),
    finish: [
      ...sides.flatMap(({ state }, i) => [stored(state, driven[i], burst.moved[i]), ...ageing.restart(which[i], driven[i])]),
      ...which.flatMap((side) => ageing.lines(side, `${nth}After`)),
      ...(writeError(settings) === 0 ? [] : [stored('readError', pulsed, `${scale * writeError(settings)} * normal()`)]),
      stored('w', pulsed, seenWeight(`${nth}After`, scale, settings)),
    ],
    heated: pulsed,
  };
}

/** Changes go to the fast pair; now and then its difference goes through a digital buffer to the pair that holds the weight (Tiki-Taka v2). */
function twoArrayText(nth: number, context: WriteContext): Written {
  const { settings, scale, fast } = context;
  if (fast === undefined) throw new InternalError('two arrays without a fast one');
  const slow = sidesOf(context);
  const names = (cells: readonly CellTexts[]): string[] => cells.map(({ state }) => state);
  const transfer = `transfer${nth}`;
  const pulsed = `pulsed${nth}`;
  const first = burstOn(fast, names(fast), `goal${nth} - w`, `${nth}01`, 'pending', context);
  const gradient = weightText(scale, settings, false, first.moved[0], first.moved[1]);
  const change = `${transfer} * ${settings.transferRate} * (${gradient})`;
  const second = burstOn(slow, names(slow), change, `${nth}`, 'buffer', context, pulsed);
  const heated = `${pulsed} and ${second.pulses} != 0`;
  return {
    lines: [
      ...first.lines,
      ...first.moves,
      'visits += 1',
      `let ${transfer} = if(visits >= ${settings.transferEvery}, 1, 0)`,
      `visits = if(${transfer} == 1, 0, visits)`,
      `verifyReads += ${transfer}`,
      ...second.lines,
    ],
    pulsed: `${first.pulses} != 0 or ${second.pulses} != 0`,
    moves: second.moves,
    clipped: `${first.clipped} or ${second.clipped}`,
    after: [],
    changed: differ(second.moved, slow),
    finish: [
      ...fast.map(({ state }, i) => stored(state, pulsed, first.moved[i])),
      ...slow.map(({ state }, i) => stored(state, pulsed, second.moved[i])),
      stored('w', heated, weightText(scale, settings, true)),
    ],
    heated,
  };
}

interface Burst {
  /** Lines that decide how many pulses there are. */
  readonly lines: readonly string[];
  /** Lines that send them, and book what they cost. */
  readonly moves: readonly string[];
  /** Locals with the new states, before and after clipping. */
  readonly raw: readonly string[];
  readonly moved: readonly string[];
  readonly clipped: string;
  readonly pulses: string;
}

/**
 * One burst for a change of weight, with what it costs. @param cells as they are now; @param plain names of their states, for the locals;
 * @param register variable that keeps what is less than a pulse, where the policy keeps it; @param pulsed local truth value without which there are no
 * pulses, declared between the lines and the moves
 */
function burstOn(
  cells: readonly CellTexts[],
  plain: readonly string[],
  change: string,
  suffix: string,
  register: string,
  { settings, scale }: WriteContext,
  pulsed?: string,
): Burst {
  const { mapping, device } = settings;
  const name = (part: string): string => `${part}${suffix}`;
  const [pulses, count] = ['pulses', 'count'].map(name);
  const raw = plain.map((state) => name(`raw${state}`));
  const moved = plain.map((state) => name(`new${state}`));
  const sent = `${cells.length === 2 && mapping !== 'one-sided' ? '2 * ' : ''}${device.continuous ? `ceil(${count})` : count}`;
  const heat = writeHeat(name, cells, moved, settings);
  return {
    lines: pulsesText(name, change, register, scale, settings),
    moves: [
      `let ${count} = abs(${pulses})`,
      ...cells.flatMap((cell, i) => moveText(cell, device, RESPONSES[mapping][i], { pulses, count, raw: raw[i], moved: moved[i] })),
      counted('writePulses', sent, pulsed),
      ...(heat === undefined ? [] : [counted('writeHeat', `round(${count} * ${heat})`, pulsed)]),
      ...noteSent(pulses, count, settings, pulsed),
    ],
    raw,
    moved,
    clipped: raw.map((one, i) => `${one} != ${moved[i]}`).join(' or '),
    pulses,
  };
}

const counted = (counter: string, amount: string, pulsed: string | undefined): string =>
  `${counter} += ${pulsed === undefined ? amount : `if(${pulsed}, ${amount}, 0)`}`;

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
function pulsesText(name: Name, change: string, register: string, scale: number, settings: Settings): string[] {
  const { writePolicy, mapping, device, trainLength } = settings;
  const [due, size, pulses] = ['due', 'size', 'pulses'].map(name);
  const step = nominalWeightStep(mapping, device);
  const sizes =
    step.up === step.down ? literal(step.up * scale) : `if(${due} > 0, ${literal(step.up * scale)}, ${literal(step.down * scale)})`;
  // what the buffer of two arrays holds is kept whatever the policy
  const keeps = register === 'buffer' ? !device.continuous : keepsRest(writePolicy, device.continuous);
  const limited = (text: string): string => (LAWS[device.law].kind === 'stepwise' ? `clip(${text}, (-${AT_MOST}), ${AT_MOST})` : text);
  const whole = device.continuous
    ? `${due} / ${size}`
    : {
        accumulate: `trunc(${due} / ${size})`,
        deterministic: `sign(${due}) * floor(abs(${due}) / ${size} + 0.5)`,
        verify: `sign(${due}) * floor(abs(${due}) / ${size} + 0.5)`,
        stochastic: `sign(${due}) * stochastic(abs(${due}) / ${size})`,
        trains: `sign(${due}) * (${coincidencesText(`abs(${due}) / ${size}`, trainLength)})`,
      }[keeps ? 'accumulate' : writePolicy];
  return [
    `let ${due} = ${keeps ? `${register} + (${change})` : change}`,
    `let ${size} = ${sizes}`,
    `let ${pulses} = ${limited(whole)}`,
    ...(keeps ? [`${register} = ${due} - ${pulses} * ${size}`] : []),
  ];
}

/** Coincidences of two trains of `slots` whose lines fire so that the mean is `mean`, at most one per slot. */
const coincidencesText = (mean: string, slots: number): string =>
  Array.from({ length: slots }, () => `stochastic(min(1, ${mean} / ${slots}))`).join(' + ');

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

/** Joule heat of a pulse in each driven cell, V²·t times the mean of the conductances before and after; nothing where only a gate is charged. */
function writeHeat(name: Name, sides: readonly CellTexts[], moved: readonly string[], settings: Settings): string | undefined {
  if (figureOf(settings.device, 'gateCapacitance') > 0) return undefined;
  const { up, down, offset } = heatFactors(settings);
  const pulses = name('pulses');
  const sums = sides.map((cell, i) => `(${literal(offset)} + ${cell.state} + ${moved[i]})`);
  const signed = (whenUp: number, whenDown: number): string =>
    whenUp === whenDown ? literal(whenUp) : `if(${pulses} > 0, ${literal(whenUp)}, ${literal(whenDown)})`;
  const [plus, minus] = sums;
  return settings.mapping === 'one-sided'
    ? `${literal(up)} * if(${pulses} > 0, ${plus}, ${minus})`
    : settings.mapping === 'reference'
      ? `${signed(up, down)} * ${plus}`
      : `(${signed(up, down)} * ${plus} + ${signed(down, up)} * ${minus})`;
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
    counted('writePulses', `${refresh} * (2 + ${steps})`, name('pulsed')),
    ...(heated ? [counted('writeHeat', `${refresh} * round(${resetHeat} + ${writeHeat})`, name('pulsed'))] : []),
    `${newPlus} = if(${refresh} == 1, ${againPlus}, ${newPlus})`,
    `${newMinus} = if(${refresh} == 1, ${againMinus}, ${newMinus})`,
  ];
}
