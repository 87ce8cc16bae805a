/**
 * Counting arrivals in WebAssembly. A vector holds one bit for each of 128 targets; the vectors of all arriving rows are added bit by bit into
 * planes (plane p holds bit p of every target's count) by carry-save adders, eight rows at a time in the tree of Harley and Seal (Mula, Kurz &
 * Lemire, Comput. J. 61:111, 2018): seven adders of five operations for eight rows. Then the planes are turned into bytes, one count for each
 * target (a transposition of 8 by 8 bits in three rounds: Warren, Hacker's Delight, 2nd ed., section 7-3), and these into 16-bit numbers. More rows than
 * a byte can count are taken in several passes. Synapses that have no bit of their own are counted one by one behind that.
 *
 * run(byte offset of the list of rows, count, -, -) -> how many arrive at all targets together
 */
import type { CountSpec } from './count-arrivals.ts';
import type { FunctionBuilder } from './wasm-builder.ts';
import { buildFunction, emitSteps } from './wasm-builder.ts';
import type { Local, WasmFunction } from './wasm-encoder.ts';
import { constantI32 } from './wasm-lanes.ts';

/** The most that a byte can count, so the most rows of one pass. */
const ROWS_PER_PASS = 255;
/** Rows that one tree adds. */
const GROUP = 8;
/** Lines of a list that are asked for beforehand. */
const MOST_LIST_LINES = 4;
/** Bits of a byte. */
const PLANES = 8;
/** Bytes of a row that are taken together: a vector. */
const BYTES = 16;
/** Planes that hold the counts of up to this many rows, which is what most ticks bring. */
const VARIANTS = [
  { rows: 15, planes: 4 },
  { rows: 63, planes: 6 },
] as const;

export function emitWasmCounter(spec: CountSpec): WasmFunction {
  const builder = buildFunction(spec.name, [
    { name: 'list', type: 'i32' },
    { name: 'count', type: 'i32' },
    { name: 'tick', type: 'f64' },
    { name: 'out', type: 'i32' },
  ]);
  const [list, count] = [0, 1];
  const all = between(builder, builder.i32(0), count);
  const reached = prepareRows(builder, spec, list, all.end);
  let fewest = 0;
  for (const { rows, planes } of VARIANTS) {
    const isMore = builder.pure('i32.lt_s', [builder.i32(fewest), count]);
    const isFew = builder.pure('i32.lt_s', [count, builder.i32(rows + 1)]);
    builder.when(builder.pure('i32.and', [isMore, isFew]), () => countBits(builder, spec, all, planes, false));
    fewest = rows;
  }
  builder.when(builder.pure('i32.lt_s', [builder.i32(fewest), count]), () => emitPasses(builder, spec, count));
  if (spec.longestList > 0) emitSteps(builder, builder.i32(0), all.end, 4, (at) => countList(builder, spec, at));
  return builder.finish(reached);
}

/** As many rows at a time as bytes can hold, on top of each other. */
function emitPasses(builder: FunctionBuilder, spec: CountSpec, count: Local): void {
  emitSteps(builder, builder.i32(0), builder.i32(spec.arrivals.byteLength), BYTES, (place) =>
    builder.effect('v128.store', [place, constantI32(builder, 0, 0, 0, 0)], spec.arrivals.byteOffset),
  );
  emitSteps(builder, builder.i32(0), count, ROWS_PER_PASS, (first) => {
    const rows = builder.variable('i32', 'rows');
    builder.copy(rows, builder.pure('i32.sub', [count, first]));
    const isMore = builder.pure('i32.lt_s', [builder.i32(ROWS_PER_PASS), builder.snapshot(rows)]);
    builder.when(isMore, () => builder.copy(rows, builder.i32(ROWS_PER_PASS)));
    countBits(builder, spec, between(builder, first, builder.snapshot(rows)), PLANES, true);
  });
}

