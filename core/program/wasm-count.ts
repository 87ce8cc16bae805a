/**
 * Counting arrivals in WebAssembly. A vector holds one bit for each of 128 targets; the vectors of all arriving rows are added bit by bit into
 * planes (plane p holds bit p of every target's count) by carry-save adders, eight rows at a time in the tree of Harley and Seal (Mula, Kurz &
 * Lemire, Comput. J. 61:111, 2018): seven adders of five operations for eight rows. Then the planes are turned into bytes, one count for each
 * target (a transposition of 8 by 8 bits in three rounds: Warren, Hacker's Delight, 2nd ed., section 7-3). Where no count can pass 255, they go to
 * the port at once; else 32-bit counts are kept in memory between.
 *
 * A target without arrivals gets +0 taken away or -0 added, which changes no bit of its value, where adding +0 would make +0 of -0.
 *
 * run(byte offset of the list of rows, count, -, -)
 */
import type { CountSpec } from './count-arrivals.ts';
import type { FunctionBuilder } from './wasm-builder.ts';
import { buildFunction, emitSteps } from './wasm-builder.ts';
import type { Local, WasmFunction } from './wasm-encoder.ts';
import { constantF32, constantF64, constantI32, upperHalf } from './wasm-lanes.ts';

/** The most that a byte can count, so the most rows of one pass. */
const ROWS_PER_PASS = 255;
/** Rows that one tree adds. */
const GROUP = 8;
/** Bits of a byte. */
const PLANES = 8;
/** Bytes of a row that are taken together: a vector. */
const BYTES = 16;
/** Planes that hold the counts of up to this many rows. */
const VARIANTS = [
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
  const all = between(builder, builder.i32(0), count);
  prepareRows(builder, spec, list, all.end);
  const fitsBytes = builder.pure('i32.lt_u', [mostArrivals(builder, spec, count, all.end), builder.i32(ROWS_PER_PASS + 1)]);
  builder.when(fitsBytes, () => {
    if (spec.hasLists) emitSteps(builder, builder.i32(0), all.end, 4, (at) => countList(builder, spec, at, addToByte));
    let fewest = 0;
    for (const { rows, planes } of VARIANTS) {
      const isFew = builder.pure('i32.lt_u', [count, builder.i32(rows + 1)]);
      builder.when(builder.pure('i32.and', [builder.pure('i32.lt_u', [builder.i32(fewest), count]), isFew]), () =>
        emitSteps(builder, builder.i32(0), builder.i32(bytesOf(spec)), BYTES, (column) => {
          const arrivals = withLists(builder, spec, transpose(builder, addRows(builder, spec, all, planes, column)), column);
          fourByFour(builder, arrivals, (four, target) => addSmall(builder, spec, four, column, target));
        }),
      );
      fewest = rows;
    }
  });
  builder.when(builder.pure('i32.eqz', [fitsBytes]), () => {
    if (spec.hasLists) emitSteps(builder, builder.i32(0), all.end, 4, (at) => countList(builder, spec, at, addToWord));
    emitPasses(builder, spec, count);
    emitApply(builder, spec);
  });
  return builder.finish(builder.i32(0));
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

/** Where the rows begin. All their lines are on their way then. */
function prepareRows(builder: FunctionBuilder, spec: CountSpec, list: Local, end: Local): void {
  const { offsets, rowAt, bits, hasLists } = spec;
  const bytes = bytesOf(spec);
  const together = 8;
  const lines = Math.ceil(bytes / 64);
  const inLoop = lines - (lines % together);
  const touch = (at: Local, byte: number): void => void builder.load('i32.load', [at], bits.byteOffset + byte);
  emitSteps(builder, builder.i32(0), end, 4, (at) => {
    const row = builder.load('i32.load', [builder.pure('i32.add', [list, at])], 0);
    const entry = builder.pure('i32.shl', [row, builder.i32(2)]);
    const offset = builder.load('i32.load', [entry], rowAt.byteOffset);
    builder.effect('i32.store', [at, offset], offsets.byteOffset);
    if (inLoop > 0) {
      const whole = builder.pure('i32.add', [offset, builder.i32(64 * inLoop)]);
      emitSteps(builder, offset, whole, 64 * together, (line) => {
        for (let n = 0; n < together; n++) touch(line, 64 * n);
      });
    }
    for (let line = inLoop; line < lines; line++) touch(offset, 64 * line);
    // rows do not begin on a line, so there is one more
    touch(offset, hasLists ? bytes : bytes - 4);
    if (hasLists) touch(builder.load('i32.load', [entry], rowAt.byteOffset + 4), -4);
  });
}

/** Bytes of the bits of a row. */
const bytesOf = ({ counts }: CountSpec): number => counts.length / 8;

/** A bound of the arrivals at any one target: one for each row, or as many as the row's synapses onto one target. */
function mostArrivals(builder: FunctionBuilder, spec: CountSpec, count: Local, end: Local): Local {
  const { offsets, bits, hasLists } = spec;
  if (!hasLists) return count;
  const sum = builder.variable('i32', 'most');
  builder.copy(sum, builder.i32(0));
  emitSteps(builder, builder.i32(0), end, 4, (at) => {
    const row = builder.load('i32.load', [at], offsets.byteOffset);
    const most = builder.load('i32.load16_u', [row], bits.byteOffset + bytesOf(spec) + 2);
    builder.copy(sum, builder.pure('i32.add', [sum, most]));
  });
  return builder.snapshot(sum);
}

/** Counts the synapses of one row that have no bit. @param at place of the row in `offsets`, as a byte */
function countList(builder: FunctionBuilder, spec: CountSpec, at: Local, add: typeof addToByte): void {
  const { offsets, bits } = spec;
  const list = bits.byteOffset + bytesOf(spec);
  const row = builder.load('i32.load', [at], offsets.byteOffset);
  const length = builder.load('i32.load16_u', [row], list);
  const end = builder.pure('i32.add', [row, builder.pure('i32.shl', [length, builder.i32(1)])]);
  emitSteps(builder, row, end, 2, (entry) => add(builder, spec, builder.load('i32.load16_u', [entry], list + 4)));
}

function addToByte(builder: FunctionBuilder, { bytes }: CountSpec, place: Local): void {
  const more = builder.pure('i32.add', [builder.load('i32.load8_u', [place], bytes.byteOffset), builder.i32(1)]);
  builder.effect('i32.store8', [place, more], bytes.byteOffset);
}

/** The place in a list is that of a byte: byte 4 m + q of sixteen has the count of target 4 q + m. */
function addToWord(builder: FunctionBuilder, { counts }: CountSpec, place: Local): void {
  const masked = (value: Local, mask: number): Local => builder.pure('i32.and', [value, builder.i32(mask)]);
  const high = masked(builder.pure('i32.shl', [place, builder.i32(2)]), 12);
  const low = masked(builder.pure('i32.shr_u', [place, builder.i32(2)]), 3);
  const target = builder.pure('i32.or', [builder.pure('i32.or', [masked(place, -16), high]), low]);
  const at = builder.pure('i32.shl', [target, builder.i32(2)]);
  const more = builder.pure('i32.add', [builder.load('i32.load', [at], counts.byteOffset), builder.i32(1)]);
  builder.effect('i32.store', [at, more], counts.byteOffset);
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

/** The counts of 128 targets with those from lists, which are zero then. */
function withLists(builder: FunctionBuilder, { hasLists, bytes }: CountSpec, arrivals: readonly Local[], column: Local): readonly Local[] {
  if (!hasLists) return arrivals;
  const place = builder.pure('i32.shl', [column, builder.i32(3)]);
  return arrivals.map((counted, g) => {
    const listed = builder.load('v128.load', [place], bytes.byteOffset + 16 * g);
    builder.effect('v128.store', [place, constantI32(builder, 0, 0, 0, 0)], bytes.byteOffset + 16 * g);
    return builder.pure('i8x16.add', [counted, listed]);
  });
}

/** Bytes to 32-bit counts, four targets to a vector: vector q takes byte q of every word. */
function fourByFour(builder: FunctionBuilder, bytes: readonly Local[], take: (four: Local, firstTarget: number) => void): void {
  const low = constantI32(builder, ROWS_PER_PASS, ROWS_PER_PASS, ROWS_PER_PASS, ROWS_PER_PASS);
  for (const [g, sixteen] of bytes.entries()) {
    for (let q = 0; q < 4; q++) {
      const shifted = q === 0 ? sixteen : builder.pure('i32x4.shr_u', [sixteen, builder.i32(8 * q)]);
      take(q === 3 ? shifted : builder.pure('v128.and', [shifted, low]), 16 * g + 4 * q);
    }
  }
}

/** Adds all rows up into the counts, as many at a time as bytes can hold. */
function emitPasses(builder: FunctionBuilder, spec: CountSpec, count: Local): void {
  const from = builder.variable('i32', 'from');
  builder.copy(from, builder.i32(0));
  builder.repeat(
    () => builder.pure('i32.lt_u', [from, count]),
    () => {
      const first = builder.snapshot(from);
      const left = builder.pure('i32.sub', [count, first]);
      const rows = builder.variable('i32', 'rows');
      builder.copy(rows, left);
      builder.when(builder.pure('i32.lt_u', [builder.i32(ROWS_PER_PASS), left]), () => builder.copy(rows, builder.i32(ROWS_PER_PASS)));
      const taken = builder.snapshot(rows);
      const part = between(builder, first, taken);
      emitSteps(builder, builder.i32(0), builder.i32(bytesOf(spec)), BYTES, (column) => {
        const arrivals = transpose(builder, addRows(builder, spec, part, PLANES, column));
        const place = builder.pure('i32.shl', [column, builder.i32(5)]);
        fourByFour(builder, arrivals, (four, target) => {
          const offset = spec.counts.byteOffset + 4 * target;
          const before = builder.load('v128.load', [place], offset);
          builder.effect('v128.store', [place, builder.pure('i32x4.add', [before, four])], offset);
        });
      });
      builder.copy(from, builder.pure('i32.add', [first, taken]));
    },
  );
}

/** port += counts * weight, four targets at a time, and the counts back to zero. */
function emitApply(builder: FunctionBuilder, spec: CountSpec): void {
  const { port, counts } = spec;
  emitSteps(builder, builder.i32(0), builder.i32(16 * Math.ceil(port.length / 4)), 16, (at) => {
    const four = builder.load('v128.load', [at], counts.byteOffset);
    builder.effect('v128.store', [at, constantI32(builder, 0, 0, 0, 0)], counts.byteOffset);
    const place = builder.pure('i32.mul', [at, builder.i32(port.BYTES_PER_ELEMENT / 4)]);
    addFour(builder, spec, four, place, 0);
  });
}

/** Counts are below zero, and what they come to is taken away, where the weight is not: 0 times it is +0 then, else -0. */
const signOf = ({ weight }: CountSpec): 1 | -1 => (weight >= 0 ? -1 : 1);

/** Four counts up to 255 times the weight to the port. */
function addSmall(builder: FunctionBuilder, spec: CountSpec, four: Local, column: Local, target: number): void {
  const { port } = spec;
  const place = builder.pure('i32.mul', [column, builder.i32(8 * port.BYTES_PER_ELEMENT)]);
  const ahead = target * port.BYTES_PER_ELEMENT;
  if (!(port instanceof Float32Array)) {
    addFour(builder, spec, four, place, ahead);
    return;
  }
  if (signOf(spec) > 0) {
    addToPort(builder, spec, 'f32x4', [builder.pure('f32x4.convert_i32x4_s', [four])], place, ahead);
    return;
  }
  // below zero in two steps: the bits of 2^23 with a count in the lowest ones are those of 2^23 + count
  const base = 2 ** 23;
  const bits = new Int32Array(Float32Array.of(base).buffer)[0];
  const raised = builder.pure('v128.or', [four, constantI32(builder, bits, bits, bits, bits)]);
  addToPort(builder, spec, 'f32x4', [builder.pure('f32x4.sub', [constantF32(builder, base), raised])], place, ahead);
}

/** Four counts times the weight to the port at byte offset `place` + `ahead`. */
function addFour(builder: FunctionBuilder, spec: CountSpec, four: Local, place: Local, ahead: number): void {
  const signed = signOf(spec) > 0 ? four : builder.pure('i32x4.sub', [constantI32(builder, 0, 0, 0, 0), four]);
  if (spec.port instanceof Int32Array) addToPort(builder, spec, 'i32x4', [signed], place, ahead);
  else if (spec.port instanceof Float32Array) {
    addToPort(builder, spec, 'f32x4', [builder.pure('f32x4.convert_i32x4_s', [signed])], place, ahead);
  } else {
    const pairs = [signed, upperHalf(builder, signed)].map((pair) => builder.pure('f64x2.convert_low_i32x4_s', [pair]));
    addToPort(builder, spec, 'f64x2', pairs, place, ahead);
  }
}

function addToPort(
  builder: FunctionBuilder,
  spec: CountSpec,
  shape: 'f32x4' | 'f64x2' | 'i32x4',
  counts: readonly Local[],
  place: Local,
  ahead: number,
): void {
  const { port, weight } = spec;
  const each = {
    f32x4: constantF32,
    f64x2: constantF64,
    i32x4: (to: FunctionBuilder, value: number) => constantI32(to, value, value, value, value),
  };
  for (const [n, counted] of counts.entries()) {
    const offset = port.byteOffset + ahead + 16 * n;
    const before = builder.load('v128.load', [place], offset);
    const amount = builder.pure(`${shape}.mul`, [counted, each[shape](builder, weight)]);
    builder.effect('v128.store', [place, builder.pure(signOf(spec) < 0 ? `${shape}.sub` : `${shape}.add`, [before, amount])], offset);
  }
}
