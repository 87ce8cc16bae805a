/**
 * Which projections are delivered by counting: those whose program adds one constant to a port that is an accumulator, and whose rows are dense. And
 * which ports are made of nothing but counts.
 */
import type { LoweredPopulation, LoweredPort, LoweredProjection } from '../chip-contract.ts';
import type { Expr } from '../program/ir.ts';
import { suitableBitRows } from '../synapses/bit-rows.ts';
import type { SynapseTable } from '../synapses/synapse-table.ts';
import { readAfterAdvance } from './absorb-ports.ts';
import type { PlannedProjection } from './plan.ts';

export function countedDelivery(
  { variables, traces, moments, epoch, deliver }: LoweredProjection,
  table: SynapseTable,
  post: LoweredPopulation | undefined,
): PlannedProjection['counted'] {
  const isStatic = variables.length + traces.length + Object.keys(moments).length === 0 && epoch === undefined;
  if (!isStatic || deliver.statements.length !== 1) return undefined;
  const [{ name, scope, value }] = deliver.statements;
  const port = post?.ports.find((candidate) => candidate.name === name);
  if (scope !== 'post' || port === undefined || port.into !== undefined) return undefined;
  if (value.kind !== 'apply' || value.op !== 'add') return undefined;
  const [sum, term] = value.args;
  const weight = constantOf(term);
  if (weight === undefined || sum.kind !== 'read' || sum.name !== name) return undefined;
  if (port.storage !== 'f32' && port.storage !== 'f64') return undefined;
  const shape = suitableBitRows(table);
  return shape && { weight, shape };
}

/**
 * Ports that only counted projections add to and only the advance reads: it works them out where it reads them, and they need no memory. Both are so in
 * every part of the plan if they are so in the whole.
 */
export function portsWorkedOut(lowered: LoweredPopulation, onto: readonly PlannedProjection[]): readonly string[] {
  const later = readAfterAdvance(lowered);
  const writers = ({ name }: LoweredPort): PlannedProjection[] =>
    onto.filter((projection) =>
      projection.lowered.deliver.statements.some((statement) => statement.scope === 'post' && statement.name === name),
    );
  const isWorkedOut = (port: LoweredPort): boolean => {
    const all = writers(port);
    return all.length > 0 && all.every(({ counted }) => counted !== undefined) && !later.has(port.name);
  };
  return lowered.ports.filter(isWorkedOut).map(({ name }) => name);
}

function constantOf(expr: Expr): number | undefined {
  if (expr.kind === 'literal') return expr.value;
  if (expr.kind !== 'apply' || expr.op !== 'neg') return undefined;
  const [value] = expr.args;
  return value.kind === 'literal' ? -value.value : undefined;
}
