/** Short ways to a running network on the ideal chip. */
import { ideal } from '../../chips/ideal/ideal.ts';
import type { NetworkBuilder, NeuronOptions, PopulationRef } from '../../core/network/builder.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import type { Time } from '../../core/units.ts';
import { Simulation } from '../../workers/simulation.ts';

/** `12` as `'12 ms'`. */
export const ms = (value: number): Time => `${value} ms`;

export const start = (net: NetworkBuilder): Simulation => new Simulation(buildPlan(net.freeze(), ideal()));

/** Ticks as the `times` of a replayed source, all of its one neuron; 1 tick = 1 ms. */
export const spikesAt = (ticks: readonly number[]): { times: Time[]; neurons: number[] } => ({
  times: ticks.map(ms),
  neurons: ticks.map(() => 0),
});

/** Whole numbers from `first` to `last`. */
export const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, n) => first + n);

/** Arriving input, a column per tick from tick 1: what each neuron's port receives in that tick. */
export interface Drive {
  readonly port?: string;
  /** [ticks] weight that arrives at every neuron in tick t is weights[t - 1]; 0 for nothing. */
  readonly weights: readonly number[];
}

/** One population, every neuron given the same input by replayed spikes with one weight each; ticks are 1 ms unless told. */
export function drivenNeurons(
  size: number,
  options: NeuronOptions,
  drives: readonly Drive[],
  settings: { dt?: Time; seed?: number; every?: Time } = {},
): { net: NetworkBuilder; neurons: PopulationRef } {
  const { dt = '1 ms', seed = 1 } = settings;
  const net = network({ dt, seed });
  const neurons = net.neurons('neurons', size, options);
  drives.forEach(({ port, weights }, d) => {
    // a spike that arrives in tick t was fired in tick t - 1, so nothing can arrive in tick 1
    const arriving = weights.map((weight, n) => ({ weight, tick: n + 1 })).filter(({ weight, tick }) => weight !== 0 && tick > 1);
    if (arriving.length === 0) return;
    const step = Number.parseFloat(dt);
    const source = net.input(`input${d}`, arriving.length, {
      times: arriving.map(({ tick }) => `${(tick - 1) * step} ${dt.split(' ')[1]}` as Time),
      neurons: arriving.map((_, n) => n),
    });
    net.connect(source, neurons, {
      weight: arriving.flatMap(({ weight }) => new Array<number>(size).fill(weight)),
      delay: dt,
      ...(port === undefined ? {} : { port }),
    });
  });
  return { net, neurons };
}

/** Runs tick by tick and gives a state variable of neuron 0 after each, and the ticks in which it fired. */
export function follow(
  simulation: Simulation,
  population: string,
  variable: string,
  ticks: number,
): { values: number[]; spikes: number[] } {
  const values: number[] = [];
  const spikes: number[] = [];
  for (let n = 0; n < ticks; n++) {
    const before = simulation.spikeCounts(population)[0];
    simulation.run(1);
    values.push(simulation.state(population, variable)[0]);
    if (simulation.spikeCounts(population)[0] > before) spikes.push(simulation.tick);
  }
  return { values, spikes };
}
