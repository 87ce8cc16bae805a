/** Probes: what is written down while a shard runs. Spikes as parallel arrays of tick and neuron; state and weights at intervals. */
import { UserError } from '../errors.ts';
import type { Probe } from '../network/network.ts';
import { growInt32 } from '../typed-arrays-utils.ts';
import { populationParts, readState, readWeights } from './gather.ts';
import { letLook } from './hold.ts';
import type { Outbox } from './outbox.ts';
import { findStarts } from './outbox.ts';
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
  /** Writes down the tick that a shard which is the whole network has just run. */
  afterTick(): void;
  /** Writes down the spikes of all shards in a stretch of ticks, from their outboxes. */
  afterStretch(boxes: readonly Outbox[], firstTick: number, ticks: number): void;
  /** Ticks from now to the next that samples are taken of; Infinity where none are. */
  ticksToSample(): number;
  /** Takes the samples that are due at this tick; all shards are at rest. */
  takeSamples(): void;
  spikes(population: string): SpikeRecord;
  samples(of: string, variable: string): SampleRecord;
  clear(): void;
  /** All that has been written down, and back. */
  keep(): KeptRecords;
  takeUp(kept: KeptRecords): void;
}

/** Spikes by population, samples by population or projection and variable. */
export interface KeptRecords {
  readonly spikes: Readonly<Record<string, SpikeRecord>>;
  readonly samples: Readonly<Record<string, SampleRecord>>;
}

export function createRecorder(probes: readonly Probe[], shards: readonly Shard[]): Recorder {
  type Spikes = { readonly t: ReturnType<typeof growInt32>; readonly i: ReturnType<typeof growInt32> };
  const spikes = new Map<string, Spikes>();
  const samples = new Map<string, { t: number[]; values: Float64Array[] }>();
  const sampleKey = (of: string, variable: string): string => `${of}.${variable}`;
  const sampled: Exclude<Probe, { kind: 'spikes' }>[] = [];
  for (const probe of probes) {
    const [into, key] = probe.kind === 'spikes' ? [spikes, probe.of] : [samples, sampleKey(probe.of, variableOf(probe))];
    if (into.has(key)) continue; // the same thing twice is written down once
    if (probe.kind === 'spikes') spikes.set(key, { t: growInt32(), i: growInt32() });
    else {
      samples.set(key, { t: [], values: [] });
      sampled.push(probe);
    }
  }
  /** By the number of the population. */
  const recorded = new Map<number, Spikes>();
  for (const [name, record] of spikes) {
    recorded.set(shards[0].populations.indexOf(populationParts(shards, name)[0]), record);
  }

  function write({ t, i }: Spikes, tick: number, neurons: Int32Array, from: number, count: number): void {
    for (let c = 0; c < count; c++) {
      t.push(tick);
      i.push(neurons[from + c]);
    }
  }

  function takeSamples(): void {
    const { tick } = shards[0];
    const due = sampled.filter(({ everyTicks }) => tick % everyTicks === 0);
    if (due.length > 0) shards.forEach(letLook);
    for (const probe of due) {
      const into = samples.get(sampleKey(probe.of, variableOf(probe)));
      into?.t.push(tick);
      into?.values.push(probe.kind === 'state' ? readState(shards, probe.of, probe.variable) : readWeights(shards, probe.of));
    }
  }

  return {
    afterTick: () => {
      const [{ tick, populations }] = shards;
      for (const [p, record] of recorded) write(record, tick, populations[p].fired, 0, populations[p].firedCount[0]);
      if (sampled.length > 0) takeSamples();
    },
    afterStretch: (boxes, firstTick, ticks) => {
      if (recorded.size === 0) return;
      const nPopulations = shards[0].populations.length;
      const starts = findStarts(boxes, nPopulations, ticks);
      for (let n = 0; n < ticks; n++) {
        for (const [p, record] of recorded) {
          for (const [q, { neurons, counts }] of boxes.entries()) {
            write(record, firstTick + n, neurons, starts[(n * boxes.length + q) * nPopulations + p], counts[n * nPopulations + p]);
          }
        }
      }
    },
    ticksToSample: () => sampled.reduce((least, { everyTicks }) => Math.min(least, everyTicks - (shards[0].tick % everyTicks)), Infinity),
    takeSamples,
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
    keep: () => ({
      spikes: Object.fromEntries([...spikes].map(([key, { t, i }]) => [key, { t: t.view().slice(), i: i.view().slice() }])),
      samples: Object.fromEntries([...samples].map(([key, { t, values }]) => [key, { t: Int32Array.from(t), samples: [...values] }])),
    }),
    takeUp: (kept) => {
      for (const [key, { t, i }] of spikes) {
        for (const tick of kept.spikes[key]?.t ?? []) t.push(tick);
        for (const neuron of kept.spikes[key]?.i ?? []) i.push(neuron);
      }
      for (const [key, { t, values }] of samples) {
        for (const tick of kept.samples[key]?.t ?? []) t.push(tick);
        for (const sample of kept.samples[key]?.samples ?? []) values.push(sample);
      }
    },
  };
}

const variableOf = (probe: Exclude<Probe, { kind: 'spikes' }>): string => (probe.kind === 'state' ? probe.variable : 'w');

function noProbe(what: string): UserError {
  return new UserError({ code: 'E-PROBE', message: `nothing records ${what}`, hint: 'add a probe to the network before the run' });
}
