/**
 * Reading and writing arrays from WebAssembly. All arrays lie in one memory, so an array is a byte offset, folded into the instruction. Single
 * precision stays what it is; integers become doubles, as in the evaluator; a double goes into an integer array as ToInt32 of ECMAScript
 * would have it, for the ranges that `StoreMode` names.
 */
import { InternalError } from '../errors.ts';
import type { NumericArray } from './kernel.ts';
import type { FunctionBuilder } from './wasm-builder.ts';
import type { Local } from './wasm-encoder.ts';
import type { Machine, Value, Vectors } from './wasm-lanes.ts';
import { constantF64, EVEN_WORDS, joinPairs, LOW_HALVES, mapParts, toDouble, toSingle, upperHalf } from './wasm-lanes.ts';
import type { Opcode } from './wasm-opcodes.ts';

export type ElementType = 'f64' | 'f32' | 'i32' | 'u32' | 'i16' | 'u16' | 'i8' | 'u8';

/**
 * How doubles become integers: `whole`: |x| < 2^31, truncated; `modular`: |x| <= 2^51, truncated and wrapped to the low 32 bits. NaN becomes 0.
 */
export type StoreMode = 'whole' | 'modular';

export function elementType(array: NumericArray): ElementType {
  if (array instanceof Float64Array) return 'f64';
  if (array instanceof Float32Array) return 'f32';
  if (array instanceof Int32Array) return 'i32';
  if (array instanceof Uint32Array) return 'u32';
  if (array instanceof Int16Array) return 'i16';
  if (array instanceof Uint16Array) return 'u16';
  if (array instanceof Int8Array) return 'i8';
  if (array instanceof Uint8Array) return 'u8';
  throw new InternalError('an array of an unknown element type reached a kernel');
}

/** Integers that single precision holds, every one of them. */
export const isShort = (type: ElementType): boolean => type === 'i16' || type === 'u16' || type === 'i8' || type === 'u8';

const isFloat = (type: ElementType): type is 'f64' | 'f32' => type === 'f64' || type === 'f32';

const INTEGER_LOADS: Readonly<Record<Exclude<ElementType, 'f64' | 'f32'>, Opcode>> = {
  i32: 'i32.load',
  u32: 'i32.load',
  i16: 'i32.load16_s',
  u16: 'i32.load16_u',
  i8: 'i32.load8_s',
  u8: 'i32.load8_u',
};

/** Byte address of an element without the array's own offset. */
function address(builder: FunctionBuilder, array: NumericArray, index: Local): Local {
  const shift = Math.log2(array.BYTES_PER_ELEMENT);
  return shift === 0 ? index : builder.pure('i32.shl', [index, builder.i32(shift)]);
}

const offsetOf = (array: NumericArray, ahead: number): number => array.byteOffset + ahead * array.BYTES_PER_ELEMENT;

/** One element of an integer array as an i32: an index, or a row's start. */
export function loadIndex(builder: FunctionBuilder, array: NumericArray, index: Local, ahead = 0): Local {
  const type = elementType(array);
  if (isFloat(type)) throw new InternalError('an index lies in an array of floats');
  return builder.load(INTEGER_LOADS[type], [address(builder, array, index)], offsetOf(array, ahead));
}

/** One element of a float array as a number. */
export function loadNumber(builder: FunctionBuilder, array: NumericArray, index: Local): Local {
  const op = elementType(array) === 'f32' ? 'f32.load' : 'f64.load';
  return builder.load(op, [address(builder, array, index)], offsetOf(array, 0));
}

export function storeNumber(builder: FunctionBuilder, array: NumericArray, index: Local, value: Local): void {
  const op = elementType(array) === 'f32' ? 'f32.store' : 'f64.store';
  builder.effect(op, [address(builder, array, index), value], offsetOf(array, 0));
}

/** Adds a 32-bit integer to an element of an integer array, modulo the width of the array. */
export function addToInteger(builder: FunctionBuilder, array: NumericArray, index: Local, op: 'add' | 'sub', term: Local): void {
  const sum = builder.pure(`i32.${op}`, [loadIndex(builder, array, index), term]);
  const store = ({ 1: 'i32.store8', 2: 'i32.store16', 4: 'i32.store' } as const)[array.BYTES_PER_ELEMENT as 1 | 2 | 4];
  builder.effect(store, [address(builder, array, index), sum], offsetOf(array, 0));
}

