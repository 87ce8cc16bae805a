/**
 * A running network: built from a plan, driven by a host program. The host advances time, presents input, sends modulators, and reads spikes,
 * state and weights, always in network units; which chip is underneath makes no difference to it.
 */
import type { LoweredVariable } from '../core/chip-contract.ts';
import type { EventCounts } from '../core/energy/event-kinds.ts';
import { UserError } from '../core/errors.ts';
import { forgetSpikes } from '../core/kernel/epoch.ts';
import { learnOnModulator } from '../core/kernel/learn.ts';
import type { Recorder, SampleRecord, SpikeRecord } from '../core/kernel/recorder.ts';
import { createRecorder, noState, populationNamed, projectionNamed, readState, readWeights } from '../core/kernel/recorder.ts';
import { runTicks } from '../core/kernel/run-ticks.ts';
import type { Shard } from '../core/kernel/shard.ts';
import { attachShard } from '../core/kernel/shard.ts';
import { KERNEL_EVENTS } from '../core/kernel/shard-events.ts';
import { fillInitial } from '../core/kernel/shard-population.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { NumericArray } from '../core/program/kernel.ts';
import { clearRing } from '../core/synapses/delay-ring.ts';
import { hashBytes } from '../core/typed-arrays-utils.ts';

/** What learning has cost so far, in whole numbers. */
export interface LearningCounts {
  readonly synapticUpdates: number;
  readonly updateAttempts: number;
  readonly saturatedUpdates: number;
}

export class Simulation {
  readonly plan: Plan;
  readonly #shard: Shard;
  readonly #recorder: Recorder;

  constructor(plan: Plan) {
    this.plan = plan;
    this.#shard = attachShard(plan);
    this.#recorder = createRecorder(plan.network.probes);
  }

  /** Ticks run so far. */
  get tick(): number {
    return this.#shard.tick;
  }

