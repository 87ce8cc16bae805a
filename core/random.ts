/**
 * Random numbers as pure functions: the same seed, stream, item and event always give the same number, so results depend neither on the
 * number of workers nor on the order in which items are visited. There is no generator object and nothing to advance.
 *
 * Generator: Philox4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11, section 4.2): ten rounds
 * turn a 128-bit counter and a 64-bit key into four 32-bit words. Addresses are laid out as
 *
 *   key[0]      seed, low 32 bits              counter[0]  item >>> 2, so below 2^30 (a synapse, a neuron, a device; items are 0 … 2^32-1)
 *   key[1]      seed, high 21 bits             counter[1]  event, low 32 bits (a tick or the number of a pulse, 0 … 2^48-1)
 *   counter[3]  stream, see `streamOf`         counter[2]  event, high 16 bits, shifted left by 16, or-ed with the site (0 … 2^16-1)
 *
 * and `item & 3` picks one of the four words of the block: items 4n … 4n+3 share a block, so a loop over consecutive items needs one block for
 * four of them. `site` tells apart the draws that one item makes in one event; each site has blocks of its own. Numbers outside these ranges
 * wrap onto other addresses; seeds are checked where users give them. Only IEEE additions, multiplications, divisions, square roots and integer
 * operations are used, so every engine gives the same bits.
 */

/** Largest seed: all integers from 0 to here are different keys. */
export const MAX_SEED = Number.MAX_SAFE_INTEGER;

const TWO_POW_MINUS_32 = 1 / 4294967296;

/**
 * The four words of one block, written to `out[0..3]`. For callers that need more than one word of the same block.
 *
 * The multipliers (also as 16-bit halves) and the key increments are those of Salmon et al., table 2 and section 3. They stand here as
 * literals because a bundled module constant is a memory read in the innermost loop: 80 ns per block instead of 50.
 */
