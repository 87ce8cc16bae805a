/**
 * NeuroSim's device table on our cells: its two-layer MNIST benchmark (`experiments/perceptron`), 25 epochs of 8000 images as in its own runs, and what
 * training costs. Its figures are those of its V3.0 code built and run on one thread with one seed (8000 training images an epoch, all 10000 test images;
 * ours are tested on those of the folder), and the accuracies that its manual prints for 125 epochs.
 *
 * Needs the four MNIST files in HILLOCK_MNIST or ../shared/data/mnist. `npm run bench -- device-table [--seed k]`.
 */
import { existsSync } from 'node:fs';
import { DEVICE_PRESETS } from '../chips/memristor-crossbar/device-presets.ts';
import { formatSi } from '../core/units.ts';
import { binaryImages } from '../experiments/perceptron/binary-images.ts';
import { runOnlinePerceptron } from '../experiments/perceptron/online-perceptron.ts';
import { readMnistFolder } from '../formats/mnist-folder.ts';
import { markdownTable } from './table.ts';

const EPOCHS = 25;

interface Reference {
  readonly device: string;
  /** Per cent after 25 epochs, and as published. */
  readonly accuracy: number;
  readonly published?: number;
  /** Joules and seconds of 25 epochs of writing; of EpiRAM half of those of 50. */
  readonly writeJoules: number;
  readonly readJoules: number;
  readonly writeSeconds: number;
}

const REFERENCES: readonly Reference[] = [
  { device: 'epiram', accuracy: 86.0, published: 92, writeJoules: 6.2999e-2 / 2, readJoules: 1.9505e-4 / 2, writeSeconds: 468 / 2 },
  { device: 'hzo-fefet', accuracy: 85.4, published: 88, writeJoules: 5.5632e-4, readJoules: 9.5017e-5, writeSeconds: 1.04 },
  {
    device: 'ag-a-si',
    accuracy: 67.4,
    published: 71.85,
    writeJoules: 5.0986e-2 / 5,
    readJoules: 4.1935e-4 / 5,
    writeSeconds: 1.2096e5 / 5,
  },
  { device: 'taox-hfox', accuracy: 67.2, published: 80, writeJoules: 3.3364e-3, readJoules: 9.699e-5, writeSeconds: 13.5 },
  { device: 'pcmo', accuracy: 34.6, published: 33, writeJoules: 8.7642e-4, readJoules: 8.388e-5, writeSeconds: 7026 },
  { device: 'alox-hfo2', accuracy: 15.0, published: 20, writeJoules: 3.7137e-2, readJoules: 1.3498e-4, writeSeconds: 1297 },
  { device: 'gst-pcm', accuracy: 9.7, writeJoules: 1.8744e-4, readJoules: 1.8476e-4, writeSeconds: 0.058 },
];

export function measureDeviceTable(seed: number, say: (line: string) => void): { readonly table: string } | { readonly missing: string } {
  const folder = [process.env.HILLOCK_MNIST, '../shared/data/mnist'].find((place) => place !== undefined && existsSync(place));
  if (folder === undefined) return { missing: 'the four MNIST files; HILLOCK_MNIST names their folder' };
  const { train, test } = readMnistFolder(folder);
  const images = { train: binaryImages(train), test: binaryImages(test) };
  const testAfter = [5, 10, 15, 20];
  const runs = REFERENCES.map((reference) => {
    const run = runOnlinePerceptron(images.train, images.test, {
      device: DEVICE_PRESETS[reference.device],
      epochs: EPOCHS,
      seed,
      testAfter,
    });
    const accuracies = [...run.accuracy.values()].map((value) => 100 * value);
    say(`${reference.device}: ${accuracies.map((value) => value.toFixed(1)).join(' ')} %`);
    return { reference, run, accuracies, mean: accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length };
  });
  const rows = runs.map(({ reference, run, accuracies, mean }) => {
    const write = run.write.cells + run.write.periphery;
    return [
      reference.device,
      `${mean.toFixed(1)} (${Math.min(...accuracies).toFixed(1)} … ${Math.max(...accuracies).toFixed(1)})`,
      reference.accuracy.toFixed(1),
      reference.published === undefined ? '–' : String(reference.published),
      `${formatSi(run.write.cells, 'J')} + ${formatSi(run.write.periphery, 'J')}`,
      (write / reference.writeJoules).toFixed(2),
      ((run.read.cells + run.read.periphery) / reference.readJoules).toFixed(2),
      (run.writeSeconds / reference.writeSeconds).toFixed(2),
      formatSi(run.write.cells / run.pulses, 'J'),
    ];
  });
  const header = [
    'device',
    'accuracy, % (5 to 25 epochs)',
    'NeuroSim, %',
    'published, %',
    'writing: cells + periphery',
    'write energy, times NeuroSim',
    'read energy',
    'write time',
    'a pulse in a cell',
  ];
  return { table: markdownTable(header, rows) };
}
