/** Reads how a layered rate network maps to a circuit: a chain of projections from all to all, from the input to the classes. */

import type { OptionsReader } from '../core/check-options.ts';
import { readOptions } from '../core/check-options.ts';
import type { Projection } from '../core/network/network.ts';
import type { Pretraining, TeacherLayer } from './experiment.ts';
import type { InnerFields, TaskSetting } from './task-fields.ts';
import { count, populationNamed } from './task-fields.ts';
import type { ActivationName } from './teacher/activations.ts';
import { ACTIVATIONS } from './teacher/activations.ts';

/** Sizes that the chain begins and ends with. */
interface Ends {
  readonly input: string;
  readonly classes: number;
}

export function readPretraining(outer: OptionsReader, setting: TaskSetting, inside: InnerFields, ends: Ends): Pretraining | undefined {
  const options = outer.object('pretrain', { optional: true });
  if (options === undefined) return undefined;
  // what nobody asks for need not fit a network that somebody has changed
  const against = options.has('epochs') ? setting : {};
  const layers = options.list('layers', (item, path) => readLayer(item, path, against, inside), { minLength: 1 });
  requireChain(options, layers, against, ends);
  const activation = options.choice('activation', Object.keys(ACTIVATIONS) as ActivationName[]);
  const white = options.number('white', { above: 0 });
  const target = options.number('target', { above: 0, max: 1 });
  const epochs = options.number('epochs', { ...count, optional: true });
  options.finish();
  return { layers, activation, white, target, ...(epochs === undefined ? {} : { epochs }) };
}

function readLayer(item: unknown, path: string, { network }: TaskSetting, { problems, locate }: InnerFields): TeacherLayer {
  const options = readOptions(item, path, problems, locate);
  const projection = options.string('projection');
  const full = network?.projections.filter(isFull).map(({ name }) => name);
  if (options.has('projection') && full?.includes(projection) === false) {
    const message = `is "${projection}", but needs a projection from all to all (${full.join(', ')})`;
    options.reject('projection', { code: 'E-TASK', message, got: projection });
  }
  const bias = options.number('bias', { default: 0 });
  options.finish();
  return { projection, bias };
}

/** A weight for every pair of neurons. */
const isFull = ({ connectivity, pre, post }: Projection): boolean => connectivity.kind === 'all-to-all' && pre !== post;

/** Each layer has the neurons that the next one begins with. */
function requireChain(options: OptionsReader, layers: readonly TeacherLayer[], setting: TaskSetting, { input, classes }: Ends): void {
  const sizeOf = (population: string): number | undefined => populationNamed(setting, population)?.size;
  let below = { name: `the input "${input}"`, size: sizeOf(input) };
  for (const [n, { projection: name }] of layers.entries()) {
    const projection = setting.network?.projections.find((one) => one.name === name && isFull(one));
    // what is not there has been said
    if (projection === undefined || below.size === undefined) return;
    const size = sizeOf(projection.pre);
    if (size !== below.size) {
      const message = `goes on with "${name}", which begins at ${size} neurons, but ${below.name} has ${below.size}`;
      options.reject('layers', { code: 'E-TASK', message });
    }
    if (layers.findIndex((one) => one.projection === name) < n) {
      options.reject('layers', { code: 'E-TWICE', message: `names "${name}" twice`, got: name });
    }
    below = { name: `"${name}"`, size: sizeOf(projection.post) };
  }
  if (layers.length === 0 || below.size === classes) return;
  options.reject('layers', {
    code: 'E-TASK',
    message: `ends with ${below.name} of ${below.size} neurons, but there are ${classes} classes`,
  });
}
