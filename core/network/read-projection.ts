/** Reads a projection as a person writes it: who is connected to whom and how, weight and delay per synapse, and the rule that changes it. */
import type { Locate, OptionsReader } from '../check-options.ts';
import { readOptions } from '../check-options.ts';
import type { Problem } from '../errors.ts';
import { didYouMean } from '../errors.ts';
import { fieldPath } from '../json-places.ts';
import { ruleLibrary } from '../plasticity/library/rules.ts';
import { readRule } from '../plasticity/read-rule.ts';
import type { PlasticityRule } from '../plasticity/rule.ts';
import { streamOf } from '../random.ts';
import { parseQuantity } from '../units.ts';
import { drawValues } from './connectivity.ts';
import type { Connectivity, Distribution, Population, Projection } from './network.ts';

/** What a projection may refer to: those before it, and the seed with which their weights are drawn. */
export interface EarlierProjections {
  readonly projections: readonly Projection[];
  readonly seed: number;
}

export function readProjection(
  value: unknown,
  path: string,
  populations: readonly Population[],
  dt: number,
  problems: Problem[],
  locate?: Locate,
  earlier: EarlierProjections = { projections: [], seed: 0 },
): Projection | undefined {
  const options = readOptions(value, path, problems, locate);
  const names = populations.map((population) => population.name);
  const pre = options.choice('pre', names, { noun: 'population' });
  const post = options.choice('post', names, { noun: 'population' });
  const name = options.string('name', { default: `${pre}-${post}` });
  const source = populations.find((population) => population.name === pre);
  const target = populations.find((population) => population.name === post);
  if (source === undefined || target === undefined) return undefined;
  if (target.source !== undefined) {
    options.reject('post', { code: 'E-CHOICE', message: `"${post}" is a source of spikes; nothing can be connected to it` });
    return undefined;
  }
  const port = options.choice('port', target.model.inputs, { default: target.model.inputs[0], noun: 'input port' });
  const connectivity = readConnectivity(options, source, target, problems, locate);
  const transposed = readTranspose(options, { pre, post, connectivity }, populations, earlier, problems, locate);
  const weight =
    transposed ?? readDistribution(options, 'weight', (given, where) => weightValue(given, where, problems, locate), problems, locate);
  const ticks: ReadValue = (given, where, least) => delayTicks(given, where, dt, least === undefined ? dt : least * dt, problems, locate);
  const delay = readDistribution(options, 'delay', ticks, problems, locate, { kind: 'constant', value: 1 });
  const rule = readRuleOrName(options, problems, locate);
  options.finish();
  return { name, pre, post, port, connectivity, weight, delay, ...(rule === undefined ? {} : { rule }) };
}

function readRuleOrName(options: OptionsReader, problems: Problem[], locate?: Locate): PlasticityRule | undefined {
  const given = options.raw('rule');
  if (given === undefined) return undefined;
  if (typeof given === 'string') return namedRule(given, (message) => options.reject('rule', { code: 'E-CHOICE', message, got: given }));
  return readRule(given, fieldPath(options.path, 'rule'), problems, locate);
}

/** A rule of the library; an unknown name is reported with the nearest one. */
export function namedRule(name: string, reject: (message: string) => void): PlasticityRule | undefined {
  const found = Object.hasOwn(ruleLibrary, name) ? ruleLibrary[name] : undefined;
  if (found === undefined) {
    const near = didYouMean(name, Object.keys(ruleLibrary));
    reject(`unknown rule "${name}"${near === undefined ? '' : ` - did you mean "${near}"?`} (${Object.keys(ruleLibrary).join(', ')})`);
  }
  return found;
}

const CONNECTIVITY = ['all-to-all', 'one-to-one', 'fixed-probability', 'fixed-in-degree', 'fixed-out-degree', 'explicit'] as const;

