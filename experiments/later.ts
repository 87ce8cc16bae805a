/**
 * Time that passes with the network at rest: an hour, a day, a month after training. Nothing is simulated meanwhile. The run is continued from a
 * plan whose start values are what the run left, with its clock at 0 and every tick it remembers moved back by the pause; a chip whose cells drift,
 * relax or decay finds them as old as they are. On a chip without such cells nothing changes.
 */
import type { LoweredProjection, LoweredVariable } from '../core/chip-contract.ts';
import type { Plan, PlannedPopulation, PlannedProjection } from '../core/plan/plan.ts';
import { evaluateExpr } from '../core/program/evaluate.ts';
import type { Simulation } from '../workers/simulation.ts';

/** Units of a span in seconds; a month is 30 days. */
const SPANS: Readonly<Record<string, number>> = {
  s: 1,
  min: 60,
  h: 3600,
  day: 86_400,
  days: 86_400,
  month: 30 * 86_400,
  months: 30 * 86_400,
};

/** `1 h` in seconds; undefined, or what is wrong with it. */
export function readSpan(text: unknown): number | { readonly problem: string } {
  const units = Object.keys(SPANS).join(', ');
  const match = typeof text === 'string' ? /^\s*(\d+\.?\d*(?:[eE][+-]?\d+)?)\s+([a-z]+)\s*$/.exec(text) : null;
  if (match === null)
    return { problem: `is ${JSON.stringify(text)}, but needs a number, a space and a unit of time (${units}), e.g. "1 h"` };
  const [, number, unit] = match;
  if (!Object.hasOwn(SPANS, unit)) return { problem: `has an unknown unit "${unit}" (${units})` };
  return Number(number) * SPANS[unit];
}

/** The plan that goes on where the simulation stands, `seconds` of rest later. */
export function laterPlan(plan: Plan, simulation: Simulation, seconds: number): Plan {
  const pause = simulation.tick + seconds / plan.network.dt;
  return {
    ...plan,
    populations: plan.populations.map((population) => laterPopulation(population, plan, simulation)),
    projections: plan.projections.map((projection) => laterProjection(projection, simulation, pause)),
  };
}

/** Parameters that a host may have moved go on; the state begins at rest. */
function laterPopulation(population: PlannedPopulation, { network }: Plan, simulation: Simulation): PlannedPopulation {
  const { lowered, name } = population;
  if (lowered === undefined) return population;
  const state = network.populations.find((one) => one.name === name)?.model.state ?? {};
  const variables = lowered.variables.map((variable) =>
    variable.name in state
      ? variable
      : { ...variable, initial: simulation.state(name, variable.name).map((value) => value * variable.scale) },
  );
  return { ...population, lowered: { ...lowered, variables } };
}

function laterProjection(projection: PlannedProjection, simulation: Simulation, pause: number): PlannedProjection {
  const { lowered, name, table } = projection;
  const variables = lowered.variables.map((variable): LoweredVariable => {
    if (lowered.transient.includes(variable.name)) return variable;
    const now = simulation.synapseVariable(name, variable.name);
    return { ...variable, initial: variable.isTick === true ? now.map((tick) => tick - pause) : now };
  });
  return { ...projection, lowered: { ...lowered, variables: withWeight(lowered, variables, table.nSynapses) } };
}

/** `w` is kept as it was last touched; here it is brought up to date. */
function withWeight({ weightNow }: LoweredProjection, variables: readonly LoweredVariable[], n: number): readonly LoweredVariable[] {
  if (weightNow === undefined) return variables;
  const columns = new Map(variables.map(({ name, initial }) => [name, initial]));
  const at = (name: string, k: number): number => {
    const values = columns.get(name);
    return name === 'tick' ? 0 : typeof values === 'number' ? values : (values?.[k] ?? Number.NaN);
  };
  const w = Float64Array.from({ length: n }, (_, k) =>
    evaluateExpr(
      weightNow,
      (name) => at(name, k),
      () => Number.NaN,
    ),
  );
  return variables.map((variable) => (variable.name === 'w' ? { ...variable, initial: w } : variable));
}
