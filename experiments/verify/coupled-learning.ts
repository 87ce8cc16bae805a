/**
 * Coupled learning against the gradient of the squared error of a resistor network's output (Stern, Hexner, Rocks & Liu, Phys. Rev. X 11:021045, 2021): in
 * the limit of a small clamp the rule's text goes down it, off by an angle that falls as the clamp does; and a network learns its target.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { streamOf, uniformAt } from '../../core/random.ts';
import { finiteDifferences } from '../teacher/gradient-check.ts';
import { angleBetween, cosine } from '../teacher/matrix.ts';
import { axis, curve } from './curve.ts';
import { ruleLayer } from './rule-layer.ts';
import type { Verdict } from './verdict.ts';
import { logSlope, verdict } from './verdict.ts';

const NODES = 10;
const EDGES = 0.5;
const STREAM = streamOf('verify/coupled-learning');
const SOURCE = 'Stern, Hexner, Rocks & Liu (2021), Phys. Rev. X 11:021045';
/** Potentials that are held, by node, and the node that is to come to `TARGET`. */
const HELD: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [1, 1],
]);
const [OUTPUT, TARGET] = [NODES - 1, 0.8];
const STEPS = 100;
const LEARNED_EVERY = 5;

/** [node × node] conductances, each edge once, from the lower to the higher node; a ring keeps the network in one piece. */
const exampleNetwork = (): Float64Array =>
  Float64Array.from({ length: NODES * NODES }, (_, k) => {
    const [i, j] = [Math.floor(k / NODES), k % NODES];
    const isEdge = j > i && (j === i + 1 || uniformAt(1, STREAM, k, 0) < EDGES);
    return isEdge ? 0.5 + uniformAt(1, STREAM, k, 1) : 0;
  });

/** Potentials of all nodes by Kirchhoff's laws, where some are held: Gaussian elimination over the others. */
function potentials(conductances: Float64Array, held: ReadonlyMap<number, number>): Float64Array {
  const between = (i: number, j: number): number => conductances[Math.min(i, j) * NODES + Math.max(i, j)];
  const rows = Array.from({ length: NODES }, (_, i) => {
    const row = new Float64Array(NODES + 1);
    const value = held.get(i);
    if (value !== undefined) {
      row[i] = 1;
      row[NODES] = value;
      return row;
    }
    for (let j = 0; j < NODES; j++) {
      if (j === i) continue;
      row[j] = -between(i, j);
      row[i] += between(i, j);
    }
    return row;
  });
  for (let p = 0; p < NODES; p++) {
    for (let i = 0; i < NODES; i++) {
      if (i === p) continue;
      const factor = rows[i][p] / rows[p][p];
      for (let j = p; j <= NODES; j++) rows[i][j] -= factor * rows[p][j];
    }
  }
  return Float64Array.from(rows, (row, i) => row[NODES] / row[i]);
}

const errorOf = (conductances: Float64Array): number => 0.5 * (potentials(conductances, HELD)[OUTPUT] - TARGET) ** 2;

/** One update by the rule's text, with the output clamped the share `eta` of the way to its target. @returns new conductances */
function learnOnce(rule: PlasticityRule, conductances: Float64Array, eta: number, rate: number): Float64Array {
  const layer = ruleLayer({ ...rule, parameters: { rate: rate / (2 * eta) } }, NODES, NODES, { weights: conductances.slice() });
  const free = potentials(conductances, HELD);
  const clamp = free[OUTPUT] + eta * (TARGET - free[OUTPUT]);
  for (const [state, values] of [
    [1, free],
    [-1, potentials(conductances, new Map([...HELD, [OUTPUT, clamp]]))],
  ] as const) {
    layer.inputs.x1.set(values);
    layer.inputs.y1.set(values);
    layer.inputs.state[0] = state;
    layer.run('onModulator');
  }
  // where there is no edge there is nothing that could learn
  return layer.weights.map((value, k) => (conductances[k] === 0 ? 0 : Math.max(value, 1e-3)));
}

export function verifyCoupledLearning(rule: PlasticityRule): Verdict[] {
  const subject = rule.name;
  const start = exampleNetwork();
  const [gradient] = finiteDifferences([start], () => errorOf(start));
  const descent = gradient.map((value, k) => (start[k] === 0 ? 0 : -value));
  const change = (eta: number): Float64Array => learnOnce(rule, start, eta, 1e-3).map((value, k) => value - start[k]);
  const clamps = [0.1, 0.05, 0.025];
  const manyClamps = [1, 0.5, 0.2, ...clamps, 0.01, 1e-3, 1e-4];
  const angleAt = (eta: number): number => angleBetween([change(eta)], [descent]);
  let learned = start;
  const errors = [errorOf(start)];
  for (let step = 0; step < STEPS; step++) {
    learned = learnOnce(rule, learned, 0.1, 3);
    errors.push(errorOf(learned));
  }
  const counts = errors.map((_, step) => step).filter((step) => step % LEARNED_EVERY === 0);
  return [
    verdict({
      subject,
      name: 'gradient',
      what: `cosine of the update with minus the gradient of the squared error, clamp 1e-3, ${NODES} nodes`,
      value: cosine([change(1e-3)], [descent]),
      bar: { atLeast: 0.999 },
      source: SOURCE,
    }),
    verdict({
      subject,
      name: 'order',
      what: `power of the clamp with which the angle to the gradient falls, ${clamps.join(', ')}`,
      value: logSlope(clamps, clamps.map(angleAt)),
      bar: { atLeast: 0.9, atMost: 1.1 },
      source: SOURCE,
      curves: [
        curve({
          kind: 'convergence',
          title: 'update against the gradient',
          x: axis('clamp, share of the way to the target', '', 'logarithmic'),
          y: axis('angle', '°', 'logarithmic'),
          lines: [{ label: 'conductances', style: 'line', x: manyClamps, y: manyClamps.map(angleAt) }],
        }),
      ],
    }),
    verdict({
      subject,
      name: 'learns',
      what: `squared error after ${STEPS} updates as a share of what it was`,
      value: errors[STEPS] / errors[0],
      bar: { atMost: 1e-3 },
      source: SOURCE,
      curves: [
        curve({
          kind: 'learning',
          title: 'squared error of the output',
          x: axis('updates'),
          y: axis('squared error, share of the first', '', 'logarithmic'),
          lines: [{ label: 'resistor network', style: 'line', x: counts, y: counts.map((step) => errors[step] / errors[0]) }],
        }),
      ],
    }),
  ];
}
