/**
 * Finds what a program need not do for most items. A statement that says itself that it changes nothing where a local truth value g does not hold,
 *
 *   name = if(g, …, name)      counter += if(g, …, 0)      each also with "g and …"
 *
 * gets g as its guard, and so do the locals that only such statements read. An emitter may then leave out the whole run, and the loads it needs.
 * A run is a stretch of statements with one guard; locals never leave theirs.
 */
import type { Assign, Expr, Program } from './ir.ts';

export function guardIdle(program: Program): Program {
  let { statements } = program;
  for (const [at, { name, scope, value }] of statements.entries()) {
    if (scope !== 'local' || value.type !== 'bool' || assignments(statements, name) !== 1) continue;
    const idle = idleWithout(statements, name, at);
    statements = statements.map((statement, n) => (idle.has(n) ? { ...statement, guard: name } : statement));
  }
  return { ...program, statements };
}

const assignments = (statements: readonly Assign[], local: string): number =>
  statements.filter(({ name, scope }) => scope === 'local' && name === local).length;

/** Numbers of the statements after `from` that do nothing that anybody sees where `guard` does not hold. */
function idleWithout(statements: readonly Assign[], guard: string, from: number): Set<number> {
  const idle = new Set<number>();
  for (const [n, statement] of statements.entries()) {
    if (n <= from || statement.guard !== undefined) continue;
    if (statement.scope === 'local' ? statement.name !== guard : saysIdle(statement, guard)) idle.add(n);
  }
  if (![...idle].some((n) => statements[n].scope !== 'local')) return new Set();
  // a local goes out when one of its statements lies, or is read, outside of the run of the first; that may cut a run, so look again
  for (let before = -1; before !== idle.size; ) {
    before = idle.size;
    for (const [name, places] of placesOfLocals(statements)) {
      const within = places.every((n) => idle.has(n)) && consecutive(places[0], places[places.length - 1], idle);
      if (!within) for (const n of places) if (statements[n].scope === 'local' && statements[n].name === name) idle.delete(n);
    }
  }
  return idle;
}

const consecutive = (first: number, last: number, set: ReadonlySet<number>): boolean =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n).every((n) => set.has(n));

/** Where each local is assigned, read, or a guard: numbers of statements, ascending. */
function placesOfLocals(statements: readonly Assign[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  const note = (name: string, n: number): void => {
    const list = places.get(name) ?? [];
    if (list[list.length - 1] !== n) list.push(n);
    places.set(name, list);
  };
  for (const [n, { name, scope, value, guard }] of statements.entries()) {
    if (scope === 'local') note(name, n);
    if (guard !== undefined) note(guard, n);
    const visit = (expr: Expr): void => {
      if (expr.kind === 'apply') expr.args.forEach(visit);
      if (expr.kind !== 'read') return;
      if (expr.scope === 'local') note(expr.name, n);
      if (expr.at !== undefined) visit(expr.at);
    };
    visit(value);
  }
  return places;
}

function saysIdle({ name, scope, value }: Assign, guard: string): boolean {
  const isSelf = (expr: Expr): boolean => expr.kind === 'read' && expr.scope === scope && expr.name === name;
  const hangsOn = (expr: Expr): boolean =>
    expr.kind === 'apply' && expr.op === 'and'
      ? hangsOn(expr.args[0])
      : expr.kind === 'read' && expr.scope === 'local' && expr.name === guard;
  if (value.kind !== 'apply') return false;
  const [first, second, third] = value.args;
  if (value.op === 'if') return hangsOn(first) && isSelf(third);
  // a counter is never -0, which adding 0 would change
  if (value.op !== 'add' || scope !== 'counter' || !isSelf(first) || second.kind !== 'apply' || second.op !== 'if') return false;
  const otherwise = second.args[2];
  return hangsOn(second.args[0]) && otherwise.kind === 'literal' && otherwise.value === 0;
}
