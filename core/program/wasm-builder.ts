/**
 * Builds one WebAssembly function step by step. A pure step asked for twice is emitted once, as long as the first one is certain to have run:
 * values made inside a branch or a loop are forgotten behind it. Constants stand once, at the head of the function.
 */
import { InternalError } from '../errors.ts';
import type { Local, Step, WasmFunction } from './wasm-encoder.ts';
import type { Opcode, WasmType } from './wasm-opcodes.ts';
import { RESULTS } from './wasm-opcodes.ts';

export interface FunctionBuilder {
  /** A value that depends on nothing but its arguments. */
  pure(op: Opcode, args: readonly Local[], ...immediates: number[]): Local;
  /** A value read from memory: emitted every time, here. */
  load(op: Opcode, args: readonly Local[], ...immediates: number[]): Local;
  /** A step without a value. */
  effect(op: Opcode, args: readonly Local[], ...immediates: number[]): void;
  /** A variable that may change; `copy` gives it a value, `snapshot` keeps the one it has now. */
  variable(type: WasmType, name: string): Local;
  copy(to: Local, from: Local): void;
  snapshot(from: Local): Local;
  i32(value: number): Local;
  v128(bytes: Uint8Array): Local;
  /** Runs the body where `condition` is not zero. */
  when(condition: Local, body: () => void): void;
  /** Repeats the body as long as `test()`, emitted before the first round and after each, is not zero. */
  repeat(test: () => Local, body: () => void): void;
  finish(result: Local): WasmFunction;
}

export function buildFunction(name: string, parameters: readonly { name: string; type: WasmType }[]): FunctionBuilder {
  const locals: { name: string; type: WasmType }[] = [...parameters];
  const head: Step[] = [];
  const body: Step[] = [];
  const changing = new Set<Local>();
  /** Pure values known here, from the whole function to the innermost branch. */
  const regions: Map<string, Local>[] = [new Map()];

  const newLocal = (type: WasmType, localName = ''): Local => locals.push({ name: localName, type }) - 1;
  const emit = (into: Step[], op: Opcode, args: readonly Local[], immediates: readonly number[]): Local => {
    const type = RESULTS[op];
    if (type === undefined) throw new InternalError(`${op} has no value`);
    const result = newLocal(type);
    into.push({ op, args, immediates, result });
    return result;
  };
  const known = (key: string): Local | undefined => {
    for (let n = regions.length - 1; n >= 0; n--) {
      const found = regions[n].get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const constant = (op: Opcode, immediates: readonly number[]): Local => {
    const key = `${op} ${immediates.join(' ')}`;
    const existing = regions[0].get(key);
    if (existing !== undefined) return existing;
    const result = emit(head, op, [], immediates);
    regions[0].set(key, result);
    return result;
  };
  const inside = (emitBody: () => void): void => {
    regions.push(new Map());
    emitBody();
    regions.pop();
  };
  const effect = (op: Opcode, args: readonly Local[], immediates: readonly number[] = []): void => {
    body.push({ op, args, immediates });
  };

  return {
    pure(op, args, ...immediates) {
      if (args.some((arg) => changing.has(arg))) return emit(body, op, args, immediates);
      const key = `${op} ${args.join(' ')},${immediates.join(' ')}`;
      const existing = known(key);
      if (existing !== undefined) return existing;
      const result = emit(body, op, args, immediates);
      regions[regions.length - 1].set(key, result);
      return result;
    },
    load: (op, args, ...immediates) => emit(body, op, args, immediates),
    effect: (op, args, ...immediates) => effect(op, args, immediates),
    variable(type, localName) {
      const result = newLocal(type, localName);
      changing.add(result);
      return result;
    },
    copy(to, from) {
      body.push({ op: 'copy', args: [from], immediates: [], result: to });
    },
    snapshot(from) {
      const result = newLocal(locals[from].type, locals[from].name);
      body.push({ op: 'copy', args: [from], immediates: [], result });
      return result;
    },
    i32: (value) => constant('i32.const', [value | 0]),
    v128: (bytes) => constant('v128.const', [...bytes]),
    when(condition, emitBody) {
      effect('if', [condition]);
      inside(emitBody);
      effect('end', []);
    },
    repeat(test, emitBody) {
      effect('if', [test()]);
      inside(() => {
        effect('loop', []);
        emitBody();
        effect('br_if', [test()], [0]);
        effect('end', []);
      });
      effect('end', []);
    },
    finish: (result) => ({ name, parameters: parameters.length, locals, result, steps: [...head, ...body] }),
  };
}

/** A counting loop: the body for begin, begin + step, … before end, which are compared without a sign. */
export function emitSteps(builder: FunctionBuilder, begin: Local, end: Local, step: number, body: (at: Local) => void): void {
  const index = builder.variable('i32', 'at');
  builder.copy(index, begin);
  builder.repeat(
    () => builder.pure('i32.lt_u', [index, end]),
    () => {
      const at = builder.snapshot(index);
      body(at);
      builder.copy(index, builder.pure('i32.add', [at, builder.i32(step)]));
    },
  );
}