export function philox4x32(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void {
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(c0, 0xd251, 0x1f53);
    const high1 = multiplyHigh(c2, 0xcd9e, 0x8d57);
    const low0 = Math.imul(c0, 0xd2511f53);
    const low1 = Math.imul(c2, 0xcd9e8d57);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** A number in the open interval (0, 1) with 32 bits of resolution: (word + 1/2) / 2^32, so neither 0 nor 1 ever comes out. */
export function uniformAt(seed: number, stream: number, item: number, event: number, site = 0): number {
  return uniformOf(wordAt(seed, stream, item, event, site));
}

/** A standard normal number: the quantile function of one uniform, hence |z| < 6.34 and one word per draw. */
export function normalAt(seed: number, stream: number, item: number, event: number, site = 0): number {
  return normalQuantile(uniformAt(seed, stream, item, event, site));
}

/** A whole number 0 … n-1 for 1 <= n < 2^32. The probability of each differs from 1/n by less than 2^-32 (multiply-high, no rejection). */
export function integerAt(seed: number, stream: number, item: number, event: number, n: number, site = 0): number {
  return integerOf(wordAt(seed, stream, item, event, site), n);
}

/** The whole number 0 … n-1 that a word stands for. */
export function integerOf(word: number, n: number): number {
  return multiplyHigh(word, n >>> 16, n & 0xffff) >>> 0;
}

/** The number in (0, 1) that a word stands for. */
export function uniformOf(word: number): number {
  return ((word >>> 0) + 0.5) * TWO_POW_MINUS_32;
}

/** The indices 0 … n-1 in random order (Fisher-Yates; the draw for place i is item i of event 0). */
export function shuffledIndices(seed: number, stream: number, n: number): Int32Array {
  const indices = new Int32Array(n);
  for (let i = 0; i < n; i++) indices[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = integerAt(seed, stream, i, 0, i + 1);
    const held = indices[i];
    indices[i] = indices[j];
    indices[j] = held;
  }
  return indices;
}

/** The number of a named stream: FNV-1a (32 bits) of the name's UTF-8 bytes. Streams are named so that no two uses share one by chance. */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** One word of a block, as a signed 32-bit integer. The rounds stand here a second time because a block would need an array per draw. */
function wordAt(seed: number, stream: number, item: number, event: number, site: number): number {
  let k0 = seed | 0;
  let k1 = (seed * TWO_POW_MINUS_32) | 0;
  let c0 = item >>> 2;
  let c1 = event | 0;
  let c2 = (((event * TWO_POW_MINUS_32) | 0) << 16) | site;
  let c3 = stream | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(c0, 0xd251, 0x1f53);
    const high1 = multiplyHigh(c2, 0xcd9e, 0x8d57);
    const low0 = Math.imul(c0, 0xd2511f53);
    const low1 = Math.imul(c2, 0xcd9e8d57);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  const word = item & 3;
  return word === 0 ? c0 : word === 1 ? c1 : word === 2 ? c2 : c3;
}

/** Bits 32 … 63 of a * (bHigh * 2^16 + bLow), schoolbook on 16-bit halves; no partial sum leaves 32 bits. */
function multiplyHigh(a: number, bHigh: number, bLow: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const middle0 = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const middle1 = (Math.imul(aLow, bHigh) + (middle0 & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle0 >>> 16) + (middle1 >>> 16)) | 0;
}

/**
 * The standard normal quantile for 0 < p < 1, to about 16 figures: Wichura, "Algorithm AS 241: The percentage points of the normal
 * distribution", Applied Statistics 37 (1988) 477-484, routine PPND16. Three rational approximations: centre, tails, far tails.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q *
        (((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987) * r + 13731.69376550946) * r +
          1971.5909503065513) *
          r +
          133.14166789178438) *
          r +
          3.3871328727963665)) /
      (((((((5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597) * r + 5394.196021424751) * r +
        687.1870074920579) *
        r +
        42.31333070160091) *
        r +
        1)
    );
  }
  const tail = Math.sqrt(-log(q < 0 ? p : 1 - p));
  let z: number;
  if (tail <= 5) {
    const r = tail - 1.6;
    z =
      (((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r + 1.2704582524523684) * r +
        3.6478483247632045) *
        r +
        5.769497221460691) *
        r +
        4.630337846156546) *
        r +
        1.4234371107496835) /
      (((((((1.0507500716444169e-9 * r + 0.0005475938084995345) * r + 0.015198666563616457) * r + 0.14810397642748008) * r +
        0.6897673349851) *
        r +
        1.6763848301838038) *
        r +
        2.053191626637759) *
        r +
        1);
  } else {
    const r = tail - 5;
    z =
      (((((((2.0103343992922881e-7 * r + 0.000027115555687434876) * r + 0.0012426609473880784) * r + 0.026532189526576124) * r +
        0.29656057182850487) *
        r +
        1.7848265399172913) *
        r +
        5.463784911164114) *
        r +
        6.657904643501103) /
      (((((((2.0442631033899397e-15 * r + 1.421511758316446e-7) * r + 0.000018463183175100548) * r + 0.0007868691311456133) * r +
        0.014875361290850615) *
        r +
        0.1369298809227358) *
        r +
        0.599832206555888) *
        r +
        1);
  }
  return q < 0 ? -z : z;
}

/**
 * Natural logarithm for 0 < x < 1. Math.log is left to the engine by the language, and a different last bit would become a different
 * spike. x = m * 2^e with m in [0.7, 1.4), then log m = 2 atanh((m-1)/(m+1)) by its series, whose first left-out term is below 2^-56.
 */
function log(x: number): number {
  let m = x;
  let e = 0;
  while (m < 5.421010862427522e-20) {
    m *= 18446744073709552000; // 2^64, in the fewest digits that give it
    e -= 64;
  }
  if (m < 2.3283064365386963e-10) {
    m *= 4294967296; // 2^32
    e -= 32;
  }
  if (m < 0.0000152587890625) {
    m *= 65536;
    e -= 16;
  }
  if (m < 0.00390625) {
    m *= 256;
    e -= 8;
  }
  if (m < 0.0625) {
    m *= 16;
    e -= 4;
  }
  if (m < 0.25) {
    m *= 4;
    e -= 2;
  }
  if (m < 0.5) {
    m *= 2;
    e -= 1;
  }
  if (m < 0.7) {
    m *= 2;
    e -= 1;
  }
  const s = (m - 1) / (m + 1);
  const t = s * s;
  const series =
    ((((((((((t / 23 + 1 / 21) * t + 1 / 19) * t + 1 / 17) * t + 1 / 15) * t + 1 / 13) * t + 1 / 11) * t + 1 / 9) * t + 1 / 7) * t +
      1 / 5) *
      t +
      1 / 3) *
    t;
  // ln 2 in two parts: the first has 32 significant bits, so e times it is exact.
  return e * 0.6931471803691238 + (e * 1.9082149292705877e-10 + (2 * s + 2 * s * series));
}
