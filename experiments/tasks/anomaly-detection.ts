/**
 * Anomaly detection by predictive coding without labels (experiments/experiment.ts). The test images are seen before anything is learned, then the
 * training images of all classes but one are learned, then the test images are seen again, and once more after each pause. All that is read is the
 * spikes of the error neurons: their number is the score of an image, less those of the other sign they say what the network predicted, and with the
 * latent values held by hand before a black image they say what it dreams.
 */
import type { EventKind } from '../../core/energy/event-kinds.ts';
import { InternalError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import type { SimulationCheckpoint } from '../../workers/checkpoint.ts';
import type { Simulation } from '../../workers/simulation.ts';
import { WHITE } from '../encoders.ts';
import type { AnomalyDetection, Phase } from '../experiment.ts';
import type { RunOutcome } from '../outcome.ts';
import type { NoveltyFigures, Raster } from '../result.ts';
import { averageOrNull } from '../seed-statistic.ts';
import { areaUnderCurve } from '../statistics.ts';
import type { TaskRun, TaskSetting } from '../task-run.ts';
import type { ImageData } from './image-runs.ts';
import { rasterOf } from './image-runs.ts';
import { createPauses } from './pauses.ts';
import { createPhaseClock } from './phase-clock.ts';

/** Training images between two points of the learning curve. */
const CURVE_STEP = 250;
/** Passes through the test images: before learning, and after it. */
const BEFORE_PAUSES = 2;

/** What the test images came to in one pass. */
interface Pass {
  /** [images] error spikes, and the mean squared error of a pixel */
  readonly spikes: number[];
  readonly squared: number[];
  /** Predictions of the images that are shown in the report, in their order. */
  readonly predictions: number[][];
}

type Usage = Pick<RunOutcome, 'events' | 'learning' | 'simulatedSeconds'>;

/** What the host remembers from image to image. */
interface Memory {
  done: number;
  readonly curve: { readonly samples: number[]; readonly values: number[] };
  spikesSince: number;
  readonly weightsBefore: Float64Array;
  readonly before: Raster;
  /** Before learning, after it, and after each pause; as far as they have begun. */
  readonly passes: Pass[];
  /** What had been used when learning began, and when it was over. */
  usedBefore?: Usage;
  usedAfter?: Usage;
  weightsAfter?: Float64Array;
}

export interface AnomalyState {
  readonly simulation: SimulationCheckpoint;
  readonly memory: Memory;
  /** The network after the pause at hand. */
  readonly paused?: SimulationCheckpoint;
}

export function startAnomalyDetection(
  { plan, task, start }: TaskSetting<AnomalyDetection>,
  { train, test }: ImageData,
  from?: AnomalyState,
): TaskRun<AnomalyState> {
  const heldOut = task.heldOut === 'by-seed' ? plan.network.seed % task.classes : task.heldOut;
  const known = indices(train.count).filter((n) => train.labels[n] !== heldOut);
  const shown = indices(test.count).filter((n) => test.labels.indexOf(test.labels[n]) === n);
  const training = known.length * task.epochs;
  const simulation = start(plan, from?.simulation);
  const observer = createObserver(simulation, plan, task);
  const memory: Memory = structuredClone(from?.memory) ?? {
    done: 0,
    curve: { samples: [], values: [] },
    spikesSince: 0,
    weightsBefore: simulation.weights(task.plastic),
    before: raster('before learning'),
    passes: [],
  };
  const passUnderWay = (): number => Math.floor((memory.done - training) / test.count);
  const pauses = createPauses(
    { plan, task, start },
    simulation,
    (network, itsPlan) => createObserver(network, itsPlan, task),
    from?.paused && { nth: passUnderWay() - BEFORE_PAUSES, network: from.paused },
  );

  function raster(title: string): Raster {
    const { error: population, ticks } = task;
    return rasterOf(simulation, plan, { population, ticks, title }, () => (test.count > 0 ? observer.see(test, 0) : undefined));
  }

  const used = (): Usage => ({
    events: simulation.eventCounts(),
    learning: simulation.learningCounts(),
    simulatedSeconds: simulation.tick * plan.network.dt,
  });

  function learn(nth: number): void {
    memory.usedBefore ??= used();
    memory.spikesSince += observer.learn(train, known[nth % known.length], Math.floor(nth / known.length));
    const seen = nth + 1;
    if (seen % CURVE_STEP !== 0) return;
    memory.curve.samples.push(seen);
    memory.curve.values.push(memory.spikesSince / CURVE_STEP);
    memory.spikesSince = 0;
  }

  function examine(pass: number, image: number): void {
    if (pass > 0) finishLearning();
    const by = pass < BEFORE_PAUSES ? observer : pauses.after(pass - BEFORE_PAUSES);
    memory.passes[pass] ??= { spikes: [], squared: [], predictions: [] };
    const { spikes, squared, predictions } = memory.passes[pass];
    spikes.push(by.see(test, image));
    const missed = by.missed();
    squared.push(missed.reduce((sum, value) => sum + value * value, 0) / missed.length);
    if (shown.includes(image)) predictions.push(Array.from(missed, (value, i) => brightness(test, image, i) + value));
  }

  function finishLearning(): void {
    memory.usedBefore ??= used();
    memory.usedAfter ??= used();
    memory.weightsAfter ??= simulation.weights(task.plastic);
  }

  const scoresOf = ({ spikes }: Pass, novel: boolean): number[] => spikes.filter((_, n) => (test.labels[n] === heldOut) === novel);

  function figures(pass: Pass | undefined): NoveltyFigures {
    if (pass === undefined) return { area: null, known: null, novel: null, squaredError: null };
    const [ofKnown, ofNovel] = [scoresOf(pass, false), scoresOf(pass, true)];
    return {
      area: areaUnderCurve(ofNovel, ofKnown),
      known: averageOrNull(ofKnown),
      novel: averageOrNull(ofNovel),
      squaredError: averageOrNull(pass.squared.filter((_, n) => test.labels[n] !== heldOut)),
    };
  }

  return {
    total: training + test.count * (BEFORE_PAUSES + pauses.spans.length),
    get done() {
      return memory.done;
    },
    step: () => {
      const { done } = memory;
      if (done < test.count) examine(0, done);
      else if (done < test.count + training) learn(done - test.count);
      else examine(passUnderWay(), (done - training) % test.count);
      memory.done++;
      // a raster takes its spikes at once; of the others nobody asks
      simulation.clearRecords();
      pauses.clearRecords();
    },
    state: () => ({
      simulation: simulation.checkpoint(),
      memory: structuredClone(memory),
      // between two passes the next begins anew
      ...((memory.done - training) % test.count === 0 ? {} : pauses.state()),
    }),
    outcome: (): RunOutcome => {
      finishLearning();
      const [first, second] = memory.passes;
      const after = figures(second);
      const { events, learning, simulatedSeconds } = between(memory.usedBefore, memory.usedAfter);
      const dreams = observer.dreams();
      return {
        accuracy: after.area,
        ...(task.after === undefined
          ? {}
          : { later: pauses.spans.map((one, n) => ({ ...one, accuracy: figures(memory.passes[n + BEFORE_PAUSES]).area })) }),
        curve: { ...memory.curve, label: `error spikes per image, mean of the last ${CURVE_STEP} training images` },
        rasters: [memory.before, raster('after learning')],
        confusion: null,
        weightsBefore: memory.weightsBefore,
        weightsAfter: memory.weightsAfter ?? memory.weightsBefore,
        window: null,
        novelty: {
          heldOut,
          before: figures(first),
          after,
          scores: { known: second ? scoresOf(second, false) : [], novel: second ? scoresOf(second, true) : [] },
          pictures: {
            rows: test.rows,
            columns: test.columns,
            images: shown
              .map((image, n) => ({
                label: test.labels[image],
                pixels: indices(test.rows * test.columns).map((i) => brightness(test, image, i)),
                before: first.predictions[n],
                after: second.predictions[n],
              }))
              .sort((a, b) => a.label - b.label),
            dreams,
          },
        },
        events,
        learning,
        samples: training,
        simulatedSeconds,
        stateHash: simulation.hash(),
        wallSeconds: 0,
      };
    },
  };
}

interface Observer {
  /** Shows an image and leaves the synapses alone. @returns its error spikes */
  see(images: LabelledImages, n: number): number;
  /** The same, and learns from it. @param epoch from 0 */
  learn(images: LabelledImages, n: number, epoch: number): number;
  /** [pixels] prediction less pixel, as shares of white: a mean over the window of what was seen last */
  missed(): Float64Array;
  /** [latent][pixels] predictions of each latent value alone */
  dreams(): number[][];
}

function createObserver(simulation: Simulation, plan: Plan, task: AnomalyDetection): Observer {
  const { input, white, latent, hold, error, quantum, learn, ticks, window } = task;
  const phase: Phase = { ticks, window, from: 'rest', learn };
  const clock = createPhaseClock(simulation, plan, { input, white, steps: learn });
  const sizeOf = (name: string): number => plan.network.populations.find((population) => population.name === name)?.size ?? 0;
  const latents = sizeOf(latent);
  const free = new Float64Array(latents);
  const perSpike = quantum / window;
  const black: LabelledImages = {
    name: 'black',
    count: 1,
    rows: 1,
    columns: sizeOf(input),
    classes: 1,
    pixels: new Uint8Array(sizeOf(input)),
    labels: new Uint8Array(1),
  };

  function present(images: LabelledImages, n: number, learns: boolean, bias = free): number {
    clock.show(images, n);
    clock.run(phase, { gathers: true, learns, prepare: () => simulation.setState(latent, 'bias', bias) });
    simulation.learning = false;
    return simulation.spikeCounts(error).reduce((sum, spikes) => sum + spikes, 0);
  }

  const missed = (): Float64Array => Float64Array.from(simulation.state(error, 'sent'), (spikes) => spikes * perSpike);

  return {
    see: (images, n) => present(images, n, false),
    learn(images, n, epoch) {
      const spikes = present(images, n, true);
      clock.learnFrom(phase, task.rateDecay ** epoch);
      return spikes;
    },
    missed,
    dreams: () =>
      indices(latents).map((k) => {
        present(black, 0, false, new Float64Array(latents).fill(-hold).fill(hold, k, k + 1));
        return Array.from(missed());
      }),
  };
}

/** What learning has used: the test before it is no part of its cost. */
function between(before: Usage | undefined, after: Usage | undefined): Usage {
  if (before === undefined || after === undefined) throw new InternalError('learning has not ended');
  const { synapticUpdates, updateAttempts, saturatedUpdates } = after.learning;
  return {
    events: Object.fromEntries(Object.entries(after.events).map(([kind, n]) => [kind, n - (before.events[kind as EventKind] ?? 0)])),
    learning: {
      synapticUpdates: synapticUpdates - before.learning.synapticUpdates,
      updateAttempts: updateAttempts - before.learning.updateAttempts,
      saturatedUpdates: saturatedUpdates - before.learning.saturatedUpdates,
    },
    simulatedSeconds: after.simulatedSeconds - before.simulatedSeconds,
  };
}

const indices = (n: number): number[] => Array.from({ length: n }, (_, k) => k);

const brightness = ({ pixels, rows, columns }: LabelledImages, image: number, i: number): number =>
  pixels[image * rows * columns + i] / WHITE;
