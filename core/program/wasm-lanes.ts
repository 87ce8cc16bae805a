/**
 * Values of several items at once, in 128-bit vectors. A loop runs in groups of 8, 4 or 1 items; a value of a group is a list of vectors
 * (`parts`), the same operation applied to each:
 *
 *   kind          lanes per vector   parts for 8 / 4 / 1 items
 *   f32           4                  2 / 1 / 1
 *   f64           2                  4 / 2 / 1
 *   mask32        4, all ones or 0   2 / 1 / 1      truth values of single-precision comparisons
 *   mask64        2                  4 / 2 / 1      those of double-precision comparisons
 *
 * A single item is lane 0 of a vector whose other lanes hold nothing of meaning; so one piece of code serves whole groups, the items left over
 * and loops that must go one by one, and gives the same bits. A literal gets its kind where it is used.
 */
import type { FunctionBuilder } from './wasm-builder.ts';
import type { Local } from './wasm-encoder.ts';
import type { Opcode } from './wasm-opcodes.ts';

export type Lanes = 1 | 4 | 8;

export interface Machine {
  readonly builder: FunctionBuilder;
  readonly lanes: Lanes;
}

export type VectorKind = 'f32' | 'f64' | 'mask32' | 'mask64';

export interface Vectors {
  readonly kind: VectorKind;
  readonly parts: readonly Local[];
}

export type Value = Vectors | { readonly kind: 'literal'; readonly value: number };

export const singleParts = ({ lanes }: Pick<Machine, 'lanes'>): number => (lanes === 8 ? 2 : 1);
export const doubleParts = ({ lanes }: Pick<Machine, 'lanes'>): number => (lanes === 1 ? 1 : lanes / 2);

const HIGH_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
/** Low halves of two vectors; even and odd 32-bit words of two vectors. */
export const LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
export const EVEN_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
export const ODD_WORDS = [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31];

export const upperHalf = (builder: FunctionBuilder, part: Local): Local => builder.pure('i8x16.shuffle', [part, part], ...HIGH_HALF);

export const constantF64 = (builder: FunctionBuilder, value: number): Local =>
  builder.v128(new Uint8Array(Float64Array.of(value, value).buffer));
export const constantF32 = (builder: FunctionBuilder, value: number): Local =>
  builder.v128(new Uint8Array(new Float32Array(4).fill(value).buffer));
export const constantI32 = (builder: FunctionBuilder, ...values: readonly [number, number, number, number]): Local =>
  builder.v128(new Uint8Array(Int32Array.of(...values).buffer));
/** Both lanes of a vector of 64-bit integers. */
export const constantI64 = (builder: FunctionBuilder, high: number, low: number): Local => constantI32(builder, low, high, low, high);

const constantTruth = (builder: FunctionBuilder, truth: boolean): Local => {
  const bits = truth ? -1 : 0;
  return constantI32(builder, bits, bits, bits, bits);
};

const filled = (n: number, part: Local): Local[] => new Array<Local>(n).fill(part);

/** True if single precision holds the value without loss. */
export const isSingle = (value: Value): boolean =>
  value.kind === 'f32' || (value.kind === 'literal' && Object.is(Math.fround(value.value), value.value));

/** The parts as single precision; rounds doubles. */
export function toSingle(machine: Machine, value: Value): readonly Local[] {
  const { builder, lanes } = machine;
  if (value.kind === 'literal') return filled(singleParts(machine), constantF32(builder, value.value));
  if (value.kind !== 'f64') return value.parts;
  const halves = value.parts.map((part) => builder.pure('f32x4.demote_f64x2_zero', [part]));
  return lanes === 1 ? halves : joinPairs(builder, halves, LOW_HALVES);
}

export function toDouble(machine: Machine, value: Value): readonly Local[] {
  const { builder, lanes } = machine;
  if (value.kind === 'literal') return filled(doubleParts(machine), constantF64(builder, value.value));
  if (value.kind !== 'f32') return value.parts;
  return value.parts.flatMap((part) => {
    const low = builder.pure('f64x2.promote_low_f32x4', [part]);
    return lanes === 1 ? [low] : [low, builder.pure('f64x2.promote_low_f32x4', [upperHalf(builder, part)])];
  });
}

export function toMask32(machine: Machine, value: Value): readonly Local[] {
  const { builder, lanes } = machine;
  if (value.kind === 'literal') return filled(singleParts(machine), constantTruth(builder, value.value !== 0));
  return value.kind === 'mask64' && lanes > 1 ? joinPairs(builder, value.parts, EVEN_WORDS) : value.parts;
}

export function toMask64(machine: Machine, value: Value): readonly Local[] {
  const { builder, lanes } = machine;
  if (value.kind === 'literal') return filled(doubleParts(machine), constantTruth(builder, value.value !== 0));
  if (value.kind !== 'mask32') return value.parts;
  return value.parts.flatMap((part) => {
    const low = builder.pure('i64x2.extend_low_i32x4_s', [part]);
    return lanes === 1 ? [low] : [low, builder.pure('i64x2.extend_high_i32x4_s', [part])];
  });
}

/** Vectors of two lanes to half as many of four. */
export function joinPairs(builder: FunctionBuilder, parts: readonly Local[], pattern: readonly number[]): Local[] {
  const joined: Local[] = [];
  for (let i = 0; i < parts.length; i += 2) joined.push(builder.pure('i8x16.shuffle', [parts[i], parts[i + 1]], ...pattern));
  return joined;
}

/** 1 in an i32 if the condition holds for any item of the group (or, with `held` false, fails for any). */
export function anyItem(machine: Machine, mask: Value, held: boolean): Local {
  const { builder, lanes } = machine;
  const [first, ...rest] = toMask32(machine, mask);
  if (lanes === 1) {
    const lane = builder.pure('i32x4.extract_lane', [first], 0);
    return held ? lane : builder.pure('i32.eqz', [lane]);
  }
  const op = held ? 'v128.or' : 'v128.and';
  const joined = rest.reduce((a, b) => builder.pure(op, [a, b]), first);
  return held ? builder.pure('v128.any_true', [joined]) : builder.pure('i32.eqz', [builder.pure('i32x4.all_true', [joined])]);
}

/** One bit per item, lowest first, in an i32. */
export function itemBits(machine: Machine, mask: Value): Local {
  const { builder, lanes } = machine;
  const bits = toMask32(machine, mask).map((part) => builder.pure('i32x4.bitmask', [part]));
  if (lanes === 1) return builder.pure('i32.and', [bits[0], builder.i32(1)]);
  return bits.reduce((low, part, n) => builder.pure('i32.or', [low, builder.pure('i32.shl', [part, builder.i32(4 * n)])]));
}

/** The same operation on each pair (triple) of parts. */
export function mapParts(builder: FunctionBuilder, op: Opcode, ...args: readonly (readonly Local[])[]): Local[] {
  return args[0].map((_, n) =>
    builder.pure(
      op,
      args.map((parts) => parts[n]),
    ),
  );
}

/** Values read once for all items. */
export function repeatFor(machine: Machine, { kind, parts }: Vectors): Vectors {
  const n = kind === 'f32' || kind === 'mask32' ? singleParts(machine) : doubleParts(machine);
  return { kind, parts: filled(n, parts[0]) };
}
