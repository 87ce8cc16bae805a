/** Behind a loop whose held items stand in a list (`Hold` in kernel.ts), in WebAssembly. A single number is lane 0 of a vector. */
import type { Hold } from './kernel.ts';
import type { FunctionBuilder } from './wasm-builder.ts';
import { emitSteps } from './wasm-builder.ts';
import type { Local } from './wasm-encoder.ts';
import { constantI32 } from './wasm-lanes.ts';

/** How a number of `left` and `held` is read and written. */
function numbersOf({ left }: Hold) {
  return left instanceof Float32Array
    ? ({ shift: 2, load: 'v128.load32_zero', store: 'v128.store32_lane', shape: 'f32x4' } as const)
    : ({ shift: 3, load: 'v128.load64_zero', store: 'v128.store64_lane', shape: 'f64x2' } as const);
}

/** 1 where a number is above zero, else 0. */
function isLeft(builder: FunctionBuilder, hold: Hold, number: Local): Local {
  const above = builder.pure(`${numbersOf(hold).shape}.gt`, [number, constantI32(builder, 0, 0, 0, 0)]);
  return builder.pure('i32.and', [builder.pure('i32x4.bitmask', [above]), builder.i32(1)]);
}

/** Puts saved values back and takes held items out of those that fired. @param out their list */
export function emitHold(builder: FunctionBuilder, hold: Hold, out: Local, fired: Local): void {
  const { left, held, bounds, list, saved } = hold;
  const { shift, load, store } = numbersOf(hold);
  const zero = builder.i32(0);
  const [first, end] = [0, 4].map((ahead) =>
    builder.pure('i32.shl', [builder.load('i32.load', [zero], bounds.byteOffset + ahead), builder.i32(2)]),
  );
  emitSteps(builder, first, end, 4, (at) => {
    const place = builder.pure('i32.shl', [builder.load('i32.load', [at], list.byteOffset), builder.i32(shift)]);
    const value = builder.load(load, [builder.pure('i32.shl', [at, builder.i32(shift - 2)])], saved.byteOffset);
    builder.effect(store, [place, value], held.byteOffset, 0);
  });
  builder.when(builder.pure('i32.lt_u', [first, end]), () => {
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
