/**
 * Equilibrium propagation (core/plasticity/library/equilibrium-propagation.ts): pixels drive a hidden layer that the output drives back through the
 * transposed weights. Free phase, then the output is nudged by a current in proportion to what it lacked there (Kendall et al., arXiv:2006.01981),
 * then by the opposite current from the same state.
 */
import type { LearnStep } from 'hillock';
import type { Circuit } from './circuit.ts';
import { CLASSES, glorot, hiddenSize, imageCounts, layeredTask, pixelNeurons, spreadOver } from './circuit.ts';

const WINDOW = 20;
const FREE = 40;
const NUDGED = 25;
const BETA = 1;

const layer = (name: string, size: number): object => ({
  name,
  size,
  model: 'rate-if',
  integrator: 'euler',
  tauMem: '5 ms',
  vThreshold: 1,
  floor: -1,
  ceiling: 2,
  phaseInitial: spreadOver(size, 1),
});

/** Plastic projections and the population each ends on. */
const PLASTIC = [
  ['pixels-hidden', 'hidden'],
  ['hidden-output', 'output'],
  ['output-hidden', 'hidden'],
] as const;

const products = (sign: 1 | -1): LearnStep[] =>
  PLASTIC.map(([projection, of]) => ({ projection, modulator: 'phase', factor: { of, what: 'spikes', times: sign } }));

const commits: readonly LearnStep[] = PLASTIC.map(([projection]) => ({ projection, modulator: 'commit', factor: 1, scheduled: true }));

export const equilibriumPropagationCircuit: Circuit = (options) => {
  const { pixels, realImages, epochs } = options;
  const hidden = hiddenSize(options);
  const connect = 'all-to-all';
  /** A learning rate per product of mean activities. */
  const rate = (eta: number): number => eta / (2 * BETA * WINDOW);
  const upper = rate(realImages ? 0.01 : 0.05);
  return {
    summary: `${pixels} inputs, ${hidden} hidden neurons and 10 outputs that drive each other; a free and two nudged phases`,
    network: {
      dt: '1 ms',
      precision: 'f32',
      populations: [pixelNeurons(pixels, 1), layer('hidden', hidden), { ...layer('output', CLASSES), bias: 0, tunable: ['bias'] }],
      projections: [
        { name: 'pixels-hidden', pre: 'pixels', post: 'hidden', connect, weight: glorot(pixels, hidden, realImages ? 0.2 : 1) },
        { name: 'hidden-output', pre: 'hidden', post: 'output', connect, weight: glorot(hidden, CLASSES), rule: 'ep' },
        { name: 'output-hidden', pre: 'output', post: 'hidden', connect, weight: { transposeOf: 'hidden-output' }, rule: 'ep' },
      ],
      probes: [{ spikes: 'output' }],
    },
    task: {
      ...layeredTask,
      answerBy: 'value',
      rates: { 'pixels-hidden': rate(realImages ? 0.02 : 0.1), 'hidden-output': upper, 'output-hidden': upper },
      limits: { 'pixels-hidden': realImages ? 0.25 : 0.5, 'hidden-output': 0.5, 'output-hidden': 0.5 },
      // a value settles at its input, and is sent as a rate of 0 to 1; what comes back from the answer is left out
      pretrain: {
        layers: [
          { projection: 'pixels-hidden', bias: 0 },
          { projection: 'hidden-output', bias: 0 },
        ],
        activation: 'clipped-relu',
        white: 1,
        target: 1,
      },
      phases: [
        { ticks: FREE, window: WINDOW, from: 'rest' },
        { ticks: NUDGED, window: WINDOW, from: 'last', teach: { population: 'output', nudge: BETA }, learn: products(1) },
        {
          ticks: NUDGED,
          window: WINDOW,
          from: 'first',
          teach: { population: 'output', nudge: -BETA },
          learn: [...products(-1), ...commits],
        },
      ],
      epochs: epochs ?? 3,
      rateDecay: 0.6,
      ...imageCounts(options),
    },
  };
};
