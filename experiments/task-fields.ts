/** Fields that several kinds of tasks have, each held against the network and the rule that the task will drive. */
import type { Locate, OptionsReader } from '../core/check-options.ts';
import type { Problem } from '../core/errors.ts';
import type { Network, Population } from '../core/network/network.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { readSpan } from './later.ts';
import { MAX_COUNT } from './task-counts.ts';

/** What a task is held against; absent when it could not be read itself. */
export interface TaskSetting {
  readonly network?: Network;
  readonly rule?: PlasticityRule;
}

/** Where problems of objects inside a task go. */
export interface InnerFields {
  readonly problems: Problem[];
  readonly locate?: Locate | undefined;
}

export const count = { integer: true, min: 1, max: MAX_COUNT } as const;

export function readPauses(options: OptionsReader): string[] | undefined {
  return options.list('after', (item, path) => readPause(item, path, options), { optional: true, minLength: 1 });
}

/** A pause as it was written; what is wrong with it stands at the list. */
function readPause(item: unknown, path: string, options: OptionsReader): string {
  const read = readSpan(item);
  if (typeof read !== 'number') options.reject('after', { code: 'E-UNIT', message: `${path} ${read.problem}` });
  return String(item);
}

/** Rasters show the spikes of the population that answers. */
export function requireRecorded(options: OptionsReader, { network }: TaskSetting, key: string, population: string): void {
  if (!network?.probes.every((probe) => probe.kind !== 'spikes' || probe.of !== population)) return;
  options.reject(key, {
    code: 'E-TASK',
    message: `is "${population}", whose spikes are not recorded, as the rasters need`,
    hint: `add { "spikes": "${population}" } to the network's probes`,
  });
}

export function readNames(
  options: OptionsReader,
  setting: TaskSetting,
  source: 'poisson' | 'replay' | 'played',
): { input: string; answer: string; plastic: string } {
  const input = readPopulation(options, setting, 'input', source);
  const answer = readPopulation(options, setting, 'answer');
  const plastic = readPlastic(options, setting);
  requireEnds(options, setting, plastic, answer);
  return { input, answer, plastic };
}

const SOURCES = { poisson: 'Poisson source', replay: 'replayed source', played: 'played source' } as const;

/** A population of the network: a source of the kind asked for, or neurons that spike by themselves. */
export function readPopulation(
  options: OptionsReader,
  { network }: TaskSetting,
  key: string,
  source?: 'poisson' | 'replay' | 'played',
): string {
  if (network === undefined) return options.string(key);
  const wanted = network.populations.filter((population) => population.source?.kind === source);
  const noun = source === undefined ? 'population of neurons' : SOURCES[source];
  return options.choice(
    key,
    wanted.map(({ name }) => name),
    { noun },
  );
}

export function readPlastic(options: OptionsReader, { network }: TaskSetting): string {
  if (network === undefined) return options.string('plastic');
  return options.choice(
    'plastic',
    network.projections.map(({ name }) => name),
    { noun: 'projection' },
  );
}

/** The plastic projection has to end on the population that answers: the modulator has a value for each of its neurons. */
function requireEnds(options: OptionsReader, { network }: TaskSetting, plastic: string, answer: string): void {
  const projection = network?.projections.find(({ name }) => name === plastic);
  if (projection === undefined || projection.post === answer) return;
  options.reject('plastic', {
    code: 'E-TASK',
    message: `is "${plastic}", which ends on "${projection.post}", but the task needs one that ends on "${answer}"`,
  });
}

export function readModulator(options: OptionsReader, { rule }: TaskSetting): string {
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

export function requirePools(options: OptionsReader, setting: TaskSetting, population: string, key: string, pools: number): void {
  const size = populationNamed(setting, population)?.size;
  if (size === undefined || !(pools >= 1) || size % pools === 0) return;
  options.reject(key, {
    code: 'E-TASK',
    message: `is ${pools}, but the ${size} neurons of "${population}" cannot be parted into ${pools} equal pools`,
  });
}

export function populationNamed({ network }: TaskSetting, name: string): Population | undefined {
  return network?.populations.find((population) => population.name === name);
}
