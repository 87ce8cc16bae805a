/**
 * A running network: built from a plan, driven by a host program. The host advances time, presents input, sends modulators, and reads spikes,
 * state and weights, always in network units; which chip is underneath makes no difference to it.
 */
import type { EventCounts } from '../core/energy/event-kinds.ts';
import { UserError } from '../core/errors.ts';
import { goOnFrom, takeCheckpoint } from '../core/kernel/checkpoint.ts';
import {
  gatherVariable,
  populationParts,
  projectionParts,
  readState,
  readWeightSums,
  readWeights,
  variableParts,
} from '../core/kernel/gather.ts';
import { forgetHeld } from '../core/kernel/hold.ts';
import { learnOnModulator } from '../core/kernel/learn.ts';
import type { LearningLog, LogRequest, SynapseHistory } from '../core/kernel/learning-log.ts';
import { createLearningLog } from '../core/kernel/learning-log.ts';
import { setClock, writeWeights } from '../core/kernel/move-network.ts';
import { checkSynapses } from '../core/kernel/named-synapses.ts';
import { failOnNonFiniteState } from '../core/kernel/not-finite.ts';
import { orderedSpikes, takeSpikes } from '../core/kernel/played-source.ts';
import { PER_LOG, perLogOf } from '../core/kernel/poisson-source.ts';
import { readBackwards } from '../core/kernel/read-backwards.ts';
import type { Recorder, SampleRecord, SpikeRecord } from '../core/kernel/recorder.ts';
import { createRecorder } from '../core/kernel/recorder.ts';
import { clearTraces, resetShard } from '../core/kernel/reset.ts';
import { wake } from '../core/kernel/rest.ts';
import type { Shard } from '../core/kernel/shard.ts';
import { stateHash } from '../core/kernel/state-hash.ts';
import type { TileUpkeep } from '../core/kernel/tiles.ts';
import { createTileUpkeep } from '../core/kernel/tiles.ts';
import type { LearningCounts } from '../core/kernel/totals.ts';
import { addPerSpike, eventTotals, learningTotals } from '../core/kernel/totals.ts';
import type { Plan } from '../core/plan/plan.ts';
import { planHash } from '../core/plan/plan-hash.ts';
import { withoutWaiting } from '../core/plan/replay-post.ts';
import type { Backend } from '../core/program/kernel.ts';
import type { SimulationCheckpoint } from './checkpoint.ts';
import { checkPlan } from './checkpoint.ts';
import type { ShardGroup } from './shard-group.ts';
import { createShardGroup } from './shard-group.ts';
import { threadCount, whyOneThread } from './thread-count.ts';

export interface SimulationOptions {
  /** Threads to use, the main thread among them; one is used where more could not pay. */
  readonly threads?: number;
  /** Parts the network is cut into, whether it pays or not; as many as threads unless given. Results do not depend on it. */
  readonly shards?: number;
  /** How loops run: WebAssembly where it can be and JavaScript elsewhere (auto), or one of them by name. */
  readonly backend?: Backend;
  /** Go on from here: the bits are those of the run that was never stopped, whatever the number of shards and threads then and now. */
  readonly from?: SimulationCheckpoint;
  /** Synapses that keep a log of their largest changes: why do they have this weight? One thread is used then. */
  readonly why?: LogRequest;
}

export class Simulation {
  readonly plan: Plan;
  /** Why one thread is used although more were allowed; undefined when all are used. */
  readonly oneThreadBecause: string | undefined;
  readonly #group: ShardGroup;
  readonly #recorder: Recorder;
  readonly #upkeep: TileUpkeep | undefined;
  readonly #log: LearningLog | undefined;
  /** Events per spike (messages, hops) of spikes whose counts have been cleared. */
  readonly #clearedPerSpike: Record<string, number> = {};
  #learning = true;
  #planHash: string | undefined;

