/**
 * The slow, obvious evaluator: one item, one statement after another, straight from the operation table. Every emitter is compared with it
 * bit by bit. Truth values are 1 and 0 here.
 */
import { InternalError } from '../errors.ts';
import type { Draw, Expr, Program } from './ir.ts';
import { OPS } from './op-table.ts';
import type { Scope } from './symbols.ts';

/** @param at index into the list that the name is bound to, where it is one */
export type ReadValue = (name: string, scope: Scope, at?: number) => number;
export type WriteValue = (name: string, scope: Scope, value: number) => void;
export type DrawValue = (distribution: Draw['distribution'], site: number) => number;

/** Runs the program for one item. Locals live only for the call; everything else goes through `read` and `write`, in program order. */
export function evaluate(program: Program, read: ReadValue, write: WriteValue, draw: DrawValue): void {
  const locals = new Map<string, number>();
  const readAny: ReadValue = (name, scope, at) => {
    if (scope !== 'local') return read(name, scope, at);
    const value = locals.get(name);
    if (value === undefined) throw new InternalError(`local "${name}" is read before it is declared in ${program.title}`);
    return value;
  };
  for (const { name, scope, value } of program.statements) {
    const result = evaluateExpr(value, readAny, draw);
    if (scope === 'local') locals.set(name, result);
    else write(name, scope, result);
  }
}

export function evaluateExpr(expr: Expr, read: ReadValue, draw: DrawValue): number {
  switch (expr.kind) {
    case 'literal':
      return expr.value;
    case 'read':
      return expr.at === undefined ? read(expr.name, expr.scope) : read(expr.name, expr.scope, evaluateExpr(expr.at, read, draw));
    case 'draw':
      return draw(expr.distribution, expr.site);
    case 'apply': {
      const value = OPS[expr.op].value(...expr.args.map((arg) => evaluateExpr(arg, read, draw)));
      return expr.type === 'f32' ? Math.fround(value) : value;
    }
  }
}
