/**
 * The direction that back-propagation would take, where a network has one: its layers of plastic weights taken as rectified rates (experiments/teacher),
 * the squared error of the last layer against 1 at the class and 0 elsewhere. A rule that learns from a reward alone follows no gradient of a sample, so
 * there is none for it; nor for a third projection that carries errors back.
 */
import type { Plan, PlannedProjection } from '../../core/plan/plan.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import { WHITE } from '../encoders.ts';
import { oneHot } from '../teacher/loss.ts';
import type { RateNetwork } from '../teacher/rate-network.ts';
import { backward, forward, rateTape, zerosLike } from '../teacher/rate-network.ts';
import type { DiagnosedTask } from './watch-updates.ts';

export interface Descent {
  /** The projections of the layers, from input to answer. */
  readonly layers: readonly string[];
  /** Minus the gradient of sample n, by layer, [nSynapses]. @param weights by layer, in network units */
  of(weights: readonly Float64Array[], images: LabelledImages, n: number): Float64Array[];
}

/** Undefined where the network is no chain of two fully connected plastic layers from the input to the classes. */
export function descentOf(plan: Plan, task: DiagnosedTask): Descent | undefined {
  if (task.kind === 'reward-classification') return undefined;
  const learned = new Set(plan.network.projections.filter(({ rule }) => rule !== undefined).map(({ name }) => name));
  const full = plan.projections.filter(({ name, table }) => learned.has(name) && isFull(table));
  const first = full.find(({ pre }) => plan.populations[pre].name === task.input);
  const second = full.find(({ table }) => table.nPre === first?.table.nPost && table.nPost === task.classes);
  if (first === undefined || second === undefined || first === second) return undefined;
  const sizes = [first.table.nPre, first.table.nPost, task.classes];
  const biases = sizes.slice(1).map((size) => new Float64Array(size));
  const input = new Float64Array(sizes[0]);
  return {
    layers: [first.name, second.name],
    of: (weights, images, n) => {
      const network: RateNetwork = { sizes, hidden: 'relu', output: 'linear', weights, biases };
      const tape = rateTape(network);
      const gradient = zerosLike(network);
      for (let i = 0; i < input.length; i++) input[i] = images.pixels[n * input.length + i] / WHITE;
      forward(network, input, tape);
      backward(network, tape, 'squared-error', oneHot(task.classes, images.labels[n]), gradient);
      return gradient.weights.map((values) => values.map((value) => -value));
    },
  };
}

/** All to all, with one delay: a row per source, as the teacher keeps its weights. */
const isFull = ({ nSynapses, nPre, nPost, nRows }: PlannedProjection['table']): boolean => nSynapses === nPre * nPost && nRows === nPre;
