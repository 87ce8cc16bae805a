/**
 * Equilibrium propagation: the update of the rule's text is minus the gradient of the settled cost, in the limit of small nudging (Scellier & Bengio,
 * Front. Comput. Neurosci. 11:24, 2017), with an error that falls as β from one side and as β² where both sides are taken (Laborieux et al., Front.
 * Neurosci. 15:633674, 2021). Smooth rates, layers 6-8-3, settled until nothing moves.
 */

import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { streamOf, uniformAt } from '../../core/random.ts';
import { finiteDifferences } from '../teacher/gradient-check.ts';
import { cosine, drawWeights, relativeError } from '../teacher/matrix.ts';
import type { Potentials, SettlingNetwork } from '../teacher/settling-network.ts';
import { atRest, costOf, energyOf, ratesOf, settle } from '../teacher/settling-network.ts';
import type { Axis, Curve } from './curve.ts';
import { axis, curve, energyCurve, linesByLayer, weightLayers } from './curve.ts';
import { ruleLayer } from './rule-layer.ts';
import type { Verdict } from './verdict.ts';
import { logSlope, verdict } from './verdict.ts';

const SIZES = [6, 8, 3] as const;
const SOURCE = 'Scellier & Bengio (2017), Front. Comput. Neurosci. 11:24';
export const CENTRED = 'Laborieux et al. (2021), Front. Neurosci. 15:633674';
export const CONTINUAL = 'Ernoult, Grollier, Querlioz, Bengio & Scellier (2020), arXiv:2005.04168';
/** Nudging of the curves, down to where rounding of the gradient begins to show. */
const MANY_BETAS = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001, 3e-4];
const STREAM = streamOf('verify/equilibrium');

function exampleNet(): SettlingNetwork {
  const draw = (n: number, event: number) => Float64Array.from({ length: n }, (_, k) => uniformAt(1, STREAM, k, event));
  const [nIn, nHidden, nOut] = SIZES;
  return {
    weights: [drawWeights(nIn, nHidden, 1, 'verify/equilibrium/0', 2), drawWeights(nHidden, nOut, 1, 'verify/equilibrium/1', 2)],
    input: draw(nIn, 0),
    target: draw(nOut, 1),
  };
}

/** Rates of input, hidden and output at each end of the nudging. */
type Rates = readonly Float64Array[];

/** What the rule's text adds to both layers of weights when it is shown two settled states, `distance` apart in β. */
function updateOf(rule: PlasticityRule, above: Rates, below: Rates, distance: number): Float64Array[] {
  return [0, 1].map((l) => betweenLayers(rule, above[l], above[l + 1], below[l], below[l + 1], distance));
}

function betweenLayers(
  rule: PlasticityRule,
  preAbove: Float64Array,
  postAbove: Float64Array,
  preBelow: Float64Array,
  postBelow: Float64Array,
  distance: number,
): Float64Array {
  const layer = ruleLayer(rule, preAbove.length, postAbove.length);
  const show = (pre: Float64Array, post: Float64Array, commit: number): void => {
    layer.inputs.x1.set(pre);
    layer.inputs.phase.set(post);
    layer.inputs.commit.fill(commit);
    layer.run('onModulator');
  };
  show(preAbove, postAbove, 0);
  show(
    preBelow,
    postBelow.map((rate) => -rate),
    1 / (distance * rule.parameters.rate),
  );
  return layer.weights;
}

