/**
 * What a chip is to the rest of Hillock: a profile (data) and a few pure functions that check, place and lower. A chip never runs anything:
 * what it returns are tables of numbers and programs of the one small language, which travel in the plan. A new chip is a new folder under
 * `chips/` that exports one `ChipBackend`; nothing else changes.
 */
import type { ChipEffect, ChipRemedies } from './chip-effects.ts';
import type { EnergyTable, Sourced } from './energy/energy-table.ts';
import type { EventCounts, EventKind } from './energy/event-kinds.ts';
import type { Problem } from './errors.ts';
import type { Network, Population, Projection } from './network/network.ts';
import type { CheckedRule } from './plasticity/check-rule.ts';
import type { Moment, PlasticityRule } from './plasticity/rule.ts';
import type { Expr, Program } from './program/ir.ts';
import type { SynapseTable } from './synapses/synapse-table.ts';
import type { WireOhms } from './wires/grid.ts';
import type { TileLayout } from './wires/tiles.ts';

/** How values are kept in memory. Integers of the emulated chips use the narrowest type that holds them. */
export type Storage = 'f64' | 'f32' | 'i32' | 'i16' | 'i8' | 'u8' | 'u16';

/** A named array of a lowered population, projection or trace. */
export interface LoweredVariable {
  readonly name: string;
  readonly storage: Storage;
  /** One value for all items, or one per item (neurons of the population, synapses or rows of the table), in the chip's own numbers. */
  readonly initial: number | Float64Array;
  /** chip value = network value × scale. 1 for variables that have no counterpart in network units. */
  readonly scale: number;
  /** The value is a tick: it moves back when a run is continued with its clock at 0. */
  readonly isTick?: true;
}

/** Where spikes arrive. */
export interface LoweredPort extends LoweredVariable {
  /** State variable that arriving weights are added to at once; set by the plan where that says the same (plan/absorb-ports.ts). */
  readonly into?: string;
}

export interface LoweredPopulation {
  /** State and per-neuron parameters, [size]; scope `neuron` in the programs. */
  readonly variables: readonly LoweredVariable[];
  /** Input accumulators, [size]; zero at the start of each tick. */
  readonly ports: readonly LoweredPort[];
  readonly advance: Program;
  /** Absent for populations that never spike by themselves. */
  readonly threshold?: Expr;
  readonly reset: Program;
  /** What the spike of a neuron that fired carries, computed before the reset; absent for spikes that carry nothing. */
  readonly payload?: Expr;
  readonly competition?: { readonly score: Expr; readonly lose: Program };
}

export interface LoweredTrace {
  readonly name: string;
  readonly on: 'pre' | 'post';
  readonly variable: LoweredVariable;
  /** Runs for every row (pre) or target (post) at the start of a tick; scope `neuron`. */
  readonly decay: Program;
  /**
   * Runs for the rows that a spike arrived on, or the targets that fired, after the moment's own code; scope `neuron`. On the pre side it may read
   * `payload`, what the spike carries.
   */
  readonly impulse: Program;
  /** In epochs: set by `LoweredEpoch.onArrival` when the spike arrives; a spike before the last of its epoch does nothing more to it. */
  readonly isGraded?: boolean;
  /** In epochs: `decay` runs once, at their first tick. */
  readonly decaysPerEpoch?: boolean;
}

/** An accumulator that programs increase by whole numbers; its total is booked under `kind`. */
export interface LoweredCounter {
  readonly name: string;
  /** `notFinite` counts writes that were not a number: any stops the run with a message. */
  readonly kind: EventKind | 'synapticUpdates' | 'saturatedUpdates' | 'updateAttempts' | 'notFinite';
}

export interface LoweredModulator {
  readonly name: string;
  readonly per: 'projection' | 'post';
  readonly storage: 'f64' | 'f32';
  /** chip value = network value × scale */
  readonly scale: number;
  /** The chip takes the nearest whole number of at most this size; absent where it takes any number. */
  readonly largest?: number;
}

