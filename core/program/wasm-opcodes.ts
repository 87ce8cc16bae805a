/**
 * The WebAssembly instructions our back end uses, by their names in the text format. Codes from the WebAssembly Core Specification 2.0,
 * appendix "Index of Instructions". A code above one byte is a prefix byte (0xfc: saturating conversions, 0xfd: 128-bit vectors) and a
 * number behind it. What follows an instruction in the code (its immediates) and what it leaves on the stack follow from its name.
 */

const simd = (code: number): number => 0xfd00 + code;

/** Six comparisons in the order of their codes, first of floats, then of vectors. */
const floatComparisons = <P extends string>(prefix: P, first: number) =>
  ({
    [`${prefix}.eq`]: first,
    [`${prefix}.ne`]: first + 1,
    [`${prefix}.lt`]: first + 2,
    [`${prefix}.gt`]: first + 3,
    [`${prefix}.le`]: first + 4,
    [`${prefix}.ge`]: first + 5,
  }) as Record<`${P}.${'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge'}`, number>;

/** Arithmetic of one shape of float vector, in the order of the codes. */
const floatVector = <P extends 'f32x4' | 'f64x2'>(prefix: P, first: number) =>
  ({
    [`${prefix}.abs`]: first,
    [`${prefix}.neg`]: first + 1,
    [`${prefix}.sqrt`]: first + 3,
    [`${prefix}.add`]: first + 4,
    [`${prefix}.sub`]: first + 5,
    [`${prefix}.mul`]: first + 6,
    [`${prefix}.div`]: first + 7,
    [`${prefix}.min`]: first + 8,
    [`${prefix}.max`]: first + 9,
    [`${prefix}.pmin`]: first + 10,
    [`${prefix}.pmax`]: first + 11,
  }) as Record<`${P}.${'abs' | 'neg' | 'sqrt' | 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'pmin' | 'pmax'}`, number>;

