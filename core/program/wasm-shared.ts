/**
 * Values that several items of a loop share: a cell for the whole call, or the row's or the target's value. They are loaded before the items and
 * stored after them; what is only added to is a running total, and what is only counted is counted in the lanes of a vector.
 */
import type { Expr } from './ir.ts';
import type { FunctionBuilder } from './wasm-builder.ts';
import type { Local } from './wasm-encoder.ts';
import type { Frame } from './wasm-items.ts';
import type { Machine, Value, Vectors } from './wasm-lanes.ts';
import { constantI32, itemBits, toMask32 } from './wasm-lanes.ts';
import { loadForAll, loadNumber, storeAt, storeNumber } from './wasm-memory.ts';
import type { Sum, Variable } from './wasm-plan.ts';

export type Shared =
  /** Only read: the same vector for all items. */
  | { readonly kind: 'value'; readonly value: Vectors }
  /** Written: lane 0 of a vector that changes; such a loop goes item by item. */
  | { readonly kind: 'register'; readonly type: 'f32' | 'f64'; readonly variable: Local }
  /** Only added to: a number. */
  | { readonly kind: 'total'; readonly variable: Local }
  /** Only counted: whole numbers, in each lane of a vector those of its items, and what single items and literals add. */
  | { readonly kind: 'count'; readonly lanes: Local; readonly rest: Local };

const SINGLE: Machine['lanes'] = 1;

/** Variables of one level, with the index of their element: the cell, or the row or target `outer`. */
function atLevel(frame: Frame, level: 'call' | 'outer', outer: Local): { variable: Variable; index: Local; sum?: Sum }[] {
  const { plan, builder } = frame;
  const sums = new Map([...plan.sums.values()].map((sum) => [sum.variable.name, sum]));
  return [...plan.variables.values()]
    .filter(({ place }) => place.level === level)
    .map((variable) => {
      const index = variable.place.level === 'call' ? builder.i32(variable.place.cell) : outer;
      const sum = sums.get(variable.name);
      return { variable, index, ...(sum && { sum }) };
    });
}

export function enterLevel(frame: Frame, level: 'call' | 'outer', outer: Local): void {
  const { builder, shared } = frame;
  for (const { variable, index, sum } of atLevel(frame, level, outer)) {
    const { name, array } = variable;
    if (sum !== undefined) {
      shared.set(
        name,
        sum.kind === 'count' ? openCount(builder, name) : openTotal(builder, name, sum.kind, loadNumber(builder, array, index)),
      );
      continue;
    }
    const value = loadForAll(builder, array, index);
    if (variable.written) {
      const register = builder.variable('v128', name);
      builder.copy(register, value.parts[0]);
      shared.set(name, { kind: 'register', type: value.kind === 'f32' ? 'f32' : 'f64', variable: register });
    } else shared.set(name, { kind: 'value', value });
  }
}

function openCount(builder: FunctionBuilder, name: string): Shared {
  const lanes = builder.variable('v128', name);
  const rest = builder.variable('i32', name);
  builder.copy(lanes, constantI32(builder, 0, 0, 0, 0));
  builder.copy(rest, builder.i32(0));
  return { kind: 'count', lanes, rest };
}

function openTotal(builder: FunctionBuilder, name: string, kind: Sum['kind'], before: Local): Shared {
  const variable = builder.variable(kind === 'f32' ? 'f32' : 'f64', name);
  builder.copy(variable, before);
  return { kind: 'total', variable };
}

export function leaveLevel(frame: Frame, level: 'call' | 'outer', outer: Local): void {
  const { builder, shared } = frame;
  for (const { variable, index } of atLevel(frame, level, outer)) {
    const { name, array, mode } = variable;
    const held = shared.get(name);
    if (held?.kind === 'register') {
      const value: Vectors = { kind: held.type, parts: [held.variable] };
      storeAt({ builder, lanes: SINGLE }, array, [index], value, mode);
    } else if (held?.kind === 'count') {
      const inLanes = [0, 1, 2, 3].map((lane) => builder.pure('i32x4.extract_lane', [held.lanes], lane));
      const whole = inLanes.reduce((total, lane) => builder.pure('i32.add', [total, lane]), held.rest);
      const counted = builder.pure('f64.convert_i32_s', [whole]);
      storeNumber(builder, array, index, builder.pure('f64.add', [loadNumber(builder, array, index), counted]));
    } else if (held?.kind === 'total') storeNumber(builder, array, index, held.variable);
  }
}

/** Adds to a counter what a group counts: a truth value is all ones, -1, in the lanes of the items for which it holds. */
export function addCount(machine: Machine, { lanes, rest }: Extract<Shared, { kind: 'count' }>, term: Expr, value: Value): void {
  const { builder } = machine;
  const add = (amount: Local): void => builder.copy(rest, builder.pure('i32.add', [rest, amount]));
  if (term.kind !== 'apply') {
    add(builder.i32(machine.lanes * (term as { value: number }).value));
    return;
  }
  const [yes, no] = term.args.slice(1).map((arg) => (arg as { value: number }).value);
  if (no !== 0) add(builder.i32(machine.lanes * no));
  const difference = yes - no;
  if (machine.lanes === 1) {
    add(builder.pure('i32.mul', [itemBits(machine, value), builder.i32(difference)]));
    return;
  }
  for (const mask of toMask32(machine, value)) {
    for (let n = 0; n < Math.abs(difference); n++) {
      builder.copy(lanes, builder.pure(difference > 0 ? 'i32x4.sub' : 'i32x4.add', [lanes, mask]));
    }
  }
}
