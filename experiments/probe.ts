/**
 * A short run that only looks: a few samples of the experiment's own task on one chip, tick by tick, noting how far traces rise, how often a
 * neuron spikes more than once in a learning epoch, and what becomes of weight updates. What these mean on a chip, the chip says.
 */
import type { ProbeMeasurement } from '../core/chip-contract.ts';
import type { Plan } from '../core/plan/plan.ts';
import { Simulation } from '../workers/simulation.ts';
import type { Task } from './experiment.ts';
import { runOne } from './run-worker.ts';
import type { ImageData } from './tasks/image-runs.ts';

/** Largest value of a trace so far, how often it stood there, and how often the trace was above zero. */
interface TraceWatch {
  largest: number;
  atLargest: number;
  seen: number;
}

/** Neurons that spiked in an epoch, and those of them that did so more than once. */
interface SpikeWatch {
  spiked: number;
  repeated: number;
}

/** @param samples images, trials or repeats, whichever the task counts */
export function probe(plan: Plan, task: Task, data: ImageData | undefined, samples: number): ProbeMeasurement {
  const traces = new Map<string, TraceWatch>();
  const spikes = { pre: { spiked: 0, repeated: 0 }, post: { spiked: 0, repeated: 0 } };
  const projection = plan.projections.find(({ name }) => name === task.plastic);
  const populations = projection && { pre: plan.populations[projection.pre].name, post: plan.populations[projection.post].name };
  let ticks = 0;

  class Watched extends Simulation {
    override run(count: number): void {
      const epoch = projection?.lowered.epochTicks ?? 1;
      let before = this.#counts();
      for (let n = 0; n < count; n++) {
        super.run(1);
        ticks++;
        for (const { name } of projection?.lowered.traces ?? []) watchTrace(traces, name, this.traceValues(task.plastic, name));
        if (this.tick % epoch !== 0) continue;
        const after = this.#counts();
        for (const side of ['pre', 'post'] as const) watchSpikes(spikes[side], before[side], after[side]);
        before = after;
      }
    }

    #counts(): { readonly pre: Int32Array; readonly post: Int32Array } {
      const of = (name: string | undefined): Int32Array => (name === undefined ? new Int32Array(0) : this.spikeCounts(name).slice());
      return { pre: of(populations?.pre), post: of(populations?.post) };
    }
  }

  const request = {
    plan,
    task: shortened(task, samples),
    progress: new Int32Array(2),
    ...(data === undefined ? {} : { data: fewer(data, samples) }),
  };
  const rule = plan.network.projections.find(({ name }) => name === task.plastic)?.rule;
  const pairing = Object.values(rule?.traces ?? {}).map((trace) => trace.pairing);
  const { learning } = runOne(request, (started) => new Watched(started));
  return {
    projection: task.plastic,
    ticks,
    traces: [...traces].map(([name, { largest, atLargest, seen }], n) => ({
      name,
      largest,
      share: seen === 0 ? 0 : atLargest / seen,
      isSet: pairing[n] === 'nearest',
    })),
    repeatedSpikes: { pre: share(spikes.pre), post: share(spikes.post) },
    ...learning,
  };
}

const share = ({ spiked, repeated }: SpikeWatch): number => (spiked === 0 ? 0 : repeated / spiked);

function shortened(task: Task, samples: number): Task {
  switch (task.kind) {
    case 'reward-classification':
    case 'phased-classification':
    case 'anomaly-detection':
      return { ...task, epochs: 1, trainImages: samples, testImages: 0 };
    case 'convolutional-reward':
      return {
        ...task,
        stages: task.stages.map((stage) => ({ ...stage, images: Math.min(stage.images, samples) })),
        epochs: 1,
        trainImages: samples,
        testImages: 0,
      };
    case 'contextual-bandit':
      return { ...task, trials: Math.min(task.trials, samples), scoredTrials: Math.min(task.scoredTrials, samples) };
    case 'stdp-window':
      return task; // its spike times are part of its network, and it is short
  }
}

/** The first images; the pixels stay where they are. */
const fewer = ({ train, test }: ImageData, samples: number): ImageData => ({
  train: { ...train, count: Math.min(train.count, samples) },
  test: { ...test, count: 0 },
});

function watchTrace(traces: Map<string, TraceWatch>, name: string, values: ArrayLike<number>): void {
  const watch = traces.get(name) ?? { largest: 0, atLargest: 0, seen: 0 };
  traces.set(name, watch);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value <= 0) continue;
    watch.seen++;
    if (value > watch.largest) {
      watch.largest = value;
      watch.atLargest = 0;
    }
    if (value === watch.largest) watch.atLargest++;
  }
}

function watchSpikes(watch: SpikeWatch, before: Int32Array, after: Int32Array): void {
  for (let i = 0; i < after.length; i++) {
    const spikes = after[i] - before[i];
    if (spikes > 0) watch.spiked++;
    if (spikes > 1) watch.repeated++;
  }
}
