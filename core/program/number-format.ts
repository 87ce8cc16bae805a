/**
 * How a number is stored, and how wide an integer expression can get.
 *
 * Convention. A fixed-point number is a whole number n read as n / 2^fraction. Its width `bits` counts all bits of the two's complement
 * word, the sign included: 7 bits unsigned hold 0 … 127, 8 bits signed hold -128 … 127. The program's value is n / 2^fraction, the stored value is n.
 * Widths come from ranges, not from adding up bit counts: a 7-bit unsigned trace times an 8-bit signed weight lies in -16256 … 16129, which
 * is 15 bits signed. An expression whose range leaves the whole numbers that a double holds exactly (|n| <= 2^53) is refused.
 */
import type { Diagnostic } from './diagnostics.ts';
import type { Interval } from './intervals.ts';
import { pointInterval } from './intervals.ts';
import type { Expr, Program } from './ir.ts';
import { OPS } from './op-table.ts';
import type { Scope } from './symbols.ts';

export interface FloatFormat {
  readonly kind: 'float';
  readonly bits: 64 | 32;
}

export interface FixedFormat {
  readonly kind: 'fixed';
  /** Width of the word, sign bit included. */
  readonly bits: number;
  /** Bits behind the binary point; 0 is a plain integer. */
  readonly fraction: number;
  readonly signed: boolean;
  /** What happens to the digits behind the last one; `nearest` rounds a half up. */
  readonly rounding: 'floor' | 'nearest' | 'stochastic';
  readonly overflow: 'saturate' | 'wrap';
}

export type NumberFormat = FloatFormat | FixedFormat;

export const FLOAT64: FloatFormat = { kind: 'float', bits: 64 };
export const FLOAT32: FloatFormat = { kind: 'float', bits: 32 };

/** A plain integer of so many bits; unsigned, rounding down and saturating unless told otherwise. */
export function int(bits: number, options: Partial<Omit<FixedFormat, 'kind' | 'bits'>> = {}): FixedFormat {
  return { kind: 'fixed', bits, fraction: 0, signed: false, rounding: 'floor', overflow: 'saturate', ...options };
}

/** Ends of the stored whole number (fixed) or of the value (float), both included. */
export function storedRange(format: NumberFormat): { readonly low: number; readonly high: number } {
  if (format.kind === 'float') {
    const high = format.bits === 64 ? Number.MAX_VALUE : (2 - 2 ** -23) * 2 ** 127;
    return { low: -high, high };
  }
  return format.signed ? { low: -(2 ** (format.bits - 1)), high: 2 ** (format.bits - 1) - 1 } : { low: 0, high: 2 ** format.bits - 1 };
}

/** Smallest and largest value the format can hold. */
export function valueRange(format: NumberFormat): { readonly low: number; readonly high: number } {
  const { low, high } = storedRange(format);
  const scale = format.kind === 'fixed' ? 2 ** -format.fraction : 1;
  return { low: low * scale, high: high * scale };
}

export interface Width {
  readonly bits: number;
  readonly fraction: number;
  readonly signed: boolean;
  /** Ends of the whole number n of n / 2^fraction. */
  readonly low: number;
  readonly high: number;
}

/** Format of a stored name; undefined where it has no fixed width (a float). */
export type FormatOf = (name: string, scope: Scope) => NumberFormat | undefined;

type Source = Pick<Program, 'title' | 'text'>;

const EXACT = 2 ** 53;

/** Width of an expression over stored integers, or the reason why it has none. */
export function inferWidth(expr: Expr, formatOf: FormatOf, source: Source): Width | Diagnostic {
  const range = rangeOf(expr, formatOf, new Map(), source);
  return 'code' in range ? range : toWidth(range);
}

/** Widths of all values that a program assigns, in order; locals take the width of what they hold. */
export function inferWidths(program: Program, formatOf: FormatOf): (Width | Diagnostic)[] {
  const locals = new Map<string, Interval>();
  return program.statements.map(({ name, scope, value }) => {
    const range = rangeOf(value, formatOf, locals, program);
    if ('code' in range) return range;
    if (scope === 'local') locals.set(name, range);
    return toWidth(range);
  });
}

function toWidth({ low, high, fraction }: Interval): Width {
  const signed = low < 0;
  let bits = signed ? 1 : 0;
  // so many bits beside the sign hold -limit … limit-1
  for (let limit = 1; -low > limit || high >= limit; limit *= 2) bits++;
  return { bits: Math.max(1, bits), fraction, signed, low: low + 0, high: high + 0 };
}

function rangeOf(expr: Expr, formatOf: FormatOf, locals: ReadonlyMap<string, Interval>, source: Source): Interval | Diagnostic {
  const wrong = (message: string, hint?: string): Diagnostic => ({
    code: 'E-WIDTH',
    message,
    title: source.title,
    text: source.text,
    span: expr.span,
    ...(hint && { hint }),
  });
  if (expr.kind === 'literal') return pointInterval(expr.value) ?? wrong(`${expr.value} is not a whole number of binary steps`);
  if (expr.kind === 'draw') return { low: 0, high: 1, fraction: 0 };
  if (expr.kind === 'read') {
    const local = expr.scope === 'local' ? locals.get(expr.name) : undefined;
    const format = formatOf(expr.name, expr.scope);
    if (local) return local;
    if (format?.kind !== 'fixed') return wrong(`"${expr.name}" has no fixed width`, 'give it a fixed-point number format');
    return { ...storedRange(format), fraction: 0 };
  }
  const args: Interval[] = [];
  for (const arg of expr.args) {
    const range = rangeOf(arg, formatOf, locals, source);
    if ('code' in range) return range;
    args.push(range);
  }
  const row = OPS[expr.op];
  const range = row.range?.(...args);
  if (!range) return wrong(`"${row.symbol}" has no fixed width`, 'integer machines add, multiply, shift and clip');
  if (Math.max(-range.low, range.high) > EXACT) {
    const { bits } = toWidth(range);
    return wrong(`this can need ${bits} bits, more than the 53 that stay exact`, 'shift or clip the factors before they are multiplied');
  }
  return range;
}
