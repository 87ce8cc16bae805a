/**
 * Tools for plain typed arrays: one shared buffer cut into named views, rows of synapses in compressed form and their reverse index,
 * vectors that grow while a network is built, half-precision floats, and a hash of bytes for comparing runs. Nothing here knows what the
 * numbers mean. Bytes are in the machine's order; every platform that Node supports for workers is little-endian.
 */
import { InternalError, UserError } from './errors.ts';

const ELEMENT_TYPES = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  i16: Int16Array,
  i8: Int8Array,
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
} as const;

export type ElementType = keyof typeof ELEMENT_TYPES;
export type ArrayOf<T extends ElementType> = { [K in T]: InstanceType<(typeof ELEMENT_TYPES)[K]> }[T];
export type TypedArray = ArrayOf<ElementType>;

export interface ArenaField {
  readonly name: string;
  readonly type: ElementType;
  /** Number of elements. */
  readonly length: number;
}

/** Where each field lies in the buffer. Plain data: it can be printed, stored and sent to a worker. */
export interface ArenaLayout<F extends ArenaField = ArenaField> {
  readonly fields: readonly (F & { readonly byteOffset: number })[];
  readonly bytes: number;
}

export type ArenaViews<F extends ArenaField> = { readonly [Field in F as Field['name']]: ArrayOf<Field['type']> } & {
  /** The one buffer under all views; hand it to `attachArena` in another thread. */
  readonly buffer: SharedArrayBuffer;
};

/** A cache line. Fields start on one, so that two threads writing different fields never share a line. */
const ALIGNMENT = 64;
/** Header, one line: magic word, format version, low and high words of the layout's hash. */
const ARENA_MAGIC = 0x41524e41;
const ARENA_VERSION = 1;

/** Cuts one buffer into the given fields, in order, each aligned to 64 bytes behind a header of 64 bytes. */
export function planArena<const F extends ArenaField>(fields: readonly F[]): ArenaLayout<F> {
  const names = new Set<string>(['buffer']);
  let end = ALIGNMENT;
  const placed = fields.map((field) => {
    if (names.has(field.name)) throw new InternalError(`the arena field name "${field.name}" is taken`);
    if (!Number.isSafeInteger(field.length) || field.length < 0)
      throw new InternalError(`arena field "${field.name}" has length ${field.length}`);
    names.add(field.name);
    const byteOffset = end;
    const size = field.length * ELEMENT_TYPES[field.type].BYTES_PER_ELEMENT;
    end += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    return { ...field, byteOffset };
  });
  return { fields: placed, bytes: end };
}

/**
 * Views over a layout's fields. Without a buffer a new zeroed one is allocated and its header written; a received buffer must carry the
 * header of this very layout, so a worker can never read one run's memory with another run's offsets. A buffer of a WebAssembly memory is
 * larger than its layout, because it comes in pages.
 */
export function attachArena<F extends ArenaField>(layout: ArenaLayout<F>, buffer?: SharedArrayBuffer): ArenaViews<F> {
  const [low, high] = layoutHash(layout);
  const memory = buffer ?? allocate(layout.bytes, () => new SharedArrayBuffer(layout.bytes));
  if (buffer === undefined) writeHeader(memory, low, high);
  if (memory.byteLength !== layout.bytes && memory.byteLength !== pagesOf(layout) * PAGE)
    throw new InternalError(`the arena has ${memory.byteLength} bytes where its layout has ${layout.bytes}`);
  const header = new Uint32Array(memory, 0, 4);
  if (header[0] !== ARENA_MAGIC) throw new InternalError('the buffer is not an arena');
  if (header[1] !== ARENA_VERSION) throw new InternalError(`the arena has format ${header[1]} where this code reads ${ARENA_VERSION}`);
  if (header[2] !== low || header[3] !== high) throw new InternalError('the arena was made for another layout');
  const views: Record<string, TypedArray> = {};
  for (const { name, type, length, byteOffset } of layout.fields) {
    const View: new (memory: SharedArrayBuffer, byteOffset: number, length: number) => TypedArray = ELEMENT_TYPES[type];
    views[name] = new View(memory, byteOffset, length);
  }
  // The names and element types of F are those of the layout's fields, which planArena took from the caller.
  return { ...views, buffer: memory } as ArenaViews<F>;
}

