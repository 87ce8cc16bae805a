/**
 * Reads a task: every field typed and bounded, and every name in it held against the network and the rule that it will drive, so that a task
 * that cannot be done is refused before anything runs.
 */
import type { Locate, OptionsReader } from '../core/check-options.ts';
import { readOptions } from '../core/check-options.ts';
import type { Problem } from '../core/errors.ts';
import type { ContextualBandit, RewardClassification, SpikePattern, StdpWindow, Task } from './experiment.ts';
import { readAnomalyDetection } from './read-anomaly-detection.ts';
import { readConvolutional } from './read-convolution.ts';
import { readPhased } from './read-phases.ts';
import type { InnerFields, TaskSetting } from './task-fields.ts';
import {
  count,
  populationNamed,
  readModulator,
  readNames,
  readPauses,
  readPlastic,
  readPopulation,
  requirePools,
  requireRecorded,
} from './task-fields.ts';

const KINDS = [
  'reward-classification',
  'phased-classification',
  'convolutional-reward',
  'anomaly-detection',
  'contextual-bandit',
  'stdp-window',
] as const;

export function readTask(value: unknown, path: string, setting: TaskSetting, problems: Problem[], locate?: Locate): Task | undefined {
  const before = problems.length;
  const options = readOptions(value, path, problems, locate);
  const kind = options.choice('kind', KINDS, { noun: 'task' });
  // What the fields of a task should be depends on its kind: without one, nothing more can be said.
  if (problems.length > before) return undefined;
  const task = READERS[kind](options, setting, { problems, locate });
  options.finish();
  return problems.length > before ? undefined : task;
}

const READERS: { readonly [K in Task['kind']]: (options: OptionsReader, setting: TaskSetting, inner: InnerFields) => Task } = {
  'reward-classification': readClassification,
  'phased-classification': readPhased,
  'convolutional-reward': readConvolutional,
  'anomaly-detection': readAnomalyDetection,
  'contextual-bandit': readBandit,
  'stdp-window': readWindow,
};

function readClassification(options: OptionsReader, setting: TaskSetting): RewardClassification {
  const names = readNames(options, setting, 'poisson');
  const classes = options.number('classes', { integer: true, min: 2 });
  const ticks = options.number('ticks', count);
  const burnIn = options.number('burnIn', { integer: true, min: 0 });
  const spikesPerTick = options.number('spikesPerTick', { above: 0 });
  const epochs = options.number('epochs', count);
  const rewardScale = options.number('rewardScale', { above: 0, max: 1 });
  const rewardDecay = options.number('rewardDecay', { above: 0, max: 1 });
  const inner = options.object('homeostasis');
  const homeostasis = { step: inner.number('step', { min: 0 }), target: inner.number('target', { min: 0 }) };
  inner.finish();
  const trainImages = options.number('trainImages', count);
  const testImages = options.number('testImages', count);
  if (burnIn >= ticks) {
    options.reject('burnIn', { code: 'E-RANGE', message: `is ${burnIn}, but must be less than ticks, which is ${ticks}` });
  }
  requirePools(options, setting, names.answer, 'classes', classes);
  const population = populationNamed(setting, names.answer);
  if (population !== undefined && !population.tunable.includes('thresholdShift')) {
    options.reject('answer', {
      code: 'E-TASK',
      message: `is "${names.answer}", whose thresholdShift cannot be moved, as homeostasis does`,
      hint: 'give the population "thresholdShift": 0 and "tunable": ["thresholdShift"]',
    });
  }
  requireRecorded(options, setting, 'answer', names.answer);
  const after = readPauses(options);
  return {
    kind: 'reward-classification',
    ...names,
    modulator: readModulator(options, setting),
    classes,
    ticks,
    burnIn,
    spikesPerTick,
    epochs,
    rewardScale,
    rewardDecay,
    homeostasis,
    trainImages,
    testImages,
    ...(after === undefined ? {} : { after }),
  };
}

