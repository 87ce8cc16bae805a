/**
 * Feedback alignment and its relatives: with the transposed weights for its feedback the update of the rule's text is that of back-propagation, and with
 * fixed random feedback the weights learn to make that feedback useful, so that the angle to back-propagation falls (Lillicrap et al., Nature Commun.
 * 7:13276, 2016; Nøkland, NeurIPS 2016). Rate neurons 64-100-10, or with two hidden layers where errors go from layer to layer, on generated digits;
 * angles on digits never trained on.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { generateGlyphs } from '../data/glyphs.ts';
import { largestOf, lossOf, oneHot } from '../teacher/loss.ts';
import { angleBetween, drawWeights, relativeError, rowTimes } from '../teacher/matrix.ts';
import type { RateNetwork, RateTape } from '../teacher/rate-network.ts';
import { activationOf, backward, forward, rateNetwork, rateTape, zerosLike } from '../teacher/rate-network.ts';
import { pixelRates } from '../teacher/train.ts';
import { axis, curve, linesByLayerOverSeeds } from './curve.ts';
import { probeCheck, probeLayers } from './probe.ts';
import type { RuleLayer } from './rule-layer.ts';
import { ruleLayer } from './rule-layer.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

const ALIGNMENT = 'Lillicrap, Cownden, Tweed & Akerman (2016), Nature Commun. 7:13276';
const DIRECT = 'Nøkland (2016), NeurIPS 29:1037';
const CLASSES = 10;
const SEEN = 200;
const SEEDS = [1, 2, 3];
/** Shares of training at which angles are taken. */
const POINTS = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const PROBE = { fitted: 1000, tried: 1000 };
const HALF = POINTS.indexOf(0.5);
/** Learning rate for rates of 0 … 1; the rule's own is for counts of spikes. */
const RATE = 0.03;

/** How errors come to the hidden layers. */
export interface WayBack {
  /** Neurons of each layer. */
  readonly sizes: readonly number[];
  /** What feedback weights are multiplied with: the error of the output, that of the layer above, or the label. */
  readonly source: 'output' | 'above' | 'label';
  /** [own × source] feedback weights of a hidden layer. @param above weights of the layer above at the start */
  feedback(layer: number, size: number, sources: number, above: Float64Array, seed: number): Float64Array;
  /** Over which part of training the angle has to fall; absent where weights only leave the feedback that they began with. */
  readonly falls?: 'training' | 'the second half of training';
  /** Images to learn from. */
  readonly trained: number;
  /** Largest angle in degrees to back-propagation after training, and least share of right answers. */
  readonly angle: number;
  readonly accuracy: number;
  readonly cited: string;
}

const randomFeedback: WayBack['feedback'] = (layer, size, sources, _above, seed) =>
  drawWeights(size, sources, seed, layer === 0 ? 'verify/feedback' : `verify/feedback/${layer}`);

const ONE_HIDDEN = [64, 100, 10] as const;

/** By the name of the rule. */
export const WAYS_BACK: Readonly<Record<string, WayBack>> = {
  dfa: {
    sizes: ONE_HIDDEN,
    source: 'output',
    feedback: randomFeedback,
    falls: 'the second half of training',
    trained: 10_000,
    angle: 60,
    accuracy: 0.9,
    cited: DIRECT,
  },
  fa: {
    sizes: [64, 100, 100, 10],
    source: 'above',
    feedback: randomFeedback,
    falls: 'the second half of training',
    trained: 5000,
    angle: 75,
    accuracy: 0.9,
    cited: ALIGNMENT,
  },
  'sign-symmetric': {
    sizes: ONE_HIDDEN,
    source: 'output',
    feedback: (_layer, _size, sources, above) => above.map((weight) => Math.sign(weight) / Math.sqrt(sources)),
    trained: 4000,
    angle: 45,
    accuracy: 0.9,
    cited: 'Liao, Leibo & Poggio (2016), AAAI 30:1837',
  },
  drtp: {
    sizes: ONE_HIDDEN,
    source: 'label',
    feedback: randomFeedback,
    falls: 'training',
    trained: 4000,
    angle: 75,
    accuracy: 0.9,
    cited: 'Frenkel, Lefebvre & Bol (2021), Front. Neurosci. 15:629892',
  },
};

