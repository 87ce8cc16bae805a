/** Recordings of whole trainings on arrays. They carry no kind; their name says it. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Device } from '../../chips/memristor-crossbar/device-figures.ts';
import { DEVICE_PRESETS } from '../../chips/memristor-crossbar/device-presets.ts';
import { parseQuantity } from '../../core/units.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import type { BinaryImages, StartMapping } from '../analog-mlp.ts';
import { trainAnalogMlp } from '../analog-mlp.ts';
import { loadData } from '../data/load-data.ts';
import { Difference } from './compare.ts';
import { expectKnown, needed } from './near.ts';
import type { Family, Fields, Recording, RecordingFile } from './recording.ts';

/** Epochs that show the direction; a recording's own number takes minutes and changes the order of none. */
const EPOCHS = 2;
const IMAGES_PER_EPOCH = 8000;
const TEST_IMAGES = 2000;

const MAPPINGS: Readonly<Record<string, StartMapping>> = {
  'as shipped': 'conductance-without-gmin',
  'add gMin to the start mapping': 'conductance',
  'read current linear in weight': 'read-current',
};

function deviceNamed(text: string): Device {
  const plain = (name: string): string =>
    name
      .toLowerCase()
      .replace(/phase change/, 'pcm')
      .replace(/[^a-z0-9]/g, '');
  const found = Object.values(DEVICE_PRESETS).find(({ name, title }) => [name, title].some((one) => plain(one) === plain(text)));
  if (found === undefined) throw new Difference(`there is no device "${text}"`);
  return found;
}

function ohmsOf(text: string): number {
  const ohms = parseQuantity(text, 'resistance', 'access');
  if (typeof ohms !== 'number') throw new Difference(ohms.message);
  return ohms;
}

/** MNIST beside the recordings or beside the checkout, or named by HILLOCK_MNIST; else generated digits, which show the same direction. */
function digitsFor(path: string): { train: BinaryImages; test: BinaryImages } {
  const places = [process.env.HILLOCK_MNIST ?? '', join(dirname(path), '../../data/mnist'), resolve('../shared/data/mnist')];
  const folder = places.find((place) => place !== '' && existsSync(place));
  const { train, test } = loadData({ seed: 1, test: TEST_IMAGES, ...(folder === undefined ? {} : { data: folder }) });
  return { train: binary(train), test: binary(test) };
}

/** The middle 20 x 20 pixels of larger images, ink above one half. */
function binary({ rows, columns, count, pixels, labels }: LabelledImages): BinaryImages {
  const [height, width] = [Math.min(rows, 20), Math.min(columns, 20)];
  const [top, left] = [Math.floor((rows - height) / 2), Math.floor((columns - width) / 2)];
  const inputs = height * width;
  const ink = new Uint8Array(count * inputs);
  for (let n = 0; n < count; n++) {
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++)
        ink[n * inputs + r * width + c] = pixels[n * rows * columns + (top + r) * columns + left + c] > 127 ? 1 : 0;
    }
  }
  return { inputs, count, pixels: ink, labels };
}

/** Rows whose recorded accuracies differ by more than the tolerance have to come out in the same order. */
function checkStartMapping({ inputs, expected, tolerance }: Recording, { path }: RecordingFile): void {
  expectKnown(expected, ['accuracyPercent']);
  const { train, test } = digitsFor(path);
  const rows: Fields[] = inputs.rows;
  const points = needed<number>(tolerance?.accuracyPoints, 'tolerance.accuracyPoints');
  const reached = rows.map(({ device, access, startMapping, epochs }) => {
    const mapping = MAPPINGS[startMapping];
    if (mapping === undefined) throw new Difference(`no start mapping "${startMapping}" (${Object.keys(MAPPINGS).join(', ')})`);
    const run = { hidden: 100, rates: [0.4, 0.2], imagesPerEpoch: IMAGES_PER_EPOCH, seed: 1, epochs: Math.min(epochs, EPOCHS) } as const;
    return (
      100 *
      (trainAnalogMlp({ ...run, device: deviceNamed(device), accessOhm: ohmsOf(access), startMapping: mapping }, train, test).at(-1) ?? 0)
    );
  });
  const recorded: number[] = expected.accuracyPercent;
  for (const [a, lower] of recorded.entries()) {
    for (const [b, higher] of recorded.entries()) {
      if (higher - lower <= points || reached[b] > reached[a]) continue;
      throw new Difference(
        `rows ${a} and ${b}: ${reached[a].toFixed(1)} % and ${reached[b].toFixed(1)} %, recorded ${lower} % and ${higher} %`,
      );
    }
  }
}

export const crossbarTrainingRecordings: Family = { access_resistance_start_mapping: checkStartMapping };
