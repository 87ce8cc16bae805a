/** Probes: what is written down while a shard runs. Spikes as parallel arrays of tick and neuron; state and weights at intervals. */
import { InternalError } from '../errors.ts';
import type { Probe } from '../network/network.ts';
import { evaluateExpr } from '../program/evaluate.ts';
import { growInt32 } from '../typed-arrays-utils.ts';
import type { Shard } from './shard.ts';
import type { ShardPopulation } from './shard-population.ts';
import type { ShardProjection } from './shard-projection.ts';

export interface SpikeRecord {
  /** Ticks, ascending */
  readonly t: Int32Array;
  /** Neuron of each spike, ascending within a tick */
  readonly i: Int32Array;
}

export interface SampleRecord {
  /** Ticks at which samples were taken */
  readonly t: Int32Array;
  /** One array per sample: [size] in network units, or [nSynapses] effective weights */
  readonly samples: readonly Float64Array[];
}

export interface Recorder {
  afterTick(shard: Shard): void;
  spikes(population: string): SpikeRecord;
  samples(of: string, variable: string): SampleRecord;
  clear(): void;
}

export function createRecorder(probes: readonly Probe[]): Recorder {
  const spikes = new Map<string, { t: ReturnType<typeof growInt32>; i: ReturnType<typeof growInt32> }>();
  const samples = new Map<string, { t: number[]; values: Float64Array[] }>();
  const sampleKey = (of: string, variable: string): string => `${of}.${variable}`;
  for (const probe of probes) {
    if (probe.kind === 'spikes') spikes.set(probe.of, { t: growInt32(), i: growInt32() });
    else samples.set(sampleKey(probe.of, probe.kind === 'state' ? probe.variable : 'w'), { t: [], values: [] });
  }

  function record(shard: Shard, probe: Probe): void {
    if (probe.kind === 'spikes') {
      const population = populationNamed(shard, probe.of);
      const into = spikes.get(probe.of);
      for (let c = 0; c < population.firedCount; c++) {
        into?.t.push(shard.tick);
        into?.i.push(population.fired[c]);
      }
    } else if (shard.tick % probe.everyTicks === 0) {
      const isState = probe.kind === 'state';
      const into = samples.get(sampleKey(probe.of, isState ? probe.variable : 'w'));
      into?.t.push(shard.tick);
      into?.values.push(
        isState ? readState(populationNamed(shard, probe.of), probe.variable) : readWeights(projectionNamed(shard, probe.of)),
      );
    }
  }

  return {
    afterTick: (shard) => {
      for (const probe of probes) record(shard, probe);
    },
    spikes: (population) => {
      const record = spikes.get(population);
      if (record === undefined) throw new InternalError(`no spike probe on ${population}`);
      return { t: record.t.view().slice(), i: record.i.view().slice() };
    },
    samples: (of, variable) => {
      const record = samples.get(sampleKey(of, variable));
      if (record === undefined) throw new InternalError(`no probe on ${of}.${variable}`);
      return { t: Int32Array.from(record.t), samples: record.values };
    },
    clear: () => {
      for (const { t, i } of spikes.values()) {
        t.clear();
        i.clear();
      }
      for (const record of samples.values()) {
        record.t.length = 0;
        record.values.length = 0;
      }
    },
  };
}

export function populationNamed(shard: Shard, name: string): ShardPopulation {
  const population = shard.populations.find((candidate) => candidate.plan.name === name);
  if (population === undefined) throw new InternalError(`no population ${name}`);
  return population;
}

export function projectionNamed(shard: Shard, name: string): ShardProjection {
  const projection = shard.projections.find((candidate) => candidate.plan.name === name);
  if (projection === undefined) throw new InternalError(`no projection ${name}`);
  return projection;
}

/** A state variable or parameter of a population in network units, [size]. */
export function readState(population: ShardPopulation, variable: string): Float64Array {
  const values = population.variables.get(variable);
  const lowered = population.lowered.find((candidate) => candidate.name === variable);
  if (values === undefined || lowered === undefined) throw new InternalError(`population ${population.plan.name} keeps no ${variable}`);
  return Float64Array.from(values, (value) => value / lowered.scale);
}

/** Effective weights of a projection in network units, [nSynapses] in table order. */
export function readWeights({ plan, variables }: ShardProjection): Float64Array {
  const { weight } = plan.lowered;
  return Float64Array.from({ length: plan.table.nSynapses }, (_, k) =>
    evaluateExpr(
      weight,
      (name) => variables.get(name)?.[k] ?? Number.NaN,
      () => Number.NaN,
    ),
  );
}
