/** Reads a task of anomaly detection: values that predict, signed neurons that carry what they miss, and a class that is held out. */
import type { OptionsReader } from '../core/check-options.ts';
import type { AnomalyDetection, LearnStep } from './experiment.ts';
import type { Reading } from './read-phases.ts';
import { named, readNumbers, readStep, requireBias, requireSize, share } from './read-phases.ts';
import type { InnerFields, TaskSetting } from './task-fields.ts';
import { count, populationNamed, readPauses, requireRecorded } from './task-fields.ts';

export function readAnomalyDetection(options: OptionsReader, setting: TaskSetting, inside: InnerFields): AnomalyDetection {
  const { network } = setting;
  const populations = network?.populations ?? [];
  const input = named(options, 'input', populations, 'population');
  const source = populationNamed(setting, input)?.source;
  // spikes of a sample's own have no brightness that a prediction could be held against
  if (network !== undefined && source?.kind !== 'poisson') requireBias(options, 'input', setting, input);
  const neurons = populations.filter(({ source: spikes }) => spikes === undefined);
  const latent = named(options, 'latent', neurons, 'population of neurons');
  requireBias(options, 'latent', setting, latent);
  const error = named(options, 'error', neurons, 'population of neurons');
  requireSize(options, 'error', setting, error, populationNamed(setting, input)?.size);
  requireSigned(options, setting, error);
  requireRecorded(options, setting, 'error', error);
  const projections = network?.projections ?? [];
  const plastic = named(options, 'plastic', projections, 'projection');
  const found = projections.find(({ name }) => name === plastic);
  if (found !== undefined && (found.pre !== latent || found.post !== error)) {
    options.reject('plastic', {
      code: 'E-TASK',
      message: `is "${plastic}", which goes from "${found.pre}" to "${found.post}", but predictions go from "${latent}" to "${error}"`,
    });
  }
  const classes = options.number('classes', { integer: true, min: 2 });
  const ticks = options.number('ticks', count);
  const window = options.number('window', count);
  if (window > ticks)
    options.reject('window', { code: 'E-RANGE', message: `is ${window}, but must not be more than ticks, which is ${ticks}` });
  const reading: Reading = { ...inside, setting };
  const learn = options.list('learn', (step, at) => readStep(step, at, reading), { minLength: 1 });
  requireErrors(options, learn, error);
  const limits = readNumbers(options, 'limits', network?.projections);
  const after = readPauses(options);
  return {
    kind: 'anomaly-detection',
    input,
    white: options.number('white', { above: 0 }),
    latent,
    hold: options.number('hold', { above: 0 }),
    error,
    quantum: options.number('quantum', { above: 0 }),
    plastic,
    rates: readNumbers(options, 'rates', network?.projections) ?? {},
    ...(limits === undefined ? {} : { limits }),
    classes,
    heldOut: readHeldOut(options, classes),
    ticks,
    window,
    learn,
    epochs: options.number('epochs', count),
    rateDecay: options.number('rateDecay', share),
    trainImages: options.number('trainImages', count),
    testImages: options.number('testImages', count),
    ...(after === undefined ? {} : { after }),
  };
}

function readHeldOut(options: OptionsReader, classes: number): AnomalyDetection['heldOut'] {
  const given = options.raw('heldOut');
  if (given === undefined || given === 'by-seed' || !(classes >= 2)) return 'by-seed';
  if (Number.isInteger(given) && Number(given) >= 0 && Number(given) < classes) return Number(given);
  options.reject('heldOut', {
    code: 'E-RANGE',
    message: `is ${JSON.stringify(given)}, but needs a class from 0 to ${classes - 1}, or "by-seed"`,
    got: String(given),
    expected: `0 to ${classes - 1}, or "by-seed"`,
  });
  return 'by-seed';
}

/** The sum of what they sent is read beside the number of their spikes. */
function requireSigned(options: OptionsReader, setting: TaskSetting, error: string): void {
  const found = populationNamed(setting, error);
  if (found === undefined || 'sent' in found.model.state) return;
  options.reject('error', {
    code: 'E-TASK',
    message: `is "${error}", whose spikes have no sign, but errors are of both signs`,
    hint: 'give the population the model "rate-if" with "spikes": "signed"',
  });
}

/** Nothing else begins the window with an empty sum. */
function requireErrors(options: OptionsReader, learn: readonly LearnStep[], error: string): void {
  if (learn.some(({ factor }) => typeof factor === 'object' && factor.of === error && factor.what === 'sent')) return;
  options.reject('learn', {
    code: 'E-TASK',
    message: `has no step whose factor is what "${error}" has sent, so nothing is learned from errors`,
  });
}
