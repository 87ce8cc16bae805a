/**
 * A NaN never reaches a result. The loops keep a weight as it was when a rule asks for a value that is not finite, and count it; as soon as
 * the count is not zero the run stops here, and the reference evaluator finds the synapse and the values that led to it.
 */
import { UserError } from '../errors.ts';
import type { Moment } from '../plasticity/rule.ts';
import { evaluate } from '../program/evaluate.ts';
import type { Program } from '../program/ir.ts';
import type { Scope } from '../program/symbols.ts';
import { sourcesOf } from '../synapses/synapse-table.ts';
import { valueAt } from './evaluate-synapse.ts';
import type { ShardProjection } from './projection-shape.ts';
import type { Shard } from './shard.ts';

/** @param program what ran, where it was not the moment itself */
export function failOnNonFiniteWrite(
  shard: Shard,
  projection: ShardProjection,
  moment: Moment,
  list: Int32Array,
  count: number,
  program: Program | undefined = projection.plan.lowered.moments[moment],
): void {
  if (projection.notFiniteCell < 0 || projection.counters[projection.notFiniteCell] === 0) return;
  const { network } = shard.plan;
  const rule = network.projections.find((candidate) => candidate.name === projection.plan.name)?.rule;
  const culprit = program && findCulprit(projection, moment, program, list, count);
  const where = culprit === undefined ? '' : ` at synapse ${culprit.source} -> ${culprit.target}`;
  const values = culprit === undefined ? '' : `; there ${culprit.values.map(([name, value]) => `${name} = ${value}`).join(', ')}`;
  throw new UserError({
    code: 'E-NOT-FINITE',
    message: `rule ${rule?.name} of projection ${projection.plan.name}, ${moment}: the new weight is not a number${where}, tick ${shard.tick}${values}`,
    excerpt: rule?.code[moment]
      ?.trim()
      .split('\n')
      .map((line) => `    ${line.trim()}`)
      .join('\n'),
    hint: 'a division by a trace or variable that is zero is the usual cause: add a constant to the divisor, or guard it with if(...)',
  });
}

interface Culprit {
  readonly source: number;
  readonly target: number;
  /** What the program read, first to last. */
  readonly values: readonly (readonly [string, number])[];
}

function findCulprit(projection: ShardProjection, moment: Moment, program: Program, list: Int32Array, count: number): Culprit | undefined {
  const { table, reverse, lowered } = projection.plan;
  const sources = sourcesOf(table);
  const perPost = lowered.modulators.some((modulator) => modulator.per === 'post');
  const overColumns = (moment === 'onPost' && projection.replay === undefined) || (moment === 'onModulator' && perPost);
  const starts = overColumns && reverse !== undefined ? reverse.columnStart : table.rowStart;
  for (let c = 0; c < count; c++) {
    for (let at = starts[list[c]]; at < starts[list[c] + 1]; at++) {
      const synapse = overColumns && reverse !== undefined ? reverse.synapse[at] : at;
      const row = overColumns && reverse !== undefined ? reverse.row[at] : list[c];
      const target = table.target[synapse];
      const values = new Map<string, number>();
      let found = false;
      const read = (name: string, scope: Scope, at?: number): number => {
        const value = valueAt(projection, name, scope, { synapse, row, target }, at);
        // what a replay needs beside the rule is not the user's
        if (scope !== 'counter' && !/@row$|^spike\d/.test(name)) values.set(name.replace(/@spike$/, ''), value);
        return value;
      };
      const write = (name: string, scope: string, value: number): void => {
        if (scope === 'counter' && name === 'notFinite' && value > 0) found = true;
      };
      evaluate(program, read, write, () => 0.5);
      if (found) return { source: sources[synapse], target, values: [...values] };
    }
  }
  return undefined;
}

const NOT_FINITE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** Stops a run whose neurons have left the numbers: looked at once per run, because a NaN in a membrane stays there. */
export function failOnNonFiniteState(shards: readonly Shard[]): void {
  for (const { populations, tick } of shards) {
    for (const { plan, variables } of populations) {
      for (const [name, values] of variables) {
        if (!(values instanceof Float64Array || values instanceof Float32Array)) continue;
        // three native searches: a loop over a large population is still interpreted when it is needed first
        if (!NOT_FINITE.some((value) => values.includes(value))) continue;
        const i = values.findIndex((value) => !Number.isFinite(value));
        throw new UserError({
          code: 'E-NOT-FINITE',
          message: `population ${plan.name}: ${name} of neuron ${(plan.first ?? 0) + i} is ${values[i]} by tick ${tick}`,
          hint: 'an input far out of range or a dt too long for the time constants is the usual cause',
        });
      }
    }
  }
}
