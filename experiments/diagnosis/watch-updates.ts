/**
 * Looks at some samples of a training on a chip: before each of them an ideal twin of the network is put at the same tick with the weights that the chip
 * has (and the thresholds that the host has moved), is shown the same sample, and learns from it by its own spikes and its own third factors. What its
 * weights do is what the rule asks for; what the chip's do is what becomes of it. The chip's run is read and never written, so its bits stay the same.
 */
import type { Plan } from '../../core/plan/plan.ts';
import { Simulation } from '../../workers/simulation.ts';
import { isEvenlyChosen } from '../evenly-spread.ts';
import type { ClassificationTask, ConvolutionalReward, Task } from '../experiment.ts';
import { classifies } from '../experiment.ts';
import type { WatchTrial } from '../tasks/image-runs.ts';
import { descentOf } from './descent.ts';
import type { UpdateFigures } from './update-figures.ts';
import { createUpdateSums } from './update-figures.ts';

/** Neurons that spiked in the part of a sample that counts, as a share, and spikes per neuron and second; means over samples. */
export interface Activity {
  readonly population: string;
  readonly active: number;
  readonly hertz: number;
}

/** One plastic projection in one run. */
export interface LayerFigures extends UpdateFigures {
  readonly projection: string;
  /** Share of the weights that stand at an end of their range, at the first and at the last sample looked at. */
  readonly saturated: { readonly first: number; readonly last: number };
  readonly activity: { readonly pre: Activity; readonly post: Activity };
}

export interface UpdateWatch {
  readonly watch: WatchTrial;
  /** By plastic projection, in the order of the network; call it when the training is over. */
  figures(): LayerFigures[];
}

/** Tasks whose every sample teaches by itself: a convolution's features learn from many images at once, before the first answer. */
export type DiagnosedTask = Exclude<ClassificationTask, ConvolutionalReward>;

export const isDiagnosed = (task: Task): task is DiagnosedTask => classifies(task) && task.kind !== 'convolutional-reward';

/** @param reference the ideal chip's plan of the same network @param samples how many are looked at, spread evenly over the training */
export function watchUpdates(plan: Plan, reference: Plan, task: DiagnosedTask, samples: number): UpdateWatch {
  const descent = descentOf(plan, task);
  const layers = plan.network.projections.flatMap(({ name, rule, pre, post }) =>
    rule === undefined
      ? []
      : [
          {
            name,
            sums: createUpdateSums(plan.projections.find((one) => one.name === name)?.table.nSynapses ?? 0),
            isAtEnd: endsOf(plan, name, rule.bounds),
            saturated: [] as number[],
            pre: createActivity(pre, plan, task),
            post: createActivity(post, plan, task),
          },
        ],
  );

  const watch: WatchTrial = (trial, simulation, images, createTrial) => {
    const twin = new Simulation(reference);
    const twinTrial = createTrial(twin, reference);
    const total = images.count * task.epochs;
    const weightsOf = (one: Simulation): Float64Array[] => layers.map(({ name }) => one.weights(name));

    function lookAt(n: number, epoch: number): boolean {
      const before = weightsOf(simulation);
      twin.moveTo(simulation.tick, Object.fromEntries(layers.map(({ name }, l) => [name, before[l]])));
      for (const { name, tunable } of plan.network.populations)
        for (const parameter of tunable) twin.setState(name, parameter, simulation.state(name, parameter));
      // as the twin holds them: a single has fewer digits
      const asked = weightsOf(twin);
      twinTrial.learn(images, n, epoch);
      const right = trial.learn(images, n, epoch);
      const [now, ideal] = [weightsOf(simulation), weightsOf(twin)];
      const steepest = descent?.of(
        descent.layers.map((name) => before[layers.findIndex((layer) => layer.name === name)]),
        images,
        n,
      );
      for (const [l, { name, sums, isAtEnd, saturated, pre, post }] of layers.entries()) {
        sums.add(difference(now[l], before[l]), difference(ideal[l], asked[l]), steepest?.[descent?.layers.indexOf(name) ?? -1]);
        saturated.push(shareOf(now[l], isAtEnd));
        pre.add(simulation);
        post.add(simulation);
      }
      return right;
    }

    return {
      ...trial,
      learn: (_, n, epoch) => {
        const isLookedAt = isEvenlyChosen(epoch * images.count + n, samples, total);
        return isLookedAt ? lookAt(n, epoch) : trial.learn(images, n, epoch);
      },
    };
  };

  return {
    watch,
    figures: () =>
      layers.map(({ name, sums, saturated, pre, post }) => ({
        projection: name,
        ...sums.figures(),
        saturated: { first: saturated[0] ?? 0, last: saturated.at(-1) ?? 0 },
        activity: { pre: pre.mean(), post: post.mean() },
      })),
  };
}

const difference = (after: Float64Array, before: Float64Array): Float64Array => after.map((value, k) => value - before[k]);

function shareOf(values: Float64Array, isIt: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (isIt(value)) count++;
  return values.length === 0 ? 0 : count / values.length;
}

/** Whether a weight stands at an end of the range that the rule, or the chip's own levels, leave it. */
function endsOf({ projections }: Plan, name: string, [low, high]: readonly [number, number]): (weight: number) => boolean {
  const levels = projections.find((projection) => projection.name === name)?.lowered.weightLevels;
  const lowest = Math.max(low, levels?.[0] ?? low);
  const highest = Math.min(high, levels?.at(-1) ?? high);
  // half a level, or what single precision leaves of the range
  const range = Number.isFinite(highest - lowest) ? highest - lowest : 0;
  const near = levels === undefined || levels.length < 2 ? 1e-6 * range : (levels[1] - levels[0]) / 2;
  return (weight) => weight <= lowest + near || weight >= highest - near;
}

/** Ticks at the end of a training sample in which spikes are counted. */
function countedTicks(task: DiagnosedTask): number {
  return task.kind === 'reward-classification' ? task.ticks - task.burnIn : task.phases[task.phases.length - 1].window;
}

function createActivity(
  population: string,
  { network }: Plan,
  task: DiagnosedTask,
): { add(simulation: Simulation): void; mean(): Activity } {
  const seconds = countedTicks(task) * network.dt;
  let [samples, active, rate] = [0, 0, 0];
  return {
    add: (simulation) => {
      const counts = simulation.spikeCounts(population);
      let [spiking, spikes] = [0, 0];
      for (const count of counts) {
        spikes += count;
        if (count > 0) spiking++;
      }
      samples++;
      active += spiking / counts.length;
      rate += spikes / counts.length / seconds;
    },
    mean: () => ({ population, active: samples === 0 ? 0 : active / samples, hertz: samples === 0 ? 0 : rate / samples }),
  };
}
