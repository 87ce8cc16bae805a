/**
 * Delivery by counting: how many of the arriving spikes reach each target. What they add to a port, `arrivals * weight`, one product and one sum per
 * target and tick, is worked out from the counts (core/kernel/arrivals.ts). The synapses are rows of bits (core/synapses/bit-rows.ts). The JavaScript
 * here walks the bits; wasm-count.ts adds whole rows.
 */
import { InternalError } from '../errors.ts';
import type { Kernel } from './kernel.ts';
import { emitWasmCounter } from './wasm-count.ts';
import type { WrittenOptions } from './wasm-kernel.ts';
import { writtenKernel } from './wasm-kernel.ts';

/** Targets that one step of the counting takes: a 128-bit vector of them. */
export const BLOCK = 128;

/** What a count can hold. */
export const MOST_ARRIVALS = 65535;

export interface BitRows {
  /** Row by row: the bits, in whole blocks, and the list: 16-bit numbers, how many, the targets. Rows of other tables may lie between. */
  readonly bits: Int32Array;
  /** [2 nRows] pairs: byte at which a row begins, as a block does, without a sign; and how many synapses the row has */
  readonly rowAt: Int32Array;
  /** 0 where rows have no lists. */
  readonly longestList: number;
}

/**
 * Target 128 b + 16 g + 8 h + l is bit g of byte 2 l + h of block b: the counts of a block come out of their transposition sixteen to a vector, and
 * the bytes h of its 16-bit numbers are eight of them in the order of the targets.
 */
const targetOf = (word: number, bit: number): number =>
  (word >> 2) * BLOCK + (bit & 7) * 16 + ((bit >> 3) & 1) * 8 + (word & 3) * 2 + (bit >> 4);

/** The 32-bit word of a row that has the bit of a target, and the bit. */
export const bitOf = (j: number): { word: number; bit: number } => ({
  word: (j >> 7) * 4 + ((j >> 1) & 3),
  bit: ((j & 1) << 4) | (j & 8) | ((j >> 4) & 7),
});

export interface CountSpec extends BitRows {
  readonly name: string;
  /** [nPost, in whole blocks] becomes how many arrive at each target; no more than MOST_ARRIVALS do */
  readonly arrivals: Uint16Array;
  /** [nRows] scratch */
  readonly offsets: Int32Array;
}

/** Called as run(rows, count, tick), and returns how many arrive at all targets together. */
export function compileCounter(spec: CountSpec, options: WrittenOptions): Kernel {
  if (options.backend === 'js') return scriptCounter(spec);
  const { buffer } = options.memory;
  const most = spec.offsets.length;
  return writtenKernel(
    spec.name,
    () => emitWasmCounter(spec),
    options,
    (run) => (rows, count) => {
      if (typeof rows === 'number' || rows.buffer !== buffer || count > most) return badList(spec.name);
      return run(rows.byteOffset, count, 0, 0);
    },
  );
}

function badList(name: string): never {
  throw new InternalError(`${name} counts the rows of a list in its own memory`);
}

function scriptCounter({ name, bits, rowAt, longestList, arrivals }: CountSpec): Kernel {
  const halves = new Uint16Array(bits.buffer, bits.byteOffset, 2 * bits.length);
  const bitWords = arrivals.length / 32;
  return {
    name,
    source: `// ${name}: arrivals counted over rows of ${arrivals.length} bits`,
    run: (rows, count) => {
      if (typeof rows === 'number') return badList(name);
      arrivals.fill(0);
      let reached = 0;
      for (let c = 0; c < count; c++) {
        const first = rowAt[2 * rows[c]] >>> 2;
        reached += rowAt[2 * rows[c] + 1];
        const list = 2 * (first + bitWords);
        for (let k = longestList > 0 ? halves[list] : 0; k > 0; k--) arrivals[halves[list + k]]++;
        for (let n = 0; n < bitWords; n++) {
          for (let word = bits[first + n]; word !== 0; word &= word - 1) arrivals[targetOf(n, 31 - Math.clz32(word & -word))]++;
        }
      }
      return reached;
    },
  };
}
