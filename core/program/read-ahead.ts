/**
 * Asks for the beginnings of rows that are about to be gone through. A loop over one row waits for its first lines before it finds those of the next;
 * asked for together they come together. From there on the processor sees by itself where it is led.
 */
import type { Kernel, NumericArray } from './kernel.ts';
import { buildFunction, emitSteps } from './wasm-builder.ts';
import type { WasmFunction } from './wasm-encoder.ts';
import type { WrittenOptions } from './wasm-kernel.ts';
import { writtenKernel } from './wasm-kernel.ts';

/** Bytes that come at a time. */
const LINE = 64;
/** Bytes from the beginning of a row that are asked for, of each stream. */
export const READ_AHEAD = 2 * LINE;

export interface ReadAheadSpec {
  readonly name: string;
  /** [rows + 1] 32-bit */
  readonly rowStart: NumericArray;
  /** What a loop over rows goes through, one value per synapse. */
  readonly streams: readonly NumericArray[];
}

/** Called as run(rows, count, tick). Nothing is computed. */
export function compileReadAhead(spec: ReadAheadSpec, options: WrittenOptions): Kernel {
  if (options.backend === 'js') return { name: spec.name, source: `// ${spec.name}: nothing is asked for`, run: () => 0 };
  return writtenKernel(
    spec.name,
    () => emitReadAhead(spec),
    options,
    (run) => (rows, count) => run((rows as Int32Array).byteOffset, count),
  );
}

function emitReadAhead({ name, rowStart, streams }: ReadAheadSpec): WasmFunction {
  const builder = buildFunction(name, [
    { name: 'list', type: 'i32' },
    { name: 'count', type: 'i32' },
  ]);
  const [list, count] = [0, 1];
  const end = builder.pure('i32.add', [list, builder.pure('i32.shl', [count, builder.i32(2)])]);
  emitSteps(builder, list, end, 4, (at) => {
    const row = builder.pure('i32.shl', [builder.load('i32.load', [at], 0), builder.i32(2)]);
    const start = builder.load('i32.load', [row], rowStart.byteOffset);
    for (const { BYTES_PER_ELEMENT, byteOffset } of streams) {
      const from = builder.pure('i32.mul', [start, builder.i32(BYTES_PER_ELEMENT)]);
      for (let byte = 0; byte < READ_AHEAD; byte += LINE) builder.load('i32.load', [from], byteOffset + byte);
    }
  });
  return builder.finish(builder.i32(0));
}
