/**
 * From counted spikes to the input of a neuron. A projection whose spikes are counted (plan/count-arrivals.ts) leaves one number per target and tick,
 * and the port takes arrivals · weight, one product and one sum. Where the plan says that a port is worked out, its counts are all it is made of and the
 * advance alone looks at it: then the advance does that sum where it reads the port, and there is no array to add to, to read and to clear. Any
 * other port has it added by a loop of its own. The bits are the same.
 */
import type { LoweredPopulation } from '../chip-contract.ts';
import type { Plan, PlannedPopulation, PlannedProjection } from '../plan/plan.ts';
import type { Expr, Program, ValueType } from '../program/ir.ts';
import type { OpName } from '../program/op-table.ts';
import { replaceReads } from '../program/simplify.ts';

/** Name of the counts of a projection, in its shard's memory and in programs. */
export const arrivalsName = ({ name }: PlannedProjection): string => `${name}:#arrivals`;

/** Whether the advance of its targets reads the counts of a projection itself. */
export const isReadByAdvance = ({ populations }: Plan, { post, port }: PlannedProjection): boolean =>
  populations[post].workedOut?.includes(port) === true;

/** The projections onto a population of which it is so, in the order in which their spikes arrive. */
export const readByAdvance = (plan: Plan, population: number): PlannedProjection[] =>
  plan.projections.filter((projection) => projection.post === population && isReadByAdvance(plan, projection));

/** A population that works its ports out, with an advance that does; others as they are. */
export function withPortsWorkedOut(plan: Plan, population: number): PlannedPopulation {
  const planned = plan.populations[population];
  const { lowered, workedOut = [] } = planned;
  if (lowered === undefined || workedOut.length === 0) return planned;
  const counted = readByAdvance(plan, population);
  const onto = (port: string): PlannedProjection[] => counted.filter((projection) => projection.port === port);
  const own = lowered.ports.filter(({ name }) => workedOut.includes(name));
  const sums = new Map(own.map(({ name, storage }) => [name, sumOfArrivals(onto(name), storage === 'f32')]));
  const working: LoweredPopulation = {
    ...lowered,
    advance: replaceReads(lowered.advance, sums),
    ports: lowered.ports.filter(({ name }) => !sums.has(name)),
  };
  return { ...planned, lowered: working };
}

const span = { start: 0, end: 0 };
const apply = (op: OpName, type: ValueType, ...args: Expr[]): Expr => ({ kind: 'apply', op, args, type, span });
const literal = (value: number, type: ValueType): Expr => ({
  kind: 'literal',
  value: type === 'f32' ? Math.fround(value) : value,
  type,
  span,
});
const read = (name: string, type: ValueType): Expr => ({ kind: 'read', name, scope: 'neuron', type, span });

/** Single precision holds every count. */
const typeOf = (isSingle: boolean): ValueType => (isSingle ? 'f32' : 'f64');

const weightOf = ({ counted }: PlannedProjection): number => counted?.weight ?? 0;

/** What has been added to a port that was +0. */
function sumOfArrivals(onto: readonly PlannedProjection[], isSingle: boolean): Expr {
  const type = typeOf(isSingle);
  const [first, ...others] = onto.map((projection) => {
    const product = apply('mul', type, read(arrivalsName(projection), type), literal(weightOf(projection), type));
    return { product, isNeverNegativeZero: weightOf(projection) > 0 };
  });
  // once a sum is not -0, neither no arrivals nor arrivals that take everything away make it -0
  const start = first.isNeverNegativeZero ? first.product : apply('add', type, literal(0, type), first.product);
  return others.reduce((sum, { product }) => apply('add', type, sum, product), start);
}

/** Adds what has arrived to a port. Without arrivals +0 is taken away or -0 added, which changes no bit of it, where adding +0 would make +0 of -0. */
export function addingProgram(projection: PlannedProjection, isSingle: boolean): Program {
  const { port } = projection;
  const type = typeOf(isSingle);
  const weight = literal(weightOf(projection), type);
  const arrivals = read(arrivalsName(projection), type);
  const isAbove = weightOf(projection) > 0;
  const counted = isAbove ? apply('sub', type, literal(0, type), arrivals) : arrivals;
  const value = apply(isAbove ? 'sub' : 'add', type, read(port, type), apply('mul', type, counted, weight));
  const title = `projection ${projection.name}, ${port} += arrivals * ${weightOf(projection)}`;
  return { title, text: '', statements: [{ name: port, scope: 'neuron', value, span }], draws: 0 };
}
