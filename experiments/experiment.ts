/**
 * What an experiment is: a network as a person writes it, and a task to put it through. Plain data, so a scenario in code and an
 * `experiment.json` are the same thing, and so it can be hashed, stored and repeated.
 */
import type { ActivationName } from './teacher/activations.ts';

/** Reward-only classification: the network acts, is told right or wrong, and nothing else. */
export interface RewardClassification {
  readonly kind: 'reward-classification';
  /** Poisson source whose size is the number of pixels. */
  readonly input: string;
  /** Population whose neurons vote for classes: pools of equal size, in the order of the classes. */
  readonly answer: string;
  /** Plastic projection, and its modulator that carries the reward. */
  readonly plastic: string;
  readonly modulator: string;
  readonly classes: number;
  /** Ticks per image, and how many of them at the start neither learn nor count. */
  readonly ticks: number;
  readonly burnIn: number;
  /** Mean number of input spikes per tick, the same for every image. */
  readonly spikesPerTick: number;
  readonly epochs: number;
  /** The modulator is the reward prediction error times rewardScale·rewardDecay^epoch: a learning rate that falls. */
  readonly rewardScale: number;
  readonly rewardDecay: number;
  /** Each pool's `thresholdShift` moves by step × (its spikes - target) after a training image. */
  readonly homeostasis: { readonly step: number; readonly target: number };
  readonly trainImages: number;
  readonly testImages: number;
  /** Pauses after training after which the test images are shown again, e.g. `1 h`. */
  readonly after?: readonly string[];
}

/** What a phase tells a population of the right answer, through the `bias` of its neurons (one per class). */
export type Teaching =
  /** A constant for the neuron of the class, another for all others. */
  | { readonly population: string; readonly right: number; readonly wrong: number }
  /** `nudge` times what the neuron's value lacked at the end of the first phase: target 1 for the class and 0 for others, less clip(v, 0, 1). */
  | { readonly population: string; readonly nudge: number };

/** A third factor, one number per post neuron of a projection, taken at the end of a window from neurons that stand beside them one to one. */
export interface ThirdFactor {
  readonly of: string;
  /** `spikes` in the window, or a state variable that gathers in it (it starts the window at 0); either is divided by the ticks of the window. */
  readonly what: string;
  /** Multiplies it; 1 unless given. */
  readonly times?: number;
  /** Only where these neurons, one per post neuron, could follow: they spiked in the window, and in less than this share of its ticks. */
  readonly open?: { readonly of: string; readonly below: number };
}

/** A modulator sent to a projection at the end of a phase. */
export interface LearnStep {
  readonly projection: string;
  readonly modulator: string;
  /** A number is the same for all. */
  readonly factor: number | ThirdFactor;
  /** The learning rate that falls from epoch to epoch multiplies this step. */
  readonly scheduled?: boolean;
}

export interface Phase {
  readonly ticks: number;
  /** Ticks at its end in which spikes are counted and traces gather. */
  readonly window: number;
  /** `rest`: everything starts again. `last`: time goes on. `first`: from the neurons' state at the end of the first phase. */
  readonly from: 'rest' | 'last' | 'first';
  readonly teach?: Teaching;
  readonly learn?: readonly LearnStep[];
}

/** A projection as a layer of rate neurons. */
export interface TeacherLayer {
  /** From all to all. It may end on neurons that stand beside those of the layer one to one. */
  readonly projection: string;
  /** What is added to the weighted rates, beside them. */
  readonly bias: number;
}

/**
 * How a layered rate network maps to the circuit, so that it can be trained off line by back-propagation and its weights put on the chip: layer by
 * layer, rate = f(Σ w · rate below + bias) in spikes per tick, and the last layer without f.
 */
export interface Pretraining {
  /** From the input to the classes. */
  readonly layers: readonly TeacherLayer[];
  /** f of all layers but the last. */
  readonly activation: ActivationName;
  /** Spikes per tick of a white pixel; samples that are spikes have rates of their own. */
  readonly white: number;
  /** What is asked of the last layer at the class; 0 is asked of all others. */
  readonly target: number;
  /** Passes of back-propagation through the training images; absent for a circuit that begins with its own weights. */
  readonly epochs?: number;
}

/**
 * Supervised classification by a network that learns in phases, each the tick count of a clock. The first phase reads an image, in training and in
 * testing; in training the others follow, and what is to be learned is sent at the end of a phase.
 */
