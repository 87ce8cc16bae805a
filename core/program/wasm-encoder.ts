/**
 * Functions in three-address form to the bytes of a WebAssembly module, or to text. One module holds one function that works on an imported
 * shared memory. Binary format: WebAssembly Core Specification 2.0, chapter 5; shared memories: the Threads proposal.
 *
 * A step applies one instruction to local variables and keeps its result in another, so that emitters never think about the operand stack.
 * Each value is assigned once, except variables made on purpose to change (`copy`). Where a value is used once, by the very next step, as its
 * first argument, the encoder leaves it on the stack.
 */
import type { Opcode, WasmType } from './wasm-opcodes.ts';
import { IMMEDIATES, OPCODES, VALUE_TYPES } from './wasm-opcodes.ts';

/** Number of a local variable; parameters come first. */
export type Local = number;

export interface Step {
  /** `copy` puts its argument into `result`. */
  readonly op: Opcode | 'copy';
  readonly args: readonly Local[];
  /** Lanes, offsets, numbers, label depths; sixteen of them for a vector constant or a shuffle. */
  readonly immediates: readonly number[];
  readonly result?: Local;
}

export interface WasmFunction {
  readonly name: string;
  /** How many of the locals are parameters. */
  readonly parameters: number;
  readonly locals: readonly { readonly name: string; readonly type: WasmType }[];
  /** The function returns `result`. */
  readonly result: Local;
  readonly steps: readonly Step[];
}

/** Pages of 64 KiB in a memory of 32-bit addresses. */
export const MAX_PAGES = 65536;

export function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  pushLeb(bytes, value);
  return bytes;
}

/** For 32-bit numbers, which may be given signed or unsigned. */
export function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest & 127];
}

const text = (value: string): number[] => {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsignedLeb(bytes.length), ...bytes];
};
const vector = (items: readonly (readonly number[])[]): number[] => [...unsignedLeb(items.length), ...items.flat()];
const section = (id: number, content: readonly number[]): number[] => [id, ...unsignedLeb(content.length), ...content];

/** A module that imports the memory `env.memory` and exports the function as `run`. */
export function encodeModule(fn: WasmFunction): Uint8Array<ArrayBuffer> {
  const parameterTypes = fn.locals.slice(0, fn.parameters).map(({ type }) => [VALUE_TYPES[type]]);
  const type = [0x60, ...vector(parameterTypes), ...vector([[VALUE_TYPES[fn.locals[fn.result].type]]])];
  const limits = [0x03, ...unsignedLeb(0), ...unsignedLeb(MAX_PAGES)];
  const body = encodeBody(fn);
  const codeSize = unsignedLeb(body.length);
  // the name of the function, for profilers
  const names = vector([[...unsignedLeb(0), ...text(fn.name)]]);
  const parts = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, vector([type])),
    section(2, vector([[...text('env'), ...text('memory'), 0x02, ...limits]])),
    section(3, vector([unsignedLeb(0)])),
    section(7, vector([[...text('run'), 0x00, ...unsignedLeb(0)]])),
    [10, ...unsignedLeb(1 + codeSize.length + body.length), ...unsignedLeb(1), ...codeSize],
    body,
    section(0, [...text('name'), 1, ...unsignedLeb(names.length), ...names]),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function encodeBody(fn: WasmFunction): number[] {
  const stacked = findStacked(fn);
  const { code, numbers } = declareLocals(fn, stacked);
  const get = (local: Local): void => {
    if (stacked[local] !== 0) return;
    code.push(OPCODES['local.get']);
    pushLeb(code, numbers[local]);
  };
  for (const { op, args, immediates, result } of fn.steps) {
    for (const arg of args) get(arg);
    if (op !== 'copy') pushInstruction(code, op, immediates);
    if (result === undefined || stacked[result] !== 0) continue;
    code.push(OPCODES['local.set']);
    pushLeb(code, numbers[result]);
  }
  get(fn.result);
  code.push(OPCODES.end);
  return code;
}

