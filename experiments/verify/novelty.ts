/**
 * Predictive coding without labels: latent values predict the pixels, and what they cannot predict is a score of how unlike an image is to those it has
 * learned from. Nine of the ten digits are learned by the rule's text, the tenth is held out, and the area under the curve is the probability that an
 * image of it scores higher than one of a known digit. Rate neurons, 64 pixels; every digit is held out once.
 */
import { InternalError } from '../../core/errors.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { streamOf, uniformAt } from '../../core/random.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import { generateGlyphs } from '../data/glyphs.ts';
import { areaUnderCurve, meanWithCi } from '../statistics.ts';
import { addForward, rowTimes } from '../teacher/matrix.ts';
import { pixelRates } from '../teacher/train.ts';
import type { RuleLayer } from './rule-layer.ts';
import { ruleLayer } from './rule-layer.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

const [CLASSES, LATENT, PIXELS] = [10, 16, 64];
const [TRAIN, TEST, EPOCHS] = [1500, 500, 2];
/** Steps in which the latent values settle, how far they go in each, and where they begin. */
const [STEPS, STEP, START] = [20, 0.1, 0.2];
const RATE = 0.05;
const STREAM = streamOf('verify/novelty');

export function verifyNovelty(rule: PlasticityRule): Verdict[] {
  const train = generateGlyphs({ seed: 1, count: TRAIN, part: 'train' });
  const test = generateGlyphs({ seed: 1, count: TEST, part: 'test' });
  const areas = Array.from({ length: CLASSES }, (_, heldOut) => areaFor(rule, heldOut, train, test));
  const { mean, ci95 } = meanWithCi(areas);
  const interval = ci95 === null ? '' : `, 95 % interval ${ci95.map((end) => end.toFixed(2)).join(' … ')}`;
  return [
    verdict({
      subject: rule.name,
      name: 'novelty',
      what: `area under the curve of the prediction error as a score of a held-out digit, mean of ${CLASSES} digits${interval}, lowest ${Math.min(...areas).toFixed(2)}`,
      value: mean,
      bar: { atLeast: 0.8 },
      source: 'Rao & Ballard (1999), Nature Neurosci. 2:79',
    }),
  ];
}

function areaFor(rule: PlasticityRule, heldOut: number, train: LabelledImages, test: LabelledImages): number {
  const weights = Float64Array.from({ length: LATENT * PIXELS }, (_, k) => 0.2 * uniformAt(1, STREAM, k, heldOut));
  const layer = ruleLayer({ ...rule, parameters: { ...rule.parameters, rate: RATE } }, LATENT, PIXELS, { weights });
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (let n = 0; n < train.count; n++) {
      if (train.labels[n] === heldOut) continue;
      settle(layer, pixelRates(train, n));
      layer.run('onModulator');
    }
  }
  const scores = (isWanted: (label: number) => boolean): number[] =>
    Array.from({ length: test.count }, (_, n) => n)
      .filter((n) => isWanted(test.labels[n]))
      .map((n) => settle(layer, pixelRates(test, n)));
  const area = areaUnderCurve(
    scores((label) => label === heldOut),
    scores((label) => label !== heldOut),
  );
  if (area === null) throw new InternalError(`no test image of digit ${heldOut}`);
  return area;
}

/** Latent values go down the squared error; they and the error are left in the layer's traces and third factors. @returns the squared error */
function settle({ weights, inputs }: RuleLayer, pixels: ArrayLike<number>): number {
  const { x1: latent, error } = inputs;
  latent.fill(START);
  for (let step = 0; step < STEPS; step++) {
    error.fill(0);
    addForward(weights, latent, error);
    for (let p = 0; p < PIXELS; p++) error[p] -= pixels[p];
    if (step === STEPS - 1) break;
    for (let l = 0; l < LATENT; l++) latent[l] = Math.min(1, Math.max(0, latent[l] - STEP * rowTimes(weights, l, error)));
  }
  return error.reduce((sum, value) => sum + value * value, 0);
}
