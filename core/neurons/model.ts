/**
 * The shape of a neuron model: parameters with dimensions, state, input ports and four short programs. A model is data; it says nothing
 * about chips. Every chip lowers the same text, or refuses it by name.
 *
 * Order within a tick: synaptic input has been added to the ports; `advance` runs; neurons for which `threshold` holds fire; `reset` runs for
 * those that fired; ports return to zero.
 */
import type { Dimension } from '../units.ts';

/**
 * What a parameter measures. `membrane` is the unit of the membrane variable: a voltage (`'-50 mV'`), or a plain number for models normalised
 * to their threshold; one population keeps to one of the two.
 */
export type ParameterDimension = Dimension | 'membrane' | 'number';

export interface ParameterSpec {
  readonly dimension: ParameterDimension;
  /** Value in SI units (or plain number) when the user gives none; absent means the user must give one. */
  readonly default?: number;
  readonly min?: number;
  /** True when `min` itself is not allowed. */
  readonly exclusiveMin?: boolean;
  readonly max?: number;
  readonly meaning: string;
}

export interface StateSpec {
  /** Expression over the parameters, evaluated once per neuron when the plan is built. */
  readonly initial: string;
  /** `membrane` values are scaled by chips that use integers; `number` and `ticks` are not. */
  readonly dimension: 'membrane' | 'number' | 'ticks';
  readonly meaning: string;
}

export interface NeuronModel {
  readonly name: string;
  /** Paper and section the equations come from. */
  readonly citation: string;
  /** The named choices that led to this text, e.g. `{ integrator: 'exact', resetTo: 'value' }`. */
  readonly choices: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Computed once per neuron from the parameters and `dt` (seconds), in order; available to all programs. */
  readonly derived: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, StateSpec>>;
  /** Input ports, set to zero after each tick; the first is where a projection arrives unless it names another. */
  readonly inputs: readonly string[];
  readonly advance: string;
  /** Condition for a spike; absent for models that never spike. */
  readonly threshold?: string;
  readonly reset: string;
  /** What a spike carries, before the reset (a graded spike); absent for spikes that carry nothing and count as 1. */
  readonly payload?: string;
  /** What a spike carries is always +1 or -1. */
  readonly sendsSigns?: boolean;
  /** How far a neuron is above its threshold: who wins under winner-take-all. */
  readonly score?: string;
  /** What a neuron that lost the competition of this tick does; `inhibition` is a constant of the population. */
  readonly lose?: string;
}

/** A family of models chosen by name; its choices select the text. */
export interface NeuronModelFamily {
  readonly name: string;
  readonly summary: string;
  /** Allowed values of each choice, the first being the default. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  /** `given` names the parameters the user set: optional features are written into the text only when asked for. */
  build(choices: Readonly<Record<string, string>>, given: ReadonlySet<string>): NeuronModel;
}