function readConnectivity(options: OptionsReader, pre: Population, post: Population, problems: Problem[], locate?: Locate): Connectivity {
  const given = options.raw('connect') ?? 'all-to-all';
  const path = fieldPath(options.path, 'connect');
  const inner = readOptions(typeof given === 'string' ? { kind: given } : given, path, problems, locate);
  const kind = inner.choice('kind', CONNECTIVITY, { noun: 'connectivity' });
  const selfConnections = (): boolean => inner.boolean('selfConnections', { default: false });
  const connectivity = ((): Connectivity => {
    switch (kind) {
      case 'all-to-all':
        return { kind, selfConnections: selfConnections() };
      case 'one-to-one':
        if (pre.size !== post.size)
          inner.reject('kind', { code: 'E-RANGE', message: `needs populations of one size, not ${pre.size} and ${post.size}` });
        return { kind };
      case 'fixed-probability':
        return { kind, probability: inner.number('probability', { min: 0, max: 1 }), selfConnections: selfConnections() };
      case 'fixed-in-degree':
      case 'fixed-out-degree': {
        const partners = kind === 'fixed-in-degree' ? pre : post;
        const multapses = inner.boolean('multapses', { default: false });
        const self = selfConnections();
        const most = partners.size - (pre === post && !self ? 1 : 0);
        const degree = inner.number('degree', { integer: true, min: 0, ...(multapses && most > 0 ? {} : { max: most }) });
        return { kind, degree, selfConnections: self, multapses };
      }
      case 'explicit': {
        const ends = (key: 'sources' | 'targets', size: number): Int32Array =>
          Int32Array.from(
            inner.list(key, (item) => {
              const neuron = Number(item);
              if (Number.isInteger(neuron) && neuron >= 0 && neuron < size) return neuron;
              inner.reject(key, { code: 'E-RANGE', message: `names neuron ${item}; the population has 0 … ${size - 1}` });
              return 0;
            }),
          );
        const sources = ends('sources', pre.size);
        const targets = ends('targets', post.size);
        if (sources.length !== targets.length)
          inner.reject('targets', { code: 'E-RANGE', message: `has ${targets.length} targets for ${sources.length} sources` });
        return { kind, sources, targets };
      }
    }
  })();
  inner.finish();
  return connectivity;
}

/** Reads one value; `least` takes the place of what a value of its kind may be at least. */
type ReadValue = (given: unknown, path: string, least?: number) => number;

/** `{ transposeOf: name, times? }`: the weights with which an earlier all-to-all projection begins, the other way round and scaled. */
function readTranspose(
  options: OptionsReader,
  { pre, post, connectivity }: Pick<Projection, 'pre' | 'post' | 'connectivity'>,
  populations: readonly Population[],
  { projections, seed }: EarlierProjections,
  problems: Problem[],
  locate?: Locate,
): Distribution | undefined {
  const given = options.raw('weight');
  if (typeof given !== 'object' || given === null || !('transposeOf' in given)) return undefined;
  const inner = readOptions(given, fieldPath(options.path, 'weight'), problems, locate);
  const sizeOf = (population: string): number => populations.find(({ name }) => name === population)?.size ?? 0;
  const [nPre, nPost] = [sizeOf(pre), sizeOf(post)];
  // neurons that stand beside others one to one, as error neurons do, may have their projections turned round
  const turned = projections.filter(
    (one) => sizeOf(one.pre) === nPost && sizeOf(one.post) === nPre && one.connectivity.kind === 'all-to-all',
  );
  const of = inner.string('transposeOf');
  const times = inner.number('times', { default: 1 });
  const signs = inner.boolean('signs', { default: false });
  inner.finish();
  const found = turned.find(({ name }) => name === of);
  if (found === undefined || connectivity.kind !== 'all-to-all') {
    const names = turned.map(({ name }) => name).join(', ') || 'there is none';
    inner.reject('transposeOf', {
      code: 'E-CHOICE',
      message: `is "${of}", but needs an all-to-all projection from "${post}" to "${pre}", or between others of their sizes, that comes before this one (${names})`,
      hint: 'both have to be all-to-all',
      got: of,
    });
    return { kind: 'constant', value: 0 };
  }
  const forward = drawValues(found.weight, nPre * nPost, seed, streamOf(`${of}/weight`), `the weight of ${of}`);
  const part = signs ? Math.sign : (weight: number): number => weight;
  const values = new Float64Array(nPre * nPost);
  for (let i = 0; i < nPre; i++) for (let j = 0; j < nPost; j++) values[i * nPost + j] = times * part(forward[j * nPre + i]);
  return { kind: 'values', values };
}

