/**
 * Describes a network in code. The builder collects plain values and reads them exactly as it would read a JSON file, so code and files have
 * one meaning and one set of messages; units are checked by the compiler as well.
 *
 *   const net = network({ dt: '1 ms', seed: 7 });
 *   const pixels = net.input('pixels', 64, { rates: '20 Hz' });
 *   const digits = net.neurons('digits', 10, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
 *   const synapses = net.connect(pixels, digits, { weight: { uniform: [0, 0.3] }, delay: '1 ms', rule: 'pair-stdp' });
 *   net.record(digits, 'spikes');
 *   const description = net.freeze();
 */
import { readOptions } from '../check-options.ts';
import type { Problem } from '../errors.ts';
import { UserError } from '../errors.ts';
import type { NeuronModelName } from '../neurons/families.ts';
import type { PlasticityRule } from '../plasticity/rule.ts';
import type { Frequency, Time, Voltage } from '../units.ts';
import type { Network, Population, Probe, Projection } from './network.ts';
import { checkUnique, freeze, readProbe, readSettings } from './read-network.ts';
import { readPopulation } from './read-population.ts';
import { readProjection } from './read-projection.ts';

/** A voltage, or a plain number for models normalised to their threshold; one population keeps to one of the two. */
export type Membrane = Voltage | number;

interface CommonNeuronOptions {
  vThreshold: Membrane;
  vRest?: Membrane;
  vReset?: Membrane;
  vInitial?: Membrane;
  tauMem: Time;
  refractory?: Time;
  integrator?: 'exact' | 'euler';
  resetTo?: 'value' | 'subtraction';
  /** Winner-take-all: one neuron fires per tick, the others lose `inhibition`. */
  competition?: { kind?: 'winner-take-all'; inhibition: Membrane };
  /** Parameters the host may change between runs. */
  tunable?: readonly string[];
}

/** All state goes back to rest at the start of a tick, every so often. */
interface PeriodicResetOptions {
  resetEvery?: Time;
  /** Time of the first one, modulo the interval. */
  resetOffset?: Time;
}

export interface LifOptions extends CommonNeuronOptions, PeriodicResetOptions {
  model: 'lif';
  resistance?: number;
  floor?: Membrane;
  /** Added to the threshold but not to what a reset subtracts. */
  thresholdShift?: Membrane;
  /** Total rate of Poisson input from outside, and what one event adds. */
  driveRate?: Frequency;
  driveWeight?: Membrane;
  /** Standard deviation of the membrane noise added per tick. */
  noise?: Membrane;
  spiking?: 'threshold' | 'escape';
  escapeRate?: Frequency;
  escapeWidth?: Membrane;
  escapeMax?: number;
}

export interface CubalifOptions extends CommonNeuronOptions, PeriodicResetOptions {
  model: 'cubalif';
  tauExc: Time;
  tauInh: Time;
}

export interface AdaptiveLifOptions extends CommonNeuronOptions {
  model: 'adaptive-lif';
  resistance?: number;
  tauAdaptation: Time;
  adaptationStep: Membrane;
}

export interface TernaryLifOptions extends Omit<CommonNeuronOptions, 'competition'> {
  model: 'ternary-lif';
  vThresholdLow: Membrane;
  resistance?: number;
}

export interface RateIfOptions {
  model: 'rate-if';
  tauMem: Time;
  vThreshold: Membrane;
  bias?: Membrane;
  floor: Membrane;
  ceiling: Membrane;
  vInitial?: Membrane;
  phaseInitial?: Membrane | readonly number[];
  integrator?: 'exact' | 'euler';
  dynamics?: 'leaky' | 'integrating';
  spikes?: 'positive' | 'signed';
  tunable?: readonly string[];
}

export interface ResonateAndFireOptions {
  model: 'resonate-and-fire';
  frequency: Frequency;
  tauDecay: Time;
  vThreshold: Membrane;
  vReset?: Membrane;
}

export interface SigmaDeltaOptions {
  model: 'sigma-delta';
  /** Smallest change of the activation that is sent. */
  vThreshold: Membrane;
  bias?: Membrane;
  activation?: 'relu' | 'none';
}

export interface IzhikevichOptions {
  model: 'izhikevich';
  a?: number;
  b?: number;
  c?: number;
  d?: number;
}

export type NeuronOptions =
  | LifOptions
  | CubalifOptions
  | AdaptiveLifOptions
  | TernaryLifOptions
  | RateIfOptions
  | ResonateAndFireOptions
  | SigmaDeltaOptions
  | IzhikevichOptions;