/** One element for all items. */
export function loadForAll(builder: FunctionBuilder, array: NumericArray, index: Local): Vectors {
  const type = elementType(array);
  const at = address(builder, array, index);
  if (isFloat(type)) {
    const op = type === 'f32' ? 'v128.load32_splat' : 'v128.load64_splat';
    return { kind: type, parts: [builder.load(op, [at], offsetOf(array, 0))] };
  }
  const splat = builder.pure('i32x4.splat', [loadIndex(builder, array, index)]);
  return { kind: 'f64', parts: [convertLow(builder, type, splat)] };
}

/** The elements index + ahead, index + ahead + 1, … of the items of a group. @param single short integers become single precision, not double */
export function loadRun(machine: Machine, array: NumericArray, index: Local, ahead: number, single = false): Vectors {
  const { builder, lanes } = machine;
  const type = elementType(array);
  const at = address(builder, array, index);
  const load = (op: Opcode, item: number): Local => builder.load(op, [at], offsetOf(array, ahead + item));
  if (isFloat(type)) {
    if (lanes === 1) return { kind: type, parts: [load(type === 'f32' ? 'v128.load32_zero' : 'v128.load64_zero', 0)] };
    return { kind: type, parts: every(lanes, type === 'f32' ? 4 : 2).map((item) => load('v128.load', item)) };
  }
  if (lanes === 1) {
    const word = array.BYTES_PER_ELEMENT === 4 ? load('v128.load32_zero', 0) : builder.pure('i32x4.splat', [load(INTEGER_LOADS[type], 0)]);
    return integersTo(machine, type, [word], single);
  }
  const words = every(lanes, 4).map((item) => {
    if (array.BYTES_PER_ELEMENT === 4) return load('v128.load', item);
    if (type === 'i16') return load('v128.load16x4_s', item);
    if (type === 'u16') return load('v128.load16x4_u', item);
    const bytes = load('v128.load32_zero', item);
    return type === 'i8'
      ? builder.pure('i32x4.extend_low_i16x8_s', [builder.pure('i16x8.extend_low_i8x16_s', [bytes])])
      : builder.pure('i32x4.extend_low_i16x8_u', [builder.pure('i16x8.extend_low_i8x16_u', [bytes])]);
  });
  return integersTo(machine, type, words, single);
}

/** The elements at one index per item. */
export function loadAt(machine: Machine, array: NumericArray, indices: readonly Local[], single = false): Vectors {
  const { builder, lanes } = machine;
  const type = elementType(array);
  if (lanes === 1) return loadRun(machine, array, indices[0], 0, single);
  const offset = offsetOf(array, 0);
  const addresses = indices.map((index) => address(builder, array, index));
  if (isFloat(type)) {
    const [zero, lane, width] =
      type === 'f32' ? (['v128.load32_zero', 'v128.load32_lane', 4] as const) : (['v128.load64_zero', 'v128.load64_lane', 2] as const);
    const parts = every(lanes, width).map((item) => {
      let part = builder.load(zero, [addresses[item]], offset);
      for (let n = 1; n < width; n++) part = builder.load(lane, [addresses[item + n], part], offset, n);
      return part;
    });
    return { kind: type, parts };
  }
  const words = every(lanes, 4).map((item) => integersFrom(builder, array, indices.slice(item, item + 4)));
  return integersTo(machine, type, words, single);
}

function integersFrom(builder: FunctionBuilder, array: NumericArray, indices: readonly Local[]): Local {
  const [first, ...rest] = indices.map((index) => loadIndex(builder, array, index));
  return rest.reduce(
    (vector, scalar, n) => builder.pure('i32x4.replace_lane', [vector, scalar], n + 1),
    builder.pure('i32x4.splat', [first]),
  );
}

const every = (lanes: number, width: number): number[] => Array.from({ length: lanes / width }, (_, n) => n * width);