/** The bits of some rows. @param onTop added to what is there, instead of put there */
function countBits(builder: FunctionBuilder, spec: CountSpec, rows: Rows, planes: number, onTop: boolean): void {
  const { byteOffset } = spec.arrivals;
  const low = builder.v128(new Uint8Array(BYTES).map((_, n) => (n % 2 === 0 ? 0xff : 0)));
  emitSteps(builder, builder.i32(0), builder.i32(bytesOf(spec)), BYTES, (column) => {
    const place = builder.pure('i32.shl', [column, builder.i32(4)]);
    const put = (eight: Local, ahead: number): void => {
      const sum = onTop ? builder.pure('i16x8.add', [builder.load('v128.load', [place], byteOffset + ahead), eight]) : eight;
      builder.effect('v128.store', [place, sum], byteOffset + ahead);
    };
    for (const [g, sixteen] of transpose(builder, addRows(builder, spec, rows, planes, column)).entries()) {
      put(builder.pure('v128.and', [sixteen, low]), 32 * g);
      put(builder.pure('i16x8.shr_u', [sixteen, builder.i32(8)]), 32 * g + 16);
    }
  });
}

/** Places of rows in `offsets`, as bytes. */
interface Rows {
  readonly begin: Local;
  /** Where whole groups end. */
  readonly groupsEnd: Local;
  readonly end: Local;
}

function between(builder: FunctionBuilder, first: Local, rows: Local): Rows {
  const begin = builder.pure('i32.shl', [first, builder.i32(2)]);
  const inGroups = builder.pure('i32.and', [rows, builder.i32(-GROUP)]);
  const after = (n: Local): Local => builder.pure('i32.add', [begin, builder.pure('i32.shl', [n, builder.i32(2)])]);
  return { begin, groupsEnd: after(inGroups), end: after(rows) };
}

/** Where the rows begin. All their lines are on their way then. @returns how many synapses they have */
function prepareRows(builder: FunctionBuilder, spec: CountSpec, list: Local, end: Local): Local {
  const { offsets, rowAt, bits, longestList } = spec;
  const bytes = bytesOf(spec);
  const together = 8;
  const lines = Math.ceil(bytes / 64);
  const listLines = longestList === 0 ? 0 : Math.min(MOST_LIST_LINES, Math.ceil((2 + 2 * longestList) / 64));
  const inLoop = lines - (lines % together);
  const touch = (at: Local, byte: number): void => void builder.load('i32.load', [at], bits.byteOffset + byte);
  const reached = builder.variable('i32', 'reached');
  builder.copy(reached, builder.i32(0));
  emitSteps(builder, builder.i32(0), end, 4, (at) => {
    const row = builder.load('i32.load', [builder.pure('i32.add', [list, at])], 0);
    const entry = builder.pure('i32.shl', [row, builder.i32(3)]);
    const offset = builder.load('i32.load', [entry], rowAt.byteOffset);
    builder.effect('i32.store', [at, offset], offsets.byteOffset);
    const synapses = builder.load('i32.load', [entry], rowAt.byteOffset + 4);
    builder.copy(reached, builder.pure('i32.add', [builder.snapshot(reached), synapses]));
    if (inLoop > 0) {
      const whole = builder.pure('i32.add', [offset, builder.i32(64 * inLoop)]);
      emitSteps(builder, offset, whole, 64 * together, (line) => {
        for (let n = 0; n < together; n++) touch(line, 64 * n);
      });
    }
    for (let line = inLoop; line < lines; line++) touch(offset, 64 * line);
    // rows do not begin on a line, so there is one more
    if (listLines === 0) touch(offset, bytes - 4);
    for (let line = 0; line < listLines; line++) touch(offset, bytes + 64 * line);
  });
  return builder.snapshot(reached);
}

/** Bytes of the bits of a row. */
const bytesOf = ({ arrivals }: CountSpec): number => arrivals.length / 8;

/** Counts the synapses of one row that have no bit. @param at place of the row in `offsets`, as a byte */
function countList(builder: FunctionBuilder, spec: CountSpec, at: Local): void {
  const { offsets, bits, arrivals } = spec;
  const list = bits.byteOffset + bytesOf(spec);
  const row = builder.load('i32.load', [at], offsets.byteOffset);
  const length = builder.load('i32.load16_u', [row], list);
  const end = builder.pure('i32.add', [row, builder.pure('i32.shl', [length, builder.i32(1)])]);
  emitSteps(builder, row, end, 2, (entry) => {
    const place = builder.pure('i32.shl', [builder.load('i32.load16_u', [entry], list + 2), builder.i32(1)]);
    const more = builder.pure('i32.add', [builder.load('i32.load16_u', [place], arrivals.byteOffset), builder.i32(1)]);
    builder.effect('i32.store16', [place, more], arrivals.byteOffset);
  });
}

