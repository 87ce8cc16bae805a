/**
 * Reward alone, convolutional (core/plasticity/library/convolution.ts; Mozafari et al., Pattern Recognition 94:87, 2019): contrast cells, two stages of
 * features that learn what is common, and a last stage that answers and is rewarded. Every kernel is one plastic projection, from a patch to all
 * features; the last one's patch is all that is left of the image.
 *
 * Where it leaves the publication: the second stage has 128 features, not 250, because a core of Loihi has no more input axons than 16 places of them
 * need; the last stage's kernel is at one place, not at sixteen (the image is 4 × 4 squares by then), its bounds are
 * 0 … 1, and the reward is measured against the network's confidence in its answer rather than against the mean of the last thousand rewards.
 */
import type { FeatureStage } from 'hillock';
import { UserError } from 'hillock';
import type { Circuit } from './circuit.ts';
import { CLASSES, compartment, imageCounts } from './circuit.ts';

const BINS = 15;

/** Kernels and competition of the feature stages; what follows from the image is worked out below. */
interface StageDesign extends Pick<FeatureStage, 'side' | 'padding' | 'threshold' | 'winners' | 'apart' | 'pool' | 'images'> {
  readonly features: number;
}

interface Design {
  readonly filters: readonly number[];
  readonly stages: readonly StageDesign[];
  readonly perClass: number;
  readonly epochs: number;
  readonly temperature: number;
}

const IMAGES: Design = {
  filters: [3, 7, 13],
  stages: [
    { features: 30, side: 5, padding: 2, threshold: 15, winners: 5, apart: 3, pool: 2, images: 4000 },
    { features: 128, side: 3, padding: 1, threshold: 10, winners: 8, apart: 1, pool: 3, images: 6000 },
  ],
  perClass: 20,
  epochs: 2,
  temperature: 5,
};

const GENERATED: Design = {
  filters: [3, 5],
  stages: [
    { features: 30, side: 3, padding: 1, threshold: 7, winners: 3, apart: 1, pool: 1, images: 3000 },
    { features: 60, side: 3, padding: 1, threshold: 8, winners: 4, apart: 1, pool: 2, images: 3000 },
  ],
  perClass: 10,
  epochs: 4,
  temperature: 2,
};

/** Kernels begin near the upper bound, so that everything spikes and has to be told apart. */
const START = { normal: { mean: 0.8, sd: 0.05, low: 0, high: 1 } };

export const convolutionalRewardCircuit: Circuit = (options) => {
  const { pixels, realImages, epochs } = options;
  const { filters, stages, perClass, ...design } = realImages ? IMAGES : GENERATED;
  const side = Math.sqrt(pixels);
  if (!Number.isInteger(side)) {
    throw new UserError({
      code: 'E-TASK',
      message: `r-stdp-conv slides kernels over square images, and ${pixels} pixels are not a square`,
    });
  }
  let maps = { side, count: 2 * filters.length };
  const kernels = stages.map((stage, n) => {
    const inputs = stage.side ** 2 * maps.count;
    maps = { side: Math.floor((maps.side + 2 * stage.padding - stage.side + 1) / stage.pool), count: stage.features };
    return { ...stage, inputs, patch: `patch-${n + 1}`, population: `features-${n + 1}`, projection: `kernels-${n + 1}` };
  });
  const left = maps.side ** 2 * maps.count;
  const source = (name: string, size: number): object => ({ name, size, source: 'played', room: size });
  const kernel = { connect: 'all-to-all', weight: START } as const;
  return {
    summary: `${stages.map(({ features }) => features).join(' and ')} features of contrast, ${perClass} neurons per class, a reward per answer`,
    network: {
      dt: '1 ms',
      precision: 'f32',
      populations: [
        ...kernels.flatMap(({ patch, inputs, population, features }) => [source(patch, inputs), compartment(population, features)]),
        source('maps', left),
        compartment('answers', CLASSES * perClass, 2000),
      ],
      projections: [
        ...kernels.map(({ patch, population, projection }) => ({
          name: projection,
          pre: patch,
          post: population,
          ...kernel,
          rule: 'stdp-conv',
        })),
        { name: 'maps-answers', pre: 'maps', post: 'answers', connect: 'all-to-all', weight: { normal: { mean: 0.5, sd: 0.05 } } },
      ],
      probes: [{ spikes: 'maps' }],
    },
    task: {
      kind: 'convolutional-reward',
      rows: side,
      columns: side,
      filters,
      contrast: 50,
      neighbourhood: 8,
      bins: BINS,
      stages: kernels.map(({ projection, side: width, padding, threshold, winners, apart, pool, images }) => ({
        projection,
        modulator: 'win',
        side: width,
        padding,
        threshold,
        winners,
        apart,
        pool,
        images,
        rate: 0.004,
        rateLimit: 0.15,
        doubling: 500,
      })),
      input: 'maps',
      answer: 'answers',
      plastic: 'maps-answers',
      modulator: 'reward',
      classes: CLASSES,
      silenced: 0.5,
      expectation: 'confidence',
      temperature: design.temperature,
      epochs: epochs ?? design.epochs,
      rateDecay: 0.6,
      ...imageCounts(options),
    },
  };
};
