/**
 * Predictive coding without labels (core/plasticity/library/predictive-coding.ts): latent values predict every pixel; an error neuron of both signs per
 * pixel carries prediction less pixel, moves the latent values through the negative transpose of the predictions, and is what every synapse learns from.
 *
 * A spike of an error neuron stands for the whole range of a pixel, so no error is cut off, and everything that is asked of the network is a count of its
 * spikes. Ticks, step and learning rate were chosen on generated training images beyond the first 1,500, with digits among them held out; test images
 * were not looked at. A step of 0.05 and 120 ticks with half the step gave the same area within 0.002, 16 latent values in place of 24 the same, a
 * quantum of 0.5 or 0.25 two and three points more on the ideal chip, but then errors above it are cut off and pictures cannot be read from spikes.
 * For images of a folder the step and the first weights were chosen on the last 2,000 training images of MNIST: twelve times the pixels push a latent
 * value twelve times as far, and with the step of generated digits it overshoots.
 */
import type { Experiment } from 'hillock';
import type { CircuitOptions } from './circuit.ts';
import { CLASSES, imageCounts, pixelNeurons, spreadOver } from './circuit.ts';

const TICKS = 80;
const WINDOW = 40;
/** How far an error spike moves a latent value, times the weight of its prediction; the deviation of the first weights; latent values. */
const DESIGN = {
  generated: { step: 0.03, deviation: 0.2, latents: 24 },
  images: { step: 0.01, deviation: 0.05, latents: 64 },
} as const;
/** Learning rate per product of an activity and an error, each a mean over the window. */
const RATE = 0.05 / WINDOW;
/** Predictions of a pixel stay between minus and plus white. */
const LIMIT = 1;

export const generativeCodingCircuit = (options: CircuitOptions): Pick<Experiment, 'network' | 'task' | 'summary'> => {
  const { pixels, realImages, hidden, train, test, epochs } = options;
  const { step, deviation, ...design } = realImages ? DESIGN.images : DESIGN.generated;
  const latents = hidden ?? design.latents;
  const connect = 'all-to-all';
  return {
    summary: `${latents} latent values predict ${pixels} pixels; one class is held out, and error spikes are the score`,
    network: {
      dt: '1 ms',
      precision: 'f32',
      populations: [
        pixelNeurons(pixels, 1),
        {
          name: 'latent',
          size: latents,
          model: 'rate-if',
          integrator: 'euler',
          dynamics: 'integrating',
          tauMem: '1 ms',
          vThreshold: 1,
          floor: 0,
          ceiling: 1,
          vInitial: 0.2,
          phaseInitial: spreadOver(latents, 1),
          bias: 0,
          tunable: ['bias'],
        },
        {
          name: 'error',
          size: pixels,
          model: 'rate-if',
          integrator: 'euler',
          spikes: 'signed',
          tauMem: '5 ms',
          vThreshold: 1,
          floor: -3,
          ceiling: 3,
        },
      ],
      projections: [
        { name: 'predictions', pre: 'latent', post: 'error', connect, weight: { normal: { mean: 0, sd: deviation } } },
        {
          name: 'feedback',
          pre: 'error',
          post: 'latent',
          connect,
          weight: { transposeOf: 'predictions', times: -step },
          rule: 'pc-feedback',
        },
        { name: 'pixels-error', pre: 'pixels', post: 'error', connect: 'one-to-one', weight: -1 },
      ],
      probes: [{ spikes: 'error' }],
    },
    task: {
      kind: 'anomaly-detection',
      input: 'pixels',
      white: 1,
      latent: 'latent',
      hold: 2,
      error: 'error',
      quantum: 1,
      plastic: 'predictions',
      // a trace of signed spikes gathers half of what they carry
      rates: { predictions: RATE, feedback: 2 * RATE * step },
      limits: { predictions: LIMIT, feedback: LIMIT * step },
      classes: CLASSES,
      heldOut: 'by-seed',
      ticks: TICKS,
      window: WINDOW,
      learn: [
        { projection: 'predictions', modulator: 'error', factor: { of: 'error', what: 'sent' }, scheduled: true },
        { projection: 'feedback', modulator: 'activity', factor: { of: 'latent', what: 'spikes' }, scheduled: true },
      ],
      epochs: epochs ?? 2,
      rateDecay: 1,
      ...imageCounts({ ...options, train: train ?? (realImages ? 10_000 : 1500), test: test ?? 1000 }),
    },
  };
};
