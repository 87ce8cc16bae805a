/**
 * Equilibrium propagation with spikes, in the kernel: three phases of a network of neurons that send their values as evenly spaced spikes, the rule as it
 * ships on its projections, and the change it leaves against the gradient of the settled cost. All values stay inside the coding range, so that the settled
 * network is linear and its gradient exact. What is off is the counting: a window of T ticks knows a rate to one part in T.
 */
import { ideal } from '../../chips/ideal/ideal.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { streamOf, uniformAt } from '../../core/random.ts';
import { Simulation } from '../../workers/simulation.ts';
import { keepStates, restoreStates } from '../tasks/neuron-states.ts';
import { finiteDifferences } from '../teacher/gradient-check.ts';
import { addForward, angleBetween, cosine, drawWeights, rowTimes } from '../teacher/matrix.ts';
import { axis, curve, linesByLayer, weightLayers } from './curve.ts';
import type { Verdict } from './verdict.ts';
import { logSlope, verdict } from './verdict.ts';

const SIZES = [6, 8, 3] as const;
const BETA = 0.5;
const WINDOWS = [100, 400, 1600];
const SETTLING = 300;
const BIAS = 0.4;
const SOURCE = 'Martin et al. (2021), iScience 24:102222';
const STREAM = streamOf('verify/spiking-equilibrium');
const draw = (n: number, event: number, low: number, high: number) =>
  Float64Array.from({ length: n }, (_, k) => low + (high - low) * uniformAt(1, STREAM, k, event));
const INPUT = draw(SIZES[0], 0, 0.2, 0.8);
const TARGET = draw(SIZES[2], 1, 0.1, 0.9);

export function verifySpikingEquilibrium(rule: PlasticityRule): Verdict[] {
  const weights = [drawWeights(SIZES[0], SIZES[1], 1, 'verify/spikes/0', 0.3), drawWeights(SIZES[1], SIZES[2], 1, 'verify/spikes/1', 0.3)];
  const descent = finiteDifferences(weights, () => settledCost(weights)).map((values) => values.map((value) => -value));
  const updates = WINDOWS.map((window) => updateOf(rule, weights, window));
  const angles = updates.map((update) => angleBetween(update, descent));
  const subject = rule.name;
  return [
    verdict({
      subject,
      name: 'spikes',
      what: `cosine of the change in the kernel with minus the gradient, layers ${SIZES.join('-')}, β = ${BETA}, spikes in windows of ${WINDOWS[1]} ticks`,
      value: cosine(updates[1], descent),
      bar: { atLeast: 0.999 },
      source: SOURCE,
    }),
    verdict({
      subject,
      name: 'spikes, order',
      what: `power with which the angle between them falls as windows grow: ${WINDOWS.map((window, n) => `${angles[n].toFixed(1)} degrees at ${window} ticks`).join(', ')}`,
      value: -logSlope(WINDOWS, angles),
      bar: { atLeast: 0.8 },
      source: SOURCE,
      curves: [
        curve({
          kind: 'convergence',
          title: 'change by spikes against the gradient',
          x: axis('window', 'ticks', 'logarithmic'),
          y: axis('angle', '°', 'logarithmic'),
          lines: linesByLayer(
            WINDOWS,
            updates.map((update) => update.map((one, l) => angleBetween([one], [descent[l]]))),
            weightLayers(descent.length),
          ),
        }),
      ],
    }),
  ];
}

/** ½ |output - target|² where the network without limits comes to rest. */
function settledCost(weights: readonly Float64Array[]): number {
  let [hidden, output]: Float64Array[] = [new Float64Array(SIZES[1]), new Float64Array(SIZES[2])];
  for (let step = 0; step < 200; step++) {
    const next = new Float64Array(SIZES[1]).fill(BIAS);
    addForward(weights[0], INPUT, next);
    for (let j = 0; j < next.length; j++) next[j] += rowTimes(weights[1], j, output);
    hidden = next;
    output = new Float64Array(SIZES[2]).fill(BIAS);
    addForward(weights[1], hidden, output);
  }
  return output.reduce((sum, value, k) => sum + 0.5 * (value - TARGET[k]) ** 2, 0);
}

/** Change of both layers of weights, over the learning rate, after a free and two nudged phases. */
function updateOf(rule: PlasticityRule, weights: readonly Float64Array[], window: number): Float64Array[] {
  const net = network();
  const layer = (name: string, size: number) =>
    net.neurons(name, size, {
      model: 'rate-if',
      integrator: 'euler',
      tauMem: '5 ms',
      vThreshold: 1,
      floor: -1,
      ceiling: 2,
      bias: BIAS,
      tunable: ['bias'],
    });
  const input = layer('input', SIZES[0]);
  const hidden = layer('hidden', SIZES[1]);
  const output = layer('output', SIZES[2]);
  const steady = { ...rule, parameters: { ...rule.parameters, rate: 1 }, bounds: [-1e6, 1e6] } as const;
  net.connect(input, hidden, { name: 'up', weight: weights[0], port: 'delta', rule: steady });
  net.connect(hidden, output, { name: 'out', weight: weights[1], port: 'delta', rule: steady });
  net.connect(output, hidden, { name: 'back', weight: { transposeOf: 'out' }, port: 'delta', rule: steady });
  const plan = buildPlan(net.freeze(), ideal());
  const simulation = new Simulation(plan);
  const projections = { up: 'hidden', out: 'output', back: 'hidden' } as const;
  simulation.setState('input', 'bias', INPUT);
  simulation.run(SETTLING);
  simulation.clearSpikeCounts();
  simulation.run(window);
  const free = keepStates(simulation, plan);
  const lacked = Float64Array.from(simulation.spikeCounts('output'), (count, k) => TARGET[k] - count / window);
  for (const sign of [1, -1]) {
    restoreStates(simulation, free);
    simulation.setState(
      'output',
      'bias',
      lacked.map((lack) => BIAS + sign * BETA * lack),
    );
    simulation.run(SETTLING);
    simulation.clearSpikeCounts();
    for (const projection of Object.keys(projections)) simulation.clearTraces(projection);
    simulation.run(window);
    for (const [projection, post] of Object.entries(projections)) {
      simulation.modulate(projection, { phase: Float64Array.from(simulation.spikeCounts(post), (count) => (sign * count) / window) });
    }
  }
  for (const projection of Object.keys(projections)) simulation.modulate(projection, { commit: 1 / (2 * BETA * window) });
  return ['up', 'out'].map((projection, l) => simulation.weights(projection).map((weight, k) => weight - weights[l][k]));
}
