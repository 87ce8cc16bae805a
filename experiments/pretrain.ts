/**
 * Circuits that come to the chip trained: the layered rate network that a circuit stands for (`Pretraining`) is trained off line by back-propagation
 * (experiments/teacher), and its weights are those that the network begins with. It begins with the weights of the circuit itself and stays within the
 * bounds of the rules, so nothing is scaled or cut on the way; projections that begin as a transpose follow. What a chip makes of the weights is the
 * chip's business, as with all weights.
 */
import { UserError } from '../core/errors.ts';
import { drawValues } from '../core/network/connectivity.ts';
import type { Network, Projection } from '../core/network/network.ts';
import { streamOf } from '../core/random.ts';
import type { LabelledImages } from '../formats/labelled-images.ts';
import type { LoadedData } from './data/load-data.ts';
import type { Experiment, Pretraining } from './experiment.ts';
import { contentHash } from './run-store.ts';
import type { RateNetwork } from './teacher/rate-network.ts';
import { rateAccuracy, spikeRates, toTheEnd, trainWithinBounds } from './teacher/train.ts';

/** Of Adam. */
const STEPS = { rate: 0.003, rateDecay: 'even' } as const;

/** Weights by layer, [nPre × nPost] each. */
type Weights = readonly Float64Array[];

/** The rate network that the circuit stands for, with the weights that the circuit begins with. */
function teacherOf(network: Network, { layers, activation }: Pretraining): RateNetwork {
  const { projections, sizes } = chainOf(network, layers);
  return {
    sizes,
    hidden: activation,
    output: 'linear',
    weights: projections.map(({ name, weight }, l) =>
      drawValues(weight, sizes[l] * sizes[l + 1], network.seed, streamOf(`${name}/weight`), `the weight of ${name}`),
    ),
    biases: layers.map(({ bias }, l) => new Float64Array(sizes[l + 1]).fill(bias)),
  };
}

function chainOf(network: Network, layers: Pretraining['layers']): { projections: readonly Projection[]; sizes: readonly number[] } {
  const sizeOf = (name: string): number => network.populations.find((population) => population.name === name)?.size ?? 0;
  const projections = layers.flatMap(({ projection }) => network.projections.filter(({ name }) => name === projection));
  return { projections, sizes: [sizeOf(projections[0].pre), ...projections.map(({ post }) => sizeOf(post))] };
}

/** Share of right answers of the rate network whose weights a network begins with. */
export const teacherAccuracy = (network: Network, pretrain: Pretraining, images: LabelledImages): number =>
  rateAccuracy(teacherOf(network, pretrain), images, (all, k) => spikeRates(all, k, pretrain.white));

/** What a teacher is taught, and the hash of all of it. */
interface Lesson {
  readonly network: Network;
  readonly pretrain: Required<Pretraining>;
  readonly images: LabelledImages;
  /** [layers] lowest and highest weight: those of the rule on the projection. */
  readonly bounds: readonly (readonly [number, number])[];
  readonly key: string;
}

const UNBOUNDED = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

function lessonOf(network: Network, pretrain: Required<Pretraining>, { train: images, inputs }: LoadedData): Lesson {
  const { projections, sizes } = chainOf(network, pretrain.layers);
  const bounds = projections.map(({ rule }) => rule?.bounds ?? UNBOUNDED);
  const begins = projections.map(({ name, weight }) => ({ name, weight }));
  const key = contentHash({ seed: network.seed, sizes, begins, bounds, pretrain, images: inputs.train.sha256 });
  return { network, pretrain, images, bounds, key };
}

function* teach({ network, pretrain, images, bounds }: Lesson): Generator<void, Weights> {
  const { white, target, epochs } = pretrain;
  const teacher = teacherOf(network, pretrain);
  yield* trainWithinBounds(teacher, images, { ...STEPS, seed: network.seed, epochs, white, target, bounds });
  requireNumbers(teacher, pretrain);
  return teacher.weights;
}

function requireNumbers({ weights }: RateNetwork, { layers }: Pretraining): void {
  const bad = weights.findIndex((values) => !values.every(Number.isFinite));
  if (bad < 0) return;
  throw new UserError({
    code: 'E-NOT-FINITE',
    message: `back-propagation through the layers of task.pretrain leaves weights of "${layers[bad].projection}" that are no numbers`,
    hint: 'make bias, white or target smaller',
  });
}

/** Most bytes of weights that are kept. */
const ROOM = 64 * 2 ** 20;

/** What was taught, by the hash of the lesson, the latest last: the same seeds come again with every chip. */
const taught = new Map<string, Weights>();

const bytesOf = (weights: Weights): number => weights.reduce((sum, { byteLength }) => sum + byteLength, 0);

function keep(key: string, weights: Weights): void {
  taught.delete(key);
  taught.set(key, weights);
  let bytes = [...taught.values()].reduce((sum, values) => sum + bytesOf(values), 0);
  for (const [oldest, values] of taught) {
    if (bytes <= ROOM || oldest === key) return;
    taught.delete(oldest);
    bytes -= bytesOf(values);
  }
}

/** The description with the weights that the teacher of `network`, which was read from it, learns from the training images. */
export function withTaughtWeights(
  description: Experiment['network'],
  network: Network,
  pretrain: Required<Pretraining>,
  data: LoadedData,
): Experiment['network'] {
  const lesson = lessonOf(network, pretrain, data);
  const weights = taught.get(lesson.key) ?? toTheEnd(teach(lesson));
  keep(lesson.key, weights);
  const projections = description.projections as readonly { readonly name?: string; readonly pre: string; readonly post: string }[];
  return {
    ...description,
    projections: projections.map((projection) => {
      const name = projection.name ?? `${projection.pre}-${projection.post}`;
      const layer = pretrain.layers.findIndex((one) => one.projection === name);
      return layer < 0 ? projection : { ...projection, weight: weights[layer] };
    }),
  };
}

/** How long teaching keeps the thread to itself, in milliseconds. */
const TURN = 50;

/** Lessons under way. */
const underWay = new Map<string, Promise<void>>();

/**
 * Teaches what `withTaughtWeights` will ask for, and lets others have their turn meanwhile.
 * @param stops asked now and then; what was begun is then dropped
 * @returns false if it was stopped
 */
export async function teachAhead(
  network: Network,
  pretrain: Required<Pretraining>,
  data: LoadedData,
  stops: () => boolean,
): Promise<boolean> {
  const lesson = lessonOf(network, pretrain, data);
  if (taught.has(lesson.key)) return true;
  const begun = underWay.get(lesson.key) ?? inTurns(lesson, stops).finally(() => underWay.delete(lesson.key));
  underWay.set(lesson.key, begun);
  await begun;
  return !stops();
}

async function inTurns(lesson: Lesson, stops: () => boolean): Promise<void> {
  const steps = teach(lesson);
  let since = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) {
      keep(lesson.key, step.value);
      return;
    }
    if (performance.now() - since < TURN) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (stops()) return;
    since = performance.now();
  }
}
