/**
 * NeuroSim's device table on our cells: its two-layer MNIST benchmark (`experiments/perceptron`), ten epochs of 8000 images, and what training costs. Its
 * figures are of 25 epochs, energies and times in proportion; they come from its V3.0 code built and run on one thread with one seed (8000 training images an epoch, all 10000 test images;
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

const EPOCHS = 10;
/** Epochs of the reference figures. */
const REFERENCE_EPOCHS = 25;

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

/** What the figures of seed 1 show, and why they differ from NeuroSim's. */
const NOTE = `The order of the devices is NeuroSim's. Where figures differ:

- The heat of a pulse is V²·G·t·n in both, equal to 1e-6 for the same pulses; totals differ by how many pulses training sends. Where the network learns
  (EpiRAM, FeFET, Ag:a-Si, TaOx/HfOx) they are within 30 %. AlOx/HfO2 and GST hardly learn, and what is written then hangs on chance: 0.24 and 0.02 of it.
- Periphery is calibrated, not modelled: read energy and the farads of a write step on its totals for Ag:a-Si, the ten columns of a write operation on
  its write times. It takes no credit for agreement on those; the other devices are predictions.
- PCMO stays 19 points lower, for reasons we have not found. Its start weights, placed without gMin as the tool ships, drive the hidden units into
  saturation; with gMin added the same run reached 31 to 50 %.
- Test images are the first 5,000, not all 10,000; random numbers and one-seed runs are others. Accuracy moves by several points from epoch to epoch.`;

export function measureDeviceTable(seed: number, say: (line: string) => void): { readonly table: string } | { readonly missing: string } {
  const folder = [process.env.HILLOCK_MNIST, '../shared/data/mnist'].find((place) => place !== undefined && existsSync(place));
  if (folder === undefined) return { missing: 'the four MNIST files; HILLOCK_MNIST names their folder' };
  const { train, test } = readMnistFolder(folder);
  const images = { train: binaryImages(train), test: binaryImages(test) };
  const testAfter = [2, 4, 6, 8];
  const part = EPOCHS / REFERENCE_EPOCHS;
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
      (write / (part * reference.writeJoules)).toFixed(2),
      ((run.read.cells + run.read.periphery) / (part * reference.readJoules)).toFixed(2),
      (run.writeSeconds / (part * reference.writeSeconds)).toFixed(2),
      formatSi(run.write.cells / run.pulses, 'J'),
    ];
  });
  const header = [
    'device',
    'accuracy, % (after 2, 4 … 10 epochs)',
    'NeuroSim, 25 epochs, %',
    'published, %',
    'writing: cells + periphery',
    'write energy, times NeuroSim',
    'read energy',
    'write time',
    'a pulse in a cell',
  ];
  return { table: `${markdownTable(header, rows)}\n\n${NOTE}` };
}
