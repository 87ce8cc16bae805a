/**
 * A network seen whole, however it is cut into shards: arrays of one population or projection gathered in global order, in network units where
 * the chip has others.
 */
import type { LoweredVariable } from '../chip-contract.ts';
import { InternalError, UserError } from '../errors.ts';
import { evaluateExpr } from '../program/evaluate.ts';
import type { NumericArray } from '../program/kernel.ts';
import type { Piece } from './global-order.ts';
import { gather, perSynapse } from './global-order.ts';
import type { ShardProjection } from './projection-shape.ts';
import { settleProjection } from './replay.ts';
import type { Shard } from './shard.ts';
import type { ShardPopulation } from './shard-population.ts';

/** The parts of a population, in the order of their neurons. */
export function populationParts(shards: readonly Shard[], name: string): ShardPopulation[] {
  return shards.map((shard) => {
    const population = shard.populations.find((candidate) => candidate.plan.name === name);
    if (population !== undefined) return population;
    const known = shard.populations.map(({ plan }) => plan.name).join(', ');
    throw new UserError({ code: 'E-NAME', message: `there is no population "${name}" (${known})` });
  });
}

/** The parts of a projection, up to date; synapse k of a part has the global number k + rowShift of its row. */
export function projectionParts(shards: readonly Shard[], name: string): ShardProjection[] {
  return shards.map((shard) => {
    const projection = shard.projections.find((candidate) => candidate.plan.name === name);
    if (projection !== undefined) {
      settleProjection(shard, projection);
      return projection;
    }
    const known = shard.projections.map(({ plan }) => plan.name).join(', ') || 'none';
    throw new UserError({ code: 'E-NAME', message: `there is no projection "${name}" (${known})` });
  });
}

/** One array of values per neuron with the description of how the chip keeps it, for each part. */
export function variableParts(
  shards: readonly Shard[],
  population: string,
  variable: string,
): { readonly array: NumericArray; readonly lowered: LoweredVariable }[] {
  return populationParts(shards, population).map(({ plan, variables, lowered }) => {
    const array = variables.get(variable);
    const description = lowered.find(({ name }) => name === variable);
    if (array !== undefined && description !== undefined) return { array, lowered: description };
    throw new UserError({
      code: 'E-STATE',
      message: `population ${plan.name} keeps no "${variable}" per neuron (${[...variables.keys()].join(', ') || 'nothing'})`,
      hint: 'list a parameter under `tunable` to change it during a run',
    });
  });
}

/** A state variable or parameter of a population in network units, [size]. */
export function readState(shards: readonly Shard[], population: string, variable: string): Float64Array {
  const parts = variableParts(shards, population, variable);
  const whole = new Float64Array(parts.reduce((sum, { array }) => sum + array.length, 0));
  let at = 0;
  for (const { array, lowered } of parts) for (const value of array) whole[at++] = value / lowered.scale;
  return whole;
}

/** Effective weights of a projection in network units, [nSynapses] in the order of the plan's table. */
export function readWeights(shards: readonly Shard[], projection: string): Float64Array {
  const parts = projectionParts(shards, projection);
  const { weight } = parts[0].plan.lowered;
  if (weight.kind === 'read' && parts[0].variables.has(weight.name)) return gatherVariable(parts, weight.name);
  return gather(
    parts.map((part) => perSynapse(part, evaluatedWeights(part))),
    Float64Array,
  );
}

function evaluatedWeights({ plan, variables }: ShardProjection): Float64Array {
  let at = 0;
  const read = (name: string): number => variables.get(name)?.[at] ?? Number.NaN;
  const weights = new Float64Array(plan.table.nSynapses);
  for (; at < weights.length; at++) weights[at] = evaluateExpr(plan.lowered.weight, read, () => Number.NaN);
  return weights;
}

/** A synapse variable in global order, [nSynapses]. */
export function gatherVariable(parts: readonly ShardProjection[], name: string): Float64Array {
  return gather(variablePieces(parts, name), Float64Array);
}

/** The pieces of a synapse variable. */
export function variablePieces(parts: readonly ShardProjection[], name: string): Piece[] {
  return parts.map((part) => {
    const values = part.variables.get(name);
    if (values === undefined) throw new InternalError(`projection ${part.plan.name} keeps no "${name}" per synapse`);
    return perSynapse(part, values);
  });
}

/** Sum of the effective weights onto each target in network units, [nPost]; added in the order of rows, whatever the number of shards. */
export function readWeightSums(shards: readonly Shard[], projection: string): Float64Array {
  const parts = projectionParts(shards, projection);
  const whole = new Float64Array(parts.reduce((sum, { post }) => sum + post.size, 0));
  let first = 0;
  for (const { sums, sumWeights, allRows, post } of parts) {
    sums.fill(0);
    sumWeights.run(allRows, allRows.length, 0);
    whole.set(sums, first);
    first += post.size;
  }
  return whole;
}
