/**
 * Reads a plasticity rule as a person writes it, from code or JSON: text by moment, times with units. The result is plain data in SI units;
 * its text is checked later, against the network it stands in (`check-rule.ts`).
 */
import type { Locate, OptionsReader } from '../check-options.ts';
import { readOptions } from '../check-options.ts';
import type { Problem } from '../errors.ts';
import { UserError } from '../errors.ts';
import { fieldPath } from '../json-places.ts';
import { CALLABLE, DISTRIBUTIONS } from '../program/op-table.ts';
import { KEYWORDS } from '../program/parse.ts';
import type { Time } from '../units.ts';
import type { ModulatorSpec, Moment, PlasticityRule, SynapseVariableSpec, TraceSpec } from './rule.ts';
import { MOMENTS } from './rule.ts';

export interface TraceOptions {
  on: 'pre' | 'post';
  /** Time constant; absent for a trace that does not decay. */
  tau?: Time;
  /** What a spike adds, or sets under nearest pairing; 1 unless given. */
  impulse?: number;
  pairing?: 'all-to-all' | 'nearest';
  decay?: 'exact' | 'euler';
  /** Pre traces of graded spikes: the payload p sets the trace to p/2, is added as p/2, or is added and counts as a spike where it overflows. */
  graded?: 'set' | 'add' | 'overflow';
}

export interface RuleOptions {
  name?: string;
  summary?: string;
  citation?: string;
  parameters?: Record<string, number>;
  traces?: Record<string, TraceOptions>;
  /** Synapse variables beside w, e.g. an eligibility. */
  variables?: Record<string, { initial?: number; tau?: Time; range?: number; meaning?: string }>;
  modulators?: Record<string, { per?: 'projection' | 'post'; range?: number; meaning?: string }>;
  onPre?: string;
  onPost?: string;
  onModulator?: string;
  onLearningEpoch?: string;
  /** Loihi notation, instead of the four moments. */
  dw?: string;
  dt?: string;
  dd?: string;
  /** Length of the learning epoch; one tick unless given. */
  epochTicks?: number;
  bounds?: readonly [number, number];
}

/** A rule from code. Throws one `UserError` with everything that is wrong. */
export function rule(options: RuleOptions): PlasticityRule {
  const problems: Problem[] = [];
  const read = readRule(options, 'rule', problems);
  if (problems.length > 0) throw new UserError(problems);
  return read;
}

/** Reads a rule found at `path` of a larger document; problems are added to the list. */
export function readRule(value: unknown, path: string, problems: Problem[], locate?: Locate): PlasticityRule {
  const options = readOptions(value, path, problems, locate);
  const name = options.string('name', { default: 'unnamed' });
  const summary = options.string('summary', { optional: true });
  const citation = options.string('citation', { optional: true });
  const parameters = readEntries(options, 'parameters', problems, locate, (entries, key) => entries.number(key));
  const traces = readEntries(options, 'traces', problems, locate, (entries, key) => readTrace(entries.object(key)));
  const variables = readEntries(options, 'variables', problems, locate, (entries, key) => readVariable(entries.object(key)));
  const modulators = readEntries(options, 'modulators', problems, locate, (entries, key) => readModulator(entries.object(key)));
  const code: Partial<Record<Moment, string>> = {};
  for (const moment of MOMENTS) {
    const text = readText(options, moment);
    if (text !== undefined) code[moment] = text;
  }
  const products = { dw: readText(options, 'dw'), dt: readText(options, 'dt'), dd: readText(options, 'dd') };
  const hasProducts = Object.values(products).some((text) => text !== undefined);
  const epochTicks = options.number('epochTicks', { default: 1, integer: true, min: 1 });
  const bounds = readBounds(options, problems);
  options.finish();
  checkNames(path, [parameters, traces, variables, modulators], problems, locate);
  if (hasProducts && Object.keys(code).length > 0) {
    problems.push({
      code: 'E-RULE-NOTATION',
      message: 'is written in both notations',
      hint: 'give either onPre, onPost, … or dw, dt, dd',
      where: { ...locate?.(path), path },
    });
  }
  return {
    name,
    ...(summary === undefined ? {} : { summary }),
    ...(citation === undefined ? {} : { citation }),
    parameters,
    traces,
    variables,
    modulators,
    code,
    ...(hasProducts ? { sumOfProducts: products } : {}),
    epochTicks,
    bounds,
  };
}