/** Fails to compile when a model is added to the table and not here. */
type _EveryModelHasOptions = NeuronModelName extends NeuronOptions['model'] ? true : never;
true satisfies _EveryModelHasOptions;

export type InputOptions =
  | { rates?: Frequency | readonly Frequency[] }
  /** Spikes that the host hands over while the network runs (`Simulation.play`), at most so many waiting. */
  | { room: number }
  /** `payloads`: one number per spike, which makes them graded. */
  | { times: readonly Time[]; neurons: readonly number[]; payloads?: readonly number[] };

export type ConnectOptions = {
  name?: string;
  connect?:
    | 'all-to-all'
    | 'one-to-one'
    | { kind: 'all-to-all'; selfConnections?: boolean }
    | { kind: 'fixed-probability'; probability: number; selfConnections?: boolean }
    | { kind: 'fixed-in-degree' | 'fixed-out-degree'; degree: number; selfConnections?: boolean; multapses?: boolean }
    | { kind: 'explicit'; sources: readonly number[]; targets: readonly number[] };
  /** `transposeOf`: as an earlier all-to-all projection begins, the other way round, times a factor. */
  weight: DistributionOf<Membrane> | Float64Array | { transposeOf: string; times?: number };
  delay?: DistributionOf<Time>;
  port?: string;
  rule?: string | PlasticityRule;
};

type DistributionOf<T> = T | { uniform: readonly [T, T] } | { normal: { mean: T; sd: T; low?: T; high?: T } } | readonly T[];

export interface PopulationRef {
  readonly kind: 'population';
  readonly name: string;
}
export interface ProjectionRef {
  readonly kind: 'projection';
  readonly name: string;
}

export interface NetworkBuilder {
  /** A population of spike sources: Poisson by rate, or replayed spikes. */
  input(name: string, size: number, options?: InputOptions): PopulationRef;
  neurons(name: string, size: number, options: NeuronOptions): PopulationRef;
  connect(pre: PopulationRef, post: PopulationRef, options: ConnectOptions): ProjectionRef;
  record(of: PopulationRef, what: 'spikes'): void;
  record(of: PopulationRef, what: string, options: { every: Time }): void;
  record(of: ProjectionRef, what: 'w', options: { every: Time }): void;
  /** The finished description; throws one error with every problem. */
  freeze(): Network;
}

export function network(options: { dt?: Time; seed?: number; precision?: 'f64' | 'f32' } = {}): NetworkBuilder {
  const problems: Problem[] = [];
  const settings = readOptions(options, '', problems);
  const { dt, seed, precision } = readSettings(settings);
  settings.finish();
  const populations: Population[] = [];
  const projections: Projection[] = [];
  const probes: Probe[] = [];

  const add = (value: Record<string, unknown>): PopulationRef => {
    const name = String(value.name);
    populations.push(readPopulation(value, name, dt, problems));
    return { kind: 'population', name };
  };
  return {
    input: (name, size, input = {}) =>
      add({ name, size, source: 'times' in input ? 'replay' : 'room' in input ? 'played' : 'poisson', ...input }),
    neurons: (name, size, neurons) => add({ name, size, ...neurons }),
    connect: (pre, post, connect) => {
      const { rule, ...rest } = connect;
      const value = { pre: pre.name, post: post.name, ...rest, ...(typeof rule === 'string' ? { rule } : {}) };
      const name = connect.name ?? `${pre.name}-${post.name}`;
      const projection = readProjection(value, name, populations, dt, problems, undefined, { projections, seed });
      if (projection !== undefined) projections.push(typeof rule === 'object' ? { ...projection, rule } : projection);
      return { kind: 'projection', name };
    },
    record: (of: PopulationRef | ProjectionRef, what: string, { every }: { every?: Time } = {}) => {
      const value =
        of.kind === 'projection'
          ? { weights: of.name, every }
          : what === 'spikes'
            ? { spikes: of.name }
            : { state: of.name, variable: what, every };
      probes.push(readProbe(value, `probe of ${of.name}`, populations, projections, dt, problems));
    },
    freeze: () => {
      const found = [...problems];
      checkUnique('populations', populations, found);
      checkUnique('projections', projections, found);
      if (found.length > 0) throw new UserError(found);
      return freeze({ dt, seed, precision, populations: [...populations], projections: [...projections], probes: [...probes] });
    },
  };
}
