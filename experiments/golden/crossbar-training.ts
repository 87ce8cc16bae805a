/** Recordings of whole trainings on arrays. They carry no kind; their name says it. */
import type { Device } from '../../chips/memristor-crossbar/device-figures.ts';
import { DEVICE_PRESETS } from '../../chips/memristor-crossbar/device-presets.ts';
import { parseQuantity } from '../../core/units.ts';
import { readMnistFolder } from '../../formats/mnist-folder.ts';
import { benchmarkImages } from '../perceptron/binary-images.ts';
import type { StartMapping } from '../perceptron/cell-array.ts';
import { runOnlinePerceptron } from '../perceptron/online-perceptron.ts';
import { Difference } from './compare.ts';
import { mnistFolder } from './crossbar-perceptron.ts';
import { expectKnown, needed } from './near.ts';
import type { Family, Fields, Recording, RecordingFile } from './recording.ts';

/** Epochs that show the direction; a recording's own number takes minutes and changes the order of none. */
const EPOCHS = 2;

const MAPPINGS: Readonly<Record<string, StartMapping>> = {
  'as shipped': 'as shipped',
  'add gMin to the start mapping': 'by conductance',
  'read current linear in weight': 'by read current',
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

/** Rows whose recorded accuracies differ by more than the tolerance have to come out in the same order. */
function checkStartMapping({ inputs, expected, tolerance }: Recording, { path }: RecordingFile): void {
  expectKnown(expected, ['accuracyPercent']);
  const { train, test } = benchmarkImages(readMnistFolder(mnistFolder(path)));
  const rows: Fields[] = inputs.rows;
  const points = needed<number>(tolerance?.accuracyPoints, 'tolerance.accuracyPoints');
  const reached = rows.map(({ device, access, startMapping, epochs }) => {
    const mapping = MAPPINGS[startMapping];
    if (mapping === undefined) throw new Difference(`no start mapping "${startMapping}" (${Object.keys(MAPPINGS).join(', ')})`);
    const most = Math.min(epochs, EPOCHS);
    const run = { device: deviceNamed(device), accessOhm: ohmsOf(access), start: mapping, epochs: most };
    return 100 * (runOnlinePerceptron(train, test, run).accuracy.get(most) ?? 0);
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
