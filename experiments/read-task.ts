/**
 * Reads a task: every field typed and bounded, and every name in it held against the network and the rule that it will drive, so that a task
 * that cannot be done is refused before anything runs.
 */
import type { Locate, OptionsReader } from '../core/check-options.ts';
import { readOptions } from '../core/check-options.ts';
import type { Problem } from '../core/errors.ts';
import type { Network, Population } from '../core/network/network.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import type { ContextualBandit, RewardClassification, StdpWindow, Task } from './experiment.ts';
import { readSpan } from './later.ts';
import { MAX_COUNT } from './task-counts.ts';

/** What a task is held against; absent when it could not be read itself. */
export interface TaskSetting {
  readonly network?: Network;
  readonly rule?: PlasticityRule;
}

const KINDS = ['reward-classification', 'contextual-bandit', 'stdp-window'] as const;

export function readTask(value: unknown, path: string, setting: TaskSetting, problems: Problem[], locate?: Locate): Task | undefined {
  const before = problems.length;
  const options = readOptions(value, path, problems, locate);
  const kind = options.choice('kind', KINDS, { noun: 'task' });
  // What the fields of a task should be depends on its kind: without one, nothing more can be said.
  if (problems.length > before) return undefined;
  const task = READERS[kind](options, setting);
  options.finish();
  return problems.length > before ? undefined : task;
}

const READERS: { readonly [K in Task['kind']]: (options: OptionsReader, setting: TaskSetting) => Task } = {
  'reward-classification': readClassification,
  'contextual-bandit': readBandit,
  'stdp-window': readWindow,
};

const count = { integer: true, min: 1, max: MAX_COUNT } as const;

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
  if (setting.network?.probes.every((probe) => probe.kind !== 'spikes' || probe.of !== names.answer)) {
    options.reject('answer', {
      code: 'E-TASK',
      message: `is "${names.answer}", whose spikes are not recorded, as the rasters need`,
      hint: `add { "spikes": "${names.answer}" } to the network's probes`,
    });
  }
  const after = options.list('after', (item, path) => readPause(item, path, options), { optional: true, minLength: 1 });
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

/** A pause as it was written; what is wrong with it stands at the list. */
function readPause(item: unknown, path: string, options: OptionsReader): string {
  const read = readSpan(item);
  if (typeof read !== 'number') options.reject('after', { code: 'E-UNIT', message: `${path} ${read.problem}` });
  return String(item);
}

function readBandit(options: OptionsReader, setting: TaskSetting): ContextualBandit {
  const names = readNames(options, setting, 'poisson');
  const contexts = options.number('contexts', count);
  const actions = options.number('actions', count);
  const trials = options.number('trials', count);
  const scoredTrials = options.number('scoredTrials', count);
  if (scoredTrials > trials) {
    options.reject('scoredTrials', { code: 'E-RANGE', message: `is ${scoredTrials}, but there are only ${trials} trials` });
  }
  if (contexts > actions) {
    options.reject('contexts', {
      code: 'E-RANGE',
      message: `is ${contexts}, but action k is the right one in context k: there are ${actions}`,
    });
  }
  requirePools(options, setting, names.input, 'contexts', contexts);
  requirePools(options, setting, names.answer, 'actions', actions);
  const rateOff = options.number('rateOff', { min: 0 });
  return {
    kind: 'contextual-bandit',
    ...names,
    modulator: readModulator(options, setting),
    contexts,
    actions,
    trials,
    scoredTrials,
    trialTicks: options.number('trialTicks', count),
    rewardDelayTicks: options.number('rewardDelayTicks', { integer: true, min: 0 }),
    rateOn: options.number('rateOn', { min: 0 }),
    rateOff,
    expectationRate: options.number('expectationRate', { above: 0, max: 1 }),
  };
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

function readNames(
  options: OptionsReader,
  setting: TaskSetting,
  source: 'poisson' | 'replay',
): { input: string; answer: string; plastic: string } {
  const input = readPopulation(options, setting, 'input', source);
  const answer = readPopulation(options, setting, 'answer');
  const plastic = readPlastic(options, setting);
  requireEnds(options, setting, plastic, input, answer);
  return { input, answer, plastic };
}

/** A population of the network: a source of the kind asked for, or neurons that spike by themselves. */
function readPopulation(options: OptionsReader, { network }: TaskSetting, key: string, source?: 'poisson' | 'replay'): string {
  if (network === undefined) return options.string(key);
  const wanted = network.populations.filter((population) => population.source?.kind === source);
  const noun = source === undefined ? 'population of neurons' : source === 'poisson' ? 'Poisson source' : 'replayed source';
  return options.choice(
    key,
    wanted.map(({ name }) => name),
    { noun },
  );
}

function readPlastic(options: OptionsReader, { network }: TaskSetting): string {
  if (network === undefined) return options.string('plastic');
  return options.choice(
    'plastic',
    network.projections.map(({ name }) => name),
    { noun: 'projection' },
  );
}

/** The plastic projection has to run from the input to the population that answers: the modulator has a value for each of its neurons. */
function requireEnds(options: OptionsReader, { network }: TaskSetting, plastic: string, input: string, answer: string): void {
  const projection = network?.projections.find(({ name }) => name === plastic);
  if (projection === undefined || (projection.pre === input && projection.post === answer)) return;
  options.reject('plastic', {
    code: 'E-TASK',
    message: `is "${plastic}", which runs from "${projection.pre}" to "${projection.post}", but the task needs one from "${input}" to "${answer}"`,
  });
}

function readModulator(options: OptionsReader, { rule }: TaskSetting): string {
  const modulator = options.string('modulator');
  if (rule === undefined || Object.hasOwn(rule.modulators, modulator)) return modulator;
  const known = Object.keys(rule.modulators);
  options.reject('modulator', {
    code: 'E-TASK',
    message: `is "${modulator}", but rule ${rule.name} has ${known.length === 0 ? 'no modulators' : `only ${known.join(', ')}`}`,
    hint: `choose a rule with a modulator "${modulator}" (see: hillock rules), or another task`,
    got: modulator,
  });
  return modulator;
}

function requirePools(options: OptionsReader, setting: TaskSetting, population: string, key: string, pools: number): void {
  const size = populationNamed(setting, population)?.size;
  if (size === undefined || !(pools >= 1) || size % pools === 0) return;
  options.reject(key, {
    code: 'E-TASK',
    message: `is ${pools}, but the ${size} neurons of "${population}" cannot be parted into ${pools} equal pools`,
  });
}

function populationNamed({ network }: TaskSetting, name: string): Population | undefined {
  return network?.populations.find((population) => population.name === name);
}
