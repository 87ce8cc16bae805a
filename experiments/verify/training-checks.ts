/**
 * What a rule is asked while it learns generated digits with rates: the angle of its changes to those of back-propagation in every layer of weights, whether it
 * learns, and what can be read out of its hidden layers. The same for all rules whose update goes to the gradient only in a limit that no hardware reaches.
 */
import type { LabelledImages } from '../../formats/labelled-images.ts';
import { generateGlyphs } from '../data/glyphs.ts';
import { largestOf } from '../teacher/loss.ts';
import { pixelRates } from '../teacher/train.ts';
import { axis, curve, linesByLayerOverSeeds, weightLayers } from './curve.ts';
import { probeCheck, probeLayers } from './probe.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

const SEEDS = [1, 2, 3];
/** Shares of training at which angles are taken. */
const POINTS = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1];
/** Unseen images over which an angle is averaged, and those that are classified. */
const [MEASURED, CLASSIFIED] = [10, 200];

const PROBE = { fitted: 200, tried: 300 };

export interface Learning {
  learn(images: LabelledImages, k: number): void;
  /** [layers of weights] degrees between the change by image k, which is not kept, and minus the gradient. */
  angles(images: LabelledImages, k: number): number[];
  /** Rates of every layer but the input; the last one answers. */
  layers(pixels: Float64Array): readonly Float64Array[];
}

export interface TrainingSetting {
  readonly sizes: readonly number[];
  /** How the network comes to its values, in words. */
  readonly steps: string;
  /** Images to learn from. */
  readonly trained: number;
  /** Largest angle after training, and least share of right answers. */
  readonly angle: number;
  readonly accuracy: number;
  readonly source: string;
}

interface TrainedRun {
  /** [point][layer of weights] */
  readonly angles: readonly (readonly number[])[];
  /** [before, after][hidden layer] */
  readonly probes: readonly (readonly number[])[];
  readonly accuracy: number;
}

/** @param start a new network by its seed */
export function trainingChecks(subject: string, start: (seed: number) => Learning, setting: TrainingSetting): Verdict[] {
  const { sizes, steps, trained, angle, accuracy, source } = setting;
  const seen = POINTS.map((share) => Math.round(share * trained));
  const runs = SEEDS.map((seed) => train(seed, start(seed), seen));
  const end = seen.length - 1;
  const where = `rate neurons ${sizes.join('-')}, ${steps}, generated digits, worst of ${SEEDS.length} seeds`;
  return [
    verdict({
      subject,
      name: 'alignment',
      what: `largest angle in degrees, over the layers of weights, between the update by an image and that of back-propagation after ${trained} images; ${where}`,
      value: Math.max(...runs.flatMap(({ angles }) => angles[end])),
      bar: { atMost: angle },
      source,
      curves: [
        curve({
          kind: 'alignment',
          title: 'updates against back-propagation',
          x: axis('training images'),
          y: axis('angle', '°'),
          lines: linesByLayerOverSeeds(
            seen,
            runs.map(({ angles }) => angles),
            weightLayers(sizes.length - 1),
          ),
        }),
      ],
    }),
    verdict({
      subject,
      name: 'learns',
      what: `share of images classified rightly after ${trained}; ${where}`,
      value: Math.min(...runs.map((run) => run.accuracy)),
      bar: { atLeast: accuracy },
      source,
    }),
    probeCheck(subject, new Map(SEEDS.map((seed, n) => [seed, runs[n].probes])), PROBE, trained),
  ];
}

function train(seed: number, learning: Learning, seen: readonly number[]): TrainedRun {
  const images = generateGlyphs({ seed, count: seen[seen.length - 1], part: 'train' });
  const unseen = generateGlyphs({ seed, count: CLASSIFIED, part: 'test' });
  const probesNow = (): number[] => probeLayers(seed, PROBE, (pixels) => learning.layers(pixels).slice(0, -1));
  const before = probesNow();
  const angles = seen.map((until, n) => {
    for (let k = n === 0 ? 0 : seen[n - 1]; k < until; k++) learning.learn(images, k);
    const found = Array.from({ length: MEASURED }, (_, k) => learning.angles(unseen, k));
    return found[0].map((_, l) => found.reduce((sum, layers) => sum + layers[l] / MEASURED, 0));
  });
  let right = 0;
  for (let k = 0; k < CLASSIFIED; k++) {
    const layers = learning.layers(pixelRates(unseen, k));
    if (largestOf(layers[layers.length - 1]) === unseen.labels[k]) right++;
  }
  return { angles, probes: [before, probesNow()], accuracy: right / CLASSIFIED };
}