/** A constant, `{ uniform: [low, high] }`, `{ normal: { mean, sd, low?, high? } }`, or a list with a value per synapse. */
function readDistribution(
  options: OptionsReader,
  key: string,
  read: ReadValue,
  problems: Problem[],
  locate?: Locate,
  fallback?: Distribution,
): Distribution {
  const given = options.raw(key);
  const path = fieldPath(options.path, key);
  if (given === undefined) {
    if (fallback === undefined)
      options.reject(key, {
        code: 'E-MISSING',
        message: 'is missing; it needs a value, { uniform: [low, high] }, { normal: { mean, sd } } or a list',
      });
    return fallback ?? { kind: 'constant', value: 0 };
  }
  if (given instanceof Float64Array) {
    const bad = given.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) options.reject(key, { code: 'E-NOT-FINITE', message: `is ${given[bad]} for synapse ${bad}` });
    return { kind: 'values', values: given };
  }
  if (Array.isArray(given)) return { kind: 'values', values: Float64Array.from(given, (item) => read(item, path)) };
  if (typeof given !== 'object' || given === null) return { kind: 'constant', value: read(given, path) };
  const inner = readOptions(given, path, problems, locate);
  const distribution = ((): Distribution => {
    if (inner.raw('uniform') !== undefined) {
      const [low, high] = inner.list('uniform', (item, where) => read(item, where), { minLength: 2, maxLength: 2 });
      if (low > high)
        inner.reject('uniform', { code: 'E-RANGE', message: 'has its bounds the wrong way round', hint: 'the lower one comes first' });
      return { kind: 'uniform', low, high };
    }
    const normal = inner.object('normal');
    const value = (field: string, otherwise?: number, least?: number): number => {
      const at = normal.raw(field);
      if (at !== undefined) return read(at, fieldPath(normal.path, field), least);
      if (otherwise === undefined && inner.has('normal')) normal.reject(field, { code: 'E-MISSING', message: 'is missing' });
      return otherwise ?? 0;
    };
    const [mean, sd, low, high] = [value('mean'), value('sd', undefined, 0), value('low', -1e300), value('high', 1e300)];
    if (sd < 0) normal.reject('sd', { code: 'E-RANGE', message: 'is a standard deviation, and cannot be negative' });
    if (low > high) normal.reject('low', { code: 'E-RANGE', message: 'is above "high"' });
    normal.finish();
    return { kind: 'normal', mean, sd, low, high };
  })();
  inner.finish();
  return distribution;
}

/** Weights are in the unit of the membrane they act on: plain numbers, or voltages. */
function weightValue(given: unknown, path: string, problems: Problem[], locate?: Locate): number {
  if (typeof given === 'number' && Number.isFinite(given)) return given;
  const volts = parseQuantity(given, 'voltage', path);
  if (typeof volts === 'number') return volts;
  problems.push({ ...volts, where: { ...locate?.(path), path } });
  return 0;
}

function delayTicks(given: unknown, path: string, dt: number, least: number, problems: Problem[], locate?: Locate): number {
  const seconds = parseQuantity(given, 'time', path);
  if (typeof seconds !== 'number') {
    problems.push({ ...seconds, where: { ...locate?.(path), path } });
    return 1;
  }
  if (seconds < least * 0.999999) {
    problems.push({
      code: 'E-RANGE',
      message: least > 0 ? `is ${given}, but a delay lasts at least one tick (${dt * 1000} ms)` : `is ${given}, but cannot be negative`,
      hint: 'give a longer delay or a shorter dt',
      where: { ...locate?.(path), path },
    });
    return 1;
  }
  return seconds / dt;
}
