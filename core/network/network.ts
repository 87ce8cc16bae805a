/**
 * What a network is: plain, frozen data, with every unit converted to SI and every name resolved. No runtime, no chip, no thread is known
 * here. Made by `core/network/builder.ts` (from code) or `core/network/read-network.ts` (from JSON).
 */
import type { NeuronModel } from '../neurons/model.ts';
import type { PlasticityRule } from '../plasticity/rule.ts';

/** Winner-take-all: in each tick only the neuron farthest above its threshold fires; every other one loses `inhibition`. */
export interface Competition {
  readonly kind: 'winner-take-all';
  /** In membrane units. */
  readonly inhibition: number;
}

export interface Population {
  readonly name: string;
  readonly size: number;
  readonly model: NeuronModel;
  /** SI values by parameter; an array has one value per neuron. */
  readonly parameters: Readonly<Record<string, number | Float64Array>>;
  /** Parameters that the host may change between runs (kept per neuron). */
  readonly tunable: readonly string[];
  readonly competition?: Competition;
  /** Set for spike sources: their neurons are spikes from outside, and cost no neuron update on a chip. */
  readonly source?: SpikeSource;
}

/** Where the spikes of a source population come from. */
export type SpikeSource =
  /** Each neuron fires in a tick with probability rate·dt (rates in Hz, set by the host or here). */
  | { readonly kind: 'poisson'; readonly rates: Float64Array }
  /** Recorded spikes: parallel arrays sorted by tick, then neuron; with payloads, graded ones. */
  | { readonly kind: 'replay'; readonly ticks: Int32Array; readonly neurons: Int32Array; readonly payloads?: Float64Array }
  /** Spikes that the host hands over while the network runs, at most `room` of them waiting. */
  | { readonly kind: 'played'; readonly room: number };

/** Whether the spikes of a population carry a number. */
export const isGraded = ({ model, source }: Population): boolean =>
  source === undefined ? model.payload !== undefined : source.kind === 'replay' && source.payloads !== undefined;

/** Whether what its spikes carry is never anything but +1 or -1. */
export const sendsSigns = ({ model, source }: Population): boolean =>
  source === undefined
    ? model.sendsSigns === true
    : source.kind === 'replay' && source.payloads?.every((payload) => Math.abs(payload) === 1) === true;

export type Connectivity =
  | { readonly kind: 'all-to-all'; readonly selfConnections: boolean }
  | { readonly kind: 'one-to-one' }
  | { readonly kind: 'fixed-probability'; readonly probability: number; readonly selfConnections: boolean }
  | { readonly kind: 'fixed-in-degree'; readonly degree: number; readonly selfConnections: boolean; readonly multapses: boolean }
  | { readonly kind: 'fixed-out-degree'; readonly degree: number; readonly selfConnections: boolean; readonly multapses: boolean }
  /** Synapse s runs from sources[s] to targets[s]. */
  | { readonly kind: 'explicit'; readonly sources: Int32Array; readonly targets: Int32Array };

/** How a value is drawn per synapse. Weights in network units, delays in ticks (rounded to nearest, at least 1). */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number; readonly low: number; readonly high: number }
  /** One value per synapse, in the order of the explicit list, or of (source, target) for all-to-all and one-to-one. */
  | { readonly kind: 'values'; readonly values: Float64Array };

export interface Projection {
  readonly name: string;
  readonly pre: string;
  readonly post: string;
  /** Input port of the post-synaptic model. */
  readonly port: string;
  readonly connectivity: Connectivity;
  readonly weight: Distribution;
  readonly delay: Distribution;
  readonly rule?: PlasticityRule;
}

export type Probe =
  | { readonly kind: 'spikes'; readonly of: string }
  | { readonly kind: 'state'; readonly of: string; readonly variable: string; readonly everyTicks: number }
  | { readonly kind: 'weights'; readonly of: string; readonly everyTicks: number };

export interface Network {
  /** Length of a tick in seconds. */
  readonly dt: number;
  readonly seed: number;
  /** Number format of the ideal chip's state, weights and modulators. */
  readonly precision: 'f64' | 'f32';
  readonly populations: readonly Population[];
  readonly projections: readonly Projection[];
  readonly probes: readonly Probe[];
}
