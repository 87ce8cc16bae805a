/**
 * Refractory neurons by list. Few neurons are refractory at a time, but counting down and asking every one takes as long as all the rest of an
 * integrate-and-fire neuron. Where a program holds its membrane as core/neurons/parts.ts does, the neurons that are held stand in a list: the loop
 * advances all neurons as if none were, puts the membranes of the listed ones back, and takes them out of those that fire. Where many are held, and
 * not only for the moment, the plain loop is faster and runs for a while; the bits are the same either way.
 */
import type { LoweredPopulation } from '../chip-contract.ts';
import { analyse, analyseExpr } from '../program/analyse.ts';
import type { Apply, Expr, Program } from '../program/ir.ts';
import type { Hold, Kernel } from '../program/kernel.ts';
import type { OpName } from '../program/op-table.ts';

/** In place of the number of listed neurons: the list has to be made. One less for every tick that the plain loop is to run before that. */
export const UNKNOWN = -1;
/** Ticks of the plain loop before the list is tried again. */
const PLAIN_TICKS = 256;
/**
 * The list is faster while no more than one neuron in so many stands in it: a listed neuron costs 3 ns in a tick, and what the plain loop has to do for
 * all of them 0.3 ns a neuron, or 1 ns where it also draws (W2c, W2).
 */
const SHARE = 10;
const SHARE_OF_DRAWING = 3;
/** Neurons that have stood in longer lists, tick by tick: about when they have cost what it costs to compile the plain loop. */
export const WORTH_COMPILING = 2_000_000;

/** What holds a membrane, and the programs without it. */
export interface HeldPrograms {
  /** Variable that counts down while a neuron is held. */
  readonly left: string;
  /** Variable that keeps its value meanwhile. */
  readonly held: string;
  readonly advance: Program;
  readonly threshold: Expr;
}

/** @returns undefined where the programs hold nothing, or in another way */
export function findHold({ advance, threshold, variables }: LoweredPopulation): HeldPrograms | undefined {
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
  return { left, held, advance: without, threshold: crosses };
}

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
  /** Neurons in the list up to which it is faster than the plain loop. */
  readonly most: number;
  /** Neurons that have stood in lists too long, tick by tick. */
  excess: number;
}

export const mostListed = (size: number, { advance }: HeldPrograms): number =>
  Math.floor(size / (advance.draws > 0 ? SHARE_OF_DRAWING : SHARE));

/** The host has written to the state. */
export function forgetHeld({ count }: Held): void {
  count[0] = UNKNOWN;
}

/** The loop may be called for no neurons meanwhile: the list is empty. */
export function callForNone({ count, fire }: Held, call: (loop: Kernel) => void): void {
  const [listed] = count;
  count[0] = 0;
  call(fire);
  count[0] = listed;
}

/** Whether the list is to be used in this tick; it is right then. */
export function usesList(held: Held): boolean {
  const { count, list, left, most } = held;
  if (count[0] < UNKNOWN) {
    count[0]++;
    return false;
  }
  if (count[0] === UNKNOWN) {
    let n = 0;
    for (let i = 0; i < left.length; i++) if (left[i] !== 0) list[n++] = i;
    count[0] = n;
  }
  if (count[0] <= most) return true;
  held.excess += count[0];
  if (held.excess < WORTH_COMPILING) return true;
  count[0] = UNKNOWN - PLAIN_TICKS;
  return false;
}

/** Lists the neurons that have fired in this tick and been reset. None of them is listed, because a held neuron does not fire. */
export function listFired({ count, list }: Held, fired: Int32Array, n: number): void {
  const known = count[0];
  if (known < 0) return;
  for (let c = 0; c < n; c++) list[known + c] = fired[c];
  count[0] = known + n;
}
