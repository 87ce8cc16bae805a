/**
 * The shape of a plasticity rule: parameters, traces, synapse variables, modulators, and program text by moment. A rule is data. It is
 * written once, in either of two notations, and every chip lowers it:
 *   event form       onPre: 'w -= aMinus * y1'     onPost: 'w += aPlus * x1'
 *   sum of products  dw: '2^-6*x1*y0 - 2^-6*x0*y1' with an epoch, as Loihi rules are written
 *
 * Convention for one tick: traces decay; spikes that arrive run `onPre` and then add their impulse to the pre traces; neurons advance and
 * fire; those that fired run `onPost` and then add their impulse to the post traces. A moment therefore sees the traces without the impulse
 * of the spike that caused it; at equal times the pre-synaptic event comes first.
 */

export const MOMENTS = ['onPre', 'onPost', 'onModulator', 'onLearningEpoch'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface TraceSpec {
  readonly on: 'pre' | 'post';
  /** Time constant in seconds; Infinity for a trace that does not decay. */
  readonly tau: number;
  /** What a spike adds (all-to-all) or sets (nearest). */
  readonly impulse: number;
  readonly pairing: 'all-to-all' | 'nearest';
  /** Decay per tick: exp(-dt/tau), or 1 - dt/tau. */
  readonly decay: 'exact' | 'euler';
  /**
   * What the payload p of a graded pre spike does to the trace, in place of the impulse: set it to p/2, add p/2, or (chips in integers) add p/2 and let
   * only an overflow count as a spike. As the modes 1, 2 and 3 of Lava's graded_spike_cfg.
   */
  readonly graded?: 'set' | 'add' | 'overflow';
}

export interface SynapseVariableSpec {
  readonly initial: number;
  /** Exponential decay in seconds, advanced when the variable is next touched; absent for none. */
  readonly tau?: number;
  /** Largest absolute value it is meant to hold; fixed-point chips spread their bits over it, and end there. Absent: they guess from the terms that feed it. */
  readonly range?: number;
  readonly meaning?: string;
}

export interface ModulatorSpec {
  /** `projection`: one value for all synapses. `post`: one value for each post-synaptic neuron (a third factor). */
  readonly per: 'projection' | 'post';
  /** Largest absolute value the host will send; fixed-point chips scale by it. */
  readonly range: number;
  readonly meaning?: string;
}

export interface PlasticityRule {
  readonly name: string;
  readonly citation?: string;
  readonly summary?: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly traces: Readonly<Record<string, TraceSpec>>;
  readonly variables: Readonly<Record<string, SynapseVariableSpec>>;
  readonly modulators: Readonly<Record<string, ModulatorSpec>>;
  readonly code: Readonly<Partial<Record<Moment, string>>>;
  /** Loihi notation: weight, tag and delay-variable updates at the end of each learning epoch. Exclusive with `code`. */
  readonly sumOfProducts?: { readonly dw?: string; readonly dt?: string; readonly dd?: string };
  /** Length of the learning epoch in ticks. */
  readonly epochTicks: number;
  /** Hard bounds of w in network units; a write beyond them is clipped and counted as saturated. */
  readonly bounds: readonly [number, number];
}