/** A network that learns by the rule: its weights are those of the layers. */
interface Learner {
  readonly network: RateNetwork;
  readonly layers: readonly RuleLayer[];
  readonly tape: RateTape;
  /** Feedback weights of each hidden layer, a row per neuron. */
  readonly feedback: readonly Float64Array[];
}

function learner(rule: PlasticityRule, { sizes, source, feedback }: WayBack, seed: number): Learner {
  const network = rateNetwork({ sizes, seed });
  const last = sizes.length - 1;
  return {
    network,
    layers: network.weights.map((weights, l) =>
      ruleLayer({ ...rule, parameters: { ...rule.parameters, rate: RATE } }, sizes[l], sizes[l + 1], { weights }),
    ),
    tape: rateTape(network),
    feedback: network.weights
      .slice(1)
      .map((above, l) => feedback(l, sizes[l + 1], source === 'above' ? sizes[l + 2] : sizes[last], above, seed)),
  };
}

/** Errors of all layers of the sample on the tape, the output's last: the third factors. */
function errorsOf({ network, tape }: Learner, label: number, feedback: readonly Float64Array[], source: WayBack['source']): Float64Array[] {
  const { sums, rates } = tape;
  const last = network.weights.length - 1;
  const answer = rates[last + 1];
  const target = oneHot(answer.length, label);
  const output = new Float64Array(answer.length);
  lossOf('softmax-cross-entropy', answer, target, output);
  for (let k = 0; k < output.length; k++) output[k] = -output[k];
  const errors = [output];
  for (let l = last - 1; l >= 0; l--) {
    const { slope } = activationOf(network, l);
    const from = source === 'label' ? target : source === 'above' ? errors[0] : output;
    errors.unshift(sums[l].map((u, j) => slope(u) * rowTimes(feedback[l], j, from)));
  }
  return errors;
}

/** What back-propagation makes of the same sample. */
const exactErrors = (one: Learner, label: number): Float64Array[] => errorsOf(one, label, one.network.weights.slice(1), 'above');

/** One update of all layers by the rule's text, from the sample on the tape. */
function learn({ layers, tape }: Learner, errors: readonly Float64Array[]): void {
  layers.forEach((layer, l) => {
    layer.inputs.x1.set(tape.rates[l]);
    layer.inputs.error.set(errors[l]);
    layer.run('onModulator');
  });
}

export function verifyFeedbackAlignment(rule: PlasticityRule): Verdict[] {
  const subject = rule.name;
  const way = WAYS_BACK[rule.name];
  const runs = SEEDS.map((seed) => train(rule, way, seed));
  const worst = (of: (run: TrainedRun) => number): number => Math.max(...runs.map(of));
  const layers = runs[0].probes[0].map((_, l) => `layer ${l + 1}`);
  /** Of the hidden layer that is farthest off. */
  const angleAt = ({ angles }: TrainedRun, point: number): number => Math.max(...angles[point]);
  const end = POINTS.length - 1;
  const where = `rate neurons ${way.sizes.join('-')}, generated digits, worst of ${SEEDS.length} seeds`;
  return [
    // where the label takes the place of the error there is nothing to transpose
    ...(way.source === 'label'
      ? []
      : [
          verdict({
            subject,
            name: 'transposed feedback',
            what: 'largest relative difference of the update from that of back-propagation, where the feedback is the transpose of the weights',
            value: transposedError(rule, way),
            bar: { atMost: 1e-12 },
            source: way.cited,
          }),
        ]),
    verdict({
      subject,
      name: 'alignment',
      what: `largest angle in degrees, over the hidden layers, between their errors by this feedback and by back-propagation after ${way.trained} images; ${where}`,
      value: worst((run) => angleAt(run, end)),
      bar: { atMost: way.angle },
      source: ALIGNMENT,
      curves: [
        curve({
          kind: 'alignment',
          title: 'errors of the hidden layers against back-propagation',
          x: axis('training images'),
          y: axis('angle', '°'),
          lines: linesByLayerOverSeeds(
            imagesSeen(way),
            runs.map(({ angles }) => angles),
            layers,
          ),
          reference: { y: 90, label: '90°: as if by chance' },
        }),
      ],
    }),
    ...(way.falls === undefined
      ? []
      : [
          verdict({
            subject,
            name: 'alignment grows',
            what: `change of that angle over ${way.falls}, which began at ${Math.round(worst((run) => angleAt(run, 0)))} degrees`,
            value: worst((run) => angleAt(run, end) - angleAt(run, way.falls === 'training' ? 0 : HALF)),
            bar: { atMost: 0 },
            source: ALIGNMENT,
          }),
        ]),
    verdict({
      subject,
      name: 'learns',
      what: `share of images classified rightly after ${way.trained}; ${where}`,
      value: Math.min(...runs.map(({ accuracy }) => accuracy)),
      bar: { atLeast: way.accuracy },
      source: way.cited,
    }),
    probeCheck(subject, new Map(SEEDS.map((seed, n) => [seed, runs[n].probes])), PROBE, way.trained),
  ];
}

