/**
 * The values of a decaying trace, tick by tick, for several rows side by side: each value is the one before it times a factor, rounded. A product waits
 * for the one before it, so the rows' chains go together; the values of four rows at one tick lie next to each other, and so make vectors.
 */
import type { Kernel } from './kernel.ts';
import { buildFunction, emitSteps } from './wasm-builder.ts';
import type { WasmFunction } from './wasm-encoder.ts';
import type { WrittenOptions } from './wasm-kernel.ts';
import { writtenKernel } from './wasm-kernel.ts';

/** Rows whose values lie next to each other. */
export const ABREAST = 4;

export interface UnfoldSpec {
  readonly name: string;
  /** [rows / ABREAST][stride][ABREAST] value n of row r is number (floor(r / ABREAST) · stride + n) · ABREAST + r mod ABREAST */
  readonly history: Float32Array | Float64Array;
  readonly rows: number;
  /** Values that a row has room for. */
  readonly stride: number;
  readonly factor: number;
}

/** Called as run(0, n, 0): from the values numbered 0 to those numbered n, for all rows. */
export function compileUnfold(spec: UnfoldSpec, options: WrittenOptions): Kernel {
  if (options.backend === 'js') return scriptUnfold(spec);
  return writtenKernel(
    spec.name,
    () => emitUnfold(spec),
    options,
    (run) => (_, values) => run(values),
  );
}

function emitUnfold({ name, history, rows, stride, factor }: UnfoldSpec): WasmFunction {
  const shape = history instanceof Float32Array ? 'f32x4' : 'f64x2';
  const perTick = ABREAST * history.BYTES_PER_ELEMENT;
  // byte offset of each vector's first value
  const vectors: number[] = [];
  for (let group = 0; group < rows / ABREAST; group++) {
    for (let part = 0; part < perTick; part += VECTOR) vectors.push(history.byteOffset + group * stride * perTick + part);
  }
  const builder = buildFunction(name, [{ name: 'values', type: 'i32' }]);
  const zero = builder.i32(0);
  const times = builder.v128(
    new Uint8Array((shape === 'f32x4' ? new Float32Array(4).fill(factor) : new Float64Array(2).fill(factor)).buffer),
  );
  const chains = vectors.map((at) => {
    const chain = builder.variable('v128', 'value');
    builder.copy(chain, builder.load('v128.load', [zero], at));
    return chain;
  });
  const end = builder.pure('i32.mul', [builder.pure('i32.add', [0, builder.i32(1)]), builder.i32(perTick)]);
  emitSteps(builder, builder.i32(perTick), end, perTick, (at) => {
    chains.forEach((chain, v) => {
      const value = builder.pure(`${shape}.mul`, [builder.snapshot(chain), times]);
      builder.effect('v128.store', [at, value], vectors[v]);
      builder.copy(chain, value);
    });
  });
  return builder.finish(zero);
}

const VECTOR = 16;

function scriptUnfold({ name, history, rows, stride, factor }: UnfoldSpec): Kernel {
  const single = history instanceof Float32Array;
  const times = single ? Math.fround(factor) : factor;
  return {
    name,
    source: `// ${name}: each value of ${rows} traces is the one before it times ${times}`,
    run: (_, values) => {
      for (let row = 0; row < rows; row++) {
        let at = Math.floor(row / ABREAST) * stride * ABREAST + (row % ABREAST);
        let value = history[at];
        for (let n = 0; n < values; n++) {
          at += ABREAST;
          value = single ? Math.fround(value * times) : value * times;
          history[at] = value;
        }
      }
      return 0;
    },
  };
}
