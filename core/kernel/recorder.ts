/** Probes: what is written down while a shard runs. Spikes as parallel arrays of tick and neuron; state and weights at intervals. */
import { UserError } from '../errors.ts';
import type { Probe } from '../network/network.ts';
import { growInt32 } from '../typed-arrays-utils.ts';
import { populationParts, readState, readWeights } from './gather.ts';
import type { Shard } from './shard.ts';

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
  /** Writes down the tick that all shards have just run. */
  afterTick(shards: readonly Shard[]): void;
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

  function record(shards: readonly Shard[], probe: Probe): void {
    const { tick } = shards[0];
    if (probe.kind === 'spikes') {
      const into = spikes.get(probe.of);
      for (const { fired, firedCount, plan } of populationParts(shards, probe.of)) {
        for (let c = 0; c < firedCount[0]; c++) {
          into?.t.push(tick);
          into?.i.push((plan.first ?? 0) + fired[c]);
        }
      }
    } else if (tick % probe.everyTicks === 0) {
      const into = samples.get(sampleKey(probe.of, variableOf(probe)));
      into?.t.push(tick);
      into?.values.push(probe.kind === 'state' ? readState(shards, probe.of, probe.variable) : readWeights(shards, probe.of));
    }
  }

  return {
    afterTick: (shards) => {
      for (const probe of active) record(shards, probe);
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
