/**
 * What every task that learns from images does alike: epochs over the training images with a learning curve, then the test images once, and once
 * more after each pause; of a network that comes trained, the test images before all that, too. How one image is shown and learned is the task's own.
 */
import { UserError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import type { SimulationCheckpoint } from '../../workers/checkpoint.ts';
import type { Simulation } from '../../workers/simulation.ts';
import type { ClassificationTask } from '../experiment.ts';
import { pretrainingOf } from '../experiment.ts';
import type { RunOutcome } from '../outcome.ts';
import { teacherAccuracy } from '../pretrain.ts';
import type { Raster } from '../result.ts';
import type { TaskRun, TaskSetting } from '../task-run.ts';
import { createPauses } from './pauses.ts';

export interface ImageData {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** @typeParam Memory what the trial itself remembers from one image to the next: plain data */
export interface ImageTrial<Memory = unknown> {
  /** Shows an image and learns from it; true when the answer was right. @param epoch from 0 */
  learn(images: LabelledImages, n: number, epoch: number): boolean;
  answer(images: LabelledImages, n: number): number;
  raster(images: LabelledImages, n: number, title: string): Raster;
  /** A copy. */
  memory(): Memory;
}

/** What a kind of trial is. @param from memory of the trial that it goes on from */
export type CreateTrial<Memory> = (simulation: Simulation, plan: Plan, from?: Memory) => ImageTrial<Memory>;

/** Who looks at the training may put a trial of its own around that of the task. @param images those trained on */
export type WatchTrial = <Memory>(
  trial: ImageTrial<Memory>,
  simulation: Simulation,
  images: LabelledImages,
  createTrial: CreateTrial<Memory>,
) => ImageTrial<Memory>;

/** All of them look, the last one from outside; of none, nobody does. */
export const watchedBy =
  (watches: readonly WatchTrial[]): WatchTrial =>
  (trial, simulation, images, createTrial) =>
    watches.reduce((inner, watch) => watch(inner, simulation, images, createTrial), trial);

/** Training images between two points of the learning curve. */
const CURVE_STEP = 250;

/** What the host remembers from image to image. */
interface Memory {
  done: number;
  readonly curve: { readonly samples: number[]; readonly values: number[] };
  /** Right answers since the last point of the curve. */
  rightOnes: number;
  readonly weightsBefore: Float64Array;
  readonly before: Raster;
  /** What training has cost and left, once it is over. */
  trained?: Pick<RunOutcome, 'learning' | 'events' | 'simulatedSeconds' | 'weightsAfter'>;
  readonly confusion: number[][];
  /** Right answers to the test images: at once, and after each pause. */
  right: number;
  readonly later: number[];
  /** The same before anything was learned, of a network that came trained. */
  placed: number;
}

export interface ImageRunState<Trial> {
  readonly simulation: SimulationCheckpoint;
  readonly memory: Memory;
  readonly trial: Trial;
  /** The network as it was placed, while it is examined. */
  readonly placed?: SimulationCheckpoint;
  /** The network after the pause at hand. */
  readonly paused?: SimulationCheckpoint;
}

export function startImageRun<Trial>(
  { plan, task, start, watch = watchedBy([]) }: TaskSetting<ClassificationTask>,
  { train, test }: ImageData,
  createTrial: CreateTrial<Trial>,
  from?: ImageRunState<Trial>,
): TaskRun<ImageRunState<Trial>> {
  const simulation = start(plan, from?.simulation);
  const trial = watch(createTrial(simulation, plan, from?.trial), simulation, train, createTrial);
  const training = train.count * task.epochs;
  const pretrain = pretrainingOf(task);
  const placing = pretrain === undefined ? 0 : test.count;
  const memory: Memory = structuredClone(from?.memory) ?? {
    done: 0,
    curve: { samples: [], values: [] },
    rightOnes: 0,
    weightsBefore: simulation.weights(task.plastic),
    before: trial.raster(test, 0, 'before learning'),
    confusion: Array.from({ length: task.classes }, () => new Array<number>(task.classes).fill(0)),
    right: 0,
    later: (task.after ?? []).map(() => 0),
    placed: 0,
  };
  /** The network as it was placed: one beside that which learns, so that looking at it costs and changes nothing there. */
  let placed = from?.placed && place(from.placed);
  // the same images come with the same input spikes: differences are the cells'
  const pauses = createPauses<ImageTrial>(
    { plan, task, start },
    simulation,
    createTrial,
    from?.paused && { nth: Math.floor((memory.done - placing - training) / test.count) - 1, network: from.paused },
  );

  function place(at?: SimulationCheckpoint): { readonly simulation: Simulation; readonly trial: ImageTrial } {
    const beside = start(plan, at);
    return { simulation: beside, trial: createTrial(beside, plan) };
  }

  /** Shows a test image to the network as it was placed. */
  function examinePlaced(image: number): void {
    placed ??= place();
    if (placed.trial.answer(test, image) === test.labels[image]) memory.placed++;
    if (image === test.count - 1) placed = undefined;
  }

  function learn(nth: number): void {
    memory.rightOnes += trial.learn(train, nth % train.count, Math.floor(nth / train.count)) ? 1 : 0;
    const seen = nth + 1;
    if (seen % CURVE_STEP !== 0) return;
    memory.curve.samples.push(seen);
    memory.curve.values.push(memory.rightOnes / CURVE_STEP);
    memory.rightOnes = 0;
  }

  function trained(): NonNullable<Memory['trained']> {
    memory.trained ??= {
      learning: simulation.learningCounts(),
      events: simulation.eventCounts(),
      simulatedSeconds: simulation.tick * plan.network.dt,
      weightsAfter: simulation.weights(task.plastic),
    };
    return memory.trained;
  }

  /** Shows the nth of the test images, which come at once and then after each pause. */
  function examine(nth: number): void {
    trained();
    const image = nth % test.count;
    const label = test.labels[image];
    const pass = Math.floor(nth / test.count) - 1;
    if (pass < 0) {
      const answer = trial.answer(test, image);
      memory.confusion[label][answer]++;
      if (answer === label) memory.right++;
      return;
    }
    if (pauses.after(pass).answer(test, image) === label) memory.later[pass]++;
  }

  const share = (right: number): number => (test.count === 0 ? 0 : right / test.count);
  return {
    total: placing + training + test.count * (1 + pauses.spans.length),
    get done() {
      return memory.done;
    },
    step: () => {
      const nth = memory.done - placing;
      if (nth < 0) examinePlaced(memory.done);
      else if (nth < training) learn(nth);
      else examine(nth - training);
      memory.done++;
      // a raster takes its spikes at once; of the others nobody asks
      for (const network of [simulation, placed?.simulation, pauses]) network?.clearRecords();
    },
    state: () => ({
      simulation: simulation.checkpoint(),
      memory: structuredClone(memory),
      trial: trial.memory(),
      ...(placed === undefined ? {} : { placed: placed.simulation.checkpoint() }),
      ...((memory.done - placing - training) % test.count === 0 ? {} : pauses.state()),
    }),
    outcome: (): RunOutcome => ({
      ...trained(),
      ...(task.after === undefined ? {} : { later: pauses.spans.map((one, nth) => ({ ...one, accuracy: share(memory.later[nth]) })) }),
      ...(pretrain && { pretrained: { teacher: teacherAccuracy(plan.network, pretrain, test), placed: share(memory.placed) } }),
      accuracy: test.count === 0 ? null : share(memory.right),
      curve: { ...memory.curve, label: `share of right answers in the last ${CURVE_STEP} training images` },
      rasters: [memory.before, trial.raster(test, 0, 'after learning')],
      confusion: memory.confusion,
      weightsBefore: memory.weightsBefore,
      window: null,
      samples: training,
      stateHash: simulation.hash(),
      wallSeconds: 0,
    }),
  };
}

/** Hands the spikes of sample n to a played source. */
export function playSample(simulation: Simulation, population: string, { spikes, name }: LabelledImages, n: number): void {
  if (spikes === undefined) {
    throw new UserError({
      code: 'E-TASK',
      message: `${name} are pictures, but population ${population} is a played source and wants spikes`,
    });
  }
  const [from, end] = [spikes.start[n], spikes.start[n + 1]];
  simulation.play(population, spikes.tick.subarray(from, end), spikes.pixel.subarray(from, end));
}

/** The spikes of a population while something is shown. */
export function rasterOf(
  simulation: Simulation,
  { network }: Plan,
  { population, ticks, title }: { readonly population: string; readonly ticks: number; readonly title: string },
  present: () => void,
): Raster {
  simulation.clearRecords();
  const from = simulation.tick;
  present();
  const { t, i } = simulation.recordedSpikes(population);
  const neurons = network.populations.find(({ name }) => name === population)?.size ?? 0;
  return { title, population, neurons, ticks, dt: network.dt, t: Array.from(t, (tick) => tick - from), i: Array.from(i) };
}
