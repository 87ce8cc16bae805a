/** The diagnosis of a chip: what its runs say about each plastic layer, as means over seeds, and what that means in words. */
import type { LearningFinding } from '../../core/chip-effects.ts';
import type { MeanOverSeeds } from '../result.ts';
import { meanWithCi } from '../statistics.ts';
import type { Activity, LayerFigures } from './watch-updates.ts';

export interface LayerActivity {
  readonly population: string;
  /** Share of the neurons that spike in a sample. */
  readonly active: MeanOverSeeds;
  /** Spikes per neuron and second. */
  readonly hertz: MeanOverSeeds;
}

/** One plastic projection; what the figures are says experiments/diagnosis/update-figures.ts. Null where no seed has one. */
export interface DiagnosedLayer {
  readonly projection: string;
  /** Samples looked at in which the ideal chip changed a weight, over all seeds. */
  readonly updates: number;
  readonly angleDegrees: MeanOverSeeds | null;
  readonly angleOfSumDegrees: MeanOverSeeds | null;
  /** Angles of the chip's change and of the ideal one to the steepest descent by back-propagation; null where the circuit has no such gradient. */
  readonly gradientDegrees: { readonly chip: MeanOverSeeds | null; readonly ideal: MeanOverSeeds | null } | null;
  readonly carriedShare: MeanOverSeeds | null;
  readonly lostShare: MeanOverSeeds | null;
  readonly signalToNoise: MeanOverSeeds | null;
  readonly idealSignalToNoise: MeanOverSeeds | null;
  readonly spreadRatio: MeanOverSeeds | null;
  /** Share of weights at an end of their range at the last sample looked at, and at the first. */
  readonly saturatedShare: MeanOverSeeds;
  readonly saturatedShareAtFirst: MeanOverSeeds;
  readonly activity: { readonly pre: LayerActivity; readonly post: LayerActivity };
}

/** What is left of the learning with another setting of the chip. */
export interface AlternativeResult {
  readonly own: string;
  readonly other: string;
  readonly accuracy: MeanOverSeeds;
  /** Accuracy with the other setting minus that with the chip's own, paired by seed. */
  readonly difference: MeanOverSeeds;
  /** Accuracy above chance with the other setting over that with the chip's own; null where the chip learned nothing. */
  readonly kept: number | null;
}

export interface Diagnosis {
  /** Training samples looked at in each run. */
  readonly samples: number;
  readonly layers: readonly DiagnosedLayer[];
  readonly alternatives: readonly AlternativeResult[];
  /** What was found, by layer, in the order of the verdict. */
  readonly findings: readonly { readonly finding: LearningFinding; readonly projection: string }[];
  /** Sentences, most important first. */
  readonly verdict: readonly string[];
}

/** @param runs by seed, each a list of runs with several sets of devices, which count as one */
export function diagnosedLayers(runs: readonly (readonly (readonly LayerFigures[])[])[]): DiagnosedLayer[] {
  return runs[0][0].map(({ projection, gradientDegrees, activity }, l) => {
    const all = runs.map((sets) => sets.map((layers) => layers[l]));
    const figure = (pick: (layer: LayerFigures) => number | null): MeanOverSeeds | null => meanOfSeeds(all, pick);
    const certain = (pick: (layer: LayerFigures) => number): MeanOverSeeds => figure(pick) as MeanOverSeeds;
    const side = (pick: (layer: LayerFigures) => Activity, population: string): LayerActivity => ({
      population,
      active: certain((layer) => pick(layer).active),
      hertz: certain((layer) => pick(layer).hertz),
    });
    return {
      projection,
      updates: all.flat().reduce((sum, { updates }) => sum + updates, 0),
      angleDegrees: figure((layer) => layer.angleDegrees),
      angleOfSumDegrees: figure((layer) => layer.angleOfSumDegrees),
      gradientDegrees:
        gradientDegrees === null
          ? null
          : {
              chip: figure((layer) => layer.gradientDegrees?.chip ?? null),
              ideal: figure((layer) => layer.gradientDegrees?.ideal ?? null),
            },
      carriedShare: figure((layer) => layer.carriedShare),
      lostShare: figure((layer) => layer.lostShare),
      signalToNoise: figure((layer) => layer.signalToNoise),
      idealSignalToNoise: figure((layer) => layer.idealSignalToNoise),
      spreadRatio: figure((layer) => layer.spreadRatio),
      saturatedShare: certain(({ saturated }) => saturated.last),
      saturatedShareAtFirst: certain(({ saturated }) => saturated.first),
      activity: {
        pre: side((layer) => layer.activity.pre, activity.pre.population),
        post: side((layer) => layer.activity.post, activity.post.population),
      },
    };
  });
}

/** Over the seeds that have the figure; a seed's is the mean over its sets of devices. */
function meanOfSeeds(all: readonly (readonly LayerFigures[])[], pick: (layer: LayerFigures) => number | null): MeanOverSeeds | null {
  const seeds = all.flatMap((sets) => {
    const values = sets.map(pick).filter((value) => value !== null);
    return values.length === 0 ? [] : [meanWithCi(values).mean];
  });
  if (seeds.length === 0) return null;
  const { mean, ci95 } = meanWithCi(seeds);
  return { mean, ci95 };
}
