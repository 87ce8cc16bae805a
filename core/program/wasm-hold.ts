/** Before and behind a loop whose held items stand in a list (`Hold` in kernel.ts), in WebAssembly. A single number is lane 0 of a vector. */
import type { Hold } from './kernel.ts';
import type { FunctionBuilder } from './wasm-builder.ts';
import { emitSteps } from './wasm-builder.ts';
import type { Local } from './wasm-encoder.ts';
import { constantF32, constantF64, constantI32 } from './wasm-lanes.ts';

/** How a number of `left` and `held` is read, counted down and written. */
function numbersOf({ left }: Hold) {
  return left instanceof Float32Array
    ? ({ shift: 2, load: 'v128.load32_zero', store: 'v128.store32_lane', shape: 'f32x4', constant: constantF32 } as const)
    : ({ shift: 3, load: 'v128.load64_zero', store: 'v128.store64_lane', shape: 'f64x2', constant: constantF64 } as const);
}

/** 1 where a number is above zero, else 0. */
function isLeft(builder: FunctionBuilder, hold: Hold, number: Local): Local {
  const above = builder.pure(`${numbersOf(hold).shape}.gt`, [number, constantI32(builder, 0, 0, 0, 0)]);
  return builder.pure('i32.and', [builder.pure('i32x4.bitmask', [above]), builder.i32(1)]);
}

/** Counts down, drops from the list what is held no longer, and saves the values of the others. @returns four times how many are listed */
export function emitHoldBefore(builder: FunctionBuilder, hold: Hold): Local {
  const { left, held, count, list, saved } = hold;
  const { shift, load, store, shape, constant } = numbersOf(hold);
  const zero = builder.i32(0);
  const listed = builder.pure('i32.shl', [builder.load('i32.load', [zero], count.byteOffset), builder.i32(2)]);
  const kept = builder.variable('i32', 'kept');
  builder.copy(kept, zero);
  emitSteps(builder, zero, listed, 4, (at) => {
    const item = builder.load('i32.load', [at], list.byteOffset);
    const place = builder.pure('i32.shl', [item, builder.i32(shift)]);
    const less = builder.pure(`${shape}.sub`, [builder.load(load, [place], left.byteOffset), constant(builder, 1)]);
    const rest = builder.pure(`${shape}.pmax`, [less, constantI32(builder, 0, 0, 0, 0)]);
    builder.effect(store, [place, rest], left.byteOffset, 0);
    const next = builder.snapshot(kept);
    builder.effect('i32.store', [next, item], list.byteOffset);
    const savedAt = builder.pure('i32.shl', [next, builder.i32(shift - 2)]);
    builder.effect(store, [savedAt, builder.load(load, [place], held.byteOffset)], saved.byteOffset, 0);
    builder.copy(kept, builder.pure('i32.add', [next, builder.pure('i32.shl', [isLeft(builder, hold, rest), builder.i32(2)])]));
  });
  const still = builder.snapshot(kept);
  builder.effect('i32.store', [zero, builder.pure('i32.shr_u', [still, builder.i32(2)])], count.byteOffset);
  return still;
}

/** Puts saved values back and takes held items out of those that fired. @param listed four times how many, @param out their list */
export function emitHoldBehind(builder: FunctionBuilder, hold: Hold, listed: Local, out: Local, fired: Local): void {
  const { left, held, list, saved } = hold;
  const { shift, load, store } = numbersOf(hold);
  const zero = builder.i32(0);
  emitSteps(builder, zero, listed, 4, (at) => {
    const place = builder.pure('i32.shl', [builder.load('i32.load', [at], list.byteOffset), builder.i32(shift)]);
    const value = builder.load(load, [builder.pure('i32.shl', [at, builder.i32(shift - 2)])], saved.byteOffset);
    builder.effect(store, [place, value], held.byteOffset, 0);
  });
  builder.when(listed, () => {
    const all = builder.pure('i32.shl', [builder.snapshot(fired), builder.i32(2)]);
    const free = builder.variable('i32', 'free');
    builder.copy(free, zero);
    emitSteps(builder, zero, all, 4, (at) => {
      const item = builder.load('i32.load', [builder.pure('i32.add', [out, at])], 0);
      const next = builder.snapshot(free);
      const place = builder.pure('i32.add', [out, builder.pure('i32.shl', [next, builder.i32(2)])]);
      builder.effect('i32.store', [place, item], 0);
      const rest = builder.load(load, [builder.pure('i32.shl', [item, builder.i32(shift)])], left.byteOffset);
      builder.copy(free, builder.pure('i32.add', [next, builder.pure('i32.sub', [builder.i32(1), isLeft(builder, hold, rest)])]));
    });
    builder.copy(fired, builder.snapshot(free));
  });
}