  constructor(plan: Plan, { threads = 1, shards, backend = 'auto', from, why }: SimulationOptions = {}) {
    this.plan = plan;
    if (from !== undefined) checkPlan(from, this.#hashOfPlan());
    const allowed = threadCount(threads);
    if (allowed > 1 && why !== undefined) this.oneThreadBecause = 'a learning log is kept, which looks at synapses after every moment';
    else this.oneThreadBecause = allowed > 1 && shards === undefined ? whyOneThread(plan, allowed) : undefined;
    const used = this.oneThreadBecause === undefined ? allowed : 1;
    if (why !== undefined) checkSynapses(plan, why.synapses);
    const ran =
      why === undefined
        ? plan
        : withoutWaiting(
            plan,
            why.synapses.map(({ projection }) => projection),
          );
    this.#group = createShardGroup(ran, shards ?? used, used, backend, (name) => from?.network.populations[name]?.spikeCounts);
    this.#recorder = createRecorder(plan.network.probes, this.#group.shards);
    this.#upkeep = createTileUpkeep(plan, this.#group.shards);
    if (from !== undefined) this.#goOnFrom(from);
    if (why !== undefined) this.#log = createLearningLog(plan, this.#shards, why, from?.log);
  }

  #goOnFrom({ network, learning, clearedPerSpike, records, upkeep }: SimulationCheckpoint): void {
    goOnFrom(network, this.#shards);
    this.#learning = learning;
    Object.assign(this.#clearedPerSpike, clearedPerSpike);
    this.#recorder.takeUp(records);
    if (upkeep !== undefined) this.#upkeep?.takeUp(upkeep);
  }

  #hashOfPlan(): string {
    this.#planHash ??= planHash(this.plan);
    return this.#planHash;
  }

  /** Everything to go on from here later (`from` of a new simulation with the same plan), as plain data; a copy. Changes nothing. */
  checkpoint(): SimulationCheckpoint {
    return {
      plan: this.#hashOfPlan(),
      network: takeCheckpoint(this.plan, this.#shards),
      learning: this.#learning,
      clearedPerSpike: { ...this.#clearedPerSpike },
      records: this.#recorder.keep(),
      ...(this.#upkeep === undefined ? {} : { upkeep: this.#upkeep.keep() }),
      ...(this.#log === undefined ? {} : { log: this.#log.histories() }),
    };
  }

  /** Ticks run so far. */
  get tick(): number {
    return this.#shards[0].tick;
  }

  get #shards(): readonly Shard[] {
    return this.#group.shards;
  }

  /** Advances time by a number of ticks. */
  run(ticks: number): void {
    if (!Number.isInteger(ticks) || ticks < 0) {
      throw new UserError({
        code: 'E-RANGE',
        message: `run(${ticks}): ticks are whole numbers from 0`,
        hint: 'divide the time by dt and round it',
      });
    }
    const recording = this.plan.network.probes.length > 0;
    const recorder = recording ? this.#recorder : undefined;
    if (this.#upkeep === undefined) this.#group.run(ticks, this.#learning, recorder);
    else {
      for (let left = ticks; left > 0; ) {
        const length = Math.min(left, this.#upkeep.ticksToNext(this.tick));
        this.#group.run(length, this.#learning, recorder);
        this.#upkeep.atRest(this.tick);
        this.#log?.afterUpkeep(this.tick);
        left -= length;
      }
    }
    failOnNonFiniteState(this.#shards);
  }

  /** Ends the threads, if there are any. A simulation that is not disposed of ends with the process. */
  dispose(): void {
    this.#group.dispose();
  }

  /** Rules change weights (true, the start value) or leave them alone; traces go on either way. */
  set learning(on: boolean) {
    this.#learning = on;
  }

  /** Sets the rates of a Poisson source. @param rates [size] in Hz */
  setRates(population: string, rates: Float64Array): void {
    const parts = populationParts(this.#shards, population);
    if (parts[0].plan.source?.kind !== 'poisson') {
      throw new UserError({ code: 'E-STATE', message: `population ${population} is not a Poisson source; it has no rates to set` });
    }
    checkValues(`the rates of ${population}`, rates, sum(parts.map(({ size }) => size)));
    const negative = rates.findIndex((rate) => rate < 0);
    if (negative >= 0) {
      throw new UserError({ code: 'E-RANGE', message: `the rates of ${population}: neuron ${negative} has ${rates[negative]} Hz` });
    }
    const { dt } = this.plan.network;
    for (const { variables, size, plan, drawAll } of parts) {
      const perLog = variables.get(PER_LOG) as Float64Array;
      const first = plan.first ?? 0;
      for (let i = 0; i < size; i++) perLog[i] = perLogOf(rates[first + i], dt);
      drawAll?.run(0, size, this.tick);
    }
  }

  /**
   * Hands spikes to a played source, in place of what it still has. @param ticks from 1, the next tick to be run; in any order
   * @param neurons one per tick of the list; a neuron fires at most once per tick
   */
  play(population: string, ticks: ArrayLike<number>, neurons: ArrayLike<number>): void {
    const parts = populationParts(this.#shards, population);
    const { source } = parts[0].plan;
    if (source?.kind !== 'played') {
      throw new UserError({ code: 'E-STATE', message: `population ${population} is not a played source; nothing can be handed to it` });
    }
    const size = sum(parts.map((part) => part.size));
    const spikes = orderedSpikes(`the spikes for ${population}`, { ticks, neurons }, { size, room: source.room, from: this.tick });
    for (const { played, plan, size: own } of parts) if (played !== undefined) takeSpikes(played, plan.first ?? 0, own, spikes);
  }

  /** Sends modulators (third factors) to a projection, between two ticks. A value per post neuron is an array, [nPost]. */
  modulate(projection: string, values: Readonly<Record<string, number | Float64Array>>): void {
    const parts = projectionParts(this.#shards, projection);
    for (const [name, value] of Object.entries(values)) {
      const lowered = parts[0].plan.lowered.modulators.find((modulator) => modulator.name === name);
      if (lowered === undefined) {
        const known = [...parts[0].modulators.keys()].join(', ') || 'none';
        throw new UserError({ code: 'E-MODULATOR', message: `projection ${projection} has no modulator "${name}" (${known})` });
      }
      const { scale, largest } = lowered;
      const perPost = lowered.per === 'post';
      const length = perPost ? sum(parts.map(({ post }) => post.size)) : 1;
      const given = typeof value === 'number' ? new Float64Array(length).fill(value) : value;
      checkValues(`modulator ${name} of projection ${projection}`, given, length);
      for (const { modulators, post } of parts) {
        const cells = modulators.get(name) as Float64Array | Float32Array;
        const first = perPost ? (post.plan.first ?? 0) : 0;
        for (let j = 0; j < cells.length; j++) {
          const scaled = given[first + j] * scale;
          cells[j] = largest === undefined ? scaled : Math.max(-largest, Math.min(largest, Math.round(scaled)));
        }
      }
    }
    this.#shards.forEach((shard, q) => {
      shard.learning = this.#learning;
      learnOnModulator(shard, parts[q]);
    });
  }

  /** Spikes per neuron since the counts were last cleared, [size]. */
  spikeCounts(population: string): Int32Array {
    const parts = populationParts(this.#shards, population);
    return parts.length === 1 ? parts[0].spikeCounts : Int32Array.from(parts.flatMap(({ spikeCounts }) => Array.from(spikeCounts)));
  }

  clearSpikeCounts(): void {
    addPerSpike(this.plan, this.#shards, this.#clearedPerSpike);
    for (const { populations } of this.#shards) for (const { spikeCounts } of populations) spikeCounts.fill(0);
  }

  /** A state variable or per-neuron parameter in network units, [size]. */
  state(population: string, variable: string): Float64Array {
    return readState(this.#shards, population, variable);
  }

  /** Sets a state variable or tunable parameter. @param values [size] in network units */
  setState(population: string, variable: string, values: ArrayLike<number>): void {
    const parts = variableParts(this.#shards, population, variable);
    checkValues(`${variable} of ${population}`, values, sum(parts.map(({ array }) => array.length)));
    for (const { rest, hold } of populationParts(this.#shards, population)) {
      if (rest !== undefined) wake(rest);
      if (hold !== undefined) forgetHeld(hold);
    }
    let at = 0;
    for (const { array, lowered } of parts) {
      const whole = lowered.storage !== 'f64' && lowered.storage !== 'f32';
      for (let i = 0; i < array.length; i++) {
        const value = values[at++] * lowered.scale;
        array[i] = whole ? Math.round(value) : value;
      }
    }
  }

  /** Effective weights in network units, [nSynapses] in the order of the plan's synapse table. */
  weights(projection: string): Float64Array {
    return readWeights(this.#shards, projection);
  }

  /**
   * Reads a projection from its targets to its sources: for each source the sum of effective weight times the number of the target, [nPre]. Booked
   * like other reads; without read noise. @param values [nPost]
   */
  readBackwards(projection: string, values: ArrayLike<number>): Float64Array {
    const parts = projectionParts(this.#shards, projection);
    checkValues(`the values for ${projection}`, values, sum(parts.map(({ post }) => post.size)));
    return readBackwards(this.plan, this.#shards, projection, values);
  }

  /** Sum of the effective weights onto each target in network units, [nPost]; without a copy of the weights. */
  weightSums(projection: string): Float64Array {
    return readWeightSums(this.#shards, projection);
  }

  /** A synapse variable in the chip's own numbers, [nSynapses]; a copy. */
  synapseVariable(projection: string, variable: string): Float64Array {
    const parts = projectionParts(this.#shards, projection);
    if (!parts[0].variables.has(variable)) {
      const known = [...parts[0].variables.keys()].join(', ');
      throw new UserError({ code: 'E-STATE', message: `projection ${projection} keeps no "${variable}" per synapse (${known})` });
    }
    return gatherVariable(parts, variable);
  }

  /** A trace in the chip's own numbers: one value per row (pre) or target (post), shard after shard; a copy. */
  traceValues(projection: string, trace: string): Float64Array {
    const parts = projectionParts(this.#shards, projection);
    const n = parts[0].plan.lowered.traces.findIndex(({ name }) => name === trace);
    if (n < 0) {
      const known = parts[0].plan.lowered.traces.map(({ name }) => name).join(', ') || 'none';
      throw new UserError({ code: 'E-STATE', message: `projection ${projection} has no trace "${trace}" (${known})` });
    }
    return Float64Array.from(parts.flatMap(({ traces }) => Array.from(traces[n].values)));
  }

  /**
   * Back to rest for the next sample: membranes, ports, traces, spikes on their way and transient synapse variables (eligibility) take their
   * initial values. Weights, tunable parameters and time go on.
   */
  resetState(): void {
    for (const shard of this.#shards) resetShard(shard);
    this.#log?.lookAgain();
  }

  /** A clock signal: the traces of a projection begin again, e.g. to count spikes in a window. */
  clearTraces(projection: string): void {
    const parts = projectionParts(this.#shards, projection);
    this.#shards.forEach((shard, q) => {
      clearTraces(shard, parts[q]);
    });
  }

  /**
   * Back to rest, at another tick and with other weights, as if it had run until then: counters, parameters and what is not transient stay as they are.
   * For chips that keep weights as they are (ideal). @param weights by projection, [nSynapses] in network units
   */
  moveTo(tick: number, weights: Readonly<Record<string, Float64Array>>): void {
    for (const [projection, values] of Object.entries(weights)) {
      const sizes = projectionParts(this.#shards, projection).map(({ plan: { table } }) => table.nSynapses);
      checkValues(`the weights of ${projection}`, values, sum(sizes));
    }
    this.resetState();
    setClock(this.#shards, tick);
    for (const [projection, values] of Object.entries(weights)) writeWeights(this.#shards, projection, values);
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
    return eventTotals(this.plan, this.#shards, this.#clearedPerSpike);
  }

  learningCounts(): LearningCounts {
    return learningTotals(this.#shards);
  }

  /** Why each synapse of the log has its weight: its largest changes with what was behind them, and the exact sum of the rest. */
  learningLog(): SynapseHistory[] {
    return this.#log?.histories() ?? [];
  }

  /** Hash over everything that changes during a run: equal bits mean equal hashes, on any number of shards. */
  hash(): string {
    return stateHash(this.#shards);
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One finite number for each of `size` items; a shorter list would leave NaN behind. */
function checkValues(what: string, values: ArrayLike<number>, size: number): void {
  if (values.length !== size) throw new UserError({ code: 'E-RANGE', message: `${what}: ${values.length} values for ${size}` });
  for (let i = 0; i < size; i++) {
    if (!Number.isFinite(values[i])) throw new UserError({ code: 'E-NOT-FINITE', message: `${what}: value ${i} is ${values[i]}` });
  }
}
