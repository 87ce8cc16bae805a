/**
 * Refractory neurons by list. Few neurons are refractory at a time, but counting down and asking every one takes as long as all the rest of an
 * integrate-and-fire neuron. Where a program holds its membrane as core/neurons/parts.ts does, the neurons that are held stand in a list, in the order in
 * which they become free: a neuron enters when it has fired and leaves in the tick in which its input counts again, and meanwhile nobody counts.
 * The loop advances all neurons as if none were held, puts the membranes of the listed ones back, and takes them out of those that fire. How
 * long each is still held is written down when somebody may look. The bits are those of asking every neuron.
 */
import type { LoweredPopulation } from '../chip-contract.ts';
import { readAfterAdvance } from '../plan/absorb-ports.ts';
import { analyse, analyseExpr } from '../program/analyse.ts';
import type { Apply, Expr, Program } from '../program/ir.ts';
import type { Hold, Kernel } from '../program/kernel.ts';
import type { OpName } from '../program/op-table.ts';
import type { Shard } from './shard.ts';

/** In place of the first bound: the list has to be made. One less for every tick that the plain loop is to run before that. */
export const UNKNOWN = -1;
/** Ticks of the plain loop before the list is tried again. */
const PLAIN_TICKS = 256;
/** Up to here single precision counts down in whole steps. */
const MOST_LEFT = 2 ** 24;

/** What holds a membrane, and the programs without it. */
export interface HeldPrograms {
  /** Variable that counts down while a neuron is held. */
  readonly left: string;
  /** Variable that keeps its value meanwhile. */
  readonly held: string;
  readonly advance: Program;
  readonly threshold: Expr;
}

/**
 * @param seenByRules state variables that rules read, in the middle of a tick
 * @returns undefined where the programs hold nothing, or in another way
 */
export function findHold(lowered: LoweredPopulation, seenByRules: ReadonlySet<string>): HeldPrograms | undefined {
  const { advance, threshold, variables, ports } = lowered;
  const countdown = advance.statements.findIndex(({ name, value }) => isCountdown(value, name));
  if (countdown < 0 || threshold === undefined) return undefined;
  const left = advance.statements[countdown].name;
  const others = advance.statements.toSpliced(countdown, 1);
  const at = others.findIndex(({ name, value }, n) => n >= countdown && isHeld(value, left, name));
  if (at < 0) return undefined;
  const { name: held, value } = others[at];
  const [, , integrated] = (value as Apply).args;
  const [refuses, crosses] = threshold.kind === 'apply' && threshold.op === 'and' ? threshold.args : [];
  if (refuses === undefined || !isApply(refuses, 'not') || !isLeft(refuses.args[0], left)) return undefined;
  const statements = others.map((statement, n) => (n === at ? { ...statement, value: integrated } : statement));
  const without = { ...advance, statements };
  const rest = { ...advance, statements: statements.toSpliced(at, 1) };
  const { reads: read, writes: written } = analyse(rest);
  const uses = [...read, ...written].map(({ name }) => name);
  const asked = [...analyse(without).reads, ...analyseExpr(crosses).reads].map(({ name }) => name);
  const [storage, other] = [held, left].map((name) => variables.find((variable) => variable.name === name)?.storage);
  if (storage !== other || (storage !== 'f32' && storage !== 'f64')) return undefined;
  if (asked.includes(left) || uses.includes(left) || uses.includes(held) || statements.some(({ guard }) => guard !== undefined))
    return undefined;
  // whoever changed the one or read the other meanwhile would have to know of the list
  if (ports.some(({ into }) => into === held) || seenByRules.has(left) || readsLeftLater(lowered, left)) return undefined;
  if (!setsToTheSame(lowered.reset, left)) return undefined;
  return { left, held, advance: without, threshold: crosses };
}

/** Besides the threshold, which asks for nothing but whether a neuron is held. */
const readsLeftLater = (lowered: LoweredPopulation, left: string): boolean =>
  readAfterAdvance({ ...lowered, threshold: undefined }).has(left);

/** Whether all neurons that fire are held for the same whole number of ticks: those that fired first are free first. */
const setsToTheSame = ({ statements }: Program, left: string): boolean =>
  statements.every(({ name, value }) => name !== left || (value.kind === 'literal' && canCount(value.value)));

const canCount = (left: number): boolean => Number.isInteger(left) && left <= MOST_LEFT;

const isApply = (expr: Expr | undefined, op: OpName): expr is Apply => expr?.kind === 'apply' && expr.op === op;
const reads = (expr: Expr | undefined, name: string): boolean => expr?.kind === 'read' && expr.scope === 'neuron' && expr.name === name;
const isNumber = (expr: Expr | undefined, value: number): boolean => expr?.kind === 'literal' && expr.value === value;

