/**
 * The words of many blocks of core/random.ts at once: what the building of a network draws, four blocks to a WebAssembly vector instead of
 * one word per call. Same addresses, same bits. A row of blocks goes along the events of four neighbouring items (the partners that a neuron
 * draws) or along the items of one event (a value for every synapse).
 */
import { integerOf, philox4x32 } from '../random.ts';
import { newWasmMemory } from '../typed-arrays-utils.ts';
import { buildFunction } from './wasm-builder.ts';
import type { Local, WasmFunction } from './wasm-encoder.ts';
import { encodeModule } from './wasm-encoder.ts';
import type { WasmModule } from './wasm-engine.ts';
import { compileModule, instantiate } from './wasm-engine.ts';
import { constantI32, EVEN_WORDS, ODD_WORDS } from './wasm-lanes.ts';

/** Most blocks of one call: their words fit the first-level cache, and calls end soon enough for the engine to put in better code. */
export const BLOCKS = 2048;

export interface RandomBlocks {
  /** [4][BLOCKS] what the last call drew: word w of its k-th block at [w·BLOCKS + k], for item 4·block + w. */
  readonly words: Int32Array;
  /** Words of the items 4·block … 4·block + 3 for the events first … first + count - 1; count is at most BLOCKS, events stay below 2^32. */
  alongEvents(block: number, first: number, count: number): void;
  /** The same as whole numbers, as `integerAt` has them: that of event e is one of 0 … bound + e·growth - 1. */
  integersAlongEvents(block: number, first: number, count: number, bound: number, growth: number): void;
  /** Words of the items 4·first … 4·(first + count) - 1 in event 0. */
  alongItems(first: number, count: number): void;
}

/** @param expected how many blocks will be drawn, about: few are not worth the compiling, and come from JavaScript */
export function randomBlocks(seed: number, stream: number, expected: number): RandomBlocks {
  const draw = expected < WORTH_COMPILING ? inJavaScript(seed, stream) : inWebAssembly(seed, stream);
  return {
    words: draw.words,
    alongEvents: (block, first, count) => draw.run(block, first, ALONG_EVENTS, count, 0, 0),
    integersAlongEvents: (block, first, count, bound, growth) =>
      draw.run(block, first, ALONG_EVENTS, count, bound + first * growth, growth),
    alongItems: (first, count) => draw.run(first, 0, ALONG_ITEMS, count, 0, 0),
  };
}

/** About as many as JavaScript draws while WebAssembly is encoded and compiled. */
const WORTH_COMPILING = 10_000;

const ALONG_EVENTS = 0;
const ALONG_ITEMS = 1;

interface Drawing {
  readonly words: Int32Array;
  /** @param bound 0 for words as they are, else what the first integer stays below; `growth` more for each following */
  run(c0: number, c1: number, along: 0 | 1, count: number, bound: number, growth: number): void;
}

let compiled: WasmModule | undefined;

function inWebAssembly(seed: number, stream: number): Drawing {
  const memory = newWasmMemory(PAGES);
  // always the same code
  compiled ??= compileModule(encodeModule(blocksFunction()));
  const run = instantiate(compiled, memory);
  const [k0, k1] = keyOf(seed);
  return {
    words: new Int32Array(memory.buffer, 0, 4 * BLOCKS),
    run: (c0, c1, along, count, bound, growth) => void run(c0, c1, stream, k0, k1, along, count, bound, growth),
  };
}

/** Pages of 64 KiB that hold the words. */
const PAGES = Math.ceil((16 * BLOCKS) / 65536);

const keyOf = (seed: number): [number, number] => [seed | 0, (seed / 4294967296) | 0];

function inJavaScript(seed: number, stream: number): Drawing {
  const words = new Int32Array(4 * BLOCKS);
  const block = new Uint32Array(4);
  const [k0, k1] = keyOf(seed);
  return {
    words,
    run: (c0, c1, along, count, bound, growth) => {
      for (let k = 0; k < count; k++) {
        philox4x32(along === ALONG_ITEMS ? c0 + k : c0, along === ALONG_ITEMS ? c1 : c1 + k, 0, stream | 0, k0, k1, block);
        for (let w = 0; w < 4; w++) words[w * BLOCKS + k] = bound === 0 ? block[w] : integerOf(block[w], bound + k * growth);
      }
    },
  };
}

