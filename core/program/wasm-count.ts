/**
 * Counting arrivals in WebAssembly. A vector holds one bit for each of 128 targets; the vectors of all arriving rows are added bit by bit into
 * planes (plane p holds bit p of every target's count) by carry-save adders, eight rows at a time in the tree of Harley and Seal (Mula, Kurz &
 * Lemire, Comput. J. 61:111, 2018): seven adders of five operations for eight rows. Then the planes are turned into bytes, one count for each
 * target (a transposition of 8 by 8 bits in three rounds: Warren, Hacker's Delight, 2nd ed., section 7-3), and go to the port at once where one
 * pass is enough; else, and for the last targets, which are not a whole vector of bits, 16-bit counts are kept in memory between.
 *
 * Counts are negative where the weight is not, and subtracted: a target without arrivals then takes away 0, which changes no bit of its value,
 * where adding 0 would make 0 of -0.
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
/** Bytes of a row that are taken together. */
const BYTES = 16;
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
  const onePass = builder.pure('i32.lt_u', [padded, builder.i32(ROWS_PER_PASS + 1)]);
  // bytes of a row whose targets go to the port at once
  const whole = builder.pure('i32.mul', [onePass, builder.i32(BYTES * Math.floor(spec.port.length / (8 * BYTES)))]);
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
      emitPass(builder, spec, first, { padded: taken, arriving: builder.pure('i32.sub', [count, first]) }, whole);
      builder.copy(from, builder.pure('i32.add', [first, taken]));
    },
  );
  emitApply(builder, spec, builder.pure('i32.shl', [whole, builder.i32(4)]));
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
  const { shape, offsets, words } = spec;
  const end = builder.pure('i32.mul', [count, builder.i32(4)]);
  emitLoop(builder, builder.i32(0), end, 4, (at) => {
    const row = builder.load('i32.load', [builder.pure('i32.add', [list, at])], 0);
    const offset = builder.pure('i32.mul', [row, builder.i32(4 * shape.stride)]);
    builder.effect('i32.store', [at, offset], offsets.byteOffset);
    touchLines(builder, offset, words.byteOffset, shape.rowWords);
  });
  const emptyRow = builder.i32(4 * (words.length - shape.stride));
  for (let n = 0; n < GROUP - 1; n++) builder.effect('i32.store', [end, emptyRow], offsets.byteOffset + 4 * n);
  if (shape.hasLists) emitLoop(builder, builder.i32(0), end, 4, (at) => countList(builder, spec, at));
}

/** Reads a word of every cache line of a row, so that all lines are on their way before the first is needed. */
function touchLines(builder: FunctionBuilder, row: Local, words: number, rowWords: number): void {
  const lines = Math.ceil(rowWords / 16);
  const together = 8;
  const inLoop = lines - (lines % together);
  const touch = (at: Local, first: number, number: number): void => {
    for (let n = 0; n < number; n++) builder.load('i32.load', [at], words + 64 * (first + n));
  };
  if (inLoop > 0) {
    const end = builder.pure('i32.add', [row, builder.i32(64 * inLoop)]);
    emitLoop(builder, row, end, 64 * together, (line) => touch(line, 0, together));
  }
  touch(row, inLoop, lines - inLoop);
}

/** Counts the synapses of one row that have no bit. @param at four times the place of the row in `offsets` */
function countList(builder: FunctionBuilder, spec: CountSpec, at: Local): void {
  const { shape, offsets, words, arrivals } = spec;
  const list = words.byteOffset + 4 * shape.bitWords;
  const row = builder.load('i32.load', [at], offsets.byteOffset);
  const length = builder.load('i32.load16_u', [row], list);
  const end = builder.pure('i32.add', [row, builder.pure('i32.shl', [length, builder.i32(1)])]);
  emitLoop(builder, row, end, 2, (place) => {
    const target = builder.pure('i32.shl', [builder.load('i32.load16_u', [place], list + 2), builder.i32(1)]);
    const more = builder.pure('i32.add', [builder.load('i32.load16_u', [target], arrivals.byteOffset), builder.i32(signOf(spec))]);
    builder.effect('i32.store16', [target, more], arrivals.byteOffset);
  });
}

/** Sum and carry of three bits in every place. */
function addThree(builder: FunctionBuilder, a: Local, b: Local, c: Local): { carry: Local; sum: Local } {
  const one = builder.pure('v128.xor', [a, b]);
  const carry = builder.pure('v128.or', [builder.pure('v128.and', [a, b]), builder.pure('v128.and', [one, c])]);
  return { carry, sum: builder.pure('v128.xor', [one, c]) };
}

