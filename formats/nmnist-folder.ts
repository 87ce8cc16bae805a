/**
 * A folder of event-camera recordings in the layout of N-MNIST (Orchard, Jayawant, Cohen & Thakor, Front. Neurosci. 9:437, 2015): `labels.csv` with the
 * columns file, split (train or test) and label, and a file of five-byte events for each: x, y, then 24 bits with the polarity above 23 bits of time in
 * microseconds. Four neighbours become one pixel (all 2,312 do not fit the inputs of a neuromorphic core), both polarities pixels of their own, side by
 * side; time is cut into ticks, and a pixel fires at most once per tick.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import { readCsvTable, wholeCell } from './csv-table.ts';
import { fileProblem } from './idx.ts';
import type { LabelledImages } from './labelled-images.ts';
import { emptySpikes } from './labelled-images.ts';
import type { SampleFolder } from './sample-folder.ts';

/** Pixels of the camera along one side, and ours, of two by two. */
const CAMERA = 34;
const SIDE = CAMERA / 2;
const BYTES_PER_EVENT = 5;
/** Microseconds of a tick, and ticks of a sample: three saccades of about 105 ms. */
const TICK = 5000;
const TICKS = 63;
/** Brightness that one event adds to its pixel. */
const PER_EVENT = 21;
const CLASSES = 10;

export const NMNIST_TABLE = 'labels.csv';

export function readNmnistFolder(dir: string): SampleFolder {
  const table = join(dir, NMNIST_TABLE);
  const rows = readCsvTable(dir, NMNIST_TABLE, ['file', 'split', 'label']);
  const problems: Problem[] = [];
  const digest = createHash('sha256');
  const samples = rows.map((row) => {
    const { split, file } = row.cells;
    if (split !== 'train' && split !== 'test') {
      problems.push({ code: 'E-CSV', message: `split is "${split}", but must be train or test`, where: { file: table, line: row.line } });
    }
    const label = wholeCell(row, 'label', CLASSES - 1, table, problems);
    return { split, label, keys: readEvents(join(dir, file), digest, problems) };
  });
  for (const split of ['train', 'test'])
    if (samples.every((sample) => sample.split !== split))
      problems.push({ code: 'E-CSV', message: `${table} names no file of split ${split}` });
  if (problems.length > 0) throw new UserError(problems);
  const part = (split: string): LabelledImages =>
    gather(
      samples.filter((sample) => sample.split === split),
      `N-MNIST ${split}`,
    );
  return { train: part('train'), test: part('test'), files: [{ path: dir, sha256: digest.digest('hex') }] };
}

/** Tick and pixel of each event in one number, tick·pixels + pixel, ascending and each once. */
function readEvents(path: string, digest: ReturnType<typeof createHash>, problems: Problem[]): Float64Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    problems.push(fileProblem(error, path));
    return new Float64Array(0);
  }
  digest.update(bytes);
  const count = bytes.length / BYTES_PER_EVENT;
  if (!Number.isInteger(count)) {
    problems.push({ code: 'E-EVENTS', message: `${path} has ${bytes.length} bytes, which are no whole events of ${BYTES_PER_EVENT}` });
    return new Float64Array(0);
  }
  const keys = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const [x, y, high, middle, low] = bytes.subarray(n * BYTES_PER_EVENT, (n + 1) * BYTES_PER_EVENT);
    if (x >= CAMERA || y >= CAMERA) {
      problems.push({
        code: 'E-EVENTS',
        message: `${path}: event ${n} is at pixel (${x}, ${y}), but the camera has ${CAMERA} x ${CAMERA}`,
      });
      return new Float64Array(0);
    }
    const microseconds = ((high & 0x7f) << 16) | (middle << 8) | low;
    const tick = Math.min(TICKS, Math.floor(microseconds / TICK) + 1);
    keys[n] = tick * 2 * SIDE * SIDE + (y >> 1) * 2 * SIDE + (high >> 7) * SIDE + (x >> 1);
  }
  return keys.sort().filter((key, n, all) => n === 0 || key !== all[n - 1]);
}

function gather(samples: readonly { readonly label: number; readonly keys: Float64Array }[], name: string): LabelledImages {
  const size = 2 * SIDE * SIDE;
  const pixels = new Uint8Array(new SharedArrayBuffer(samples.length * size));
  const spikes = emptySpikes(
    TICKS,
    samples.length,
    samples.reduce((sum, { keys }) => sum + keys.length, 0),
  );
  for (const [n, { keys }] of samples.entries()) {
    const from = spikes.start[n];
    for (const [k, key] of keys.entries()) {
      const pixel = key % size;
      spikes.tick[from + k] = Math.floor(key / size);
      spikes.pixel[from + k] = pixel;
      pixels[n * size + pixel] = Math.min(255, pixels[n * size + pixel] + PER_EVENT);
    }
    spikes.start[n + 1] = from + keys.length;
  }
  const labels = Uint8Array.from(samples, ({ label }) => label);
  return { name, count: samples.length, rows: SIDE, columns: 2 * SIDE, classes: CLASSES, pixels, labels, spikes };
}