/** A zeroed arena in a WebAssembly memory of its own, for kernels that run there. Another thread gets the memory and attaches to its buffer. */
export function allocateArena<F extends ArenaField>(layout: ArenaLayout<F>): { memory: WasmMemory; views: ArenaViews<F> } {
  const pages = pagesOf(layout);
  const memory = allocate(layout.bytes, () => newWasmMemory(pages));
  writeHeader(memory.buffer, ...layoutHash(layout));
  return { memory, views: attachArena(layout, memory.buffer) };
}

/** A WebAssembly.Memory that several threads may share, as far as we use it; the types of Node leave it out. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** @param pages of 64 KiB; such a memory never grows */
export function newWasmMemory(pages: number): WasmMemory {
  type Constructor = new (descriptor: { initial: number; maximum: number; shared: true }) => WasmMemory;
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: Constructor } }).WebAssembly;
  return new Memory({ initial: pages, maximum: pages, shared: true });
}

/** Bytes of a WebAssembly page. */
const PAGE = 65536;
const pagesOf = (layout: ArenaLayout): number => Math.ceil(layout.bytes / PAGE);

function writeHeader(memory: SharedArrayBuffer, low: number, high: number): void {
  new Uint32Array(memory, 0, 4).set([ARENA_MAGIC, ARENA_VERSION, low, high]);
}

function allocate<M>(bytes: number, make: () => M): M {
  try {
    return make();
  } catch {
    throw new UserError({
      code: 'E-MEMORY',
      message: `the run needs ${(bytes / 2 ** 30).toFixed(1)} GiB in one shared buffer, and this machine does not give it`,
      hint: 'use fewer synapses or probes, or a machine with more memory',
    });
  }
}

function layoutHash(layout: ArenaLayout): [low: number, high: number] {
  const text = layout.fields.map(({ name, type, length, byteOffset }) => `${name} ${type} ${length} ${byteOffset}`).join('\n');
  const hash = hashBytes(new TextEncoder().encode(text));
  return [Number.parseInt(hash.slice(8), 16), Number.parseInt(hash.slice(0, 8), 16)];
}

/** Synapses by source: those of source s stand at positions rowStart[s] … rowStart[s+1]-1 of `order`. */
export interface Csr {
  /** [nSources + 1] position of the first synapse of each source, then the number of synapses. */
  readonly rowStart: Int32Array;
  /** [nSynapses] index into the given pairs. */
  readonly order: Int32Array;
}

/**
 * Sorts (source, target) pairs by source, within a source by target, and leaves equal pairs in the order given. Two counting sorts, the
 * minor key first: linear in the number of pairs, sources and targets.
 */
export function buildCsr(nSources: number, sources: ArrayLike<number>, targets: ArrayLike<number>): Csr {
  const n = sources.length;
  if (targets.length !== n) throw new InternalError(`${n} sources but ${targets.length} targets`);
  let nTargets = 0;
  for (let i = 0; i < n; i++) if (targets[i] >= nTargets) nTargets = targets[i] + 1;
  const byTarget = new Int32Array(n);
  for (let i = 0; i < n; i++) byTarget[i] = i;
  const sortedByTarget = countingSort(nTargets, targets, byTarget).order;
  const { start, order } = countingSort(nSources, sources, sortedByTarget);
  return { rowStart: start, order };
}

/** Synapses by target, over rows sorted by source. */
export interface ReverseIndex {
  /** [nTargets + 1] position of the first synapse of each target, then the number of synapses. */
  readonly columnStart: Int32Array;
  /** [nSynapses] index of the synapse in row order; rising within a column. */
  readonly synapse: Int32Array;
  /** [nSynapses] source of that synapse. */
  readonly row: Int32Array;
}

