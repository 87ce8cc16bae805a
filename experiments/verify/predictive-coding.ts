/**
 * Predictive coding: with predictions held fixed the errors settle to those of back-propagation (Millidge, Tschantz & Buckley, Neural Computation
 * 34:1329, 2022), and with everything free the update goes there as the precision of the output goes to zero (Whittington & Bogacz, Neural Computation
 * 29:1229, 2017). Layers 6-8-8-3, tanh, linear output.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { normalAt, streamOf } from '../../core/random.ts';
import { ACTIVATIONS } from '../teacher/activations.ts';
import { addForward, angleBetween, cosine, relativeError, rowTimes } from '../teacher/matrix.ts';
import type { RateNetwork } from '../teacher/rate-network.ts';
import { backward, forward, rateNetwork, rateTape, zerosLike } from '../teacher/rate-network.ts';
import { axis, curve, energyCurve, linesByLayer, weightLayers } from './curve.ts';
import { ruleLayer } from './rule-layer.ts';
import type { Verdict } from './verdict.ts';
import { logSlope, verdict } from './verdict.ts';

const SIZES = [6, 8, 8, 3] as const;
const FIXED = 'Millidge, Tschantz & Buckley (2022), Neural Computation 34:1329';
export const PRECISION = 'Whittington & Bogacz (2017), Neural Computation 29:1229';
/** Twice as many as an error takes to the first layer. */
const FIRST_STEPS = 6;
const STREAM = streamOf('verify/predictive-coding');
const { value: rate, slope } = ACTIVATIONS.tanh;

export interface Setting {
  readonly network: RateNetwork;
  readonly input: Float64Array;
  readonly target: Float64Array;
}

/** What a settled network shows its synapses. */
export interface Settled {
  /** [layers] of [nPre] */
  readonly activities: readonly Float64Array[];
  /** [layers] of [nPost]: prediction less value, times the precision */
  readonly errors: readonly Float64Array[];
  /** Free energy after each step. */
  readonly energies: readonly number[];
}

function example(): Setting {
  const draw = (n: number, event: number) => Float64Array.from({ length: n }, (_, k) => normalAt(1, STREAM, k, event));
  return { network: rateNetwork({ sizes: SIZES, seed: 2, gain: 1.5 }), input: draw(SIZES[0], 0), target: draw(SIZES[SIZES.length - 1], 1) };
}

export interface InferenceOptions {
  /** Weight of the output's error; 1 unless given. */
  readonly precision?: number;
  /** Predictions, activities and slopes stay as they are before the target is shown; they follow the values unless given. */
  readonly fixed?: boolean;
  /** Share of the force that a value moves by in a step; 0.1 unless given. */
  readonly step?: number;
  /** Until nothing moves, unless given. */
  readonly steps?: number;
}

/** Values start at their predictions and move down the free energy. */
export function settle({ network, input, target }: Setting, options: InferenceOptions = {}): Settled {
  const { precision = 1, fixed = false, step = 0.1, steps = 20_000 } = options;
  const tape = rateTape(network);
  forward(network, input, tape);
  const last = network.weights.length - 1;
  const predicted = tape.sums.map((sums) => sums.slice());
  // value of each layer; the last is clamped to the target
  const values = predicted.map((sums, l) => (l === last ? target : sums.slice()));
  const slopes = predicted.map((sums) => sums.map(slope));
  const activities = [input, ...predicted.slice(0, last).map((sums) => sums.map(rate))];
  const errors = predicted.map((sums) => new Float64Array(sums.length));
  const energies: number[] = [];
  for (let n = 0; n < steps; n++) {
    if (!fixed) {
      for (let l = 0; l < last; l++) {
        for (let j = 0; j < values[l].length; j++) {
          const activity = rate(values[l][j]);
          activities[l + 1][j] = activity;
          slopes[l][j] = 1 - activity ** 2;
        }
        predicted[l + 1].fill(0);
        addForward(network.weights[l + 1], activities[l + 1], predicted[l + 1]);
      }
    }
    let energy = 0;
    for (const [l, error] of errors.entries()) {
      const weight = l === last ? precision : 1;
      for (let j = 0; j < error.length; j++) {
        const miss = predicted[l][j] - values[l][j];
        error[j] = weight * miss;
        energy += 0.5 * weight * miss * miss;
      }
    }
    energies.push(energy);
    let largest = 0;
    for (let l = 0; l < last; l++) {
      for (let j = 0; j < values[l].length; j++) {
        const force = errors[l][j] - slopes[l][j] * rowTimes(network.weights[l + 1], j, errors[l + 1]);
        values[l][j] += step * force;
        largest = Math.max(largest, Math.abs(force));
      }
    }
    if (largest < 1e-14 * precision) break;
  }
  return { activities, errors, energies };
}

/** What the rule's text adds to each layer of weights. */
export function updateOf(rule: PlasticityRule, { activities, errors }: Settled): Float64Array[] {
  return errors.map((error, l) => {
    const layer = ruleLayer(rule, activities[l].length, error.length);
    layer.inputs.x1.set(activities[l]);
    layer.inputs.error.set(error);
    layer.run('onModulator');
    return layer.weights;
  });
}

/** Minus the gradient of back-propagation in the same network. */
export function backPropagated({ network, input, target }: Setting): Float64Array[] {
  const tape = rateTape(network);
  const gradient = zerosLike(network);
  forward(network, input, tape);
  backward(network, tape, 'squared-error', target, gradient);
  return gradient.weights.map((values) => values.map((value) => -value));
}

