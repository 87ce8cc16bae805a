/**
 * What an experiment is: a network as a person writes it, and a task to put it through. Plain data, so a scenario in code and an
 * `experiment.json` are the same thing, and so it can be hashed, stored and repeated.
 */

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

/** Contextual bandit: one context line active, one action pool rewarded, reward after a delay. */
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
  /** Hz */
  readonly rateOn: number;
  readonly rateOff: number;
  /** Share by which the expected reward of a context follows the rewards. */
  readonly expectationRate: number;
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

export type Task = RewardClassification | ContextualBandit | StdpWindow;

export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** One sentence for lists and reports. */
  readonly summary: string;
  readonly task: Task;
  /** As `core/network/read-network.ts` reads it, without the seed. */
  readonly network: Readonly<Record<string, unknown>>;
}