/** left > 0 */
const isLeft = (expr: Expr | undefined, left: string): boolean =>
  isApply(expr, 'gt') && reads(expr.args[0], left) && isNumber(expr.args[1], 0);

/** max(left - 1, 0) */
function isCountdown(expr: Expr, left: string): boolean {
  if (!isApply(expr, 'max') || !isNumber(expr.args[1], 0)) return false;
  const [less] = expr.args;
  return isApply(less, 'sub') && reads(less.args[0], left) && isNumber(less.args[1], 1);
}

/** left > 0 ? held : … */
const isHeld = (expr: Expr, left: string, held: string): boolean =>
  isApply(expr, 'if') && isLeft(expr.args[0], left) && reads(expr.args[1], held);

/** The list of a population, and the loop that uses it. */
export interface Held extends Hold {
  readonly fire: Kernel;
  /** By place in the list, ascending: tick in which the neuron is free again. */
  readonly until: Float64Array;
}

/** Places of a list: it moves up by as many as have fired, and is moved back when it has come to the end. */
export const placesFor = (size: number): number => 2 * size;

/** The state has been written to from outside. */
export function forgetHeld({ bounds }: Held): void {
  bounds[0] = UNKNOWN;
}

/** The loop may be called for no neurons meanwhile: the list is empty. */
export function callForNone({ bounds, fire }: Held, call: (loop: Kernel) => void): void {
  const [first, end] = bounds;
  bounds.fill(0);
  call(fire);
  bounds[0] = first;
  bounds[1] = end;
}

/** Whether the list is to be used in this tick; it is right then. */
export function usesList(held: Held, tick: number): boolean {
  const { bounds, list, until, left } = held;
  if (bounds[0] < UNKNOWN) {
    bounds[0]++;
    return false;
  }
  if (bounds[0] === UNKNOWN && !makeList(held, tick)) {
    bounds[0] = UNKNOWN - PLAIN_TICKS;
    return false;
  }
  let first = bounds[0];
  for (; first < bounds[1] && until[first] <= tick; first++) left[list[first]] = 0;
  bounds[0] = first;
  return true;
}

/** From the state alone, as the tick before has left it. @returns false where what is left does not count down in whole steps */
function makeList({ bounds, list, until, saved, left, held }: Held, tick: number): boolean {
  const listed: number[] = [];
  for (let i = 0; i < left.length; i++) {
    if (left[i] > 0) listed.push(i);
    else left[i] = 0;
  }
  if (!listed.every((i) => canCount(left[i]))) return false;
  listed.sort((a, b) => left[a] - left[b]);
  for (const [at, i] of listed.entries()) {
    list[at] = i;
    until[at] = tick - 1 + left[i];
    saved[at] = held[i];
  }
  bounds[0] = 0;
  bounds[1] = listed.length;
  return true;
}

/** Lists the neurons that have fired in this tick and been reset. None of them is listed, because a held neuron does not fire. */
export function listFired({ bounds, list, until, saved, left, held }: Held, fired: Int32Array, n: number, tick: number): void {
  if (bounds[0] < 0) return;
  if (bounds[1] + n > list.length) {
    for (const array of [list, until, saved]) array.copyWithin(0, bounds[0], bounds[1]);
    bounds[1] -= bounds[0];
    bounds[0] = 0;
  }
  // all of them are held for as long (`setsToTheSame`)
  const free = tick + left[fired[0]];
  if (free === tick) return;
  const end = bounds[1];
  let from = end;
  // only what the host has held for longer is free later
  while (from > bounds[0] && until[from - 1] > free) from--;
  if (from < end) for (const array of [list, until, saved]) array.copyWithin(from + n, from, end);
  for (let c = 0; c < n; c++) {
    const item = fired[c];
    list[from + c] = item;
    until[from + c] = free;
    saved[from + c] = held[item];
  }
  bounds[1] = end + n;
}

/** Something but the loop has changed membranes. */
export function saveHeld({ bounds, list, saved, held }: Held): void {
  for (let at = bounds[0]; at >= 0 && at < bounds[1]; at++) saved[at] = held[list[at]];
}

/** Writes down how long each is still held: somebody is about to look at the state after this tick. */
export function letLook({ populations, clock }: Shard): void {
  for (const { hold } of populations) if (hold !== undefined) writeLeft(hold, clock[0]);
}

function writeLeft({ bounds, list, until, left }: Held, tick: number): void {
  for (let at = bounds[0]; at >= 0 && at < bounds[1]; at++) left[list[at]] = until[at] - tick;
}

/** Whether the state will change with nothing coming in. */
export const holdsSome = ({ bounds }: Held): boolean => bounds[0] >= 0 && bounds[0] < bounds[1];
