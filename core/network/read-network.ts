/** Reads a whole network from JSON or code, collecting every problem, and freezes it. */
import type { Locate, OptionsReader } from '../check-options.ts';
import { readOptions } from '../check-options.ts';
import type { Problem } from '../errors.ts';
import { fieldPath, itemPath } from '../json-places.ts';
import { parseQuantity } from '../units.ts';
import type { Network, Population, Probe, Projection } from './network.ts';
import { readPopulation } from './read-population.ts';
import { readProjection } from './read-projection.ts';

/** Reads `{ dt, seed, precision?, populations: [...], projections: [...], probes?: [...] }`. */
export function readNetwork(value: unknown, path: string, problems: Problem[], locate?: Locate): Network {
  const options = readOptions(value, path, problems, locate);
  const { dt, seed, precision } = readSettings(options);
  const populations = options.list('populations', (item, where) => readPopulation(item, where, dt, problems, locate), { minLength: 1 });
  const projections: Projection[] = [];
  options.list('projections', (item, where) => {
    const projection = readProjection(item, where, populations, dt, problems, locate, { projections, seed });
    if (projection !== undefined) projections.push(projection);
  });
  const probes =
    options.list('probes', (item, where) => readProbe(item, where, populations, projections, dt, problems, locate), { optional: true }) ??
    [];
  options.finish();
  checkUnique(fieldPath(path, 'populations'), populations, problems, locate);
  checkUnique(fieldPath(path, 'projections'), projections, problems, locate);
  return freeze({ dt, seed, precision, populations, projections, probes });
}

/** The settings of the network as a whole. */
export function readSettings(options: OptionsReader): Pick<Network, 'dt' | 'seed' | 'precision'> {
  return {
    dt: options.quantity('dt', 'time', { default: '1 ms', above: '0 ms' }),
    seed: options.number('seed', { default: 1, integer: true, min: 0 }),
    precision: options.choice('precision', ['f64', 'f32'], { default: 'f64' }),
  };
}

/** Freezes the description to its leaves; only the numbers in its typed arrays cannot be frozen, and are the caller's to leave alone. */
export function freeze<T extends object>(value: T): T {
  if (ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freeze(part);
  return Object.freeze(value);
}

/** `{ spikes: 'out' }`, `{ state: 'out', variable: 'v', every: '1 ms' }` or `{ weights: 'in-out', every: '100 ms' }`. */
export function readProbe(
  value: unknown,
  path: string,
  populations: readonly Population[],
  projections: readonly Projection[],
  dt: number,
  problems: Problem[],
  locate?: Locate,
): Probe {
  const options = readOptions(value, path, problems, locate);
  const populationNames = populations.map((population) => population.name);
  const everyTicks = (): number => {
    const given = options.raw('every');
    if (given === undefined) return 1;
    const seconds = parseQuantity(given, 'time', fieldPath(path, 'every'));
    if (typeof seconds === 'number') return Math.max(1, Math.round(seconds / dt));
    options.reject('every', { code: seconds.code, message: seconds.message });
    return 1;
  };
  const probe = ((): Probe => {
    if (options.has('state')) {
      const of = options.choice('state', populationNames, { noun: 'population' });
      const model = populations.find((population) => population.name === of)?.model;
      return {
        kind: 'state',
        of,
        variable: options.choice('variable', Object.keys(model?.state ?? {}), { noun: 'state variable' }),
        everyTicks: everyTicks(),
      };
    }
    if (options.has('weights')) {
      const names = projections.map((projection) => projection.name);
      return { kind: 'weights', of: options.choice('weights', names, { noun: 'projection' }), everyTicks: everyTicks() };
    }
    return { kind: 'spikes', of: options.choice('spikes', populationNames, { noun: 'population' }) };
  })();
  options.finish();
  return probe;
}

/** Names of populations, and of projections, are the keys of layouts, random streams and reports: each is used once. */
export function checkUnique(path: string, items: readonly { readonly name: string }[], problems: Problem[], locate?: Locate): void {
  const seen = new Set<string>();
  items.forEach(({ name }, index) => {
    if (seen.has(name)) {
      const place = itemPath(path, index);
      problems.push({
        code: 'E-NAME',
        message: `uses the name "${name}" a second time`,
        hint: 'give each its own name',
        where: { ...locate?.(place), path: place },
      });
    }
    seen.add(name);
  });
}
