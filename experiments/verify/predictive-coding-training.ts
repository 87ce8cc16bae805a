/**
 * Predictive coding while it learns: generated digits, the answer held at the label, everything free to move at full precision for twenty steps. Angles are
 * between what an image changes and minus the gradient of back-propagation in the same network.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import { GLYPH_CLASSES } from '../data/glyphs.ts';
import { oneHot } from '../teacher/loss.ts';
import { angleBetween } from '../teacher/matrix.ts';
import { forward, rateNetwork, rateTape } from '../teacher/rate-network.ts';
import { pixelRates } from '../teacher/train.ts';
import type { Setting } from './predictive-coding.ts';
import { backPropagated, PRECISION, settle, updateOf } from './predictive-coding.ts';
import { ruleLayer } from './rule-layer.ts';
import { trainingChecks } from './training-checks.ts';
import type { Verdict } from './verdict.ts';

const SIZES = [64, 32, 32, GLYPH_CLASSES] as const;
const STEPS = 20;
/** Learning rate for rates; the rule's own is for counts of spikes. */
const RATE = 0.05;

export const verifyPredictiveCodingTraining = (rule: PlasticityRule): Verdict[] =>
  trainingChecks(
    rule.name,
    (seed) => {
      const network = rateNetwork({ sizes: SIZES, seed, gain: 0.5 });
      const tape = rateTape(network);
      const quick = { ...rule, parameters: { ...rule.parameters, rate: RATE } };
      const layers = network.weights.map((weights, l) => ruleLayer(quick, SIZES[l], SIZES[l + 1], { weights }));
      const setting = (images: LabelledImages, k: number): Setting => ({
        network,
        input: pixelRates(images, k),
        target: oneHot(GLYPH_CLASSES, images.labels[k]),
      });
      return {
        learn: (images, k) => {
          const { activities, errors } = settle(setting(images, k), { steps: STEPS });
          layers.forEach(({ inputs, run }, l) => {
            inputs.x1.set(activities[l]);
            inputs.error.set(errors[l]);
            run('onModulator');
          });
        },
        angles: (images, k) => {
          const one = setting(images, k);
          const descent = backPropagated(one);
          return updateOf(rule, settle(one, { steps: STEPS })).map((update, l) => angleBetween([update], [descent[l]]));
        },
        layers: (pixels) => {
          forward(network, pixels, tape);
          return tape.rates.slice(1);
        },
      };
    },
    { sizes: SIZES, steps: `${STEPS} steps of inference`, trained: 1000, angle: 30, accuracy: 0.9, source: PRECISION },
  );
