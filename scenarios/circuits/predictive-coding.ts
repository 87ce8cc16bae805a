/**
 * Predictive coding (core/plasticity/library/predictive-coding.ts): pixels predict hidden values, hidden values predict the answer; error neurons of
 * both signs carry prediction less value. An image is read with the answer free; then the label holds the answer, and when the values have settled
 * every synapse learns.
 */
import type { Circuit } from './circuit.ts';
import { CLASSES, glorot, hiddenSize, imageCounts, layeredTask, pixelNeurons, spreadOver } from './circuit.ts';

const TICKS = 60;
const WINDOW = 30;
/** What one error spike stands for. */
const QUANTUM = 0.1;
/** How far a hidden value moves for it. */
const STEP = { generated: 0.2 * QUANTUM, images: 0.3 * QUANTUM } as const;

/**
 * The same of errors of the answer, and how far it moves hidden values. Error neurons send one spike per tick, so no error counts for more than a quantum; of many images those of the
 * answer are often larger, and cut to a tenth they teach little (MNIST, a rate model of this circuit: 93 % against 96 %).
 */
const ANSWER = {
  generated: { quantum: QUANTUM, step: STEP.generated, back: STEP.generated },
  images: { quantum: 0.5, step: 0.04, back: 0.1 },
} as const;

/**
 * Learning rates per product of an activity and an error. Of many images the answer has to learn slowly, or it follows the latest: with a tenth of the rate
 * of the hidden values, 20,000 MNIST images twice gave 0.954 on 10,000 training images held out, with the same rate 0.940.
 */
const RATES = { generated: { hidden: 0.1, answer: 0.1 }, images: { hidden: 0.05, answer: 0.005 } } as const;

/** Constant input of the hidden error neurons: part of the prediction. */
const BIAS = 0.1;

/** Largest weight of a prediction of the answer. */
const LIMIT = 0.4;

const values = (name: string, size: number, floor: number, ceiling: number): object => ({
  name,
  size,
  model: 'rate-if',
  integrator: 'euler',
  dynamics: 'integrating',
  tauMem: '1 ms',
  vThreshold: 1,
  floor,
  ceiling,
  phaseInitial: spreadOver(size, 1),
});

const errors = (name: string, size: number, quantum: number, bias = 0): object => ({
  name,
  size,
  model: 'rate-if',
  integrator: 'euler',
  spikes: 'signed',
  tauMem: '5 ms',
  vThreshold: quantum,
  floor: -3,
  ceiling: 3,
  bias,
});

export const predictiveCodingCircuit: Circuit = (options) => {
  const { pixels, realImages, epochs } = options;
  const hidden = hiddenSize(options);
  const [connect, beside] = ['all-to-all', 'one-to-one'];
  const kind = realImages ? 'images' : 'generated';
  const [step, answer, rates] = [STEP[kind], ANSWER[kind], RATES[kind]];
  /** The rate per count and error spike. */
  const answerRate = (rates.answer * answer.quantum) / WINDOW;
  return {
    summary: `${pixels} inputs predict ${hidden} hidden values, which predict the answer; errors of both signs correct both`,
    network: {
      dt: '1 ms',
      precision: 'f32',
      populations: [
        pixelNeurons(pixels, 1),
        values('hidden', hidden, -0.5, 1.5),
        errors('hidden-error', hidden, QUANTUM, BIAS),
        { ...values('output', CLASSES, -0.5, 1), bias: 0, tunable: ['bias'] },
        errors('output-error', CLASSES, answer.quantum),
      ],
      projections: [
        { name: 'pixels-hidden', pre: 'pixels', post: 'hidden-error', connect, weight: glorot(pixels, hidden, realImages ? 0.2 : 0.7) },
        { name: 'hidden-output', pre: 'hidden', post: 'output-error', connect, weight: glorot(hidden, CLASSES), rule: 'pc' },
        {
          name: 'feedback',
          pre: 'output-error',
          post: 'hidden',
          port: 'gated',
          connect,
          weight: { transposeOf: 'hidden-output', times: -answer.back },
          rule: 'pc-feedback',
        },
        { name: 'hidden-own', pre: 'hidden', post: 'hidden-error', connect: beside, weight: -1 },
        { name: 'output-own', pre: 'output', post: 'output-error', connect: beside, weight: -1 },
        { name: 'hidden-correction', pre: 'hidden-error', post: 'hidden', connect: beside, weight: step },
        { name: 'output-correction', pre: 'output-error', post: 'output', connect: beside, weight: answer.step },
      ],
      probes: [{ spikes: 'output' }],
    },
    task: {
      ...layeredTask,
      answerBy: 'value',
      rates: {
        'pixels-hidden': (rates.hidden * QUANTUM) / WINDOW,
        'hidden-output': answerRate,
        feedback: 2 * answerRate * answer.back,
      },
      limits: { 'pixels-hidden': realImages ? 0.25 : 0.4, 'hidden-output': LIMIT, feedback: LIMIT * answer.back },
      // with the answer free every value settles where its error is none: at its prediction, as far as a rate of 0 to 1 goes
      pretrain: {
        layers: [
          { projection: 'pixels-hidden', bias: BIAS },
          { projection: 'hidden-output', bias: 0 },
        ],
        activation: 'clipped-relu',
        white: 1,
        target: 1,
      },
      phases: [
        { ticks: TICKS, window: WINDOW, from: 'rest' },
        {
          ticks: TICKS,
          window: WINDOW,
          from: 'last',
          teach: { population: 'output', right: 0.5, wrong: -0.5 },
          learn: [
            {
              projection: 'pixels-hidden',
              modulator: 'error',
              factor: { of: 'hidden-error', what: 'sent', open: { of: 'hidden', below: 1 } },
              scheduled: true,
            },
            { projection: 'hidden-output', modulator: 'error', factor: { of: 'output-error', what: 'sent' }, scheduled: true },
            { projection: 'feedback', modulator: 'activity', factor: { of: 'hidden', what: 'spikes' }, scheduled: true },
          ],
        },
      ],
      epochs: epochs ?? 3,
      rateDecay: realImages ? 0.5 : 0.8,
      ...imageCounts(options),
    },
  };
};
