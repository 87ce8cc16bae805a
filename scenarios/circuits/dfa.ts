/**
 * Direct feedback alignment (core/plasticity/library/dfa.ts): pixels → hidden → output, all leaky integrate-and-fire; the label and the output meet
 * in error neurons of both signs, whose spikes go through fixed random weights to a compartment beside every hidden neuron. Its relatives differ in
 * the way back alone: by the signs of the weights (sign-symmetric), from the label instead of the error (drtp), or layer by layer through two hidden
 * layers, where the error neurons of the second stand between (fa).
 */
import type { LearnStep, TeacherLayer } from 'hillock';
import type { Circuit } from './circuit.ts';
import { CLASSES, compartment, hiddenSize, imageCounts, inputNeurons, layeredTask } from './circuit.ts';

/** Ticks before the window, in which what was there before dies away. */
const BURN_IN = 10;
const TICKS = 50;
/** Ticks per spike of a white pixel. */
const WHITE_TICKS = 2;
/** Spikes per tick that the output neuron of the class is asked for. */
const TARGET = 0.5;
/** Error spikes are sent when this much has gathered. */
const QUANTUM = 0.5;

/** Learning rates; the more spikes reach a neuron in a sample, the lower. */
const RATES = {
  generated: { 'pixels-hidden': 1e-3, 'hidden-output': 1e-3 },
  images: { 'pixels-hidden': 2e-4, 'hidden-output': 1.25e-4 },
  events: { 'pixels-hidden': 1e-3, 'hidden-output': 2.5e-4 },
} as const;

/**
 * What the weights need, so that the levels of a chip are spread over no more: where a change is rounded to a level at random, the weights wander by that
 * level. Of many images half a percent of the weights from pixels would pass 0.125, and nothing is lost without; those to the answer spread by 0.05.
 */
const LIMITS = {
  generated: { 'pixels-hidden': 0.5, 'hidden-output': 0.7 },
  images: { 'pixels-hidden': 0.125, 'hidden-output': 0.125 },
} as const;

/** How generated digits are learned by errors that come straight from the output. */
const STRAIGHT = { epochs: 3, rates: RATES.generated };
/** In layers, or without an error, weights stand later: 0.94 and 0.96 after three epochs, 0.98 and 0.97 after ten. */
const ROUNDABOUT = { ...STRAIGHT, epochs: 10 };

/** Share of the membrane that leaks in a tick, 1 - exp(-dt/tauMem). */
const LEAK = 0.1;

/**
 * As a rate neuron. With soft reset the membrane y after the spike of a tick is (1 - LEAK)·y before, plus the drive u, less a threshold of 1 per spike;
 * on average nothing is gained, so u = rate + LEAK·mean(y). Of a neuron that fires, y is spread over 0 … 1: rate = u - LEAK/2, between none and one per tick.
 */
const asRate = (projection: string): TeacherLayer => ({ projection, bias: -LEAK / 2 });

const layer = (name: string, size: number): object => ({
  name,
  size,
  model: 'lif',
  tauMem: '9.5 ms',
  vThreshold: 1,
  resetTo: 'subtraction',
  floor: -2,
});

const gaussian = (sd: number): object => ({ normal: { mean: 0, sd } });

/** The way by which errors reach the hidden neurons. */
interface WayBack {
  readonly from: 'errors' | 'label';
  /** Of the projection that begins there. */
  readonly weight: object;
  /** A second hidden layer, which the error passes before it comes to the first. */
  readonly deeper?: boolean;
  readonly generated?: { readonly epochs: number; readonly rates: Readonly<Record<string, number>> };
  readonly words: string;
}

const RANDOM = gaussian(1 / Math.sqrt(CLASSES));

/** Neurons of both signs that pass errors on in quanta. */
const errorNeurons = (name: string, size: number): object => ({
  name,
  size,
  model: 'ternary-lif',
  integrator: 'euler',
  resetTo: 'subtraction',
  tauMem: '1000000 s',
  vThreshold: 0.999 * QUANTUM,
  vThresholdLow: -0.999 * QUANTUM,
});

/** What a hidden layer is sent at the end: the sum in its compartments, where its neurons could follow. */
const hiddenStep = (projection: string, layer: string): LearnStep => ({
  projection,
  modulator: 'error',
  factor: { of: `${layer}-error`, what: 'v', open: { of: layer, below: 0.9 } },
  scheduled: true,
});

const DEEPER = 'deeper';

