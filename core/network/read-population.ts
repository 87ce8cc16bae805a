/** Reads a population as a person writes it: a neuron model by name with its parameters, or a source of spikes. */
import type { Locate, OptionsReader } from '../check-options.ts';
import { readOptions } from '../check-options.ts';
import type { Problem } from '../errors.ts';
import { fieldPath } from '../json-places.ts';
import { neuronFamilies } from '../neurons/families.ts';
import type { NeuronModel, NeuronModelFamily, ParameterDimension, ParameterSpec } from '../neurons/model.ts';
import type { Dimension } from '../units.ts';
import { parseQuantity } from '../units.ts';
import type { Competition, Population, SpikeSource } from './network.ts';

/** Most spikes that may wait in a played source. */
const MAX_ROOM = 100_000_000;

/** A source has no dynamics of its own. */
export const sourceModel: NeuronModel = {
  name: 'source',
  citation: '',
  choices: {},
  parameters: {},
  derived: {},
  state: {},
  inputs: [],
  advance: '',
  reset: '',
};

/** Whether a membrane value was given as a voltage or as a plain number: one population keeps to one of them. */
type MembraneUnit = 'voltage' | 'number';

export function readPopulation(value: unknown, path: string, dt: number, problems: Problem[], locate?: Locate): Population {
  const options = readOptions(value, path, problems, locate);
  const name = options.string('name');
  const size = options.number('size', { integer: true, min: 1 });
  if (options.has('source')) {
    const source = readSource(options, size, dt);
    options.finish();
    return { name, size, model: sourceModel, parameters: {}, tunable: [], source };
  }
  const family: NeuronModelFamily =
    neuronFamilies[options.choice('model', Object.keys(neuronFamilies) as (keyof typeof neuronFamilies)[], { noun: 'neuron model' })];
  const choices: Record<string, string> = {};
  for (const [choice, allowed] of Object.entries(family.choices))
    choices[choice] = options.choice(choice, allowed, { default: allowed[0] });
  const model = family.build(choices, new Set(options.keys));
  const units = new Map<string, MembraneUnit>();
  const parameters: Record<string, number | Float64Array> = {};
  for (const [parameter, spec] of Object.entries(model.parameters)) {
    const rest = restOf(parameter, parameters);
    const read = readParameter(options, parameter, typeof rest === 'number' ? { ...spec, default: rest } : spec, size, units);
    if (read !== undefined) parameters[parameter] = typeof rest === 'object' && !options.has(parameter) ? rest : read;
  }
  const competition = readCompetition(options, units);
  const tunable = options.list('tunable', (item) => String(item), { optional: true }) ?? [];
  for (const parameter of tunable) {
    if (!(parameter in model.parameters)) {
      options.reject('tunable', {
        code: 'E-CHOICE',
        message: `names "${parameter}", which is no parameter of ${model.name} (${Object.keys(model.parameters).join(', ')})`,
      });
    } else if (Object.values(model.derived).some((text) => new RegExp(`\\b${parameter}\\b`).test(text))) {
      options.reject('tunable', {
        code: 'E-CHOICE',
        message: `"${parameter}" cannot change during a run: other values are computed from it when the plan is built`,
      });
    }
  }
  options.finish();
  if (new Set(units.values()).size > 1) {
    const list = [...units].map(([parameter, unit]) => `${parameter} is a ${unit}`).join(', ');
    problems.push({
      code: 'E-UNIT',
      message: `mixes voltages and plain numbers for the membrane: ${list}`,
      hint: 'give all membrane values as voltages, or all as numbers normalised to the threshold',
      where: { ...locate?.(path), path },
    });
  }
  return { name, size, model, parameters, tunable, ...(competition === undefined ? {} : { competition }) };
}

/** Membranes start, and are reset to, their resting value unless told otherwise. */
function restOf(parameter: string, known: Readonly<Record<string, number | Float64Array>>): number | Float64Array | undefined {
  return parameter === 'vReset' || parameter === 'vInitial' ? known.vRest : undefined;
}

/** One value, or a list with one value per neuron. */
function readParameter(
  options: OptionsReader,
  parameter: string,
  spec: ParameterSpec,
  size: number,
  units: Map<string, MembraneUnit>,
): number | Float64Array | undefined {
  const given = options.raw(parameter);
  if (given === undefined) {
    if (spec.default === undefined) {
      options.reject(parameter, {
        code: 'E-MISSING',
        message: `is missing; it needs ${describeDimension(spec.dimension)} (${spec.meaning})`,
      });
    }
    return spec.default;
  }
  const one = (value: unknown): number => readValue(options, parameter, value, spec, units);
  if (!Array.isArray(given)) return one(given);
  if (given.length !== size) {
    options.reject(parameter, { code: 'E-RANGE', message: `has ${given.length} values for ${size} neurons` });
  }
  return Float64Array.from(given, one);
}