export interface PhasedClassification {
  readonly kind: 'phased-classification';
  /** Population with one neuron per pixel: a Poisson source, or neurons whose `bias` is tunable. */
  readonly input: string;
  /** Of a white pixel: spikes per tick of a Poisson source, or the bias. */
  readonly white: number;
  /** One neuron per class; the answer is the one with most spikes in the window of the first phase, or with the highest value at its end. */
  readonly answer: string;
  readonly answerBy: 'spikes' | 'value';
  /** The projection that figures of the report show, and that takes the rule of the experiment; others have their own in the network. */
  readonly plastic: string;
  /** Parameter `rate` of the rule on each projection, where it is not the rule's own. */
  readonly rates: Readonly<Record<string, number>>;
  /** Weights of a projection stay between minus and plus this, in place of its rule's bounds: what a chip's levels are spread over. */
  readonly limits?: Readonly<Record<string, number>>;
  /** The layered rate network that the circuit stands for, where there is one. */
  readonly pretrain?: Pretraining;
  readonly classes: number;
  readonly phases: readonly Phase[];
  readonly epochs: number;
  /** Scheduled steps are multiplied by rateDecay^epoch. */
  readonly rateDecay: number;
  readonly trainImages: number;
  readonly testImages: number;
  readonly after?: readonly string[];
}

/** A stage of features that learn by themselves, by the STDP of winners. */
export interface FeatureStage {
  /** From a patch of inputs, [side][side][maps], to the features, all to all: its weights are the kernels. */
  readonly projection: string;
  /** Modulator of its rule that tells the winner, with the learning rate. */
  readonly modulator: string;
  /** Side of the kernels, and how far they reach over the edge of the map. */
  readonly side: number;
  readonly padding: number;
  /** Potential at which a feature spikes. */
  readonly threshold: number;
  /** Features that learn from one image at most, and within how many rows and columns of each only one does. */
  readonly winners: number;
  readonly apart: number;
  /** Side of the squares of which the first spike is handed on. */
  readonly pool: number;
  /** Images from which the stage learns. */
  readonly images: number;
  /** The learning rate at the beginning; it doubles every `doubling` images up to `rateLimit`. */
  readonly rate: number;
  readonly rateLimit: number;
  readonly doubling: number;
}

/** How an image becomes first spikes of contrast cells. */
export interface ContrastCells {
  readonly rows: number;
  readonly columns: number;
  /** Odd widths of the filters in pixels; each is used in both signs. The narrow Gaussian has a ninth of it as its deviation, the wide one two. */
  readonly filters: readonly number[];
  /** Contrasts below this, of 255, are no spikes. */
  readonly contrast: number;
  /** Contrasts are divided by the mean in a square that reaches so many pixels to each side. */
  readonly neighbourhood: number;
  /** Ticks in which they spike. */
  readonly bins: number;
}

/** Convolutional classification from a reward alone: contrast cells, stages of features, and a last stage that covers what is left and answers. */
export interface ConvolutionalReward extends ContrastCells {
  readonly kind: 'convolutional-reward';
  readonly stages: readonly FeatureStage[];
  /** Played source, one neuron per place and map of the last stage's pooled spikes. */
  readonly input: string;
  /** Neurons that answer by their potential: so many per class, in the order of the classes. */
  readonly answer: string;
  readonly plastic: string;
  readonly modulator: string;
  readonly classes: number;
  /** Share of the answering neurons that an image in training does not find listening. */
  readonly silenced: number;
  /**
   * Reward that is expected of an answer: the network's `confidence` 1/(1 + exp(-lead/temperature)), from the lead of the answer over the best of
   * another class, or the mean reward of the last full thousand answers (`recent`, as published).
   */
  readonly expectation: 'confidence' | 'recent';
  readonly temperature: number;
  readonly epochs: number;
  /** The modulator is multiplied by rateDecay^epoch. */
  readonly rateDecay: number;
  readonly trainImages: number;
  readonly testImages: number;
  readonly after?: readonly string[];
}

/**
 * Anomaly detection without labels: latent values predict every pixel, neurons of both signs send what a prediction misses, and how many spikes they
 * send for an image says how unlike it is to those learned from. One class is held out of training; the score is how well its images are told from others.
 */
