/**
 * Delivery by counting: how many of the arriving spikes reach each target, then `port += arrivals * weight`, one product and one sum per target
 * and tick. The synapses are rows of bits (core/synapses/bit-rows.ts). The JavaScript here walks the bits; wasm-count.ts adds whole rows.
 */
import { InternalError } from '../errors.ts';
import type { BitRows } from '../synapses/bit-rows.ts';
import { placeOf, targetOf } from '../synapses/bit-rows.ts';
import type { WasmMemory } from '../typed-arrays-utils.ts';
import type { Backend, Kernel } from './kernel.ts';
import { emitWasmCounter } from './wasm-count.ts';
import { encodeModule, listing } from './wasm-encoder.ts';
import { instantiate } from './wasm-engine.ts';

export interface CountSpec extends BitRows {
  readonly name: string;
  /** [nPost, in whole blocks] scratch, zero between two calls: counts by place, and by target */
  readonly bytes: Uint8Array;
  readonly counts: Int32Array;
  /** [nRows] scratch */
  readonly offsets: Int32Array;
  /** [nPost] in an arena, whose fields end on whole cache lines */
  readonly port: Float64Array | Float32Array | Int32Array;
  readonly weight: number;
}

/** Called as run(rows, count, tick). */
export function compileCounter(spec: CountSpec, { backend, memory }: { backend: Backend; memory: WasmMemory }): Kernel {
  if (backend === 'js') return scriptCounter(spec);
  const fn = emitWasmCounter(spec);
  const run = instantiate(encodeModule(fn), memory);
  return {
    name: spec.name,
    get source() {
      return listing(fn);
    },
    run: (rows, count) => {
      if (typeof rows === 'number' || rows.buffer !== memory.buffer || count > spec.offsets.length) return badList(spec.name);
      return run(rows.byteOffset, count, 0, 0);
    },
  };
}

function badList(name: string): never {
  throw new InternalError(`${name} counts the rows of a list in its own memory`);
}

function scriptCounter({ name, bits, rowAt, hasLists, counts, port, weight }: CountSpec): Kernel {
  const halves = new Uint16Array(bits.buffer, bits.byteOffset, 2 * bits.length);
  const bitWords = counts.length / 32;
  const single = port instanceof Float32Array;
  const perSpike = single ? Math.fround(weight) : weight;
  return {
    name,
    source: `// ${name}: port += arrivals * ${weight}, arrivals counted over rows of ${counts.length} bits`,
    run: (rows, count) => {
      if (typeof rows === 'number') return badList(name);
      for (let c = 0; c < count; c++) {
        const first = rowAt[rows[c]] / 4;
        const list = 2 * (first + bitWords);
        for (let k = hasLists ? halves[list] : 0; k > 0; k--) counts[placeOf(halves[list + 1 + k])]++;
        for (let n = 0; n < bitWords; n++) {
          for (let word = bits[first + n]; word !== 0; word &= word - 1) counts[targetOf(n, 31 - Math.clz32(word & -word))]++;
        }
      }
      for (let j = 0; j < port.length; j++) {
        if (counts[j] === 0) continue;
        const sum = single ? Math.fround(counts[j] * perSpike) : counts[j] * perSpike;
        port[j] += sum;
        counts[j] = 0;
      }
      return 0;
    },
  };
}
