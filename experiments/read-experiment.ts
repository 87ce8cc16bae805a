/**
 * Reads an `experiment.json`: changes laid over a scenario that ships,
 *   { "scenario": "digits", "rule": "name" or {…}, "chips": […], "seeds": 3, "seed": 1, "train": 500, "network": {…}, "task": {…} },
 * or a whole experiment without "scenario" (then `name`, `rule`, `network` and `task` say everything). Whatever is wrong is collected and
 * reported with the line and the path in that file. A command line may lay its own rule and counts over both.
 */
import type { Locate, OptionsReader } from '../core/check-options.ts';
import { readOptions } from '../core/check-options.ts';
import type { Place, Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import type { JsonDocument } from '../core/json-places.ts';
import { itemPath, parseJsonWithPlaces } from '../core/json-places.ts';
import type { Network } from '../core/network/network.ts';
import { readNetwork } from '../core/network/read-network.ts';
import { namedRule } from '../core/network/read-projection.ts';
import { checkRule } from '../core/plasticity/check-rule.ts';
import { readRule } from '../core/plasticity/read-rule.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { MAX_SEED } from '../core/random.ts';
import { GLYPH_SIZE } from './data/glyphs.ts';
import type { Experiment, Task } from './experiment.ts';
import { readsImages } from './experiment.ts';
import type { Merged } from './merge-experiment.ts';
import { mergeOver } from './merge-experiment.ts';
import { readTask } from './read-task.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';
import type { Counts } from './task-counts.ts';
import { idleCounts, readCounts, withCounts } from './task-counts.ts';

/** Most seeds of one experiment. */
export const MAX_SEEDS = 1000;

/** Most neurons of a hidden layer. */
export const MAX_HIDDEN = 100_000;

/** Largest number of a class: labels are bytes. */
export const MAX_CLASS = 255;

/** Most sets of devices per seed. */
export const MAX_DEVICE_SETS = 1000;

/** A rule and, when it was written in a file, the place of each of its fields there. */
export interface WrittenRule {
  readonly rule: PlasticityRule;
  readonly placeOf?: (field: string) => Place;
}

/** What is known before the description is read. */
export interface ExperimentRequest {
  /** Pixels per image, and whether the images come from a folder. */
  readonly pixels: number;
  readonly realImages: boolean;
  /** From the command line; they win over what the file says. */
  readonly counts: Counts;
  readonly hidden?: number;
  /** Ticks of a sample, where samples are spikes. */
  readonly ticks?: number;
  readonly rule?: WrittenRule;
  /** Texts in Loihi's notation are not read here: the deploy check reports what is wrong with them, and what was meant. */
  readonly leaveNotation?: boolean;
  /** Pauses after training, e.g. `1 h`. */
  readonly after?: readonly string[];
  /** Epochs of back-propagation before anything is learned on the chip. */
  readonly pretrain?: number;
  /** Class that is held out of training, for anomaly detection. */
  readonly heldOut?: number;
}

export interface ReadExperiment {
  readonly experiment: Experiment;
  readonly rule: PlasticityRule;
  /** As the file gives them; absent where it says nothing. */
  readonly chips?: readonly string[];
  readonly seeds?: number;
  readonly seed?: number;
  readonly devices?: number;
  /** Counts of images that a person asked for, as opposed to what the scenario suggests. */
  readonly asked: { readonly train: boolean; readonly test: boolean };
}

/** What a scenario is built for. */
function optionsFor(
  { rules = [] }: Scenario,
  { pixels, realImages, hidden, ticks, counts }: ExperimentRequest,
  own: Counts,
  rule: string | undefined,
): ScenarioOptions {
  return {
    ...own,
    ...counts,
    pixels,
    realImages,
    ...(hidden === undefined ? {} : { hidden }),
    ...(ticks === undefined ? {} : { ticks }),
    ...(rule !== undefined && rules.includes(rule) ? { rule } : {}),
  };
}

/** A scenario as it ships. */
export function readScenario(scenario: Scenario, request: ExperimentRequest): ReadExperiment {
  const problems: Problem[] = [];
  const experiment = scenario.build(optionsFor(scenario, request, {}, request.rule?.rule.name));
  const { counts } = request;
  const rule = request.rule ?? libraryRule(scenario.rule, problems);
  const read = complete(experiment, rule, request, identity(problems), scenario);
  if (problems.length > 0) throw new UserError(problems);
  return { ...read, asked: { train: counts.train !== undefined, test: counts.test !== undefined } };
}

/** `text` is the content of `file`. */
export function readExperiment(
  text: string,
  file: string,
  scenarios: Readonly<Record<string, Scenario>>,
  request: ExperimentRequest,
): ReadExperiment {
  const document = parseJsonWithPlaces(text, file);
  if (!('placeOf' in document)) throw new UserError(document);
  const problems: Problem[] = [];
  const options = readOptions(document.value, '', problems, document.placeOf);
  const scenario = options.has('scenario') ? scenarioOf(options, scenarios) : undefined;
  const written = readWrittenRule(options, problems, document);
  const chips = options.list('chips', (item, path) => readChipName(item, path, problems, document.placeOf), {
    optional: true,
    minLength: 1,
  });
  const seeds = options.number('seeds', { optional: true, integer: true, min: 1, max: MAX_SEEDS });
  const seed = options.number('seed', { optional: true, integer: true, min: 0, max: MAX_SEED - MAX_SEEDS });
  const devices = options.number('devices', { optional: true, integer: true, min: 1, max: MAX_DEVICE_SETS });
  const hidden = options.number('hidden', { optional: true, integer: true, min: 1, max: MAX_HIDDEN });
  const counts = readCounts(options);
  // Without its scenario nothing can be said about the rest.
  if (options.has('scenario') && scenario === undefined) throw new UserError(problems);
  const named = (request.rule ?? written)?.rule.name;
  const base = scenario?.build(optionsFor(scenario, hidden === undefined ? request : { hidden, ...request }, counts, named));
  const description = {
    name: readName(options, base?.name),
    title: options.string('title', base === undefined ? { optional: true } : { default: base.title }),
    summary: options.string('summary', { default: base?.summary ?? '' }),
    network: readPart(options, 'network', base?.network, problems, document),
    task: readPart(options, 'task', base?.task, problems, document),
  };
  options.finish();
  for (const { count, message } of idleCounts(description.task.value, counts)) options.reject(count, { code: 'E-TASK', message });
  const place: Placing = {
    problems,
    locate: (path) => document.placeOf(originIn(description, path).path),
    restate: (problem) => inOwnWords(problem, description, document, scenario?.name),
  };
  const standsOnProjection = ruleInNetwork(description) !== undefined;
  if (written !== undefined && standsOnProjection) {
    const message = 'is given, but the plastic projection has a rule of its own';
    options.reject('rule', { code: 'E-TWICE', message, hint: 'give one of the two' });
  }
  const suggested = scenario === undefined || standsOnProjection ? undefined : libraryRule(scenario.rule, problems);
  const rule = request.rule ?? written ?? suggested;
  const given = options.raw('task');
  const ownTask = isFields(given) ? given : {};
  const read = complete(
    {
      name: description.name,
      title: description.title ?? description.name,
      summary: description.summary,
      network: description.network.value as Experiment['network'],
      // A count in the task itself is more particular than the same count beside it.
      task: Object.assign({}, withCounts(description.task.value, counts), description.task.value) as unknown as Task,
    },
    rule,
    request,
    place,
    scenario,
  );
  if (problems.length > 0) throw new UserError(inOrderOfTheFile(problems));
  const asks = (count: 'train' | 'test', field: string): boolean =>
    request.counts[count] !== undefined || counts[count] !== undefined || ownTask[field] !== undefined;
  return {
    ...read,
    ...(chips === undefined ? {} : { chips }),
    ...(seeds === undefined ? {} : { seeds }),
    ...(seed === undefined ? {} : { seed }),
    ...(devices === undefined ? {} : { devices }),
    asked: { train: asks('train', 'trainImages'), test: asks('test', 'testImages') },
  };
}

/** The rule of a file that holds nothing else. */
export function readRuleFile(text: string, file: string): WrittenRule {
  const document = parseJsonWithPlaces(text, file);
  if (!('placeOf' in document)) throw new UserError(document);
  const problems: Problem[] = [];
  const rule = readRule(document.value, '', problems, document.placeOf);
  if (problems.length > 0) throw new UserError(problems.map((problem) => withPlace(problem, document)));
  return { rule, placeOf: (field) => ({ ...document.placeOf(field), path: field }) };
}

/** A description with everything in it checked: network, task, and the text of its rules. */
function complete(
  given: Experiment,
  written: WrittenRule | undefined,
  {
    counts,
    leaveNotation = false,
    after,
    pretrain,
    heldOut,
  }: Pick<ExperimentRequest, 'counts' | 'leaveNotation' | 'after' | 'pretrain' | 'heldOut'>,
  { problems, locate, restate }: Placing,
  scenario: Scenario | undefined,
): { experiment: Experiment; rule: PlasticityRule } {
  for (const { count, message } of idleCounts(given.task, counts)) problems.push({ code: 'E-TASK', message: `--${count} ${message}` });
  const found: Problem[] = [];
  const read = readNetwork(given.network, 'network', found, locate);
  const network = found.length === 0 ? read : undefined;
  const plasticIndex = read.projections.findIndex(({ name }) => name === given.task?.plastic);
  const rule = written?.rule ?? read.projections[plasticIndex]?.rule;
  const hasImages = given.task !== undefined && readsImages(given.task);
  if (after !== undefined && !hasImages) {
    problems.push({ code: 'E-TASK', message: `--after means nothing for a task of kind ${given.task?.kind}, which has no test to repeat` });
  }
  const hasHeldOut = given.task?.kind === 'anomaly-detection';
  if (heldOut !== undefined && !hasHeldOut) {
    problems.push({ code: 'E-TASK', message: `--held-out means nothing for a task of kind ${given.task?.kind}, which learns every class` });
  }
  const mapped = given.task?.kind === 'phased-classification' ? given.task.pretrain : undefined;
  if (pretrain !== undefined && mapped === undefined) problems.push(noLayers(given, rule?.name, scenario));
  const asked = {
    ...withCounts(given.task, counts),
    ...(after !== undefined && hasImages ? { after } : {}),
    ...(heldOut !== undefined && hasHeldOut ? { heldOut } : {}),
    ...(pretrain !== undefined && mapped !== undefined ? { pretrain: { ...mapped, epochs: pretrain } } : {}),
  };
  const task = readTask(asked, 'task', { network, rule }, found, locate);
  if (task !== undefined && rule === undefined) {
    found.push({
      code: 'E-MISSING',
      message: 'is missing; it needs the name of a rule (see: hillock rules), or a rule',
      where: { path: 'rule' },
    });
  }
  problems.push(...found.map(restate));
  if (network !== undefined) {
    for (const [index, projection] of network.projections.entries()) {
      const own = projection.rule && ownRule(projection.rule, index, { locate, restate });
      const applied = index === plasticIndex ? (written ?? own) : own;
      const isLeft = leaveNotation && applied?.rule.sumOfProducts !== undefined;
      if (applied !== undefined && !isLeft) problems.push(...ruleProblems(applied, network, projection.post));
    }
  }
  const description = written === undefined ? given.network : withoutRule(given.network, plasticIndex);
  return { experiment: { ...given, network: description, task: task ?? given.task }, rule: rule as PlasticityRule };
}

/** Says that the circuit stands for no layered rate network, and which rules have one that does. */
function noLayers({ name }: Experiment, rule: string | undefined, scenario: Scenario | undefined): Problem {
  const others = (scenario?.rules ?? []).filter((other) => {
    const task = scenario?.build({ pixels: GLYPH_SIZE ** 2, realImages: false, rule: other }).task;
    return task?.kind === 'phased-classification' && task.pretrain !== undefined;
  });
  return {
    code: 'E-TASK',
    message: `--pretrain means nothing here: the circuit of ${name} with rule ${rule ?? 'none'} does not say which layers back-propagation would train`,
    hint:
      others.length === 0
        ? 'a task of kind phased-classification says so in its field pretrain (docs/rules.md)'
        : `rules whose circuit does: ${others.join(', ')}`,
  };
}

/** What is wrong with the text of a rule; problems stand at the moment in the file the rule was written in. */
function ruleProblems({ rule, placeOf }: WrittenRule, network: Network, post: string): Problem[] {
  const model = network.populations.find(({ name }) => name === post)?.model;
  return checkRule(rule, model).problems.map((problem) => {
    const title = /^rule .*?, (\w+): /.exec(problem.message);
    if (title === null || placeOf === undefined) return problem;
    return { ...problem, message: problem.message.slice(title[0].length), where: placeOf(title[1]) };
  });
}

function ownRule(rule: PlasticityRule, index: number, { restate }: Pick<Placing, 'locate' | 'restate'>): WrittenRule {
  const path = `${itemPath('network.projections', index)}.rule`;
  return { rule, placeOf: (field) => restate({ code: '', message: '', where: { path: `${path}.${field}` } }).where ?? {} };
}

/** The rule of the experiment takes the place of one that stands on the projection. */
function withoutRule(network: Experiment['network'], index: number): Experiment['network'] {
  const list = network.projections;
  if (!Array.isArray(list) || list[index]?.rule === undefined) return network;
  return {
    ...network,
    projections: list.map((item, n) => (n === index ? Object.fromEntries(Object.entries(item).filter(([key]) => key !== 'rule')) : item)),
  };
}

/** Where problems go, and how paths of the merged description become places in the person's own file. */
interface Placing {
  readonly problems: Problem[];
  readonly locate?: Locate;
  readonly restate: (problem: Problem) => Problem;
}

const identity = (problems: Problem[]): Placing => ({ problems, restate: (problem) => problem });

type Description = { readonly network: Merged; readonly task: Merged };

function originIn(description: Description, path: string): { path: string; isOwn: boolean } {
  const part = path.startsWith('task') ? description.task : path.startsWith('network') ? description.network : undefined;
  return part?.originOf(path) ?? { path, isOwn: true };
}

/** A problem with a path of the merged description, told with the path and place in the file. */
function inOwnWords(problem: Problem, description: Description, document: JsonDocument, scenario: string | undefined): Problem {
  const path = problem.where?.path;
  if (path === undefined) return problem;
  const { path: own, isOwn } = originIn(description, path);
  const place = problem.where?.line === undefined ? document.placeOf(own) : problem.where;
  if (isOwn || scenario === undefined) return { ...problem, where: { ...place, path: own } };
  return { ...problem, message: `${problem.message} (the value is that of scenario ${scenario})`, where: { ...place, path } };
}

function withPlace(problem: Problem, document: JsonDocument): Problem {
  const path = problem.where?.path;
  return path === undefined || problem.where?.line !== undefined ? problem : { ...problem, where: { ...document.placeOf(path), path } };
}

function inOrderOfTheFile(problems: readonly Problem[]): Problem[] {
  const at = ({ where }: Problem): number => (where?.line ?? 0) * 10_000 + (where?.column ?? 0);
  return problems.toSorted((a, b) => at(a) - at(b));
}

function scenarioOf(options: OptionsReader, scenarios: Readonly<Record<string, Scenario>>): Scenario | undefined {
  const names = Object.keys(scenarios);
  const given = options.raw('scenario');
  const found = typeof given === 'string' && Object.hasOwn(scenarios, given) ? scenarios[given] : undefined;
  if (found === undefined) options.choice('scenario', names);
  return found;
}

function readWrittenRule(options: OptionsReader, problems: Problem[], document: JsonDocument): WrittenRule | undefined {
  const given = options.raw('rule');
  if (given === undefined) return undefined;
  const placeOf = (field: string): Place => ({ ...document.placeOf(`rule.${field}`), path: `rule.${field}` });
  if (typeof given !== 'string') {
    const found: Problem[] = [];
    const rule = readRule(given, 'rule', found, document.placeOf);
    problems.push(...found.map((problem) => withPlace(problem, document)));
    return { rule, placeOf };
  }
  const rule = namedRule(given, (message) => options.reject('rule', { code: 'E-CHOICE', message, got: given }));
  return rule && { rule };
}

function libraryRule(name: string, problems: Problem[]): WrittenRule | undefined {
  const rule = namedRule(name, (message) => problems.push({ code: 'E-RULE', message, got: name }));
  return rule && { rule };
}

function readChipName(item: unknown, path: string, problems: Problem[], locate: Locate): string {
  if (typeof item === 'string' && item !== '') return item;
  problems.push({ code: 'E-TYPE', message: `needs the name of a chip, not ${JSON.stringify(item)}`, where: { ...locate(path), path } });
  return '';
}

/** The name also names the folder of results. */
function readName(options: OptionsReader, fallback: string | undefined): string {
  const name = options.string('name', fallback === undefined ? {} : { default: fallback });
  if (options.has('name') && typeof options.raw('name') === 'string' && !/^\w[\w.-]*$/.test(name)) {
    options.reject('name', { code: 'E-NAME', message: `is "${name}", but may have letters, digits, "-", "_" and "." only`, got: name });
  }
  return name;
}

/** An object of the file, laid over the scenario's. */
function readPart(options: OptionsReader, key: 'network' | 'task', base: unknown, problems: Problem[], document: JsonDocument): Merged {
  if (base === undefined || options.has(key)) options.object(key);
  const given = options.raw(key);
  const found: Problem[] = [];
  const merged = mergeOver(base ?? {}, isFields(given) ? given : {}, key, found);
  problems.push(...found.map((problem) => withPlace(problem, document)));
  return merged;
}

/** The rule that stands on the plastic projection itself. */
function ruleInNetwork({ network, task }: { network: Merged; task: Merged }): unknown {
  const list = isFields(network.value) ? network.value.projections : undefined;
  const plastic = isFields(task.value) ? task.value.plastic : undefined;
  if (!Array.isArray(list)) return undefined;
  return list.find((item) => isFields(item) && (item.name ?? `${item.pre}-${item.post}`) === plastic)?.rule;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
