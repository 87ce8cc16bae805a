/**
 * Counting arrivals in WebAssembly. A vector holds one bit for each of 128 targets; the vectors of all arriving rows are added bit by bit into
 * planes (plane p holds bit p of every target's count) by carry-save adders, eight rows at a time in the tree of Harley and Seal (Mula, Kurz &
 * Lemire, Comput. J. 61:111, 2018): seven adders of five operations for eight rows. Then the planes are expanded to 16-bit counts.
 *
 * run(byte offset of the list of rows, count, -, -)
 */
import type { CountSpec } from './count-arrivals.ts';
import type { FunctionBuilder } from './wasm-builder.ts';
import { buildFunction } from './wasm-builder.ts';
import type { Local, WasmFunction } from './wasm-encoder.ts';
import { constantF32, constantF64, constantI32 } from './wasm-lanes.ts';

/** Rows that one pass of planes can count: eight planes, in whole groups. */
const ROWS_PER_PASS = 248;
const GROUP = 8;
const PLANES = 8;
/** Planes that are expanded for up to this many rows. */
const VARIANTS = [
  { rows: 15, planes: 4 },
  { rows: 63, planes: 6 },
  { rows: ROWS_PER_PASS, planes: PLANES },
] as const;

export function emitWasmCounter(spec: CountSpec): WasmFunction {
  const builder = buildFunction(spec.name, [
    { name: 'list', type: 'i32' },
    { name: 'count', type: 'i32' },
    { name: 'tick', type: 'f64' },
    { name: 'out', type: 'i32' },
  ]);
  const [list, count] = [0, 1];
  prepareRows(builder, spec, list, count);
  const padded = builder.pure('i32.and', [builder.pure('i32.add', [count, builder.i32(GROUP - 1)]), builder.i32(-GROUP)]);
  const from = builder.variable('i32', 'from');
  builder.copy(from, builder.i32(0));
  builder.repeat(
    () => builder.pure('i32.lt_u', [from, padded]),
    () => {
      const first = builder.snapshot(from);
      const rest = builder.pure('i32.sub', [padded, first]);
      const rows = builder.variable('i32', 'rows');
      builder.copy(rows, rest);
      builder.when(builder.pure('i32.lt_u', [builder.i32(ROWS_PER_PASS), rest]), () => builder.copy(rows, builder.i32(ROWS_PER_PASS)));
      const taken = builder.snapshot(rows);
      emitPass(builder, spec, first, taken);
      builder.copy(from, builder.pure('i32.add', [first, taken]));
    },
  );
  emitApply(builder, spec);
  return builder.finish(builder.i32(0));
}

/** A counting loop: begin, begin + step, … before end. */
function emitLoop(builder: FunctionBuilder, begin: Local, end: Local, step: number, body: (at: Local) => void): void {
  const index = builder.variable('i32', 'at');
  builder.copy(index, begin);
  builder.repeat(
    () => builder.pure('i32.lt_u', [index, end]),
    () => {
      const at = builder.snapshot(index);
      body(at);
      builder.copy(index, builder.pure('i32.add', [at, builder.i32(step)]));
    },
  );
}

/** Byte offsets of the rows, filled up to whole groups with the empty row; and the synapses that have no bit. */
function prepareRows(builder: FunctionBuilder, spec: CountSpec, list: Local, count: Local): void {
  const { stride, offsets, words, surplus, surplusStart, arrivals } = spec;
  const four = builder.i32(4);
  const end = builder.pure('i32.mul', [count, four]);
  emitLoop(builder, builder.i32(0), end, 4, (at) => {
    const row = builder.load('i32.load', [builder.pure('i32.add', [list, at])], 0);
    const offset = builder.pure('i32.mul', [row, builder.i32(4 * stride)]);
    builder.effect('i32.store', [at, offset], offsets.byteOffset);
    touchLines(builder, offset, words.byteOffset, stride);
    const place = builder.pure('i32.mul', [row, four]);
    const first = builder.pure('i32.mul', [builder.load('i32.load', [place], surplusStart.byteOffset), four]);
    const last = builder.pure('i32.mul', [builder.load('i32.load', [place], surplusStart.byteOffset + 4), four]);
    emitLoop(builder, first, last, 4, (k) => {
      const target = builder.pure('i32.shl', [builder.load('i32.load', [k], surplus.byteOffset), builder.i32(1)]);
      const more = builder.pure('i32.add', [builder.load('i32.load16_u', [target], arrivals.byteOffset), builder.i32(1)]);
      builder.effect('i32.store16', [target, more], arrivals.byteOffset);
    });
  });
  const emptyRow = builder.i32(4 * (words.length - stride));
  for (let n = 0; n < GROUP - 1; n++) builder.effect('i32.store', [end, emptyRow], offsets.byteOffset + 4 * n);
}