/**
 * Learning in epochs, as Loihi does it: spikes are only noted while an epoch runs; at its end the traces are replayed tick by tick and the
 * program runs once per synapse, all updates from old values.
 *
 * Names the program may read, beside synapse variables, modulators, counters and constants: `preTime` (scope pre) and `postTime` (scope post):
 * tick 1 … ticks of the last spike in the epoch, 0 for none; and for each trace, in the scope of its side, its value at three times:
 * `x1_atPre` (when the source spiked), `x1_atPost` (when the target spiked), `x1_atEnd`. A trace at a spike time holds the impulse of that tick.
 */
export interface LoweredEpoch {
  readonly ticks: number;
  /**
   * Which synapses the program visits: those whose source or target spiked in the epoch, or all. With `spiking`, spikes of a side whose time
   * the program does not read lead to no visit.
   */
  readonly visits: 'spiking' | 'all';
  readonly program: Program;
  /**
   * Runs at once for the rows on which graded spikes arrive, before these are noted; scope `neuron`. May read `payload`, write pre traces, and
   * write `counted`: 0 for a spike that is not noted.
   */
  readonly onArrival?: Program;
  /** Random numbers that are given instead of drawn; programs of the epoch and of its traces read them by name (scope `modulator`). */
  readonly draws?: readonly GivenDraw[];
}

/** A random number that all items share, from a tape. */
export interface GivenDraw {
  readonly name: string;
  /** [epochs] at the end of each epoch; a run that goes on beyond the tape ends with an error */
  readonly atEnd: Float64Array;
  /** While spikes that are not the last of their epoch are noted: always the same number, or [ticks] from tick 1. */
  readonly earlier?: number | Float64Array;
}

/** One column of cells per target, or (`shared`) one per tile. A cell has the conductance siemens·(variable + zero). */
export interface LoweredColumn {
  /** Synapse variable that holds the cell's state; absent for a shared column, whose cells all have the conductance siemens·zero. */
  readonly variable?: string;
  readonly siemens: number;
  readonly zero: number;
  /** Synapse variable that takes the new share of its current that the cell brings through the wires. */
  readonly share: string;
  /** Synapse variables with the up and down pulses sent to the cell since the last time, emptied here; and those that take what it saw at half voltage. */
  readonly sent?: readonly [up: string, down: string];
  readonly halfSelected?: readonly [up: string, down: string];
}

/**
 * What the cells of a tile do to each other, which no program over single synapses can know: brought up to date between two ticks, when all
 * shards are at rest. Whether it is due is looked at whenever the tick is a multiple of `everyTicks`, and it is when `counter` has grown by
 * `everyWrites`; both are counts of the simulated run, so the result does not depend on threads or on how the run was cut into calls.
 */
export interface LoweredTiles extends TileLayout {
  readonly columns: readonly LoweredColumn[];
  readonly wires: WireOhms;
  readonly everyTicks: number;
  readonly everyWrites: number;
  readonly counter: string;
  /** Runs for every synapse once the shares and half-selected pulses are there. */
  readonly renew: Program;
}

export interface LoweredProjection {
  /** [nSynapses] in table order; scope `synapse`. */
  readonly variables: readonly LoweredVariable[];
  /**
   * What one arriving spike does to one synapse's target: reads synapse variables, adds to ports of the post population (scope `post`). Where the
   * spikes are graded it may read `payload` (scope `pre`).
   */
  readonly deliver: Program;
  readonly moments: Readonly<Partial<Record<Moment, Program>>>;
  /** Ticks between two runs of the moment `onLearningEpoch`. */
  readonly epochTicks: number;
  /** Takes the place of the moments onPre, onPost and onLearningEpoch on chips that learn in epochs. */
  readonly epoch?: LoweredEpoch;
  readonly traces: readonly LoweredTrace[];
  readonly modulators: readonly LoweredModulator[];
  readonly counters: readonly LoweredCounter[];
  /** Effective weight in network units, over the synapse variables: what probes, checkpoints and reports show. */
  readonly weight: Expr;
  /** The same at the present tick, over the synapse variables and `tick`, where time itself changes weights and `w` is as it was last touched. */
  readonly weightNow?: Expr;
  /** Weights the chip can hold, in network units, ascending; absent when they are continuous. */
  readonly weightLevels?: Float64Array;
  /** Name for synapse variables to put back to their initial value at the start of a trial (eligibilities, tags). */
  readonly transient: readonly string[];
  /** Present where cells share lines that are not ideal. */
  readonly tiles?: LoweredTiles;
  /**
   * Present where targets can be driven and sources read, as rules do that need the transpose. Counters that one synapse read so raises: by a
   * number, or by the value of a synapse variable.
   */
  readonly backwards?: readonly { readonly counter: string; readonly by: number | string }[];
}

