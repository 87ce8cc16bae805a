/**
 * Predictive coding: with predictions held fixed the errors settle to those of back-propagation (Millidge, Tschantz & Buckley, Neural Computation
 * 34:1329, 2022), and with everything free the update goes there as the precision of the output goes to zero (Whittington & Bogacz, Neural Computation
 * 29:1229, 2017). Layers 6-8-8-3, tanh, linear output.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { normalAt, streamOf } from '../../core/random.ts';
import { ACTIVATIONS } from '../teacher/activations.ts';
import { addForward, angleBetween, cosine, rowTimes } from '../teacher/matrix.ts';
import type { RateNetwork } from '../teacher/rate-network.ts';
import { backward, forward, rateNetwork, rateTape, zerosLike } from '../teacher/rate-network.ts';
import { ruleLayer } from './rule-layer.ts';
import type { Verdict } from './verdict.ts';
import { logSlope, verdict } from './verdict.ts';

const SIZES = [6, 8, 8, 3] as const;
const FIXED = 'Millidge, Tschantz & Buckley (2022), Neural Computation 34:1329';
const PRECISION = 'Whittington & Bogacz (2017), Neural Computation 29:1229';
const STREAM = streamOf('verify/predictive-coding');
const { value: rate, slope } = ACTIVATIONS.tanh;

interface Setting {
  readonly network: RateNetwork;
  readonly input: Float64Array;
  readonly target: Float64Array;
}

/** What a settled network shows its synapses. */
interface Settled {
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

/**
 * Values start at their predictions and move down the free energy until nothing does.
 * @param fixed predictions, activities and slopes stay as they are before the target is shown
 */
function settle({ network, input, target }: Setting, precision: number, fixed: boolean): Settled {
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
  for (let step = 0; step < 20_000; step++) {
    if (!fixed) {
      for (let l = 0; l < last; l++) {
        activities[l + 1] = values[l].map(rate);
        slopes[l] = values[l].map(slope);
        predicted[l + 1].fill(0);
        addForward(network.weights[l + 1], activities[l + 1], predicted[l + 1]);
      }
    }
    let energy = 0;
    errors.forEach((error, l) => {
      const weight = l === last ? precision : 1;
      for (let j = 0; j < error.length; j++) {
        const miss = predicted[l][j] - values[l][j];
        error[j] = weight * miss;
        energy += 0.5 * weight * miss * miss;
      }
    });
    energies.push(energy);
    let largest = 0;
    for (let l = 0; l < last; l++) {
      for (let j = 0; j < values[l].length; j++) {
        const force = errors[l][j] - slopes[l][j] * rowTimes(network.weights[l + 1], j, errors[l + 1]);
        values[l][j] += 0.1 * force;
        largest = Math.max(largest, Math.abs(force));
      }
    }
    if (largest < 1e-14 * precision) break;
  }
  return { activities, errors, energies };
}

/** What the rule's text adds to each layer of weights. */
function updateOf(rule: PlasticityRule, { activities, errors }: Settled): Float64Array[] {
  return errors.map((error, l) => {
    const layer = ruleLayer(rule, activities[l].length, error.length);
    layer.inputs.x1.set(activities[l]);
    layer.inputs.error.set(error);
    layer.run('onModulator');
    return layer.weights;
  });
}

/** Minus the gradient of back-propagation in the same network. */
function backPropagated({ network, input, target }: Setting): Float64Array[] {
  const tape = rateTape(network);
  const gradient = zerosLike(network);
  forward(network, input, tape);
  backward(network, tape, 'squared-error', target, gradient);
  return gradient.weights.map((values) => values.map((value) => -value));
}

export function verifyPredictiveCoding(rule: PlasticityRule): Verdict[] {
  const setting = example();
  const descent = backPropagated(setting);
  const atPrecision = (p: number) => updateOf(rule, settle(setting, p, false));
  const precisions = [0.01, 0.003, 0.001];
  const { energies } = settle(setting, 1, false);
  const subject = rule.name;
  return [
    verdict({
      subject,
      name: 'fixed predictions',
      what: `cosine of the update with that of back-propagation, layers ${SIZES.join('-')}`,
      value: cosine(updateOf(rule, settle(setting, 1, true)), descent),
      bar: { atLeast: 0.999 },
      source: FIXED,
    }),
    verdict({
      subject,
      name: 'output precision 0.01',
      what: 'the same with everything free to move',
      value: cosine(atPrecision(0.01), descent),
      bar: { atLeast: 0.999 },
      source: PRECISION,
    }),
    verdict({
      subject,
      name: 'order',
      what: `power of the output precision with which the angle to back-propagation falls, ${precisions.join(', ')}`,
      value: logSlope(
        precisions,
        precisions.map((p) => angleBetween(atPrecision(p), descent)),
      ),
      bar: { atLeast: 0.9, atMost: 1.1 },
      source: PRECISION,
    }),
    verdict({
      subject,
      name: 'energy',
      what: 'largest rise of the free energy in one step of settling, as a share of its whole fall',
      value: largestRise(energies) / (energies[0] - energies[energies.length - 1]),
      bar: { atMost: 1e-12 },
      source: PRECISION,
    }),
  ];
}

const largestRise = (energies: readonly number[]): number =>
  energies.slice(1).reduce((worst, energy, n) => Math.max(worst, energy - energies[n]), Number.NEGATIVE_INFINITY);

/** The way back learns from the same two activities: its weights stay the negative transpose of the predictions' weights, up to a factor. */
export function verifyPredictiveCodingFeedback(rule: PlasticityRule, predictions: PlasticityRule): Verdict[] {
  const settled = settle(example(), 1, false);
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