/** Reads a word of every cache line of a row, so that all lines are on their way before the first is needed. */
function touchLines(builder: FunctionBuilder, row: Local, words: number, stride: number): void {
  const end = builder.pure('i32.add', [row, builder.i32(4 * stride)]);
  emitLoop(builder, row, end, 4 * 64, (line) => {
    for (let n = 0; n < 4; n++) builder.load('i32.load', [line], words + 64 * n);
  });
}

/** Sum and carry of three bits in every place. */
function addThree(builder: FunctionBuilder, a: Local, b: Local, c: Local): { carry: Local; sum: Local } {
  const one = builder.pure('v128.xor', [a, b]);
  const carry = builder.pure('v128.or', [builder.pure('v128.and', [a, b]), builder.pure('v128.and', [one, c])]);
  return { carry, sum: builder.pure('v128.xor', [one, c]) };
}

/** Adds the rows first … first + rows - 1 of `offsets` to the counts of arrivals, 128 targets at a time. */
function emitPass(builder: FunctionBuilder, spec: CountSpec, first: Local, rows: Local): void {
  const { words, offsets, arrivals } = spec;
  const begin = builder.pure('i32.mul', [first, builder.i32(4)]);
  const end = builder.pure('i32.add', [begin, builder.pure('i32.mul', [rows, builder.i32(4)])]);
  const zero = constantI32(builder, 0, 0, 0, 0);
  // 16 bytes of a row for 128 targets
  emitLoop(builder, builder.i32(0), builder.i32(arrivals.length / 8), 16, (column) => {
    const planes = Array.from({ length: PLANES }, (_, p) => builder.variable('v128', `plane${p}`));
    for (const plane of planes) builder.copy(plane, zero);
    emitLoop(builder, begin, end, 4 * GROUP, (at) => {
      const bits = Array.from({ length: GROUP }, (_, n) => {
        const row = builder.load('i32.load', [at], offsets.byteOffset + 4 * n);
        return builder.load('v128.load', [builder.pure('i32.add', [row, column])], words.byteOffset);
      });
      const [ones, twos, fours] = planes.slice(0, 3).map((plane) => builder.snapshot(plane));
      const a = addThree(builder, ones, bits[0], bits[1]);
      const b = addThree(builder, a.sum, bits[2], bits[3]);
      const c = addThree(builder, b.sum, bits[4], bits[5]);
      const d = addThree(builder, c.sum, bits[6], bits[7]);
      const e = addThree(builder, twos, a.carry, b.carry);
      const f = addThree(builder, e.sum, c.carry, d.carry);
      const g = addThree(builder, fours, e.carry, f.carry);
      builder.copy(planes[0], d.sum);
      builder.copy(planes[1], f.sum);
      builder.copy(planes[2], g.sum);
      let carry = g.carry;
      for (const plane of planes.slice(3)) {
        const before = builder.snapshot(plane);
        builder.copy(plane, builder.pure('v128.xor', [before, carry]));
        carry = builder.pure('v128.and', [before, carry]);
      }
    });
    const sums = planes.map((plane) => builder.snapshot(plane));
    // two bytes of counts for each of eight targets per byte
    const place = builder.pure('i32.shl', [column, builder.i32(4)]);
    let fewest = 0;
    for (const { rows: most, planes: used } of VARIANTS) {
      const above = builder.pure('i32.lt_u', [builder.i32(fewest), rows]);
      const below = builder.pure('i32.lt_u', [rows, builder.i32(most + 1)]);
      builder.when(builder.pure('i32.and', [above, below]), () => expand(builder, sums.slice(0, used), place, arrivals.byteOffset));
      fewest = most;
    }
  });
}