export interface AnomalyDetection {
  readonly kind: 'anomaly-detection';
  /** Population with one neuron per pixel: a Poisson source, or neurons whose `bias` is tunable. */
  readonly input: string;
  /** Of a white pixel: spikes per tick of a Poisson source, or the bias. */
  readonly white: number;
  /** Values that predict. While the network dreams, their `bias` holds one of them at `hold` and the others at minus that. */
  readonly latent: string;
  readonly hold: number;
  /** Signed neurons, one per pixel: prediction less pixel. */
  readonly error: string;
  /** What one spike of theirs in a tick stands for, as a share of a white pixel. */
  readonly quantum: number;
  /** From the latent values to the errors: the predictions. */
  readonly plastic: string;
  /** Parameter `rate` of the rule on each projection, and the largest size of its weights, as in a task in phases. */
  readonly rates: Readonly<Record<string, number>>;
  readonly limits?: Readonly<Record<string, number>>;
  readonly classes: number;
  /** The class that is never trained on; with `by-seed` it is the seed of the run modulo the classes. */
  readonly heldOut: number | 'by-seed';
  /** Ticks per image, and those at the end in which error spikes are counted and traces gather. */
  readonly ticks: number;
  readonly window: number;
  readonly learn: readonly LearnStep[];
  readonly epochs: number;
  /** Scheduled steps are multiplied by rateDecay^epoch. */
  readonly rateDecay: number;
  readonly trainImages: number;
  readonly testImages: number;
  readonly after?: readonly string[];
}

/** Contextual bandit: one context at a time, one action of which is rewarded, the reward after a delay. */
export interface ContextualBandit {
  readonly kind: 'contextual-bandit';
  readonly input: string;
  readonly answer: string;
  readonly plastic: string;
  readonly modulator: string;
  readonly contexts: number;
  readonly actions: number;
  readonly trials: number;
  /** Accuracy is the share of rewarded trials among the last ones. */
  readonly scoredTrials: number;
  readonly trialTicks: number;
  /** Ticks between the action and its reward. */
  readonly rewardDelayTicks: number;
  /** How a context shows: a share of the inputs fires faster (Hz), and action k is right in context k; or each context is a pattern of spikes. */
  readonly rateOn?: number;
  readonly rateOff?: number;
  readonly patterns?: readonly SpikePattern[];
  /** Share by which the expected reward follows the rewards. */
  readonly expectationRate: number;
  /** One expectation for each context, unless it is one for all. */
  readonly expectation?: 'context' | 'global';
}

/** A spike for each neuron of a played source. */
export interface SpikePattern {
  /** [size] ticks from the start of the trial, from 1 */
  readonly ticks: readonly number[];
  /** The action that is rewarded. */
  readonly right: number;
}

/** Weight change of one spike pair against its time difference. */
export interface StdpWindow {
  readonly kind: 'stdp-window';
  /** Replayed sources of the pre-synaptic and of the teaching spikes, one neuron per pair. */
  readonly input: string;
  readonly teacher: string;
  readonly plastic: string;
  /** Time differences post - pre in ticks. */
  readonly deltaTicks: readonly number[];
  readonly repeats: number;
}

/** Tasks that answer each image with a class. */
export type ClassificationTask = RewardClassification | PhasedClassification | ConvolutionalReward;

/** Tasks that read images. */
export type ImageTask = ClassificationTask | AnomalyDetection;

export type Task = ImageTask | ContextualBandit | StdpWindow;

const CLASSIFICATIONS: readonly Task['kind'][] = ['reward-classification', 'phased-classification', 'convolutional-reward'];

export const classifies = (task: Task): task is ClassificationTask => CLASSIFICATIONS.includes(task.kind);

export const readsImages = (task: Task): task is ImageTask => classifies(task) || task.kind === 'anomaly-detection';

/** What a task is trained with before it comes to the chip; undefined for nothing. */
export function pretrainingOf(task: Task): Required<Pretraining> | undefined {
  const pretrain = task.kind === 'phased-classification' ? task.pretrain : undefined;
  return pretrain?.epochs === undefined ? undefined : { ...pretrain, epochs: pretrain.epochs };
}

export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** One sentence for lists and reports. */
  readonly summary: string;
  readonly task: Task;
  /** As `core/network/read-network.ts` reads it, without the seed. */
  readonly network: Readonly<Record<string, unknown>>;
}
