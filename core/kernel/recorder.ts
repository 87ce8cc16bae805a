/** Probes: what is written down while a shard runs. Spikes as parallel arrays of tick and neuron; state and weights at intervals. */
import { UserError } from '../errors.ts';
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
  const active = probes.filter((probe) => {
    const [into, key] = probe.kind === 'spikes' ? [spikes, probe.of] : [samples, sampleKey(probe.of, variableOf(probe))];
    if (into.has(key)) return false; // the same thing twice is written down once
    if (probe.kind === 'spikes') spikes.set(key, { t: growInt32(), i: growInt32() });
    else samples.set(key, { t: [], values: [] });
    return true;
  });

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
      const into = samples.get(sampleKey(probe.of, variableOf(probe)));
      into?.t.push(shard.tick);
      into?.values.push(
        isState ? readState(populationNamed(shard, probe.of), probe.variable) : readWeights(projectionNamed(shard, probe.of)),
      );
    }
  }

  return {
    afterTick: (shard) => {
      for (const probe of active) record(shard, probe);
    },
    spikes: (population) => {
      const record = spikes.get(population);
      if (record === undefined) throw noProbe(`the spikes of ${population}`);
      return { t: record.t.view().slice(), i: record.i.view().slice() };
    },
    samples: (of, variable) => {
      const record = samples.get(sampleKey(of, variable));
      if (record === undefined) throw noProbe(`${variable} of ${of}`);
      return { t: Int32Array.from(record.t), samples: [...record.values] };
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

const variableOf = (probe: Exclude<Probe, { kind: 'spikes' }>): string => (probe.kind === 'state' ? probe.variable : 'w');

function noProbe(what: string): UserError {
  return new UserError({ code: 'E-PROBE', message: `nothing records ${what}`, hint: 'add a probe to the network before the run' });
}

export function populationNamed(shard: Shard, name: string): ShardPopulation {
  const population = shard.populations.find((candidate) => candidate.plan.name === name);
  if (population === undefined) {
    const known = shard.populations.map(({ plan }) => plan.name).join(', ');
    throw new UserError({ code: 'E-NAME', message: `there is no population "${name}" (${known})` });
  }
  return population;
}

export function projectionNamed(shard: Shard, name: string): ShardProjection {
  const projection = shard.projections.find((candidate) => candidate.plan.name === name);
  if (projection === undefined) {
    const known = shard.projections.map(({ plan }) => plan.name).join(', ') || 'none';
    throw new UserError({ code: 'E-NAME', message: `there is no projection "${name}" (${known})` });
  }
  return projection;
}

/** The message for a name that a population does not keep per neuron. */
export function noState({ plan, variables }: ShardPopulation, variable: string): UserError {
  return new UserError({
    code: 'E-STATE',
    message: `population ${plan.name} keeps no "${variable}" per neuron (${[...variables.keys()].join(', ') || 'nothing'})`,
    hint: 'list a parameter under `tunable` to change it during a run',
  });
}

/** A state variable or parameter of a population in network units, [size]. */
export function readState(population: ShardPopulation, variable: string): Float64Array {
  const values = population.variables.get(variable);
  const lowered = population.lowered.find((candidate) => candidate.name === variable);
  if (values === undefined || lowered === undefined) throw noState(population, variable);
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
