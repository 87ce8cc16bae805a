/**
 * From the words of a command line to an experiment that can be run or checked: a scenario by name, a file, or standard input; the rule, the
 * chips, the seeds and the images that go with it. What the command line says wins over the file, the file over the scenario.
 */
import { readFileSync } from 'node:fs';
import type { ChipBackend } from '../core/chip-contract.ts';
import type { Problem } from '../core/errors.ts';
import { didYouMean, UserError } from '../core/errors.ts';
import { namedRule } from '../core/network/read-projection.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { MAX_SEED } from '../core/random.ts';
import { chipsNamed } from '../experiments/chips.ts';
import { GLYPH_SIZE } from '../experiments/data/glyphs.ts';
import type { LoadedData } from '../experiments/data/load-data.ts';
import { firstOf, loadData } from '../experiments/data/load-data.ts';
import type { Experiment, ImageTask } from '../experiments/experiment.ts';
import { readsImages } from '../experiments/experiment.ts';
import { readSpan } from '../experiments/later.ts';
import type { ReadExperiment, WrittenRule } from '../experiments/read-experiment.ts';
import {
  MAX_CLASS,
  MAX_DEVICE_SETS,
  MAX_HIDDEN,
  MAX_SEEDS,
  readExperiment,
  readRuleFile,
  readScenario,
} from '../experiments/read-experiment.ts';
import { MAX_COUNT } from '../experiments/task-counts.ts';
import type { Terminal } from './answer.ts';
import { commaList, wholeNumber } from './option-values.ts';
import { questionScenarios, scenarioTable, tableScenarios } from './scenario-table.ts';

/** As commander hands them over: texts. */
export interface ExperimentOptions {
  readonly rule?: string;
  readonly chip?: string;
  readonly seeds?: string;
  readonly seed?: string;
  readonly devices?: string;
  readonly after?: string;
  readonly data?: string;
  readonly train?: string;
  readonly test?: string;
  readonly epochs?: string;
  readonly hidden?: string;
  readonly pretrain?: string;
  readonly heldOut?: string;
}

export interface LoadedExperiment {
  readonly experiment: Experiment;
  readonly rule: PlasticityRule;
  readonly chips: readonly ChipBackend[];
  /** The names the chips were asked for with. */
  readonly chipNames: readonly string[];
  readonly seed: number;
  readonly seeds: number;
  /** Sets of devices per seed; absent when nobody asked. */
  readonly devices?: number;
  /** Absent for tasks that make their own input. */
  readonly data?: LoadedData;
}

/** What a verb takes where neither the command line nor the file says. */
export interface Suggested {
  readonly chips: readonly string[];
  /** 1 unless given. */
  readonly seeds?: number;
  readonly leaveNotation?: boolean;
}

