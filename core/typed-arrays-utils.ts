/**
 * Tools for plain typed arrays: one shared buffer cut into named views, vectors that grow while a run is recorded, and a hash of bytes for
 * comparing runs. Nothing here knows what the numbers mean. Bytes are in the machine's order; every platform that Node supports for workers is little-endian.
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
  if (pages > MOST_PAGES) {
    const parts = Math.ceil(pages / MOST_PAGES) + 1;
    throw new UserError({
      code: 'E-MEMORY',
      message: `one shard needs ${(layout.bytes / 2 ** 30).toFixed(1)} GiB, but its addresses end at 4 GiB`,
      hint: `cut the network into more parts: new Simulation(plan, { shards: ${parts} })`,
    });
  }
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
/** As many as 32-bit addresses reach. */
const MOST_PAGES = 65536;
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

/** A vector that grows while it is filled. `view()` is valid until the next `push`; copy it (`slice`) to keep it. */
export interface Growable<A> {
  readonly length: number;
  push(value: number): void;
  view(): A;
  clear(): void;
}

export function growInt32(capacity = 64): Growable<Int32Array> {
  let values = new Int32Array(capacity);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push: (value) => {
      if (length === values.length) {
        const larger = new Int32Array(Math.max(1, values.length * 2));
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    view: () => values.subarray(0, length),
    clear: () => {
      length = 0;
    },
  };
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
