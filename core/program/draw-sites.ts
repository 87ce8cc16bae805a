/** Moves the draws of an expression to sites of their own, so that it can run in one loop with a program that draws as well. */
import type { Expr } from './ir.ts';

export function shiftDrawSites(expr: Expr, by: number): Expr {
  if (expr.kind === 'draw') return { ...expr, site: expr.site + by };
  if (expr.kind === 'apply') return { ...expr, args: expr.args.map((arg) => shiftDrawSites(arg, by)) };
  return expr;
}
