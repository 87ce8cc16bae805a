/**
 * Functions in three-address form to the bytes of a WebAssembly module, or to text. One module holds one function that works on an imported
 * shared memory. Binary format: WebAssembly Core Specification 2.0, chapter 5; shared memories: the Threads proposal.
 *
 * A step applies one instruction to local variables and keeps its result in another, so that emitters never think about the operand stack.
 * Each value is assigned once, except variables made on purpose to change (`copy`). Where a value is used once, by the very next step, as its
 * first argument, the encoder leaves it on the stack.
 */
import { InternalError } from '../errors.ts';
import type { Opcode, WasmType } from './wasm-opcodes.ts';
import { immediatesOf, OPCODES, VALUE_TYPES } from './wasm-opcodes.ts';

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
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
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
const float64 = (value: number): number[] => [...new Uint8Array(Float64Array.of(value).buffer)];

/** A module that imports the memory `env.memory` and exports the function as `run`. */
export function encodeModule(fn: WasmFunction): Uint8Array<ArrayBuffer> {
  const parameterTypes = fn.locals.slice(0, fn.parameters).map(({ type }) => [VALUE_TYPES[type]]);
  const type = [0x60, ...vector(parameterTypes), ...vector([[VALUE_TYPES[fn.locals[fn.result].type]]])];
  const limits = [0x03, ...unsignedLeb(0), ...unsignedLeb(MAX_PAGES)];
  const body = encodeBody(fn);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([type])),
    ...section(2, vector([[...text('env'), ...text('memory'), 0x02, ...limits]])),
    ...section(3, vector([unsignedLeb(0)])),
    ...section(7, vector([[...text('run'), 0x00, ...unsignedLeb(0)]])),
    ...sectionOf(10, [unsignedLeb(1), unsignedLeb(body.length), body]),
    // the name of the function, for profilers
    ...section(0, [...text('name'), 1, ...sized(vector([[...unsignedLeb(0), ...text(fn.name)]]))]),
  ]);
}

const sized = (content: readonly number[]): number[] => [...unsignedLeb(content.length), ...content];
const sectionOf = (id: number, parts: readonly (readonly number[])[]): number[] => section(id, parts.flat());

function encodeBody(fn: WasmFunction): number[] {
  const { code, used } = encodeSteps(fn);
  // locals in runs of one type; those that stay on the stack are left out
  const order = fn.locals.map((_, i) => i).filter((i) => i < fn.parameters || used[i] > 0);
  const numberOf = new Int32Array(fn.locals.length).fill(-1);
  for (const [n, local] of order.entries()) numberOf[local] = n;
  const runs: { type: WasmType; count: number }[] = [];
  for (const local of order.slice(fn.parameters)) {
    const { type } = fn.locals[local];
    const last = runs[runs.length - 1];
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  const bytes = vector(runs.map(({ type, count }) => [...unsignedLeb(count), VALUE_TYPES[type]]));
  for (const piece of code) {
    if (typeof piece === 'number') bytes.push(piece);
    else for (const byte of unsignedLeb(numberOf[piece.local])) bytes.push(byte);
  }
  return bytes;
}

type Piece = number | { readonly local: Local };

/** Code in which locals still have the numbers of the function, and how often each is mentioned in it. */
function encodeSteps(fn: WasmFunction): { code: Piece[]; used: Int32Array } {
  const reads = new Int32Array(fn.locals.length);
  const writes = new Int32Array(fn.locals.length);
  reads[fn.result]++;
  for (const { args, result } of fn.steps) {
    for (const arg of args) reads[arg]++;
    if (result !== undefined) writes[result]++;
  }
  const used = new Int32Array(fn.locals.length);
  const code: Piece[] = [];
  let onStack: Local | undefined;
  const get = (local: Local): void => {
    if (local === onStack) {
      onStack = undefined;
      return;
    }
    used[local]++;
    code.push(OPCODES['local.get'], { local });
  };
  for (const [n, step] of fn.steps.entries()) {
    if (onStack !== undefined && step.args[0] !== onStack) throw new InternalError('a value was left on the stack');
    for (const arg of step.args) get(arg);
    if (step.op !== 'copy') pushInstruction(code, step.op, step.immediates);
    if (step.result === undefined) continue;
    const next = fn.steps[n + 1];
    if (reads[step.result] === 1 && writes[step.result] === 1 && next?.args[0] === step.result) {
      onStack = step.result;
      continue;
    }
    used[step.result]++;
    code.push(OPCODES['local.set'], { local: step.result });
  }
  get(fn.result);
  code.push(OPCODES.end);
  return { code, used };
}

function pushInstruction(code: Piece[], op: Opcode, immediates: readonly number[]): void {
  const opcode = OPCODES[op];
  if (opcode > 0xff) code.push(opcode >> 8, ...unsignedLeb(opcode & 0xff));
  else code.push(opcode);
  switch (immediatesOf(op)) {
    case 'none':
      return;
    case 'block':
      code.push(0x40);
      return;
    case 'index':
    case 'lane':
      code.push(...unsignedLeb(immediates[0]));
      return;
    case 'memory':
      // alignment 2^0: a hint that no engine needs
      code.push(0, ...unsignedLeb(immediates[0]));
      return;
    case 'memory lane':
      code.push(0, ...unsignedLeb(immediates[0]), immediates[1]);
      return;
    case 'number':
      code.push(...(op === 'i32.const' || op === 'i64.const' ? signedLeb(immediates[0]) : float64(immediates[0])));
      return;
    case 'sixteen bytes':
      code.push(...immediates);
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
    if (op === 'end' || op === 'else') depth--;
    const right = [...(op === 'copy' ? [] : [op]), ...args.map(name), ...immediatesText(op, immediates)].join(' ');
    lines.push(`${'  '.repeat(depth)}${result === undefined ? '' : `${name(result)} = `}${right}`);
    if (op === 'loop' || op === 'if' || op === 'block' || op === 'else') depth++;
  }
  return [...lines, `  return ${name(fn.result)}`].join('\n');
}

function immediatesText(op: Opcode | 'copy', immediates: readonly number[]): string[] {
  if (op === 'v128.const') return [immediates.map((byte) => byte.toString(16).padStart(2, '0')).join('')];
  if (op === 'i8x16.shuffle') return [immediates.join(',')];
  const kind = op === 'copy' ? 'none' : immediatesOf(op);
  if (kind === 'memory') return [`+${immediates[0]}`];
  if (kind === 'memory lane') return [`+${immediates[0]}`, `lane=${immediates[1]}`];
  return immediates.map(String);
}