export function verifyEquilibrium(rule: PlasticityRule): Verdict[] {
  const net = exampleNet();
  const free = settle(net, atRest(SIZES), 0);
  const gradient = finiteDifferences(net.weights, () => costOf(net, settle(net, free, 0)));
  const descent = gradient.map((values) => values.map((value) => -value));
  const ratesAt = (beta: number): Rates => [net.input, ...settle(net, free, beta).map(ratesOf)];
  const oneSided = (beta: number) => updateOf(rule, ratesAt(beta), ratesAt(0), beta);
  const centred = (beta: number) => updateOf(rule, ratesAt(beta), ratesAt(-beta), 2 * beta);
  const betas = [0.01, 0.005, 0.0025];
  const order = (update: (beta: number) => Float64Array[]): number =>
    logSlope(
      betas,
      betas.map((beta) => relativeError(update(beta), descent)),
    );
  const errors = (title: string, update: (beta: number) => Float64Array[]): Curve =>
    byLayer(title, axis('β', '', 'logarithmic'), MANY_BETAS, (beta) => update(beta), descent);
  const subject = rule.name;
  return [
    verdict({
      subject,
      name: 'gradient, centred',
      what: `cosine of the update at β = 1e-3 with minus the finite-difference gradient, layers ${SIZES.join('-')}`,
      value: cosine(centred(1e-3), descent),
      bar: { atLeast: 0.999 },
      source: CENTRED,
    }),
    verdict({
      subject,
      name: 'gradient, one-sided',
      what: 'the same with a free and one nudged phase',
      value: cosine(oneSided(1e-3), descent),
      bar: { atLeast: 0.999 },
      source: SOURCE,
    }),
    verdict({
      subject,
      name: 'order, centred',
      what: `power of β with which the error of the update falls, β = ${betas.join(', ')}`,
      value: order(centred),
      bar: { atLeast: 1.9, atMost: 2.1 },
      source: CENTRED,
      curves: [errors('update against finite differences, centred', centred)],
    }),
    verdict({
      subject,
      name: 'order, one-sided',
      what: 'the same with a free and one nudged phase',
      value: order(oneSided),
      bar: { atLeast: 0.9, atMost: 1.1 },
      source: SOURCE,
      curves: [errors('update against finite differences, one-sided', oneSided)],
    }),
    symmetry(rule, ratesAt(0.5), ratesAt(-0.5)),
    settling(rule, net),
  ];
}

/** Relative error of an update against another, by layer of weights. */
function byLayer(
  title: string,
  x: Axis,
  values: readonly number[],
  update: (x: number) => Float64Array[],
  exact: readonly Float64Array[],
): Curve {
  const found = values.map((value) => update(value).map((one, l) => relativeError([one], [exact[l]])));
  return curve({
    kind: 'convergence',
    title,
    x,
    y: axis('error, relative', '', 'logarithmic'),
    lines: linesByLayer(values, found, weightLayers(exact.length)),
  });
}

/**
 * The continual form: from the free state the nudged network settles, and after every step each synapse looks and learns, so that the weights move while
 * the network does.
 */
export function verifyContinualEquilibrium(rule: PlasticityRule): Verdict[] {
  const net = exampleNet();
  const free = settle(net, atRest(SIZES), 0);
  const descent = finiteDifferences(net.weights, () => costOf(net, settle(net, free, 0))).map((values) => values.map((value) => -value));
  const subject = rule.name;
  const still = `cosine of the update at β = 1e-3 with minus the finite-difference gradient, layers ${SIZES.join('-')}`;
  const rates = [1e-3, 5e-4, 2.5e-4];
  const atEnd = continually(rule, net, free, 0.1, 0);
  return [
    verdict({
      subject,
      name: 'gradient',
      what: `${still}, weights moving all the while by 1e-6 of it`,
      value: cosine(continually(rule, net, free, 1e-3, 1e-6), descent),
      bar: { atLeast: 0.999 },
      source: CONTINUAL,
    }),
    verdict({
      subject,
      name: 'order',
      what: `power of the learning rate with which the error of the continual update falls to that of one at the end, rates ${rates.join(', ')}`,
      value: logSlope(
        rates,
        rates.map((rate) => relativeError(continually(rule, net, free, 0.1, rate), atEnd)),
      ),
      bar: { atLeast: 0.9, atMost: 1.1 },
      source: CONTINUAL,
      curves: [
        byLayer(
          'update while weights move against one at the end',
          axis('learning rate', '', 'logarithmic'),
          [0.01, 3e-3, ...rates, 1e-4],
          (rate) => continually(rule, net, free, 0.1, rate),
          atEnd,
        ),
      ],
    }),
  ];
}

