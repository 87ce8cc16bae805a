/**
 * What every task that learns from images does alike: epochs over the training images with a learning curve, then the test images once, and once
 * more after each pause. How one image is shown and learned is the task's own.
 */
import { UserError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import type { Simulation } from '../../workers/simulation.ts';
import type { ImageTask } from '../experiment.ts';
import { laterPlan, readSpan } from '../later.ts';
import type { ProgressCells, RunOutcome } from '../outcome.ts';
import type { Raster } from '../result.ts';
import type { StartSimulation } from '../start-simulation.ts';

export interface ImageData {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

export interface ImageTrial {
  /** Shows an image and learns from it; true when the answer was right. @param epoch from 0 */
  learn(images: LabelledImages, n: number, epoch: number): boolean;
  answer(images: LabelledImages, n: number): number;
  raster(images: LabelledImages, n: number, title: string): Raster;
}

type CreateTrial = (simulation: Simulation, plan: Plan) => ImageTrial;

/** Who looks at the training may put a trial of its own around that of the task. @param images those trained on */
export type WatchTrial = (trial: ImageTrial, simulation: Simulation, images: LabelledImages, createTrial: CreateTrial) => ImageTrial;

export const unwatched: WatchTrial = (trial) => trial;

/** All of them look, the last one from outside. */
export const watchedBy =
  (watches: readonly WatchTrial[]): WatchTrial =>
  (trial, simulation, images, createTrial) =>
    watches.reduce((inner, watch) => watch(inner, simulation, images, createTrial), trial);

/** Training images between two points of the learning curve. */
const CURVE_STEP = 250;

export function runImages(
  plan: Plan,
  task: ImageTask,
  { train, test }: ImageData,
  progress: ProgressCells,
  start: StartSimulation,
  watch: WatchTrial,
  createTrial: CreateTrial,
): RunOutcome {
  const simulation = start(plan);
  const trial = watch(createTrial(simulation, plan), simulation, train, createTrial);
  const weightsBefore = simulation.weights(task.plastic);
  const before = trial.raster(test, 0, 'before learning');
  progress[1] = train.count * task.epochs + test.count * (1 + (task.after?.length ?? 0));
  const curve = { samples: [] as number[], values: [] as number[] };
  let rightOnes = 0;
  for (let epoch = 0; epoch < task.epochs; epoch++) {
    for (let n = 0; n < train.count; n++) {
      rightOnes += trial.learn(train, n, epoch) ? 1 : 0;
      const seen = epoch * train.count + n + 1;
      if (seen % CURVE_STEP === 0) {
        curve.samples.push(seen);
        curve.values.push(rightOnes / CURVE_STEP);
        rightOnes = 0;
      }
      progress[0]++;
    }
  }
  const learning = simulation.learningCounts();
  const events = simulation.eventCounts();
  const simulatedSeconds = simulation.tick * plan.network.dt;
  const weightsAfter = simulation.weights(task.plastic);
  const confusion = Array.from({ length: task.classes }, () => new Array<number>(task.classes).fill(0));
  let right = 0;
  for (let n = 0; n < test.count; n++) {
    const answer = trial.answer(test, n);
    confusion[test.labels[n]][answer]++;
    if (answer === test.labels[n]) right++;
    progress[0]++;
  }
  // the same images and the same input spikes each time: differences are the cells'
  const later = (task.after ?? []).map((after) => {
    const seconds = Number(readSpan(after));
    const paused = laterPlan(plan, simulation, seconds);
    const again = createTrial(start(paused), paused);
    let found = 0;
    for (let n = 0; n < test.count; n++) {
      if (again.answer(test, n) === test.labels[n]) found++;
      progress[0]++;
    }
    return { after, seconds, accuracy: test.count === 0 ? 0 : found / test.count };
  });
  return {
    ...(task.after === undefined ? {} : { later }),
    accuracy: test.count === 0 ? null : right / test.count,
    curve: { ...curve, label: `share of right answers in the last ${CURVE_STEP} training images` },
    rasters: [before, trial.raster(test, 0, 'after learning')],
    confusion,
    weightsBefore,
    weightsAfter,
    window: null,
    events,
    learning,
    samples: train.count * task.epochs,
    simulatedSeconds,
    stateHash: simulation.hash(),
    wallSeconds: 0,
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