/** Bits of a byte, lowest first. */
const BIT_OF_LANE = [1, 2, 4, 8, 16, 32, 64, 128];

/** Planes to 16-bit counts, added to the 128 counts at byte offset `place`. */
function expand(builder: FunctionBuilder, planes: readonly Local[], place: Local, arrivals: number): void {
  const bit = builder.v128(Uint8Array.from([...BIT_OF_LANE, ...BIT_OF_LANE]));
  for (let group = 0; group < 8; group++) {
    const pattern = Array.from({ length: 16 }, (_, lane) => 2 * group + (lane >> 3));
    const counts = planes.reduceRight<Local | undefined>((sum, plane) => {
      const spread = builder.pure('v128.and', [builder.pure('i8x16.shuffle', [plane, plane], ...pattern), bit]);
      const held = builder.pure('i8x16.eq', [spread, bit]);
      const twice = sum === undefined ? constantI32(builder, 0, 0, 0, 0) : builder.pure('i8x16.add', [sum, sum]);
      return builder.pure('i8x16.sub', [twice, held]);
    }, undefined) as Local;
    for (const [half, op] of (['i16x8.extend_low_i8x16_u', 'i16x8.extend_high_i8x16_u'] as const).entries()) {
      const offset = arrivals + 32 * group + 16 * half;
      const sum = builder.pure('i16x8.add', [builder.load('v128.load', [place], offset), builder.pure(op, [counts])]);
      builder.effect('v128.store', [place, sum], offset);
    }
  }
}

/** port += arrivals * weight, eight targets at a time, and the counts back to zero. */
function emitApply(builder: FunctionBuilder, { port, arrivals, weight }: CountSpec): void {
  const zero = constantI32(builder, 0, 0, 0, 0);
  const groups = Math.ceil(port.length / 8);
  // bytes of eight counts
  emitLoop(builder, builder.i32(0), builder.i32(16 * groups), 16, (at) => {
    const counts = builder.load('v128.load', [at], arrivals.byteOffset);
    builder.when(builder.pure('v128.any_true', [counts]), () => {
      builder.effect('v128.store', [at, zero], arrivals.byteOffset);
      const whole = [builder.pure('i32x4.extend_low_i16x8_u', [counts]), builder.pure('i32x4.extend_high_i16x8_u', [counts])];
      const place = builder.pure('i32.shl', [at, builder.i32(port instanceof Float64Array ? 2 : 1)]);
      const add = (shape: 'f32x4' | 'f64x2' | 'i32x4', sums: readonly Local[]): void => {
        for (const [n, sum] of sums.entries()) {
          const offset = port.byteOffset + 16 * n;
          builder.effect('v128.store', [place, builder.pure(`${shape}.add`, [builder.load('v128.load', [place], offset), sum])], offset);
        }
      };
      if (port instanceof Float32Array) {
        const each = constantF32(builder, weight);
        add(
          'f32x4',
          whole.map((four) => builder.pure('f32x4.mul', [builder.pure('f32x4.convert_i32x4_s', [four]), each])),
        );
      } else if (port instanceof Int32Array) {
        const each = constantI32(builder, weight, weight, weight, weight);
        add(
          'i32x4',
          whole.map((four) => builder.pure('i32x4.mul', [four, each])),
        );
      } else {
        const each = constantF64(builder, weight);
        const upper = (four: Local): Local =>
          builder.pure('i8x16.shuffle', [four, four], 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
        const pairs = whole.flatMap((four) => [four, upper(four)]);
        add(
          'f64x2',
          pairs.map((pair) => builder.pure('f64x2.mul', [builder.pure('f64x2.convert_low_i32x4_s', [pair]), each])),
        );
      }
    });
  });
}
