/** Reads a convolutional task: the sizes of the maps follow from the image, stage by stage, and every population has to be of the size that is left. */
import type { OptionsReader } from '../core/check-options.ts';
import { readOptions } from '../core/check-options.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { stageSize } from './convolution/features.ts';
import type { MapSize } from './convolution/spike-map.ts';
import { pooledSize } from './convolution/spike-map.ts';
import type { ConvolutionalReward, FeatureStage } from './experiment.ts';
import type { InnerFields, TaskSetting } from './task-fields.ts';
import { count, populationNamed, readModulator, readNames, readPauses, requirePools } from './task-fields.ts';

const index = { integer: true, min: 0 } as const;
/** More would not fit into the byte that holds the tick of a first spike. */
const MAX_BINS = 254;

export function readConvolutional(options: OptionsReader, setting: TaskSetting, inside: InnerFields): ConvolutionalReward {
  const names = readNames(options, setting, 'played');
  const image = { rows: options.number('rows', count), columns: options.number('columns', count) };
  const filters = options.list(
    'filters',
    (item, path) => {
      if (Number.isInteger(item) && Number(item) % 2 === 1 && Number(item) >= 3) return Number(item);
      options.reject('filters', { code: 'E-RANGE', message: `${path} is ${JSON.stringify(item)}, but widths are odd numbers from 3` });
      return 3;
    },
    { minLength: 1 },
  );
  const stages = options.list('stages', (item, path) => readStage(item, path, setting, inside), { minLength: 1 });
  const classes = options.number('classes', { integer: true, min: 2 });
  requirePools(options, setting, names.answer, 'classes', classes);
  requireSizes(options, { ...image, maps: 2 * filters.length }, stages, setting, names.input);
  const after = readPauses(options);
  return {
    kind: 'convolutional-reward',
    ...names,
    ...image,
    filters,
    contrast: options.number('contrast', { above: 0 }),
    neighbourhood: options.number('neighbourhood', index),
    bins: options.number('bins', { integer: true, min: 1, max: MAX_BINS }),
    stages,
    modulator: readModulator(options, setting),
    classes,
    silenced: options.number('silenced', { min: 0, below: 1 }),
    expectation: options.choice('expectation', ['confidence', 'recent'], { default: 'confidence' }),
    temperature: options.number('temperature', { above: 0 }),
    epochs: options.number('epochs', count),
    rateDecay: options.number('rateDecay', { above: 0, max: 1 }),
    trainImages: options.number('trainImages', count),
    testImages: options.number('testImages', count),
    ...(after === undefined ? {} : { after }),
  };
}

function readStage(item: unknown, path: string, setting: TaskSetting, { problems, locate }: InnerFields): FeatureStage {
  const options = readOptions(item, path, problems, locate);
  const projections = setting.network?.projections;
  const projection =
    projections === undefined
      ? options.string('projection')
      : options.choice(
          'projection',
          projections.filter(({ rule }) => rule !== undefined).map(({ name }) => name),
          { noun: 'projection with a rule of its own' },
        );
  const rule: PlasticityRule | undefined = projections?.find(({ name }) => name === projection)?.rule;
  const stage = {
    projection,
    modulator: readModulator(options, rule === undefined ? {} : { rule }),
    side: options.number('side', count),
    padding: options.number('padding', index),
    threshold: options.number('threshold', { above: 0 }),
    winners: options.number('winners', count),
    apart: options.number('apart', index),
    pool: options.number('pool', count),
    images: options.number('images', count),
    rate: options.number('rate', { above: 0 }),
    rateLimit: options.number('rateLimit', { above: 0 }),
    doubling: options.number('doubling', count),
  };
  options.finish();
  return stage;
}

/** Every stage has a patch of the maps below it as its input; what the last one hands on is the input of the neurons that answer. */
function requireSizes(options: OptionsReader, image: MapSize, stages: readonly FeatureStage[], setting: TaskSetting, input: string): void {
  const { network } = setting;
  if (network === undefined) return;
  let below = image;
  for (const [s, { projection, side, padding, pool }] of stages.entries()) {
    const found = network.projections.find(({ name }) => name === projection);
    const [pre, post] = [found?.pre ?? '', found?.post ?? ''].map((name) => populationNamed(setting, name));
    if (found === undefined || pre === undefined || post === undefined) return;
    const wanted = side * side * below.maps;
    if (pre.size !== wanted || pre.source?.kind !== 'played' || found.connectivity.kind !== 'all-to-all') {
      options.reject('stages', {
        code: 'E-TASK',
        message: `number ${s} needs a projection from a played source of ${side} x ${side} x ${below.maps} = ${wanted} neurons to all of its features, but "${projection}" starts from "${pre.name}" with ${pre.size}`,
      });
    }
    below = pooledSize(stageSize(below, { side, padding, features: post.size }), pool);
  }
  const left = below.rows * below.columns * below.maps;
  const size = populationNamed(setting, input)?.size;
  if (size === left) return;
  options.reject('input', {
    code: 'E-TASK',
    message: `is "${input}" with ${size} neurons, but the stages leave ${below.rows} x ${below.columns} x ${below.maps} = ${left} spikes`,
  });
}
