/** A copy of what every neuron holds, so that two phases can begin from the same state. Spikes on their way are not part of it. */
import type { Plan } from '../../core/plan/plan.ts';
import type { Simulation } from '../../workers/simulation.ts';

export type NeuronStates = readonly { readonly population: string; readonly variable: string; readonly values: Float64Array }[];

export function keepStates(simulation: Simulation, { network }: Plan): NeuronStates {
  return network.populations
    .filter(({ source }) => source === undefined)
    .flatMap(({ name, model }) =>
      Object.keys(model.state).map((variable) => ({
        population: name,
        variable,
        values: Float64Array.from(simulation.state(name, variable)),
      })),
    );
}

export function restoreStates(simulation: Simulation, states: NeuronStates): void {
  for (const { population, variable, values } of states) simulation.setState(population, variable, values);
}
