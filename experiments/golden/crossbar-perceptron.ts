/**
 * Recordings of whole training runs of NeuroSim's two-layer benchmark. They need MNIST, which is not among the recordings: the folder HILLOCK_MNIST
 * names, else `data/mnist` two folders above the recording or in `../shared`.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DEVICE_PRESETS } from '../../chips/memristor-crossbar/device-presets.ts';
import { readMnistFolder } from '../../formats/mnist-folder.ts';
import { benchmarkImages } from '../perceptron/binary-images.ts';
import { epochsTogether, meanAccuracy, runOnlinePerceptron } from '../perceptron/online-perceptron.ts';
import { Difference } from './compare.ts';
import { numberIn, onlyFields, within } from './crossbar-fields.ts';
import type { Family, Fields, Recording, RecordingFile } from './recording.ts';

/** Beginnings of the recorded names. */
const PRESETS: readonly (readonly [RegExp, string])[] = [
  [/^ag:? ?a-?si/i, 'ag-a-si'],
  [/^taox\/tio2/i, 'taox-tio2'],
  [/^taox\/hfox/i, 'taox-hfox'],
  [/^pcmo/i, 'pcmo'],
  [/^alox\/hfo2/i, 'alox-hfo2'],
  [/^gst/i, 'gst-pcm'],
  [/^epiram/i, 'epiram'],
  [/^(hzo )?fefet|^hzo/i, 'hzo-fefet'],
];

const NETWORK = '400-100-10 sigmoid MLP, batch 1 SGD, learning rates 0.4 and 0.2, weights in [-1,1] started at random multiples of 1/3';

export function mnistFolder(path: string): string {
  const places = [
    process.env.HILLOCK_MNIST,
    resolve(dirname(path), '../../data/mnist'),
    join(process.env.HILLOCK_SHARED ?? resolve('../shared'), 'data/mnist'),
  ];
  const found = places.find((place) => place !== undefined && place !== '' && existsSync(place));
  if (found === undefined) throw new Difference('needs the four MNIST files: HILLOCK_MNIST=<folder>');
  return found;
}

function checkRun(recording: Recording, { path }: RecordingFile): void {
  onlyFields('parameters', recording, ['device', 'network', 'data', 'hardware']);
  onlyFields('inputs', recording, ['epochs']);
  onlyFields('expected', recording, ['accuracyPercentByEpoch', 'totals']);
  const { device: recorded, network, hardware } = recording.parameters as Fields;
  const preset = PRESETS.find(([pattern]) => pattern.test(String(recorded)))?.[1];
  if (preset === undefined)
    throw new Difference(`parameters.device is "${recorded}"; there are ${PRESETS.map(([, name]) => name).join(', ')}`);
  if (network !== undefined && network !== NETWORK)
    throw new Difference('parameters.network is another one than 400-100-10 with learning rates 0.4 and 0.2');
  const access = /([\d.]+) ?(k?)ohm access/i.exec(String(recorded)) ?? /([\d.]+) (k?)ohm access/i.exec(String(hardware));
  const accessOhm = access === null ? 15e3 : Number(access[1]) * (access[2] === '' ? 1 : 1000);
  const epochs = numberIn('inputs', recording, 'epochs');
  const { train, test } = benchmarkImages(readMnistFolder(mnistFolder(path)));
  const expected = recording.expected as { accuracyPercentByEpoch: Record<string, number>; totals: Record<string, number> };
  const run = runOnlinePerceptron(train, test, {
    device: DEVICE_PRESETS[preset],
    accessOhm,
    epochs,
    testAfter: Object.keys(expected.accuracyPercentByEpoch).flatMap((epoch) => epochsTogether(Number(epoch))),
  });
  const { accuracyPoints, energyRelative, latencyRelative } = recording.tolerance as Fields;
  for (const [epoch, percent] of Object.entries(expected.accuracyPercentByEpoch)) {
    within(100 * meanAccuracy(run, Number(epoch)), percent, accuracyPoints, `accuracy after ${epoch} epochs, %`);
  }
  const totals: Record<string, readonly [value: number, tolerance: number]> = {
    readLatencySeconds: [run.readSeconds, latencyRelative],
    writeLatencySeconds: [run.writeSeconds, latencyRelative],
    readEnergyJoules: [run.read.cells + run.read.periphery, energyRelative],
    writeEnergyJoules: [run.write.cells + run.write.periphery, energyRelative],
  };
  for (const [name, value] of Object.entries(expected.totals)) {
    // no tolerance is stated for the area, and nothing here models one
    if (name === 'totalAreaSquareMetres') continue;
    if (!Object.hasOwn(totals, name)) throw new Difference(`expected.totals: no check for "${name}"`);
    within(totals[name][0], value, totals[name][1] * value, name);
  }
}

export const perceptronRecordings: Family = { neurosim_mlp_run: checkRun };
