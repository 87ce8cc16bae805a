/**
 * Poisson sources as events. A source that fires with probability p in each tick waits G ticks for its next spike, P(G > g) = (1 - p)^g; so one
 * number is drawn per spike, not per tick: G = 1 + floor(ln u / ln(1 - p)) (Devroye, Non-Uniform Random Variate Generation, 1986, section X.2).
 * The draw belongs to the tick of the spike before. Waiting has no memory, so when the rates change every source draws anew.
 */
import { compileExpressionOrThrow, compileOrThrow } from '../program/check-types.ts';
import { log } from '../program/elementary.ts';
import type { Expr, Program } from '../program/ir.ts';
import { FLOAT64 } from '../program/number-format.ts';
import { symbolTable } from '../program/symbols.ts';

/** Ticks until the next spike. */
export const LEFT = 'left';
/** 1 / ln(1 - p); NEVER for p = 0. */
export const PER_LOG = 'perLog';
/** Ticks that do not pass. */
const NEVER = 1e300;

export function perLogOf(rate: number, dt: number): number {
  const p = Math.min(1, rate * dt);
  return p === 0 ? NEVER : p === 1 ? 0 : 1 / log(1 - p);
}

const symbols = symbolTable([
  { name: LEFT, scope: 'neuron', format: FLOAT64, writable: true },
  { name: PER_LOG, scope: 'neuron', format: FLOAT64, writable: false },
]);

/** @param name of the population, for messages */
export function poissonPrograms(name: string): { readonly wait: Program; readonly when: Expr; readonly draw: Program } {
  const source = { title: `population ${name}` };
  return {
    wait: compileOrThrow(`${LEFT} -= 1`, symbols, source),
    when: compileExpressionOrThrow(`${LEFT} <= 0`, symbols, source),
    draw: compileOrThrow(`${LEFT} = ${PER_LOG} > 0 ? ${NEVER} : floor(log(uniform()) * ${PER_LOG}) + 1`, symbols, source),
  };
}