export async function loadExperiment(
  source: string,
  options: ExperimentOptions,
  terminal: Terminal,
  suggested: Suggested,
  problems: Problem[],
): Promise<LoadedExperiment> {
  const given = {
    seeds: wholeNumber('--seeds', options.seeds, { min: 1, max: MAX_SEEDS }, problems),
    seed: wholeNumber('--seed', options.seed, { min: 0, max: MAX_SEED - MAX_SEEDS }, problems),
    devices: wholeNumber('--devices', options.devices, { min: 1, max: MAX_DEVICE_SETS }, problems),
    counts: countsOf(options, problems),
    hidden: wholeNumber('--hidden', options.hidden, { min: 1, max: MAX_HIDDEN }, problems),
    pretrain: wholeNumber('--pretrain', options.pretrain, { min: 1, max: MAX_COUNT }, problems),
    heldOut: wholeNumber('--held-out', options.heldOut, { min: 0, max: MAX_CLASS }, problems),
    chips: options.chip === undefined ? undefined : commaList('--chip', options.chip, 'chip', problems),
    after: options.after === undefined ? undefined : pausesOf(options.after, problems),
    rule: options.rule === undefined ? undefined : ruleOf(options.rule, problems),
  };
  const text = await textOf(source, terminal, problems);
  const { chips = [] } = given;
  if (chips.length > 0) collect(problems, () => chipsNamed(chips.join(',')));
  if (text === undefined && scenarioTable[source]?.data === 'folder' && options.data === undefined) {
    problems.push({
      code: 'E-DATA',
      message: `${source} needs the folder of its images: --data <folder>`,
      hint: `the folder holds ${scenarioTable[source].holds}; or: hillock run digits, which makes its own images`,
    });
  }
  if (problems.length > 0) throw new UserError(problems);

  const folder = options.data === undefined ? undefined : loadData({ data: options.data, seed: given.seed ?? 1 });
  const request = {
    pixels: folder === undefined ? GLYPH_SIZE * GLYPH_SIZE : folder.train.rows * folder.train.columns,
    realImages: folder !== undefined,
    counts: given.counts,
    leaveNotation: suggested.leaveNotation === true,
    ...(given.rule === undefined ? {} : { rule: given.rule }),
    ...(given.after === undefined ? {} : { after: given.after }),
    ...(given.hidden === undefined ? {} : { hidden: given.hidden }),
    ...(given.pretrain === undefined ? {} : { pretrain: given.pretrain }),
    ...(given.heldOut === undefined ? {} : { heldOut: given.heldOut }),
    ...(folder?.train.spikes === undefined ? {} : { ticks: folder.train.spikes.ticks }),
  };
  const read =
    text === undefined
      ? readScenario(scenarioTable[source], request)
      : readExperiment(text, source === '-' ? 'standard input' : source, scenarioTable, request);
  if (given.hidden !== undefined && !hasLayerOf(read.experiment, given.hidden)) {
    throw new UserError({
      code: 'E-TASK',
      message: `--hidden means nothing here: ${read.experiment.name} with rule ${read.rule.name} has no hidden layer`,
    });
  }
  const chipNames = given.chips ?? read.chips ?? suggested.chips;
  const seed = given.seed ?? read.seed ?? 1;
  const devices = given.devices ?? read.devices;
  const { experiment, data } = withImages(read, options.data, folder, seed);
  return {
    experiment,
    rule: read.rule,
    chips: chipsNamed(chipNames.join(',')),
    chipNames,
    seed,
    seeds: given.seeds ?? read.seeds ?? suggested.seeds ?? 1,
    ...(devices === undefined ? {} : { devices }),
    ...(data === undefined ? {} : { data }),
  };
}

function hasLayerOf({ network }: Experiment, size: number): boolean {
  const populations = network.populations as readonly { readonly name?: string; readonly size?: number }[];
  return populations.some(({ name, size: neurons }) => (name === 'hidden' || name === 'latent') && neurons === size);
}

function pausesOf(text: string, problems: Problem[]): string[] {
  const pauses = commaList('--after', text, 'pause', problems);
  for (const pause of pauses) {
    const read = readSpan(pause);
    if (typeof read !== 'number') problems.push({ code: 'E-UNIT', message: `--after ${read.problem}`, got: pause });
  }
  return pauses;
}