const convertLow = (builder: FunctionBuilder, type: ElementType, word: Local): Local =>
  builder.pure(type === 'u32' ? 'f64x2.convert_low_i32x4_u' : 'f64x2.convert_low_i32x4_s', [word]);

/** 32-bit integers as floats. Of a single item only the lowest one counts. */
function integersTo({ builder, lanes }: Machine, type: ElementType, words: readonly Local[], single: boolean): Vectors {
  if (single) return { kind: 'f32', parts: mapParts(builder, 'f32x4.convert_i32x4_s', words) };
  if (lanes === 1) return { kind: 'f64', parts: [convertLow(builder, type, words[0])] };
  const parts = words.flatMap((word) => [convertLow(builder, type, word), convertLow(builder, type, upperHalf(builder, word))]);
  return { kind: 'f64', parts };
}

/** 1.5 · 2^52: added to a whole number of at most 51 bits, it brings the number's low 32 bits into the low 32 bits of the double. */
const LOW_BITS = 6755399441055744;

/** Whole parts as vectors of 32-bit integers. */
export function toIntegers(machine: Machine, value: Value, mode: StoreMode): Local[] {
  const { builder, lanes } = machine;
  const parts = toDouble(machine, value);
  if (mode === 'whole') {
    const halves = mapParts(builder, 'i32x4.trunc_sat_f64x2_s_zero', parts);
    return lanes === 1 ? halves : joinPairs(builder, halves, LOW_HALVES);
  }
  const shifted = parts.map((part) => builder.pure('f64x2.add', [builder.pure('f64x2.trunc', [part]), constantF64(builder, LOW_BITS)]));
  return lanes === 1 ? shifted : joinPairs(builder, shifted, EVEN_WORDS);
}

/** Low bytes (halves) of four 32-bit integers, side by side. */
const PACK_BYTES = [0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12];
const PACK_HALVES = [0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13];

/** Stores into index + ahead, index + ahead + 1, … */
export function storeRun(machine: Machine, array: NumericArray, index: Local, ahead: number, value: Value, mode: StoreMode): void {
  const { builder, lanes } = machine;
  const at = address(builder, array, index);
  if (lanes === 1) {
    storeAt(machine, array, [index], value, mode, ahead);
    return;
  }
  const type = elementType(array);
  if (isFloat(type)) {
    const parts = type === 'f32' ? toSingle(machine, value) : toDouble(machine, value);
    const width = type === 'f32' ? 4 : 2;
    for (const [n, part] of parts.entries()) builder.effect('v128.store', [at, part], offsetOf(array, ahead + n * width));
    return;
  }
  for (const [n, words] of toIntegers(machine, value, mode).entries()) {
    const offset = offsetOf(array, ahead + 4 * n);
    const size = array.BYTES_PER_ELEMENT;
    if (size === 4) builder.effect('v128.store', [at, words], offset);
    else if (size === 2)
      builder.effect('v128.store64_lane', [at, builder.pure('i8x16.shuffle', [words, words], ...PACK_HALVES)], offset, 0);
    else builder.effect('v128.store32_lane', [at, builder.pure('i8x16.shuffle', [words, words], ...PACK_BYTES)], offset, 0);
  }
}

const LANE_STORES = { 1: 'v128.store8_lane', 2: 'v128.store16_lane', 4: 'v128.store32_lane', 8: 'v128.store64_lane' } as const;

/** Stores at one index per item, the first item first. */
export function storeAt(machine: Machine, array: NumericArray, indices: readonly Local[], value: Value, mode: StoreMode, ahead = 0): void {
  const { builder } = machine;
  const type = elementType(array);
  const parts = type === 'f32' ? toSingle(machine, value) : type === 'f64' ? toDouble(machine, value) : toIntegers(machine, value, mode);
  const perPart = type === 'f64' ? 2 : 4;
  const size = array.BYTES_PER_ELEMENT as keyof typeof LANE_STORES;
  // a 32-bit integer in a vector is four lanes of bytes, two of halves
  const step = type === 'f64' ? 1 : 4 / size;
  for (const [item, index] of indices.entries()) {
    const args = [address(builder, array, index), parts[Math.floor(item / perPart)]];
    builder.effect(LANE_STORES[size], args, offsetOf(array, ahead), (item % perPart) * step);
  }
}