export const OPCODES = {
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  br_if: 0x0d,
  'local.get': 0x20,
  'local.set': 0x21,
  'i32.load': 0x28,
  'f32.load': 0x2a,
  'f64.load': 0x2b,
  'i32.load8_s': 0x2c,
  'i32.load8_u': 0x2d,
  'i32.load16_s': 0x2e,
  'i32.load16_u': 0x2f,
  'i32.store': 0x36,
  'f32.store': 0x38,
  'f64.store': 0x39,
  'i32.store8': 0x3a,
  'i32.store16': 0x3b,
  'i32.const': 0x41,
  'i64.const': 0x42,
  'i32.eqz': 0x45,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.ctz': 0x68,
  'i32.popcnt': 0x69,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.shl': 0x74,
  'i32.shr_u': 0x76,
  'i64.shr_s': 0x87,
  'f32.add': 0x92,
  'f32.sub': 0x93,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'i32.wrap_i64': 0xa7,
  'f64.convert_i32_s': 0xb7,
  'i64.trunc_sat_f64_s': 0xfc06,
  'v128.load': simd(0x00),
  'v128.load16x4_s': simd(0x03),
  'v128.load16x4_u': simd(0x04),
  'v128.load32_splat': simd(0x09),
  'v128.load64_splat': simd(0x0a),
  'v128.store': simd(0x0b),
  'v128.const': simd(0x0c),
  'i8x16.shuffle': simd(0x0d),
  'i32x4.splat': simd(0x11),
  'i32x4.extract_lane': simd(0x1b),
  'i32x4.replace_lane': simd(0x1c),
  'f32x4.extract_lane': simd(0x1f),
  'f64x2.extract_lane': simd(0x21),
  'i8x16.eq': simd(0x23),
  'i32x4.gt_s': simd(0x3b),
  ...floatComparisons('f32x4', simd(0x41)),
  ...floatComparisons('f64x2', simd(0x47)),
  'v128.not': simd(0x4d),
  'v128.and': simd(0x4e),
  'v128.andnot': simd(0x4f),
  'v128.or': simd(0x50),
  'v128.xor': simd(0x51),
  'v128.bitselect': simd(0x52),
  'v128.any_true': simd(0x53),
  'v128.load32_lane': simd(0x56),
  'v128.load64_lane': simd(0x57),
  'v128.store8_lane': simd(0x58),
  'v128.store16_lane': simd(0x59),
  'v128.store32_lane': simd(0x5a),
  'v128.store64_lane': simd(0x5b),
  'v128.load32_zero': simd(0x5c),
  'v128.load64_zero': simd(0x5d),
  'f32x4.demote_f64x2_zero': simd(0x5e),
  'f64x2.promote_low_f32x4': simd(0x5f),
  'f32x4.ceil': simd(0x67),
  'f32x4.floor': simd(0x68),
  'f32x4.trunc': simd(0x69),
  'f64x2.ceil': simd(0x74),
  'f64x2.floor': simd(0x75),
  'f64x2.trunc': simd(0x7a),
  'i8x16.add': simd(0x6e),
  'i8x16.sub': simd(0x71),
  'i16x8.extend_low_i8x16_s': simd(0x87),
  'i16x8.extend_low_i8x16_u': simd(0x89),
  'i16x8.extend_high_i8x16_u': simd(0x8a),
  'i16x8.shr_u': simd(0x8d),
  'i16x8.add': simd(0x8e),
  'i16x8.sub': simd(0x91),
  'i32x4.all_true': simd(0xa3),
  'i32x4.bitmask': simd(0xa4),
  'i32x4.extend_low_i16x8_s': simd(0xa7),
  'i32x4.extend_high_i16x8_s': simd(0xa8),
  'i32x4.extend_low_i16x8_u': simd(0xa9),
  'i32x4.extend_high_i16x8_u': simd(0xaa),
  'i32x4.shl': simd(0xab),
  'i32x4.shr_s': simd(0xac),
  'i32x4.shr_u': simd(0xad),
  'i32x4.add': simd(0xae),
  'i32x4.sub': simd(0xb1),
  'i32x4.mul': simd(0xb5),
  'i64x2.extend_low_i32x4_s': simd(0xc7),
  'i64x2.extend_high_i32x4_s': simd(0xc8),
  'i64x2.shl': simd(0xcb),
  'i64x2.shr_u': simd(0xcd),
  'i64x2.ne': simd(0xd7),
  'i64x2.extmul_low_i32x4_u': simd(0xde),
  'i64x2.extmul_high_i32x4_u': simd(0xdf),
  ...floatVector('f32x4', simd(0xe0)),
  ...floatVector('f64x2', simd(0xec)),
  'f32x4.convert_i32x4_s': simd(0xfa),
  'i32x4.trunc_sat_f32x4_s': simd(0xf8),
  'i32x4.trunc_sat_f64x2_s_zero': simd(0xfc),
  'f64x2.convert_low_i32x4_s': simd(0xfe),
  'f64x2.convert_low_i32x4_u': simd(0xff),
} as const;

export type Opcode = keyof typeof OPCODES;

export const VALUE_TYPES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type WasmType = keyof typeof VALUE_TYPES;

/** What stands behind an instruction in the code. `memory` is an offset in bytes, `memory lane` an offset and the number of a lane. */
export type Immediates = 'none' | 'index' | 'memory' | 'memory lane' | 'lane' | 'number' | 'sixteen bytes' | 'block';

function findImmediates(op: Opcode): Immediates {
  if (op === 'loop' || op === 'if') return 'block';
  if (op === 'br_if' || op.startsWith('local.')) return 'index';
  if (op === 'v128.const' || op === 'i8x16.shuffle') return 'sixteen bytes';
  if (op.endsWith('.const')) return 'number';
  if (/\.(load|store)/.test(op)) return op.endsWith('_lane') ? 'memory lane' : 'memory';
  return op.endsWith('_lane') ? 'lane' : 'none';
}

function findResult(op: Opcode): WasmType | undefined {
  if (/\.(store|set)/.test(op) || !op.includes('.')) return undefined;
  const [shape, operation] = op.split('.');
  if (/^(any_true|all_true|bitmask)$/.test(operation)) return 'i32';
  if (operation === 'extract_lane') return shape.slice(0, 3) as WasmType;
  if (shape === 'v128' || shape.includes('x')) return 'v128';
  return /^(eqz|lt_.)$/.test(operation) ? 'i32' : (shape as WasmType);
}

const forEach = <T>(find: (op: Opcode) => T): Readonly<Record<Opcode, T>> =>
  Object.fromEntries((Object.keys(OPCODES) as Opcode[]).map((op) => [op, find(op)])) as Record<Opcode, T>;

export const IMMEDIATES = forEach(findImmediates);

/** Type of the one value an instruction leaves; undefined where it leaves none. */
export const RESULTS = forEach(findResult);
