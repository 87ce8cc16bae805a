/**
 * A population that is silent costs nothing per tick. Where the advance of a population depends on nothing but its state and its input, and one
 * advance without input has changed no bit of the state, the next ones change nothing either: they are left out until a spike arrives or the host
 * writes to the state. Whether it is so is tried now and then, after a while without input and spikes. The bits are those of every tick done.
 */
import type { LoweredPopulation } from '../chip-contract.ts';
import type { Expr } from '../program/ir.ts';
import type { NumericArray } from '../program/kernel.ts';

/** Ticks without input or spikes before the first try and between two; a try costs about as much as four ticks. */
const PATIENCE = 256;
const AT_REST = -1;

export interface Rest {
  /** [1] ticks without input or spikes, or AT_REST; written by the shard, and by the host when it changes the state */
  readonly idle: Int32Array;
  readonly state: readonly NumericArray[];
}

/** True if an advance is a function of state and input alone. */
export function canRest({ advance, threshold, competition }: LoweredPopulation): boolean {
  return advance.draws === 0 && competition === undefined && (threshold === undefined || !draws(threshold));
}

const draws = (expr: Expr): boolean => expr.kind === 'draw' || (expr.kind === 'apply' && expr.args.some(draws));

export const isAtRest = ({ idle }: Rest): boolean => idle[0] === AT_REST;

/** Something has come in. */
export function wake({ idle }: Rest): void {
  idle[0] = 0;
}

/** Called before an advance. @returns the state to compare with where it is time to try */
export function beforeAdvance({ idle, state }: Rest): readonly NumericArray[] | undefined {
  return ++idle[0] % PATIENCE === 0 ? state.map((values) => values.slice()) : undefined;
}

/** Called after an advance: notes whether the population has come to rest. @param stirs a neuron has fired, or one is waiting to be free again */
export function afterAdvance({ idle, state }: Rest, before: readonly NumericArray[] | undefined, stirs: boolean): void {
  if (stirs) idle[0] = 0;
  else if (before?.every((values, n) => sameBits(values, state[n])) === true) idle[0] = AT_REST;
}

function sameBits(a: NumericArray, b: NumericArray): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