/** Sum and carry of three bits in every place. */
function addThree(builder: FunctionBuilder, a: Local, b: Local, c: Local): { carry: Local; sum: Local } {
  const one = builder.pure('v128.xor', [a, b]);
  const carry = builder.pure('v128.or', [builder.pure('v128.and', [a, b]), builder.pure('v128.and', [one, c])]);
  return { carry, sum: builder.pure('v128.xor', [one, c]) };
}

/** The planes of 128 targets: their bits in all rows, added up. */
function addRows(builder: FunctionBuilder, { bits, offsets }: CountSpec, rows: Rows, used: number, column: Local): Local[] {
  const planes = Array.from({ length: used }, (_, p) => builder.variable('v128', `plane${p}`));
  for (const plane of planes) builder.copy(plane, constantI32(builder, 0, 0, 0, 0));
  const bitsOf = (at: Local, n: number): Local => {
    const row = builder.load('i32.load', [at], offsets.byteOffset + 4 * n);
    return builder.load('v128.load', [builder.pure('i32.add', [row, column])], bits.byteOffset);
  };
  const ripple = (carried: Local, from: number): void => {
    let carry = carried;
    for (let p = from; p < used; p++) {
      const before = builder.snapshot(planes[p]);
      builder.copy(planes[p], builder.pure('v128.xor', [before, carry]));
      if (p + 1 < used) carry = builder.pure('v128.and', [before, carry]);
    }
  };
  emitSteps(builder, rows.begin, rows.groupsEnd, 4 * GROUP, (at) => {
    const eight = Array.from({ length: GROUP }, (_, n) => bitsOf(at, n));
    const [ones, twos, fours] = planes.slice(0, 3).map((plane) => builder.snapshot(plane));
    const a = addThree(builder, ones, eight[0], eight[1]);
    const b = addThree(builder, a.sum, eight[2], eight[3]);
    const c = addThree(builder, b.sum, eight[4], eight[5]);
    const d = addThree(builder, c.sum, eight[6], eight[7]);
    const e = addThree(builder, twos, a.carry, b.carry);
    const f = addThree(builder, e.sum, c.carry, d.carry);
    const g = addThree(builder, fours, e.carry, f.carry);
    for (const [p, sum] of [d.sum, f.sum, g.sum].entries()) builder.copy(planes[p], sum);
    ripple(g.carry, 3);
  });
  // what is left: four rows, two, and one
  const left = builder.pure('i32.sub', [rows.end, rows.groupsEnd]);
  const rest = builder.variable('i32', 'rest');
  builder.copy(rest, rows.groupsEnd);
  const ifLeft = (many: number, add: (at: Local) => void): void =>
    builder.when(builder.pure('i32.and', [left, builder.i32(4 * many)]), () => {
      const at = builder.snapshot(rest);
      add(at);
      builder.copy(rest, builder.pure('i32.add', [at, builder.i32(4 * many)]));
    });
  ifLeft(4, (at) => {
    const [ones, twos] = planes.slice(0, 2).map((plane) => builder.snapshot(plane));
    const a = addThree(builder, ones, bitsOf(at, 0), bitsOf(at, 1));
    const b = addThree(builder, a.sum, bitsOf(at, 2), bitsOf(at, 3));
    const c = addThree(builder, twos, a.carry, b.carry);
    for (const [p, sum] of [b.sum, c.sum].entries()) builder.copy(planes[p], sum);
    ripple(c.carry, 2);
  });
  ifLeft(2, (at) => {
    const a = addThree(builder, builder.snapshot(planes[0]), bitsOf(at, 0), bitsOf(at, 1));
    builder.copy(planes[0], a.sum);
    ripple(a.carry, 1);
  });
  ifLeft(1, (at) => ripple(bitsOf(at, 0), 0));
  return planes.map((plane) => builder.snapshot(plane));
}

/** Planes to bytes: vector g of the result has the counts of targets 16 g … 16 g + 15. */
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
