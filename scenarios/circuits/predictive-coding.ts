/**
 * Predictive coding (core/plasticity/library/predictive-coding.ts): pixels predict hidden values, hidden values predict the answer; error neurons of
 * both signs carry prediction less value. An image is read with the answer free; then the label holds the answer, and when the values have settled
 * every synapse learns.
 */
import type { Circuit } from './circuit.ts';
import { CLASSES, glorot, hiddenSize, imageCounts, pixelNeurons, spreadOver } from './circuit.ts';

const TICKS = 60;
const WINDOW = 30;
/** What one error spike stands for, and how far a value moves for it. */
const QUANTUM = 0.1;
const STEP = 0.2 * QUANTUM;

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

const errors = (name: string, size: number, bias: number): object => ({
  name,
  size,
  model: 'rate-if',
  integrator: 'euler',
  spikes: 'signed',
  tauMem: '5 ms',
  vThreshold: QUANTUM,
  floor: -3,
  ceiling: 3,
  bias,
});

export const predictiveCodingCircuit: Circuit = (options) => {
  const { pixels, realImages, epochs } = options;
  const hidden = hiddenSize(options);
  const [connect, beside] = ['all-to-all', 'one-to-one'];
  const eta = realImages ? 0.02 : 0.1;
  /** A learning rate per product of an activity and an error. */
  const rate = (eta * QUANTUM) / WINDOW;
  return {
    summary: `${pixels} inputs predict ${hidden} hidden values, which predict the answer; errors of both signs correct both`,
    network: {
      dt: '1 ms',
      precision: 'f32',
      populations: [
        pixelNeurons(pixels, 1),
        values('hidden', hidden, -0.5, 1.5),
        errors('hidden-error', hidden, 0.1),
        { ...values('output', CLASSES, -0.5, 1), bias: 0, tunable: ['bias'] },
        errors('output-error', CLASSES, 0),
      ],
      projections: [
        { name: 'pixels-hidden', pre: 'pixels', post: 'hidden-error', connect, weight: glorot(pixels, hidden, 0.7) },
        { name: 'hidden-output', pre: 'hidden', post: 'output-error', connect, weight: glorot(hidden, CLASSES), rule: 'pc' },
        {
          name: 'feedback',
          pre: 'output-error',
          post: 'hidden',
          port: 'gated',
          connect,
          weight: { transposeOf: 'hidden-output', times: -STEP },
          rule: 'pc-feedback',
        },
        { name: 'hidden-own', pre: 'hidden', post: 'hidden-error', connect: beside, weight: -1 },
        { name: 'output-own', pre: 'output', post: 'output-error', connect: beside, weight: -1 },
        { name: 'hidden-correction', pre: 'hidden-error', post: 'hidden', connect: beside, weight: STEP },
        { name: 'output-correction', pre: 'output-error', post: 'output', connect: beside, weight: STEP },
      ],
      probes: [{ spikes: 'output' }],
    },
    task: {
      kind: 'phased-classification',
      input: 'pixels',
      white: 1,
      answer: 'output',
      answerBy: 'value',
      plastic: 'pixels-hidden',
      rates: { 'pixels-hidden': rate, 'hidden-output': rate, feedback: 2 * rate * STEP },
      classes: CLASSES,
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
      rateDecay: realImages ? 0.6 : 0.8,
      ...imageCounts(options),
    },
  };
};
