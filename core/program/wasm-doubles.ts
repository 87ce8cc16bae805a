/** Arithmetic on doubles of a group of items, vector by vector: what the elementary functions are written with. */
import type { FunctionBuilder } from './wasm-builder.ts';
import type { Local } from './wasm-encoder.ts';
import { constantF64, constantI64, mapParts } from './wasm-lanes.ts';
import type { Opcode } from './wasm-opcodes.ts';

export type Doubles = readonly Local[];

type DoubleOp = Extract<Opcode, `f64x2.${string}`> extends `f64x2.${infer Name}` ? Name : never;

export interface DoubleArithmetic {
  /** One f64x2 operation. */
  on(op: DoubleOp, ...args: readonly Doubles[]): Doubles;
  constant(value: number): Doubles;
  /** Both words of a 64-bit pattern, in every lane. */
  bits(high: number, low: number): Doubles;
  /** The same operation on the bits: v128 logic or i64x2 arithmetic. */
  raw(op: Opcode, ...args: readonly Doubles[]): Doubles;
  shift(op: 'i64x2.shl' | 'i64x2.shr_u', a: Doubles, by: number): Doubles;
  /** `yes` where the mask is set. */
  select(mask: Doubles, yes: Doubles, no: Doubles): Doubles;
  /** Horner's rule, highest coefficient first. */
  polynomial(x: Doubles, coefficients: readonly number[]): Doubles;
}

/** @param n number of vectors */
export function doubleArithmetic(builder: FunctionBuilder, n: number): DoubleArithmetic {
  const repeated = (part: Local): Doubles => new Array<Local>(n).fill(part);
  const on: DoubleArithmetic['on'] = (op, ...args) => mapParts(builder, `f64x2.${op}` as Opcode, ...args);
  const constant = (value: number): Doubles => repeated(constantF64(builder, value));
  return {
    on,
    constant,
    bits: (high, low) => repeated(constantI64(builder, high, low)),
    raw: (op, ...args) => mapParts(builder, op, ...args),
    shift: (op, a, by) => a.map((part) => builder.pure(op, [part, builder.i32(by)])),
    select: (mask, yes, no) => mapParts(builder, 'v128.bitselect', yes, no, mask),
    polynomial: (x, [first, ...rest]) =>
      rest.reduce<Doubles>((sum, coefficient) => on('add', on('mul', sum, x), constant(coefficient)), constant(first)),
  };
}
