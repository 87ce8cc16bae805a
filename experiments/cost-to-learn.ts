/**
 * What it costs to learn: samples and joules until nine of ten answers are right, and what the same layers cost by back-propagation on a digital
 * machine. The first point of the learning curve, averaged over the seeds, at which so many training samples were answered rightly before they were
 * learned counts as reached.
 */
import type { EnergyReport, Joules } from '../core/energy/estimate.ts';
import { stageSize } from './convolution/features.ts';
import type { MapSize } from './convolution/spike-map.ts';
import { pooledSize } from './convolution/spike-map.ts';
import type { Experiment } from './experiment.ts';
import { classifies } from './experiment.ts';
import type { CostToGoal, DigitalReference, LearningCurve } from './result.ts';

/** Share of right answers. */
export const GOAL = 0.9;

/** Orders of magnitude for a processor with its memory off the chip (Horowitz, ISSCC 2014). */
const PICOJOULES = { operation: 1, word: 200 } as const;

/** Forward, back, and the change of the weights; each an addition and a multiplication per weight and place. */
const OPERATIONS = 3 * 2;
/** Each weight is read in two of them and written in one. */
const WORDS = 3;

/** Samples until the curve first stands at `goal`; undefined when it never does. */
export const samplesTo = (goal: number, { samples, perSeed }: Pick<LearningCurve, 'samples' | 'perSeed'>): number | undefined =>
  samples.find((_, n) => perSeed.reduce((sum, values) => sum + values[n], 0) >= goal * perSeed.length);

export function costToGoal(curve: LearningCurve, { perSample }: Pick<EnergyReport, 'perSample'>): CostToGoal {
  const samples = samplesTo(GOAL, curve) ?? null;
  const joules = (end: keyof Joules): number => (samples ?? 0) * (perSample?.[end] ?? 0);
  const energy = samples === null || perSample === null ? null : { value: joules('value'), lo: joules('lo'), hi: joules('hi') };
  return { goal: GOAL, samples, energy };
}

/** Weights that one kernel or layer has, and the places it is used at. */
interface Layer {
  readonly weights: number;
  readonly places: number;
}

/** Absent for tasks that do not classify images. */
export function digitalReference(experiment: Pick<Experiment, 'network' | 'task'>): DigitalReference | undefined {
  const layers = layersOf(experiment);
  if (layers === undefined) return undefined;
  const sum = (value: (layer: Layer) => number): number => layers.reduce((total, layer) => total + value(layer), 0);
  const operations = OPERATIONS * sum(({ weights, places }) => weights * places);
  const words = WORDS * sum(({ weights }) => weights);
  return {
    perSample: (operations * PICOJOULES.operation + words * PICOJOULES.word) * 1e-12,
    note: `back-propagation through the same layers on a processor: ${operations} operations at ${PICOJOULES.operation} pJ and ${words} words of memory at ${PICOJOULES.word} pJ per sample`,
  };
}

/** The parts of a written network that sizes follow from; a weight that is another's transpose is no weight of its own. */
interface Written {
  readonly populations: readonly { readonly name: string; readonly size: number }[];
  readonly projections: readonly { readonly name?: string; readonly pre: string; readonly post: string; readonly weight?: unknown }[];
}

function layersOf({ network, task }: Pick<Experiment, 'network' | 'task'>): Layer[] | undefined {
  if (!classifies(task)) return undefined;
  const { populations, projections } = network as unknown as Written;
  const sizeOf = (name: string): number => populations.find((population) => population.name === name)?.size ?? 0;
  const answering: Layer = { weights: sizeOf(task.input) * task.classes, places: 1 };
  if (task.kind === 'reward-classification') return [answering];
  const named = projections.map((projection) => ({ ...projection, name: projection.name ?? `${projection.pre}-${projection.post}` }));
  const weightsOf = (name: string): number => {
    const found = named.find((projection) => projection.name === name);
    return found === undefined ? 0 : sizeOf(found.pre) * sizeOf(found.post);
  };
  if (task.kind === 'phased-classification') {
    const isOwn = (weight: unknown): boolean => !(typeof weight === 'object' && weight !== null && 'transposeOf' in weight);
    return named
      .filter(({ name, weight }) => (name in task.rates || name === task.plastic) && isOwn(weight))
      .map(({ name }) => ({ weights: weightsOf(name), places: 1 }));
  }
  let below: MapSize = { rows: task.rows, columns: task.columns, maps: 2 * task.filters.length };
  const stages = task.stages.map(({ projection, pool, ...window }): Layer => {
    const features = sizeOf(named.find(({ name }) => name === projection)?.post ?? '');
    const maps = stageSize(below, { ...window, features });
    below = pooledSize(maps, pool);
    return { weights: weightsOf(projection), places: maps.rows * maps.columns };
  });
  return [...stages, answering];
}