/** The reverse index of rows: `targets` is in row order, as `rowStart` counts it. */
export function transposeCsr(nTargets: number, rowStart: Int32Array, targets: ArrayLike<number>): ReverseIndex {
  const n = targets.length;
  if (rowStart[rowStart.length - 1] !== n)
    throw new InternalError(`rows end at ${rowStart[rowStart.length - 1]} but there are ${n} targets`);
  const rowOf = new Int32Array(n);
  for (let r = 0; r + 1 < rowStart.length; r++) rowOf.fill(r, rowStart[r], rowStart[r + 1]);
  const inRowOrder = new Int32Array(n);
  for (let i = 0; i < n; i++) inRowOrder[i] = i;
  const { start, order } = countingSort(nTargets, targets, inRowOrder);
  const row = new Int32Array(n);
  for (let i = 0; i < n; i++) row[i] = rowOf[order[i]];
  return { columnStart: start, synapse: order, row };
}

/** Stable: `items` sorted by `keyOf[item]`, and where each key's run starts. */
function countingSort(nKeys: number, keyOf: ArrayLike<number>, items: Int32Array): { start: Int32Array; order: Int32Array } {
  const start = new Int32Array(nKeys + 1);
  for (let i = 0; i < items.length; i++) {
    const key = keyOf[items[i]];
    if (!(key >= 0 && key < nKeys && Number.isInteger(key))) throw new InternalError(`index ${key} is outside 0 … ${nKeys - 1}`);
    start[key + 1]++;
  }
  for (let key = 0; key < nKeys; key++) start[key + 1] += start[key];
  const next = start.slice(0, nKeys);
  const order = new Int32Array(items.length);
  for (let i = 0; i < items.length; i++) order[next[keyOf[items[i]]]++] = items[i];
  return { start, order };
}

/** A vector that grows while it is filled. `view()` is valid until the next `push`; copy it (`slice`) to keep it. */
export interface Growable<A> {
  readonly length: number;
  push(value: number): void;
  view(): A;
  clear(): void;
}

export function growInt32(capacity = 64): Growable<Int32Array> {
  return grow((n) => new Int32Array(n), capacity);
}

export function growFloat64(capacity = 64): Growable<Float64Array> {
  return grow((n) => new Float64Array(n), capacity);
}

function grow<A extends Int32Array | Float64Array>(allocateArray: (length: number) => A, capacity: number): Growable<A> {
  let values = allocateArray(Math.max(1, capacity));
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) {
        const larger = allocateArray(2 * length);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    view: () => values.subarray(0, length) as A,
    clear() {
      length = 0;
    },
  };
}

/** The value of 16 bits read as an IEEE 754 binary16. */
export function halfToFloat(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return (sign * fraction) / 2 ** 24;
  return (sign * (1024 + fraction) * 2 ** exponent) / 2 ** 25;
}

/** The 16 bits of the binary16 nearest to a float64, ties to even, in one rounding; overflow gives infinity, NaN the quiet NaN 0x7e00. */
export function floatToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // 65520 is the middle between the largest half, 65504, and the next step of its scale.
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24);
  let exponent = 15;
  let scaled = size;
  for (; scaled >= 2; scaled /= 2) exponent++;
  for (; scaled < 1; scaled *= 2) exponent--;
  // A fraction rounded up to 1024 carries into the exponent, which is the right answer.
  return sign | ((exponent << 10) + roundToEven((scaled - 1) * 1024));
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/**
 * FNV-1a, 64 bits, of a view's bytes, as 16 hexadecimal digits. Two runs with equal hashes had, for all purposes here, equal bits. Pass the
 * previous hash as `from` to go on with it, as a test does that hashes the state at every tick.
 */
export function hashBytes(view: ArrayBufferView, from = 'cbf29ce484222325'): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let high = Number.parseInt(from.slice(0, 8), 16) | 0;
  let low = Number.parseInt(from.slice(8), 16) | 0;
  for (let i = 0; i < bytes.length; i++) {
    low ^= bytes[i];
    // Times 2^40 + 0x1b3, modulo 2^64. The first product stays below 2^41, hence exact.
    const product = (low >>> 0) * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 4294967296) + (low << 8)) | 0;
    low = product | 0;
  }
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0');
}