/** A second hidden layer; the error comes to it through `back`, and on to the first through weights of their own. */
function deeperLayer(size: number, { from, weight }: WayBack) {
  const [connect, relay, beside] = ['all-to-all', `${DEEPER}-relay`, `${DEEPER}-error`];
  return {
    populations: [layer(DEEPER, size), errorNeurons(relay, size), compartment(beside, size)],
    forward: [{ name: 'hidden-deeper', pre: 'hidden', post: DEEPER, connect, weight: gaussian(1 / Math.sqrt(size)), rule: 'dfa' }],
    back: [
      { name: 'feedback', pre: from, post: relay, connect, weight },
      { name: 'relay-deeper', pre: relay, post: beside, connect: 'one-to-one', weight: QUANTUM },
      { name: 'relay-hidden', pre: relay, post: 'hidden-error', connect, weight: gaussian(QUANTUM / Math.sqrt(size)) },
    ],
    learn: [hiddenStep('hidden-deeper', DEEPER)],
  };
}

const feedbackCircuit =
  (back: WayBack): Circuit =>
  (options) => {
    const { pixels, realImages, epochs, ticks = TICKS } = options;
    const isEvents = options.ticks !== undefined;
    const hidden = hiddenSize(options);
    const [connect, beside] = ['all-to-all', 'one-to-one'];
    const generated = back.generated ?? STRAIGHT;
    const rates: Readonly<Record<string, number>> = isEvents ? RATES.events : realImages ? RATES.images : generated.rates;
    const limits = isEvents || !realImages ? LIMITS.generated : LIMITS.images;
    const deeper = back.deeper === true ? deeperLayer(hidden, back) : undefined;
    return {
      summary: `${pixels} inputs, ${hidden} hidden neurons, 10 outputs; ${back.words}`,
      network: {
        dt: '1 ms',
        precision: 'f32',
        populations: [
          inputNeurons(options, WHITE_TICKS),
          layer('hidden', hidden),
          layer('output', CLASSES),
          ...(deeper?.populations ?? []),
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
          errorNeurons('errors', CLASSES),
          compartment('hidden-error', hidden),
          compartment('output-error', CLASSES),
        ],
        projections: [
          { name: 'pixels-hidden', pre: 'pixels', post: 'hidden', connect, weight: gaussian((realImages ? 0.8 : 0.5) / Math.sqrt(pixels)) },
          ...(deeper?.forward ?? []),
          {
            name: 'hidden-output',
            pre: deeper === undefined ? 'hidden' : DEEPER,
            post: 'output',
            connect,
            weight: gaussian(1 / Math.sqrt(hidden)),
            rule: 'dfa',
          },
          { name: 'label-errors', pre: 'label', post: 'errors', connect: beside, weight: 1 },
          { name: 'output-errors', pre: 'output', post: 'errors', connect: beside, weight: -1 },
          ...(deeper?.back ?? [{ name: 'feedback', pre: back.from, post: 'hidden-error', connect, weight: back.weight }]),
          { name: 'output-feedback', pre: 'errors', post: 'output-error', connect: beside, weight: 1 },
        ],
        probes: [{ spikes: 'output' }],
      },
      task: {
        ...layeredTask,
        answerBy: 'spikes',
        rates: deeper === undefined ? rates : { ...rates, 'hidden-deeper': rates['hidden-output'] },
        limits: deeper === undefined ? limits : { ...limits, 'hidden-deeper': limits['hidden-output'] },
        pretrain: {
          layers: ['pixels-hidden', ...(deeper === undefined ? [] : ['hidden-deeper']), 'hidden-output'].map(asRate),
          activation: 'clipped-relu',
          white: 1 / WHITE_TICKS,
          target: TARGET,
        },
        phases: [
          {
            ticks,
            window: ticks - BURN_IN,
            from: 'rest',
            teach: { population: 'label', right: TARGET, wrong: 0 },
            learn: [
              hiddenStep('pixels-hidden', 'hidden'),
              ...(deeper?.learn ?? []),
              { projection: 'hidden-output', modulator: 'error', factor: { of: 'output-error', what: 'v' }, scheduled: true },
            ],
          },
        ],
        epochs: epochs ?? (isEvents ? 10 : realImages ? 12 : generated.epochs),
        rateDecay: isEvents ? 0.9 : 0.8,
        ...imageCounts(options),
      },
    };
  };

export const dfaCircuit = feedbackCircuit({ from: 'errors', weight: RANDOM, words: 'errors come back through fixed random weights' });

export const feedbackAlignmentCircuit = feedbackCircuit({
  from: 'errors',
  weight: RANDOM,
  deeper: true,
  generated: ROUNDABOUT,
  words: 'twice over; errors come back layer by layer, through fixed random weights',
});

export const signSymmetricCircuit = feedbackCircuit({
  from: 'errors',
  weight: { transposeOf: 'hidden-output', signs: true, times: 1 / Math.sqrt(CLASSES) },
  words: 'errors come back by the signs that the weights began with',
});

export const targetProjectionCircuit = feedbackCircuit({
  from: 'label',
  weight: RANDOM,
  generated: { ...ROUNDABOUT, rates: { ...RATES.generated, 'hidden-output': 5e-4 } },
  words: 'the label comes to the hidden neurons through fixed random weights',
});
