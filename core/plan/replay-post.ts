/**
 * When may the post side of a rule wait? A spike of a target changes all synapses onto it, which lie scattered over the table. If what `onPost`
 * does to a synapse depends only on the synapse itself, on the pre traces at that moment and on the time, then nobody can tell whether it was
 * done at once or when the synapse is next looked at, with the same numbers in the same order. So it is done row by row, at the next spike of
 * the source (core/kernel/replay.ts), and no way from a target to its synapses is needed.
 */
import type { LoweredProjection } from '../chip-contract.ts';
import { analyse } from '../program/analyse.ts';
import type { Assign, Expr, Program } from '../program/ir.ts';
import { buildReverseIndex } from '../synapses/synapse-table.ts';
import type { Plan } from './plan.ts';

/** Ticks that the history of a trace holds while rows wait; rows silent for half as long are swept. */
export const HISTORY = 4096;
/** Rows that are brought up to date together. */
export const TOGETHER = 16;
/** Ticks that the history of a trace has room for. */
export const STRIDE = HISTORY + 272;

export function canReplayPost({ moments, epoch, traces, variables, deliver, tiles }: LoweredProjection): boolean {
  const { onPost, onPre, onLearningEpoch } = moments;
  if (onPost === undefined || onPost.draws > 0 || onLearningEpoch !== undefined || epoch !== undefined || deliver.draws > 0) return false;
  // somebody else writes to the synapses, too
  if (tiles !== undefined) return false;
  if (variables.some(({ storage }) => storage !== 'f32' && storage !== 'f64')) return false;
  const preTraces = traces.filter(({ on }) => on === 'pre');
  const readsAreKept = analyse(onPost).reads.every(
    ({ name, scope }) =>
      scope === 'synapse' || scope === 'counter' || name === 'tick' || (scope === 'pre' && preTraces.some((trace) => trace.name === name)),
  );
  const writesItsOwn = onPost.statements.every((statement) => statement.scope !== 'counter' || countedAs(statement) !== undefined);
  const onlySynapses = [onPost, ...(onPre === undefined ? [] : [onPre])].every((program) =>
    analyse(program).writes.every(({ scope }) => scope === 'synapse' || scope === 'counter'),
  );
  return readsAreKept && writesItsOwn && onlySynapses && preTraces.every(({ decay }) => decayFactor(decay) !== undefined);
}

/** The plan with `onPost` done at once in some projections: the same bits, and every change of a weight at its tick. */
export function withoutWaiting(plan: Plan, names: readonly string[]): Plan {
  const projections = plan.projections.map((projection) => {
    const { replaysPost, ...rest } = projection;
    if (replaysPost !== true || !names.includes(projection.name)) return projection;
    return { ...rest, reverse: projection.reverse ?? buildReverseIndex(projection.table) };
  });
  return { ...plan, projections };
}

/** The factor of a trace that only ever decays by a constant; 1 for one that does not decay. */
export function decayFactor({ statements, draws }: Program): number | undefined {
  if (statements.length === 0) return 1;
  const [{ name, value }, ...more] = statements;
  if (more.length > 0 || draws > 0 || value.kind !== 'apply' || value.op !== 'mul') return undefined;
  const [trace, factor] = value.args;
  return trace.kind === 'read' && trace.name === name && factor.kind === 'literal' ? factor.value : undefined;
}

/** What a statement adds to a counter: a number where a condition holds, or where it does not. */
export function countedAs({ name, value }: Assign): { readonly when?: Expr; readonly yes: number; readonly no: number } | undefined {
  if (value.kind !== 'apply' || value.op !== 'add') return undefined;
  const [counter, term] = value.args;
  if (counter.kind !== 'read' || counter.name !== name) return undefined;
  if (term.kind === 'literal') return { yes: term.value, no: 0 };
  if (term.kind !== 'apply' || term.op !== 'if') return undefined;
  const [when, yes, no] = term.args;
  if (yes.kind !== 'literal' || no.kind !== 'literal' || (yes.value !== 0 && no.value !== 0)) return undefined;
  return { when, yes: yes.value, no: no.value };
}
