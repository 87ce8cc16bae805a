/**
 * What a program reads and writes, what one pass of it costs, and whether a loop of it over synapses depends on their order.
 *
 * Order. Assumed: sums and products are exact, so that a + b + c may be added in any order (floating point differs in the last bits), and
 * every synapse is visited once. A value of the synapse belongs to one pass, so it may be used freely. A value that several passes share (pre,
 * post, modulator, counter) is safe if it is not written; or if every write of it only adds to it (or only multiplies, or only takes the
 * minimum or maximum), by something that reads no shared value that is written; or if every write stores the same thing for all synapses
 * that share it. Everything else depends on the order, and the reason names the value.
 */
import type { Span } from './diagnostics.ts';
import type { Assign, Expr, Program } from './ir.ts';
import type { CostClass, OpName } from './op-table.ts';
import { OPS } from './op-table.ts';
import type { Scope } from './symbols.ts';

export interface Use {
  readonly name: string;
  readonly scope: Scope;
  readonly span: Span;
}

export interface Analysis {
  /** In text order, one entry per occurrence; locals left out. */
  readonly reads: readonly Use[];
  readonly writes: readonly Use[];
  /** Operations of one pass. Of a choice both branches count: it is an upper bound. */
  readonly cost: Readonly<Record<CostClass, number>>;
  readonly orderIndependent: boolean;
  readonly orderReason?: string;
}

export function analyse(program: Program): Analysis {
  const reads = program.statements.flatMap(({ value }) => readsOf(value)).filter((use) => use.scope !== 'local');
  const writes = program.statements.filter(({ scope }) => scope !== 'local').map(({ name, scope, span }) => ({ name, scope, span }));
  const orderReason = findOrderDependence(program);
  return {
    reads,
    writes,
    cost: costOf(program.statements.map(({ value }) => value)),
    orderIndependent: orderReason === undefined,
    ...(orderReason && { orderReason }),
  };
}

/** Reads and cost of one expression; locals left out. */
export function analyseExpr(expr: Expr): Pick<Analysis, 'reads' | 'cost'> {
  return { reads: readsOf(expr).filter((use) => use.scope !== 'local'), cost: costOf([expr]) };
}

function readsOf(expr: Expr): Use[] {
  if (expr.kind === 'read') return [{ name: expr.name, scope: expr.scope, span: expr.span }];
  return expr.kind === 'apply' ? expr.args.flatMap(readsOf) : [];
}

function costOf(values: readonly Expr[]): Record<CostClass, number> {
  const cost: Record<CostClass, number> = { add: 0, mul: 0, div: 0, compare: 0, exp: 0, draw: 0, round: 0 };
  const visit = (expr: Expr): void => {
    if (expr.kind === 'draw') cost.draw++;
    if (expr.kind !== 'apply') return;
    const [, exponent] = expr.args;
    if (expr.op === 'pow' && exponent.kind === 'literal' && Number.isInteger(exponent.value)) cost.mul += productsOfPower(exponent.value);
    else if (expr.op !== 'f64') cost[OPS[expr.op].cost]++;
    if (expr.op === 'pow' && exponent.kind === 'literal' && Number.isInteger(exponent.value) && exponent.value < 0) cost.div++;
    for (const arg of expr.args) visit(arg);
  };
  for (const value of values) visit(value);
  return cost;
}

/** Multiplications of x^n by repeated squaring. */
function productsOfPower(exponent: number): number {
  const bits = Math.abs(exponent).toString(2);
  return Math.max(0, bits.length - 1 + bits.split('1').length - 2);
}

type Combination = 'sum' | 'product' | 'minimum' | 'maximum' | 'same value';

const COMBINES: Readonly<Partial<Record<OpName, Combination>>> = {
  add: 'sum',
  sub: 'sum',
  mul: 'product',
  div: 'product',
  min: 'minimum',
  max: 'maximum',
};

const isShared = (scope: Scope): boolean => scope === 'pre' || scope === 'post' || scope === 'modulator' || scope === 'counter';