/**
 * What the rule's text adds to both layers of weights while the network settles under nudging β, per unit of learning rate. @param rate at which the weights
 * that the network settles with follow; 0 for not at all
 */
function continually(rule: PlasticityRule, net: SettlingNetwork, free: Potentials, beta: number, rate: number): Float64Array[] {
  const moving: SettlingNetwork = { ...net, weights: [net.weights[0].slice(), net.weights[1].slice()] };
  const layers = [0, 1].map((l) => ruleLayer({ ...rule, parameters: { rate: 1 / beta } }, SIZES[l], SIZES[l + 1]));
  const look = (state: Potentials, nudge: number): void => {
    const rates = [net.input, ...state.map(ratesOf)];
    layers.forEach(({ inputs, run, weights }, l) => {
      inputs.x1.set(rates[l]);
      inputs.y1.set(rates[l + 1]);
      inputs.nudge[0] = nudge;
      run('onModulator');
      for (let k = 0; k < weights.length; k++) moving.weights[l][k] = net.weights[l][k] + rate * weights[k];
    });
  };
  look(free, 0);
  settle(moving, free, beta, { weightsMove: true, onStep: (state) => look(state, 1) });
  return layers.map(({ weights }) => weights);
}

/** Two projections in opposite directions stay each other's transpose, bit for bit. */
function symmetry(rule: PlasticityRule, above: Rates, below: Rates): Verdict {
  const [, nHidden, nOut] = SIZES;
  const up = betweenLayers(rule, above[1], above[2], below[1], below[2], 1);
  const down = betweenLayers(rule, above[2], above[1], below[2], below[1], 1);
  let differing = 0;
  for (let i = 0; i < nHidden; i++) for (let k = 0; k < nOut; k++) if (up[i * nOut + k] !== down[k * nHidden + i]) differing++;
  return verdict({
    subject: rule.name,
    name: 'symmetry',
    what: 'weights that the same text, run from the other end, changes by other bits',
    value: differing,
    bar: { atMost: 0 },
    source: 'the product of two activities is the same from both ends',
  });
}

/** Steps of 0.3 from random states, free and nudged: the largest rise of the energy in a step, over its fall in all of them. */
function settling(rule: PlasticityRule, net: SettlingNetwork): Verdict {
  let worst = Number.NEGATIVE_INFINITY;
  const shown = new Map<string, readonly number[]>();
  for (let run = 0; run < 20; run++) {
    const start: Potentials = [
      Float64Array.from({ length: SIZES[1] }, (_, k) => 4 * uniformAt(1, STREAM, k, 10 + run) - 1.5),
      Float64Array.from({ length: SIZES[2] }, (_, k) => 4 * uniformAt(1, STREAM, k, 50 + run) - 1.5),
    ];
    const [beta, name] = (
      [
        [0, 'free'],
        [0.5, 'nudged towards the target'],
        [-0.5, 'nudged away'],
      ] as const
    )[run % 3];
    const energies = [energyOf(net, start, beta)];
    settle(net, start, beta, { onStep: (state) => energies.push(energyOf(net, state, beta)) });
    if (!shown.has(name)) shown.set(name, energies);
    const fall = energies[0] - energies[energies.length - 1];
    energies.slice(1).forEach((energy, n) => {
      worst = Math.max(worst, (energy - energies[n]) / fall);
    });
  }
  return verdict({
    subject: rule.name,
    name: 'energy',
    what: 'largest rise of the energy in one step of settling, as a share of its whole fall, over 20 starts, free and nudged',
    value: worst,
    bar: { atMost: 1e-12 },
    source: SOURCE,
    curves: [energyCurve(shown)],
  });
}
