/** Reads a task that learns in phases: every population, projection and modulator named in it has to be there, and of the right size. */
import type { OptionsReader } from '../core/check-options.ts';
import { readOptions } from '../core/check-options.ts';
import type { Population, Projection } from '../core/network/network.ts';
import type { LearnStep, Phase, PhasedClassification, Teaching, ThirdFactor } from './experiment.ts';
import { readPretraining } from './read-pretraining.ts';
import type { InnerFields, TaskSetting } from './task-fields.ts';
import { count, populationNamed, readPauses, requireRecorded } from './task-fields.ts';

export const share = { above: 0, max: 1 } as const;

/** What the parts of a task are read with. */
export interface Reading extends InnerFields {
  readonly setting: TaskSetting;
}

/** Of a classification. */
interface PhaseReading extends Reading {
  readonly classes: number;
}

export function readPhased(options: OptionsReader, setting: TaskSetting, inside: InnerFields): PhasedClassification {
  const { network } = setting;
  const populations = network?.populations ?? [];
  const input = named(options, 'input', populations, 'population');
  const source = populationNamed(setting, input)?.source;
  if (network !== undefined && source?.kind !== 'poisson' && source?.kind !== 'played') requireBias(options, 'input', setting, input);
  const white = options.number('white', { above: 0 });
  const answer = named(
    options,
    'answer',
    populations.filter(({ source: spikes }) => spikes === undefined),
    'population of neurons',
  );
  const answerBy = options.choice('answerBy', ['spikes', 'value'], { default: 'spikes' });
  const projections = network?.projections ?? [];
  const plastic = named(options, 'plastic', projections, 'projection');
  const classes = options.number('classes', { integer: true, min: 2 });
  requireSize(options, 'answer', setting, answer, classes);
  requireRecorded(options, setting, 'answer', answer);
  const rates = readNumbers(options, 'rates', network?.projections);
  const limits = readNumbers(options, 'limits', network?.projections);
  const pretrain = readPretraining(options, setting, inside, { input, classes });
  const reading = { ...inside, setting, classes };
  const phases = options.list('phases', (item, path) => readPhase(item, path, reading), { minLength: 1 });
  if (phases[0]?.from !== undefined && phases[0].from !== 'rest') {
    options.reject('phases', {
      code: 'E-TASK',
      message: `begins from "${phases[0].from}", but the first phase of an image begins from rest`,
    });
  }
  const after = readPauses(options);
  return {
    kind: 'phased-classification',
    input,
    white,
    answer,
    answerBy,
    plastic,
    rates: rates ?? {},
    ...(limits === undefined ? {} : { limits }),
    ...(pretrain === undefined ? {} : { pretrain }),
    classes,
    phases,
    epochs: options.number('epochs', count),
    rateDecay: options.number('rateDecay', share),
    trainImages: options.number('trainImages', count),
    testImages: options.number('testImages', count),
    ...(after === undefined ? {} : { after }),
  };
}

/** A positive number for some of the projections. */
export function readNumbers(
  options: OptionsReader,
  key: 'rates' | 'limits',
  projections?: readonly Projection[],
): Record<string, number> | undefined {
  const inner = options.object(key, { optional: true });
  if (inner === undefined) return undefined;
  const numbers = Object.fromEntries(inner.keys.map((name) => [name, inner.number(name, { above: 0 })]));
  inner.finish();
  for (const name of inner.keys) {
    if (projections === undefined || projections.some((one) => one.name === name)) continue;
    options.reject(key, { code: 'E-TASK', message: `names "${name}", but the network has no projection of that name`, got: name });
  }
  return numbers;
}

function readPhase(item: unknown, path: string, reading: PhaseReading): Phase {
  const options = readOptions(item, path, reading.problems, reading.locate);
  const ticks = options.number('ticks', count);
  const window = options.number('window', count);
  if (window > ticks)
    options.reject('window', { code: 'E-RANGE', message: `is ${window}, but must not be more than ticks, which is ${ticks}` });
  const from = options.choice('from', ['rest', 'last', 'first']);
  const teach = options.raw('teach');
  const learn = options.list('learn', (step, at) => readStep(step, at, reading), { optional: true, minLength: 1 });
  options.finish();
  return {
    ticks,
    window,
    from,
    ...(teach === undefined ? {} : { teach: readTeaching(teach, `${path}.teach`, reading) }),
    ...(learn === undefined ? {} : { learn }),
  };
}