function readEntries<T>(
  options: OptionsReader,
  key: string,
  problems: Problem[],
  locate: Locate | undefined,
  read: (entries: OptionsReader, key: string) => T,
): Record<string, T> {
  const given = options.raw(key);
  if (given === undefined) return {};
  const entries = readOptions(given, fieldPath(options.path, key), problems, locate);
  return Object.fromEntries(entries.keys.map((name) => [name, read(entries, name)]));
}

function readTrace(options: OptionsReader): TraceSpec {
  const graded = options.has('graded') ? options.choice('graded', ['set', 'add', 'overflow']) : undefined;
  const trace: TraceSpec = {
    on: options.choice('on', ['pre', 'post']),
    tau: options.quantity('tau', 'time', { optional: true, above: '0 ms' }) ?? Number.POSITIVE_INFINITY,
    impulse: options.number('impulse', { default: 1 }),
    pairing: options.choice('pairing', ['all-to-all', 'nearest'], { default: 'all-to-all' }),
    decay: options.choice('decay', ['exact', 'euler'], { default: 'exact' }),
    ...(graded === undefined ? {} : { graded }),
  };
  if (graded !== undefined && trace.on === 'post') {
    options.reject('graded', {
      code: 'E-CHOICE',
      message: 'is for traces of pre spikes: what a post neuron sends does not come back to it',
    });
  }
  options.finish();
  return trace;
}

function readVariable(options: OptionsReader): SynapseVariableSpec {
  const initial = options.number('initial', { default: 0 });
  const tau = options.quantity('tau', 'time', { optional: true, above: '0 ms' });
  const range = options.number('range', { optional: true, above: 0 });
  const meaning = options.string('meaning', { optional: true });
  options.finish();
  return {
    initial,
    ...(tau === undefined ? {} : { tau }),
    ...(range === undefined ? {} : { range }),
    ...(meaning === undefined ? {} : { meaning }),
  };
}

function readModulator(options: OptionsReader): ModulatorSpec {
  const per = options.choice('per', ['projection', 'post'], { default: 'projection' });
  const range = options.number('range', { default: 1, above: 0 });
  const meaning = options.string('meaning', { optional: true });
  options.finish();
  return { per, range, ...(meaning === undefined ? {} : { meaning }) };
}

/** A text, or a list of lines as JSON files write it. */
function readText(options: OptionsReader, key: string): string | undefined {
  const given = options.raw(key);
  if (Array.isArray(given) && given.every((line) => typeof line === 'string')) return given.join('\n');
  return options.string(key, { optional: true });
}

function readBounds(options: OptionsReader, problems: Problem[]): readonly [number, number] {
  const given = options.raw('bounds') ?? [0, 1];
  if (Array.isArray(given) && given.length === 2 && given.every(Number.isFinite) && given[0] < given[1]) return [given[0], given[1]];
  problems.push({
    code: 'E-RANGE',
    message: `needs two numbers, the lower first, not ${JSON.stringify(given)}`,
    where: { path: fieldPath(options.path, 'bounds') },
  });
  return [0, 1];
}

/** Names that have a meaning of their own on some chip, or in every program. */
const RESERVED = new Set([
  'w',
  'dt',
  'tick',
  'payload',
  'counted',
  'updateAttempts',
  'synapticUpdates',
  'saturatedUpdates',
  'notFinite',
  'preTime',
  'postTime',
]);

/** Names that lowered programs make from others: state of the neurons, times of events, intermediate values. */
const DERIVED = /_(pre|post|at|atPre|atPost|atEnd)$|^(asked|kept)\d+$/;

const hasItsOwnMeaning = (name: string): boolean =>
  RESERVED.has(name) || DERIVED.test(name) || KEYWORDS.has(name) || CALLABLE.has(name) || DISTRIBUTIONS.some((word) => word === name);

function checkNames(path: string, groups: readonly Readonly<Record<string, unknown>>[], problems: Problem[], locate?: Locate): void {
  const seen = new Set<string>();
  for (const name of groups.flatMap((group) => Object.keys(group))) {
    const fault = hasItsOwnMeaning(name)
      ? `the name "${name}" has a meaning of its own`
      : seen.has(name)
        ? `the name "${name}" is given twice`
        : /^[A-Za-z]\w*$/.test(name)
          ? undefined
          : `the name "${name}" is not a word`;
    if (fault !== undefined)
      problems.push({ code: 'E-NAME', message: fault, hint: 'choose another name', where: { ...locate?.(path), path } });
    seen.add(name);
  }
}