/** The head of the code, and the numbers that locals have in it. */
function declareLocals(fn: WasmFunction, stacked: Uint8Array): { code: number[]; numbers: Int32Array } {
  // locals in runs of one type; values that stay on the stack need none
  const numbers = new Int32Array(fn.locals.length).fill(-1);
  const runs: { type: WasmType; count: number }[] = [];
  let n = 0;
  for (const [local, { type }] of fn.locals.entries()) {
    if (stacked[local] !== 0) continue;
    numbers[local] = n++;
    if (local < fn.parameters) continue;
    const last = runs[runs.length - 1];
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  return { code: vector(runs.map(({ type, count }) => [...unsignedLeb(count), VALUE_TYPES[type]])), numbers };
}

/** 1 for values that are made once and used once, as the first argument of the next step. */
function findStacked(fn: WasmFunction): Uint8Array {
  const reads = new Int32Array(fn.locals.length);
  const writes = new Int32Array(fn.locals.length);
  reads[fn.result]++;
  for (const { args, result } of fn.steps) {
    for (const arg of args) reads[arg]++;
    if (result !== undefined) writes[result]++;
  }
  const stacked = new Uint8Array(fn.locals.length);
  for (const [n, { result }] of fn.steps.entries()) {
    if (result === undefined || reads[result] !== 1 || writes[result] !== 1) continue;
    if (fn.steps[n + 1]?.args[0] === result) stacked[result] = 1;
  }
  return stacked;
}

function pushLeb(code: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) code.push((rest % 128) + 128);
  code.push(rest);
}

function pushInstruction(code: number[], op: Opcode, immediates: readonly number[]): void {
  const opcode = OPCODES[op];
  if (opcode > 0xff) {
    code.push(opcode >> 8);
    pushLeb(code, opcode & 0xff);
  } else code.push(opcode);
  switch (IMMEDIATES[op]) {
    case 'none':
      return;
    case 'block':
      code.push(0x40);
      return;
    case 'index':
    case 'lane':
      pushLeb(code, immediates[0]);
      return;
    case 'memory':
    case 'memory lane':
      // alignment 2^0: a hint that no engine needs
      code.push(0);
      pushLeb(code, immediates[0]);
      if (immediates.length > 1) code.push(immediates[1]);
      return;
    case 'number':
      for (const byte of signedLeb(immediates[0])) code.push(byte);
      return;
    case 'sixteen bytes':
      for (const byte of immediates) code.push(byte);
      return;
  }
}

/** The function as readable text: one line per step, values as `%number_name`, vector constants in hexadecimal, lowest byte first. */
export function listing(fn: WasmFunction): string {
  const name = (local: Local): string => `%${local}${fn.locals[local].name === '' ? '' : `_${fn.locals[local].name}`}`;
  const parameters = fn.locals.slice(0, fn.parameters).map(({ type }, i) => `${name(i)}: ${type}`);
  const lines = [`wasm ${fn.name}(${parameters.join(', ')})`];
  let depth = 1;
  for (const { op, args, immediates, result } of fn.steps) {
    if (op === 'end') depth--;
    const right = [...(op === 'copy' ? [] : [op]), ...args.map(name), ...immediatesText(op, immediates)].join(' ');
    lines.push(`${'  '.repeat(depth)}${result === undefined ? '' : `${name(result)} = `}${right}`);
    if (op === 'loop' || op === 'if') depth++;
  }
  return [...lines, `  return ${name(fn.result)}`].join('\n');
}

function immediatesText(op: Opcode | 'copy', immediates: readonly number[]): string[] {
  if (op === 'v128.const') return [immediates.map((byte) => byte.toString(16).padStart(2, '0')).join('')];
  if (op === 'i8x16.shuffle') return [immediates.join(',')];
  const kind = op === 'copy' ? 'none' : IMMEDIATES[op];
  if (kind === 'memory') return [`+${immediates[0]}`];
  if (kind === 'memory lane') return [`+${immediates[0]}`, `lane=${immediates[1]}`];
  return immediates.map(String);
}
