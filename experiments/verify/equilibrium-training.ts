/**
 * Rules for settling networks while they learn: generated digits, each one settled freely and nudged for a few dozen steps as hardware would, not until nothing
 * moves. Angles are between what a presentation changes and minus the gradient of back-propagation through the state where the network would come to rest.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import { GLYPH_CLASSES } from '../data/glyphs.ts';
import { oneHot } from '../teacher/loss.ts';
import { angleBetween, drawWeights } from '../teacher/matrix.ts';
import type { Potentials, SettlingNetwork } from '../teacher/settling-network.ts';
import { atRest, ratesOf, settle, settledGradient } from '../teacher/settling-network.ts';
import { pixelRates } from '../teacher/train.ts';
import { CENTRED, CONTINUAL } from './equilibrium.ts';
import { ruleLayer } from './rule-layer.ts';
import type { Learning } from './training-checks.ts';
import { trainingChecks } from './training-checks.ts';
import type { Verdict } from './verdict.ts';

const SIZES = [64, 32, GLYPH_CLASSES] as const;
const BETA = 0.5;
const NUDGED = 10;
const GAIN = 0.5;

/** How a rule is told of a presentation, and how fast and long it learns. */
interface SettlingRule {
  /** @param weights changed in place @returns one presentation of an image */
  learner(rule: PlasticityRule, weights: readonly Float64Array[]): (net: SettlingNetwork) => void;
  /** Steps of the free phase. */
  readonly free: number;
  readonly trained: number;
  /** Largest angle in degrees after training. */
  readonly angle: number;
  readonly source: string;
}

/** Free, nudged towards the target, nudged away from it. */
const centred: SettlingRule = {
  learner: (rule, weights) => {
    const rates = [0.3, 0.12];
    const layers = weights.map((one, l) => ruleLayer(rule, SIZES[l], SIZES[l + 1], { weights: one }));
    return (net) => {
      const free = settle(net, atRest(SIZES), 0, { steps: centred.free });
      for (const sign of [1, -1]) {
        const activities = [net.input, ...settle(net, free, sign * BETA, { steps: NUDGED }).map(ratesOf)];
        layers.forEach(({ inputs, variables, run }, l) => {
          if (sign === 1) variables.e.fill(0);
          inputs.x1.set(activities[l]);
          inputs.phase.set(activities[l + 1].map((rate) => sign * rate));
          inputs.commit.fill(sign === 1 ? 0 : rates[l] / (2 * BETA * rule.parameters.rate));
          run('onModulator');
        });
      }
    };
  },
  free: 20,
  trained: 1000,
  angle: 10,
  source: CENTRED,
};

/** Free, then nudged towards the target, with a look and a change after every step: slowly, or the weights run ahead of the network. */
const continual: SettlingRule = {
  learner: (rule, weights) => {
    const layers = weights.map((one, l) => {
      const rate = [0.05, 0.02][l] / BETA;
      return ruleLayer({ ...rule, parameters: { ...rule.parameters, rate } }, SIZES[l], SIZES[l + 1], { weights: one });
    });
    const look = (net: SettlingNetwork, state: Potentials, nudge: number): void => {
      const activities = [net.input, ...state.map(ratesOf)];
      layers.forEach(({ inputs, run }, l) => {
        inputs.x1.set(activities[l]);
        inputs.y1.set(activities[l + 1]);
        inputs.nudge[0] = nudge;
        run('onModulator');
      });
    };
    return (net) => {
      const free = settle(net, atRest(SIZES), 0, { steps: continual.free });
      look(net, free, 0);
      settle(net, free, BETA, { steps: NUDGED, weightsMove: true, onStep: (state) => look(net, state, 1) });
    };
  },
  free: 40,
  trained: 800,
  angle: 30,
  source: CONTINUAL,
};

export const verifyEquilibriumTraining = (rule: PlasticityRule): Verdict[] => checksOf(rule, centred);
export const verifyContinualTraining = (rule: PlasticityRule): Verdict[] => checksOf(rule, continual);

function checksOf(rule: PlasticityRule, { learner, free, trained, angle, source }: SettlingRule): Verdict[] {
  const start = (seed: number): Learning => {
    const weights = SIZES.slice(1).map((size, l) => drawWeights(SIZES[l], size, seed, `verify/settling/${l}`, GAIN));
    // another set, so that what a presentation would change can be seen before it is learned
    const aside = weights.map((one) => one.slice());
    const [present, presentAside] = [learner(rule, weights), learner(rule, aside)];
    const netOf = (images: LabelledImages, k: number, of: readonly Float64Array[]): SettlingNetwork => ({
      weights: of,
      input: pixelRates(images, k),
      target: oneHot(GLYPH_CLASSES, images.labels[k]),
    });
    return {
      learn: (images, k) => present(netOf(images, k, weights)),
      angles: (images, k) => {
        const net = netOf(images, k, weights);
        const gradient = settledGradient(net, settle(net, atRest(SIZES), 0, { tolerance: 1e-6 }), { tolerance: 1e-8 });
        aside.forEach((one, l) => {
          one.set(weights[l]);
        });
        presentAside(netOf(images, k, aside));
        return weights.map((one, l) => angleBetween([one.map((weight, n) => weight - aside[l][n])], [gradient[l]]));
      },
      layers: (pixels) => {
        const net = { weights, input: pixels, target: new Float64Array(GLYPH_CLASSES) };
        return settle(net, atRest(SIZES), 0, { steps: free }).map(ratesOf);
      },
    };
  };
  const steps = `${free} free and ${NUDGED} nudged steps, β = ${BETA}`;
  return trainingChecks(rule.name, start, { sizes: SIZES, steps, trained, angle, accuracy: 0.9, source });
}