export function verifyPredictiveCoding(rule: PlasticityRule): Verdict[] {
  const setting = example();
  const descent = backPropagated(setting);
  const update = (options: InferenceOptions) => updateOf(rule, settle(setting, options));
  /** [layers of weights] */
  const anglesOf = (options: InferenceOptions): number[] => update(options).map((one, l) => angleBetween([one], [descent[l]]));
  const ofUnitRate = { ...rule, parameters: { ...rule.parameters, rate: 1 } };
  /** [layers of weights] relative differences after so many steps with predictions held fixed. */
  const differencesAfter = (steps: number): number[] =>
    updateOf(ofUnitRate, settle(setting, { fixed: true, steps })).map((one, l) => relativeError([one], [descent[l]]));
  const precisions = [0.01, 0.003, 0.001];
  const steps = [0.01, 0.003, 0.001];
  const { energies } = settle(setting);
  const fall = energies[0] - energies[energies.length - 1];
  const subject = rule.name;
  const layers = weightLayers(SIZES.length - 1);
  const angle = axis('angle to back-propagation', '°', 'logarithmic');
  const manySteps = [3, 4, 6, 10, 15, 20, 30, 40, 50, 60, 80, 100];
  const manyPrecisions = [1, 0.3, 0.1, 0.03, ...precisions, 3e-4];
  const manySizes = [0.3, 0.1, 0.03, ...steps, 3e-4, 1e-4];
  return [
    verdict({
      subject,
      name: 'fixed predictions',
      what: `cosine of the update with that of back-propagation, layers ${SIZES.join('-')}`,
      value: cosine(update({ fixed: true }), descent),
      bar: { atLeast: 0.999 },
      source: FIXED,
      curves: [
        curve({
          kind: 'convergence',
          title: 'fixed predictions, step by step',
          x: axis('steps of inference'),
          y: axis('difference from back-propagation, relative', '', 'logarithmic'),
          lines: linesByLayer(
            manySteps,
            manySteps.map((count) => differencesAfter(count)),
            layers,
          ),
        }),
      ],
    }),
    verdict({
      subject,
      name: 'output precision 0.01',
      what: 'the same with everything free to move',
      value: cosine(update({ precision: 0.01 }), descent),
      bar: { atLeast: 0.999 },
      source: PRECISION,
    }),
    verdict({
      subject,
      name: 'order',
      what: `power of the output precision with which the angle to back-propagation falls, ${precisions.join(', ')}`,
      value: logSlope(
        precisions,
        precisions.map((precision) => angleBetween(update({ precision }), descent)),
      ),
      bar: { atLeast: 0.9, atMost: 1.1 },
      source: PRECISION,
      curves: [
        curve({
          kind: 'convergence',
          title: 'everything free, settled',
          x: axis('output precision', '', 'logarithmic'),
          y: angle,
          lines: linesByLayer(
            manyPrecisions,
            manyPrecisions.map((precision) => anglesOf({ precision })),
            layers,
          ),
        }),
      ],
    }),
    verdict({
      subject,
      name: 'small step',
      what: `power of the step size with which the largest angle of a layer to back-propagation falls, everything free at full precision, ${FIRST_STEPS} steps, sizes ${steps.join(', ')}`,
      value: logSlope(
        steps,
        steps.map((step) => Math.max(...anglesOf({ step, steps: FIRST_STEPS }))),
      ),
      bar: { atLeast: 0.9, atMost: 1.1 },
      source: 'the first order of the settling: errors have come down all layers before anything else has moved',
      curves: [
        curve({
          kind: 'convergence',
          title: 'everything free, the first steps',
          x: axis('step size', '', 'logarithmic'),
          y: angle,
          lines: linesByLayer(
            manySizes,
            manySizes.map((step) => anglesOf({ step, steps: FIRST_STEPS })),
            layers,
          ),
        }),
      ],
    }),
    verdict({
      subject,
      name: 'energy',
      what: 'largest rise of the free energy in one step of settling, as a share of its whole fall',
      value: largestRise(energies) / fall,
      bar: { atMost: 1e-12 },
      source: PRECISION,
      curves: [energyCurve(new Map([['free energy', energies]]))],
    }),
  ];
}

const largestRise = (energies: readonly number[]): number =>
  energies.slice(1).reduce((worst, energy, n) => Math.max(worst, energy - energies[n]), Number.NEGATIVE_INFINITY);

/** The way back learns from the same two activities: its weights stay the negative transpose of the predictions' weights, up to a factor. */
export function verifyPredictiveCodingFeedback(rule: PlasticityRule, predictions: PlasticityRule): Verdict[] {
  const settled = settle(example());
  const there = updateOf(predictions, settled).slice(1);
  const back = settled.errors.slice(1).map((error, l) => {
    const activity = settled.activities[l + 1];
    const layer = ruleLayer(rule, error.length, activity.length);
    layer.inputs.x1.set(error);
    layer.inputs.activity.set(activity);
    layer.run('onModulator');
    return Float64Array.from(layer.weights, (_, k) => -layer.weights[(k % error.length) * activity.length + Math.floor(k / error.length)]);
  });
  return [
    verdict({
      subject: rule.name,
      name: 'negative transpose',
      what: `cosine of the update with minus the transpose of that of ${predictions.name}`,
      value: cosine(back, there),
      bar: { atLeast: 1 - 1e-12 },
      source: predictions.citation ?? PRECISION,
    }),
  ];
}