function transposedError(rule: PlasticityRule, way: WayBack): number {
  const images = generateGlyphs({ seed: 1, count: 10, part: 'test' });
  let worst = 0;
  for (let k = 0; k < images.count; k++) {
    const one = learner(rule, way, k);
    const gradient = zerosLike(one.network);
    forward(one.network, pixelRates(images, k), one.tape);
    backward(one.network, one.tape, 'softmax-cross-entropy', oneHot(CLASSES, images.labels[k]), gradient);
    // from zero, so that a small change is not rounded to the digits of a large weight
    const errors = exactErrors(one, images.labels[k]);
    for (const { weights } of one.layers) weights.fill(0);
    learn(one, errors);
    one.layers.forEach(({ weights }, l) => {
      worst = Math.max(worst, relativeError([weights], [gradient.weights[l].map((value) => -RATE * value)]));
    });
  }
  return worst;
}

interface TrainedRun {
  /** [point][hidden layer] mean angle in degrees over unseen images, at the shares of training `POINTS`. */
  readonly angles: readonly (readonly number[])[];
  /** [before, after][hidden layer] accuracy of a linear read-out. */
  readonly probes: readonly (readonly number[])[];
  readonly accuracy: number;
}

const imagesSeen = ({ trained }: WayBack): number[] => POINTS.map((share) => Math.round(share * trained));

function train(rule: PlasticityRule, way: WayBack, seed: number): TrainedRun {
  const images = generateGlyphs({ seed, count: way.trained, part: 'train' });
  const unseen = generateGlyphs({ seed, count: SEEN, part: 'test' });
  const one = learner(rule, way, seed);
  const show = (of: typeof images, k: number): Float64Array => forward(one.network, pixelRates(of, k), one.tape);
  const errors = (label: number): Float64Array[] => errorsOf(one, label, one.feedback, way.source);
  const learnFrom = (first: number, end: number): void => {
    for (let k = first; k < end; k++) {
      show(images, k);
      learn(one, errors(images.labels[k]));
    }
  };
  const anglesNow = (): number[] => {
    const sums = one.feedback.map(() => 0);
    for (let k = 0; k < SEEN; k++) {
      show(unseen, k);
      const [found, exact] = [errors(unseen.labels[k]), exactErrors(one, unseen.labels[k])];
      for (const l of sums.keys()) sums[l] += angleBetween([found[l]], [exact[l]]) / SEEN;
    }
    return sums;
  };
  const probesNow = (): number[] =>
    probeLayers(seed, PROBE, (pixels) => {
      forward(one.network, pixels, one.tape);
      return one.tape.rates.slice(1, -1);
    });
  const seen = imagesSeen(way);
  const before = probesNow();
  const angles = seen.map((_, n) => {
    if (n > 0) learnFrom(seen[n - 1], seen[n]);
    return anglesNow();
  });
  let right = 0;
  for (let k = 0; k < SEEN; k++) if (largestOf(show(unseen, k)) === unseen.labels[k]) right++;
  return { angles, probes: [before, probesNow()], accuracy: right / SEEN };
}
