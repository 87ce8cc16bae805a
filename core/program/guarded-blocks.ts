/** Statements in runs that share a guard: what an emitter may put behind one test. */
import type { Assign, Expr, Program } from './ir.ts';

export interface GuardedBlock {
  /** Name of a local truth value; absent for statements that always run. */
  readonly guard?: string;
  readonly statements: readonly Assign[];
}

export function guardedBlocks({ statements }: Pick<Program, 'statements'>): GuardedBlock[] {
  const blocks: { guard?: string; statements: Assign[] }[] = [];
  for (const statement of statements) {
    const last = blocks[blocks.length - 1];
    if (last !== undefined && last.guard === statement.guard) last.statements.push(statement);
    else blocks.push({ ...(statement.guard === undefined ? {} : { guard: statement.guard }), statements: [statement] });
  }
  return blocks;
}

/** Names, other than locals, that concern one guarded block alone. */
export interface OwnNames {
  /** No statement outside of the block touches them: they need to be loaded inside only. */
  readonly touched: ReadonlySet<string>;
  /** No statement outside of it writes them: they need to be stored inside only. */
  readonly written: ReadonlySet<string>;
}

/** For each block; empty where it has no guard. @param outside what else the loop reads */
export function ownNames(blocks: readonly GuardedBlock[], outside?: Expr): OwnNames[] {
  const written = blocks.map(({ statements }) => new Set(writtenIn(statements)));
  const touched = blocks.map(({ statements }) => new Set(statements.flatMap(namesIn)));
  const elsewhere = new Set(outside === undefined ? [] : readsIn(outside));
  const only = (sets: readonly ReadonlySet<string>[], n: number): Set<string> =>
    new Set([...sets[n]].filter((name) => sets.every((other, m) => m === n || !other.has(name))));
  return blocks.map(({ guard }, n) =>
    guard === undefined
      ? { touched: new Set(), written: new Set() }
      : { touched: new Set([...only(touched, n)].filter((name) => !elsewhere.has(name))), written: only(written, n) },
  );
}

/** Names that statements write, other than locals. */
export const writtenIn = (statements: readonly Assign[]): string[] =>
  statements.flatMap(({ name, scope }) => (scope === 'local' ? [] : [name]));

/** Names that a statement reads or writes, other than locals. */
export const namesIn = (statement: Assign): string[] => [...writtenIn([statement]), ...readsIn(statement.value)];

export function readsIn(expr: Expr): string[] {
  if (expr.kind === 'apply') return expr.args.flatMap(readsIn);
  if (expr.kind !== 'read') return [];
  return [...(expr.scope === 'local' ? [] : [expr.name]), ...(expr.at === undefined ? [] : readsIn(expr.at))];
}