/** Adds the rows first … first + rows - 1 of `offsets` up, 128 targets at a time: to the port up to `whole` bytes of a row, to the counts behind. */
function emitPass(
  builder: FunctionBuilder,
  spec: CountSpec,
  first: Local,
  rows: { readonly padded: Local; readonly arriving: Local },
  whole: Local,
): void {
  const { words, offsets, arrivals } = spec;
  const begin = builder.pure('i32.mul', [first, builder.i32(4)]);
  const end = builder.pure('i32.add', [begin, builder.pure('i32.mul', [rows.padded, builder.i32(4)])]);
  const zero = constantI32(builder, 0, 0, 0, 0);
  emitLoop(builder, builder.i32(0), builder.i32(arrivals.length / 8), BYTES, (column) => {
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
    const direct = builder.pure('i32.lt_u', [column, whole]);
    let fewest = 0;
    for (const { rows: most, planes: used } of VARIANTS) {
      const above = builder.pure('i32.lt_u', [builder.i32(fewest), rows.arriving]);
      const below = builder.pure('i32.lt_u', [rows.arriving, builder.i32(most + 1)]);
      builder.when(builder.pure('i32.and', [direct, builder.pure('i32.and', [above, below])]), () =>
        expand(builder, spec, sums.slice(0, used), column, true),
      );
      fewest = most;
    }
    builder.when(builder.pure('i32.eqz', [direct]), () => expand(builder, spec, sums, column, false));
  });
}

/** Planes to bytes: vector g of the result has the counts of targets 16 g … 16 g + 15, sixteen to a vector. */
function transpose(builder: FunctionBuilder, planes: readonly Local[]): Local[] {
  const bits: (Local | undefined)[] = Array.from({ length: PLANES }, (_, p) => planes[p]);
  for (const [shift, mask] of [
    [4, 0x0f],
    [2, 0x33],
    [1, 0x55],
  ]) {
    const kept = builder.v128(new Uint8Array(16).fill(mask));
    const by = builder.i32(shift);
    for (let p = 0; p < PLANES; p++) {
      if ((p & shift) !== 0) continue;
      const [low, high] = [bits[p] as Local, bits[p + shift]];
      const above = builder.pure('i32x4.shr_u', [low, by]);
      if (high === undefined) {
        bits[p] = builder.pure('v128.and', [low, kept]);
        bits[p + shift] = builder.pure('v128.and', [above, kept]);
      } else {
        const differ = builder.pure('v128.and', [builder.pure('v128.xor', [above, high]), kept]);
        bits[p] = builder.pure('v128.xor', [low, builder.pure('i32x4.shl', [differ, by])]);
        bits[p + shift] = builder.pure('v128.xor', [high, differ]);
      }
    }
  }
  return bits as Local[];
}

/** Counts of arrivals are below zero where the weight is not. */
const signOf = ({ weight }: CountSpec): 1 | -1 => (weight >= 0 ? -1 : 1);

/** The planes of 128 targets, with what their counts are already, to the port (`direct`) or back to the counts. */
function expand(builder: FunctionBuilder, spec: CountSpec, planes: readonly Local[], column: Local, direct: boolean): void {
  const { arrivals, shape, port } = spec;
  const zero = constantI32(builder, 0, 0, 0, 0);
  // two bytes of counts for each of eight targets per byte
  const place = builder.pure('i32.shl', [column, builder.i32(4)]);
  const target = builder.pure('i32.mul', [column, builder.i32(8 * port.BYTES_PER_ELEMENT)]);
  for (const [group, counts] of transpose(builder, planes).entries()) {
    for (const [half, op] of (['i16x8.extend_low_i8x16_u', 'i16x8.extend_high_i8x16_u'] as const).entries()) {
      const offset = arrivals.byteOffset + 32 * group + 16 * half;
      const before = !shape.hasLists && direct ? zero : builder.load('v128.load', [place], offset);
      const after = builder.pure(signOf(spec) < 0 ? 'i16x8.sub' : 'i16x8.add', [before, builder.pure(op, [counts])]);
      if (!direct) builder.effect('v128.store', [place, after], offset);
      else {
        if (shape.hasLists) builder.effect('v128.store', [place, zero], offset);
        addArrivals(builder, spec, after, target, (16 * group + 8 * half) * port.BYTES_PER_ELEMENT);
      }
    }
  }
}

/** port += arrivals * weight, eight targets at a time, and the counts back to zero. @param begin byte of the counts to begin at */
function emitApply(builder: FunctionBuilder, spec: CountSpec, begin: Local): void {
  const { port, arrivals } = spec;
  // bytes of eight counts
  emitLoop(builder, begin, builder.i32(16 * Math.ceil(port.length / 8)), 16, (at) => {
    const counts = builder.load('v128.load', [at], arrivals.byteOffset);
    builder.effect('v128.store', [at, constantI32(builder, 0, 0, 0, 0)], arrivals.byteOffset);
    const size = builder.i32(port.BYTES_PER_ELEMENT / 2);
    addArrivals(builder, spec, counts, builder.pure('i32.mul', [at, size]), 0);
  });
}

/** Eight counts times the weight to the port at byte offset `place` + `ahead`. */
function addArrivals(builder: FunctionBuilder, spec: CountSpec, counts: Local, place: Local, ahead: number): void {
  const { port, weight } = spec;
  const whole = [builder.pure('i32x4.extend_low_i16x8_s', [counts]), builder.pure('i32x4.extend_high_i16x8_s', [counts])];
  const add = (shape: 'f32x4' | 'f64x2' | 'i32x4', amounts: readonly Local[]): void => {
    for (const [n, amount] of amounts.entries()) {
      const offset = port.byteOffset + ahead + 16 * n;
      const before = builder.load('v128.load', [place], offset);
      builder.effect('v128.store', [place, builder.pure(signOf(spec) < 0 ? `${shape}.sub` : `${shape}.add`, [before, amount])], offset);
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
}
