/**
 * Direct feedback alignment (core/plasticity/library/dfa.ts): pixels → hidden → output, all leaky integrate-and-fire; the label and the output meet
 * in error neurons of both signs, whose spikes go through fixed random weights to a compartment beside every hidden neuron.
 */
import type { Circuit } from './circuit.ts';
import { CLASSES, hiddenSize, imageCounts, pixelNeurons } from './circuit.ts';

const TICKS = 50;
const WINDOW = 40;
/** Spikes per tick that the output neuron of the class is asked for. */
const TARGET = 0.5;
/** Error spikes are sent when this much has gathered. */
const QUANTUM = 0.5;

const layer = (name: string, size: number): object => ({
  name,
  size,
  model: 'lif',
  tauMem: '9.5 ms',
  vThreshold: 1,
  resetTo: 'subtraction',
  floor: -2,
});

/** Sums what arrives and never fires. */
const compartment = (name: string, size: number): object => ({
  name,
  size,
  model: 'lif',
  integrator: 'euler',
  tauMem: '1000000 s',
  vThreshold: 1000,
});

const gaussian = (sd: number): object => ({ normal: { mean: 0, sd } });

export const dfaCircuit: Circuit = (options) => {
  const { pixels, realImages, epochs } = options;
  const hidden = hiddenSize(options);
  const connect = 'all-to-all';
  return {
    summary: `${pixels} inputs, ${hidden} hidden neurons, 10 outputs; errors come back through fixed random weights`,
    network: {
      dt: '1 ms',
      precision: 'f32',
      populations: [
        pixelNeurons(pixels, 2),
        layer('hidden', hidden),
        layer('output', CLASSES),
        {
          name: 'label',
          size: CLASSES,
          model: 'rate-if',
          integrator: 'euler',
          tauMem: '1 ms',
          vThreshold: 1,
          floor: 0,
          ceiling: 1,
          bias: 0,
          tunable: ['bias'],
        },
        {
          name: 'errors',
          size: CLASSES,
          model: 'ternary-lif',
          integrator: 'euler',
          resetTo: 'subtraction',
          tauMem: '1000000 s',
          vThreshold: 0.999 * QUANTUM,
          vThresholdLow: -0.999 * QUANTUM,
        },
        compartment('hidden-error', hidden),
        compartment('output-error', CLASSES),
      ],
      projections: [
        { name: 'pixels-hidden', pre: 'pixels', post: 'hidden', connect, weight: gaussian((realImages ? 0.4 : 0.5) / Math.sqrt(pixels)) },
        { name: 'hidden-output', pre: 'hidden', post: 'output', connect, weight: gaussian(1 / Math.sqrt(hidden)), rule: 'dfa' },
        { name: 'label-errors', pre: 'label', post: 'errors', connect: 'one-to-one', weight: 1 },
        { name: 'output-errors', pre: 'output', post: 'errors', connect: 'one-to-one', weight: -1 },
        { name: 'feedback', pre: 'errors', post: 'hidden-error', connect, weight: gaussian(1 / Math.sqrt(CLASSES)) },
        { name: 'output-feedback', pre: 'errors', post: 'output-error', connect: 'one-to-one', weight: 1 },
      ],
      probes: [{ spikes: 'output' }],
    },
    task: {
      kind: 'phased-classification',
      input: 'pixels',
      white: 1,
      answer: 'output',
      answerBy: 'spikes',
      plastic: 'pixels-hidden',
      rates: realImages ? { 'pixels-hidden': 2e-4, 'hidden-output': 1.25e-4 } : { 'pixels-hidden': 1e-3, 'hidden-output': 1e-3 },
      classes: CLASSES,
      phases: [
        {
          ticks: TICKS,
          window: WINDOW,
          from: 'rest',
          teach: { population: 'label', right: TARGET, wrong: 0 },
          learn: [
            {
              projection: 'pixels-hidden',
              modulator: 'error',
              factor: { of: 'hidden-error', what: 'v', open: { of: 'hidden', below: 0.9 } },
              scheduled: true,
            },
            { projection: 'hidden-output', modulator: 'error', factor: { of: 'output-error', what: 'v' }, scheduled: true },
          ],
        },
      ],
      epochs: epochs ?? (realImages ? 6 : 3),
      rateDecay: realImages ? 0.75 : 0.8,
      ...imageCounts(options),
    },
  };
};
