/**
 * Direct feedback alignment: with the transposed weights for its feedback the update of the rule's text is that of back-propagation, and with fixed
 * random feedback the weights learn to make that feedback useful, so that the angle to back-propagation falls (Lillicrap et al., Nature Commun.
 * 7:13276, 2016; Nøkland, NeurIPS 2016). Rate neurons 64-100-10 on generated digits; angles on digits never trained on.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { generateGlyphs } from '../data/glyphs.ts';
import { largestOf, oneHot } from '../teacher/loss.ts';
import { angleBetween, drawWeights, relativeError, rowTimes } from '../teacher/matrix.ts';
import type { RateNetwork, RateParameters, RateTape } from '../teacher/rate-network.ts';
import { activationOf, backward, forward, rateNetwork, rateTape, zerosLike } from '../teacher/rate-network.ts';
import { pixelRates } from '../teacher/train.ts';
import type { RuleLayer } from './rule-layer.ts';
import { ruleLayer } from './rule-layer.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

const SIZES = [64, 100, 10] as const;
const ALIGNMENT = 'Lillicrap, Cownden, Tweed & Akerman (2016), Nature Commun. 7:13276';
const DIRECT = 'Nøkland (2016), NeurIPS 29:1037';
const TRAINED = 10_000;
const SEEN = 200;
const SEEDS = [1, 2, 3];
/** Learning rate for rates of 0 … 1; the rule's own is for counts of spikes. */
const RATE = 0.03;

/** A network that learns by the rule: its weights are those of the layers. */
interface Learner {
  readonly network: RateNetwork;
  readonly layers: readonly RuleLayer[];
  readonly tape: RateTape;
  /** Gradients of back-propagation, which nobody learns from. */
  readonly gradient: RateParameters;
  /** [hidden × output] feedback weights, a row per hidden neuron */
  readonly feedback: Float64Array;
}

function learner(rule: PlasticityRule, seed: number): Learner {
  const network = rateNetwork({ sizes: SIZES, seed });
  return {
    network,
    layers: network.weights.map((weights, l) =>
      ruleLayer({ ...rule, parameters: { ...rule.parameters, rate: RATE } }, SIZES[l], SIZES[l + 1], { weights }),
    ),
    tape: rateTape(network),
    gradient: zerosLike(network),
    feedback: drawWeights(SIZES[1], SIZES[2], seed, 'verify/feedback'),
  };
}

/** Error of the output of the sample on the tape, and that of the hidden layer by way of `feedback`: the third factors of both layers. */
function errorsOf(
  { network, tape, gradient }: Learner,
  label: number,
  feedback: Float64Array,
): [hidden: Float64Array, output: Float64Array] {
  const { slopes, sums } = tape;
  backward(network, tape, 'softmax-cross-entropy', oneHot(SIZES[2], label), gradient);
  const output = slopes[1].map((value) => -value);
  const { slope } = activationOf(network, 0);
  return [sums[0].map((u, j) => slope(u) * rowTimes(feedback, j, output)), output];
}

/** One update of both layers by the rule's text, from the sample on the tape. */
function learn({ layers, tape }: Learner, errors: readonly Float64Array[]): void {
  layers.forEach((layer, l) => {
    layer.inputs.x1.set(tape.rates[l]);
    layer.inputs.error.set(errors[l]);
    layer.run('onModulator');
  });
}

export function verifyFeedbackAlignment(rule: PlasticityRule): Verdict[] {
  const subject = rule.name;
  const runs = SEEDS.map((seed) => train(rule, seed));
  const worst = (of: (run: TrainedRun) => number): number => Math.max(...runs.map(of));
  const where = `rate neurons ${SIZES.join('-')}, generated digits, worst of ${SEEDS.length} seeds`;
  return [
    verdict({
      subject,
      name: 'transposed feedback',
      what: 'largest relative difference of the update from that of back-propagation, where the feedback is the transpose of the weights',
      value: transposedError(rule),
      bar: { atMost: 1e-12 },
      source: DIRECT,
    }),
    verdict({
      subject,
      name: 'alignment',
      what: `angle in degrees between hidden errors by random feedback and by back-propagation after ${TRAINED} images; ${where}`,
      value: worst(({ angles }) => angles[2]),
      bar: { atMost: 60 },
      source: ALIGNMENT,
    }),
    verdict({
      subject,
      name: 'alignment grows',
      what: `change of that angle over the second half of training, which began at ${Math.round(worst(({ angles }) => angles[0]))} degrees`,
      value: worst(({ angles }) => angles[2] - angles[1]),
      bar: { atMost: 0 },
      source: ALIGNMENT,
    }),
    verdict({
      subject,
      name: 'learns',
      what: `share of images classified rightly after ${TRAINED}; ${where}`,
      value: Math.min(...runs.map(({ accuracy }) => accuracy)),
      bar: { atLeast: 0.9 },
      source: DIRECT,
    }),
  ];
}

function transposedError(rule: PlasticityRule): number {
  const images = generateGlyphs({ seed: 1, count: 10, part: 'test' });
  let worst = 0;
  for (let k = 0; k < images.count; k++) {
    const one = learner(rule, k);
    const before = one.network.weights.map((weights) => weights.slice());
    const gradient = zerosLike(one.network);
    forward(one.network, pixelRates(images, k), one.tape);
    backward(one.network, one.tape, 'softmax-cross-entropy', oneHot(SIZES[2], images.labels[k]), gradient);
    // from zero, so that a small change is not rounded to the digits of a large weight
    const errors = errorsOf(one, images.labels[k], before[1]);
    for (const { weights } of one.layers) weights.fill(0);
    learn(one, errors);
    one.layers.forEach(({ weights }, l) => {
      worst = Math.max(worst, relativeError([weights], [gradient.weights[l].map((value) => -RATE * value)]));
    });
  }
  return worst;
}

interface TrainedRun {
  /** Before training, half-way, and after it. */
  readonly angles: readonly [number, number, number];
  readonly accuracy: number;
}

function train(rule: PlasticityRule, seed: number): TrainedRun {
  const images = generateGlyphs({ seed, count: TRAINED, part: 'train' });
  const unseen = generateGlyphs({ seed, count: SEEN, part: 'test' });
  const one = learner(rule, seed);
  const show = (of: typeof images, k: number): Float64Array => forward(one.network, pixelRates(of, k), one.tape);
  const learnFrom = (first: number, end: number): void => {
    for (let k = first; k < end; k++) {
      show(images, k);
      learn(one, errorsOf(one, images.labels[k], one.feedback));
    }
  };
  /** Mean angle over unseen images. */
  const angle = (): number => {
    let sum = 0;
    for (let k = 0; k < SEEN; k++) {
      show(unseen, k);
      const [random] = errorsOf(one, unseen.labels[k], one.feedback);
      const [transposed] = errorsOf(one, unseen.labels[k], one.network.weights[1]);
      sum += angleBetween([random], [transposed]) / SEEN;
    }
    return sum;
  };
  const start = angle();
  learnFrom(0, TRAINED / 2);
  const half = angle();
  learnFrom(TRAINED / 2, TRAINED);
  const end = angle();
  let right = 0;
  for (let k = 0; k < SEEN; k++) if (largestOf(show(unseen, k)) === unseen.labels[k]) right++;
  return { angles: [start, half, end], accuracy: right / SEEN };
}