function readBandit(options: OptionsReader, setting: TaskSetting, inside: InnerFields): ContextualBandit {
  const hasPatterns = options.has('patterns');
  const names = readNames(options, setting, hasPatterns ? 'played' : 'poisson');
  const contexts = options.number('contexts', count);
  const actions = options.number('actions', count);
  const trials = options.number('trials', count);
  const scoredTrials = options.number('scoredTrials', count);
  if (scoredTrials > trials) {
    options.reject('scoredTrials', { code: 'E-RANGE', message: `is ${scoredTrials}, but there are only ${trials} trials` });
  }
  if (!hasPatterns && contexts > actions) {
    options.reject('contexts', {
      code: 'E-RANGE',
      message: `is ${contexts}, but action k is the right one in context k: there are ${actions}`,
    });
  }
  if (!hasPatterns) requirePools(options, setting, names.input, 'contexts', contexts);
  requirePools(options, setting, names.answer, 'actions', actions);
  const trialTicks = options.number('trialTicks', count);
  return {
    kind: 'contextual-bandit',
    ...names,
    modulator: readModulator(options, setting),
    contexts,
    actions,
    trials,
    scoredTrials,
    trialTicks,
    rewardDelayTicks: options.number('rewardDelayTicks', { integer: true, min: 0 }),
    ...(hasPatterns
      ? { patterns: readPatterns(options, inside, { contexts, actions, trialTicks, size: populationNamed(setting, names.input)?.size }) }
      : { rateOn: options.number('rateOn', { min: 0 }), rateOff: options.number('rateOff', { min: 0 }) }),
    expectationRate: options.number('expectationRate', { above: 0, max: 1 }),
    expectation: options.choice('expectation', ['context', 'global'], { default: 'context' }),
  };
}

/** One pattern per context, each with a spike for every neuron of the input. */
function readPatterns(
  options: OptionsReader,
  { problems, locate }: InnerFields,
  { contexts, actions, trialTicks, size }: { contexts: number; actions: number; trialTicks: number; size: number | undefined },
): SpikePattern[] {
  const patterns = options.list('patterns', (item, path): SpikePattern => {
    const inner = readOptions(item, path, problems, locate);
    const ticks = inner.list('ticks', (tick) => {
      if (Number.isInteger(tick) && Number(tick) >= 1 && Number(tick) <= trialTicks) return Number(tick);
      inner.reject('ticks', {
        code: 'E-RANGE',
        message: `has the tick ${JSON.stringify(tick)}; ticks are whole numbers from 1 to trialTicks, ${trialTicks}`,
      });
      return 1;
    });
    if (size !== undefined && ticks.length !== size) {
      inner.reject('ticks', {
        code: 'E-TASK',
        message: `has ${ticks.length} ticks, but the input has ${size} neurons, and each needs one`,
      });
    }
    const right = inner.number('right', { integer: true, min: 0, below: actions });
    inner.finish();
    return { ticks, right };
  });
  if (patterns.length !== contexts) {
    options.reject('patterns', {
      code: 'E-TASK',
      message: `has ${patterns.length} patterns, but there are ${contexts} contexts, one for each`,
    });
  }
  return patterns;
}

function readWindow(options: OptionsReader, setting: TaskSetting): StdpWindow {
  const input = readPopulation(options, setting, 'input', 'replay');
  const teacher = readPopulation(options, setting, 'teacher', 'replay');
  const plastic = readPlastic(options, setting);
  const deltaTicks = options.list(
    'deltaTicks',
    (item, path) => {
      if (Number.isSafeInteger(item)) return item as number;
      options.reject('deltaTicks', { code: 'E-TYPE', message: `needs whole numbers of ticks, not ${JSON.stringify(item)} (at ${path})` });
      return 0;
    },
    { minLength: 1 },
  );
  const repeats = options.number('repeats', count);
  const pairs = deltaTicks.length * repeats;
  const size = populationNamed(setting, input)?.size;
  if (size !== undefined && size !== pairs) {
    options.reject('repeats', {
      code: 'E-TASK',
      message: `is ${repeats}: ${deltaTicks.length} time differences need ${pairs} neurons in "${input}", which has ${size}`,
    });
  }
  return { kind: 'stdp-window', input, teacher, plastic, deltaTicks, repeats };
}