/** Use of one resource, always reported, not only when it is exceeded. */
export interface ResourceUse {
  readonly resource: string;
  /** Where: a core, a tile, or the whole chip. */
  readonly where: string;
  readonly used: number;
  readonly available: number;
}

/** A broken design rule: a `Problem` with the name of the rule that found it. */
export interface Violation extends Problem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly designRule: string;
}

/** What every spike of a neuron causes on its way, beside the spike itself: messages and hops follow from the placement alone. */
export interface PerSpike {
  readonly population: string;
  readonly kind: EventKind;
  /** [size] events per spike of each neuron */
  readonly counts: Int32Array;
}

/** Time of one tick on the chip, in seconds, with its interval. */
export interface Seconds {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
  readonly unit: 's';
}

export interface StepTiming {
  /** Mean over a run: the busiest core decides, then all tiles synchronise. `lo` with the work spread evenly, `hi` with all of it on one core. */
  readonly perStep: Seconds;
  /** The longest tick that the placement allows: every source spikes and every synapse learns at once. */
  readonly longestStep: Seconds;
  /** dt / perStep: above 1 the chip is faster than real time. */
  readonly realTimeFactor: number;
  /** Where the figures come from and what they leave out. */
  readonly source: string;
}

export interface Placement {
  readonly uses: readonly ResourceUse[];
  /** Where the spikes of each projection go, as means over its sources: copies per spike, and tile hops of all copies together. */
  readonly routes?: readonly {
    readonly projection: string;
    readonly messages: number;
    readonly eastWest: number;
    readonly northSouth: number;
  }[];
  /** Absent where spikes cost nothing but themselves. */
  readonly perSpike?: readonly PerSpike[];
  /** One sentence for the report, e.g. `2 cores, 1 tile`. */
  readonly summary: string;
}

/** What a design rule looks at. */
export interface DesignSubject {
  readonly network: Network;
  readonly tables: ReadonlyMap<string, SynapseTable>;
  readonly rules: ReadonlyMap<string, CheckedRule>;
  readonly placement: Placement;
}

export interface DesignRule {
  readonly name: string;
  check(subject: DesignSubject): readonly Violation[];
}

/** What the lowering of a projection starts from. */
export interface ProjectionSubject {
  readonly network: Network;
  readonly projection: Projection;
  readonly pre: Population;
  readonly post: Population;
  readonly table: SynapseTable;
  /** Initial weights in network units, [nSynapses] in table order. */
  readonly weights: Float64Array;
  readonly rule?: CheckedRule;
  /** The other projections onto the same population: chips with integer weights share one scale per population. */
  readonly siblings: readonly { readonly projection: Projection; readonly weights: Float64Array }[];
}

export interface PopulationSubject {
  readonly network: Network;
  readonly population: Population;
  /** All projections onto this population with their initial weights, for common scale factors. */
  readonly incoming: readonly { readonly projection: Projection; readonly weights: Float64Array }[];
}

/** A parameter, or the weights of a projection, as a chip in integers holds it: the value that is farthest off stands for all. */
export interface DiscretisedParameter {
  readonly where: string;
  readonly parameter: string;
  readonly unit: 'membrane' | 's' | 'weight';
  /** Values there are. */
  readonly count: number;
  /** What the network says, the whole number on the chip, and what that number stands for. */
  readonly asked: number;
  readonly integer: number;
  readonly held: number;
  /** Values beyond what the field holds, and values that became zero. */
  readonly clipped: number;
  readonly vanished: number;
  /** Distance of two neighbours and ends of the field, in network units. */
  readonly resolution?: number;
  readonly range?: readonly [number, number];
}