  /** Advances time by a number of ticks. */
  run(ticks: number): void {
    const recording = this.plan.network.probes.length > 0;
    runTicks(this.#shard, ticks, recording ? this.#recorder.afterTick : undefined);
  }

  /** Rules change weights (true, the start value) or leave them alone; traces go on either way. */
  set learning(on: boolean) {
    this.#shard.learning = on;
  }

  /** Sets the rates of a Poisson source. @param rates [size] in Hz */
  setRates(population: string, rates: Float64Array): void {
    const { plan, variables, size } = populationNamed(this.#shard, population);
    if (plan.source?.kind !== 'poisson') {
      throw new UserError({ code: 'E-STATE', message: `population ${population} is not a Poisson source; it has no rates to set` });
    }
    checkValues(`the rates of ${population}`, rates, size);
    const negative = rates.findIndex((rate) => rate < 0);
    if (negative >= 0) {
      throw new UserError({ code: 'E-RANGE', message: `the rates of ${population}: neuron ${negative} has ${rates[negative]} Hz` });
    }
    const probability = variables.get('probability') as Float64Array;
    const { dt } = this.plan.network;
    for (let i = 0; i < size; i++) probability[i] = Math.min(1, rates[i] * dt);
  }

  /** Sends modulators (third factors) to a projection, between two ticks. A value per post neuron is an array, [nPost]. */
  modulate(projection: string, values: Readonly<Record<string, number | Float64Array>>): void {
    const target = projectionNamed(this.#shard, projection);
    for (const [name, value] of Object.entries(values)) {
      const lowered = target.plan.lowered.modulators.find((modulator) => modulator.name === name);
      const cells = target.modulators.get(name);
      if (lowered === undefined || cells === undefined) {
        const known = [...target.modulators.keys()].join(', ') || 'none';
        throw new UserError({ code: 'E-MODULATOR', message: `projection ${projection} has no modulator "${name}" (${known})` });
      }
      const given = typeof value === 'number' ? new Float64Array(cells.length).fill(value) : value;
      checkValues(`modulator ${name} of projection ${projection}`, given, cells.length);
      for (let j = 0; j < cells.length; j++) {
        const network = given[j];
        cells[j] = lowered.integer ? Math.round(network * lowered.scale) : network * lowered.scale;
      }
    }
    learnOnModulator(this.#shard, target);
  }

  /** Spikes per neuron since the counts were last cleared, [size]. A view: it changes as time goes on. */
  spikeCounts(population: string): Int32Array {
    return populationNamed(this.#shard, population).spikeCounts;
  }

  clearSpikeCounts(): void {
    for (const { spikeCounts } of this.#shard.populations) spikeCounts.fill(0);
  }

  /** A state variable or per-neuron parameter in network units, [size]. */
  state(population: string, variable: string): Float64Array {
    return readState(populationNamed(this.#shard, population), variable);
  }

  /** Sets a state variable or tunable parameter. @param values [size] in network units */
  setState(population: string, variable: string, values: ArrayLike<number>): void {
    const target = populationNamed(this.#shard, population);
    const array = target.variables.get(variable);
    const lowered = target.lowered.find((candidate) => candidate.name === variable);
    if (array === undefined || lowered === undefined) throw noState(target, variable);
    checkValues(`${variable} of ${population}`, values, array.length);
    const whole = lowered.storage !== 'f64' && lowered.storage !== 'f32';
    for (let i = 0; i < array.length; i++) array[i] = whole ? Math.round(values[i] * lowered.scale) : values[i] * lowered.scale;
  }

  /** Effective weights in network units, [nSynapses] in the order of the plan's synapse table. */
  weights(projection: string): Float64Array {
    return readWeights(projectionNamed(this.#shard, projection));
  }

  /** A synapse variable in the chip's own numbers, [nSynapses]. A view. */
  synapseVariable(projection: string, variable: string): NumericArray {
    const values = projectionNamed(this.#shard, projection).variables.get(variable);
    if (values === undefined) {
      const known = [...projectionNamed(this.#shard, projection).variables.keys()].join(', ');
      throw new UserError({ code: 'E-STATE', message: `projection ${projection} keeps no "${variable}" per synapse (${known})` });
    }
    return values;
  }

  /**
   * Back to rest for the next sample: membranes, ports, traces, spikes on their way and transient synapse variables (eligibility) take their
   * initial values. Weights, tunable parameters and time go on.
   */
  resetState(): void {
    for (const population of this.#shard.populations) {
      const { state } = this.plan.network.populations.find(({ name }) => name === population.plan.name)?.model ?? { state: {} };
      for (const { name, initial } of population.lowered) {
        const array = population.variables.get(name);
        if (array !== undefined && name in state) fillInitial(array, initial);
      }
      for (const port of population.ports.values()) port.fill(0);
      population.firedCount = 0;
    }
    for (const { ring, traces, plan, variables, epoch } of this.#shard.projections) {
      clearRing(ring);
      if (epoch !== undefined) forgetSpikes(epoch);
      traces.forEach((trace, n) => {
        fillInitial(trace.values, plan.lowered.traces[n].variable.initial);
      });
      for (const name of plan.lowered.transient) {
        const array = variables.get(name);
        const lowered = plan.lowered.variables.find((variable): variable is LoweredVariable => variable.name === name);
        if (array !== undefined && lowered !== undefined) fillInitial(array, lowered.initial);
      }
    }
  }

  recordedSpikes(population: string): SpikeRecord {
    return this.#recorder.spikes(population);
  }

  recordedState(population: string, variable: string): SampleRecord {
    return this.#recorder.samples(population, variable);
  }

  recordedWeights(projection: string): SampleRecord {
    return this.#recorder.samples(projection, 'w');
  }

  clearRecords(): void {
    this.#recorder.clear();
  }

  /** Events since the start by kind, for the energy estimate: those the kernel counts and those the chip's programs count. */
  eventCounts(): EventCounts {
    const counts: Record<string, number> = {};
    KERNEL_EVENTS.forEach((kind, cell) => {
      counts[kind] = this.#shard.events[cell];
    });
    this.#eachCounter((kind, total) => {
      if (!['synapticUpdates', 'updateAttempts', 'saturatedUpdates', 'notFinite'].includes(kind))
        counts[kind] = (counts[kind] ?? 0) + total;
    });
    return counts as EventCounts;
  }

  learningCounts(): LearningCounts {
    const counts = { synapticUpdates: 0, updateAttempts: 0, saturatedUpdates: 0 };
    this.#eachCounter((kind, total) => {
      if (kind in counts) counts[kind as keyof LearningCounts] += total;
    });
    return counts;
  }

  /** Hash over every array that changes during a run: equal bits mean equal hashes. */
  hash(): string {
    let hash: string | undefined;
    for (const array of Object.values(this.#shard.arrays)) if (ArrayBuffer.isView(array)) hash = hashBytes(array, hash);
    return hash ?? '';
  }

  #eachCounter(visit: (kind: string, total: number) => void): void {
    for (const { plan, counters } of this.#shard.projections) {
      plan.lowered.counters.forEach(({ kind }, cell) => {
        visit(kind, counters[cell]);
      });
    }
  }
}

/** One finite number for each of `size` items; a shorter list would leave NaN behind. */
function checkValues(what: string, values: ArrayLike<number>, size: number): void {
  if (values.length !== size) throw new UserError({ code: 'E-RANGE', message: `${what}: ${values.length} values for ${size}` });
  for (let i = 0; i < size; i++) {
    if (!Number.isFinite(values[i])) throw new UserError({ code: 'E-NOT-FINITE', message: `${what}: value ${i} is ${values[i]}` });
  }
}
