/**
 * Rewrites the moments of a checked rule into the text a chip will run. Every chip lets the rule's own statements stand, except that it
 * decides what writing the weight means, and that synapse variables with a time constant are brought up to date before they are touched.
 *
 * A variable with a time constant decays lazily: the tick of its last touch is kept beside it (`e_at`), and on the next touch
 * e ← e·exp(-(tick - e_at)·dt/tau). A silent synapse costs nothing.
 */
import type { CheckedRule } from '../plasticity/check-rule.ts';
import type { Moment, PlasticityRule } from '../plasticity/rule.ts';
import { analyse } from '../program/analyse.ts';
import type { Program } from '../program/ir.ts';
import { printExpr } from '../program/print.ts';

/** Name of the variable that holds the tick at which `variable` was last touched. */
export const touchedAt = (variable: string): string => `${variable}_at`;

/** Names of rule variables that decay with time. */
export function decayingVariables(rule: PlasticityRule): string[] {
  return Object.entries(rule.variables)
    .filter(([, spec]) => spec.tau !== undefined)
    .map(([name]) => name);
}

/**
 * @param writeWeight text that stores `value` (an expression) into the weight; `nth` tells the writes of one moment apart
 */
export function rewriteMoment(
  checked: CheckedRule,
  moment: Moment,
  dt: number,
  writeWeight: (value: string, nth: number) => string,
): string | undefined {
  const program = checked.moments[moment];
  if (program === undefined) return undefined;
  let writes = 0;
  const body = program.statements.map((statement) => {
    const value = printExpr(statement.value);
    if (statement.name === 'w') return writeWeight(value, writes++);
    return statement.scope === 'local' ? `let ${statement.name} = ${value}` : `${statement.name} = ${value}`;
  });
  return [...decayTouched(checked.rule, program, dt), ...body].join('\n');
}

function decayTouched(rule: PlasticityRule, program: Program, dt: number): string[] {
  const { reads, writes } = analyse(program);
  const touched = new Set([...reads, ...writes].map((use) => use.name));
  return decayingVariables(rule)
    .filter((name) => touched.has(name))
    .flatMap((name) => {
      const rate = dt / (rule.variables[name].tau as number);
      return [`${name} = ${name} * exp((${touchedAt(name)} - tick) * ${rate})`, `${touchedAt(name)} = tick`];
    });
}

/** Stores `value` clipped to the bounds, and books the attempt, the change, the clipping, and a value that is not a number (kept out). */
export function writeBoundedWeight(value: string, nth: number, bounds: readonly [number, number]): string {
  const asked = `asked${nth}`;
  const kept = `kept${nth}`;
  return [
    `let ${asked} = ${value}`,
    `let ${kept} = if(${asked} - ${asked} == 0, clip(${asked}, ${bounds[0]}, ${bounds[1]}), w)`,
    'updateAttempts += 1',
    `synapticUpdates += if(${kept} != w, 1, 0)`,
    `saturatedUpdates += if(${asked} < ${bounds[0]} or ${asked} > ${bounds[1]}, 1, 0)`,
    `notFinite += if(${asked} - ${asked} == 0, 0, 1)`,
    `w = ${kept}`,
  ].join('\n');
}
