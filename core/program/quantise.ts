/**
 * What storage does to a number, as ordinary operations of the program: a fixed-point name holds a whole number n for the value n / 2^fraction.
 * A sum of -0 and +0 is +0: integers have one zero, so that a value held in a register equals the one read back from an integer array.
 */
import type { Span } from './diagnostics.ts';
import type { Expr, Literal, Read } from './ir.ts';
import type { NumberFormat } from './number-format.ts';
import { storedRange } from './number-format.ts';
import type { OpName } from './op-table.ts';

const number = (value: number, span: Span): Literal => ({ kind: 'literal', value, type: 'f64', span });

function apply(op: OpName, ...args: Expr[]): Expr {
  return { kind: 'apply', op, args, type: 'f64', span: args[0].span };
}

/** The value of a stored name. */
export function fromStored(read: Read, format: NumberFormat): Expr {
  return format.kind === 'fixed' && format.fraction !== 0 ? apply('mul', read, number(2 ** -format.fraction, read.span)) : read;
}

/** The whole number to store for a value; `newSite` numbers the draw of stochastic rounding. */
export function toStored(given: Expr, format: NumberFormat, newSite: () => number): Expr {
  if (format.kind === 'float') return given;
  // single precision could not hold the ends of a wide format
  const value = given.type === 'f32' ? apply('f64', given) : given;
  const { span } = value;
  const scaled = format.fraction === 0 ? value : apply('mul', value, number(2 ** format.fraction, span));
  const whole = roundTo(scaled, format.rounding, newSite);
  if (format.overflow === 'wrap') return apply(format.signed ? 'wrap' : 'wrapUnsigned', whole, number(format.bits, span));
  const { low, high } = storedRange(format);
  return apply('clip', whole, number(low, span), number(high, span));
}

function roundTo(scaled: Expr, rounding: 'floor' | 'nearest' | 'stochastic', newSite: () => number): Expr {
  const { span } = scaled;
  if (rounding === 'nearest') return apply('round', scaled);
  if (rounding === 'stochastic')
    return apply('stochastic', scaled, { kind: 'draw', distribution: 'uniform', site: newSite(), type: 'f64', span });
  return apply('add', apply('floor', scaled), number(0, span));
}
