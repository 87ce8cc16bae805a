/** Statements in runs that share a guard: what an emitter may put behind one test. */
import type { Assign, Program } from './ir.ts';

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
