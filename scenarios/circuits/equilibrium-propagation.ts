/**
 * Equilibrium propagation (core/plasticity/library/equilibrium-propagation.ts): pixels drive a hidden layer that the output drives back through the
 * transposed weights. Free phase, then the output is nudged by a current in proportion to what it lacked there (Kendall et al., arXiv:2006.01981),
 * then by the opposite current from the same state; or, continually, by the first current alone, while the weights already move.
 */
import type { LearnStep, Phase } from 'hillock';
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

const onEach = (step: Omit<LearnStep, 'projection'>): LearnStep[] => PLASTIC.map(([projection]) => ({ projection, ...step }));

/** How often learning looks, and at what. */
interface Form {
  readonly rule: string;
  /** Of the rule's rate, per learning rate of a product of mean activities. */
  readonly share: number;
  readonly phases: readonly Phase[];
  readonly words: string;
}

const products = (sign: 1 | -1): LearnStep[] =>
  PLASTIC.map(([projection, of]) => ({ projection, modulator: 'phase', factor: { of, what: 'spikes', times: sign } }));

/** The products of both nudged phases, then their difference. */
const CENTRED: Form = {
  rule: 'ep',
  share: 1 / (2 * BETA * WINDOW),
  phases: [
    { ticks: FREE, window: WINDOW, from: 'rest' },
    { ticks: NUDGED, window: WINDOW, from: 'last', teach: { population: 'output', nudge: BETA }, learn: products(1) },
    {
      ticks: NUDGED,
      window: WINDOW,
      from: 'first',
      teach: { population: 'output', nudge: -BETA },
      learn: [...products(-1), ...onEach({ modulator: 'commit', factor: 1, scheduled: true })],
    },
  ],
  words: 'a free and two nudged phases',
};

/**
 * A look at the end of the free phase, and two while the network is nudged. What is still settling when a look begins counts as the nudge's doing: with 20
 * ticks before the first (2 % to go) digits stay at 0.18, with 60 they reach 0.976. A count may be off by one, so a look takes twice the ticks.
 */
const LOOK = 40;
const CONTINUAL: Form = {
  rule: 'c-ep',
  share: 0.5 / (BETA * LOOK ** 2),
  phases: [
    { ticks: 100, window: LOOK, from: 'rest', learn: onEach({ modulator: 'nudge', factor: 0 }) },
    ...Array.from(
      { length: 2 },
      (): Phase => ({
        ticks: 50,
        window: LOOK,
        from: 'last',
        teach: { population: 'output', nudge: BETA },
        learn: onEach({ modulator: 'nudge', factor: 1, scheduled: true }),
      }),
    ),
  ],
  words: 'weights move while the nudged network settles',
};

const settlingCircuit =
  ({ rule, share, phases, words }: Form): Circuit =>
  (options) => {
    const { pixels, realImages, epochs } = options;
    const hidden = hiddenSize(options);
    const connect = 'all-to-all';
    const [lower, upper] = (realImages ? [0.02, 0.01] : [0.1, 0.05]).map((eta) => eta * share);
    return {
      summary: `${pixels} inputs, ${hidden} hidden neurons and 10 outputs that drive each other; ${words}`,
      network: {
        dt: '1 ms',
        precision: 'f32',
        populations: [pixelNeurons(pixels, 1), layer('hidden', hidden), { ...layer('output', CLASSES), bias: 0, tunable: ['bias'] }],
        projections: [
          { name: 'pixels-hidden', pre: 'pixels', post: 'hidden', connect, weight: glorot(pixels, hidden, realImages ? 0.2 : 1) },
          { name: 'hidden-output', pre: 'hidden', post: 'output', connect, weight: glorot(hidden, CLASSES), rule },
          { name: 'output-hidden', pre: 'output', post: 'hidden', connect, weight: { transposeOf: 'hidden-output' }, rule },
        ],
        probes: [{ spikes: 'output' }],
      },
      task: {
        ...layeredTask,
        answerBy: 'value',
        rates: { 'pixels-hidden': lower, 'hidden-output': upper, 'output-hidden': upper },
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
        phases,
        epochs: epochs ?? 3,
        rateDecay: 0.6,
        ...imageCounts(options),
      },
    };
  };

export const equilibriumPropagationCircuit = settlingCircuit(CENTRED);

export const continualEquilibriumCircuit = settlingCircuit(CONTINUAL);