function readValue(
  options: OptionsReader,
  parameter: string,
  value: unknown,
  spec: ParameterSpec,
  units: Map<string, MembraneUnit>,
): number {
  const { dimension } = spec;
  const reject = (code: string, message: string): number => {
    options.reject(parameter, { code, message, got: String(value) });
    return Number.NaN;
  };
  let si: number;
  if (dimension === 'number' || (dimension === 'membrane' && typeof value === 'number')) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return reject('E-TYPE', `needs a number, not ${JSON.stringify(value)}`);
    si = value;
  } else {
    const unit: Dimension = dimension === 'membrane' ? 'voltage' : dimension;
    const parsed = parseQuantity(value, unit, fieldPath(options.path, parameter));
    if (typeof parsed !== 'number') return reject(parsed.code, parsed.message);
    si = parsed;
  }
  if (dimension === 'membrane') units.set(parameter, typeof value === 'number' ? 'number' : 'voltage');
  if (spec.min !== undefined && (si < spec.min || (spec.exclusiveMin === true && si === spec.min))) {
    return reject('E-RANGE', `is ${value}, but must be ${spec.exclusiveMin ? 'more than' : 'at least'} ${spec.min}`);
  }
  if (spec.max !== undefined && si > spec.max) return reject('E-RANGE', `is ${value}, but must be at most ${spec.max}`);
  return si;
}

const describeDimension = (dimension: ParameterDimension): string =>
  dimension === 'number'
    ? 'a number'
    : dimension === 'membrane'
      ? 'a voltage such as "-50 mV", or a plain number'
      : `a ${dimension} with its unit`;

function readCompetition(options: OptionsReader, units: Map<string, MembraneUnit>): Competition | undefined {
  const competition = options.object('competition', { optional: true });
  if (competition === undefined) return undefined;
  const kind = competition.choice('kind', ['winner-take-all'], { default: 'winner-take-all' });
  const spec: ParameterSpec = { dimension: 'membrane', min: 0, meaning: 'what the neurons that lost go down by' };
  const inhibition = readParameter(competition, 'inhibition', spec, 1, units);
  competition.finish();
  return { kind, inhibition: typeof inhibition === 'number' ? inhibition : 0 };
}

function readSource(options: OptionsReader, size: number, dt: number): SpikeSource {
  const kind = options.choice('source', ['poisson', 'replay', 'played'], { noun: 'spike source' });
  if (kind === 'played') return { kind, room: options.number('room', { integer: true, min: 1, max: MAX_ROOM }) };
  if (kind === 'replay') return readReplay(options, size, dt);
  const spec: ParameterSpec = { dimension: 'frequency', default: 0, min: 0, meaning: 'rate of each neuron' };
  const rates = readParameter(options, 'rates', spec, size, new Map()) ?? 0;
  return { kind, rates: typeof rates === 'number' ? new Float64Array(size).fill(rates) : rates };
}

/** Spikes as `{ times: ['5 ms', …], neurons: [0, …] }`, in any order; `payloads` makes them graded. */
function readReplay(options: OptionsReader, size: number, dt: number): SpikeSource {
  const times = options.list('times', (item, path) => {
    const seconds = parseQuantity(item, 'time', path);
    if (typeof seconds === 'number') return seconds;
    options.reject('times', { code: seconds.code, message: seconds.message });
    return 0;
  });
  const neurons = options.list('neurons', (item) => Number(item));
  if (times.length !== neurons.length) {
    options.reject('neurons', { code: 'E-RANGE', message: `has ${neurons.length} neurons for ${times.length} spike times` });
  }
  const bad = neurons.find((neuron) => !Number.isInteger(neuron) || neuron < 0 || neuron >= size);
  if (bad !== undefined) options.reject('neurons', { code: 'E-RANGE', message: `names neuron ${bad}; the source has 0 … ${size - 1}` });
  const payloads = options.list('payloads', (item) => Number(item), { optional: true });
  if (payloads !== undefined && payloads.length !== times.length) {
    options.reject('payloads', { code: 'E-RANGE', message: `has ${payloads.length} payloads for ${times.length} spikes` });
  }
  if (payloads?.some((payload) => !Number.isFinite(payload))) {
    options.reject('payloads', { code: 'E-TYPE', message: 'holds something that is not a number' });
  }
  const ticks = times.map((seconds) => Math.round(seconds / dt));
  const early = ticks.findIndex((tick) => tick < 1);
  if (early >= 0) {
    options.reject('times', {
      code: 'E-RANGE',
      message: `has a spike at ${times[early] * 1000} ms, before the first tick, which ends at ${dt * 1000} ms`,
      hint: 'ticks are numbered from 1: move all spikes by one tick',
    });
  }
  return replay(ticks, neurons, payloads);
}

/** A replayed source from ticks (from 1) and neurons in any order; a neuron fires at most once per tick. */
export function replay(ticks: ArrayLike<number>, neurons: ArrayLike<number>, payloads?: ArrayLike<number>): SpikeSource {
  const order = Array.from(ticks, (_, k) => k).sort((a, b) => ticks[a] - ticks[b] || neurons[a] - neurons[b]);
  const once = order.filter((k, at) => at === 0 || ticks[order[at - 1]] !== ticks[k] || neurons[order[at - 1]] !== neurons[k]);
  return {
    kind: 'replay',
    ticks: Int32Array.from(once, (k) => ticks[k]),
    neurons: Int32Array.from(once, (k) => neurons[k]),
    ...(payloads === undefined ? {} : { payloads: Float64Array.from(once, (k) => payloads[k]) }),
  };
}