function countsOf(options: ExperimentOptions, problems: Problem[]): Record<string, number> {
  const given = (['train', 'test', 'epochs'] as const).flatMap((key) => {
    const value = wholeNumber(`--${key}`, options[key], { min: 1, max: MAX_COUNT }, problems);
    return value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(given);
}

/** A file when it looks like one, otherwise a rule of the library. */
function ruleOf(name: string, problems: Problem[]): WrittenRule | undefined {
  if (/\.json$|[/\\]/.test(name)) return collect(problems, () => readRuleFile(readText(name, 'rule file'), name));
  const rule = namedRule(name, (message) =>
    problems.push({ code: 'E-RULE', message, hint: 'see: hillock rules; a file ends in .json', got: name }),
  );
  return rule && { rule };
}

/** The text of an experiment file; undefined for a scenario that ships. */
async function textOf(source: string, terminal: Terminal, problems: Problem[]): Promise<string | undefined> {
  if (Object.hasOwn(scenarioTable, source)) return undefined;
  if (source === '-') return terminal.readStandardInput();
  if (/\.json$|[/\\]/.test(source)) return collect(problems, () => readText(source, 'experiment file'));
  problems.push(unknownScenario(source));
  return undefined;
}

function unknownScenario(name: string): Problem {
  if (Object.hasOwn(tableScenarios, name)) {
    return { code: 'E-SCENARIO', message: `${name} is a table of devices and holds no network`, hint: `hillock run ${name}`, got: name };
  }
  if (Object.hasOwn(questionScenarios, name)) {
    return { code: 'E-SCENARIO', message: `${name} is a question to several chips`, hint: `hillock run ${name}`, got: name };
  }
  const names = [scenarioTable, tableScenarios, questionScenarios].flatMap(Object.keys);
  const near = didYouMean(name, names);
  return {
    code: 'E-SCENARIO',
    message: `unknown scenario "${name}"${near === undefined ? '' : ` - did you mean "${near}"?`} (${names.join(', ')})`,
    hint: 'a file ends in .json; - reads standard input',
    got: name,
  };
}

const READ_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
};

export function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError({ code: 'E-READ', message: `cannot read the ${what} ${path}: ${READ_REASONS[code] ?? code}`, got: path });
  }
}

/**
 * The images of a task that reads some. What a person asked for has to be there; what a scenario suggests is cut to what there is.
 */
function withImages(
  { experiment, asked }: ReadExperiment,
  path: string | undefined,
  folder: LoadedData | undefined,
  seed: number,
): { experiment: Experiment; data?: LoadedData } {
  const { task } = experiment;
  if (!readsImages(task)) {
    if (path === undefined) return { experiment };
    throw new UserError({ code: 'E-TASK', message: `${experiment.name} reads no images, so --data has nothing to give it` });
  }
  const train = folder === undefined || asked.train ? task.trainImages : Math.min(task.trainImages, folder.train.count);
  const test = folder === undefined || asked.test ? task.testImages : Math.min(task.testImages, folder.test.count);
  const isWhole = train === folder?.train.count && test === folder.test.count;
  const data = isWhole
    ? folder
    : folder === undefined
      ? loadData({ seed, train, test })
      : firstOf(folder, { train, test, of: String(path) });
  refuseMismatch(experiment, task, data);
  return { experiment: { ...experiment, task: { ...task, trainImages: train, testImages: test } }, data };
}

function refuseMismatch(experiment: Experiment, task: ImageTask, { train }: LoadedData): void {
  const pixels = train.rows * train.columns;
  const populations = experiment.network.populations as readonly { readonly name?: string; readonly size?: number }[];
  const size = populations.find(({ name }) => name === task.input)?.size;
  const problems: Problem[] = [];
  if (task.kind === 'convolutional-reward') {
    if (task.rows !== train.rows || task.columns !== train.columns) {
      const message = `is for images of ${task.rows} x ${task.columns} pixels, but these have ${train.rows} x ${train.columns}`;
      problems.push({ code: 'E-TASK', message, where: { path: 'task' } });
    }
  } else if (size !== pixels) {
    problems.push({
      code: 'E-TASK',
      message: `population "${task.input}" has ${size} neurons, but the images have ${train.rows} x ${train.columns} = ${pixels} pixels`,
    });
  }
  if (task.classes < train.classes) {
    problems.push({ code: 'E-TASK', message: `task.classes is ${task.classes}, but the images have ${train.classes} classes` });
  }
  if (problems.length > 0) throw new UserError(problems);
}

/** Runs a step; a user's mistake joins the list instead of ending it. */
function collect<T>(problems: Problem[], step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