/** Philox4x32-10 (Salmon et al., SC'11; multipliers and key increments of table 2 and section 3) with one block per lane. */
function blocksFunction(): WasmFunction {
  const names = ['c0', 'c1', 'stream', 'k0', 'k1', 'alongItems', 'count', 'bound', 'growth'];
  const builder = buildFunction(
    'random_blocks',
    names.map((name) => ({ name, type: 'i32' as const })),
  );
  const [c0, c1, stream, k0, k1, alongItems, count, bound, growth] = names.keys();
  const splat = (value: Local): Local => builder.pure('i32x4.splat', [value]);
  const constant = (value: number): Local => constantI32(builder, value, value, value, value);
  const xor = (...parts: readonly Local[]): Local => parts.reduce((a, b) => builder.pure('v128.xor', [a, b]));
  const keys = Array.from({ length: 10 }, (_, round) =>
    [
      [k0, 0x9e3779b9],
      [k1, 0xbb67ae85],
    ].map(([key, step]) => splat(builder.pure('i32.add', [key, builder.i32(Math.imul(step, round))]))),
  );
  const multiply = (a: Local, factor: Local): { high: Local; low: Local } => {
    const first = builder.pure('i64x2.extmul_low_i32x4_u', [a, factor]);
    const second = builder.pure('i64x2.extmul_high_i32x4_u', [a, factor]);
    const shuffle = (pattern: readonly number[]): Local => builder.pure('i8x16.shuffle', [first, second], ...pattern);
    return { high: shuffle(ODD_WORDS), low: shuffle(EVEN_WORDS) };
  };
  const [multiplier0, multiplier1] = [constant(0xd2511f53), constant(0xcd9e8d57)];
  // lane numbers go to the counter word that runs
  const lanes = constantI32(builder, 0, 1, 2, 3);
  const onItems = splat(alongItems);
  const onEvents = splat(builder.pure('i32.sub', [builder.i32(1), alongItems]));
  const advance = (step: Local, by: Local): Local => builder.pure('i32x4.mul', [step, by]);
  const item = builder.variable('v128', 'item');
  const event = builder.variable('v128', 'event');
  builder.copy(item, builder.pure('i32x4.add', [splat(c0), advance(onItems, lanes)]));
  builder.copy(event, builder.pure('i32x4.add', [splat(c1), advance(onEvents, lanes)]));
  const [itemStep, eventStep] = [advance(onItems, constant(4)), advance(onEvents, constant(4))];
  const limit = builder.variable('v128', 'limit');
  builder.copy(limit, builder.pure('i32x4.add', [splat(bound), advance(splat(growth), lanes)]));
  const limitStep = advance(splat(growth), constant(4));
  // all ones where words stay as they are
  const whole = splat(builder.pure('i32.sub', [builder.i32(0), builder.pure('i32.eqz', [bound])]));
  const streams = splat(stream);
  const at = builder.variable('i32', 'at');
  builder.copy(at, builder.i32(0));
  const end = builder.pure('i32.shl', [count, builder.i32(2)]);
  builder.repeat(
    () => builder.pure('i32.lt_u', [at, end]),
    () => {
      let state = [builder.snapshot(item), builder.snapshot(event), constant(0), streams];
      for (const [key0, key1] of keys) {
        const zero = multiply(state[0], multiplier0);
        const one = multiply(state[2], multiplier1);
        state = [xor(one.high, state[1], key0), one.low, xor(zero.high, state[3], key1), zero.low];
      }
      const here = builder.snapshot(at);
      const limits = builder.snapshot(limit);
      for (const [w, word] of state.entries()) {
        const value = builder.pure('v128.bitselect', [word, multiply(word, limits).high, whole]);
        builder.effect('v128.store', [here, value], 4 * BLOCKS * w);
      }
      builder.copy(limit, builder.pure('i32x4.add', [limits, limitStep]));
      builder.copy(item, builder.pure('i32x4.add', [item, itemStep]));
      builder.copy(event, builder.pure('i32x4.add', [event, eventStep]));
      builder.copy(at, builder.pure('i32.add', [here, builder.i32(16)]));
    },
  );
  return builder.finish(builder.i32(0));
}
