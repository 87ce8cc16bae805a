/**
 * The random numbers of numpy's `default_rng(seed)`, bit for bit: what Lava draws its rounding from. A seed is spread over a pool of four words
 * (SeedSequence), the pool gives state and increment of a 128-bit linear congruential generator, and its output is folded to 64 bits and rotated
 * (PCG XSL-RR: O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms", HMC-CS-2014-0905).
 *
 * Only for reproducing Lava. Everything else draws from core/random.ts, which needs no order of calls.
 */

const MASK_64 = (1n << 64n) - 1n;
const MASK_128 = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const POOL_WORDS = 4;

export interface Pcg64 {
  /** Uniform in [0, 1), 53 bits. */
  random(): number;
  /** Whole number 0 … 127, uniform. Two of them share one 64-bit output. */
  integer128(): number;
}

export function pcg64(seed: number): Pcg64 {
  const words = seedWords(seed);
  const wide = (n: number): bigint => BigInt(words[n]) | (BigInt(words[n + 1]) << 32n);
  const increment = ((((wide(4) << 64n) | wide(6)) << 1n) | 1n) & MASK_128;
  const advanced = (from: bigint): bigint => (from * MULTIPLIER + increment) & MASK_128;
  let state = advanced((increment + ((wide(0) << 64n) | wide(2))) & MASK_128);
  let half: number | undefined;

  const next64 = (): bigint => {
    state = advanced(state);
    const folded = (state >> 64n) ^ (state & MASK_64);
    const turn = state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & MASK_64;
  };
  const next32 = (): number => {
    if (half !== undefined) {
      const kept = half;
      half = undefined;
      return kept;
    }
    const wide64 = next64();
    half = Number(wide64 >> 32n);
    return Number(wide64 & 0xffffffffn);
  };

  return {
    random: () => Number(next64() >> 11n) * 2 ** -53,
    integer128: () => next32() >>> 25,
  };
}

/** [8] words of 32 bits that numpy's SeedSequence makes of a whole number. */
function seedWords(seed: number): Uint32Array {
  const pool = mixedPool(entropyOf(seed));
  const words = new Uint32Array(2 * POOL_WORDS);
  let constant = 0x8b51f9dd;
  for (let n = 0; n < words.length; n++) {
    const value = pool[n % POOL_WORDS] ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    const product = Math.imul(value, constant);
    words[n] = product ^ (product >>> 16);
  }
  return words;
}

/** The words of a seed, low first. */
function entropyOf(seed: number): number[] {
  const words = [seed % 2 ** 32];
  for (let rest = Math.floor(seed / 2 ** 32); rest > 0; rest = Math.floor(rest / 2 ** 32)) words.push(rest % 2 ** 32);
  return words;
}

function mixedPool(entropy: readonly number[]): Uint32Array {
  const pool = new Uint32Array(POOL_WORDS);
  let constant = 0x43b0d7e5;
  const hash = (word: number): number => {
    const value = word ^ constant;
    constant = Math.imul(constant, 0x931e8875);
    const product = Math.imul(value, constant);
    return product ^ (product >>> 16);
  };
  const mix = (a: number, b: number): number => {
    const difference = Math.imul(a, 0xca01f9dd) - Math.imul(b, 0x4973f715);
    return difference ^ (difference >>> 16);
  };
  for (let n = 0; n < POOL_WORDS; n++) pool[n] = hash(entropy[n] ?? 0);
  for (let from = 0; from < POOL_WORDS; from++) {
    for (let to = 0; to < POOL_WORDS; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
  }
  return pool;
}
