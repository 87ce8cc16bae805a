/**
 * The programs of a projection whose post side waits (plan/replay-post.ts). For each of the last spikes of the target, oldest first, `onPost` as
 * it was at that spike, where the synapse has not seen it yet; then the delivery, then `onPre`.
 *
 * Names beside those of the rule: `spike0` … (scope post): when the newest, second newest … spike of the target was; `settled` (scope pre): up to when
 * the row has seen all of them; `traced` (scope pre): what leads from a spike to its place in `x@spike`, the values of a pre trace tick by tick, of
 * several rows abreast. So times count in steps of a place, ABREAST a tick, and from `tickBase`, so that single precision holds them.
 */
import type { LoweredProjection } from '../chip-contract.ts';
import { countedAs } from '../plan/replay-post.ts';
import type { Assign, Expr, Program, ValueType } from '../program/ir.ts';
import type { OpName } from '../program/op-table.ts';
import { ABREAST } from '../program/unfold-trace.ts';

export const spikeName = (slot: number): string => `spike${slot}`;
export const historyName = (trace: string): string => `${trace}@spike`;
export const SETTLED = 'settled@row';
export const TRACED = 'traced@row';
export const TICK_BASE = 'tickBase@row';

const span = { start: 0, end: 0 };
const read = (name: string, scope: 'pre' | 'post' | 'local' | 'modulator' | 'synapse', type: ValueType): Expr => ({
  kind: 'read',
  name,
  scope,
  type,
  span,
});
const literal = (value: number, type: ValueType): Expr => ({ kind: 'literal', value, type, span });
const apply = (op: OpName, type: ValueType, ...args: Expr[]): Expr => ({ kind: 'apply', op, args, type, span });
const local = (name: string, value: Expr, guard?: string): Assign => ({
  name,
  scope: 'local',
  value,
  span,
  ...(guard === undefined ? {} : { guard }),
});

/** Spikes that are looked at one by one; those before them are looked at only where all of these are new. */
const OFTEN = 4;

/** Brings a synapse up to date with the last `slots` spikes of its target. */
export function settleProgram(lowered: LoweredProjection, slots: number): Program {
  const onPost = lowered.moments.onPost as Program;
  const oldestFirst = Array.from({ length: slots }, (_, n) => replayed(lowered, onPost, slots - 1 - n));
  const rare = oldestFirst.slice(0, Math.max(0, slots - OFTEN)).flat();
  const [often, ...newer] = oldestFirst.slice(-OFTEN);
  const [pending, ...rest] = often;
  const statements = [pending, ...rare.map((statement) => ({ ...statement, guard: pending.name })), ...rest, ...newer.flat()];
  return { title: `${onPost.title}, replayed`, text: onPost.text, statements, draws: 0 };
}

/** What a spike that arrives does to a synapse, all in one pass. */
export function arrivalProgram(lowered: LoweredProjection, before: Program | undefined): Program {
  const { deliver, moments } = lowered;
  const own = deliver.statements.map((statement) => withLocals(statement, 'deliver', undefined));
  const statements = [...(before?.statements ?? []), ...own, ...(moments.onPre?.statements ?? [])];
  return { title: `${deliver.title} and learn`, text: deliver.text, statements, draws: moments.onPre?.draws ?? 0 };
}

function replayed(lowered: LoweredProjection, onPost: Program, slot: number): Assign[] {
  const pending = `pending@${slot}`;
  const since = `since@${slot}`;
  const spike = read(spikeName(slot), 'post', 'f32');
  const ticks = apply('div', 'f64', apply('f64', 'f64', spike), literal(ABREAST, 'f64'));
  const tick = apply('add', 'f64', ticks, read(TICK_BASE, 'modulator', 'f64'));
  const isPre = new Set(lowered.traces.filter(({ on }) => on === 'pre').map(({ name }) => name));
  const seen = (expr: Expr): Expr | undefined => {
    if (expr.kind !== 'read') return undefined;
    if (expr.scope === 'pre' && isPre.has(expr.name)) return { ...expr, name: historyName(expr.name), at: read(since, 'local', 'f32') };
    return expr.name === 'tick' && expr.scope !== 'local' ? tick : undefined;
  };
  const statements = onPost.statements.map((statement) =>
    only(withLocals(statement, `${slot}`, seen), read(pending, 'local', 'bool'), lowered),
  );
  return [
    local(pending, apply('gt', 'bool', spike, read(SETTLED, 'pre', 'f32'))),
    local(
      since,
      apply('if', 'f32', read(pending, 'local', 'bool'), apply('sub', 'f32', spike, read(TRACED, 'pre', 'f32')), literal(0, 'f32')),
      pending,
    ),
    ...statements.map((statement) => ({ ...statement, guard: pending })),
  ];
}

/** A statement whose locals have names of their own, and whose reads are replaced where `seen` says so. */
function withLocals(statement: Assign, suffix: string, seen: ((expr: Expr) => Expr | undefined) | undefined): Assign {
  const rename = (name: string): string => `${name}@${suffix}`;
  const visit = (expr: Expr): Expr => {
    const replacement = seen?.(expr);
    if (replacement !== undefined) return replacement;
    if (expr.kind === 'read') return expr.scope === 'local' ? { ...expr, name: rename(expr.name) } : expr;
    return expr.kind === 'apply' ? { ...expr, args: expr.args.map(visit) } : expr;
  };
  return { ...statement, name: statement.scope === 'local' ? rename(statement.name) : statement.name, value: visit(statement.value) };
}

/** The statement where the condition holds; elsewhere everything stays as it is. */
function only(statement: Assign, condition: Expr, { variables }: LoweredProjection): Assign {
  const { name, scope, value } = statement;
  if (scope === 'local') return statement;
  if (scope === 'counter') {
    const counted = countedAs(statement);
    if (counted === undefined || value.kind !== 'apply') return statement;
    const { when, yes, no } = counted;
    const chosen = (test: Expr, amount: number): Assign => ({
      ...statement,
      value: { ...value, args: [value.args[0], apply('if', 'f64', test, literal(amount, 'f64'), literal(0, 'f64'))] },
    });
    if (when === undefined) return chosen(condition, yes);
    return no === 0
      ? chosen(apply('and', 'bool', condition, when), yes)
      : chosen(apply('and', 'bool', condition, apply('not', 'bool', when)), no);
  }
  const type = variables.find((variable) => variable.name === name)?.storage === 'f32' ? 'f32' : 'f64';
  return { ...statement, value: apply('if', value.type, condition, value, read(name, 'synapse', type)) };
}
