/**
 * Spikes straight into the state. Where the first thing an advance does with a state variable is to add a port to it (`ge += excitatory`), and
 * nobody else looks at the port, the port needs no array of its own: arriving weights are added to the variable itself. That is what the text
 * says, one addition per spike, and it saves a load and two stores per neuron and tick.
 */
import type { LoweredPopulation, LoweredPort } from '../chip-contract.ts';
import { analyse, analyseExpr } from '../program/analyse.ts';
import type { Assign, Expr, Program } from '../program/ir.ts';
import type { PlannedProjection } from './plan.ts';

/** @param seenByRules variables of the population that a rule reads: a rule sees them as they were before this tick's spikes */
export function absorbPorts(lowered: LoweredPopulation, seenByRules: ReadonlySet<string>): LoweredPopulation {
  let result = lowered;
  for (const port of lowered.ports) {
    const at = result.advance.statements.findIndex((statement) => addsPort(statement, port.name));
    if (at < 0) continue;
    const { name } = result.advance.statements[at];
    const state = result.variables.find((variable) => variable.name === name);
    const floats = state?.storage === 'f32' || state?.storage === 'f64';
    if (state === undefined || !floats || state.storage !== port.storage || state.scale !== port.scale || seenByRules.has(name)) continue;
    const advance = without(result.advance, at);
    const untouchedBefore = !mentions(result.advance.statements.slice(0, at), name);
    if (!untouchedBefore || usesOf({ ...result, advance }).has(port.name)) continue;
    if (result.ports.some(({ into }) => into === name)) continue;
    const ports = result.ports.map((other): LoweredPort => (other.name === port.name ? { ...other, into: name } : other));
    result = { ...result, advance, ports };
  }
  return result;
}

const isRead = (expr: Expr, name: string): boolean => expr.kind === 'read' && expr.scope === 'neuron' && expr.name === name;

/** `x = x + port` */
function addsPort({ name, value }: Assign, port: string): boolean {
  if (value.kind !== 'apply' || value.op !== 'add') return false;
  const [a, b] = value.args;
  return (isRead(a, name) && isRead(b, port)) || (isRead(a, port) && isRead(b, name));
}

const without = (program: Program, at: number): Program => ({ ...program, statements: program.statements.filter((_, n) => n !== at) });

function mentions(statements: readonly Assign[], variable: string): boolean {
  return statements.some(({ name, value }) => name === variable || analyseExpr(value).reads.some((read) => read.name === variable));
}

/** Every name that some program of the population reads. */
const usesOf = (lowered: LoweredPopulation): Set<string> => new Set([...readBy(lowered.advance), ...readAfterAdvance(lowered)]);

/** Every name that something reads which runs after the advance. */
export function readAfterAdvance({ threshold, reset, payload, competition }: LoweredPopulation): Set<string> {
  const exprs = [threshold, payload, competition?.score].filter((expr) => expr !== undefined);
  const programs = [reset, competition?.lose].filter((program) => program !== undefined);
  return new Set([...programs.flatMap(readBy), ...exprs.flatMap((expr) => analyseExpr(expr).reads.map(({ name }) => name))]);
}

const readBy = (program: Program): string[] => analyse(program).reads.map(({ name }) => name);

/** State variables of a population that rules of projections onto it read. */
export function seenByRules(population: number, projections: readonly PlannedProjection[]): ReadonlySet<string> {
  const onto = projections.filter(({ post }) => post === population);
  const programs = onto.flatMap(({ lowered }) => [
    ...Object.values(lowered.moments),
    ...(lowered.epoch === undefined ? [] : [lowered.epoch.program]),
  ]);
  return new Set(
    programs
      .flatMap((program) => analyse(program).reads)
      .flatMap(({ name }) => (name.endsWith('_post') ? [name.slice(0, -'_post'.length)] : [])),
  );
}