/** What a short run on sample data showed about one plastic projection. */
export interface ProbeMeasurement {
  readonly projection: string;
  readonly ticks: number;
  /** Largest value in the chip's own numbers, and its share of all values above zero. */
  readonly traces: readonly {
    readonly name: string;
    readonly largest: number;
    readonly share: number;
    /** A spike sets the trace to its top instead of adding to it. */
    readonly isSet: boolean;
  }[];
  /** Share of the neurons spiking in a learning epoch that spike more than once in it. */
  readonly repeatedSpikes: { readonly pre: number; readonly post: number };
  readonly updateAttempts: number;
  readonly synapticUpdates: number;
  readonly saturatedUpdates: number;
}

/** One replacement in a rule that was made to fit. */
export interface RuleChange {
  readonly from: string;
  readonly to: string;
  readonly maxDifference: number;
  /** Over what range, and what the difference is a difference of. */
  readonly over: string;
}

/** The nearest rule that a chip can run. */
export interface NearestRule {
  /** The rule itself where nothing had to change. */
  readonly rule: PlasticityRule;
  readonly changes: readonly RuleChange[];
  /** Largest difference of one weight change from what was asked for, in network units, rounding to whole steps left out. */
  readonly maxDifference: number;
}

/** Conductance of a kind of cell, siemens: of the mean cell, and from the 5th to the 95th percentile of cells. */
export interface DeviceCurve {
  /** Pulses, or seconds after programming. */
  readonly at: readonly number[];
  readonly typical: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface DeviceCurves {
  /** From the lower bound up, and from the upper bound down. */
  readonly up: DeviceCurve;
  readonly down: DeviceCurve;
  /** Up step over down step in the middle of the range. */
  readonly asymmetry: number;
  /** After programming to the middle of the range, where the source says what time does. */
  readonly retention?: DeviceCurve & { readonly model: string };
}

export interface ChipProfile {
  /** Name with which it is chosen, e.g. `loihi-like`. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly energy: EnergyTable;
  /** Differences from the real thing that a user must know, one sentence each. */
  readonly caveats: readonly string[];
  /** Programming pulses that a cell survives; absent for chips whose memory does not wear. */
  readonly endurance?: Sourced;
  /** Every number of the chip, grouped, for `chips show`. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One of the chip's own settings, and the chip with another in its place: what the first carries is what the second does without. */
export interface ChipAlternative {
  /** As they are called in a sentence, e.g. `stochastic rounding` and `nearest rounding`. */
  readonly own: string;
  readonly other: string;
  readonly chip: ChipBackend;
}

export interface ChipBackend {
  readonly profile: ChipProfile;
  readonly designRules: readonly DesignRule[];
  place(subject: Omit<DesignSubject, 'placement'>): Placement;
  /** What every parameter and weight becomes in the chip's numbers. */
  discretise?(subject: DesignSubject): readonly DiscretisedParameter[];
  /** What the ranges met in a short run mean on this chip. */
  probeFindings?(measured: ProbeMeasurement): readonly Violation[];
  /** Each rule as the chip holds it, as text to print, by projection. */
  describeRules?(subject: DesignSubject): ReadonlyMap<string, string>;
  /** The nearest rules that fit, by projection; a projection whose rule has none is left out. */
  nearestRules?(subject: DesignSubject): ReadonlyMap<string, NearestRule>;
  /** How long a tick takes, from what happened in `ticks` of them (none for an idle network); absent where no figures are known. */
  timing?(placement: Placement, events: EventCounts, ticks: number, dt: number): StepTiming;
  /** How its devices answer pulses and time; absent for chips without devices. */
  deviceCurves?(): DeviceCurves;
  /** The same chip with other devices: set 0 is the chip itself, every further set draws all cells afresh. Absent for chips without devices. */
  withDeviceSet?(set: number): ChipBackend;
  /** What this chip, as configured, does that the ideal one does not, in the order in which a waterfall switches it on. Absent for a chip without limits. */
  effects?(): readonly ChipEffect[];
  /** The same chip with some of its effects off; there where `effects` is. @param names of `effects()`; others are an `InternalError` */
  without?(names: readonly string[]): ChipBackend;
  /** Settings whose worth a diagnosis tries out, as the chip is configured. */
  alternatives?(): readonly ChipAlternative[];
  readonly remedies?: ChipRemedies;
  lowerPopulation(subject: PopulationSubject): LoweredPopulation | readonly Violation[];
  lowerProjection(subject: ProjectionSubject): LoweredProjection | readonly Violation[];
}