function readTeaching(item: unknown, path: string, { setting, classes, problems, locate }: PhaseReading): Teaching {
  const options = readOptions(item, path, problems, locate);
  const population = named(options, 'population', setting.network?.populations ?? [], 'population');
  requireBias(options, 'population', setting, population);
  requireSize(options, 'population', setting, population, classes);
  const teaching = options.has('nudge')
    ? { population, nudge: options.number('nudge') }
    : { population, right: options.number('right'), wrong: options.number('wrong') };
  options.finish();
  return teaching;
}

export function readStep(item: unknown, path: string, reading: Reading): LearnStep {
  const { network, rule } = reading.setting;
  const options = readOptions(item, path, reading.problems, reading.locate);
  const projection = named(options, 'projection', network?.projections ?? [], 'projection');
  const found = network?.projections.find(({ name }) => name === projection);
  const modulator = options.string('modulator');
  const known = (found?.rule ?? rule)?.modulators;
  const spec = known?.[modulator];
  const given = options.raw('factor');
  const isNumber = typeof given === 'number' && Number.isFinite(given);
  // a number goes to every neuron or to the whole projection; what differs between neurons needs a value for each
  const takesIt = spec !== undefined && (isNumber || spec.per === 'post');
  if (known !== undefined && !takesIt) {
    const names = Object.entries(known).flatMap(([name, { per }]) => (per === 'post' ? [name] : []));
    options.reject('modulator', {
      code: 'E-TASK',
      message: `is "${modulator}", but the rule on "${projection}" has ${names.length === 0 ? 'no modulator with a value per post neuron' : `only ${names.join(', ')} with a value per post neuron`}`,
      got: modulator,
    });
  }
  const factor = isNumber ? given : readFactor(given, `${path}.factor`, found, reading);
  const scheduled = options.boolean('scheduled', { default: false });
  options.finish();
  return { projection, modulator, factor, ...(scheduled ? { scheduled } : {}) };
}

function readFactor(item: unknown, path: string, projection: Projection | undefined, { setting, problems, locate }: Reading): ThirdFactor {
  const options = readOptions(item, path, problems, locate);
  const populations = setting.network?.populations ?? [];
  const size = projection && populationNamed(setting, projection.post)?.size;
  const of = named(options, 'of', populations, 'population');
  requireSize(options, 'of', setting, of, size);
  const state = Object.keys(populationNamed(setting, of)?.model.state ?? {});
  const what = setting.network === undefined ? options.string('what') : options.choice('what', ['spikes', ...state], { noun: 'quantity' });
  const times = options.number('times', { optional: true });
  const inner = options.object('open', { optional: true });
  const open = inner && { of: named(inner, 'of', populations, 'population'), below: inner.number('below', share) };
  if (inner !== undefined && open !== undefined) requireSize(inner, 'of', setting, open.of, size);
  inner?.finish();
  options.finish();
  return { of, what, ...(times === undefined ? {} : { times }), ...(open === undefined ? {} : { open }) };
}

export function named(options: OptionsReader, key: string, list: readonly { readonly name: string }[], noun: string): string {
  if (list.length === 0) return options.string(key);
  return options.choice(
    key,
    list.map(({ name }) => name),
    { noun },
  );
}

export function requireSize(options: OptionsReader, key: string, setting: TaskSetting, name: string, size: number | undefined): void {
  const found: Population | undefined = populationNamed(setting, name);
  if (found === undefined || size === undefined || found.size === size) return;
  options.reject(key, { code: 'E-TASK', message: `is "${name}" with ${found.size} neurons, but ${size} are needed, one for each` });
}

export function requireBias(options: OptionsReader, key: string, setting: TaskSetting, name: string): void {
  const found = populationNamed(setting, name);
  if (found === undefined || found.tunable.includes('bias')) return;
  options.reject(key, {
    code: 'E-TASK',
    message: `is "${name}", whose bias the task sets from image to image, but cannot`,
    hint: 'give the population "tunable": ["bias"] and a model with that parameter, e.g. rate-if',
  });
}