/** Why the order of the synapses matters, or undefined. */
export function findOrderDependence(program: Program): string | undefined {
  const written = new Map(program.statements.filter(({ scope }) => isShared(scope)).map(({ name, scope }) => [name, scope]));
  if (written.size === 0) return undefined;
  const constantLocals = localsThatAreShared(program, written);
  const ways = new Map<string, Combination>();
  for (const statement of program.statements) {
    const { name, scope, value } = statement;
    const way = written.has(name) && scope !== 'local' ? wayOfWriting(statement, constantLocals) : undefined;
    const used = way === undefined || way.way === 'same value' ? readsOf(value) : way.rest.flatMap(readsOf);
    const touched = used.find((use) => use.scope !== 'local' && written.has(use.name));
    if (touched && way === undefined && touched.name === name)
      return `${name} (${scope}) is changed other than by adding to it, so each synapse sees what the one before it left`;
    if (touched) return `${touched.name} (${touched.scope}) is written by each synapse and read by the next`;
    if (!isShared(scope)) continue;
    if (way === undefined) return `${name} (${scope}) is overwritten, so the last synapse decides`;
    const before = ways.get(name);
    if (before !== undefined && before !== way.way)
      return `${name} (${scope}) is changed in two ways (${before}, ${way.way}) that do not commute`;
    ways.set(name, way.way);
  }
  return undefined;
}

/** How a shared name is written, and the parts of the expression that are combined into it. */
function wayOfWriting(
  { name, scope, value }: Assign,
  constantLocals: ReadonlyMap<string, ReadonlySet<Scope>>,
): { way: Combination; rest: Expr[] } | undefined {
  if (value.kind === 'apply') {
    const way = COMBINES[value.op];
    const rest = way && splitOff(name, value, way);
    if (way && rest) return { way, rest };
  }
  return isSameForAll(value, scope, constantLocals) ? { way: 'same value', rest: [] } : undefined;
}

/** The operands combined with `name` in a chain of one kind of operation, if `name` occurs once and at a place where it commutes. */
function splitOff(name: string, expr: Expr, way: Combination): Expr[] | undefined {
  if (expr.kind === 'read') return expr.name === name && expr.scope !== 'local' ? [] : undefined;
  if (expr.kind !== 'apply' || COMBINES[expr.op] !== way) return undefined;
  const [left, right] = expr.args;
  const inLeft = splitOff(name, left, way);
  if (inLeft) return [...inLeft, right];
  // a - name and a / name do not commute
  const inRight = expr.op === 'sub' || expr.op === 'div' ? undefined : splitOff(name, right, way);
  return inRight && [left, ...inRight];
}

/** True if all synapses that share a name of this scope compute the same value. */
function isSameForAll(expr: Expr, scope: Scope, constantLocals: ReadonlyMap<string, ReadonlySet<Scope>>): boolean {
  const reaches = new Set<Scope>();
  if (!collectScopes(expr, constantLocals, reaches)) return false;
  return [...reaches].every(
    (read) => read === 'constant' || read === 'modulator' || (read === scope && (scope === 'pre' || scope === 'post')),
  );
}

/** Locals whose value depends only on shared, unwritten values, with the scopes it depends on. */
function localsThatAreShared(program: Program, written: ReadonlyMap<string, Scope>): Map<string, Set<Scope>> {
  const found = new Map<string, Set<Scope>>();
  const spoiled = new Set<string>();
  for (const { name, scope, value } of program.statements) {
    if (scope !== 'local') continue;
    const reaches = new Set<Scope>(found.get(name));
    const clean = collectScopes(value, found, reaches) && !readsOf(value).some((use) => use.scope !== 'local' && written.has(use.name));
    if (clean && !spoiled.has(name)) found.set(name, reaches);
    else {
      spoiled.add(name);
      found.delete(name);
    }
  }
  return found;
}

/** Adds the scopes that an expression depends on; false if it draws or reads a local of unknown origin. */
function collectScopes(expr: Expr, locals: ReadonlyMap<string, ReadonlySet<Scope>>, into: Set<Scope>): boolean {
  if (expr.kind === 'draw') return false;
  if (expr.kind === 'apply') return expr.args.every((arg) => collectScopes(arg, locals, into));
  if (expr.kind !== 'read') return true;
  if (expr.scope !== 'local') {
    into.add(expr.scope);
    return true;
  }
  const reached = locals.get(expr.name);
  if (!reached) return false;
  for (const scope of reached) into.add(scope);
  return true;
}
