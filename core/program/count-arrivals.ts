/**
 * Delivery by counting: how many of the arriving spikes reach each target, then `port += arrivals * weight`, one product and one sum per target
 * and tick. The synapses are rows of bits (core/synapses/bit-rows.ts). The JavaScript here walks the bits; wasm-count.ts adds whole rows.
 */
import { InternalError } from '../errors.ts';
import type { WasmMemory } from '../typed-arrays-utils.ts';
import type { Backend, Kernel } from './kernel.ts';
import { emitWasmCounter } from './wasm-count.ts';
import { encodeModule, listing } from './wasm-encoder.ts';
import type { WasmModule } from './wasm-engine.ts';
import { compileModule, instantiate } from './wasm-engine.ts';

/** Targets that one step of the counting takes: a 128-bit vector of them. */
export const BLOCK = 128;

export interface BitRows {
  /** [words] row by row: the bits, in whole blocks, and the list: 16-bit numbers, how many, the most synapses onto one target, the places */
  readonly bits: Int32Array;
  /** [nRows + 1] byte at which a row begins, as a block does; without a sign */
  readonly rowAt: Int32Array;
  readonly hasLists: boolean;
}

/**
 * Target 128 b + 16 g + 4 q + m is bit g of byte 4 m + q of block b, and a list names it by the place 128 b + 16 g + 4 m + q: the counts of a
 * block then come out of their transposition sixteen to a vector, and byte q of the vector's words has four of them in the order of the targets.
 */
export const placeOf = (j: number): number => (j & ~15) | ((j & 3) << 2) | ((j >> 2) & 3);

/** The 32-bit word of a row that has the bit of a target, and the bit. */
export const bitOf = (j: number): { word: number; bit: number } => ({
  word: (j >> 7) * 4 + (j & 3),
  bit: ((j & 12) << 1) | ((j >> 4) & 7),
});

/** The target of a bit: the other way round. A place is its own. */
const targetOf = (word: number, bit: number): number => (word >> 2) * BLOCK + (bit & 7) * 16 + (bit >> 3) * 4 + (word & 3);

export interface CountSpec extends BitRows {
  readonly name: string;
  /** [nPost, in whole blocks] scratch, zero between two calls: counts by place, and by target */
  readonly bytes: Uint8Array;
  readonly counts: Int32Array;
  /** [nRows] scratch */
  readonly offsets: Int32Array;
  /** [nPost] with room for whole blocks: what lies beyond the end has no arrivals and keeps its bits */
  readonly port: Float64Array | Float32Array | Int32Array;
  readonly weight: number;
}

/** Called as run(rows, count, tick). @param options `code`: what another thread has compiled of the same spec over the same memory */
export function compileCounter(
  spec: CountSpec,
  { backend, memory, code }: { backend: Backend; memory: WasmMemory; code?: WasmModule },
): Kernel {
  if (backend === 'js') return scriptCounter(spec);
  const module = code ?? compileModule(encodeModule(emitWasmCounter(spec)));
  const run = instantiate(module, memory);
  const { buffer } = memory;
  const most = spec.offsets.length;
  return {
    name: spec.name,
    code: module,
    get source() {
      return listing(emitWasmCounter(spec));
    },
    run: (rows, count) => {
      if (typeof rows === 'number' || rows.buffer !== buffer || count > most) return badList(spec.name);
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
        const first = rowAt[rows[c]] >>> 2;
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
